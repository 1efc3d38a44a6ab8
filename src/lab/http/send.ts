import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { FieldLine } from '../messages.ts';
import type { Answer } from './answer.ts';
import { commonFields, writePlainHead } from './plainHead.ts';

/** Both of Node's pairs; what differs between them is in this file. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
export type NodeResponse = ServerResponse | Http2ServerResponse;

export function isHttp2(response: NodeResponse): response is Http2ServerResponse {
  return 'createPushResponse' in response;
}

/** All of it was sent, or the client went away. Node's response of HTTP/2 does not say so itself. */
export function isOver(response: NodeResponse): boolean {
  const { destroyed, closed } = isHttp2(response) ? response.stream : response;
  return destroyed || closed;
}

const common = commonFields(['Server', 'Roundtrip-Lab', 'X-Content-Type-Options', 'nosniff']);

/** Told as the answer leaves; sizes in bytes, without chunk framing. */
export interface Progress {
  onHead(): void;
  onBody(size: number): void;
}

/** Sends an answer; what it gives resolves when all of it was handed over, or the client went away. */
export function sendAnswer(
  request: NodeRequest, response: NodeResponse, answer: Answer, progress: Progress | undefined,
): void | Promise<void> {
  const hasBody = mayHaveBody(request.method, answer.statusCode);
  const { body } = answer;
  writeHead(response, answer);
  progress?.onHead();
  if (!hasBody || !body) return endWith(response, hasBody ? answer.trailers : undefined);
  if (!Buffer.isBuffer(body)) return sendParts(response, body, answer.trailers, progress);
  progress?.onBody(body.length);
  // Node writes a short text with its head, and a buffer after it.
  if (body.length > maxTogether || isHttp2(response)) response.end(body);
  else response.end(body.toString('latin1'), 'latin1');
}

/** Bytes up to which it is cheaper to copy a body than to write it by itself. */
const maxTogether = 16_384;

async function sendParts(
  response: NodeResponse, body: AsyncIterable<Buffer>, trailers: Answer['trailers'], progress: Progress | undefined,
): Promise<void> {
  await writeBody(response, body, progress);
  if (!isOver(response)) endWith(response, trailers);
}

function endWith(response: NodeResponse, trailers: Answer['trailers']): void {
  if (trailers) response.addTrailers(Object.fromEntries(trailers));
  response.end();
}

/** RFC 9110 §6.4.1 */
function mayHaveBody(method: string | undefined, statusCode: number): boolean {
  return method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
}

function writeHead(response: NodeResponse, answer: Answer): void {
  const { statusCode, headers, body, trailers } = answer;
  if (isHttp2(response)) return writeHead2(response, answer);
  const isPlain = Buffer.isBuffer(body) && !trailers
    && writePlainHead(response, statusCode, common, headers, body.length);
  if (!isPlain) response.writeHead(statusCode, linesOf(answer));
}

function writeHead2(response: Http2ServerResponse, answer: Answer): void {
  const lines = linesOf(answer);
  const fields: Record<string, string | string[]> = {};
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index]!.toLowerCase();
    const value = lines[index + 1]!;
    const earlier = fields[name];
    fields[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  response.writeHead(answer.statusCode, fields);
}

/** Names and values in turn. */
function linesOf({ statusCode, headers, body, trailers }: Answer): string[] {
  const lines = [...common.lines];
  for (const [name, value] of headers) lines.push(name, value);
  if (Buffer.isBuffer(body) && statusCode !== 204) lines.push('Content-Length', String(body.length));
  if (trailers) lines.push('Trailer', trailers.map(([name]) => name).join(', '));
  return lines;
}

async function writeBody(
  response: NodeResponse, body: AsyncIterable<Buffer>, progress: Progress | undefined,
): Promise<void> {
  let size = 0;
  for await (const chunk of body) {
    if (isOver(response)) return;
    size += chunk.length;
    progress?.onBody(size);
    if (!write(response, chunk)) await drainedOrClosed(response);
  }
}

function write(response: NodeResponse, chunk: Buffer): boolean {
  return isHttp2(response) ? response.write(chunk) : response.write(chunk);
}

function drainedOrClosed(response: NodeResponse): Promise<void> {
  if (isOver(response)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** Sends `103 Early Hints`, unless the response has begun. */
export function sendEarlyHints(response: NodeResponse, lines: readonly FieldLine[]): void {
  if (response.headersSent || response.destroyed) return;
  const hints = lines.map(([name, value]) => [name.toLowerCase(), value] as const);
  response.writeEarlyHints(Object.fromEntries(hints));
}
