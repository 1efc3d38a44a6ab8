import { isSpace, trimmedEndOf } from './lines.ts';
import type { Lines } from './lines.ts';
import type { HttpRequest } from './syntax.ts';

/** RFC 9110 §5.6.2: the characters of a token. */
const tokenCodes = new Uint8Array(128);
for (const character of "!#$%&'*+-.^_`|~0123456789") tokenCodes[character.charCodeAt(0)] = 1;
for (let code = 0x41; code <= 0x5a; code++) tokenCodes[code] = tokenCodes[code + 0x20] = 1;

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
 * False when the line is none.
 */
export function addHeader(lines: Lines, line: number): boolean {
  const { text } = lines;
  const first = lines.firsts[line]!;
  const end = trimmedEndOf(lines, line);
  let at = text.charCodeAt(first) === 0x3a ? first + 1 : first;
  while (at < end && isTokenCode(text.charCodeAt(at))) at++;
  const nameEnd = at;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  if (at >= end || text.charCodeAt(at) !== 0x3a || nameEnd === first) return false;
  addField(lines, line, nameEnd, at, end);
  return true;
}

/** A field whose name is, or holds, a variable: `{{name}}: value`, or a whole line `{{header}}`. Added as above. */
export function addVariableHeader(lines: Lines, line: number): boolean {
  const first = lines.firsts[line]!;
  const end = trimmedEndOf(lines, line);
  const head = lines.text.slice(first, Math.min(end, first + 200));
  const match = /^[\w-]{0,60}\{\{[^{}\n]{1,120}\}\}[\w-]{0,60}/.exec(head);
  if (!match) return false;
  const nameEnd = first + match[0].length;
  let at = nameEnd;
  while (at < end && isSpace(lines.text.charCodeAt(at))) at++;
  if (at < end && lines.text.charCodeAt(at) !== 0x3a) return false;
  addField(lines, line, at === end ? end : nameEnd, at, end);
  return true;
}

function addField(lines: Lines, line: number, nameEnd: number, colon: number, end: number): void {
  let valueFrom = Math.min(colon + 1, end);
  while (valueFrom < end && isSpace(lines.text.charCodeAt(valueFrom))) valueFrom++;
  lines.fields.add(line, nameEnd, valueFrom, end);
}

/** The value of the first of some fields in the table that has this name (lower case), if any. */
export function fieldValue(
  { text, firsts, fields }: Lines, from: number, end: number, lowerName: string,
): string | undefined {
  for (let field = from; field < end; field++) {
    const start = firsts[fields.line(field)]!;
    if (fields.nameEnd(field) - start !== lowerName.length) continue;
    // Two letters tell nearly all names apart.
    if ((text.charCodeAt(start) | 0x20) !== lowerName.charCodeAt(0)) continue;
    if ((text.charCodeAt(start + 1) | 0x20) !== lowerName.charCodeAt(1)) continue;
    if (text.slice(start, start + lowerName.length).toLowerCase() !== lowerName) continue;
    return fields.folded(field) ?? text.slice(fields.valueFrom(field), fields.end(field));
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
