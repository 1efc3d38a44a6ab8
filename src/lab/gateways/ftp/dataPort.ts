import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** ms until a client must have come, and without a byte. */
const patience = 10_000;

/** A port that is open for one data connection (RFC 959 §3.2) from the client's own address. */
export interface DataPort {
  readonly port: number;
  /** The connection; undefined when nobody came in time. */
  arrival(): Promise<Socket | undefined>;
  close(): void;
}

/** Opens a port on `address`, where the control connection is, too. */
export async function openDataPort(address: string, peer: string | undefined): Promise<DataPort> {
  let arrive: (socket: Socket | undefined) => void = () => {};
  const arrived = new Promise<Socket | undefined>((resolve) => { arrive = resolve; });
  let came: Socket | undefined;
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (came || socket.remoteAddress !== peer) return void socket.resetAndDestroy();
    came = socket;
    socket.setTimeout(patience, () => socket.destroy());
    socket.pause();
    server.close();
    arrive(socket);
  });
  const tooLate = setTimeout(() => server.close(), patience).unref();
  server.on('close', () => {
    clearTimeout(tooLate);
    arrive(undefined);
  });
  server.listen({ host: address, port: 0, exclusive: true });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arrival: () => arrived,
    close() {
      server.close();
      came?.destroy();
    },
  };
}
