import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { House } from '../../parts.ts';

/** ms until a client must have come, and without a byte. */
const patience = 10_000;

/** A port that is open for one data connection (RFC 959 §3.2) from the client's own address. */
export interface DataPort {
  readonly port: number;
  /** The connection; undefined when nobody came in time. */
  arrival(): Promise<Socket | undefined>;
  close(): void;
}

/** Opens a port on `address`, where the control connection is, too; tunnels of the lab may lead there. */
export async function openDataPort(
  address: string, peer: string | undefined, admit: House['admit'],
): Promise<DataPort> {
  let arrive: (socket: Socket | undefined) => void = () => {};
  const arrived = new Promise<Socket | undefined>((resolve) => { arrive = resolve; });
  let came: Socket | undefined;
  let dismiss = (): void => {};
  const shut = (): void => {
    dismiss();
    server.close();
  };
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (came || socket.remoteAddress !== peer) return void socket.resetAndDestroy();
    came = socket;
    socket.setTimeout(patience, () => socket.destroy());
    socket.pause();
    shut();
    arrive(socket);
  });
  const tooLate = setTimeout(shut, patience).unref();
  server.on('close', () => {
    clearTimeout(tooLate);
    arrive(undefined);
  });
  server.listen({ host: address, port: 0, exclusive: true });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // A tunnel goes to 127.0.0.1, where the same port may be somebody else's.
  if (address === '127.0.0.1') dismiss = admit(port);
  return {
    port,
    arrival: () => arrived,
    close() {
      shut();
      came?.destroy();
    },
  };
}
