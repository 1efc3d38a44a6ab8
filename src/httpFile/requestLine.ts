import { firstCode, isSpace, rangeIn, trimmedEndOf } from './lines.ts';
import type { Lines } from './lines.ts';
import type { Range } from './syntax.ts';

/** A request line taken apart (RFC 9112 §3), or what else the first significant line of a block is. */
export type RequestLine =
  | {
    readonly kind: 'request';
    /** STRICT in the grammar; a loose one is a guess. */
    readonly strict: boolean;
    readonly method: string;
    readonly methodRange: Range | undefined;
    readonly target: string;
    readonly targetRange: Range;
    readonly version: string | undefined;
  }
  | { readonly kind: 'curl' | 'header' | 'prose' };

/** Methods that are read in any case: RFC 9110 §9, WebDAV and what request files use for other protocols. */
const knownMethods: ReadonlySet<string> = new Set([
  'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY',
  'LOCK', 'UNLOCK', 'PROPFIND', 'PROPPATCH', 'COPY', 'MOVE', 'MKCOL', 'MKCALENDAR', 'ACL', 'SEARCH',
  'CHECKOUT', 'CHECKIN', 'REPORT', 'MERGE', 'MKACTIVITY', 'VERSION-CONTROL', 'BASELINE-CONTROL',
  'PURGE', 'GRAPHQL', 'GRPC', 'WS', 'WSS', 'WEBSOCKET', 'SSE', 'EVENTSOURCE', 'MQTT', 'MQTTS',
  'AMQP', 'RSOCKET',
]);

/** A target that can be nothing else: a URL, a path, `*`, a variable, a host name, an IP address. */
const strictTarget =
  /^(?:[a-z][a-z0-9+.-]*:\/\/|\/|\*$|\{\{|\[|localhost(?![\w.-])|[\w\u0080-\uffff-]+(?:\.[\w\u0080-\uffff-]+)+(?:[:/?#]|$)|[\w-]+:\d)/i;

const webScheme = /^(?:https?|wss?|grpcs?):\/\//i;

/** The line as a request line. Never undefined: a line that is none says what it looks like. */
export function requestLineOn(lines: Lines, line: number): RequestLine {
  const { text } = lines;
  const start = lines.firsts[line]!;
  const end = trimmedEndOf(lines, line);
  let at = start;
  while (at < end && !isSpace(text.charCodeAt(at))) at++;
  const word = text.slice(start, at);
  let targetStart = at;
  while (targetStart < end && isSpace(text.charCodeAt(targetStart))) targetStart++;
  const method = methodFor(word, text, targetStart, end);
  if (method !== undefined) {
    const methodRange = rangeIn(lines, line, start, at);
    return withTarget(lines, line, targetStart, end, true, method, methodRange);
  }
  return withoutMethod(lines, line, start, end, word);
}

/** C30: known methods in any case before a target, unknown ones in upper case before a strict one. */
function methodFor(word: string, text: string, from: number, end: number): string | undefined {
  if (word.length > 40) return undefined;
  const upper = word.toUpperCase();
  if (knownMethods.has(upper)) {
    const certain = word === upper || isStrict(text, from, end);
    return certain ? upper : undefined;
  }
  const custom = /^[A-Z][A-Z0-9-]*$/.test(word) || /^\{\{[^{}]+\}\}$/.test(word);
  return custom && isStrict(text, from, end) ? word : undefined;
}

function isStrict(text: string, from: number, end: number): boolean {
  return strictTarget.test(text.slice(from, Math.min(end, from + 300)));
}

function withoutMethod(
  lines: Lines, line: number, start: number, end: number, word: string,
): RequestLine {
  const whole = lines.text.slice(start, end);
  if (word.toLowerCase() === 'curl') return { kind: 'curl' };
  const strict = webScheme.test(whole) || (isStrict(lines.text, start, end) && !/\s/.test(whole.trim()));
  if (!strict) {
    // C47, C48: a header without a request line, and prose, are not sent.
    if (/^[\w-]+\s{0,20}:(?!\/\/|\d)/.test(whole)) return { kind: 'header' };
    if (!/[./:]|\{\{/.test(whole)) return { kind: 'prose' };
  }
  return withTarget(lines, line, start, end, strict, 'GET', undefined);
}

function withTarget(
  lines: Lines, line: number, from: number, to: number,
  strict: boolean, method: string, methodRange: Range | undefined,
): RequestLine {
  const version = versionBefore(lines, from, to);
  const end = endBefore(lines, version, from, to);
  return {
    kind: 'request', strict, method, methodRange, target: lines.text.slice(from, end),
    targetRange: rangeIn(lines, line, from, end), version,
  };
}

/** ` HTTP/1.1` or ` HTTP/2 (Prior Knowledge)` at the end of a target, as written (C31). */
export function versionBefore(lines: Lines, from: number, to: number): string | undefined {
  const tailStart = Math.max(from, to - longestVersion);
  const found = lines.text.slice(tailStart, to).search(versionAtEnd);
  if (found < 0) return undefined;
  const start = tailStart + found;
  if (start > from && !isSpace(lines.text.charCodeAt(start - 1))) return undefined;
  return lines.text.slice(start, to);
}

const versionAtEnd = /HTTP\/\d[^\s/]{0,6}(?:\s\(prior knowledge\))?$/i;

/** Where a target ends that a version follows. */
export function endBefore(
  lines: Lines, version: string | undefined, from: number, to: number,
): number {
  let end = to - (version?.length ?? 0);
  while (end > from && isSpace(lines.text.charCodeAt(end - 1))) end--;
  return end;
}

const longestVersion = 40;

/** Versions with a meaning; others are told and treated as absent. */
export function isKnownVersion(version: string): boolean {
  return /^HTTP\/(?:1\.0|1\.1|2|2\.0|2 \(prior knowledge\)|3|3\.0)$/i.test(version);
}

/** C3: a line that starts a request although no separator stands before it. */
export function isStackedRequest(lines: Lines, line: number): boolean {
  const code = firstCode(lines, line);
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  if (!isLetter) return false;
  const found = requestLineOn(lines, line);
  if (found.kind !== 'request' || found.methodRange === undefined) return false;
  return found.version !== undefined || /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{)/i.test(found.target);
}

/** A pasted response: `HTTP/1.1 200 OK` (RFC 9112 §4). */
export function isStatusLine(lines: Lines, line: number): boolean {
  const first = lines.firsts[line]!;
  if (lines.text.charCodeAt(first) !== 0x48 || lines.text.charCodeAt(first + 1) !== 0x54) return false;
  return /^HTTP\/\d(?:\.\d)?\s+\d{3}(?!\d)/.test(lines.text.slice(first, first + 40));
}
