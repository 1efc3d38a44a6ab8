import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LabPartId } from '../messages.ts';
import type { House, RunningPart } from '../parts.ts';
import { createSecureFront } from '../tls/secureFront.ts';
import { openDoor } from './door.ts';
import type { Teller, Visitor } from './visit.ts';

// A listening HTTP/1.1 server of the lab that does not answer by routes: proxies and gateways.

/** What a gate does with what comes. */
export interface GateKeeper {
  onRequest(request: IncomingMessage, response: ServerResponse, visitor: Visitor): void;
  /** RFC 9110 §9.3.6; absent, CONNECT is refused. */
  onConnect?(request: IncomingMessage, socket: Duplex, head: Buffer, visitor: Visitor): void;
  close(): void;
}

export interface GateOptions {
  readonly id: LabPartId;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** Made with what it needs to tell about itself. */
  readonly keeper: (teller: Teller) => GateKeeper;
}

const limits = { head: 10_000, request: 30_000, keepAlive: 5000, connections: 256, headSize: 65_536, silence: 60_000 };

/** Starts a gate on loopback. */
export async function openGate(house: House, { id, scheme, port, keeper }: GateOptions): Promise<RunningPart> {
  const keep = keeper({ server: id, openConnections: () => door.connections(), report: house.report });
  const visitors = new WeakMap<object, Visitor>();
  const server = createHttp(keep, (socket) => visitors.get(socket));
  const speak = (socket: Duplex, visitor: Visitor): void => {
    visitors.set(socket, visitor);
    server.emit('connection', socket);
  };
  const secure = createSecureFront(house.names, limits.head, (socket, below) => {
    const visitor = below ? door.visitors.get(below)
      : [...door.visitors.values()].find((one) => one.port === socket.remotePort);
    if (visitor) speak(socket, visitor);
    else socket.destroy();
  }, undefined, ['http/1.1']);
  const door = await openDoor(port, limits.connections, (socket, visitor) => {
    socket.setTimeout(limits.silence, () => socket.destroy());
    if (scheme === 'https') secure(socket);
    else speak(socket, visitor);
  });
  return {
    ...door, origin: `${scheme}://lab.test:${door.port}`,
    async close() {
      keep.close();
      server.close(() => {});
      await door.close();
    },
  };
}

function createHttp(keep: GateKeeper, visitorOf: (socket: object) => Visitor | undefined): Server {
  const server = createServer({
    maxHeaderSize: limits.headSize, headersTimeout: limits.head, requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive, requireHostHeader: false, connectionsCheckingInterval: 1000,
  }, (request, response) => {
    const visitor = visitorOf(request.socket);
    if (visitor) keep.onRequest(request, response, visitor);
    else request.socket.destroy();
  });
  server.maxHeadersCount = 0;
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const visitor = visitorOf(request.socket);
    if (visitor && keep.onConnect) keep.onConnect(request, socket, head, visitor);
    else socket.end(
      'HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD, POST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
  });
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return void socket.destroy();
    socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  // Only a server that listens looks for connections that take too long.
  server.emit('listening');
  return server;
}
