import { readBody } from './body.ts';
import { readHead, setVersion } from './head.ts';
import {
  isBlank, normalizeText, rangeOfLine, rangeOfLines, scanLines, trimmedEndOf,
} from './lines.ts';
import type { Lines } from './lines.ts';
import { readPreamble } from './preamble.ts';
import { problem } from './problem.ts';
import { isSeparator, nextSeparator, report } from './reader.ts';
import type { Reader } from './reader.ts';
import { requestLineOn } from './requestLine.ts';
import type { RequestLine } from './requestLine.ts';
import { cyclesIn } from './cycles.ts';
import type { FileVariable, HttpFile, HttpRequest, Position } from './syntax.ts';

/** A request file is read up to 5 MiB of UTF-8; a larger one gives a problem and no requests. */
export const largestFile = 5 * 1024 * 1024;

/**
 * Reads the text of a `.http` file in one pass: a machine whose states are preamble, request line, header section,
 * body and tail, and whose input is one line at a time. Never throws; what is wrong is in `problems`.
 */
export function parse(text: string): HttpFile {
  const file: HttpFile = { requests: [], variables: [], elements: [], problems: [] };
  if (isTooLarge(text)) {
    const start = { line: 0, character: 0 };
    file.problems.push(problem('file-too-large', { start, end: start }, { limit: '5 MiB' }));
    return file;
  }
  const lines = scanLines(normalizeText(text));
  const names = new Map<string, number>();
  let line = 0;
  while (line < lines.count) line = readBlock(file, lines, line, names);
  checkVariables(file);
  file.problems.sort((a, b) => comparePositions(a.range.start, b.range.start));
  return file;
}

/** Whether a text takes more than {@link largestFile} bytes as UTF-8. */
function isTooLarge(text: string): boolean {
  if (text.length * 3 <= largestFile) return false;
  if (text.length > largestFile) return true;
  if (!/[^\x00-\x7f]/.test(text)) return false;
  let size = text.length;
  for (let at = 0; at < text.length && size <= largestFile; at++) {
    const code = text.charCodeAt(at);
    // Each half of a surrogate pair counts two of its four bytes.
    size += code < 0x80 ? 0 : code < 0x800 || (code & 0xf800) === 0xd800 ? 1 : 2;
  }
  return size > largestFile;
}

/** One block, from its separator on; gives the line after it. */
function readBlock(
  file: HttpFile, lines: Lines, start: number, names: Map<string, number>,
): number {
  const separated = isSeparator(lines, start);
  const title = separated ? titleOf(lines, start) : undefined;
  const from = separated ? start + 1 : start;
  const reader: Reader = {
    lines, file, start, title, names, end: nextSeparator(lines, from),
    metadata: [], elements: [], problems: [],
  };
  const next = readRequest(reader, readPreamble(reader, from));
  for (const found of reader.problems) file.problems.push(found);
  return next;
}

/** Text after the hashes; hashes at its end are decoration. */
function titleOf(lines: Lines, line: number): string | undefined {
  const { text } = lines;
  let from = lines.firsts[line]!;
  let to = trimmedEndOf(lines, line);
  while (from < to && text.charCodeAt(from) === 0x23) from++;
  while (to > from && text.charCodeAt(to - 1) === 0x23) to--;
  const title = text.slice(from, to).trim();
  return title === '' ? undefined : title;
}

function readRequest(reader: Reader, line: number): number {
  const { lines } = reader;
  if (line >= reader.end) return endWithoutRequest(reader);
  const found = requestLineOn(lines, line);
  const range = rangeOfLine(lines, line);
  switch (found.kind) {
    case 'curl': report(reader, 'curl-not-supported', range); return endWithoutRequest(reader);
    case 'header': report(reader, 'no-request-line', range); return endWithoutRequest(reader);
    case 'prose': report(reader, 'not-a-request', range); return endWithoutRequest(reader);
    default: return readFrom(reader, line, found);
  }
}

/** C16: metadata that belongs to no request is lost; say so. */
function endWithoutRequest(reader: Reader): number {
  const [metadata] = reader.metadata;
  if (metadata && reader.problems.every((one) => one.severity !== 'error')) {
    report(reader, 'metadata-without-request', metadata.range, { key: metadata.key });
  }
  reader.file.elements.push(...reader.elements);
  return reader.end;
}

function readFrom(
  reader: Reader, line: number, found: Extract<RequestLine, { kind: 'request' }>,
): number {
  const request = requestFrom(reader, line, found);
  if (found.version !== undefined) setVersion(reader, request, found.version, line);
  if (!found.strict) report(reader, 'loose-request-line', request.requestLine);
  const head = readHead(reader, request, line + 1);
  const next = head.next === 'request' ? head.line : readBody(reader, request, head.line);
  if (next < reader.end) report(reader, 'separator-missing', rangeOfLine(reader.lines, next));
  checkUrl(reader, request);
  finish(reader, request, next);
  return next;
}

function requestFrom(
  reader: Reader, line: number, found: Extract<RequestLine, { kind: 'request' }>,
): HttpRequest {
  const { lines, file, metadata, elements, problems } = reader;
  const requestLine = rangeOfLine(lines, line);
  // All members from the start: ten thousand objects of one shape are half as large as those that grow.
  return {
    index: file.requests.length, name: undefined, title: undefined, range: requestLine, requestLine,
    line: line + 1, method: found.method, methodRange: found.methodRange, url: found.target,
    urlRange: found.targetRange, urlPieces: undefined, httpVersion: undefined, headers: [],
    body: undefined, metadata, elements, problems,
  };
}

/** What can be said of a URL before its variables are known. */
function checkUrl(reader: Reader, request: HttpRequest): void {
  const { url, urlRange } = request;
  if (url === '') report(reader, 'url-missing', request.requestLine, { method: request.method });
  else if (/^["'<]/.test(url)) report(reader, 'url-quoted', urlRange);
  else if (/\s/.test(url) && /\s/.test(url.replace(/\{\{.*?\}\}/g, ''))) {
    report(reader, 'url-space', urlRange);
  }
  // C32; `/path` and `*` take their origin from `Host`.
  if (url !== '' && !/^(?:[a-z][a-z0-9+.-]*:\/\/|[/*"'<]|\{\{|\[\[)/i.test(url)) {
    report(reader, 'scheme-missing', urlRange, { url: `http://${url}` });
  }
}

function finish(reader: Reader, request: HttpRequest, next: number): void {
  const { lines, file } = reader;
  let last = next - 1;
  while (last > request.line - 1 && isBlank(lines, last)) last--;
  request.range = rangeOfLines(lines, reader.start, last);
  nameRequest(reader, request);
  // An array that grew has room for more; ten thousand of them are worth trimming.
  request.metadata = reader.metadata.slice();
  file.requests.push(request);
}

/** C15: of two names the last one counts; the title is for people. */
function nameRequest(reader: Reader, request: HttpRequest): void {
  let { title } = reader;
  let names = 0;
  for (const { key, value, range } of request.metadata) {
    if (key === 'title') title ??= value;
    if (key !== 'name' || value === '') continue;
    request.name = value;
    if (++names > 1) report(reader, 'name-twice', range, { name: value });
  }
  request.title = title;
  if (request.name !== undefined) checkName(reader, request, request.name);
}

/** C58: the one sent last is meant, which is easily missed. */
function checkName(reader: Reader, request: HttpRequest, name: string): void {
  const line = reader.names.get(name);
  reader.names.set(name, request.line);
  if (line !== undefined) {
    report(reader, 'name-duplicate', request.requestLine, { name, line: `${line}` });
  }
}

function checkVariables(file: HttpFile): void {
  const seen = new Map<string, FileVariable>();
  for (const variable of file.variables) {
    const earlier = seen.get(variable.name);
    seen.set(variable.name, variable);
    const { name, value, range, valueRange } = variable;
    if (earlier && earlier.value !== value) {
      const line = `${earlier.range.start.line + 1}`;
      file.problems.push(problem('variable-redefined', range, { name, line }));
    }
    if (/^(?:"[^"]*"|'[^']*')$/.test(value)) {
      file.problems.push(problem('variable-quotes', valueRange, { name }));
    }
  }
  for (const { variable, path } of cyclesIn(file)) {
    file.problems.push(problem('variable-cycle', variable.range, { path }));
  }
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
