import type { Block } from '../tree/block.ts';
import { endOf, isSpace, trimmedEndOf } from '../parser/lines.ts';
import type { Lines } from '../parser/lines.ts';
import { VariableNode } from '../tree/nodes.ts';

/** A `{{name}}` in a text; `name` without the white space around it. */
interface Reference {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** The `{{…}}` of a text, in order. One ends on the line it starts on; `{{{a}}}` holds `{{a}}`. */
export function referencesIn(text: string): Reference[] {
  const references: Reference[] = [];
  const search = new ReferenceSearch(text);
  for (let found = search.next(); found; found = search.next()) references.push(found);
  return references;
}

/** Finds one reference after another. */
class ReferenceSearch {
  private readonly text: string;
  private from = 0;
  private close = -1;

  constructor(text: string) {
    this.text = text;
  }

  next(): Reference | undefined {
    const { text } = this;
    for (let open = text.indexOf('{{', this.from); open >= 0; open = text.indexOf('{{', open)) {
      while (text.charCodeAt(open + 2) === 0x7b) open++;
      if (this.close < open + 2) this.close = text.indexOf('}}', open + 2);
      const { close } = this;
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
      this.from = close + 2;
      return { name, offset: open, length: close + 2 - open };
    }
    this.from = text.length;
    return undefined;
  }
}

/** Longer than any sensible name or expression. */
const longestName = 1000;

/**
 * The text with each `{{name}}` replaced by what `lookup` gives for it. A name without a value stays as it
 * is written and is listed, with its offset and length in `text`. After a `null` nothing more is looked up.
 * With `literal`, `\{\{name\}\}` becomes `{{name}}`.
 */
export function substitute(
  text: string, lookup: (name: string) => string | undefined | null, literal = false,
): { text: string; unresolved: Reference[] } {
  const unresolved: Reference[] = [];
  const escaped = literal ? escapedBraces(text) : [];
  if (escaped.length === 0 && !text.includes('{{')) return { text, unresolved };
  let result = '';
  let from = 0;
  let next = 0;
  const putBraces = (to: number) => {
    for (; next < escaped.length && escaped[next]! < to; next++) {
      const at = escaped[next]!;
      if (at < from) continue;
      result += text.slice(from, at) + (text[at + 1] === '{' ? '{{' : '}}');
      from = at + escapeLength;
    }
  };
  const search = new ReferenceSearch(text);
  for (let reference = search.next(); reference; reference = search.next()) {
    const value = lookup(reference.name);
    if (value === null) break;
    if (value === undefined) {
      unresolved.push(reference);
      continue;
    }
    putBraces(reference.offset);
    result += text.slice(from, reference.offset) + value;
    from = reference.offset + reference.length;
  }
  putBraces(text.length);
  return { text: result + text.slice(from), unresolved };
}

const escapeLength = 4;

/**
 * The offsets of `\{\{` and `\}\}` where both stand on one line: in turn an opening and its end, httpYac's way to write
 * braces that are no name.
 */
function escapedBraces(text: string): number[] {
  const offsets: number[] = [];
  let close = -1;
  for (let open = text.indexOf('\\{\\{'); open >= 0; open = text.indexOf('\\{\\{', open)) {
    const from = open + escapeLength;
    if (close < from) close = text.indexOf('\\}\\}', from);
    if (close < 0) break;
    const inner = text.indexOf('\\{\\{', from);
    const isOwn = (inner < 0 || inner > close) && close > from && !text.slice(from, close).includes('\n');
    if (isOwn) offsets.push(open, close);
    open = isOwn ? close + escapeLength : from;
  }
  return offsets;
}

/** `@name = value` on a line, if that is what it holds. The name is anything without space and `=`. */
export function variableOn(block: Block, line: number): VariableNode | undefined {
  const { lines } = block;
  const { text } = lines;
  const nameEnd = variableNameEnd(lines, line);
  if (nameEnd < 0) return undefined;
  let valueFrom = text.indexOf('=', nameEnd) + 1;
  const valueEnd = Math.max(valueFrom, trimmedEndOf(lines, line));
  while (valueFrom < valueEnd && isSpace(text.charCodeAt(valueFrom))) valueFrom++;
  const name = text.slice(lines.firsts[line]! + 1, nameEnd);
  return new VariableNode(block, name, line, valueFrom, valueEnd);
}

/** Whether a line is `@name = value`. */
export function isVariable(lines: Lines, line: number): boolean {
  return variableNameEnd(lines, line) >= 0;
}

/** Offset of the end of the name in `@name = value`; -1 when the line is no such thing. */
function variableNameEnd(lines: Lines, line: number): number {
  const { text } = lines;
  const first = lines.firsts[line]!;
  if (text.charCodeAt(first) !== 0x40) return -1;
  const end = endOf(lines, line);
  let at = first + 1;
  while (at < end && text.charCodeAt(at) !== 0x3d && !isSpace(text.charCodeAt(at))) at++;
  let nameEnd = at;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  // `@name := value` is httpYac's lazy variable: the two characters must be adjacent.
  if (text.charCodeAt(at) === 0x3a && text.charCodeAt(at + 1) === 0x3d) at++;
  if (at >= end || text.charCodeAt(at) !== 0x3d) return -1;
  if (at === nameEnd && text.charCodeAt(nameEnd - 1) === 0x3a) nameEnd--;
  return nameEnd === first + 1 ? -1 : nameEnd;
}

/** `\n`, `\r`, `\t` and `\\` in a variable's value stand for the characters they mean elsewhere. */
export function expandEscapes(value: string): string {
  return value.includes('\\')
    ? value.replace(/\\([nrt\\])/g, (_, letter: string) => escapes[letter] ?? letter)
    : value;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
