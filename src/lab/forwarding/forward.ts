import { Agent as HttpAgent, request as requestPlain } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestSecurely } from 'node:https';
import type { RequestOptions as HttpsRequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { hasBody } from '../http/upgrade.ts';
import type { FieldLine } from '../messages.ts';
import type { House } from '../parts.ts';
import { endToEnd, requestFields, trailersOf, viaLine, wantsUpgrade } from './hopFields.ts';
import { answerAsLast, forwardsLeft, withOneLess } from './lastHop.ts';
import { writeHead } from './rawHead.ts';
import { explainSilence } from './silence.ts';
import { joinSockets } from './tunnel.ts';
import { answerProblem, tellWhenOver } from './visit.ts';
import type { Passage } from './visit.ts';

/** Where a request goes on to. */
export interface Next {
  readonly scheme: 'http' | 'https';
  readonly address: string;
  readonly port: number;
  /** How it is shown: `lab.test:8080`. */
  readonly name: string;
  /** RFC 9112 §3.2: as the origin server is to be asked. */
  readonly target: string;
  /** Of TLS: who is asked for by SNI and must be found in the certificate, and who vouches for it (PEM). */
  readonly serverName?: string;
  readonly authority?: string;
}

export interface ForwardOptions {
  /** Added to the request, after those that came. */
  readonly added?: readonly FieldLine[];
  /** In place of the Host that came. */
  readonly host?: string;
  /** Names in lower case of field lines that do not go on. */
  readonly without?: ReadonlySet<string>;
  /** What becomes of a response's field lines on the way back. */
  readonly back?: (line: FieldLine) => FieldLine;
  /** Added to the response, after those that came. */
  readonly addedBack?: readonly FieldLine[];
  /** The server behind gave no response, to a client that is still there. */
  readonly onSilence?: () => void;
  /** Called once when nothing is under way any more, be it a response or what came of an upgrade. */
  readonly onOver?: () => void;
}

/** Sends requests on, over connections of its own that it keeps. */
export interface Forwarder {
  /**
   * A request goes on and what comes of it back, each part as it comes: interim responses, head, body, trailers, or
   * another protocol after 101. What goes wrong is answered with 502 or 504.
   */
  forward(passage: Passage, next: Next, options?: ForwardOptions): void;
  close(): void;
}

/** `own` is the name that stands in `Via`, `patience` how long the server behind may be silent, ms. */
export function createForwarder({ carry }: Pick<House, 'carry'>, own: string, patience = 30_000): Forwarder {
  // Shorter than the lab keeps them, so that a request does not cross its goodbye.
  const kept = { keepAlive: true, maxSockets: 64, timeout: 4000 };
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) };
  return {
    forward(passage, next, options = {}) {
      const { request, account: { key } } = passage;
      if (forwardsLeft(request) === 0) return answerAsLast(passage);
      // RFC 9112 §6.1: a body in a coding that is not understood cannot be passed on under another.
      const coding = request.headers['transfer-encoding'];
      if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
        return answerProblem(passage, 501, 'Of transfer codings, chunked alone is known here.');
      }
      const send = next.scheme === 'https' ? requestSecurely : requestPlain;
      const upstream = send({ ...optionsFor(request, next, own, options), agent: agents[next.scheme] });
      // A server behind that sees no request has nothing but the port to tell of it by.
      if (key) upstream.on('socket', (socket) => onceConnected(socket, () => carry(socket.localPort, key)));
      upstream.setTimeout(patience, () => upstream.destroy(new Error(tooLate)));
      exchange({ ...passage, upstream, next, own, options });
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Under TLS, before its handshake; not at all where the connection has been used before. */
function onceConnected(socket: Socket, listener: () => void): void {
  if (socket.connecting) socket.once('connect', listener);
}

const tooLate = 'timeout';

interface Leg extends Passage {
  readonly upstream: ClientRequest;
  readonly next: Next;
  readonly own: string;
  readonly options: ForwardOptions;
}

function exchange(leg: Leg): void {
  const { request, response, upstream, next, options, account } = leg;
  const startAt = monotonicNow();
  let isAnswered = false;
  const told = (statusCode?: number): void => {
    isAnswered = true;
    account.add({
      type: 'forwarded', startAt, at: monotonicNow(), to: next.name, reused: upstream.reusedSocket,
      ...(statusCode === undefined ? {} : { statusCode }),
    });
  };
  passInterim(leg);
  upstream.on('response', (incoming) => {
    told(incoming.statusCode);
    giveBack(incoming, leg);
  });
  upstream.on('upgrade', (incoming, socket, head) => {
    told(incoming.statusCode);
    goOver(incoming, socket, head, leg);
  });
  upstream.on('error', (error) => {
    // A response that has begun is cut off by itself when it breaks off; after it, the rest of a request may fail.
    if (isAnswered) return error.message === tooLate ? void response.destroy() : undefined;
    told();
    if (!response.destroyed) options.onSilence?.();
    const isLate = error.message === tooLate;
    answerProblem(leg, isLate ? 504 : 502, isLate
      ? `${next.name} did not answer in time.` : `${next.name} gave no response: it ${explainSilence(error)}.`);
  });
  response.on('close', () => {
    if (!response.writableFinished || !request.complete) upstream.destroy();
    options.onOver?.();
    account.close();
  });
  passRequest(leg);
}

function optionsFor(
  request: IncomingMessage, next: Next, own: string, { added = [], host, without }: ForwardOptions,
): HttpsRequestOptions {
  const left = forwardsLeft(request);
  const came = requestFields(request).filter(([name]) => !without?.has(name.toLowerCase()))
    .map(([name, value]): FieldLine => [name, name.toLowerCase() === 'host' ? host ?? value : value]);
  const lines = left === undefined ? came : withOneLess(came, left);
  return {
    host: next.address, port: next.port, method: request.method ?? 'GET', path: next.target,
    headers: [...lines, ...added, viaLine(request.httpVersion, own)].flat(), setDefaultHeaders: false, setHost: false,
    ...(next.serverName === undefined ? {} : { servername: next.serverName }),
    ...(next.authority === undefined ? {} : { ca: next.authority }),
  };
}

/** Body and trailers, as they come. A client that waits for 100 sends nothing before the server behind says so. */
function passRequest({ request, upstream }: Leg): void {
  if (!hasBody(request)) return void upstream.end();
  request.on('end', () => {
    if (request.rawTrailers.length > 0) upstream.addTrailers(trailersOf(request.rawTrailers));
    upstream.end();
  });
  request.pipe(upstream, { end: false });
}

/** RFC 9110 §15.2: a proxy passes interim responses on, but to clients of HTTP/1.0, which do not know them. */
function passInterim({ request, response, upstream }: Leg): void {
  if (request.httpVersion === '1.0') return;
  upstream.on('continue', () => {
    if (request.headers.expect !== undefined && !response.headersSent) response.writeContinue();
  });
  upstream.on('information', ({ statusCode, statusMessage, rawHeaders }) => {
    // A response that waits for an earlier one on the same connection has no socket yet.
    if (statusCode === 100 || response.headersSent || !response.socket) return;
    writeHead(response.socket, statusCode, statusMessage, endToEnd(rawHeaders));
  });
}

function giveBack(incoming: IncomingMessage, leg: Leg): void {
  const { request, response, own, options, account } = leg;
  const { back = (line: FieldLine) => line, addedBack = [] } = options;
  const lines = [...endToEnd(incoming.rawHeaders).map(back), ...addedBack, viaLine(incoming.httpVersion, own)];
  let bodySize = 0;
  // RFC 9112 §9.6: what is left of the request would be taken for the next one.
  if (!request.complete) response.shouldKeepAlive = false;
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, lines.flat());
  account.add({ type: 'response-started', at: monotonicNow(), statusCode: incoming.statusCode ?? 502 });
  incoming.on('data', (chunk: Buffer) => { bodySize += chunk.length; });
  incoming.on('error', () => response.destroy());
  incoming.on('aborted', () => response.destroy());
  incoming.on('end', () => {
    if (incoming.rawTrailers.length > 0) response.addTrailers(trailersOf(incoming.rawTrailers));
    response.end();
  });
  incoming.pipe(response, { end: false });
  // Node keeps a head back for the body, which may be long in coming.
  setImmediate(() => { if (!response.writableEnded && !response.destroyed) response.flushHeaders(); });
  tellWhenOver(leg, () => bodySize);
}

/** RFC 9110 §7.8: from 101 on, bytes go through that are no HTTP. */
function goOver(incoming: IncomingMessage, upstream: Socket, head: Buffer, leg: Leg): void {
  const { request, response, own, options, account, next } = leg;
  const client = request.socket;
  if (!wantsUpgrade(request) || client.destroyed) {
    upstream.destroy();
    return void response.destroy();
  }
  const { back = (line: FieldLine) => line, addedBack = [] } = options;
  const lines: FieldLine[] = [
    ...endToEnd(incoming.rawHeaders).map(back), ...addedBack, viaLine(incoming.httpVersion, own),
    ['Connection', 'Upgrade'], ['Upgrade', incoming.headers.upgrade ?? ''],
  ];
  response.detachSocket(client);
  writeHead(client, incoming.statusCode ?? 101, incoming.statusMessage ?? '', lines);
  account.add({ type: 'response-started', at: monotonicNow(), statusCode: 101 });
  if (head.length > 0) upstream.unshift(head);
  joinSockets(client, upstream, next.name, leg.visitor, (event) => {
    account.add(event);
    account.add({ type: 'response-finished', at: event.at, bodySize: event.receivedSize });
    account.close();
    options.onOver?.();
  });
}
