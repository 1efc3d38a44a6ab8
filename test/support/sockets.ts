import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Listens on a free port of loopback and gives the port. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port of loopback on which nobody listens: for a program that has to be told its port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** The same for datagrams. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** The same for a program that takes both. */
export async function freePortOfBoth(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    const isFree = await once(socket, 'listening').then(() => true, () => false);
    socket.close();
    if (isFree) return port;
  }
}

/** Whether a port of loopback accepts connections. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Everything a test opened, to be closed together after it. */
export interface Opened {
  /** Counts a server in, with all connections it accepts, and starts it on loopback. */
  serve(server: Server, host?: string): Promise<number>;
  close(): Promise<void>;
}

export function createOpened(): Opened {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  return {
    async serve(server, host) {
      servers.push(server);
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.once('close', () => sockets.delete(socket));
      });
      return listen(server, host);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      servers.length = 0;
    },
  };
}
