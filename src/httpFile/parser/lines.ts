import { IntTable } from './intTable.ts';
import { Span } from '../tree/span.ts';

/** What the first characters say about a line; what it is depends on the state it is met in. */
export const lineKind = {
  blank: 0,
  /** `###` in the first column. */
  separator: 1,
  /** `###` after an indent: a separator only before a request line. */
  indentedSeparator: 2,
  /** `#` or `//`. */
  comment: 3,
  text: 4,
} as const;

/** A text with LF line ends, and where its lines are: the only pass over all characters. */
export interface Lines {
  readonly text: string;
  readonly count: number;
  /** Offset of each line, and one more: where a line after the last would start. */
  readonly starts: Int32Array;
  /** Offset of the first character that is not white space; the line's end when there is none. */
  readonly firsts: Int32Array;
  readonly kinds: Uint8Array;
  /** A row for each request; see requestRow.ts. */
  readonly requests: IntTable;
  /** A row for each piece of metadata; see metadata.ts. */
  readonly metadata: IntTable;
  /** The lines of header fields: as they are, or inverted (`~line`) when the name holds a variable. */
  readonly fields: IntTable;
  /** What goes on after the line of a field, by its place in {@link fields}. */
  readonly folds: Map<number, Fold>;
  /** The lines on which URLs go on, each followed by the offset of the piece's end. */
  readonly urlPieces: IntTable;
}

/** A field's value over several lines, and where it ends. */
interface Fold {
  readonly value: string;
  readonly line: number;
  readonly end: number;
}

/** Line ends CRLF, LF and CR become LF, a byte order mark goes: no line or character number changes. */
export function normalizeText(text: string): string {
  const marked = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return marked.includes('\r') ? marked.replace(/\r\n?/g, '\n') : marked;
}

/** The lines of a text that has been through {@link normalizeText}. */
export function scanLines(text: string): Lines {
  // Lines are seldom shorter than 16 characters on average; a file of shorter ones makes the tables grow.
  const room = Math.max(64, text.length >> 4);
  let starts = new Int32Array(room);
  let firsts = new Int32Array(room);
  let kinds = new Uint8Array(room);
  let count = 0;
  let end = -1;
  do {
    if (count + 1 >= starts.length) {
      starts = grown(starts, Int32Array);
      firsts = grown(firsts, Int32Array);
      kinds = grown(kinds, Uint8Array);
    }
    const start = end + 1;
    const first = firstIn(text, start);
    const code = first < text.length ? text.charCodeAt(first) : newline;
    starts[count] = start;
    firsts[count] = first;
    kinds[count++] = kindOf(text, start, first, code);
    end = code === newline ? first : text.indexOf('\n', first);
  } while (end >= 0 && end < text.length);
  starts[count] = text.length + 1;
  return {
    text, count, starts, firsts, kinds,
    // As many as most files need: requests of a dozen lines with sixteen numbers, a quarter of the lines header fields.
    requests: new IntTable(count + (count >> 2)), metadata: new IntTable(count >> 2), fields: new IntTable(count >> 2),
    folds: new Map(), urlPieces: new IntTable(count >> 3),
  };
}

function grown<T extends Int32Array | Uint8Array>(
  array: T, Type: new (length: number) => T,
): T {
  const larger = new Type(array.length * 4);
  larger.set(array);
  return larger;
}

/** Offset of the first character from `start` on that is no white space within a line. */
function firstIn(text: string, start: number): number {
  let first = start;
  while (first < text.length && isSpace(text.charCodeAt(first))) first++;
  return first;
}

function kindOf(text: string, start: number, first: number, code: number): number {
  if (code === newline) return lineKind.blank;
  if (code === slash) {
    return text.charCodeAt(first + 1) === slash ? lineKind.comment : lineKind.text;
  }
  if (code !== hash) return lineKind.text;
  if (text.charCodeAt(first + 1) !== hash || text.charCodeAt(first + 2) !== hash) {
    return lineKind.comment;
  }
  return first === start ? lineKind.separator : lineKind.indentedSeparator;
}

const newline = 0x0a;
const hash = 0x23;
const slash = 0x2f;

/** Space, tab and their rarer relatives inside a line. */
export function isSpace(code: number): boolean {
  if (code > 0x20 && code < 0xa0) return false;
  return code === 0x20 || code === 0x09 || code === 0x0b || code === 0x0c
    || code === 0xa0 || code === 0xfeff;
}

/** Offset of the end of a line, before its line end. */
export function endOf(lines: Lines, line: number): number {
  return lines.starts[line + 1]! - 1;
}

/** Offset after the last character of a line that is not white space. */
export function trimmedEndOf(lines: Lines, line: number): number {
  let end = endOf(lines, line);
  const first = lines.firsts[line]!;
  while (end > first && isSpace(lines.text.charCodeAt(end - 1))) end--;
  return end;
}

/** The line without the white space around it. */
export function trimmedLine(lines: Lines, line: number): string {
  return lines.text.slice(lines.firsts[line], trimmedEndOf(lines, line));
}

/** The first character of a line that is not white space, or -1. */
export function firstCode(lines: Lines, line: number): number {
  return lines.kinds[line] === lineKind.blank ? -1 : lines.text.charCodeAt(lines.firsts[line]!);
}

/** Whether white space stands before the first character of a line; a blank line is indented if it has any. */
export function isIndented(lines: Lines, line: number): boolean {
  return lines.firsts[line]! > lines.starts[line]!;
}

/** Whether there is nothing but white space on a line. */
export function isBlank(lines: Lines, line: number): boolean {
  return lines.kinds[line] === lineKind.blank;
}

/** A range inside one line, from offsets in the text. */
export function rangeIn(lines: Lines, line: number, from: number, to: number): Span {
  const start = lines.starts[line]!;
  return new Span(line, from - start, line, to - start);
}

/** The line without the white space around it. */
export function rangeOfLine(lines: Lines, line: number): Span {
  return rangeIn(lines, line, lines.firsts[line]!, trimmedEndOf(lines, line));
}

/** From the start of a line to the end of another, `last` included. */
export function rangeOfLines(lines: Lines, first: number, last: number): Span {
  return new Span(first, 0, last, endOf(lines, last) - lines.starts[last]!);
}

/** The text of lines `from` up to but not including `to`, LF between them. */
export function textOfLines(lines: Lines, from: number, to: number): string {
  return to > from ? lines.text.slice(lines.starts[from], endOf(lines, to - 1)) : '';
}

/** The text after a separator's hashes, if any; hashes at its end are decoration. */
export function titleAfter(lines: Lines, line: number): string | undefined {
  const { text } = lines;
  let from = lines.firsts[line]!;
  let to = trimmedEndOf(lines, line);
  while (from < to && text.charCodeAt(from) === 0x23) from++;
  while (to > from && text.charCodeAt(to - 1) === 0x23) to--;
  const title = text.slice(from, to).trim();
  return title === '' ? undefined : title;
}
