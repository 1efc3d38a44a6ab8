import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { problem } from './answer.ts';
import type { ServerLimits } from './httpServers.ts';

// What is said to a connection whose bytes are no request, too large, or too late (RFC 9112 §2.2, §3).

/** In bytes and ms, as they were given to Node. */
export interface HeadLimits extends Pick<ServerLimits, 'headTimeout' | 'requestTimeout'> {
  readonly headSize: number;
}

/** What is known of the request that cannot be read. */
interface Circumstances {
  /** Whose body is still to come; absent: the head is. */
  readonly request: Pick<IncomingMessage, 'complete'> | undefined;
  /** Bytes of this head that have come; absent: not known. */
  readonly received: number | undefined;
}

type ClientError = Error & { readonly code?: string; readonly rawPacket?: Buffer };

/** Answers what Node's `clientError` tells of, and closes; a connection that has said nothing is closed without a word. */
export function refuseBytes(
  error: ClientError, socket: Duplex, limits: HeadLimits, known: Circumstances,
): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  if (isLate(error) && known.received === 0) return void socket.destroy();
  const { statusCode, detail } = explainBytes(error, limits, known);
  endWith(socket, statusCode, detail);
}

function isLate({ code }: ClientError): boolean {
  return code === 'ERR_HTTP_REQUEST_TIMEOUT';
}

function explainBytes(
  error: ClientError, limits: HeadLimits, known: Circumstances,
): { readonly statusCode: number; readonly detail: string } {
  const { code = '' } = error;
  if (isLate(error)) return { statusCode: 408, detail: explainDelay(limits, known) };
  if (code === 'HPE_HEADER_OVERFLOW') return { statusCode: 431, detail: explainSize(limits, known) };
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return { statusCode: 413, detail: 'The chunk extensions of the body are larger than the 16384 bytes that are read.' };
  }
  return { statusCode: 400, detail: isTls(error.rawPacket) ? tlsDetail : details[code] ?? plainDetail(code) };
}

function explainDelay({ headTimeout, requestTimeout }: HeadLimits, { request }: Circumstances): string {
  return request ? lateBody(requestTimeout) : `The head of a request may take ${headTimeout} ms; it had not ended by then.`;
}

/** @param limit in ms. */
export function lateBody(limit: number): string {
  return `A whole request may take ${limit} ms; its body had not ended by then.`;
}

/** RFC 6585 §5. Reading ends there, so that nobody knows how large it would have been. */
function explainSize({ headSize }: HeadLimits, { request, received = 0 }: Circumstances): string {
  if (request) return `The trailer fields of the request are larger than the ${headSize} bytes that are read.`;
  const seen = received > headSize ? `: ${received} bytes had come when reading ended, and it was not over` : '';
  return `The head of the request, its line and fields, is larger than the ${headSize} bytes that are read${seen}.`;
}

/** RFC 8446 §5.1: a record of a handshake, whose version says 3. */
function isTls(packet: Buffer | undefined): boolean {
  return packet?.[0] === 22 && packet[1] === 3;
}

const tlsDetail = 'TLS came where HTTP is spoken in the clear: this port is for http: URLs, not for https: ones.';

/** By the codes of Node's parser. */
const details: Readonly<Record<string, string>> = {
  HPE_INVALID_METHOD: 'The bytes are no HTTP request: they do not begin with a method.',
  HPE_INVALID_URL: 'The bytes are no HTTP request: the target behind the method is none.',
  HPE_INVALID_CONSTANT: 'The bytes are no HTTP request: no version of HTTP follows the target.',
  HPE_INVALID_VERSION: 'The bytes are no HTTP request: there is no such version of HTTP, or no CR LF behind it.',
  HPE_INVALID_HEADER_TOKEN: 'A field line of the request has a character that may not be there (RFC 9110 §5.1, §5.5).',
  HPE_INVALID_CONTENT_LENGTH:
    'Content-Length of the request is no number, or stands beside Transfer-Encoding (RFC 9112 §6.3).',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'The request tells the length of its body more than once (RFC 9112 §6.3).',
  HPE_INVALID_TRANSFER_ENCODING: 'Transfer-Encoding of the request does not end in chunked (RFC 9112 §6.3).',
  HPE_INVALID_CHUNK_SIZE: 'A chunk of the body has a size that is no hexadecimal number (RFC 9112 §7.1).',
  HPE_STRICT: 'A line of the request does not end in CR LF (RFC 9112 §2.2).',
  HPE_LF_EXPECTED: 'A line of the request has CR without LF (RFC 9112 §2.2).',
  HPE_CR_EXPECTED: 'A line of the request has LF without CR (RFC 9112 §2.2).',
  HPE_INVALID_EOF_STATE: 'The client ended the connection in the middle of the request.',
};

function plainDetail(code: string): string {
  return `The bytes on the connection are no HTTP request${code === '' ? '' : ` (${code})`}.`;
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request', 405: 'Method Not Allowed', 408: 'Request Timeout', 413: 'Content Too Large',
  431: 'Request Header Fields Too Large', 501: 'Not Implemented', 505: 'HTTP Version Not Supported',
};

/** Answers past Node with problem details, the last thing on the connection; `fields` are whole lines. */
export function endWith(socket: Duplex, statusCode: number, detail: string, fields = ''): void {
  const { head, body } = problemBytes(statusCode, detail, fields);
  socket.write(head);
  socket.write(body);
  if ('destroySoon' in socket) (socket as Socket).destroySoon();
  else socket.end();
}

/** Problem details as they go over a connection that ends with them; `fields` are whole lines. */
export function problemBytes(
  statusCode: number, detail: string, fields = '',
): { readonly head: string; readonly body: Buffer } {
  const body = problem(statusCode, detail).body as Buffer;
  const head = `HTTP/1.1 ${statusCode} ${reasons[statusCode] ?? ''}\r\n${fields}`
    + 'Content-Type: application/problem+json\r\nConnection: close\r\n'
    + `Content-Length: ${body.length}\r\n\r\n`;
  return { head, body };
}
