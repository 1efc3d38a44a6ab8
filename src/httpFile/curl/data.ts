import type { Argument } from './flags.ts';
import type { Word } from './word.ts';
import { meantWord, partOf } from './word.ts';

/** A piece of a body: a text, or a file as it is, without its line ends, or percent-encoded. */
export type BodyPiece =
  | { readonly kind: 'text'; readonly word: Word }
  | { readonly kind: 'file'; readonly path: Word; readonly change?: FileChange };

export type FileChange = 'without-line-ends' | 'percent-encoded';

/** The body of `-d` and its relatives: one after another with `&` between them, `--json` without. */
export function readData(data: readonly Argument[], unsupported: Word[]): BodyPiece[] {
  const pieces: BodyPiece[] = [];
  for (const [index, argument] of data.entries()) {
    if (index > 0 && argument.name !== 'json') pieces.push({ kind: 'text', word: meantWord('&', argument.flag) });
    const found = piecesOf(argument);
    if (found.some((piece) => piece.kind === 'file' && piece.path.text === '-')) unsupported.push(argument.value!);
    else pieces.push(...found.filter((piece) => piece.kind === 'file' || piece.word.text !== ''));
  }
  return pieces;
}

function piecesOf({ name, value }: Argument): BodyPiece[] {
  const word = value!;
  if (name === 'upload-file') return [{ kind: 'file', path: word }];
  if (name === 'data-urlencode') return encodedPieces(word);
  if (name === 'data-raw' || !word.text.startsWith('@')) return [{ kind: 'text', word }];
  const path = partOf(word, 1);
  return [name === 'data' ? { kind: 'file', path, change: 'without-line-ends' } : { kind: 'file', path }];
}

/** `content`, `=content`, `name=content`, `@file` or `name@file`: the content is encoded, the name is not. */
function encodedPieces(word: Word): BodyPiece[] {
  const at = word.text.search(/[=@]/);
  if (at < 0) return [{ kind: 'text', word: encoded(word) }];
  const name = at === 0 ? [] : [{ kind: 'text' as const, word: partOf(word, 0, at) }];
  const equals: BodyPiece[] = at === 0 ? [] : [{ kind: 'text', word: { ...partOf(word, at, at + 1), text: '=' } }];
  const rest = partOf(word, at + 1);
  const content: BodyPiece = word.text[at] === '='
    ? { kind: 'text', word: encoded(rest) }
    : { kind: 'file', path: rest, change: 'percent-encoded' };
  return [...name, ...equals, content];
}

/** All but RFC 3986's unreserved characters as bytes, a space as `+`; a variable's value when it is known. */
function encoded(word: Word): Word {
  const text = word.text.replace(/\{\{%?([^{}\n]{1,200})\}\}|[^\w.~-]/gu, (part, name: string | undefined) =>
    name === undefined ? percentEncoded(part) : `{{%${name.trim()}}}`);
  return text === word.text ? word : meantWord(text, word);
}

function percentEncoded(character: string): string {
  if (character === ' ') return '+';
  let result = '';
  for (const byte of new TextEncoder().encode(character)) {
    result += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}

/** What `-G` and `--url-query` add to the URL. A file's content would only be known when the request is sent. */
export function queryOf(data: readonly Argument[], unsupported: Word[]): string {
  const texts = data.map((argument) => {
    const { name, value } = argument;
    const pieces = name === 'url-query' ? queryPieces(value!) : piecesOf(argument);
    if (pieces.some(({ kind }) => kind === 'file')) unsupported.push(value!);
    return pieces.map((piece) => piece.kind === 'text' ? piece.word.text : '').join('');
  });
  return texts.join('&');
}

/** After a `+` nothing is encoded. */
function queryPieces(value: Word): BodyPiece[] {
  return value.text.startsWith('+') ? [{ kind: 'text', word: partOf(value, 1) }] : encodedPieces(value);
}

/** The URL with more in its query; a fragment stays behind it. */
export function withQuery(url: Word, query: string): Word {
  if (query === '') return url;
  const hash = url.text.indexOf('#');
  const base = hash < 0 ? url.text : url.text.slice(0, hash);
  const joint = !base.includes('?') ? '?' : /[?&]$/.test(base) ? '' : '&';
  const text = base + joint + query + (hash < 0 ? '' : url.text.slice(hash));
  return { ...url, text };
}
