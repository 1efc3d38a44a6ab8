import type { FieldLine } from '../../trace/request.ts';
import type { ResponseHead } from './transmission.ts';

/** What the fields of a response say to the client itself, found in one pass. */
export interface ResponseFacts {
  /**
   * Values of `Content-Encoding` (RFC 9110 §8.4), and then the codings of `Transfer-Encoding` but for `chunked`
   * (RFC 9112 §7), which nobody asked for, but which are around the content all the same.
   */
  readonly contentEncoding: readonly string[];
  /** Values of `Set-Cookie` (RFC 6265bis §4.1). */
  readonly setCookie: readonly string[];
  /** The `timeout` of `Keep-Alive`, in ms. */
  readonly keepAlive: number | undefined;
  /** `Content-Length` (RFC 9110 §8.6), where it is one number. */
  readonly contentLength: number | undefined;
  /** The content is of `text/event-stream`. */
  readonly isEventStream: boolean;
}

/** RFC 9110 §6.4.1: to HEAD, and with 1xx, 204 and 304, the length is that of a content that does not come. */
export function hasContent(method: string, { statusCode }: Pick<ResponseHead, 'statusCode'>): boolean {
  return method !== 'HEAD' && statusCode >= 200 && statusCode !== 204 && statusCode !== 304;
}

/** Whether events are to be read from a content (HTML, "Server-sent events"). */
export function isEventStream({ statusCode, headers }: Pick<ResponseHead, 'statusCode' | 'headers'>): boolean {
  return statusCode === 200 && responseFacts(headers).isEventStream;
}

const none: readonly string[] = [];

/** The fields looked at last: a head that comes again has the same lines. */
let lastHeaders: readonly FieldLine[] | undefined;
let lastFacts: ResponseFacts | undefined;

/** What the fields of a response say of how it is to be read; the same lines asked for again cost nothing. */
export function responseFacts(headers: readonly FieldLine[]): ResponseFacts {
  if (!lastFacts || headers !== lastHeaders) {
    lastFacts = factsOf(headers);
    lastHeaders = headers;
  }
  return lastFacts;
}

function factsOf(headers: readonly FieldLine[]): ResponseFacts {
  let isEventStream = false;
  let contentEncoding: string[] | undefined;
  let transferEncoding: string[] | undefined;
  let setCookie: string[] | undefined;
  let keepAlive: number | undefined;
  let contentLength: number | undefined;
  for (const [name, value] of headers) {
    // Comparing lengths first spares most names the change of case.
    if (name.length === 10) {
      const lower = name.toLowerCase();
      if (lower === 'set-cookie') (setCookie ??= []).push(value);
      else if (lower === 'keep-alive') keepAlive ??= keepAliveOf(value);
    } else if (name.length === 12 && name.toLowerCase() === 'content-type') {
      isEventStream ||= /^\s*text\/event-stream\s*(?:;|$)/i.test(value);
    } else if (name.length === 14 && value.length < 16 && name.toLowerCase() === 'content-length') {
      contentLength = /^\d+$/.test(value) ? Number(value) : undefined;
    } else if (name.length === 16 && name.toLowerCase() === 'content-encoding') {
      (contentEncoding ??= []).push(value);
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (value.trim().toLowerCase() === 'chunked') continue;
      (transferEncoding ??= []).push(value.replace(/(?:^|,)\s*chunked\s*(?=,|$)/gi, ''));
    }
  }
  if (transferEncoding) contentEncoding = [...contentEncoding ?? [], ...transferEncoding];
  return {
    contentEncoding: contentEncoding ?? none, setCookie: setCookie ?? none, keepAlive, contentLength, isEventStream,
  };
}

/** The value read last: a server says the same each time. */
let lastValue = '';
let lastTimeout: number | undefined;

function keepAliveOf(value: string): number | undefined {
  if (value === lastValue) return lastTimeout;
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(value)?.[1];
  lastValue = value;
  lastTimeout = seconds === undefined ? undefined : Number(seconds) * 1000;
  return lastTimeout;
}

/**
 * Whether only the end of the connection ends the body (RFC 9112 §6.3, rule 8). Over TLS it has to be an end in order
 * (RFC 9112 §9.8): anybody on the way can end TCP.
 */
export function isUntilClose({ httpVersion, headers }: Pick<ResponseHead, 'httpVersion' | 'headers'>): boolean {
  return httpVersion !== '2' && !headers.some(([name, value]) => /^content-length$/i.test(name)
    || (/^transfer-encoding$/i.test(name) && /chunked\s*$/i.test(value)));
}
