import { rangeBetween } from './tree/span.ts';
import type { BodySegment, HttpFile, HttpRequest, Position, Range } from './syntax.ts';

/** What editing services read a text through; a line comes without its line end. */
export interface TextLines {
  readonly lineCount: number;
  lineAt(line: number): string;
}

/** Where a part of a one-line text stands in the file, given the range of that text. */
export function rangeWithin(range: Range, offset: number, length: number): Range {
  const { start, end } = range;
  if (start.line !== end.line) return range;
  return rangeBetween(
    { line: start.line, character: start.character + offset },
    { line: start.line, character: start.character + offset + length },
  );
}

/** Where a part of a request's URL stands, though the URL may take several lines. */
export function rangeInUrl(request: HttpRequest, offset: number, length: number): Range {
  let from = offset;
  for (const piece of request.urlPieces ?? [request.urlRange]) {
    const size = piece.end.character - piece.start.character;
    if (from < size) return rangeWithin(piece, from, Math.min(length, size - from));
    from -= size;
  }
  return request.urlRange;
}

/** Where a part of a body's text stands, counting the comment lines that are not in the text. */
export function rangeInBody(
  segment: Extract<BodySegment, { kind: 'text' }>, offset: number, length: number,
): Range {
  if (segment.rangeOf) return segment.rangeOf(offset, length);
  const start = positionInBody(segment, offset);
  return rangeBetween(start, { line: start.line, character: start.character + length });
}

function positionInBody(
  segment: Extract<BodySegment, { kind: 'text' }>, offset: number,
): Position {
  const { text, range, removed = [] } = segment;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const gone = new Set(removed);
  let { line } = range.start;
  const skip = () => {
    while (gone.has(line)) line++;
  };
  skip();
  const inFirst = lineStart === 0 || offset === 0;
  if (inFirst) return { line, character: range.start.character + offset };
  for (let at = text.indexOf('\n'); at >= 0 && at < lineStart; at = text.indexOf('\n', at + 1)) {
    line++;
    skip();
  }
  return { line, character: offset - lineStart };
}

/**
 * The request whose block holds a line (counted from 0), else the nearest one above it, else the first; found
 * by halving, as a file may hold ten thousand.
 */
export function requestAt(file: HttpFile, line: number): HttpRequest | undefined {
  const { requests } = file;
  let from = 0;
  let to = requests.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (requests[middle]!.range.start.line <= line) from = middle + 1;
    else to = middle;
  }
  return requests[Math.max(0, from - 1)];
}
