import { ansiEscape } from './ansiEscape.ts';
import { endOfHereDocument, isBreak, isIdlePart, isLineEnd, nextLine, shellPart } from './commandLines.ts';
import { expansionAt } from './expansion.ts';
import { Places } from './places.ts';
import type { Command, Shell, Word } from './word.ts';
import { plainWord } from './word.ts';

/** The words of a command for a POSIX shell (POSIX.1-2024, Shell §2.2) or for PowerShell. */
export function splitShell(
  source: string, from: number, limit: number, shell: Exclude<Shell, 'cmd'>,
): Command {
  return new Splitter(source, limit, shell).split(from);
}

const escapes = { bash: '\\', powershell: '`' } as const;

class Splitter {
  private readonly source: string;
  private readonly limit: number;
  private readonly shell: Exclude<Shell, 'cmd'>;
  private readonly escape: string;
  private readonly words: Word[] = [];
  private readonly shellOnly: Word[] = [];
  private readonly variables: Word[] = [];
  private readonly unknown: Word[] = [];
  private unclosed: number | undefined;
  private at = 0;
  // The word that is being read.
  private text: string[] = [];
  private offsets = new Places(0);

  constructor(source: string, limit: number, shell: Exclude<Shell, 'cmd'>) {
    this.source = source;
    this.limit = limit;
    this.shell = shell;
    this.escape = escapes[shell];
  }

  split(from: number): Command {
    this.at = from;
    while (this.toWord()) this.readWord();
    const { words, shellOnly, variables, unknown, unclosed, at } = this;
    return { words, shellOnly, variables, unknown, end: at, ...(unclosed === undefined ? {} : { unclosed }) };
  }

  /** Goes to the next word; false at the command's end. */
  private toWord(): boolean {
    const { source, limit } = this;
    while (this.at < limit) {
      const character = source[this.at]!;
      const isContinued = character === this.escape && isLineEnd(source, this.at + 1, limit);
      if (character === '\n' || isContinued) {
        const newline = source.indexOf('\n', this.at);
        this.at = newline < 0 || newline > limit ? limit : newline;
        const next = nextLine(source, this.at + 1, limit, isContinued);
        if (next === undefined) return false;
        this.at = next;
      } else if (isBreak(character)) {
        this.at++;
      } else {
        const part = shellPart(source, this.at, limit);
        if (!part) return true;
        if (!isIdlePart(part)) this.shellOnly.push(part);
        const end = this.shell === 'bash' ? endOfHereDocument(source, part, limit) : undefined;
        this.at = end ?? part.to;
        if (end !== undefined) return false;
      }
    }
    return false;
  }

  private readWord(): void {
    const from = this.at;
    if (this.readPlainWord(from)) return;
    this.text = [];
    this.offsets = new Places(from + 1);
    while (this.at < this.limit && this.readBare());
    this.words.push({ text: this.text.join(''), offsets: this.offsets, from, to: this.at });
  }

  /** Most words are written as they are. */
  private readPlainWord(from: number): boolean {
    const { source, limit } = this;
    let at = from;
    while (at < limit && isPlain(source.charCodeAt(at))) at++;
    if (at < limit && !isBreak(source[at])) {
      const next = this.inSingleQuotes(from);
      return next !== undefined;
    }
    this.words.push(plainWord(source, from, at));
    this.at = at;
    return true;
  }

  /** A word that is one pair of single quotes; PowerShell has escapes in them. */
  private inSingleQuotes(from: number): number | undefined {
    const { source, limit } = this;
    if (source[from] !== "'" || this.shell !== 'bash') return undefined;
    const close = source.indexOf("'", from + 1);
    if (close < 0 || close >= limit || (close + 1 < limit && !isBreak(source[close + 1]))) return undefined;
    this.words.push({ text: source.slice(from + 1, close), offsets: from + 1, from, to: close + 1 });
    return this.at = close + 1;
  }

  /** Characters of the word's text, which stand from `from` to `to`. */
  private push(text: string, from: number, to: number): void {
    if (to === from + text.length) this.offsets.addRun(text.length, from);
    else this.offsets.addMeant(text.length, from, to);
    this.text.push(text);
  }

  /** Goes on over characters that are themselves in any word, at least one; false when there is none. */
  private readPlain(): boolean {
    const { source, limit, at } = this;
    let end = at;
    while (end < limit && isPlain(source.charCodeAt(end))) end++;
    if (end === at) return false;
    this.push(source.slice(at, end), at, end);
    this.at = end;
    return true;
  }

  /** What stands outside quotes; false where the word ends. */
  private readBare(): boolean {
    if (this.readPlain()) return true;
    const { source, at, shell } = this;
    const character = source[at]!;
    if (isBreak(character)) return false;
    if (character === this.escape) return this.readBareEscape();
    if (character === "'") this.readSingle();
    else if (character === '"') this.readDouble();
    else if (shell === 'bash' && character === '$' && source[at + 1] === "'") this.readAnsi();
    else if (!this.readExpansion(at)) this.push(character, at, ++this.at);
    return true;
  }

  private readBareEscape(): boolean {
    const { source, at, limit } = this;
    if (!isLineEnd(source, at + 1, limit)) {
      this.readEscape(false);
      return true;
    }
    // A word goes on over a continuation only when nothing stands around it.
    const isJoined = source[at + 1] === '\n' && !isBreak(source[at + 2])
      && nextLine(source, at + 2, limit, true) === at + 2;
    if (isJoined) this.at = at + 2;
    return isJoined;
  }

  /** An escape and the character behind it. */
  private readEscape(inQuotes: boolean): void {
    const { source, at, limit, shell } = this;
    const next = source[at + 1];
    this.at = Math.min(at + 2, limit);
    if (next === undefined || at + 1 >= limit) this.push(source[at]!, at, at + 1);
    else if (inQuotes && next === '\n') return;
    else if (shell === 'powershell') this.push(powershellEscapes[next] ?? next, at, at + 2);
    else if (!inQuotes || '$`"\\'.includes(next)) this.push(next, at, at + 2);
    else {
      // Within double quotes a backslash before anything else is itself.
      this.push(source[at]!, at, at + 1);
      this.push(next, at + 1, at + 2);
    }
  }

  /** `'…'`: nothing is special but, in PowerShell, a doubled quote. */
  private readSingle(): void {
    const { source, limit, shell } = this;
    const open = this.at++;
    for (;;) {
      if (this.at >= limit) return this.leaveOpen(open);
      if (this.readPlain()) continue;
      const at = this.at++;
      const character = source[at]!;
      if (shell === 'powershell' && isArgumentQuote(source, at)) continue;
      if (character === "'") {
        if (shell !== 'powershell' || source[at + 1] !== "'") return;
        this.at++;
      }
      this.push(character, at, this.at);
    }
  }

  /** `"…"`: escapes and expansions. */
  private readDouble(): void {
    const { source, limit, shell, escape } = this;
    const open = this.at++;
    for (;;) {
      const { at } = this;
      if (at >= limit) return this.leaveOpen(open);
      if (this.readPlain()) continue;
      const character = source[at]!;
      if (character === escape) {
        this.readEscape(true);
        continue;
      }
      if (this.readExpansion(at)) continue;
      this.at++;
      if (shell === 'powershell' && isArgumentQuote(source, at)) continue;
      if (character === '"') {
        if (shell !== 'powershell' || source[at + 1] !== '"') return;
        this.at++;
      }
      this.push(character, at, this.at);
    }
  }

  /** `$'…'`: the escapes of C. */
  private readAnsi(): void {
    const { source, limit } = this;
    const open = this.at;
    this.at += 2;
    for (;;) {
      const { at } = this;
      if (at >= limit) return this.leaveOpen(open);
      if (this.readPlain()) continue;
      const isEscape = source[at] === '\\';
      const { text, end } = isEscape ? ansiEscape(source, at, limit) : { text: source[at]!, end: at + 1 };
      this.at = end;
      if (!isEscape && text === "'") return;
      this.push(text, at, end);
    }
  }

  private leaveOpen(quote: number): void {
    this.unclosed ??= quote;
    this.at = this.limit;
  }

  /**
   * `$NAME` is a variable of the process; what only a shell could tell, as `$(…)` does, is held as a name that has no
   * value. False when nothing of the kind stands here.
   */
  private readExpansion(at: number): boolean {
    const { source, limit, shell } = this;
    const found = expansionAt(source, at, limit, shell);
    if (!found) return false;
    const { text, end } = found;
    this.at = end;
    this.push(text, at, end);
    (found.isKnown ? this.variables : this.unknown).push(plainWord(source, at, end));
    return true;
  }
}

/** A character that is itself in any word. */
function isPlain(code: number): boolean {
  return code > 0x20 && code !== 0x22 && code !== 0x24 && code !== 0x27 && code !== 0x5c && code !== 0x60
    && code !== 0xa0;
}

/** A backslash before a quote: Windows' programs take a quote off their command line unless one stands there. */
function isArgumentQuote(source: string, at: number): boolean {
  return source[at] === '\\' && (source[at + 1] === '"' || (source[at + 1] === '`' && source[at + 2] === '"'));
}

const powershellEscapes: Readonly<Record<string, string>> = {
  n: '\n', r: '\r', t: '\t', 0: '\0', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b',
};
