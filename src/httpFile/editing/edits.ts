import type { TextChange } from '../textChange.ts';
import { rangeBetween } from '../tree/span.ts';
import type { Position, Range } from '../syntax.ts';
import type { TextLines } from '../position.ts';

/** Less than 0 where `a` stands before `b`, 0 where they are the same. */
export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Whether a range holds a position; both of its ends belong to it, as a cursor stands between characters. */
export function holds(range: Range, position: Position): boolean {
  return comparePositions(range.start, position) <= 0 && comparePositions(position, range.end) <= 0;
}

/** Part of one line. */
export function rangeOn(line: number, from: number, to: number): Range {
  return rangeBetween({ line, character: from }, { line, character: to });
}

/** The change that puts a text between two characters of a line. */
export function insertion(line: number, character: number, text: string): TextChange {
  return { range: rangeOn(line, character, character), text };
}

/** The text on a range's lines, LF between them. */
export function textIn(lines: TextLines, { start, end }: Range): string {
  if (start.line === end.line) return lines.lineAt(start.line).slice(start.character, end.character);
  const texts = [lines.lineAt(start.line).slice(start.character)];
  for (let line = start.line + 1; line < end.line; line++) texts.push(lines.lineAt(line));
  texts.push(lines.lineAt(end.line).slice(0, end.character));
  return texts.join('\n');
}

/**
 * The edits in the order of their places, without those that overlap an earlier one; of two that start together the
 * wider one stays. Insertions at one place are all kept, in the order given.
 */
export function ordered(edits: readonly TextChange[]): TextChange[] {
  const sorted = edits.toSorted((a, b) => comparePositions(a.range.start, b.range.start)
    || Number(isInsertion(b)) - Number(isInsertion(a)) || comparePositions(b.range.end, a.range.end));
  const kept: TextChange[] = [];
  for (const edit of sorted) {
    const previous = kept.at(-1);
    if (!previous || comparePositions(previous.range.end, edit.range.start) <= 0) kept.push(edit);
  }
  return kept;
}

function isInsertion({ range: { start, end } }: TextChange): boolean {
  return comparePositions(start, end) === 0;
}

/** The whole text with edits made; LF between lines. The edits must be {@link ordered}. */
export function applyEdits(lines: TextLines, edits: readonly TextChange[]): string {
  const pieces: string[] = [];
  let from: Position = { line: 0, character: 0 };
  for (const { range, text } of edits) {
    pieces.push(textIn(lines, rangeBetween(from, range.start)), text);
    from = range.end;
  }
  const last = lines.lineCount - 1;
  pieces.push(textIn(lines, rangeBetween(from, { line: last, character: lines.lineAt(last).length })));
  return pieces.join('');
}
