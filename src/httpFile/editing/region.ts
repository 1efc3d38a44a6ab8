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

/** So many lines are looked at above one; a block without a request that is longer is cut there. */
const farthest = 4000;

/** Where a line (from 0) is. Looks at the block only: the size of the file does not matter. */
export function regionAt(file: HttpFile, lines: TextLines, line: number): Located {
  return createRegions(file, lines)(line);
}

/**
 * Finds where lines are, for many lines of one file: what was found out about a block is kept for the lines that
 * follow, so that going down a text takes as long as the text is.
 */
export function createRegions(file: HttpFile, lines: TextLines): (line: number) => Located {
  const regions = new Regions(file, lines);
  return (line) => regions.at(line);
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

/** What was seen of the lines after a block's start that the tree does not tell of. */
interface Seen {
  readonly start: number;
  /** The next line to look at. */
  next: number;
  inComment: boolean;
  /** The first line that is neither blank, comment, variable nor element. */
  first: number | undefined;
  /** The first blank line after it. */
  blank: number | undefined;
}

class Regions {
  private readonly file: HttpFile;
  private readonly lines: TextLines;
  /** The line that was asked about last, and where its block starts. */
  private asked: { line: number; start: number } | undefined;
  private seen: Seen | undefined;
  /** Of the request that was asked about last: the lines from the end of its head that are not blank. */
  private head: { request: HttpRequest; from: number; to: number } | undefined;

  constructor(file: HttpFile, lines: TextLines) {
    this.file = file;
    this.lines = lines;
  }

  at(line: number): Located {
    const { file, lines } = this;
    if (lines.lineAt(line).startsWith('###')) return { region: { kind: 'separator' } };
    const request = lastBefore(file.requests, line, (one) => one.range.start.line);
    const end = request?.range.end.line ?? -1;
    if (request && line <= end) return this.inRequest(request, line);
    const start = this.blockStart(line, end + 1);
    // No separator in between: the blank lines after a request are its own.
    if (request && start === end + 1) return this.inRequest(request, line);
    return this.withoutRequest(start, line);
  }

  /** The line after the last separator above `line`; `from` when there is none. */
  private blockStart(line: number, from: number): number {
    const { asked } = this;
    // Down to the line that was asked about last, the answer is known.
    const known = asked && asked.line <= line && asked.start >= from ? asked : undefined;
    const end = Math.max(from, known?.line ?? line - farthest);
    let start = known?.start ?? end;
    for (let at = line - 1; at >= end; at--) {
      if (!this.lines.lineAt(at).startsWith('###')) continue;
      start = at + 1;
      break;
    }
    this.asked = { line, start };
    return start;
  }

  private inRequest(request: HttpRequest, line: number): Located {
    const element = elementOn(request.elements, line);
    if (element?.kind === 'message' && request.isWebSocket) return { region: bodyAt(this.file, line), request };
    if (element && element.kind !== 'spread') return { region: { kind: 'element', element }, request };
    const first = request.requestLine.start.line;
    if (line < first) return { region: { kind: 'preamble', empty: false }, request };
    if (line <= request.urlRange.end.line) {
      return { region: { kind: 'request-line', continued: line > first }, request };
    }
    return { region: this.afterUrl(request, line), request };
  }

  private afterUrl(request: HttpRequest, line: number): Region {
    const lastHeader = request.headers.at(-1)?.range.end.line ?? 0;
    const headEnd = Math.max(request.urlRange.end.line, lastHeader);
    if (line <= headEnd) return { kind: 'head' };
    const bodyStart = request.body?.[0]?.range.start.line;
    // C5: a body without a blank line before it; its first line may be a header that is being typed.
    if (bodyStart !== undefined && line > bodyStart) return bodyAt(this.file, line);
    if (line - headEnd > farthest || this.hasBlank(request, headEnd + 1, line)) return bodyAt(this.file, line);
    return startsBody(this.lines.lineAt(line)) ? bodyAt(this.file, line) : { kind: 'head' };
  }

  /** Whether a line from `from` up to but not including `line` is blank. */
  private hasBlank(request: HttpRequest, from: number, line: number): boolean {
    if (this.head?.request !== request || this.head.from !== from) this.head = { request, from, to: from };
    const { head } = this;
    while (head.to < line && this.lines.lineAt(head.to).trim() !== '') head.to++;
    return head.to < line;
  }

  /** A block in which the parser has found nothing to send (yet): its first significant line is taken for one. */
  private withoutRequest(start: number, line: number): Located {
    const element = elementOn(this.file.elements, line);
    if (element) return { region: { kind: 'element', element } };
    const { first = Infinity, blank = Infinity } = this.lookFrom(start, line);
    if (first >= line) return { region: { kind: 'preamble', empty: this.lines.lineAt(line).trim() === '' } };
    return { region: blank < line ? { kind: 'body', variable: false } : { kind: 'head' } };
  }

  private lookFrom(start: number, line: number): Seen {
    if (this.seen?.start !== start) {
      this.seen = { start, next: start, inComment: false, first: undefined, blank: undefined };
    }
    const { seen } = this;
    for (; seen.next < line; seen.next++) this.look(seen, this.lines.lineAt(seen.next));
    return seen;
  }

  private look(seen: Seen, text: string): void {
    const trimmed = text.trimStart();
    if (seen.first !== undefined) {
      if (trimmed === '') seen.blank ??= seen.next;
    } else if (seen.inComment) {
      seen.inComment = !text.includes('*/');
    } else if (trimmed.startsWith('/*')) {
      seen.inComment = !trimmed.includes('*/', 2);
    } else if (trimmed !== '' && !/^(?:#|\/\/|@)/.test(trimmed) && !elementOn(this.file.elements, seen.next)) {
      seen.first = seen.next;
    }
  }
}

/** The element that a line belongs to. They stand one after another. */
function elementOn(elements: readonly Element[], line: number): Element | undefined {
  if (elements.length === 0) return undefined;
  const element = lastBefore(inOrder(elements), line, (one) => one.range.start.line);
  return element && line <= element.range.end.line ? element : undefined;
}

const sorted = new WeakMap<readonly Element[], readonly Element[]>();

/** Scripts in a body are found after what stands behind the body. Edits elsewhere move all of a list together. */
function inOrder(elements: readonly Element[]): readonly Element[] {
  if (elements.length === 1) return elements;
  const known = sorted.get(elements);
  if (known) return known;
  const list = elements.toSorted((a, b) => a.range.start.line - b.range.start.line);
  sorted.set(elements, list);
  return list;
}

function startsBody(text: string): boolean {
  const trimmed = text.trimStart();
  return /^[[<"]/.test(trimmed) || (trimmed.startsWith('{') && !trimmed.startsWith('{{'));
}

function bodyAt(file: HttpFile, line: number): Region {
  const variable = lastBefore(file.variables, line, (one) => one.range.start.line);
  return { kind: 'body', variable: variable?.range.start.line === line };
}
