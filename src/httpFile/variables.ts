import { endOf, isSpace, rangeIn, trimmedEndOf } from './lines.ts';
import type { Lines } from './lines.ts';
import type { FileVariable } from './syntax.ts';

/** A `{{name}}` in a text; `name` without the white space around it. */
export interface Reference {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** The `{{…}}` of a text, in order. One ends on the line it starts on; `{{{a}}}` holds `{{a}}`. */
export function referencesIn(text: string): Reference[] {
  const references: Reference[] = [];
  let close = -1;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', open)) {
    while (text.charCodeAt(open + 2) === 0x7b) open++;
    if (close < open + 2) close = text.indexOf('}}', open + 2);
    if (close < 0) break;
    const inner = text.indexOf('{{', open + 2);
    if (inner >= 0 && inner < close) {
      open = inner;
      continue;
    }
    const written = close - open - 2 <= longestName ? text.slice(open + 2, close) : '';
    const name = written.trim();
    if (name === '' || written.includes('\n')) {
      open += 2;
      continue;
    }
    references.push({ name, offset: open, length: close + 2 - open });
    open = close + 2;
  }
  return references;
}

/** Longer than any sensible name or expression. */
const longestName = 1000;

/**
 * The text with each `{{name}}` replaced by what `lookup` gives for it. A name without a value stays as it
 * is written and is listed, with its offset and length in `text`.
 */
export function substitute(
  text: string, lookup: (name: string) => string | undefined,
): { text: string; unresolved: Reference[] } {
  const unresolved: Reference[] = [];
  if (!text.includes('{{')) return { text, unresolved };
  let result = '';
  let from = 0;
  for (const reference of referencesIn(text)) {
    const value = lookup(reference.name);
    if (value === undefined) {
      unresolved.push(reference);
      continue;
    }
    result += text.slice(from, reference.offset) + value;
    from = reference.offset + reference.length;
  }
  return { text: result + text.slice(from), unresolved };
}

/** `@name = value` on a line, if that is what it holds. The name is anything without space and `=`. */
export function variableOn(lines: Lines, line: number): FileVariable | undefined {
  const { text } = lines;
  const first = lines.firsts[line]!;
  if (text.charCodeAt(first) !== 0x40) return undefined;
  const end = endOf(lines, line);
  let at = first + 1;
  while (at < end && text.charCodeAt(at) !== 0x3d && !isSpace(text.charCodeAt(at))) at++;
  let nameEnd = at;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  // `@name := value` is httpYac's lazy variable: the two characters must be adjacent.
  if (text.charCodeAt(at) === 0x3a && text.charCodeAt(at + 1) === 0x3d) at++;
  if (at >= end || text.charCodeAt(at) !== 0x3d) return undefined;
  if (at === nameEnd && text.charCodeAt(nameEnd - 1) === 0x3a) nameEnd--;
  if (nameEnd === first + 1) return undefined;
  return variable(lines, line, nameEnd, at + 1);
}

function variable(lines: Lines, line: number, nameEnd: number, afterEquals: number): FileVariable {
  const { text } = lines;
  const first = lines.firsts[line]!;
  const valueEnd = Math.max(afterEquals, trimmedEndOf(lines, line));
  let valueStart = afterEquals;
  while (valueStart < valueEnd && isSpace(text.charCodeAt(valueStart))) valueStart++;
  return {
    name: text.slice(first + 1, nameEnd),
    value: text.slice(valueStart, valueEnd),
    range: rangeIn(lines, line, first, valueEnd),
    nameRange: rangeIn(lines, line, first + 1, nameEnd),
    valueRange: rangeIn(lines, line, valueStart, valueEnd),
  };
}

/** `\n`, `\r`, `\t` and `\\` in a variable's value stand for the characters they mean elsewhere. */
export function expandEscapes(value: string): string {
  return value.includes('\\')
    ? value.replace(/\\([nrt\\])/g, (_, letter: string) => escapes[letter] ?? letter)
    : value;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
