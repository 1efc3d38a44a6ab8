/** A word of a command as the program gets it, quotes and escapes done. */
export interface Word {
  readonly text: string;
  /** Where each character of `text` stands in the source, and one more: where the last one ends. */
  readonly offsets: readonly number[];
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
  /** What is for the shell and not for the program: `| jq .`, `> out.json`, `$TOKEN`. */
  readonly shellOnly: readonly Word[];
  /** Offset of a quote that is never closed. */
  readonly unclosed?: number;
}

/** The part of a word from one of its characters up to but not including another. */
export function partOf(word: Word, start: number, end = word.text.length): Word {
  const text = word.text.slice(start, end);
  const offsets = word.offsets.slice(start, start + text.length + 1);
  return { text, offsets, from: offsets[0]!, to: offsets[text.length]! };
}

/** A piece of the source as it is. */
export function plainWord(source: string, from: number, to: number): Word {
  const text = source.slice(from, to);
  return { text, offsets: Array.from({ length: text.length + 1 }, (_, index) => from + index), from, to };
}

/** A text that is not written itself, but meant by what stands from `from` to `to`. */
export function meantWord(text: string, { from, to }: { readonly from: number; readonly to: number }): Word {
  return { text, offsets: [...Array.from({ length: text.length }, () => from), to], from, to };
}
