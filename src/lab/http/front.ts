import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerNames } from '../certificates/serverNames.ts';
import { monotonicNow } from '../clock.ts';
import type { RequestAccount } from '../messages.ts';
import { securedBy } from '../tls/secured.ts';
import type { PlainRequest } from '../tls/plainHttp.ts';
import { createSecureFront } from '../tls/secureFront.ts';
import { openAccount } from './account.ts';
import { beforeHttp, endConnection, hearEnd, tellOfAlert, tellOfEnd, watchConnection } from './connection.ts';
import type { LabConnection } from './connection.ts';
import type { Doorway } from './doorway.ts';
import { createTurnAway } from './turnAway.ts';
import { usualSilence } from './idleWatch.ts';
import type { HeldChunk, HttpServers, ServerLimits } from './httpServers.ts';
import { OpenResponses } from './openResponses.ts';
import { parseTraceParent } from './traceContext.ts';

/** Takes accepted TCP connections as far as HTTP. */
export interface Front {
  accept(socket: Socket, scheme: 'http' | 'https', doorway?: Doorway): void;
  readonly openConnections: number;
  close(): void;
}

/**
 * Counts connections from 1, and refuses those beyond the limit. `report` hears of those that end before HTTP. Without
 * `names` there is no TLS.
 */
export function createFront(
  servers: HttpServers, names: ServerNames | undefined, limits: ServerLimits,
  report: (account: RequestAccount) => void = () => {}, server = 'lab',
): Front {
  const open = new Map<Socket, LabConnection>();
  const turnAway = createTurnAway(() => limits.maxConnections, server, report);
  /** Why TLS failed is known when the connection is closed. */
  const secured = new WeakMap<Socket, LabConnection>();
  let accepted = 0;
  const secure = names && createSecureFront(names, limits.headTimeout, (socket, below) => {
    const connection = below ? open.get(below) : [...open.values()].find((one) =>
      one.peerPort === socket.remotePort && one.peerAddress === socket.remoteAddress
      && one.raw.localPort === socket.localPort);
    if (!connection) return void socket.destroy();
    speakSecurely(servers, connection, socket, limits);
  }, {
    onAlert(socket) {
      const connection = open.get(socket);
      if (connection) tellOfAlert(connection, open.size, server, report);
    },
    onPlain(socket, request, bodySize) {
      const connection = open.get(socket);
      if (connection) tellOfPlain({ connection, request, bodySize }, open.size, server, report);
    },
    onFailure(socket, ending) {
      const connection = socket && secured.get(socket);
      if (connection) endConnection(connection, ending);
    },
  });
  return {
    get openConnections() { return open.size; },
    accept(socket, scheme, doorway) {
      socket.on('error', () => socket.destroy());
      // RFC 9293 §3.10: a peer that is already gone has no address any more.
      if (socket.remotePort === undefined) return void socket.destroy();
      if (open.size >= limits.maxConnections) {
        return turnAway(socket, socket.remotePort, scheme, open.size);
      }
      accepted += 1;
      const connection = newConnection(accepted, socket, socket.remotePort, scheme, doorway);
      open.set(socket, connection);
      watchConnection(connection, socket, () => {
        tellOfEnd(connection, open.size, server, report);
        open.delete(socket);
      });
      if (scheme === 'https') secured.set(socket, connection);
      if (scheme === 'https') secure?.(socket);
      else speakPlainly(servers, connection, limits);
    },
    close() {
      for (const connection of open.values()) {
        endConnection(connection, { by: 'server', reason: 'stopped' });
        connection.raw.destroy();
      }
      servers.close();
    },
  };
}

function newConnection(
  number: number, raw: Socket, peerPort: number, scheme: 'http' | 'https', doorway: Doorway | undefined,
): LabConnection {
  return {
    number, acceptedAt: monotonicNow(), scheme, raw, doorway, tap: undefined, firstByteAt: undefined, secured: undefined,
    requests: 0, peerAddress: raw.remoteAddress ?? '', peerPort, responses: new OpenResponses(), account: undefined,
    ending: undefined, idleTimeout: undefined,
  };
}

interface PlainTold {
  readonly connection: LabConnection;
  readonly request: PlainRequest;
  readonly bodySize: number;
}

/** HTTP came in the clear where TLS is spoken, and was answered. */
function tellOfPlain(
  { connection, request: { method = '', url: target = '', httpVersion, headersDistinct }, bodySize }: PlainTold,
  openConnections: number, server: string, report: (account: RequestAccount) => void,
): void {
  const { traceparent: [parent, ...more] = [] } = headersDistinct;
  const trace = more.length === 0 ? parseTraceParent(parent) : undefined;
  const account = openAccount(trace ?? { clientPort: connection.peerPort }, { server }, report);
  connection.account = account;
  connection.requests = 1;
  endConnection(connection, { by: 'server', reason: 'tls', code: 'ERR_SSL_HTTP_REQUEST' });
  for (const event of beforeHttp(connection, server, openConnections)) account.add(event);
  const at = monotonicNow();
  account.add({ type: 'head-parsed', startAt: connection.firstByteAt ?? at, at, method, target, httpVersion });
  account.add({ type: 'response-started', at, statusCode: 400 });
  account.add({ type: 'response-finished', at: monotonicNow(), bodySize });
  account.close();
}

function speakSecurely(
  servers: HttpServers, connection: LabConnection, socket: TLSSocket, { silence = usualSilence }: ServerLimits,
): void {
  hearEnd(connection, socket);
  connection.secured = securedBy(socket, connection.firstByteAt);
  socket.setTimeout(silence, () => closeSilent(connection, socket));
  servers.speak(connection, socket, socket.alpnProtocol === 'h2' ? '2' : '1');
}

function closeSilent(connection: LabConnection, socket: Socket): void {
  endConnection(connection, { by: 'server', reason: 'silent' });
  socket.destroy();
}

/** RFC 9113 §3.4: what every HTTP/2 connection starts with, and no HTTP/1 request does. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/**
 * Without ALPN a client that knows HTTP/2 is spoken here shows it by its first bytes (RFC 9113
 * §3.3).
 */
function speakPlainly(servers: HttpServers, connection: LabConnection, limits: ServerLimits): void {
  const { raw } = connection;
  const held: HeldChunk[] = [];
  const tooLate = setTimeout(() => {
    endConnection(connection, { by: 'server', reason: 'slow' });
    raw.destroy();
  }, limits.headTimeout).unref();
  raw.setTimeout(limits.silence ?? usualSilence, () => closeSilent(connection, raw));
  raw.on('close', () => clearTimeout(tooLate));
  const look = (chunk: Buffer) => {
    held.push({ chunk, at: monotonicNow() });
    const start = Buffer.concat(held.map((one) => one.chunk)).subarray(0, preface.length);
    const isHttp2 = start.equals(preface);
    if (!isHttp2 && start.equals(preface.subarray(0, start.length))) return;
    clearTimeout(tooLate);
    raw.off('data', look);
    raw.off('end', giveUp);
    servers.speak(connection, raw, isHttp2 ? '2' : '1', held);
  };
  const giveUp = () => raw.destroy();
  raw.on('data', look);
  raw.on('end', giveUp);
}
