import { parse } from '../../../src/httpFile/parse.ts';
import type { TextLines } from '../../../src/httpFile/position.ts';
import type { HttpFile, Position } from '../../../src/httpFile/syntax.ts';

export interface Marked {
  readonly file: HttpFile;
  readonly lines: TextLines;
  readonly position: Position;
  readonly text: string;
}

/** A text in which `|` marks the cursor, without the mark. */
export function marked(text: string): Marked {
  const offset = text.indexOf('|');
  if (offset < 0) throw new Error(`no cursor in ${text}`);
  const before = text.slice(0, offset);
  const whole = before + text.slice(offset + 1);
  const line = before.split('\n').length - 1;
  return {
    file: parse(whole), lines: linesOf(whole), text: whole,
    position: { line, character: offset - (before.lastIndexOf('\n') + 1) },
  };
}

export function linesOf(text: string): TextLines {
  const lines = text.split('\n');
  return { lineCount: lines.length, lineAt: (line) => lines[line] ?? '' };
}
