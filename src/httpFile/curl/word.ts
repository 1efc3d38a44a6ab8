import type { Places } from './places.ts';

/** A word of a command as the program gets it, quotes and escapes done. */
export interface Word {
  readonly text: string;
  /**
   * Where the characters of `text` stand in the source: from one offset on, or in pieces; undefined when they do not.
   */
  readonly offsets: number | Places | undefined;
  /** Of the first character among those that `offsets` has the places of; 0 when absent. */
  readonly first?: number;
  /** Of the whole word in the source, quotes included. */
  readonly from: number;
  readonly to: number;
}

/** How a command is quoted: by the rules of a POSIX shell, of Windows' cmd.exe or of PowerShell. */
export type Shell = 'bash' | 'cmd' | 'powershell';

/** The words of one command. */
export interface Command {
  readonly words: readonly Word[];
  /** Offset after the command, at a line end or the limit. */
  readonly end: number;
  /** What is for the shell and not for the program: `| jq .`, `> out.json`. */
  readonly shellOnly: readonly Word[];
  /** Variables of the process that are put in when it is sent: `$TOKEN`. */
  readonly variables: readonly Word[];
  /** What only a shell could tell the value of: `$(cat x)`. */
  readonly unknown: readonly Word[];
  /** Offset of a quote that is never closed. */
  readonly unclosed?: number;
}

/** Where a character of a word's text stands in the source, or where its text ends. */
export function offsetIn({ text, offsets, first = 0, from, to }: Word, index: number): number {
  if (typeof offsets === 'number') return offsets + index;
  return offsets ? offsets.at(first + index) : index < text.length ? from : to;
}

/** The part of a word from one of its characters up to but not including another. */
export function partOf(word: Word, start: number, end = word.text.length): Word {
  const { text, offsets, first = 0 } = word;
  const part = { text: text.slice(start, end), from: offsetIn(word, start), to: offsetIn(word, end) };
  return typeof offsets === 'number'
    ? { ...part, offsets: offsets + start } : { ...part, offsets, first: first + start };
}

/** A piece of the source as it is. */
export function plainWord(source: string, from: number, to: number): Word {
  return { text: source.slice(from, to), offsets: from, from, to };
}

/** A text that is not written itself, but meant by what stands from `from` to `to`. */
export function meantWord(text: string, { from, to }: { readonly from: number; readonly to: number }): Word {
  return { text, offsets: undefined, from, to };
}
