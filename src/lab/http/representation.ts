import { createHash } from 'node:crypto';
import type { FieldLine } from '../messages.ts';
import { bytes, problem } from './answer.ts';
import type { Answer } from './answer.ts';
import { evaluate, ifRangeHolds } from './conditions.ts';
import type { Verdict } from './conditions.ts';
import { httpDate } from './httpDate.ts';
import { contentRange, multipartRanges, readRanges } from './ranges.ts';
import type { RequestHead } from './requestHead.ts';

/** What a resource is right now, in the form that was negotiated. */
export interface Representation {
  readonly contentType: string;
  readonly body: Buffer;
  /** ms since 1970. */
  readonly modifiedAt: number;
  /** Besides type and validators; of these, 304 repeats all but those that tell of the content. */
  readonly headers: readonly FieldLine[];
  /** Of a coding of the same content; absent: made from the bytes. */
  readonly etag?: string;
}

/** A strong entity tag (RFC 9110 §8.8.1): it is made of the bytes, so other bytes have another one. */
export function etagOf(content: Buffer | string): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

/** Answers GET and HEAD for a representation: conditions first (RFC 9110 §13), ranges then (§14). */
export function answerWith(head: RequestHead, shown: Representation, now: number): Answer {
  const etag = shown.etag ?? etagOf(shown.body);
  const { modifiedAt, body, contentType } = shown;
  const headers: FieldLine[] = [
    ['ETag', etag], ['Last-Modified', httpDate(modifiedAt)], ...shown.headers,
  ];
  const verdict = evaluate(head, { etags: [etag], modifiedAt });
  if (verdict.outcome === 'failed') return preconditionFailed(verdict);
  if (verdict.outcome === 'not-modified') return { statusCode: 304, headers: headers.filter(isFor304) };
  const whole = bytes(200, contentType, body, [...headers, ['Accept-Ranges', 'bytes']]);
  // §14.2: for other methods than GET there are no ranges.
  if (head.method !== 'GET' || !ifRangeHolds(head, etag, modifiedAt, now)) return whole;
  const ranges = readRanges(head.all('range').join(','), body.length);
  const [only] = ranges ?? [];
  if (!ranges) return whole;
  if (!only) return unsatisfiable(body.length);
  if (ranges.length === 1) {
    return bytes(206, contentType, body.subarray(only[0], only[1] + 1),
      [...headers, ['Content-Range', contentRange(only, body.length)]]);
  }
  // A coding would be taken for one of all the parts together.
  if (headers.some(([name]) => name === 'Content-Encoding')) return whole;
  const parts = multipartRanges(body, contentType, ranges);
  return bytes(206, parts.contentType, parts.body, headers);
}

/** RFC 9110 §15.4.5 */
function isFor304([name]: FieldLine): boolean {
  return !/^content-(?!location)/i.test(name);
}

/** RFC 9110 §15.5.17 */
function unsatisfiable(size: number): Answer {
  return problem(416, `There are ${size} bytes, and none of them in the range asked for.`,
    [['Content-Range', `bytes */${size}`]]);
}

/** RFC 9110 §15.5.13: the state of the resource is not the one that the request is meant for. */
export function preconditionFailed({ field }: Extract<Verdict, { outcome: 'failed' }>): Answer {
  return problem(412, `The condition of ${field} does not hold: this is not the state you knew. `
    + 'Get it again, look at what changed, and decide anew.');
}
