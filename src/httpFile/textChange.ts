import type { Position, Range } from './syntax.ts';

/** What an editor says of an edit: the text in `range` is replaced by `text`. Line ends may be of any kind. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/** A text with LF line ends after changes, each of which is meant in the text that the ones before it left. */
export function textWith(changes: readonly TextChange[], original: string): string {
  let lines = original.split('\n');
  for (const { range, text } of changes) {
    const start = clamped(range.start, lines.length);
    const end = clamped(range.end, lines.length);
    const before = lines[start.line]!.slice(0, start.character);
    const after = lines[end.line]!.slice(end.character);
    const added = `${before}${withoutReturns(text)}${after}`.split('\n');
    lines = lines.slice(0, start.line).concat(added, lines.slice(end.line + 1));
  }
  return lines.join('\n');
}

/** A text whose line ends are all LF. */
export function withoutReturns(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** A position inside so many lines; its character may still be beyond its line's end. */
export function clamped({ line, character }: Position, lineCount: number): Position {
  if (line < 0) return { line: 0, character: 0 };
  return line < lineCount
    ? { line, character: Math.max(0, character) } : { line: lineCount - 1, character: Infinity };
}
