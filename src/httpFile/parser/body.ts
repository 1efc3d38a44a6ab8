import { remarkTrailingComment } from './bodyRemarks.ts';
import { assembleBody } from './bodyText.ts';
import type { Removed } from './bodyText.ts';
import type { DialectOptions } from '../dialect.ts';
import { fieldValue } from './header.ts';
import { firstCode, isBlank, isIndented, lineKind, trimmedEndOf, trimmedLine } from './lines.ts';
import type { Lines } from './lines.ts';
import { keepsComments, mediaTypeOf } from '../content/mediaType.ts';
import { readExampleResponse } from './preamble.ts';
import {
  endOfClosedScript, endOfScript, hasMetadata, isBeforeRequest, isForced, keepElement, keepVariable, nextSeparator,
} from './reader.ts';
import type { Reader } from './reader.ts';
import type { RequestNode } from '../tree/request.ts';
import { isStackedRequest, isStatusLine } from './requestLine.ts';
import { peelTail } from './tail.ts';
import type { Tail } from './tail.ts';

/** What the media type says of how a body is read. */
export interface BodyKind {
  readonly isMarkdown: boolean;
  readonly keepsComments: boolean;
  /** Messages in a body: nothing in them ends it. */
  readonly holdsMessages: boolean;
  readonly isText: boolean;
  readonly isData: boolean;
}

/** Few media types are used many times: what the last one means is kept with what was found. */
function bodyKindOf({ found }: Reader, contentType: string | undefined): BodyKind {
  if (found.lastType && found.lastType.contentType === contentType) return found.lastType.kind;
  const kind = kindFor(mediaTypeOf(contentType), found.bodyComments);
  found.lastType = { contentType, kind };
  return kind;
}

function kindFor(mediaType: string, comments: DialectOptions['bodyComments']): BodyKind {
  return {
    isMarkdown: mediaType === 'text/markdown',
    keepsComments: keepsComments(mediaType, comments),
    holdsMessages: /^(?:multipart\/|message\/http$|application\/http$)/.test(mediaType),
    isText: mediaType.startsWith('text/'),
    isData: /json|graphql/.test(mediaType),
  };
}

/**
 * The body from its first line, and what follows it in the block. Gives the line after the request, which is the
 * block's end or the next request that stands there without a separator. `fieldsFrom`: the request's first header.
 */
export function readBody(
  reader: Reader, request: RequestNode, from: number, fieldsFrom: number,
): number {
  const { lines } = reader;
  if (!request.isOtherProtocol && readPlainBody(reader, request, from)) return reader.end;
  const kind = bodyKindOf(reader, fieldValue(lines, fieldsFrom, lines.fields.count, 'content-type'));
  if (kind.isMarkdown) extendOverHeadings(reader);
  const raw = hasMetadata(reader, 'raw-body');
  const keep = raw || kind.keepsComments;
  const cut = findCut(reader, from, kind);
  const tail = peelTail(lines, from, cut.line, keep, raw, kind.isText);
  if (request.isOtherProtocol) {
    keepMessages(reader, from, tail.bodyEnd, request.isWebSocket);
    return finishBody(reader, cut, tail);
  }
  const removed: Removed = [];
  const bodyEnd = removeScripts(reader, from, tail.bodyEnd, removed, kind.isText);
  assembleBody(reader, request, from, bodyEnd, keep, removed, kind);
  return finishBody(reader, cut, tail);
}

/** What stands behind the body; gives the line after the request. */
function finishBody(reader: Reader, cut: Cut, tail: Tail): number {
  for (const element of tail.elements) keepElement(reader, element.kind, element.first, element.last);
  for (const line of tail.variables) keepVariable(reader, line);
  if (cut.next === 'response') readExampleResponse(reader, cut.line);
  return cut.next === 'request' ? cut.line : reader.end;
}

/**
 * Most bodies have no line that could be anything but text, whatever their media type: they are done with in one pass.
 * False when a closer look is needed.
 */
function readPlainBody(reader: Reader, request: RequestNode, from: number): boolean {
  const { lines, end } = reader;
  const { text, kinds, firsts } = lines;
  let first = end;
  let last = end;
  for (let line = from; line < end; line++) {
    const kind = kinds[line]!;
    if (kind === lineKind.blank) continue;
    if (kind !== lineKind.text || meanings[text.charCodeAt(firsts[line]!)] === 1) return false;
    if (first === end) first = line;
    last = line;
  }
  // A Markdown body may go on after the separator.
  if (end < lines.count && lines.text.startsWith('####', lines.starts[end])) return false;
  if (first === end) return true;
  if (request.method === 'GET' || request.method === 'HEAD' || endsInBraces(lines, last)) return false;
  request.setPlainBody(first, last);
  const code = firstCode(lines, first);
  if (code === 0x7b || code === 0x5b) remarkTrailingComment(reader, first, last);
  return true;
}

/** Characters that a line of a body can start with and mean something: a request, a file, a script, a variable. */
const meanings = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ<>?@g') meanings[character.charCodeAt(0)] = 1;

/** Whether a line may end a script, or be one. */
function endsInBraces(lines: Lines, line: number): boolean {
  const end = trimmedEndOf(lines, line);
  const code = lines.text.charCodeAt(end - 2);
  return lines.text.charCodeAt(end - 1) === 0x7d && (code === 0x7d || code === 0x25);
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

/**
 * The messages of a WebSocket or gRPC request, `===` lines between them: each is kept, and those of a WebSocket are
 * sent.
 */
function keepMessages(reader: Reader, from: number, end: number, areSent: boolean): void {
  const { lines } = reader;
  let first = from;
  const keep = (to: number) => {
    while (first < to && isBlank(lines, first)) first++;
    let last = to - 1;
    while (last >= first && isBlank(lines, last)) last--;
    if (last >= first) keepElement(reader, 'message', first, last, areSent);
    first = to;
  };
  for (let line = from; line < end; line++) {
    if (firstCode(lines, line) === 0x3d && lines.text.startsWith('===', lines.firsts[line])) keep(line);
  }
  keep(end);
}

/** A pasted response (C50) or a request without separator (C3) ends the body early. */
function findCut(reader: Reader, from: number, kind: BodyKind): Cut {
  const { lines } = reader;
  const end: Cut = { line: reader.end, next: 'end' };
  if (kind.holdsMessages) return end;
  const mayStack = !kind.isText && !isForced(reader);
  let start = from;
  while (start < reader.end && isBlank(lines, start)) start++;
  const isComplete = completeness(lines, start);
  for (let line = start; line < reader.end; line++) {
    const code = firstCode(lines, line);
    if (code < 0x41 || code > 0x5a) continue;
    const afterBlank = line === start || isBlank(lines, line - 1);
    if (code === 0x48 && afterBlank && isStatusLine(lines, line)) return { line, next: 'response' };
    const second = lines.text.charCodeAt(lines.firsts[line]! + 1);
    if (!mayStack || second < 0x41 || second > 0x5a || !isStackedRequest(lines, line)) continue;
    if (line === start || isComplete(line)) return { line, next: 'request' };
  }
  return end;
}

/**
 * Tells of line after line whether the text before it, from line `start` on, is JSON with all brackets closed or ends
 * as XML does. Each answer goes on where the last one stopped.
 */
function completeness(lines: Lines, start: number): (line: number) => boolean {
  const { text } = lines;
  const opening = firstCode(lines, start);
  if (opening === 0x3c) return (line) => lastCodeBefore(lines, line) === 0x3e;
  if (opening !== 0x5b && opening !== 0x7b) return () => false;
  let at = lines.firsts[start]!;
  let depth = 0;
  let inString = false;
  return (line) => {
    for (const end = lines.starts[line]!; at < end; at++) {
      const code = text.charCodeAt(at);
      if (inString && code === 0x5c) at++;
      else if (code === 0x22) inString = !inString;
      else if (inString) continue;
      else if (code === 0x7b || code === 0x5b) depth++;
      else if (code === 0x7d || code === 0x5d) depth--;
    }
    return depth === 0 && !inString;
  };
}

/** The last character before a line that is not white space. */
function lastCodeBefore(lines: Lines, line: number): number {
  let before = line - 1;
  while (isBlank(lines, before)) before--;
  return lines.text.charCodeAt(trimmedEndOf(lines, before) - 1);
}

/**
 * `> {%` is a script wherever it stands. Gives the end of the body: an open script reaches to it, but in a text it is
 * text.
 */
function removeScripts(reader: Reader, from: number, end: number, removed: Removed, isText: boolean): number {
  const { lines } = reader;
  for (let line = from; line < end; line++) {
    if (firstCode(lines, line) !== 0x3e || isIndented(lines, line)) continue;
    if (!/^>\s{0,20}\{%/.test(trimmedLine(lines, line))) continue;
    // What no line below this one closes, none closes further down.
    if (isText && endOfClosedScript(lines, line, end) === undefined) return end;
    const next = endOfScript(reader, line, end);
    keepElement(reader, 'post-script', line, next - 1);
    if (next >= end) return line;
    for (let at = line; at < next; at++) removed.push(at);
    line = next - 1;
  }
  return end;
}
