import type { TextLines } from '../position.ts';
import type { HttpFile, HttpRequest } from '../syntax.ts';
import { blocksIn } from './blocks.ts';

/** Lines that can be hidden but for the first, counted from 0. */
interface Fold {
  readonly start: number;
  readonly end: number;
  readonly kind?: 'comment' | 'imports' | 'region';
}

/**
 * What can be folded: blocks, header sections, bodies and the objects in them, scripts, pasted responses, comments,
 * imports and `# region … # endregion`.
 */
export function foldsIn(file: HttpFile, lines: TextLines): Fold[] {
  const folds: Fold[] = [];
  for (const { start, end } of blocksIn(file, lines)) push(folds, start, end);
  const taken = new Set<number>();
  for (const request of file.requests) foldRequest(folds, request, lines, taken);
  for (const { range } of file.elements) foldElement(folds, range.start.line, range.end.line, lines, taken);
  foldComments(folds, lines, taken);
  foldImports(folds, file);
  return distinct(folds);
}

function push(folds: Fold[], start: number, end: number, kind?: Fold['kind']): void {
  if (end > start) folds.push(kind ? { start, end, kind } : { start, end });
}

function foldRequest(
  folds: Fold[], { headers, body, elements, requestLine }: HttpRequest, lines: TextLines, taken: Set<number>,
): void {
  const last = headers.at(-1);
  if (last) push(folds, requestLine.start.line, last.range.end.line);
  const first = body?.[0]?.range.start.line;
  const end = body?.at(-1)?.range.end.line;
  if (first !== undefined && end !== undefined) foldElement(folds, first, end, lines, taken);
  for (const { range } of elements) foldElement(folds, range.start.line, range.end.line, lines, taken);
}

/** A piece of text as a whole, and what is indented in it. */
function foldElement(
  folds: Fold[], start: number, end: number, lines: TextLines, taken: Set<number>,
): void {
  for (let line = start; line <= end; line++) taken.add(line);
  push(folds, start, end);
  foldIndents(folds, start, end, lines);
}

/** Deeper lines fold under the line before them; a closing bracket stays in sight. */
function foldIndents(folds: Fold[], start: number, end: number, lines: TextLines): void {
  const open: { line: number; indent: number }[] = [];
  let last = start;
  for (let line = start; line <= end; line++) {
    const text = lines.lineAt(line);
    const indent = text.search(/\S/);
    if (indent < 0) continue;
    while (open.length > 0 && open.at(-1)!.indent >= indent) push(folds, open.pop()!.line, last);
    open.push({ line, indent });
    last = line;
  }
  for (const { line } of open) push(folds, line, last);
}

const regionStart = /^\s*(?:#|\/\/)\s*#?region\b/i;
const regionEnd = /^\s*(?:#|\/\/)\s*#?endregion\b/i;

/** Runs of comment lines, block comments and regions, outside of what is `taken` by bodies and scripts. */
function foldComments(folds: Fold[], lines: TextLines, taken: ReadonlySet<number>): void {
  const regions: number[] = [];
  let run: number | undefined;
  const endRun = (line: number) => {
    if (run !== undefined) push(folds, run, line - 1, 'comment');
    run = undefined;
  };
  for (let line = 0; line < lines.lineCount; line++) {
    const text = lines.lineAt(line);
    const kind = taken.has(line) ? 'other' : kindOf(text);
    if (kind !== 'comment') endRun(line);
    if (kind === 'block') line = foldBlockComment(folds, lines, line);
    else if (kind === 'region') regions.push(line);
    else if (kind === 'endregion') {
      const start = regions.pop();
      if (start !== undefined) push(folds, start, line, 'region');
    } else if (kind === 'comment') run ??= line;
  }
  endRun(lines.lineCount);
}

function kindOf(text: string): 'region' | 'endregion' | 'comment' | 'block' | 'other' {
  const first = text.trimStart();
  if (first.startsWith('/*')) return 'block';
  if (!first.startsWith('#') && !first.startsWith('//')) return 'other';
  if (first.startsWith('###')) return 'other';
  if (regionStart.test(text)) return 'region';
  return regionEnd.test(text) ? 'endregion' : 'comment';
}

/** Gives the comment's last line. */
function foldBlockComment(folds: Fold[], lines: TextLines, start: number): number {
  for (let line = start; line < lines.lineCount; line++) {
    const text = lines.lineAt(line);
    if (line > start && text.startsWith('###')) return line - 1;
    if (!text.includes('*/', line === start ? text.indexOf('/*') + 2 : 0)) continue;
    push(folds, start, line, 'comment');
    return line;
  }
  return lines.lineCount;
}

function foldImports(folds: Fold[], file: HttpFile): void {
  let start: number | undefined;
  let last: number | undefined;
  for (const { kind, range } of [...file.elements, ...file.requests.flatMap(({ elements }) => elements)]) {
    if (kind !== 'import') continue;
    const { line } = range.start;
    if (last !== undefined && line !== last + 1) {
      push(folds, start!, last, 'imports');
      start = line;
    }
    start ??= line;
    last = line;
  }
  if (start !== undefined && last !== undefined) push(folds, start, last, 'imports');
}

/** Of folds with the same first line and the same end only one, in the order of their lines. */
function distinct(folds: readonly Fold[]): Fold[] {
  const byPlace = new Map<string, Fold>();
  for (const fold of folds) {
    const key = `${fold.start}:${fold.end}`;
    const known = byPlace.get(key);
    if (!known || (fold.kind && !known.kind)) byPlace.set(key, fold);
  }
  return [...byPlace.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}
