import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** One port, on `127.0.0.1` and, where the system has it, on `::1`. */
export interface Listener {
  readonly port: number;
  readonly ipv6: boolean;
  close(): Promise<void>;
}

/** Listens on `port` (0: any) of both loopback addresses, exclusively, workers too. */
export async function listen(
  port: number, onConnection: (socket: Socket) => void, options: { readonly pauseOnConnect?: boolean } = {},
): Promise<Listener> {
  const attempts = port === 0 ? 10 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const ipv4 = await listenOn('127.0.0.1', port, onConnection, options);
    const bound = (ipv4.address() as AddressInfo).port;
    try {
      const ipv6 = await listenOn('::1', bound, onConnection, options);
      return { port: bound, ipv6: true, close: () => closeAll([ipv4, ipv6]) };
    } catch (error) {
      const alone = { port: bound, ipv6: false, close: () => closeAll([ipv4]) };
      if (!isAddressInUse(error)) return alone;
      await closeAll([ipv4]);
      if (attempt === attempts) throw error;
    }
  }
}

async function listenOn(
  host: string, port: number, onConnection: (socket: Socket) => void, options: { readonly pauseOnConnect?: boolean },
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, ...options }, onConnection);
  server.listen({ host, port, exclusive: true, ipv6Only: true });
  await once(server, 'listening');
  server.on('error', () => {});
  return server;
}

/** Anything else on `::1` means that the system has no such address. */
function isAddressInUse(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => {
    const closed = once(server, 'close');
    server.close();
    return closed;
  }));
}
