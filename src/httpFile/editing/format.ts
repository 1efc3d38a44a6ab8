import type { TextChange } from '../textChange.ts';
import { headerValue } from '../parser/header.ts';
import { mediaTypeOf } from '../content/mediaType.ts';
import { parse } from '../parse.ts';
import type { TextLines } from '../position.ts';
import { rangeBetween } from '../tree/span.ts';
import type { BodySegment, HeaderField, HttpFile, HttpRequest, Range } from '../syntax.ts';
import { blocksIn } from './blocks.ts';
import { applyEdits, comparePositions, ordered, rangeOn, textIn } from './edits.ts';
import { formatJson } from './formatJson.ts';
import { differences } from './meaning.ts';

export interface FormatOptions {
  /** What one level is indented by. */
  readonly indent: string;
  /** How the file was read, when settings change that. */
  readonly parse?: (text: string) => HttpFile;
}

/**
 * Edits that tidy a request file and change nothing that is sent but white space in JSON: one blank line before a
 * separator and before a body, `Name: value`, aligned query lines, JSON with a member a line, no white space at the
 * end of lines. Bodies that are no JSON stay as they are. Where an edit would change a request after all, the edits
 * of that request are left out.
 */
export function formatEdits(file: HttpFile, lines: TextLines, options: FormatOptions): TextChange[] {
  const edits = ordered(proposed(file, lines, options));
  if (edits.length === 0) return edits;
  const { parse: read = parse } = options;
  const differencesAfter = (some: readonly TextChange[]) => differences(file, read(applyEdits(lines, some)));
  const different = differencesAfter(edits);
  if (different.length === 0) return edits;
  const isDifferent = new Set(different);
  const careful = edits.filter(({ range }) => !concernsAny(file, isDifferent, range));
  return differencesAfter(careful).length === 0 ? careful : [];
}

/** Of {@link formatEdits} those in or at a range, for a selection or the line just ended. */
export function formatRangeEdits(
  file: HttpFile, lines: TextLines, range: Range, options: FormatOptions,
): TextChange[] {
  return formatEdits(file, lines, options).filter((edit) =>
    comparePositions(edit.range.start, range.end) <= 0 && comparePositions(range.start, edit.range.end) <= 0);
}

/** Whether an edit is in one of some requests or in the lines around it. */
function concernsAny({ requests }: HttpFile, indexes: ReadonlySet<number>, { start, end }: Range): boolean {
  // Of the requests that the edit touches, and the one before and the one after.
  const first = firstFrom(requests, (one) => one.range.end.line >= start.line) - 1;
  for (let index = Math.max(0, first); index < requests.length; index++) {
    const after = requests[index - 1]?.range.end.line ?? -1;
    if (after >= end.line) return false;
    const before = requests[index + 1]?.range.start.line ?? Infinity;
    if (start.line < before && indexes.has(index)) return true;
  }
  return false;
}

/** The index of the first of a list, of which all that follow are like it, that `fits`; the length when none does. */
function firstFrom<T>(list: readonly T[], fits: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function proposed(file: HttpFile, lines: TextLines, options: FormatOptions): TextChange[] {
  const edits: TextChange[] = [];
  const kept = keptLines(file);
  separate(edits, file, lines, kept);
  for (const request of file.requests) {
    if (request.isCommand) continue;
    spaceMethod(edits, request);
    for (const header of request.headers) spaceHeader(edits, lines, header);
    alignQuery(edits, lines, request, options);
    formatBody(edits, lines, request, options);
  }
  trimLines(edits, lines, kept);
  return edits;
}

/** Lines of bodies, scripts, commands and pasted responses, whose white space is their own. */
function keptLines(file: HttpFile): Set<number> {
  const kept = new Set<number>();
  const keep = ({ start, end }: Range) => {
    for (let line = start.line; line <= end.line; line++) kept.add(line);
  };
  for (const { range } of file.elements) keep(range);
  for (const request of file.requests) {
    const { body = [], elements, requestLine, range: { end } } = request;
    for (const { range } of [...body, ...elements]) keep(range);
    if (request.isCommand) keep(rangeBetween(requestLine.start, end));
  }
  return kept;
}

// --- lines -----------------------------------------------------------------------------------------

/** One blank line before each separator, none at the top of the file, and one line end at its end. */
function separate(
  edits: TextChange[], file: HttpFile, lines: TextLines, kept: ReadonlySet<number>,
): void {
  const blocks = blocksIn(file, lines);
  blocks.forEach(({ start, end, separated }, index) => {
    const next = blocks[index + 1]?.start;
    if (next === undefined) {
      blankLines(edits, lines, end, lines.lineCount, '\n');
    } else if (!separated && end === start && lines.lineAt(end).trim() === '') {
      edits.push({ range: rangeBetween({ line: 0, character: 0 }, { line: next, character: 0 }), text: '' });
    } else if (!(separated && end === start && next === start + 1) && !kept.has(next)) {
      // Separators right below each other are somebody's drawing.
      blankLines(edits, lines, end, next, '\n\n');
    }
  });
}

/** Puts `text` between the end of line `last` and the start of line `next`; the lines between are blank. */
function blankLines(
  edits: TextChange[], lines: TextLines, last: number, next: number, text: string,
): void {
  const isEnd = next === lines.lineCount;
  if (isEnd && (lines.lineAt(last).trim() === '' || next === last + 1)) return;
  const start = { line: last, character: lines.lineAt(last).length };
  const end = isEnd ? { line: next - 1, character: lines.lineAt(next - 1).length } : { line: next, character: 0 };
  const range = rangeBetween(start, end);
  if (textIn(lines, range) !== text) edits.push({ range, text });
}

function trimLines(edits: TextChange[], lines: TextLines, kept: ReadonlySet<number>): void {
  for (let line = 0; line < lines.lineCount; line++) {
    const text = lines.lineAt(line);
    const end = text.trimEnd().length;
    if (end < text.length && !kept.has(line)) edits.push({ range: rangeOn(line, end, text.length), text: '' });
  }
}

// --- header section --------------------------------------------------------------------------------

/** One space between method and target. */
function spaceMethod(edits: TextChange[], { methodRange, urlRange }: HttpRequest): void {
  if (!methodRange || methodRange.end.line !== urlRange.start.line) return;
  const [from, to] = [methodRange.end.character, urlRange.start.character];
  if (to > from + 1) edits.push({ range: rangeOn(urlRange.start.line, from, to), text: ' ' });
}

/** `Name: value`; a header without a value ends in its colon. */
function spaceHeader(edits: TextChange[], lines: TextLines, header: HeaderField): void {
  const { line } = header.nameRange.start;
  const from = header.nameRange.end.character;
  const text = lines.lineAt(line);
  const colon = text.indexOf(':', from);
  if (colon < 0 || text.slice(from, colon).trim() !== '') return;
  const rest = text.slice(colon + 1);
  const value = rest.trimStart();
  const to = colon + 1 + rest.length - value.length;
  const wanted = value === '' ? ':' : ': ';
  if (text.slice(from, to) !== wanted) edits.push({ range: rangeOn(line, from, to), text: wanted });
}

/** The lines that continue a URL, one indent deep. */
function alignQuery(
  edits: TextChange[], lines: TextLines, { urlPieces = [], headers }: HttpRequest, { indent }: FormatOptions,
): void {
  const limit = headers[0]?.range.start.line ?? Infinity;
  for (const { start: { line, character } } of urlPieces.slice(1)) {
    if (line > limit || lines.lineAt(line).slice(0, character) === indent) continue;
    edits.push({ range: rangeOn(line, 0, character), text: indent });
  }
}

// --- body ------------------------------------------------------------------------------------------

function formatBody(
  edits: TextChange[], lines: TextLines, request: HttpRequest, { indent }: FormatOptions,
): void {
  const [first] = request.body ?? [];
  if (!first) return;
  const head = lastLineOfHead(request);
  const between = first.range.start.line - head - 1;
  if (isBlankBetween(lines, head, first.range.start.line) && between !== 1
    && (between > 1 || isUnmistakable(first))) {
    blankLines(edits, lines, head, first.range.start.line, '\n\n');
  }
  if (!isJson(request)) return;
  const { range } = first;
  const written = textIn(lines, range);
  const text = formatJson(written, indent);
  if (text !== undefined && text !== written) edits.push({ range, text });
}

function lastLineOfHead({ headers, urlRange, requestLine }: HttpRequest): number {
  return Math.max(headers.at(-1)?.range.end.line ?? 0, urlRange.end.line, requestLine.end.line);
}

function isBlankBetween(lines: TextLines, head: number, first: number): boolean {
  for (let line = head + 1; line < first; line++) if (lines.lineAt(line).trim() !== '') return false;
  return true;
}

/** Without a blank line before it, only what can be no header is known to be meant as a body. */
function isUnmistakable(segment: BodySegment): boolean {
  return segment.kind === 'file' || /^\s*[{[<"]/.test(segment.text);
}

/** A body of text alone that is meant as JSON. */
function isJson(request: HttpRequest): boolean {
  const { body = [], method, metadata } = request;
  if (body.length !== 1 || body[0]!.kind !== 'text') return false;
  const mediaType = mediaTypeOf(headerValue(request, 'content-type'));
  const isGraphql = method === 'GRAPHQL' || headerValue(request, 'x-request-type') !== undefined
    || metadata.some(({ key }) => key === 'graphql');
  const isScripted = request.elements.some(({ range }) =>
    range.start.line >= body[0]!.range.start.line && range.end.line <= body[0]!.range.end.line);
  return !isGraphql && !isScripted && (mediaType === '' || /^[\w.-]+\/(?:[\w.-]+\+)?json$/.test(mediaType));
}
