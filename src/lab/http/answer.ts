import { STATUS_CODES } from 'node:http';
import type { Fault } from '../faults/fault.ts';
import type { FieldLine } from '../messages.ts';
import type { Conversation } from '../webSocket/conversation.ts';

export interface Answer {
  readonly statusCode: number;
  readonly headers: readonly FieldLine[];
  /**
   * What is not known as a whole is streamed, without a Content-Length unless `headers` has one.
   */
  readonly body?: Buffer | AsyncIterable<Buffer>;
  readonly trailers?: readonly FieldLine[];
  /** Its name, where something is wrong with the content on purpose. */
  readonly faultName?: string;
}

/** What a handler gives. */
export type Outcome = Answer | { readonly fault: Fault } | { readonly talk: Conversation };

/** RFC 9110 §15 */
export function isAnswer(outcome: Outcome): outcome is Answer {
  return 'statusCode' in outcome;
}

/** UTF-8 text with its media type; a charset is added. */
export function text(
  statusCode: number, mediaType: string, content: string, headers: readonly FieldLine[] = [],
): Answer {
  return bytes(statusCode, `${mediaType}; charset=utf-8`, Buffer.from(content), headers);
}

export function bytes(
  statusCode: number, contentType: string, body: Buffer, headers: readonly FieldLine[] = [],
): Answer {
  return { statusCode, headers: [['Content-Type', contentType], ...headers], body };
}

/** RFC 8259; readable for people, too. */
export function json(
  statusCode: number, value: unknown, headers: readonly FieldLine[] = [],
): Answer {
  const body = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return bytes(statusCode, 'application/json', body, headers);
}

/** Problem details (RFC 9457): what happened and what to do about it; `more` are members besides (§3.2). */
export function problem(
  statusCode: number, detail: string, headers: readonly FieldLine[] = [], more: Readonly<Record<string, unknown>> = {},
): Answer {
  const title = STATUS_CODES[statusCode] ?? 'Unassigned status code';
  const details = { type: 'about:blank', title, status: statusCode, detail, ...more };
  const body = Buffer.from(`${JSON.stringify(details, null, 2)}\n`);
  return bytes(statusCode, 'application/problem+json', body, headers);
}
