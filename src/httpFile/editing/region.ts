import type { TextLines } from '../position.ts';
import type { Element, HttpFile, HttpRequest } from '../syntax.ts';

/** Which part of a block a line belongs to. The tree decides where it can; a half-typed line is judged by its text. */
export type Region =
  | { readonly kind: 'separator' }
  /** `empty`: nothing stands on the line, and no request in the block. */
  | { readonly kind: 'preamble'; readonly empty: boolean }
  /** The request line or, `continued`, a further line of its URL. */
  | { readonly kind: 'request-line'; readonly continued: boolean }
  | { readonly kind: 'head' }
  /** `variable`: a definition after the body (C21). */
  | { readonly kind: 'body'; readonly variable: boolean }
  | { readonly kind: 'element'; readonly element: Element };

export interface Located {
  readonly region: Region;
  /** The request whose block this is, when the block has one. */
  readonly request?: HttpRequest;
}

/** So many lines are looked at around one; a block without a request that is longer is cut there. */
const farthest = 4000;

/** Where a line (from 0) is. Looks at the block only: the size of the file does not matter. */
export function regionAt(file: HttpFile, lines: TextLines, line: number): Located {
  if (lines.lineAt(line).startsWith('###')) return { region: { kind: 'separator' } };
  const request = lastBefore(file.requests, line, (one) => one.range.start.line);
  if (request && line <= request.range.end.line) return inRequest(file, lines, request, line);
  const start = blockStart(lines, line, request ? request.range.end.line + 1 : 0);
  // No separator in between: the blank lines after a request are its own.
  if (request && start === request.range.end.line + 1) return inRequest(file, lines, request, line);
  return withoutRequest(file, lines, start, line);
}

/** The last of a list in the order of the text that starts at a line or above it. */
export function lastBefore<T>(
  list: readonly T[], line: number, lineOf: (item: T) => number,
): T | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lineOf(list[middle]!) <= line) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}

/** The line after the last separator above `line`; `from` when there is none. */
function blockStart(lines: TextLines, line: number, from: number): number {
  const end = Math.max(from, line - farthest);
  for (let at = line - 1; at >= end; at--) if (lines.lineAt(at).startsWith('###')) return at + 1;
  return end;
}

function inRequest(
  file: HttpFile, lines: TextLines, request: HttpRequest, line: number,
): Located {
  const element = request.elements.find((one) => holds(one, line));
  if (element && element.kind !== 'spread') return { region: { kind: 'element', element }, request };
  const first = request.requestLine.start.line;
  if (line < first) {
    return { region: { kind: 'preamble', empty: false }, request };
  }
  if (line <= request.urlRange.end.line) {
    return { region: { kind: 'request-line', continued: line > first }, request };
  }
  return { region: afterUrl(file, lines, request, line), request };
}

function holds({ range }: Element, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}

function afterUrl(
  file: HttpFile, lines: TextLines, request: HttpRequest, line: number,
): Region {
  const lastHeader = request.headers.at(-1)?.range.end.line ?? 0;
  const headEnd = Math.max(request.urlRange.end.line, lastHeader);
  if (line <= headEnd) return { kind: 'head' };
  const bodyStart = request.body?.[0]?.range.start.line;
  // C5: a body without a blank line before it; its first line may be a header that is being typed.
  if (bodyStart !== undefined && line > bodyStart) return bodyAt(file, line);
  if (line - headEnd > farthest) return bodyAt(file, line);
  for (let at = headEnd + 1; at < line; at++) {
    if (lines.lineAt(at).trim() === '') return bodyAt(file, line);
  }
  return startsBody(lines.lineAt(line)) ? bodyAt(file, line) : { kind: 'head' };
}

function startsBody(text: string): boolean {
  const trimmed = text.trimStart();
  return /^[[<"]/.test(trimmed) || (trimmed.startsWith('{') && !trimmed.startsWith('{{'));
}

function bodyAt(file: HttpFile, line: number): Region {
  const variable = lastBefore(file.variables, line, (one) => one.range.start.line);
  return { kind: 'body', variable: variable?.range.start.line === line };
}

/** A block in which the parser has found nothing to send (yet): its first significant line is taken for one. */
function withoutRequest(
  file: HttpFile, lines: TextLines, start: number, line: number,
): Located {
  const element = elementAt(file, line);
  if (element) return { region: { kind: 'element', element } };
  const first = firstSignificant(file, lines, start, line);
  const empty = lines.lineAt(line).trim() === '';
  if (first === undefined) return { region: { kind: 'preamble', empty } };
  for (let at = first + 1; at < line; at++) {
    if (lines.lineAt(at).trim() === '') return { region: { kind: 'body', variable: false } };
  }
  return { region: { kind: 'head' } };
}

function elementAt(file: HttpFile, line: number): Element | undefined {
  const element = lastBefore(file.elements, line, (one) => one.range.start.line);
  return element && holds(element, line) ? element : undefined;
}

/** The first line above `line` that is neither blank, comment, variable nor element. */
function firstSignificant(
  file: HttpFile, lines: TextLines, start: number, line: number,
): number | undefined {
  for (let at = start; at < line; at++) {
    const text = lines.lineAt(at).trimStart();
    if (text.startsWith('/*')) at = endOfComment(lines, at, line);
    else if (text !== '' && !/^(?:#|\/\/|@)/.test(text) && !elementAt(file, at)) return at;
  }
  return undefined;
}

function endOfComment(lines: TextLines, from: number, end: number): number {
  let at = from;
  while (at < end && !lines.lineAt(at).includes('*/', at === from ? 2 : 0)) at++;
  return at;
}
