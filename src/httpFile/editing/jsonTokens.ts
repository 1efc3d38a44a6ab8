import { referencesIn } from '../names/variables.ts';

/**
 * A piece of JSON as it is written in a request file: `{{name}}` may stand for a value or be part of one, and lines
 * that are comments are left out when the body is sent.
 */
export interface JsonToken {
  readonly kind: 'punctuation' | 'string' | 'value' | 'comment';
  readonly text: string;
  /** Whether nothing but white space stands before it on its line. */
  readonly first: boolean;
}

const space = /[ \t\r\n]/;

/** The tokens of a text, or undefined when it cannot be JSON. Linear in its length. */
export function jsonTokens(text: string): JsonToken[] | undefined {
  const references = new Map(referencesIn(text).map(({ offset, length }) => [offset, offset + length]));
  const tokens: JsonToken[] = [];
  let first = true;
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (space.test(character)) {
      first ||= character === '\n';
      at++;
      continue;
    }
    const found = tokenAt(text, at, first, references);
    if (!found) return undefined;
    tokens.push({ ...found, first });
    first = false;
    at += found.text.length;
  }
  return tokens;
}

function tokenAt(
  text: string, at: number, first: boolean, references: ReadonlyMap<number, number>,
): Omit<JsonToken, 'first'> | undefined {
  const character = text[at]!;
  if (first && character === '#') return { kind: 'comment', text: restOfLine(text, at) };
  if (character === '/' && text[at + 1] === '/') return { kind: 'comment', text: restOfLine(text, at) };
  if (character === '"') return stringAt(text, at, references);
  if (!references.has(at) && '{}[],:'.includes(character)) return { kind: 'punctuation', text: character };
  return valueAt(text, at, references);
}

function restOfLine(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? text.length : end).trimEnd();
}

/** Up to the closing quote, which a variable's own quotes are not; undefined when a line ends before. */
function stringAt(
  text: string, start: number, references: ReadonlyMap<number, number>,
): Omit<JsonToken, 'first'> | undefined {
  for (let at = start + 1; at < text.length;) {
    const end = references.get(at);
    const code = text.charCodeAt(at);
    if (end !== undefined) at = end;
    else if (code === 0x22) return { kind: 'string', text: text.slice(start, at + 1) };
    else if (code < 0x20) return undefined;
    else at += code === 0x5c ? 2 : 1;
  }
  return undefined;
}

/** A number, a literal, or a run of variables and their like. */
function valueAt(
  text: string, start: number, references: ReadonlyMap<number, number>,
): Omit<JsonToken, 'first'> | undefined {
  let at = start;
  let hasReference = false;
  while (at < text.length) {
    const end = references.get(at);
    if (end === undefined && (space.test(text[at]!) || '{}[],:"/#'.includes(text[at]!))) break;
    hasReference ||= end !== undefined;
    at = end ?? at + 1;
  }
  const value = text.slice(start, at);
  return hasReference || isLiteral(value) ? { kind: 'value', text: value } : undefined;
}

function isLiteral(text: string): boolean {
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text);
}
