import { IncludeNode, TextNode } from '../tree/nodes.ts';
import type { RequestNode } from '../tree/request.ts';
import { Span } from '../tree/span.ts';
import type { BodyKind } from './body.ts';
import { remark } from './bodyRemarks.ts';
import { includeOn, mayInclude } from './include.ts';
import { endOf, isBlank, lineKind, rangeOfLines, textOfLines } from './lines.ts';
import type { Lines } from './lines.ts';
import type { Reader } from './reader.ts';

/** Lines that are not part of the text: comments and scripts. Sorted. */
export type Removed = number[];

/** Gives the request its body: the texts and files of the lines from `from` to before `end`; `keep` keeps comments. */
export function assembleBody(
  reader: Reader, request: RequestNode, from: number, end: number, keep: boolean, scripts: Removed,
  kind: BodyKind,
): void {
  const { lines } = reader;
  const removed = keep ? scripts : withComments(lines, from, end, scripts);
  let first = from;
  let last = end - 1;
  let leading = 0;
  let trailing = removed.length;
  for (; first <= last && (removed[leading] === first || isBlank(lines, first)); first++) {
    if (removed[leading] === first) leading++;
  }
  for (; last >= first && (removed[trailing - 1] === last || isBlank(lines, last)); last--) {
    if (removed[trailing - 1] === last) trailing--;
  }
  if (first > last) return;
  const inside = removed.slice(leading, trailing);
  if (inside.length === 0 && !hasIncludes(lines, first, last)) request.setPlainBody(first, last);
  else request.setBody(segments(reader, first, last, inside));
  remark(reader, request, first, last, inside, kind);
}

function hasIncludes(lines: Lines, first: number, last: number): boolean {
  for (let line = first; line <= last; line++) {
    if (mayInclude(lines, line) && includeOn(lines, line)) return true;
  }
  return false;
}

/** The lines of scripts and those of comments, in order. */
function withComments(lines: Lines, from: number, end: number, scripts: Removed): Removed {
  const removed: Removed = [];
  let script = 0;
  for (let line = from; line < end; line++) {
    const kind = lines.kinds[line]!;
    const isScript = scripts[script] === line;
    if (isScript) script++;
    if (isScript || kind === lineKind.comment || kind === lineKind.indentedSeparator) removed.push(line);
  }
  return removed;
}

/** Texts and files in turn. The line ends around a file belong to the texts, so a file gains none. */
function segments(
  reader: Reader, first: number, last: number, removed: Removed,
): (TextNode | IncludeNode)[] {
  const { lines, block } = reader;
  const result: (TextNode | IncludeNode)[] = [];
  let from = first;
  let passed = 0;
  const holesBefore = (to: number): Removed => {
    const start = passed;
    while (passed < removed.length && removed[passed]! < to) passed++;
    return removed.slice(start, passed);
  };
  for (let line = first; line <= last; line++) {
    const include = mayInclude(lines, line) ? includeOn(lines, line) : undefined;
    if (!include || isIn(removed, line)) continue;
    pushText(reader, result, from, line, holesBefore(line), true);
    const { path, substitute, encoding, operation } = include;
    const range = rangeOfLines(lines, line, line);
    result.push(new IncludeNode(block, path, substitute, encoding, range, operation));
    from = line + 1;
  }
  pushText(reader, result, from, last + 1, holesBefore(last + 1), false);
  return result;
}

/** Whether a line is one of those removed, by halving: a script may hold what looks like a file. */
function isIn(removed: Removed, line: number): boolean {
  let low = 0;
  let high = removed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (removed[middle]! < line) low = middle + 1;
    else high = middle;
  }
  return removed[low] === line;
}

function pushText(
  { lines, block }: Reader, result: (TextNode | IncludeNode)[], from: number, to: number,
  holes: Removed, beforeFile: boolean,
): void {
  const afterFile = result.length > 0;
  const pieces = textPieces(lines, from, to, holes);
  if (pieces.length === 0 && !(afterFile && beforeFile)) return;
  const text = (afterFile ? '\n' : '') + pieces.join('\n') + (beforeFile && pieces.length > 0 ? '\n' : '');
  const startLine = afterFile ? from - 1 : from;
  const start = afterFile ? endOf(lines, startLine) - lines.starts[startLine]! : 0;
  const span = beforeFile
    ? new Span(startLine, start, to, 0)
    : new Span(startLine, start, to - 1, endOf(lines, to - 1) - lines.starts[to - 1]!);
  result.push(new TextNode(block, text, span, holes.length > 0 ? holes : undefined));
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
