import * as http from 'node:http';
import * as http2 from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { DnsConnection } from '../../trace/dnsStep.ts';
import type { FieldLine } from '../../trace/request.ts';
import { messageLimit, settled, TooLong, WrongAnswer } from './secureChannel.ts';
import type { Said, SecureChannel } from './secureChannel.ts';
import type { SecureServer } from './secureServer.ts';

// DNS over HTTPS (RFC 8484), by either version of HTTP.

/** RFC 8484 §4.1: the query is the content of a POST. */
const fields = { 'content-type': 'application/dns-message', 'accept': 'application/dns-message' };

/** By HTTP/2. */
export function http2Channel(socket: TLSSocket, server: SecureServer, facts: DnsConnection): SecureChannel {
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

/** By HTTP/1.1. */
export function http1Channel(socket: TLSSocket, server: SecureServer, facts: DnsConnection): SecureChannel {
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
      let isWhole = false;
      request.on('response', (response) => {
        const { statusCode, headers: { 'content-type': type }, rawHeaders } = response;
        const said = { statusCode, type, requestHeaders, responseHeaders: pairs(rawHeaders) };
        const end = (bytes: Buffer): void => {
          isWhole = true;
          resolveSaid({ ...said, bytes }, resolve, reject);
        };
        collect(response, end, reject);
      });
      request.on('error', reject);
      request.end(query);
      return () => {
        // HTTP/1.1 answers in turn: behind a question that is given up no other would ever be answered.
        if (isWhole) return;
        if (request.socket) ended.abort(new Error('closed behind a question without a whole answer'));
        request.destroy();
      };
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
    if (size > messageLimit) reject(new TooLong());
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
