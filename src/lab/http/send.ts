import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { FieldLine } from '../messages.ts';
import type { Answer } from './answer.ts';

/** Both of Node's pairs; what differs between them is in this file. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
export type NodeResponse = ServerResponse | Http2ServerResponse;

export function isHttp2(response: NodeResponse): response is Http2ServerResponse {
  return 'createPushResponse' in response;
}

const serverFields: readonly FieldLine[] = [
  ['Server', 'Roundtrip-Lab'],
  ['X-Content-Type-Options', 'nosniff'],
];

/** Told as the answer leaves; sizes in bytes, without chunk framing. */
export interface Progress {
  onHead(): void;
  onBody(size: number): void;
}

/** Sends an answer; resolves when all of it was handed over, or the client went away. */
export async function sendAnswer(
  request: NodeRequest, response: NodeResponse, answer: Answer, progress: Progress,
): Promise<void> {
  const hasBody = mayHaveBody(request.method, answer.statusCode);
  writeHead(response, answer);
  progress.onHead();
  const body = hasBody ? answer.body : undefined;
  if (Buffer.isBuffer(body)) {
    progress.onBody(body.length);
    return void response.end(body);
  }
  if (body) await writeBody(response, body, progress);
  if (response.destroyed || response.closed) return;
  if (answer.trailers && hasBody) response.addTrailers(Object.fromEntries(answer.trailers));
  response.end();
}

/** RFC 9110 §6.4.1 */
function mayHaveBody(method: string | undefined, statusCode: number): boolean {
  return method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
}

function writeHead(response: NodeResponse, answer: Answer): void {
  const length: FieldLine[] = Buffer.isBuffer(answer.body) && answer.statusCode !== 204
    ? [['Content-Length', String(answer.body.length)]] : [];
  const trailer: FieldLine[] = answer.trailers
    ? [['Trailer', answer.trailers.map(([name]) => name).join(', ')]] : [];
  const lines = [...serverFields, ...answer.headers, ...length, ...trailer];
  if (!isHttp2(response)) return void response.writeHead(answer.statusCode, lines.flat());
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of lines) {
    const earlier = fields[name.toLowerCase()];
    fields[name.toLowerCase()] = earlier === undefined ? value : [earlier, value].flat();
  }
  response.writeHead(answer.statusCode, fields);
}

async function writeBody(
  response: NodeResponse, body: AsyncIterable<Buffer>, progress: Progress,
): Promise<void> {
  let size = 0;
  for await (const chunk of body) {
    if (response.destroyed || response.closed) return;
    size += chunk.length;
    progress.onBody(size);
    if (!write(response, chunk)) await drainedOrClosed(response);
  }
}

function write(response: NodeResponse, chunk: Buffer): boolean {
  return isHttp2(response) ? response.write(chunk) : response.write(chunk);
}

function drainedOrClosed(response: NodeResponse): Promise<void> {
  if (response.destroyed || response.closed) return Promise.resolve();
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
