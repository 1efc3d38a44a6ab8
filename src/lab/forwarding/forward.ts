import { Agent as HttpAgent, request as requestPlain } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { Agent as HttpsAgent, request as requestSecurely } from 'node:https';
import type { RequestOptions as HttpsRequestOptions } from 'node:https';
import { monotonicNow } from '../clock.ts';
import type { Account } from '../http/account.ts';
import type { FieldLine } from '../messages.ts';
import { endToEnd, viaLine } from './hopFields.ts';
import { answerProblem } from './visit.ts';

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
}

/** Sends requests on, over connections of its own that it keeps. */
export interface Forwarder {
  /** A request goes on and its response back, both as they come. What goes wrong is answered with 502 or 504. */
  forward(
    request: IncomingMessage, response: ServerResponse, next: Next, account: Account, options?: ForwardOptions,
  ): void;
  close(): void;
}

/** `own` is the name that stands in `Via`, `patience` how long the server behind may be silent, ms. */
export function createForwarder(own: string, patience = 30_000): Forwarder {
  // Shorter than the lab keeps them, so that a request does not cross its goodbye.
  const kept = { keepAlive: true, maxSockets: 64, timeout: 4000 };
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) };
  return {
    forward(request, response, next, account, options = {}) {
      const send = next.scheme === 'https' ? requestSecurely : requestPlain;
      const upstream = send({ ...optionsFor(request, next, own, options), agent: agents[next.scheme] });
      upstream.setTimeout(patience, () => upstream.destroy(new Error('timeout')));
      exchange(request, response, { upstream, next, own, options }, account);
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Leg {
  readonly upstream: ClientRequest;
  readonly next: Next;
  readonly own: string;
  readonly options: ForwardOptions;
}

function exchange(request: IncomingMessage, response: ServerResponse, leg: Leg, account: Account): void {
  const { upstream, next, options } = leg;
  const startAt = monotonicNow();
  let isAnswered = false;
  const told = (statusCode?: number): void => {
    isAnswered = true;
    account.add({
      type: 'forwarded', startAt, at: monotonicNow(), to: next.name, reused: upstream.reusedSocket,
      ...(statusCode === undefined ? {} : { statusCode }),
    });
  };
  upstream.on('response', (incoming) => {
    told(incoming.statusCode);
    giveBack(incoming, response, account, leg);
  });
  upstream.on('error', (error) => {
    if (isAnswered || response.headersSent) return void response.destroy();
    told();
    if (!response.destroyed) options.onSilence?.();
    const isLate = error.message === 'timeout';
    answerProblem(response, account, isLate ? 504 : 502, isLate
      ? `${next.name} did not answer in time.` : `${next.name} gave no response: ${error.message}.`);
  });
  response.on('close', () => {
    if (!response.writableFinished) upstream.destroy();
    account.close();
  });
  request.pipe(upstream);
}

function optionsFor(
  request: IncomingMessage, next: Next, own: string, { added = [], host, without }: ForwardOptions,
): HttpsRequestOptions {
  const lines = endToEnd(request.rawHeaders).filter(([name]) => !without?.has(name.toLowerCase()))
    .map(([name, value]): FieldLine => host !== undefined && name.toLowerCase() === 'host' ? [name, host] : [name, value]);
  // RFC 9112 §6.1: a body of unknown length is framed anew.
  if (request.headers['transfer-encoding'] !== undefined) lines.push(['Transfer-Encoding', 'chunked']);
  return {
    host: next.address, port: next.port, method: request.method ?? 'GET', path: next.target,
    headers: [...lines, ...added, viaLine(request.httpVersion, own)].flat(), setDefaultHeaders: false, setHost: false,
    ...(next.serverName === undefined ? {} : { servername: next.serverName }),
    ...(next.authority === undefined ? {} : { ca: next.authority }),
  };
}

function giveBack(incoming: IncomingMessage, response: ServerResponse, account: Account, { own, options }: Leg): void {
  const { back = (line: FieldLine) => line, addedBack = [] } = options;
  const lines = [...endToEnd(incoming.rawHeaders).map(back), ...addedBack, viaLine(incoming.httpVersion, own)];
  let bodySize = 0;
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, lines.flat());
  account.add({ type: 'response-started', at: monotonicNow(), statusCode: incoming.statusCode ?? 502 });
  incoming.on('data', (chunk: Buffer) => { bodySize += chunk.length; });
  incoming.on('error', () => response.destroy());
  incoming.on('aborted', () => response.destroy());
  incoming.pipe(response);
  response.on('finish', () => {
    account.add({ type: 'response-finished', at: monotonicNow(), bodySize });
    account.close();
  });
}
