import { endOf, isSpace, trimmedEndOf } from './lines.ts';
import type { Lines } from './lines.ts';
import type { HttpRequest } from '../syntax.ts';

/** RFC 9110 §5.6.2: the characters of a token. */
const tokenCodes = new Uint8Array(128);
for (const character of "!#$%&'*+-.^_`|~0123456789") tokenCodes[character.charCodeAt(0)] = 1;
for (let code = 0x41; code <= 0x5a; code++) tokenCodes[code] = tokenCodes[code + 0x20] = 1;

/** Whether a UTF-16 code unit is a character of tokens (`tchar`, RFC 9110 §5.6.2). */
export function isTokenCode(code: number): boolean {
  return code < 128 && tokenCodes[code] === 1;
}

/** Whether a text is a token (RFC 9110 §5.6.2), as a field name must be. */
export function isToken(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isTokenCode(text.charCodeAt(at))) return false;
  return text !== '';
}

/**
 * A field line (RFC 9112 §5), `name: value`, also with a space before the colon: added to the table of `lines`.
 * Gives the offset after its name, or -1 when the line is none.
 */
export function addHeader(lines: Lines, line: number): number {
  const { text } = lines;
  const first = lines.firsts[line]!;
  const nameEnd = tokenEnd(text, first);
  if (nameEnd === first || text.charCodeAt(colonAfter(text, nameEnd)) !== 0x3a) return -1;
  lines.fields.push(line);
  return nameEnd;
}

/** Offset after a token, or after a colon and a token. The end of the line is no part of one. */
function tokenEnd(text: string, first: number): number {
  let at = text.charCodeAt(first) === 0x3a ? first + 1 : first;
  while (isTokenCode(text.charCodeAt(at))) at++;
  return at;
}

/** Offset of the first character that is no white space within a line. */
function colonAfter(text: string, nameEnd: number): number {
  let at = nameEnd;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/**
 * A field whose name is, or holds, a variable: `{{name}}: value`, or a whole line `{{header}}`. Added as above; says
 * whether it is one.
 */
export function addVariableHeader(lines: Lines, line: number): boolean {
  const nameEnd = variableNameEnd(lines, line);
  if (nameEnd < 0) return false;
  const colon = colonAfter(lines.text, nameEnd);
  if (colon < endOf(lines, line) && lines.text.charCodeAt(colon) !== 0x3a) return false;
  lines.fields.push(~line);
  return true;
}

function variableNameEnd(lines: Lines, line: number): number {
  const first = lines.firsts[line]!;
  const head = lines.text.slice(first, Math.min(trimmedEndOf(lines, line), first + 200));
  const match = /^[\w-]{0,60}\{\{[^{}\n]{1,120}\}\}[\w-]{0,60}/.exec(head);
  return match ? first + match[0].length : -1;
}

/** Where a field of the table of some lines stands; all but the lines are offsets in the text. */
interface FieldPlace {
  readonly line: number;
  readonly first: number;
  readonly nameEnd: number;
  readonly valueFrom: number;
  readonly lastLine: number;
  readonly end: number;
}

/** The line that a field starts on. */
export function fieldLine({ fields }: Lines, field: number): number {
  const written = fields.at(field);
  return written < 0 ? ~written : written;
}

/** The place of a field, from its index in the table. */
export function fieldPlace(lines: Lines, field: number): FieldPlace {
  const { text, fields, folds } = lines;
  const line = fieldLine(lines, field);
  const first = lines.firsts[line]!;
  const lineEnd = trimmedEndOf(lines, line);
  const nameEnd = fields.at(field) < 0 ? variableNameEnd(lines, line) : tokenEnd(text, first);
  let valueFrom = Math.min(colonAfter(text, nameEnd) + 1, lineEnd);
  while (valueFrom < lineEnd && isSpace(text.charCodeAt(valueFrom))) valueFrom++;
  const { line: lastLine, end } = folds.get(field) ?? { line, end: lineEnd };
  return { line, first, nameEnd, valueFrom, lastLine, end };
}

/** The value of a field of the table; folded lines are joined by one space. */
export function fieldValueAt(lines: Lines, field: number): string {
  const fold = lines.folds.get(field);
  if (fold) return fold.value;
  const { valueFrom, end } = fieldPlace(lines, field);
  return lines.text.slice(valueFrom, end);
}

/** The value of the first of some fields in the table that has this name (lower case), if any. */
export function fieldValue(
  lines: Lines, from: number, end: number, lowerName: string,
): string | undefined {
  const { text, firsts, fields } = lines;
  for (let field = from; field < end; field++) {
    const start = firsts[fields.at(field)];
    if (start === undefined) continue;
    // Two letters tell nearly all names apart.
    if ((text.charCodeAt(start) | 0x20) !== lowerName.charCodeAt(0)) continue;
    if ((text.charCodeAt(start + 1) | 0x20) !== lowerName.charCodeAt(1)) continue;
    if (text.slice(start, tokenEnd(text, start)).toLowerCase() === lowerName) return fieldValueAt(lines, field);
  }
  return undefined;
}

/** The value of the first header of that name (lower case), if any. */
export function headerValue(request: HttpRequest, lowerName: string): string | undefined {
  for (const header of request.headers) {
    if (header.name.length === lowerName.length && header.name.toLowerCase() === lowerName) {
      return header.value;
    }
  }
  return undefined;
}
