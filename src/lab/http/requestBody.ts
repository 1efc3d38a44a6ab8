import type { Readable } from 'node:stream';
import { monotonicNow } from '../clock.ts';
import { problem } from './answer.ts';
import type { Answer, Outcome } from './answer.ts';
import { readBody } from './readBody.ts';
import type { NodeRequest } from './send.ts';
import { tellOfCheck } from './telling.ts';
import { lateBody } from './unreadable.ts';
import type { Visit } from './visit.ts';

// The body of a request to the lab's web server: read whole before the handler, or by the handler as it comes.

/** Whether there is a body to be read, which may turn out to be empty. */
export function hasBody(request: NodeRequest): boolean {
  if ('stream' in request) return !request.stream.endAfterHeaders;
  return request.headers['transfer-encoding'] !== undefined
    || Number(request.headers['content-length'] ?? 0) > 0;
}

/** Reads it whole; an answer where it is too large or too late, undefined where the client went away. */
export async function bodyOf(visit: Visit): Promise<Buffer | Outcome | undefined> {
  const { request, options, account, signal } = visit;
  const startAt = monotonicNow();
  const tooLarge = problem(413, `The body is larger than ${options.bodyLimit} bytes.`);
  const refuse = (): Answer => {
    tellOfCheck(account, 'size', tooLarge, false);
    return tooLarge;
  };
  if (Number(request.headers['content-length'] ?? 0) > options.bodyLimit) return refuse();
  sendContinue(visit);
  if (account.isTold) options.onWork?.(account);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.requestTimeout)]);
  const read = await readBody(request, options.bodyLimit, limit);
  if (read.outcome === 'too-large') return refuse();
  if (read.outcome === 'aborted') {
    return signal.aborted ? undefined : problem(408, lateBody(options.requestTimeout));
  }
  tellOfCheck(account, 'size', undefined, false);
  account.add({ type: 'body-read', startAt, at: monotonicNow(), size: read.body.length });
  return read.body;
}

/** The handler reads it as it comes, whatever its size. */
export function beginStream(visit: Visit): void {
  const { request, account } = visit;
  if (account.isTold && hasBody(request)) {
    tellOfCheck(account, 'size', undefined, true);
    const startAt = monotonicNow();
    onceRead(request, (size) => account.add({ type: 'body-read', startAt, at: monotonicNow(), size }));
  }
  sendContinue(visit);
}

/** Calls `listener` with the size once all was read. To listen for `data` would let it flow before its reader is there. */
function onceRead(stream: Readable, listener: (size: number) => void): void {
  const push = stream.push.bind(stream);
  let size = 0;
  stream.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    size += chunk?.length ?? 0;
    return push(chunk, encoding);
  };
  stream.on('end', () => listener(size));
}

/** RFC 9110 §10.1.1: only when the body is really going to be read. */
function sendContinue({ head, response }: Visit): void {
  const isExpected = head.all('expect').some((value) => value.toLowerCase() === '100-continue');
  if (isExpected && head.httpVersion !== '1.0') response.writeContinue();
}
