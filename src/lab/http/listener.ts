import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { createAcceptWatch } from './acceptWatch.ts';
import type { AcceptFailure, AcceptWatch } from './acceptWatch.ts';
import { keepFailure } from './doorway.ts';
import type { Doorway, OwnDoorway } from './doorway.ts';

/** One port, on `127.0.0.1` and, where the system has it, on `::1`. */
export interface Listener {
  readonly port: number;
  readonly ipv6: boolean;
  close(): Promise<void>;
}

/** Takes a connection; `doorway` is where it came in. */
type OnConnection = (socket: Socket, doorway: Doorway) => void;

export interface ListenOptions {
  readonly pauseOnConnect?: boolean;
  /** Hears of each time that a connection could not be accepted. */
  readonly onFailure?: (failure: AcceptFailure) => void;
}

/** Listens on `port` (0: any) of both loopback addresses, exclusively, workers too. */
export async function listen(
  port: number, onConnection: OnConnection, options: ListenOptions = {},
): Promise<Listener> {
  const attempts = port === 0 ? 50 : 1;
  const accepting = createAccepting(options.onFailure);
  for (let attempt = 1; ; attempt += 1) {
    const ipv4 = await listenOn('127.0.0.1', port, onConnection, accepting, options);
    const bound = (ipv4.server.address() as AddressInfo).port;
    try {
      const ipv6 = await listenOn('::1', bound, onConnection, accepting, options);
      return { port: bound, ipv6: true, close: () => closeAll([ipv4, ipv6]) };
    } catch (error) {
      const alone = { port: bound, ipv6: false, close: () => closeAll([ipv4]) };
      if (!isAddressInUse(error)) return alone;
      await closeAll([ipv4]);
      if (attempt === attempts) throw error;
    }
  }
}

/** A server and how it is closed. */
interface Listening {
  readonly server: Server;
  close(): Promise<void>;
}

/** What both addresses have in common: descriptors are the process's. */
interface Accepting {
  readonly watch: AcceptWatch;
  readonly failures: AcceptFailure[];
}

function createAccepting(onFailure: ListenOptions['onFailure']): Accepting {
  const failures: AcceptFailure[] = [];
  const watch = createAcceptWatch((failure) => {
    keepFailure(failures, failure);
    onFailure?.(failure);
  });
  return { watch, failures };
}

async function listenOn(
  host: string, port: number, onConnection: OnConnection, { watch, failures }: Accepting,
  { pauseOnConnect = false }: ListenOptions,
): Promise<Listening> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect }, (socket) => {
    watch.accepted(socket);
    onConnection(socket, doorway);
  });
  server.listen({ host, port, exclusive: true, ipv6Only: true });
  await once(server, 'listening');
  const { address, port: bound } = server.address() as AddressInfo;
  const doorway: OwnDoorway = {
    listening: { type: 'listening', at: monotonicNow(), address, port: bound }, failures, isClosing: false,
  };
  server.on('error', ({ code }: NodeJS.ErrnoException) => watch.failed(code ?? 'unknown'));
  return {
    server,
    close() {
      doorway.isClosing = true;
      watch.close();
      const closed = once(server, 'close');
      server.close();
      return closed.then(() => {});
    },
  };
}

/** Anything else on `::1` means that the system has no such address. */
function isAddressInUse(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
}

async function closeAll(listening: readonly Listening[]): Promise<void> {
  await Promise.all(listening.map((one) => one.close()));
}
