import { createServer as createHttp1 } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { endConnection, endedByAnswer, endedByClient } from './connection.ts';
import type { Ending, LabConnection } from './connection.ts';
import { createHeadStarts2, hearHeads } from './headStarts.ts';
import type { HeadStarts } from './headStarts.ts';
import { createIdleWatch } from './idleWatch.ts';
import { keepFor } from './plainHead.ts';
import type { Service } from './service.ts';
import { SocketTap } from './socketTap.ts';
import { Tap } from './tap.ts';
import { endWith, refuseBytes } from './unreadable.ts';
import { hasBody, responseOn, upgradeOptions } from './upgrade.ts';

/** All in ms, except the number of connections. */
export interface ServerLimits {
  readonly headTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  readonly maxConnections: number;
  /** For how long nothing may move on a connection, in the middle of a request or response; a minute unless said. */
  readonly silence?: number;
}

/** Speaks HTTP on connections that somebody else accepted. */
export interface HttpServers {
  speak(connection: LabConnection, stream: Socket, version: '1' | '2', held?: readonly HeldChunk[]): void;
  close(): void;
}

/** A chunk that was read to find out the version. */
export interface HeldChunk {
  readonly chunk: Buffer;
  readonly at: number;
}

const maxHeaderSize = 65_536;
const maxConcurrentStreams = 100;

/** Both servers, neither of which listens: connections are emitted into them. */
export function createHttpServers(service: Service, limits: ServerLimits): HttpServers {
  const http1 = createHttp1Server(service, limits);
  const http2 = createHttp2Server(service, limits);
  return {
    speak(connection, stream, version, held = []) {
      const start = version === '2' ? http2 : http1.start;
      start(connection, stream, held);
    },
    close: http1.close,
  };
}

type Start = (connection: LabConnection, stream: Socket, held: readonly HeldChunk[]) => void;

/** A request without a body has no stream that would have to be ended. Node knows the option from 24.10 on. */
const emptyOptions: object = { optimizeEmptyRequests: true };

function createHttp1Server(
  service: Service, limits: ServerLimits,
): { start: Start; close(): void } {
  const open = new WeakMap<object, { readonly connection: LabConnection; readonly tap: SocketTap }>();
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const known = open.get(request.socket);
    if (!known) return void request.socket.destroy();
    const { connection, tap } = known;
    // Node's parser takes HTTP/0.9 and HTTP/2.0 for versions of this one.
    if (request.httpVersionMajor !== 1) {
      endConnection(connection, malformed);
      return endWith(request.socket, 505, 'HTTP/1.0 and HTTP/1.1 are spoken here, and HTTP/2 in frames.');
    }
    const startAt = tap.headAt;
    tap.headAt = undefined;
    keepFor(response, limits.keepAliveTimeout);
    service(request, response, connection, startAt);
  };
  const watch = createIdleWatch(limits.keepAliveTimeout, limits.silence);
  const hear = hearHeads((stream) => open.get(stream)?.tap.beginHead());
  const headLimits = { ...limits, headSize: maxHeaderSize };
  const server = createHttp1({
    maxHeaderSize, headersTimeout: limits.headTimeout, requestTimeout: limits.requestTimeout,
    // Its own timers would cost a part of each request; the watch does their work.
    keepAliveTimeout: 0, requireHostHeader: false,
    connectionsCheckingInterval: Math.min(1000, limits.headTimeout / 2), ...upgradeOptions, ...emptyOptions,
  }, onRequest);
  // 0: all of them. A number would drop the rest without a word; their size is limited above.
  server.maxHeadersCount = 0;
  server.on('checkContinue', onRequest);
  server.on('upgrade', (request, socket, head) => {
    if (hasBody(request)) endWith(socket, 501, 'This version of Node reads no body beside Upgrade.');
    else onRequest(request, responseOn(socket, request, head));
  });
  server.on('clientError', (error, socket) => {
    const { connection, tap } = open.get(socket) ?? {};
    if (connection) endConnection(connection, endingOf(error));
    const responses = connection?.responses.open() ?? [];
    // What is written now must not be taken for a part of a response, or for that to an earlier
    // request.
    const isBetween = responses.length <= 1 && !responses[0]?.headersSent;
    const request = responses.find(({ req }) => !req.complete)?.req;
    const received = !request && tap?.headAt === undefined ? 0 : receivedOf(connection);
    if (isBetween) refuseBytes(error, socket, headLimits, { request, received });
    else socket.destroy();
  });
  server.on('connect', (_request, socket) => refuseConnect(socket));
  // Only a server that listens looks for connections that take too long.
  server.emit('listening');
  return {
    start(connection, stream, held) {
      const tap = new SocketTap(
        stream, connection.raw, limits.keepAliveTimeout, () => endedByAnswer(connection));
      connection.tap = tap;
      open.set(stream, { connection, tap });
      stream.removeAllListeners('timeout');
      stream.setTimeout(0);
      watch.add(connection, tap);
      server.emit('connection', stream);
      hear(stream);
      if (!held[0]) return;
      tap.headAt = held[0].at;
      stream.emit('data', held.length === 1 ? held[0].chunk : Buffer.concat(held.map(({ chunk }) => chunk)));
    },
    close: () => void server.close(() => {}),
  };
}

const idle: Ending = { by: 'server', reason: 'idle' };
const slow: Ending = { by: 'server', reason: 'slow' };
const malformed: Ending = { by: 'server', reason: 'malformed' };

/** The system's and Node's words for a peer that is gone: what is written to it comes back as an error, too. */
const goneCodes: ReadonlySet<string> = new Set([
  'ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ECANCELED', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED',
]);

/** HPE is Node's parser of HTTP/1.1; OpenSSL's name of an error says ALERT where the client sent one (RFC 8446 §6). */
export function endingOf({ code }: NodeJS.ErrnoException): Ending {
  if (code === undefined) return { by: 'server', reason: 'error' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return slow;
  if (goneCodes.has(code)) return { by: 'client', reason: 'reset' };
  if (code.startsWith('ERR_SSL_')) return { by: code.includes('ALERT') ? 'client' : 'server', reason: 'tls', code };
  const isOfHttp = code.startsWith('HPE_') || code.startsWith('ERR_HTTP');
  return { by: 'server', reason: isOfHttp ? 'malformed' : 'error', code };
}

/** Bytes of the head that is being read, which can be told of the first in the clear only. */
function receivedOf(connection: LabConnection | undefined): number | undefined {
  return connection?.scheme === 'http' && connection.requests === 0 ? connection.raw.bytesRead : undefined;
}

/** RFC 9110 §9.3.6: the lab is no proxy. */
function refuseConnect(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  endWith(socket, 405, 'The lab is no proxy.', 'Allow: GET, HEAD, POST\r\n');
}

function createHttp2Server(service: Service, limits: ServerLimits): Start {
  const open = new WeakMap<object, { readonly connection: LabConnection; readonly starts: HeadStarts<number> }>();
  const onRequest = (request: Http2ServerRequest, response: Http2ServerResponse) => {
    const known = open.get(request.stream.session ?? server);
    if (!known) return response.stream.close();
    service(request, response, known.connection, known.starts.take(request.stream.id ?? 0));
  };
  const server = createHttp2({
    settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderSize, enablePush: false },
    maxSessionMemory: 16,
  }, onRequest);
  server.on('checkContinue', onRequest);
  server.on('sessionError', () => {});
  return (connection, stream, held) => {
    const tap = new Tap(stream, connection.raw);
    connection.tap = tap;
    const starts = createHeadStarts2();
    for (const { chunk, at } of held) starts.read(chunk, at);
    tap.onRead = (chunk, at) => starts.read(chunk, at);
    // Emitted while the connection is: the session wraps the tap in a socket of its own.
    server.once('session', (session) => {
      open.set(session, { connection, starts });
      connection.idleTimeout = limits.keepAliveTimeout;
      session.on('goaway', () => endedByClient(connection));
      session.on('error', (error) => endConnection(connection, endingOf(error)));
      closeWhenIdle(session, limits, (ending) => endConnection(connection, ending));
    });
    server.emit('connection', tap);
    for (const { chunk } of held) tap.push(chunk);
  };
}

/** HTTP/2 has no timeouts of its own: one for the first request, one between requests. */
function closeWhenIdle(
  session: ServerHttp2Session, limits: ServerLimits, onEnding: (ending: Ending) => void,
): void {
  let streams = 0;
  const closeSoon = (timeout: number, ending: Ending) => setTimeout(() => {
    onEnding(ending);
    session.close();
    setTimeout(() => session.destroy(), 1000).unref();
  }, timeout).unref();
  let timer = closeSoon(limits.headTimeout, slow);
  session.on('close', () => clearTimeout(timer));
  session.on('stream', (stream) => {
    streams += 1;
    clearTimeout(timer);
    stream.on('close', () => {
      streams -= 1;
      if (streams === 0 && !session.closed) timer = closeSoon(limits.keepAliveTimeout, idle);
    });
  });
}
