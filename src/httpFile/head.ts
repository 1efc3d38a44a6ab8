import { headerOn, isToken, isTokenCode, variableHeaderOn } from './header.ts';
import {
  endOf, firstCode, isIndented, lineKind, rangeIn, rangeOfLine, trimmedEndOf, trimmedLine,
} from './lines.ts';
import type { Lines } from './lines.ts';
import {
  endOfBlockComment, keepElement, readComment, report,
} from './reader.ts';
import type { Reader } from './reader.ts';
import {
  endBefore, isKnownVersion, isStackedRequest, isStatusLine, versionBefore,
} from './requestLine.ts';
import { rangeBetween } from './span.ts';
import type { FieldSpan } from './span.ts';
import type { HeaderField, HttpRequest } from './syntax.ts';
import { elementOf, isJsBlockStart, singleLineElement } from './tail.ts';

/** Where the header section ends: a body or tail starts at `line`, or the next request does. */
export interface HeadEnd {
  readonly line: number;
  readonly next: 'body' | 'request';
}

/** The lines after the request line: query and path continuations, headers, comments. */
export function readHead(reader: Reader, request: HttpRequest, from: number): HeadEnd {
  const fields: FieldSpan[] = [];
  const end = readFields(reader, request, fields, from);
  request.headers = fields.slice();
  return end;
}

function readFields(
  reader: Reader, request: HttpRequest, fields: FieldSpan[], from: number,
): HeadEnd {
  const { lines } = reader;
  let line = from;
  while (line < reader.end) {
    const kind = lines.kinds[line]!;
    if (kind === lineKind.blank) return { line: line + 1, next: 'body' };
    if (kind !== lineKind.text) {
      readComment(reader, line++);
      continue;
    }
    const step = readHeadLine(reader, request, fields, line);
    if (typeof step !== 'number') return step;
    line = step;
  }
  return { line, next: 'body' };
}

function readHeadLine(
  reader: Reader, request: HttpRequest, fields: FieldSpan[], line: number,
): number | HeadEnd {
  const { lines } = reader;
  const previous = fields.at(-1);
  if (previous && isFold(lines, line, fields)) {
    const end = { line, character: trimmedEndOf(lines, line) - lines.starts[line]! };
    previous.fold(trimmedLine(lines, line), end);
    return line + 1;
  }
  const code = firstCode(lines, line);
  const header = code === 0x26 || code === 0x3f ? undefined : headerOn(lines, line);
  if (!header) return readOtherLine(reader, request, fields, line, code);
  if (lines.text.charCodeAt(lines.firsts[line]! + header.name.length) !== 0x3a) {
    report(reader, 'space-before-colon', header.nameRange, { name: header.name });
  }
  fields.push(header);
  return line + 1;
}

/** C6: indented more than the first header, and nothing that has a meaning of its own. */
function isFold(lines: Lines, line: number, fields: readonly FieldSpan[]): boolean {
  if (!isIndented(lines, line)) return false;
  const first = lines.firsts[line]!;
  const code = lines.text.charCodeAt(first);
  if (code === 0x3f || code === 0x26 || code === 0x7b || code === 0x3c) return false;
  // The header section as a whole may be indented: only more than its first line is a fold.
  if (first - lines.starts[line]! <= fields[0]!.range.start.character) return false;
  return !looksLikeHeader(lines, line);
}

function looksLikeHeader(lines: Lines, line: number): boolean {
  const end = endOf(lines, line);
  let at = lines.firsts[line]!;
  while (at < end && isTokenCode(lines.text.charCodeAt(at))) at++;
  return at > lines.firsts[line]! && at < end && lines.text.charCodeAt(at) === 0x3a;
}

function readOtherLine(
  reader: Reader, request: HttpRequest, fields: FieldSpan[], line: number, code: number,
): number | HeadEnd {
  const { lines } = reader;
  if (isTailStart(lines, line)) return { line, next: 'body' };
  if (isContinuation(lines, request, fields, line, code)) {
    if (fields.length > 0) report(reader, 'query-after-header', rangeOfLine(lines, line));
    continueUrl(reader, request, line);
    return line + 1;
  }
  if (code === 0x2f && lines.text.charCodeAt(lines.firsts[line]! + 1) === 0x2a) {
    const next = endOfBlockComment(reader, line);
    if (next !== undefined) return next;
  }
  const variable = variableHeaderOn(lines, line);
  if (variable) {
    fields.push(variable);
    return line + 1;
  }
  return isStackedRequest(lines, line)
    ? { line, next: 'request' }
    : readNoHeader(reader, line);
}

/** C5: a line that can be no header starts the body; a bare token is a header gone wrong. */
function readNoHeader(reader: Reader, line: number): number | HeadEnd {
  const { lines } = reader;
  const text = trimmedLine(lines, line);
  const range = rangeOfLine(lines, line);
  if (/^\.\.\.[\w{]/.test(text)) {
    keepElement(reader, elementOf(lines, 'spread', line, line));
    return line + 1;
  }
  if (isToken(text)) {
    report(reader, 'header-without-colon', range, { name: text });
    return line + 1;
  }
  const mistyped = /^([A-Za-z][\w-]{0,60}(?: [A-Za-z][\w-]{0,60}){1,3}):(?:\s|$)/.exec(text)?.[1];
  if (mistyped !== undefined) {
    // RFC 9110 §5.1: a field name is a token, without spaces.
    report(reader, 'header-name-space', range, { name: mistyped, hyphenated: mistyped.replaceAll(' ', '-') });
  } else {
    report(reader, 'blank-line-missing', range);
  }
  return { line, next: 'body' };
}

function isTailStart(lines: Lines, line: number): boolean {
  if (isStatusLine(lines, line) || singleLineElement(lines, line) !== undefined) return true;
  const text = trimmedLine(lines, line);
  return /^>\s{0,20}\{%/.test(text) || isJsBlockStart(text);
}

/** C7: `?…` and `&…` anywhere, `/…` before the headers, an indented piece after `&`, `?`, `=` or `/`. */
function isContinuation(
  lines: Lines, request: HttpRequest, fields: readonly FieldSpan[], line: number, code: number,
): boolean {
  if (code === 0x3f || code === 0x26) return true;
  if (fields.length > 0) return false;
  if (code === 0x2f) return lines.text.charCodeAt(lines.firsts[line]! + 1) !== 0x2a;
  return isIndented(lines, line) && endsOpen(lines, request) && !/["'{<]/.test(lines.text[lines.firsts[line]!]!);
}

/** Whether the URL so far ends in a character that wants more; seen in the file, as the URL itself is a rope. */
function endsOpen(lines: Lines, request: HttpRequest): boolean {
  const { line, character } = request.urlRange.end;
  const last = lines.text[lines.starts[line]! + character - 1];
  return last === '&' || last === '?' || last === '=' || last === '/';
}

function continueUrl(reader: Reader, request: HttpRequest, line: number): void {
  const { lines } = reader;
  const from = lines.firsts[line]!;
  const to = trimmedEndOf(lines, line);
  const version = versionBefore(lines, from, to);
  const end = endBefore(lines, version, from, to);
  const piece = rangeIn(lines, line, from, end);
  request.url += lines.text.slice(from, end);
  if (request.urlPieces) request.urlPieces.push(piece);
  else request.urlPieces = [request.urlRange, piece];
  request.urlRange = rangeBetween(request.urlRange.start, piece.end);
  if (version !== undefined) setVersion(reader, request, version, line);
}

/** Keeps the version as written; an unknown one is told (C31). */
export function setVersion(reader: Reader, request: HttpRequest, version: string, line: number): void {
  request.httpVersion = version;
  const end = trimmedEndOf(reader.lines, line);
  const range = rangeIn(reader.lines, line, end - version.length, end);
  if (!isKnownVersion(version)) report(reader, 'http-version-unknown', range, { version });
  else if (/^HTTP\/3/i.test(version)) report(reader, 'http-3-unsupported', range, { version });
}

/** A header line as it would read with variables put in, for lines that are one variable (C1). */
export function headerInText(text: string): Pick<HeaderField, 'name' | 'value'> | undefined {
  const colon = text.indexOf(':', 1);
  if (colon < 0) return undefined;
  const name = text.slice(0, colon).trim();
  return isToken(name.startsWith(':') ? name.slice(1) : name)
    ? { name, value: text.slice(colon + 1).trim() } : undefined;
}
