import { headerValue } from './header.ts';
import {
  endOf, firstCode, isBlank, isIndented, lineKind, rangeOfLine, rangeOfLines, textOfLines, trimmedEndOf, trimmedLine,
} from './lines.ts';
import type { Lines } from './lines.ts';
import { keepsComments, mediaTypeOf } from './mediaType.ts';
import { readExampleResponse } from './preamble.ts';
import { endOfScript, isBeforeRequest, keepElement, nextSeparator, report } from './reader.ts';
import type { Reader } from './reader.ts';
import { isStackedRequest, isStatusLine } from './requestLine.ts';
import { rangeBetween } from './span.ts';
import type { BodySegment, HttpRequest } from './syntax.ts';
import { elementOf, peelTail } from './tail.ts';

/** Lines that are not part of the text: comments and scripts. Sorted. */
type Removed = number[];

/**
 * The body from its first line, and what follows it in the block. Gives the line after the request, which is the
 * block's end or the next request that stands there without a separator.
 */
export function readBody(reader: Reader, request: HttpRequest, from: number): number {
  const { lines } = reader;
  const mediaType = mediaTypeOf(headerValue(request, 'content-type'));
  if (mediaType === 'text/markdown') extendOverHeadings(reader);
  const raw = reader.metadata.some((metadata) => metadata.key === 'raw-body');
  const keep = raw || keepsComments(mediaType);
  const cut = findCut(reader, from, mediaType);
  const tail = peelTail(lines, from, cut.line, keep);
  const removed: Removed = [];
  const bodyEnd = removeScripts(reader, from, tail.bodyEnd, removed);
  assemble(reader, request, from, bodyEnd, keep, removed, mediaType);
  for (const element of tail.elements) keepElement(reader, element);
  reader.file.variables.push(...tail.variables);
  if (cut.next === 'response') readExampleResponse(reader, cut.line);
  return cut.next === 'request' ? cut.line : reader.end;
}

/** In Markdown `####` is a heading unless a request follows. */
function extendOverHeadings(reader: Reader): void {
  const { lines } = reader;
  while (reader.end < lines.count && lines.text.startsWith('####', lines.starts[reader.end])
    && !isBeforeRequest(lines, reader.end)) {
    reader.end = nextSeparator(lines, reader.end + 1);
  }
}

interface Cut {
  readonly line: number;
  readonly next: 'response' | 'request' | 'end';
}

/** A pasted response (C50) or a request without separator (C3) ends the body early. */
function findCut(reader: Reader, from: number, mediaType: string): Cut {
  const { lines } = reader;
  const end: Cut = { line: reader.end, next: 'end' };
  if (/^(?:multipart\/|message\/http$|application\/http$)/.test(mediaType)) return end;
  const mayStack = !mediaType.startsWith('text/');
  let start = from;
  while (start < reader.end && isBlank(lines, start)) start++;
  for (let line = start; line < reader.end; line++) {
    const code = firstCode(lines, line);
    if (code < 0x41 || code > 0x5a) continue;
    const afterBlank = line === start || isBlank(lines, line - 1);
    if (code === 0x48 && afterBlank && isStatusLine(lines, line)) return { line, next: 'response' };
    const second = lines.text.charCodeAt(lines.firsts[line]! + 1);
    if (!mayStack || second < 0x41 || second > 0x5a || !isStackedRequest(lines, line)) continue;
    if (line === start || isComplete(textOfLines(lines, start, line))) return { line, next: 'request' };
  }
  return end;
}

/** Whether a text is JSON with all brackets closed, or ends as XML does. */
function isComplete(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.startsWith('<')) return trimmed.endsWith('>');
  if (!/^[[{]/.test(trimmed)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < trimmed.length; at++) {
    const character = trimmed[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
  }
  return depth === 0 && !inString;
}

/** `> {%` is a script wherever it stands. Gives the end of the body: an open script reaches to the block's end. */
function removeScripts(reader: Reader, from: number, end: number, removed: Removed): number {
  const { lines } = reader;
  for (let line = from; line < end; line++) {
    if (firstCode(lines, line) !== 0x3e || isIndented(lines, line)) continue;
    if (!/^>\s{0,20}\{%/.test(trimmedLine(lines, line))) continue;
    const next = endOfScript(reader, line);
    keepElement(reader, elementOf(lines, 'post-script', line, next - 1));
    if (next >= end) return line;
    for (let at = line; at < next; at++) removed.push(at);
    line = next - 1;
  }
  return end;
}

function assemble(
  reader: Reader, request: HttpRequest, from: number, end: number, keep: boolean, removed: Removed,
  mediaType: string,
): void {
  const { lines } = reader;
  if (!keep) addComments(lines, from, end, removed);
  const gone = removed.length > 0 ? new Set(removed) : undefined;
  const isEmpty = (line: number) => isBlank(lines, line) || (gone !== undefined && gone.has(line));
  let first = from;
  let last = end - 1;
  while (first <= last && isEmpty(first)) first++;
  while (last >= first && isEmpty(last)) last--;
  if (first > last) return;
  const inside = removed.length === 0
    ? removed : removed.filter((line) => line >= first && line <= last).sort((a, b) => a - b);
  request.body = segments(lines, first, last, inside);
  remark(reader, request, first, last, inside, mediaType);
}

function addComments(lines: Lines, from: number, end: number, removed: Removed): void {
  for (let line = from; line < end; line++) {
    const kind = lines.kinds[line]!;
    if (kind === lineKind.comment || kind === lineKind.indentedSeparator) removed.push(line);
  }
}

/** Texts and files in turn. The line ends around a file belong to the texts, so a file gains none. */
function segments(lines: Lines, first: number, last: number, removed: Removed): BodySegment[] {
  const result: BodySegment[] = [];
  let from = first;
  for (let line = first; line <= last; line++) {
    if (firstCode(lines, line) !== 0x3c) continue;
    const file = includeOn(lines, line);
    if (!file) continue;
    pushText(lines, result, from, line, removed, true);
    result.push(file);
    from = line + 1;
  }
  pushText(lines, result, from, last + 1, removed, false);
  return result.slice();
}

function pushText(
  lines: Lines, result: BodySegment[], from: number, to: number, removed: Removed, beforeFile: boolean,
): void {
  const previous = result.at(-1);
  const holes = removed.length === 0 ? removed : removed.filter((line) => line >= from && line < to);
  const pieces = textPieces(lines, from, to, holes);
  if (pieces.length === 0 && !(previous && beforeFile)) return;
  const text = (previous ? '\n' : '') + pieces.join('\n') + (beforeFile && pieces.length > 0 ? '\n' : '');
  const start = previous ? previous.range.end : { line: from, character: 0 };
  const end = beforeFile
    ? { line: to, character: 0 }
    : { line: to - 1, character: endOf(lines, to - 1) - lines.starts[to - 1]! };
  const range = rangeBetween(start, end);
  result.push(holes.length > 0 ? { kind: 'text', text, range, removed: holes } : { kind: 'text', text, range });
}

function textPieces(lines: Lines, from: number, to: number, holes: Removed): string[] {
  const pieces: string[] = [];
  let start = from;
  for (const hole of [...holes, to]) {
    if (hole > start) pieces.push(textOfLines(lines, start, hole));
    start = hole + 1;
  }
  return pieces;
}

/** C19: `< path`, `<@ path` and `<@latin1 path` in the first column, when it looks like a path. */
function includeOn(lines: Lines, line: number): BodySegment | undefined {
  if (isIndented(lines, line)) return undefined;
  const match = includePattern.exec(trimmedLine(lines, line));
  if (!match) return undefined;
  const [, at, encoding, path] = match;
  if (!/[./\\]|\{\{/.test(path!)) return undefined;
  const range = rangeOfLines(lines, line, line);
  const found: BodySegment = { kind: 'file', path: path!, substitute: at !== undefined, range };
  if (encoding) found.encoding = encoding;
  return found;
}

const includePattern = /^<(?:(@)([\w-]{0,40}))?\s+([^\s].*)$/;

/** Hints on what will be sent differently from what one may expect. */
function remark(
  reader: Reader, request: HttpRequest, first: number, last: number, removed: Removed, mediaType: string,
): void {
  const { lines } = reader;
  const code = firstCode(lines, first);
  const isData = code === 0x7b || code === 0x5b || code === 0x3c || /json|xml|graphql/.test(mediaType);
  const stripped = removed.find((line) => lines.kinds[line] === lineKind.comment);
  if (!isData && stripped !== undefined) {
    report(reader, 'comment-stripped', rangeOfLine(lines, stripped));
  }
  if (/^(?:GET|HEAD)$/.test(request.method) && /^[A-Z][\w-]{0,60}:\s/i.test(trimmedLine(lines, first))) {
    report(reader, 'header-after-blank-line', rangeOfLine(lines, first));
  }
  if (code === 0x7b || code === 0x5b) remarkTrailingComment(reader, first, last);
  remarkIndentedInclude(reader, first, last);
}

function remarkTrailingComment(reader: Reader, first: number, last: number): void {
  const { lines } = reader;
  if (!textOfLines(lines, first, last + 1).includes(' //')) return;
  for (let line = first; line <= last; line++) {
    const start = lines.firsts[line]!;
    const text = lines.text.slice(start, trimmedEndOf(lines, line));
    if (text.startsWith('//') || !text.includes(' //') || !hasTrailingComment(text)) continue;
    report(reader, 'trailing-comment-sent', rangeOfLine(lines, line));
    return;
  }
}

/** A `//` outside a JSON string. */
function hasTrailingComment(text: string): boolean {
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString && character === '\\') at++;
    else if (character === '"') inString = !inString;
    else if (!inString && character === '/' && text[at + 1] === '/') return true;
  }
  return false;
}

/** C19: ` < ./file` is text; only the first column makes it a file. */
function remarkIndentedInclude(reader: Reader, first: number, last: number): void {
  const { lines } = reader;
  for (let line = first; line <= last; line++) {
    if (firstCode(lines, line) !== 0x3c || !isIndented(lines, line)) continue;
    if (!/^<(?:@[\w-]{0,40})?\s+\.{0,2}[/\\]\S/.test(trimmedLine(lines, line))) continue;
    report(reader, 'indented-include', rangeOfLine(lines, line));
  }
}
