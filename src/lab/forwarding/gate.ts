import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { monotonicNow } from '../clock.ts';
import { endConnection, hearEnd, tellOfAlert } from '../http/connection.ts';
import { hearHeads } from '../http/headStarts.ts';
import { endingOf } from '../http/httpServers.ts';
import type { ServerLimits } from '../http/httpServers.ts';
import { usualSilence } from '../http/idleWatch.ts';
import { Tap } from '../http/tap.ts';
import { endWith, refuseBytes } from '../http/unreadable.ts';
import { hasBody, responseOn, upgradeOptions } from '../http/upgrade.ts';
import type { LabPartId } from '../messages.ts';
import type { House, RunningPart } from '../parts.ts';
import { securedBy } from '../tls/secured.ts';
import { createSecureFront } from '../tls/secureFront.ts';
import { openDoor } from './door.ts';
import { accountOf } from './visit.ts';
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

const headSize = 65_536;

/** Starts a gate on loopback. */
export async function openGate(house: House, { id, scheme, port, keeper }: GateOptions): Promise<RunningPart> {
  const teller: Teller = { server: id, openConnections: () => door.connections(), report: house.report };
  const keep = keeper(teller);
  const visitors = new WeakMap<object, Visitor>();
  const { limits } = house;
  const silence = limits.silence ?? usualSilence;
  const server = createHttp(keep, limits, (socket) => visitors.get(socket));
  const hear = hearHeads((socket) => {
    const visitor = visitors.get(socket);
    if (visitor) visitor.headAt ??= monotonicNow();
  });
  const speak = (socket: Socket, below: Socket): void => {
    const visitor = door.visitors.get(below);
    if (!visitor) return void socket.destroy();
    socket.setTimeout(silence, () => closeSilent(visitor, socket));
    const tap = new Tap(socket, below);
    tap.onRead = ({ length }) => { visitor.received += length; };
    tap.on('timeout', () => endConnection(visitor, { by: 'server', reason: 'idle' }));
    visitor.tap = tap;
    visitors.set(tap, visitor);
    server.emit('connection', tap);
    hear(tap);
  };
  const secure = createSecureFront(house.names, limits.headTimeout, (socket, below) => {
    const carrier = below ?? [...door.visitors].find(([, { peerPort }]) => peerPort === socket.remotePort)?.[0];
    const visitor = carrier && door.visitors.get(carrier);
    if (visitor) {
      hearEnd(visitor, socket);
      visitor.secured = securedBy(socket, visitor.firstByteAt);
    }
    // What TLS reads, the connection below does not see: it would be taken for silent.
    carrier?.setTimeout(0);
    if (carrier) speak(socket, carrier);
    else socket.destroy();
  }, {
    onAlert(socket) {
      const visitor = door.visitors.get(socket);
      if (visitor) tellOfAlert(visitor, door.connections(), id, house.report);
    },
    onFailure(socket, ending) {
      const visitor = socket && door.visitors.get(socket);
      if (visitor) endConnection(visitor, ending);
    },
    onPlain(socket, request, bodySize) {
      const visitor = door.visitors.get(socket);
      if (!visitor) return;
      endConnection(visitor, { by: 'server', reason: 'tls', code: 'ERR_SSL_HTTP_REQUEST' });
      const account = accountOf(request, visitor, teller);
      account.add({ type: 'response-started', at: monotonicNow(), statusCode: 400 });
      account.add({ type: 'response-finished', at: monotonicNow(), bodySize });
      account.close();
    },
  }, ['http/1.1']);
  const door = await openDoor(house, port, { server: id, scheme }, (socket, visitor) => {
    if (scheme === 'http') return speak(socket, socket);
    socket.setTimeout(silence, () => closeSilent(visitor, socket));
    secure(socket);
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

function closeSilent(visitor: Visitor, socket: Socket): void {
  endConnection(visitor, { by: 'server', reason: 'silent' });
  socket.destroy();
}

function createHttp(
  keep: GateKeeper, limits: ServerLimits, visitorOf: (socket: object) => Visitor | undefined,
): Server {
  const { headTimeout, requestTimeout, keepAliveTimeout } = limits;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const visitor = visitorOf(request.socket);
    if (!visitor) return void request.socket.destroy();
    visitor.open.add(response);
    response.on('close', () => visitor.open.delete(response));
    keep.onRequest(request, response, visitor);
  };
  const server = createServer({
    maxHeaderSize: headSize, headersTimeout: headTimeout, requestTimeout, keepAliveTimeout, requireHostHeader: false,
    connectionsCheckingInterval: Math.min(1000, headTimeout / 2), ...upgradeOptions,
  }, onRequest);
  server.maxHeadersCount = 0;
  // RFC 9110 §10.1.1: who is behind says whether it wants the body.
  server.on('checkContinue', onRequest);
  server.on('upgrade', (request, socket, head) => {
    if (hasBody(request)) endWith(socket, 501, 'This version of Node reads no body beside Upgrade.');
    else onRequest(request, responseOn(socket, request, head));
  });
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const visitor = visitorOf(request.socket);
    if (visitor && keep.onConnect) keep.onConnect(request, socket, head, visitor);
    else endWith(socket, 405, 'This server is no proxy.', 'Allow: GET, HEAD, POST\r\n');
  });
  server.on('clientError', (error, socket) => {
    const visitor = visitorOf(socket);
    if (visitor) endConnection(visitor, endingOf(error));
    const open = [...visitor?.open ?? []];
    // While the response to a whole request is still to come, this would be taken for it.
    const isUnmistakable = open.length === 0 || (open.length === 1 && !open[0]!.headersSent && !open[0]!.req.complete);
    const received = visitor?.requests === 0 ? visitor.received : undefined;
    if (isUnmistakable) refuseBytes(error, socket, { ...limits, headSize }, { request: open[0]?.req, received });
    else socket.destroy();
  });
  // Only a server that listens looks for connections that take too long.
  server.emit('listening');
  return server;
}
