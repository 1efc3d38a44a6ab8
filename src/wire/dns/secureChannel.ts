import * as http from 'node:http';
import * as http2 from 'node:http2';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { DnsConnection } from '../../trace/dnsStep.ts';
import type { FieldLine, TrustAnchor } from '../../trace/request.ts';
import { shakeHands } from '../tls/handshake.ts';
import { trustFor } from '../tls/trust.ts';
import { rootsWish } from '../tls/wishes.ts';
import { lengthPrefixed, wholeMessage } from './exchange.ts';
import type { Holder } from './schedule.ts';
import type { SecureServer } from './secureServer.ts';

// One TLS connection to a name server, on which questions follow each other.

/** The largest DNS message (RFC 1035 §4.2.2: its length takes two octets). */
const messageLimit = 65_535;

/** `unref` lets the process end without it. */
export interface SecureChannel extends Holder {
  readonly facts: DnsConnection;
  /** The server, or an error, has closed it. */
  isEnded(): boolean;
  /** Sends a query and gives the answer's bytes; rejects with why not. */
  ask(query: Buffer, signal: AbortSignal): Promise<Said>;
  close(): void;
}

export interface Said {
  readonly bytes: Buffer;
  /** Of HTTPS. */
  readonly statusCode?: number;
  readonly requestHeaders?: readonly FieldLine[];
  readonly responseHeaders?: readonly FieldLine[];
}

/** The server's certificate was not accepted; `connection` is what was seen of it. */
export class Refused extends Error {
  readonly connection: DnsConnection;

  constructor(reason: string, connection: DnsConnection) {
    super(`the certificate is not trusted: ${reason}`);
    this.connection = connection;
  }
}

/** HTTP was spoken, but what came holds no answer. */
export class WrongAnswer extends Error {
  readonly said: Said;

  constructor(message: string, said: Said) {
    super(message);
    this.said = said;
  }
}

interface ChannelOptions {
  readonly address: string;
  readonly trustAnchors?: readonly TrustAnchor[];
  readonly systemRoots?: boolean | undefined;
  /** Milliseconds for the handshake. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/**
 * Connects to a server and checks its certificate, without exception: whoever asks over TLS wants to know who answers
 * (RFC 8310 §5, strict). Rejects with what was wrong.
 */
export async function openChannel(server: SecureServer, options: ChannelOptions): Promise<SecureChannel> {
  const { now, signal, timeout, systemRoots } = options;
  const trust = trustFor(server.serverName, options.trustAnchors, rootsWish(systemRoots));
  const startAt = now();
  const below = await openSocket(options.address, server.port, signal);
  const connectedAt = now();
  // RFC 7858 has no protocol id of its own that servers would ask for.
  const alpn = server.transport === 'https' ? ['h2', 'http/1.1'] : [];
  const handshake = await shakeHands(below, { host: server.serverName, alpn, trust, timeout, verify: true, signal });
  if (!handshake.ok) throw new Error(handshake.failure.cause?.message ?? handshake.failure.code);
  const { socket, facts, at } = handshake;
  const connection: DnsConnection = {
    reused: false, connectTime: connectedAt - startAt, tlsTime: at - connectedAt, serverName: server.serverName,
    version: facts.version, cipher: facts.cipher, ...(facts.alpn !== undefined && { alpn: facts.alpn }), tls: facts,
  };
  const refused = facts.nameError ?? facts.chainError;
  if (refused !== undefined) {
    socket.destroy();
    throw new Refused(refused, connection);
  }
  if (server.transport === 'tls') return dotChannel(socket, connection);
  return facts.alpn === 'h2' ? http2Channel(socket, server, connection) : http1Channel(socket, server, connection);
}

function openSocket(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const abort = (): void => void socket.destroy(cancelled());
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    // It stays: a late error of a socket that is given up must not be uncaught.
    socket.on('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
  });
}

function cancelled(): Error {
  return new Error('cancelled, or no answer in time');
}

/** RFC 7858 §3.3, RFC 7766 §7: several queries may be under way, and answers come in any order, told apart by id. */
function dotChannel(socket: TLSSocket, facts: DnsConnection): SecureChannel {
  const waiting = new Map<number, (bytes: Buffer) => void>();
  const ended = new AbortController();
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let bytes = wholeMessage(received); bytes; bytes = wholeMessage(received)) {
      received = received.subarray(bytes.length + 2);
      if (bytes.length >= 2) waiting.get(bytes.readUInt16BE(0))?.(bytes);
    }
  });
  socket.once('close', () => ended.abort(new Error('the server closed the connection before it answered')));
  return {
    facts,
    isEnded: () => ended.signal.aborted,
    ask: (query, signal) => settled<Said>([signal, ended.signal], (resolve) => {
      const id = query.readUInt16BE(0);
      waiting.set(id, (bytes) => resolve({ bytes }));
      socket.write(lengthPrefixed(query));
      return () => void waiting.delete(id);
    }),
    close: () => void socket.destroy(),
    unref: () => void socket.unref(),
  };
}

/** A promise that any of the signals rejects; `start` gives what undoes it. */
function settled<T>(
  signals: readonly AbortSignal[],
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const signal = AbortSignal.any([...signals]);
    if (signal.aborted) return reject(reasonOf(signal));
    const end = (): void => {
      signal.removeEventListener('abort', abort);
      undo();
    };
    const abort = (): void => {
      end();
      reject(reasonOf(signal));
    };
    let undo = (): void => {};
    signal.addEventListener('abort', abort);
    undo = start(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error && reason.name !== 'AbortError' ? reason : cancelled();
}

/** RFC 8484 §4.1: the query is the content of a POST. */
const fields = { 'content-type': 'application/dns-message', 'accept': 'application/dns-message' };

function http2Channel(socket: TLSSocket, server: SecureServer, facts: DnsConnection): SecureChannel {
  const session = http2.connect(`https://${authorityOf(server)}`, { createConnection: () => socket });
  const ended = new AbortController();
  session.on('error', (error) => ended.abort(error));
  session.once('close', () => ended.abort(new Error('the server closed the connection before it answered')));
  return {
    facts,
    isEnded: () => ended.signal.aborted || session.destroyed || session.closed,
    ask: (query, signal) => settled<Said>([signal, ended.signal], (resolve, reject) => {
      const own = { ':method': 'POST', ':path': server.path, ...fields, 'content-length': String(query.length) };
      const requestHeaders: FieldLine[] = [
        [':scheme', 'https'], [':authority', authorityOf(server)], ...Object.entries(own),
      ];
      const stream = session.request(own);
      let head: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader = {};
      let responseHeaders: FieldLine[] = [];
      stream.on('response', (headers, _flags, raw: string[]) => {
        head = headers;
        responseHeaders = pairs(raw);
      });
      const end = (bytes: Buffer): void => {
        const { ':status': statusCode, 'content-type': type } = head;
        resolveSaid({ statusCode, type, bytes, requestHeaders, responseHeaders }, resolve, reject);
      };
      collect(stream, end, reject);
      stream.end(query);
      return () => void stream.close();
    }),
    close: () => session.destroy(),
    unref: () => session.unref(),
  };
}

function http1Channel(socket: TLSSocket, server: SecureServer, facts: DnsConnection): SecureChannel {
  // One after another on the one connection that there is.
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = () => socket;
  const ended = new AbortController();
  socket.once('close', () => ended.abort(new Error('the server closed the connection before it answered')));
  return {
    facts,
    isEnded: () => ended.signal.aborted || socket.destroyed,
    ask: (query, signal) => settled<Said>([signal, ended.signal], (resolve, reject) => {
      const headers = { 'host': authorityOf(server), ...fields, 'content-length': String(query.length) };
      const requestHeaders = Object.entries(headers);
      const request = http.request({ agent, method: 'POST', path: server.path, headers });
      request.on('response', (response) => {
        const { statusCode, headers: { 'content-type': type }, rawHeaders } = response;
        const said = { statusCode, type, requestHeaders, responseHeaders: pairs(rawHeaders) };
        collect(response, (bytes) => resolveSaid({ ...said, bytes }, resolve, reject), reject);
      });
      request.on('error', reject);
      request.end(query);
      return () => {};
    }),
    close() {
      agent.destroy();
      socket.destroy();
    },
    unref: () => void socket.unref(),
  };
}

function authorityOf({ serverName, port }: SecureServer): string {
  const host = serverName.includes(':') ? `[${serverName}]` : serverName;
  return port === 443 ? host : `${host}:${port}`;
}

function collect(stream: NodeJS.ReadableStream, done: (bytes: Buffer) => void, reject: (error: Error) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > messageLimit) reject(new Error(`more than ${messageLimit} bytes`));
    else chunks.push(chunk);
  });
  stream.on('error', reject);
  stream.once('end', () => done(Buffer.concat(chunks)));
}

/** Fields of a head are enough up to here. */
const fieldLimit = 64;

/** Names and values that follow each other, as Node gives them. */
function pairs(raw: readonly string[]): FieldLine[] {
  const lines: FieldLine[] = [];
  for (let index = 0; index + 1 < raw.length && lines.length < fieldLimit; index += 2) {
    lines.push([raw[index]!, raw[index + 1]!]);
  }
  return lines;
}

interface Response {
  readonly statusCode: number | undefined;
  readonly type: string | undefined;
  readonly bytes: Buffer;
  readonly requestHeaders: readonly FieldLine[];
  readonly responseHeaders: readonly FieldLine[];
}

/** RFC 8484 §4.2.1: only a 2xx of the right type holds an answer. */
function resolveSaid(
  { statusCode = 0, type = '', ...rest }: Response, resolve: (said: Said) => void, reject: (error: Error) => void,
): void {
  const isMessage = /^application\/dns-message\s*(;|$)/i.test(type);
  const said: Said = { ...rest, statusCode };
  if (statusCode >= 200 && statusCode < 300 && isMessage) return resolve(said);
  reject(new WrongAnswer(`HTTP status ${statusCode}, content type ${type.slice(0, 60) || 'none'}`, said));
}
