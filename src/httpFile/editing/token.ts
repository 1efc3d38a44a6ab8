import { isSpace } from '../parser/lines.ts';
import { rangeBetween } from '../tree/span.ts';
import type { Range } from '../syntax.ts';

/** The piece of a line that an answer is about, and would replace. */
export interface Token {
  readonly range: Range;
  readonly text: string;
  /** The text from its start up to the position. */
  readonly typed: string;
}

/** A line and the place in it that is asked about. */
export interface Cursor {
  readonly text: string;
  readonly line: number;
  readonly character: number;
}

/** The token between two characters of the line. */
export function tokenOf({ text, line, character }: Cursor, from: number, to: number): Token {
  const end = Math.max(from, to);
  return {
    range: rangeBetween({ line, character: from }, { line, character: end }),
    text: text.slice(from, end),
    typed: text.slice(from, Math.max(from, Math.min(character, end))),
  };
}

/** Nothing, at the cursor. */
export function emptyToken(cursor: Cursor): Token {
  return tokenOf(cursor, cursor.character, cursor.character);
}

/** The next character, from there on, that is no white space; the length of the text when there is none. */
export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The next white space, or the length of the text. */
export function skipWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The end of a text without the white space there. */
export function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

/** From `from` to the end of the line without the white space there, but at least up to the cursor's place. */
export function restOfLine(cursor: Cursor, from: number): Token {
  return tokenOf(cursor, from, Math.max(trimmedEnd(cursor.text), Math.min(cursor.character, cursor.text.length)));
}
