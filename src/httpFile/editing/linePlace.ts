import { isTokenCode } from '../parser/header.ts';
import { isSpace } from '../parser/lines.ts';
import type { Place } from './context.ts';
import { emptyToken, restOfLine, skipSpaces, skipWord, tokenOf, trimmedEnd } from './token.ts';
import type { Cursor, Token } from './token.ts';

/** `# @key value`, `//@key=value`, or a comment. */
export function commentPlace(cursor: Cursor, first: number): Place {
  const { text, character } = cursor;
  let at = first;
  while (text[at] === text[first]) at++;
  at = skipSpaces(text, at);
  if (text[at] !== '@' || character <= at) return { kind: 'comment' };
  const keyStart = at + 1;
  let keyEnd = keyStart;
  while (keyEnd < text.length && isKeyCode(text.charCodeAt(keyEnd))) keyEnd++;
  const valueStart = afterAssignment(text, keyEnd);
  if (character <= keyEnd) {
    const hasValue = valueStart > keyEnd && valueStart < text.length;
    return { kind: 'metadata-key', token: tokenOf(cursor, keyStart, keyEnd), hasValue };
  }
  if (valueStart === keyEnd || character < valueStart) return { kind: 'comment' };
  const key = text.slice(keyStart, keyEnd).toLowerCase();
  return valuePlace(key, restOfLine(cursor, valueStart));
}

function valuePlace(key: string, token: Token): Place {
  if (key === 'import') return { kind: 'path', use: 'import', token };
  return { kind: 'metadata-value', key, token };
}

function isKeyCode(code: number): boolean {
  return isTokenCode(code) && code !== 0x3d;
}

/** After white space and one `=`, or `:=`. */
function afterAssignment(text: string, from: number): number {
  let at = skipSpaces(text, from);
  if (text.startsWith(':=', at)) at++;
  return text[at] === '=' ? skipSpaces(text, at + 1) : at;
}

/** `@name = value`, also without the rest; `at` is the place of the `@`. */
export function variablePlace(cursor: Cursor, at: number): Place {
  const { text, character } = cursor;
  if (character <= at) return { kind: 'comment' };
  let nameEnd = at + 1;
  while (nameEnd < text.length && text[nameEnd] !== '=' && !isSpace(text.charCodeAt(nameEnd))) nameEnd++;
  const name = text.slice(at + 1, nameEnd);
  if (character <= nameEnd) return { kind: 'variable-name', token: tokenOf(cursor, at + 1, nameEnd) };
  const equals = text.indexOf('=', nameEnd);
  if (equals < 0 || character <= equals) return { kind: 'comment' };
  return { kind: 'variable-value', name, token: restOfLine(cursor, skipSpaces(text, equals + 1)) };
}

/** `< script.js`, `import other.http`, `run #name`: lines that are no request line. */
export function directivePlace(cursor: Cursor, first: number): Place | undefined {
  const { text, character } = cursor;
  if (text[first] === '<') {
    return text.startsWith('{%', skipSpaces(text, first + 1))
      ? { kind: 'script' } : { kind: 'path', use: 'script', token: restOfLine(cursor, skipSpaces(text, first + 1)) };
  }
  const word = /^(?:import|run)(?=\s)/.exec(text.slice(first, first + 7))?.[0];
  const from = word ? first + word.length : 0;
  if (!word || character <= from) return undefined;
  const token = restOfLine(cursor, skipSpaces(text, from));
  return { kind: 'path', use: word === 'run' ? 'run' : 'import', token };
}

/** A line taken for a request line (RFC 9112 §3); `first` is where its text begins. */
export function requestLinePlace(cursor: Cursor, first: number): Place {
  const { text, character } = cursor;
  const wordEnd = skipWord(text, first);
  const word = text.slice(first, wordEnd);
  if (word.toLowerCase() === 'curl' && character > wordEnd) return curlPlace(cursor);
  if (!isMethodLike(word)) return targetPlace(cursor, first, true);
  if (character <= wordEnd) {
    const alone = skipSpaces(text, wordEnd) === text.length;
    return { kind: 'method', token: tokenOf(cursor, first, wordEnd), alone };
  }
  return targetPlace(cursor, Math.min(skipSpaces(text, wordEnd), character), true);
}

/** The word around the cursor, when it begins with a hyphen. */
export function curlPlace(cursor: Cursor): Place {
  const { text, character } = cursor;
  let from = character;
  while (from > 0 && !isSpace(text.charCodeAt(from - 1))) from--;
  const isOption = text[from] === '-' && from < character;
  return { kind: 'curl', token: isOption ? tokenOf(cursor, from, skipWord(text, from)) : emptyToken(cursor) };
}

/** A word that can be a method: not one with a dot, slash or colon in it. */
function isMethodLike(word: string): boolean {
  return /^(?:[A-Za-z][\w-]{0,40}|\{\{[^{}]{1,200}\}\})$/.test(word);
}

/** The URL, or the version after it. */
export function targetPlace(cursor: Cursor, from: number, first: boolean): Place {
  const { text, character } = cursor;
  const end = trimmedEnd(text);
  const versionStart = versionIn(text, from, end);
  if (versionStart !== undefined && character >= versionStart) {
    return { kind: 'http-version', token: tokenOf(cursor, versionStart, end) };
  }
  if (character > end && end > from) return { kind: 'http-version', token: emptyToken(cursor) };
  const urlEnd = versionStart === undefined ? end : trimmedEnd(text.slice(0, versionStart));
  return { kind: 'url', token: tokenOf(cursor, from, Math.max(urlEnd, from)), first };
}

/** Where `HTTP/1.1`, or the beginning of such a word, stands behind a URL. */
function versionIn(text: string, from: number, end: number): number | undefined {
  const found = text.slice(Math.max(from, end - 40), end)
    .search(/\sh(?:t|tt|ttp|ttp\/[^\s/]{0,6}(?:\s\([^()]{0,20}\)?)?)?$/i);
  return found < 0 ? undefined : Math.max(from, end - 40) + found + 1;
}
