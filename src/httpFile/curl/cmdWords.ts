import { isBreak, isIdlePart, isLineEnd, nextLine, shellPart } from './commandLines.ts';
import { processName } from './expansion.ts';
import { Places } from './places.ts';
import { plainWord } from './word.ts';
import type { Command, Word } from './word.ts';

/** The words of a command for Windows' cmd.exe: it takes the carets, then the program's start-up takes the quotes. */
export function splitCmd(source: string, from: number, limit: number): Command {
  const { characters, end, shellOnly } = withoutCarets(source, from, limit);
  const variables: Word[] = [];
  const expanded = withVariables(source, limit, characters, variables);
  return { ...argumentsOf(expanded), end, shellOnly, variables, unknown: [] };
}

/** `%NAME%` as a variable of the process, in quotes too. A caret in it makes it plain; `%EC%95` is an encoded URL. */
function withVariables(
  source: string, limit: number, characters: readonly Character[], variables: Word[],
): Character[] {
  const result: Character[] = [];
  for (let index = 0; index < characters.length; index++) {
    const one = characters[index]!;
    const length = one.text === '%' && one.to === one.from + 1 ? variableLength(source, one.from, limit) : 0;
    const to = one.from + length;
    if (length === 0 || characters[index + length - 1]?.to !== to) {
      result.push(one);
      continue;
    }
    result.push({ text: processName(source.slice(one.from + 1, to - 1)), from: one.from, to });
    variables.push(plainWord(source, one.from, to));
    index += length - 1;
  }
  return result;
}

/** The length of `%NAME%` at an offset; 0 when it is none. */
function variableLength(source: string, at: number, limit: number): number {
  const text = source.slice(at, Math.min(at + 90, limit));
  return /^%[A-Za-z_]\w{2,80}%(?![0-9A-Fa-f]{2})/.exec(text)?.[0].length ?? 0;
}

/** A character of the command line and where it stands. */
interface Character {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A caret outside quotes makes what follows plain; before a line end the command goes on in the next line. */
function withoutCarets(
  source: string, from: number, limit: number,
): { characters: Character[]; end: number; shellOnly: Word[] } {
  const characters: Character[] = [];
  const shellOnly: Word[] = [];
  let isQuoted = false;
  let at = from;
  while (at < limit) {
    const character = source[at]!;
    if (character === '^' && !isQuoted) {
      const next = afterCaret(source, at, limit, characters);
      if (next === undefined) break;
      at = next;
      continue;
    }
    if (character === '\n' && !isQuoted) {
      const next = nextLine(source, at + 1, limit, false);
      if (next === undefined) break;
      characters.push({ text: ' ', from: at, to: at + 1 });
      at = next;
      continue;
    }
    const part = !isQuoted && isBreak(source[at - 1]) ? shellPart(source, at, limit) : undefined;
    if (part && character !== '#') {
      if (!isIdlePart(part)) shellOnly.push(part);
      at = part.to;
      continue;
    }
    if (character === '"') isQuoted = !isQuoted;
    characters.push({ text: character, from: at, to: ++at });
  }
  return { characters, end: Math.min(at, limit), shellOnly };
}

/** What a caret does: gives the offset after it, or undefined when the command ends there. */
function afterCaret(source: string, at: number, limit: number, characters: Character[]): number | undefined {
  if (!isLineEnd(source, at + 1, limit)) {
    characters.push({ text: source[at + 1]!, from: at, to: at + 2 });
    return at + 2;
  }
  // A caret and two line ends are one line end in a word.
  if (source.startsWith('\n\n', at + 1) && at + 2 < limit && !isBreak(source[at - 1])) {
    characters.push({ text: '\n', from: at, to: at + 3 });
    return at + 3;
  }
  const newline = source.indexOf('\n', at);
  if (newline < 0 || newline >= limit) return undefined;
  const next = nextLine(source, newline + 1, limit, true);
  return next;
}

/** The arguments as Windows' programs read them: backslashes count only before a quote; `""` in quotes is a quote. */
function argumentsOf(characters: readonly Character[]): Pick<Command, 'words' | 'unclosed'> {
  const words: Word[] = [];
  let at = 0;
  let unclosed: number | undefined;
  while (at < characters.length) {
    if (isBreak(characters[at]!.text)) {
      at++;
      continue;
    }
    const found = argumentAt(characters, at);
    words.push(found.word);
    if (found.isOpen) unclosed = found.word.from;
    at = found.next;
  }
  return unclosed === undefined ? { words } : { words, unclosed };
}

function argumentAt(
  characters: readonly Character[], start: number,
): { word: Word; next: number; isOpen: boolean } {
  const text: string[] = [];
  const offsets = new Places(characters[start]!.to);
  let isQuoted = false;
  let at = start;
  const push = (one: string, from: number, to: number) => {
    text.push(one);
    if (to === from + 1) offsets.addRun(1, from);
    else offsets.addMeant(one.length, from, to);
  };
  while (at < characters.length) {
    const { text: character, from, to } = characters[at]!;
    if (!isQuoted && isBreak(character)) break;
    const slashes = slashesAt(characters, at);
    if (slashes > 0) {
      const isBeforeQuote = characters[at + slashes]?.text === '"';
      const step = isBeforeQuote ? 2 : 1;
      for (let one = at; one + step <= at + slashes; one += step) {
        push('\\', characters[one]!.from, characters[one + step - 1]!.to);
      }
      at += slashes;
      if (isBeforeQuote && slashes % 2 === 1) push('"', characters[at - 1]!.from, characters[at++]!.to);
    } else if (character !== '"') {
      push(character, from, to);
      at++;
    } else if (isQuoted && characters[at + 1]?.text === '"') {
      push('"', from, characters[at + 1]!.to);
      at += 2;
    } else {
      isQuoted = !isQuoted;
      at++;
    }
  }
  const word = { text: text.join(''), offsets, from: characters[start]!.from, to: characters[at - 1]!.to };
  return { word, next: at, isOpen: isQuoted };
}

/** How many backslashes stand here. */
function slashesAt(characters: readonly Character[], start: number): number {
  let at = start;
  while (characters[at]?.text === '\\') at++;
  return at - start;
}
