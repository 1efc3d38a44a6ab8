import {
  addHeader, addVariableHeader, fieldLine, fieldValueAt, isToken, isTokenCode,
} from './header.ts';
import {
  endOf, firstCode, isIndented, lineKind, rangeIn, rangeOfLine, trimmedEndOf, trimmedLine,
} from './lines.ts';
import type { Lines } from './lines.ts';
import { endOfBlockComment, isForced, keepElement, readComment, report } from './reader.ts';
import type { Reader } from './reader.ts';
import type { RequestNode } from '../tree/request.ts';
import {
  endBefore, isKnownVersion, isStackedRequest, isStatusLine, versionBefore,
} from './requestLine.ts';
import { isJsBlockStart, singleLineElement } from './tail.ts';
import { isVariable } from '../names/variables.ts';

/** Where the header section ends: a body or tail starts at `line`, or the next request does. */
interface HeadEnd {
  readonly line: number;
  readonly next: 'body' | 'request';
}

/** The lines after the request line: query and path continuations, headers, comments. */
export function readHead(reader: Reader, request: RequestNode, from: number): HeadEnd {
  const { lines } = reader;
  const { fields } = lines;
  const firstField = fields.count;
  let line = from;
  let end: HeadEnd | undefined;
  while (!end && line < reader.end) {
    const kind = lines.kinds[line]!;
    if (kind === lineKind.blank) {
      end = { line: line + 1, next: 'body' };
    } else if (kind !== lineKind.text) {
      readComment(reader, line++);
    } else {
      const step = readHeadLine(reader, request, firstField, line);
      if (typeof step === 'number') line = step;
      else end = step;
    }
  }
  request.setHeaders(firstField, fields.count);
  return end ?? { line, next: 'body' };
}

function readHeadLine(
  reader: Reader, request: RequestNode, firstField: number, line: number,
): number | HeadEnd {
  const { lines } = reader;
  if (isIndented(lines, line) && isFold(lines, line, firstField)) {
    fold(lines, line);
    return line + 1;
  }
  const code = firstCode(lines, line);
  const nameEnd = code === 0x26 || code === 0x3f ? -1 : addHeader(lines, line);
  if (nameEnd < 0) return readOtherLine(reader, request, firstField, line, code);
  if (lines.text.charCodeAt(nameEnd) !== 0x3a) reportSpaceBeforeColon(reader, line, nameEnd);
  return line + 1;
}

function reportSpaceBeforeColon(reader: Reader, line: number, nameEnd: number): void {
  const { lines } = reader;
  const first = lines.firsts[line]!;
  const name = lines.text.slice(first, nameEnd);
  report(reader, 'space-before-colon', rangeIn(lines, line, first, nameEnd), { name });
}

/** RFC 9112 §5.2: the line goes on with the value of the field before. */
function fold(lines: Lines, line: number): void {
  const field = lines.fields.count - 1;
  const value = fieldValueAt(lines, field);
  const more = trimmedLine(lines, line);
  lines.folds.set(field, {
    value: value === '' ? more : `${value} ${more}`, line, end: trimmedEndOf(lines, line),
  });
}

/** C6: indented more than the first header, and nothing that has a meaning of its own. */
function isFold(lines: Lines, line: number, firstField: number): boolean {
  const { fields, firsts, starts, text } = lines;
  if (fields.count === firstField) return false;
  const first = firsts[line]!;
  const code = text.charCodeAt(first);
  if (code === 0x3f || code === 0x26 || code === 0x7b || code === 0x3c) return false;
  // The header section as a whole may be indented: only more than its first line is a fold.
  const firstLine = fieldLine(lines, firstField);
  if (first - starts[line]! <= firsts[firstLine]! - starts[firstLine]!) return false;
  return !looksLikeHeader(lines, line);
}

function looksLikeHeader(lines: Lines, line: number): boolean {
  const end = endOf(lines, line);
  let at = lines.firsts[line]!;
  while (at < end && isTokenCode(lines.text.charCodeAt(at))) at++;
  return at > lines.firsts[line]! && at < end && lines.text.charCodeAt(at) === 0x3a;
}

function readOtherLine(
  reader: Reader, request: RequestNode, firstField: number, line: number, code: number,
): number | HeadEnd {
  const { lines } = reader;
  const hasFields = lines.fields.count > firstField;
  if (isTailStart(lines, line, code)) return { line, next: 'body' };
  if (isContinuation(lines, request, hasFields, line, code)) {
    if (hasFields) report(reader, 'query-after-header', rangeOfLine(lines, line));
    continueUrl(reader, request, line);
    return line + 1;
  }
  if (code === 0x2f && lines.text.charCodeAt(lines.firsts[line]! + 1) === 0x2a) {
    const next = endOfBlockComment(reader, line);
    if (next !== undefined) return next;
  }
  if (addVariableHeader(lines, line)) return line + 1;
  return isStackedRequest(lines, line) && !isForced(reader)
    ? { line, next: 'request' }
    : readNoHeader(reader, line);
}

/** C5: a line that can be no header starts the body; a bare token is a header gone wrong. */
function readNoHeader(reader: Reader, line: number): number | HeadEnd {
  const { lines } = reader;
  const text = trimmedLine(lines, line);
  const range = rangeOfLine(lines, line);
  if (/^\.\.\.[\w{]/.test(text)) {
    keepElement(reader, 'spread', line, line);
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
  } else if (!isVariable(lines, line)) {
    report(reader, 'blank-line-missing', range);
  }
  return { line, next: 'body' };
}

function isTailStart(lines: Lines, line: number, code: number): boolean {
  // `HTTP/1.1 200`, and what starts with one of `<`, `>`, `?` and `{`.
  if (code !== 0x48 && code !== 0x3c && code !== 0x3e && code !== 0x3f && code !== 0x7b) return false;
  if (isStatusLine(lines, line) || singleLineElement(lines, line) !== undefined) return true;
  const text = trimmedLine(lines, line);
  return /^>\s{0,20}\{%/.test(text) || isJsBlockStart(text);
}

/** C7: `?…` and `&…` anywhere, `/…` before the headers, an indented piece after `&`, `?`, `=` or `/`. */
function isContinuation(
  lines: Lines, request: RequestNode, hasFields: boolean, line: number, code: number,
): boolean {
  if (code === 0x3f || code === 0x26) return true;
  if (hasFields) return false;
  if (code === 0x2f) return lines.text.charCodeAt(lines.firsts[line]! + 1) !== 0x2a;
  if (!isIndented(lines, line) || !endsOpen(lines, request)) return false;
  return code === 0x7b ? isVariablePiece(lines, request, line) : code !== 0x22 && code !== 0x27 && code !== 0x3c;
}

/** `{{id}}/…` or `{{name}}={{value}}&`: a variable alone on the line after a first one with `/` may be a header. */
function isVariablePiece(lines: Lines, request: RequestNode, line: number): boolean {
  const text = trimmedLine(lines, line);
  const close = text.startsWith('{{') ? text.indexOf('}}') : -1;
  if (close < 3) return false;
  const isAlone = close + 2 === text.length;
  return !isAlone || request.hasUrlPieces || lines.text[request.urlEndOffset - 1] !== '/';
}

/** Whether the URL so far ends in a character that wants more. */
function endsOpen(lines: Lines, request: RequestNode): boolean {
  const last = lines.text[request.urlEndOffset - 1];
  return last === '&' || last === '?' || last === '=' || last === '/';
}

function continueUrl(reader: Reader, request: RequestNode, line: number): void {
  const { lines } = reader;
  const from = lines.firsts[line]!;
  const to = trimmedEndOf(lines, line);
  const version = versionBefore(lines, from, to);
  const end = endBefore(lines, version, from, to);
  request.addUrlPiece(line, end);
  if (version !== undefined) setVersion(reader, request, version, line);
}

/** Keeps the version as written; an unknown one is told (C31). */
export function setVersion(reader: Reader, request: RequestNode, version: string, line: number): void {
  const end = trimmedEndOf(reader.lines, line);
  request.setVersion(end - version.length, end);
  if (version === 'HTTP/1.1') return;
  const range = rangeIn(reader.lines, line, end - version.length, end);
  if (!isKnownVersion(version)) report(reader, 'http-version-unknown', range, { version });
  else if (/^HTTP\/3/i.test(version)) report(reader, 'http-3-unsupported', range, { version });
}
