import { jsonTokens } from './jsonTokens.ts';
import type { JsonToken } from './jsonTokens.ts';

/** Arrays of plain values stay on one line up to this many characters. */
const widest = 80;

/** Nesting deeper than this is not anybody's typing. */
const deepest = 200;

/**
 * The text of a JSON body with one member a line; undefined when it is no JSON, so that it stays as it is. Comments,
 * `{{variables}}`, the order of members and the spelling of numbers and strings are kept.
 *
 * @param indent what one level is indented by.
 */
export function formatJson(text: string, indent: string): string | undefined {
  const tokens = jsonTokens(text);
  if (!tokens || !isObjectOrArray(tokens)) return undefined;
  const printer = new JsonPrinter(tokens, indent);
  return printer.value(0) && printer.rest() ? printer.text() : undefined;
}

function isObjectOrArray(tokens: readonly JsonToken[]): boolean {
  const start = tokens.find(({ kind }) => kind !== 'comment');
  return start?.kind === 'punctuation' && (start.text === '{' || start.text === '[');
}

/** Reads tokens by JSON's grammar (RFC 8259 §2) and writes them again; a method gives false where they break it. */
class JsonPrinter {
  private readonly lines: string[] = [''];
  private at = 0;
  private readonly tokens: readonly JsonToken[];
  private readonly indent: string;

  constructor(tokens: readonly JsonToken[], indent: string) {
    this.tokens = tokens;
    this.indent = indent;
  }

  text(): string {
    return this.lines.join('\n').trimEnd();
  }

  /** Only comments may follow. */
  rest(): boolean {
    this.comments(0);
    return this.at === this.tokens.length;
  }

  value(depth: number): boolean {
    this.comments(depth);
    const token = this.tokens[this.at];
    if (!token || depth > deepest) return false;
    if (token.kind === 'punctuation') {
      if (token.text === '{') return this.group(depth, '}', () => this.member(depth + 1));
      return token.text === '[' && (this.shortArray() || this.group(depth, ']', () => this.value(depth + 1)));
    }
    this.take();
    return true;
  }

  private member(depth: number): boolean {
    this.comments(depth);
    if (this.tokens[this.at]?.kind !== 'string') return false;
    this.take();
    this.comments(depth);
    if (!this.isAt(':')) return false;
    this.take();
    this.write(' ');
    return this.value(depth);
  }

  /** What stands between brackets, one item a line. */
  private group(depth: number, close: string, item: () => boolean): boolean {
    this.take();
    this.comments(depth + 1);
    if (this.isAt(close)) return this.close(depth, this.lastIsComment());
    for (;;) {
      this.line(depth + 1);
      if (!item()) return false;
      this.comments(depth + 1);
      if (!this.isAt(',')) break;
      this.take();
      this.trailingComment();
      this.comments(depth + 1);
      // A comma needs another item after it.
      if (this.isAt(close)) return false;
    }
    return this.isAt(close) && this.close(depth, true);
  }

  private close(depth: number, ownLine: boolean): boolean {
    if (ownLine) this.line(depth);
    this.take();
    return true;
  }

  /** `[1, 2, 3]` that was written on one line. */
  private shortArray(): boolean {
    let end = this.at + 1;
    let size = 2;
    for (let token = this.tokens[end]; token && !token.first; token = this.tokens[++end]) {
      if (token.kind === 'comment' || size > widest) return false;
      if (token.kind === 'punctuation' && token.text !== ',') break;
      size += token.text.length + (token.text === ',' ? 1 : 0);
    }
    const token = this.tokens[end];
    if (!token || token.first || token.text !== ']' || size > widest) return false;
    const items = this.tokens.slice(this.at + 1, end);
    const isComma = ({ kind, text }: JsonToken) => kind === 'punctuation' && text === ',';
    if (items.some((item, index) => isComma(item) !== (index % 2 === 1))) return false;
    if (items.length > 0 && items.length % 2 === 0) return false;
    this.write(`[${items.map(({ text }) => text === ',' ? ', ' : text).join('')}]`);
    this.at = end + 1;
    return true;
  }

  /** Comments on lines of their own stay so, as only those are left out when the body is sent; others stay behind. */
  private comments(depth: number): void {
    for (let token = this.tokens[this.at]; token?.kind === 'comment'; token = this.tokens[this.at]) {
      if (token.first) {
        this.line(depth);
        this.take();
      } else {
        this.write(' ');
        this.take();
      }
      this.line(depth);
    }
  }

  private trailingComment(): void {
    const token = this.tokens[this.at];
    if (token?.kind !== 'comment' || token.first) return;
    this.write(' ');
    this.take();
  }

  private lastIsComment(): boolean {
    return this.tokens[this.at - 1]?.kind === 'comment';
  }

  private isAt(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'punctuation' && token.text === text;
  }

  private take(): void {
    this.write(this.tokens[this.at++]!.text);
  }

  private write(text: string): void {
    this.lines[this.lines.length - 1] += text;
  }

  /** A new line, unless the one being written is still empty. */
  private line(depth: number): void {
    const last = this.lines.length - 1;
    if (this.lines[last]!.trim() === '') this.lines[last] = this.indent.repeat(depth);
    else this.lines.push(this.indent.repeat(depth));
  }
}
