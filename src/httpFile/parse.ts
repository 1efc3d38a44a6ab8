import { Block } from './tree/block.ts';
import { readBody } from './parser/body.ts';
import { readCurl } from './curl/read.ts';
import type { DialectOptions } from './dialect.ts';
import { FileNode, tooLargeFile } from './tree/file.ts';
import { readHead, setVersion } from './parser/head.ts';
import { isBlank, normalizeText, rangeOfLine, scanLines } from './parser/lines.ts';
import type { Lines } from './parser/lines.ts';
import {
  isMetadataEmpty, metadataKeyAt, metadataLineAt, metadataSpan, metadataValueAt, metadataValueEnd, metadataValueFrom,
  metadataWidth,
} from './parser/metadata.ts';
import { NameTable } from './tree/nameTable.ts';
import { readPreamble } from './parser/preamble.ts';
import { isRefusing } from './problem.ts';
import { isSeparator, keepElement, nextSeparator, Reader, report } from './parser/reader.ts';
import type { Found } from './parser/reader.ts';
import { RequestNode } from './tree/request.ts';
import { requestLineOn } from './parser/requestLine.ts';
import type { RequestStart } from './parser/requestLine.ts';
import type { HttpFile } from './syntax.ts';
import { checkUrl } from './parser/urlCheck.ts';

/** A request file is read up to 5 MiB of UTF-8; a larger one gives a problem and no requests. */
export const largestFile = 5 * 1024 * 1024;

export interface ParseOptions {
  /** In bytes of UTF-8 with LF line ends; {@link largestFile} when absent. */
  readonly largest?: number;
  readonly bodyComments?: DialectOptions['bodyComments'];
}

/**
 * Reads the text of a `.http` file in one pass: a machine whose states are preamble, request line, header section,
 * body and tail, and whose input is one line at a time. Never throws; what is wrong is in `problems`.
 */
export function parse(text: string, { largest = largestFile, bodyComments }: ParseOptions = {}): HttpFile {
  const normalized = normalizeText(text);
  if (isLargerThan(normalized, largest)) return tooLargeFile(largest);
  return new FileNode(readAll(scanLines(normalized), bodyComments));
}

/** All blocks of a text. */
function readAll(lines: Lines, bodyComments: DialectOptions['bodyComments']): Found {
  const requests: RequestNode[] = [];
  const names = new NameTable(lines, requests);
  const found: Found = { blocks: [], requests, variables: [], elements: [], names, bodyComments };
  let line = 0;
  while (line < lines.count) line = readBlock(found, lines, line);
  return found;
}

/** Whether a text takes more bytes than `limit` as UTF-8. */
function isLargerThan(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  // A character takes at most two bytes more than one: when so many are ASCII, it does not matter what the others are.
  const enough = text.length - Math.floor((limit - text.length) / 2);
  return enough > 0 && !isAscii(text.slice(0, enough)) && utf8Size(text) > limit;
}

function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}

/** Bytes of a text as UTF-8 (RFC 3629 §3). */
export function utf8Size(text: string): number {
  if (isAscii(text)) return text.length;
  let size = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Each half of a surrogate pair counts two of its four bytes.
    size += code < 0x80 ? 0 : code < 0x800 || (code & 0xf800) === 0xd800 ? 1 : 2;
  }
  return size;
}

/**
 * One block, from its first line on; gives the line after it. What is read depends on the lines from `start` to the
 * next separator alone, and on those after that which tell whether it is one: an edit is read again by that rule.
 */
export function readBlock(found: Found, lines: Lines, start: number): number {
  const separated = isSeparator(lines, start);
  const from = separated ? start + 1 : start;
  const block = new Block(lines, start, separated, found.requests.length);
  // A request without separator ends where the block before it would have.
  const known = found.separator;
  const end = known !== undefined && start < known ? known : nextSeparator(lines, from);
  found.separator = end;
  const reader = new Reader(lines, found, block, end);
  block.to = readRequest(reader, readPreamble(reader, from));
  found.blocks.push(block);
  return block.to;
}

function readRequest(reader: Reader, line: number): number {
  const { lines } = reader;
  if (line >= reader.end) return endWithoutRequest(reader);
  const start = requestLineOn(lines, line);
  if (start.kind === 'request') return readFrom(reader, line, start);
  if (start.kind === 'curl') return readCommand(reader, line);
  if (start.kind === 'foreign') report(reader, 'foreign-command', rangeOfLine(lines, line), { program: start.program });
  else report(reader, noRequest[start.kind], rangeOfLine(lines, line));
  return endWithoutRequest(reader);
}

const noRequest = { header: 'no-request-line', prose: 'not-a-request' } as const;

/** C43: a command may send several requests. */
function readCommand(reader: Reader, line: number): number {
  const { requests, last, next } = readCurl(reader, line);
  for (const request of requests) {
    checkUrl(reader, request, line);
    finish(reader, request, line, last + 1);
    // The name and the problems are those of the first one, but what holds that back holds back all.
    const refusing = reader.problems?.find(({ code }) => isRefusing(code));
    reader.elements = undefined;
    reader.problems = refusing && [refusing];
  }
  return next;
}

/** C16: metadata that belongs to no request is lost; say so. */
function endWithoutRequest(reader: Reader): number {
  const { lines, block, found, metadataFrom } = reader;
  // C46: `# @import` concerns the file as a whole.
  for (let row = metadataFrom; row < lines.metadata.count; row += metadataWidth) {
    const line = metadataLineAt(lines, row);
    if (metadataKeyAt(lines, row) === 'import') keepElement(reader, 'import', line, line);
  }
  const key = metadataFrom < lines.metadata.count ? metadataKeyAt(lines, metadataFrom) : 'import';
  if (key !== 'import' && !reader.problems?.some((one) => one.severity === 'error')) {
    report(reader, 'metadata-without-request', metadataSpan(lines, metadataFrom), { key });
  }
  reader.elements?.sort((a, b) => a.range.start.line - b.range.start.line);
  block.setOutside(reader.elements, reader.problems);
  // One by one: there may be more than a call can take as arguments.
  for (const element of reader.elements ?? []) found.elements.push(element);
  return reader.end;
}

function readFrom(reader: Reader, line: number, start: RequestStart): number {
  const { lines, block } = reader;
  const request = new RequestNode(block, block.from, line, start);
  if (start.version !== undefined) setVersion(reader, request, start.version, line);
  if (!start.strict) report(reader, 'loose-request-line', rangeOfLine(lines, line));
  const fieldsFrom = lines.fields.count;
  const head = readHead(reader, request, line + 1);
  const next = head.next === 'request' ? head.line : readBody(reader, request, head.line, fieldsFrom);
  if (next < reader.end) report(reader, 'separator-missing', rangeOfLine(lines, next));
  checkUrl(reader, request, line);
  finish(reader, request, line, next);
  return next;
}

function finish(reader: Reader, request: RequestNode, line: number, next: number): void {
  const { lines, found } = reader;
  let last = next - 1;
  while (last > line && isBlank(lines, last)) last--;
  const named = request.position === 0 ? rowOfName(reader) : -1;
  request.finish(last, reader.metadataFrom, reader.elements, reader.problems);
  if (named >= 0) {
    request.setEarlier(found.names?.add(metadataValueFrom(lines, named), metadataValueEnd(lines, named)));
  }
  found.requests.push(request);
}

/** C15: of two names the last one counts. Gives its row in the table of metadata, or -1. */
function rowOfName(reader: Reader): number {
  const { lines, metadataFrom } = reader;
  let named = -1;
  for (let row = metadataFrom; row < lines.metadata.count; row += metadataWidth) {
    if (metadataKeyAt(lines, row) !== 'name' || isMetadataEmpty(lines, row)) continue;
    if (named >= 0) report(reader, 'name-twice', metadataSpan(lines, row), { name: metadataValueAt(lines, row) });
    named = row;
  }
  return named;
}
