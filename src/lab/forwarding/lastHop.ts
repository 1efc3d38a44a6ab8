import type { IncomingMessage } from 'node:http';
import { monotonicNow } from '../clock.ts';
import { pairs } from '../http/requestHead.ts';
import type { FieldLine } from '../messages.ts';
import { tellWhenOver } from './visit.ts';
import type { Passage } from './visit.ts';

// RFC 9110 §7.6.2: TRACE and OPTIONS say how many servers may still pass them on.

/** How many may still pass a request on; undefined where it does not say, or is not asked. */
export function forwardsLeft({ method, headers }: IncomingMessage): number | undefined {
  const field = headers['max-forwards'];
  if ((method !== 'TRACE' && method !== 'OPTIONS') || typeof field !== 'string') return undefined;
  return /^\d{1,9}$/.test(field) ? Number(field) : undefined;
}

/** The field lines with one forward less. */
export function withOneLess(lines: readonly FieldLine[], left: number): FieldLine[] {
  return lines.map(([name, value]) => [name, name.toLowerCase() === 'max-forwards' ? String(left - 1) : value]);
}

/** RFC 9110 §9.3.8: what is secret is not sent back. */
const secret = new Set(['authorization', 'cookie', 'proxy-authorization']);
const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE';

/** Answers in place of the origin server: a request as it came, or what the intermediary can do. */
export function answerAsLast(passage: Passage): void {
  const { request, response, account } = passage;
  const isTrace = request.method === 'TRACE';
  const body = isTrace ? reflected(request) : Buffer.alloc(0);
  const statusCode = isTrace ? 200 : 204;
  response.writeHead(statusCode, isTrace
    ? ['Content-Type', 'message/http', 'Content-Length', String(body.length)] : ['Allow', methods]);
  account.add({ type: 'response-started', at: monotonicNow(), statusCode });
  tellWhenOver(passage, () => body.length);
  response.end(body);
}

function reflected({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = pairs(rawHeaders).filter(([name]) => !secret.has(name.toLowerCase()));
  const fields = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${url} HTTP/${httpVersion}\r\n${fields}\r\n`, 'latin1');
}
