import { firstCode, isSpace, trimmedEndOf } from './lines.ts';
import type { Lines } from './lines.ts';

/** A request line taken apart (RFC 9112 §3); places are offsets in the text. */
export interface RequestStart {
  readonly kind: 'request';
  /** STRICT in the grammar; a loose one is a guess. */
  readonly strict: boolean;
  readonly method: string;
  /** -1 when no method is written. */
  readonly methodEnd: number;
  readonly targetFrom: number;
  readonly targetEnd: number;
  readonly version: string | undefined;
}

/** A request line, or what else the first significant line of a block is. */
type RequestLine = RequestStart
  | { readonly kind: 'curl' | 'header' | 'prose' }
  /** A command of another program than curl. */
  | { readonly kind: 'foreign'; readonly program: string };

/** Methods that are read in any case: RFC 9110 §9, WebDAV and what request files use for other protocols. */
const knownMethods: ReadonlySet<string> = new Set([
  'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY',
  'LOCK', 'UNLOCK', 'PROPFIND', 'PROPPATCH', 'COPY', 'MOVE', 'MKCOL', 'MKCALENDAR', 'ACL', 'SEARCH',
  'CHECKOUT', 'CHECKIN', 'REPORT', 'MERGE', 'MKACTIVITY', 'VERSION-CONTROL', 'BASELINE-CONTROL',
  'PURGE', 'GRAPHQL', 'GRPC', 'WS', 'WSS', 'WEBSOCKET', 'SSE', 'EVENTSOURCE', 'MQTT', 'MQTTS',
  'AMQP', 'RSOCKET',
]);

/** Methods that stand for another protocol than HTTP. */
export const otherProtocols: ReadonlySet<string> = new Set([
  'GRPC', 'WS', 'WSS', 'WEBSOCKET', 'MQTT', 'MQTTS', 'AMQP', 'RSOCKET',
]);

/** Those of them that open a WebSocket. */
export const webSocketMethods: ReadonlySet<string> = new Set(['WS', 'WSS', 'WEBSOCKET']);

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
  let targetFrom = at;
  while (targetFrom < end && isSpace(text.charCodeAt(targetFrom))) targetFrom++;
  const method = methodIn(text, start, at, targetFrom, end);
  if (method !== undefined) return withTarget(lines, targetFrom, end, true, method, at);
  return withoutMethod(lines, start, end, text.slice(start, at));
}

/** C30: known methods in any case before a target, unknown ones in upper case before a strict one. */
function methodIn(
  text: string, from: number, to: number, targetFrom: number, end: number,
): string | undefined {
  for (const method of frequentMethods) {
    if (to - from === method.length && text.startsWith(method, from)) return method;
  }
  if (to - from > 40) return undefined;
  const word = text.slice(from, to);
  if (isCurl(word)) return undefined;
  const upper = word.toUpperCase();
  if (knownMethods.has(upper)) {
    const certain = word === upper || isStrict(text, targetFrom, end);
    return certain ? upper : undefined;
  }
  const custom = /^[A-Z][A-Z0-9-]*$/.test(word) || /^\{\{[^{}]+\}\}$/.test(word);
  return custom && isStrict(text, targetFrom, end) ? word : undefined;
}

function isCurl(word: string): boolean {
  return (word.length === 4 || word.length === 8) && /^curl(?:\.exe)?$/i.test(word);
}

const frequentMethods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;

function isStrict(text: string, from: number, end: number): boolean {
  return strictTarget.test(text.slice(from, Math.min(end, from + 300)));
}

function withoutMethod(lines: Lines, start: number, end: number, word: string): RequestLine {
  const whole = lines.text.slice(start, end);
  if (isCurl(word)) return { kind: 'curl' };
  const program = foreignProgram(whole);
  if (program !== undefined) return { kind: 'foreign', program };
  const strict = webScheme.test(whole) || (isStrict(lines.text, start, end) && !/\s/.test(whole.trim()));
  if (!strict) {
    // C47, C48: a header without a request line, and prose, are not sent.
    if (/^[\w-]+\s{0,20}:(?!\/\/|\d)/.test(whole)) return { kind: 'header' };
    if (!/[./:]|\{\{/.test(whole)) return { kind: 'prose' };
  }
  return withTarget(lines, start, end, strict, 'GET', -1);
}

/** What browsers copy besides curl commands, and the commands of Wget and HTTPie. */
function foreignProgram(line: string): string | undefined {
  const text = line.slice(0, 200);
  const web = /^(?:\$\w{1,40}\s{0,4}=\s{0,4})?(Invoke-(?:WebRequest|RestMethod))(?:\s|$)/i.exec(text);
  if (web) return web[1];
  if (/^\$session\s{0,4}=/i.test(text)) return 'PowerShell';
  if (/^(?:(?:const|let|var)\s{1,4}\w{1,40}\s{0,4}=\s{0,4})?(?:await\s{1,4})?fetch\s?\(/.test(text)) return 'fetch';
  if (/^wget(?:\.exe)?\s/i.test(text)) return 'wget';
  return /^https?\s{1,8}(?:-|[A-Z]{3,10}\s|https?:\/\/|localhost|:[\d/]|[\w-]{1,60}\.[\w-])/.test(text) ? 'HTTPie'
    : undefined;
}

function withTarget(
  lines: Lines, targetFrom: number, to: number, strict: boolean, method: string, methodEnd: number,
): RequestLine {
  const version = versionBefore(lines, targetFrom, to);
  const targetEnd = endBefore(lines, version, targetFrom, to);
  return { kind: 'request', strict, method, methodEnd, targetFrom, targetEnd, version };
}

/** ` HTTP/1.1` or ` HTTP/2 (Prior Knowledge)` at the end of a target, as written (C31). */
export function versionBefore(lines: Lines, from: number, to: number): string | undefined {
  const { text } = lines;
  if (!mayEndInVersion(text, from, to)) return undefined;
  const isUsual = to - from > 8 && text.startsWith('HTTP/1.1', to - 8) && isSpace(text.charCodeAt(to - 9));
  if (isUsual) return 'HTTP/1.1';
  const tailStart = Math.max(from, to - longestVersion);
  const found = lines.text.slice(tailStart, to).search(versionAtEnd);
  if (found < 0) return undefined;
  const start = tailStart + found;
  if (start > from && !isSpace(lines.text.charCodeAt(start - 1))) return undefined;
  return lines.text.slice(start, to);
}

/** Whether the last slash stands where that of a version would; nearly all targets are done with here. */
function mayEndInVersion(text: string, from: number, to: number): boolean {
  const isLong = text.charCodeAt(to - 1) === 0x29;
  const limit = Math.max(from, to - (isLong ? longestVersion : 8));
  let slash = to - 1;
  while (slash >= limit && text.charCodeAt(slash) !== 0x2f) slash--;
  return slash > from && slash >= limit && (text.charCodeAt(slash - 1) | 0x20) === 0x70;
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

/** Whether a line has no white space inside: a method needs a target. */
function isOneWord(lines: Lines, line: number): boolean {
  const end = trimmedEndOf(lines, line);
  for (let at = lines.firsts[line]!; at < end; at++) if (isSpace(lines.text.charCodeAt(at))) return false;
  return true;
}

/** C3: a line that starts a request although no separator stands before it. */
export function isStackedRequest(lines: Lines, line: number): boolean {
  const code = firstCode(lines, line);
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  if (!isLetter) return false;
  if (isOneWord(lines, line)) return false;
  const found = requestLineOn(lines, line);
  if (found.kind !== 'request' || found.methodEnd < 0) return false;
  if (found.version !== undefined) return true;
  const target = lines.text.slice(found.targetFrom, found.targetEnd);
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{)/i.test(target);
}

/** A pasted response: `HTTP/1.1 200 OK` (RFC 9112 §4). */
export function isStatusLine(lines: Lines, line: number): boolean {
  const first = lines.firsts[line]!;
  if (lines.text.charCodeAt(first) !== 0x48 || lines.text.charCodeAt(first + 1) !== 0x54) return false;
  return /^HTTP\/\d(?:\.\d)?\s+\d{3}(?!\d)/.test(lines.text.slice(first, first + 40));
}
