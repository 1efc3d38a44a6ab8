import type { Word } from './word.ts';
import { plainWord } from './word.ts';

/** The characters that part words. */
export function isBreak(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\u00a0';
}

/** Whether the program's name stands here as a word of its own. */
export function startsCurl(source: string, at: number): boolean {
  if ((source.charCodeAt(at) | 0x20) !== 0x63) return false;
  return /^curl(?:\.exe)?(?:[\s\\^`]|$)/i.test(source.slice(at, at + 9));
}

/** Whether only white space stands between an offset and the line's end. */
export function isLineEnd(source: string, from: number, limit: number): boolean {
  const at = firstOn(source, from, limit);
  return at >= limit || source[at] === '\n';
}

/**
 * Where the command goes on after a line's end, or undefined. After a continuation it does unless the next line is
 * blank or another `curl`; without one it does with an option, as some tools do not ask for continuations. Comment
 * lines in between are left out.
 */
export function nextLine(
  source: string, start: number, limit: number, continued: boolean,
): number | undefined {
  const line = afterComments(source, start, limit);
  const at = firstOn(source, line, limit);
  if (at >= limit || source[at] === '\n' || startsCurl(source, at)) return undefined;
  return continued || (source[at] === '-' && /[A-Za-z-]/.test(source[at + 1] ?? '')) ? line : undefined;
}

function afterComments(source: string, start: number, limit: number): number {
  let line = start;
  for (;;) {
    const at = firstOn(source, line, limit);
    if (at >= limit || !(source[at] === '#' || source.startsWith('//', at))) return line;
    const newline = source.indexOf('\n', at);
    if (newline < 0 || newline >= limit) return limit;
    line = newline + 1;
  }
}

function firstOn(source: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && (source[at] === ' ' || source[at] === '\t')) at++;
  return at;
}

/** `| jq`, `> file`, `2>&1`, `&& …`, `<<EOF`: from here on the line is the shell's. */
export function shellPart(source: string, at: number, limit: number): Word | undefined {
  if (!'|;&<>012#'.includes(source[at]!)) return undefined;
  const text = source.slice(at, Math.min(at + 4, limit));
  if (!/^(?:\||;(?:\s|$)|&(?:&|>|\s|$)|[012]?>|<|#)/.test(text)) return undefined;
  const newline = source.indexOf('\n', at);
  return plainWord(source, at, newline < 0 ? limit : Math.min(newline, limit));
}

/** Whether a part does nothing: comments, and what browsers put between the commands that they copy. */
export function isIdlePart({ text }: Word): boolean {
  return text[0] === '#' || /^(?:;|&&?)\s*$/.test(text.slice(0, 100));
}

/**
 * Where the lines end that `<<EOF` hands the command, up to and with the one that says EOF; undefined for other parts.
 */
export function endOfHereDocument(source: string, part: Word, limit: number): number | undefined {
  const word = /^<<-?\s{0,8}['"]?(\w{1,80})/.exec(part.text)?.[1];
  if (word === undefined) return undefined;
  for (let line = part.to + 1; line < limit;) {
    const newline = source.indexOf('\n', line);
    const end = newline < 0 ? limit : Math.min(newline, limit);
    if (source.slice(line, end).trim() === word) return end;
    line = end + 1;
  }
  return limit;
}
