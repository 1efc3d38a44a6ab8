import type { Block } from '../tree/block.ts';
import { IncludeNode, TextNode } from '../tree/nodes.ts';
import { RequestNode } from '../tree/request.ts';
import { Span } from '../tree/span.ts';
import type { BodySegment, FileSegment, HeaderField, Metadata, Range, TextSegment } from '../syntax.ts';
import { hasOpenBraces } from '../content/target.ts';
import type { CurlHeader, CurlOption, CurlRequest } from './request.ts';
import type { BodyPiece, FileChange } from './data.ts';
import { offsetIn } from './word.ts';
import type { Word } from './word.ts';

/** The place of a part of a command, from offsets in the text of its block. */
export function spanBetween({ lines }: Block, { from, to }: { from: number; to: number }): Span {
  const first = lineAt(lines.starts, lines.count, from);
  const last = lineAt(lines.starts, lines.count, to);
  return new Span(first, from - lines.starts[first]!, last, to - lines.starts[last]!);
}

/** The line that an offset stands on, by halving. */
export function lineAt(starts: Int32Array, count: number, offset: number): number {
  let low = 0;
  let high = count;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** A header that an option stands for. */
class OptionHeader implements HeaderField {
  readonly name: string;
  readonly value: string;
  private readonly block: Block;
  private readonly places: CurlHeader;

  constructor(block: Block, header: CurlHeader) {
    this.name = header.name.text;
    this.value = header.value.text;
    this.block = block;
    this.places = header;
  }

  get range(): Range {
    return spanBetween(this.block, this.places).moved(this.block.shift);
  }

  get nameRange(): Range {
    return spanBetween(this.block, this.places.name).moved(this.block.shift);
  }

  get valueRange(): Range {
    return spanBetween(this.block, this.places.value).moved(this.block.shift);
  }

  toJSON(): HeaderField {
    const { name, value, range, nameRange, valueRange } = this;
    return { name, value, range, nameRange, valueRange };
  }
}

/** Metadata that an option stands for. */
class OptionMetadata implements Metadata {
  readonly key: string;
  readonly value: string;
  private readonly block: Block;
  private readonly place: Span;

  constructor(block: Block, option: CurlOption) {
    this.key = option.key;
    this.value = option.value;
    this.block = block;
    this.place = spanBetween(block, option);
  }

  get range(): Range {
    return this.place.moved(this.block.shift);
  }

  toJSON(): Metadata {
    const { key, value, range } = this;
    return { key, value, range };
  }
}

/** A text of a command's body, which is sent as it is. */
class ExactText extends TextNode {
  readonly exact = true;
  private readonly word: Word;

  constructor(block: Block, word: Word) {
    super(block, word.text, spanBetween(block, word));
    this.word = word;
  }

  /** Where a part of the text stands, though quotes and escapes are gone from it. */
  rangeOf(offset: number, length: number): Range {
    const { block, word } = this;
    const { length: size } = word.text;
    const from = offsetIn(word, Math.min(offset, size));
    const to = Math.max(from, offsetIn(word, Math.min(offset + length, size)));
    return spanBetween(block, { from, to }).moved(block.shift);
  }

  override toJSON(): TextSegment {
    const { kind, text, range, exact } = this;
    return { kind, text, range, exact };
  }
}

class ChangedFile extends IncludeNode {
  readonly exact = true;
  readonly change?: FileChange;

  constructor(block: Block, path: Word, change: FileChange | undefined) {
    super(block, path.text, false, undefined, spanBetween(block, path));
    if (change) this.change = change;
  }

  override toJSON(): FileSegment {
    const { kind, path, substitute, range, exact, change } = this;
    return change ? { kind, path, substitute, range, exact, change } : { kind, path, substitute, range, exact };
  }
}

/** A request that a curl command stands for. */
export class CommandNode extends RequestNode {
  private readonly command: CurlRequest;
  private readonly whole: Span;

  /** `whole` is what of the block is this request's; its lines, like `line`, are those of the block's text. */
  constructor(block: Block, command: CurlRequest, line: number, whole: Span) {
    const { url } = command;
    super(block, whole.line, line, {
      kind: 'request', strict: true, method: command.method.text, methodEnd: -1,
      targetFrom: url.from, targetEnd: url.to, version: command.version?.text,
    });
    this.command = command;
    this.whole = whole;
    if (command.body.length > 0) this.setBody(command.body.map((piece) => segmentOf(block, piece)));
  }

  get isCommand(): boolean {
    return true;
  }

  override get range(): Range {
    return this.whole.moved(this.block.shift);
  }

  override get url(): string {
    return this.command.url.text;
  }

  override get httpVersion(): string | undefined {
    return this.command.version?.text;
  }

  override get methodRange(): Range {
    return spanBetween(this.block, this.command.method).moved(this.block.shift);
  }

  override get urlSpanInText(): Span {
    const { url, written } = this.command;
    const from = offsetIn(url, 0);
    return spanBetween(this.block, { from, to: Math.max(from, offsetIn(url, Math.min(url.text.length, written))) });
  }

  override get urlPieces(): undefined {
    return undefined;
  }

  override get hasPlainUrl(): boolean {
    return /^(?:https?:\/\/|\{\{)[\x21-\x7e]*$/.test(this.url) && !hasOpenBraces(this.url);
  }

  override get headers(): readonly HeaderField[] {
    return this.command.headers.map((header) => new OptionHeader(this.block, header));
  }

  override get metadata(): readonly Metadata[] {
    const typed = super.metadata;
    const given = this.command.options.filter(({ key }) => !typed.some((one) => one.key === key));
    return [...typed, ...given.map((option) => new OptionMetadata(this.block, option))];
  }
}

function segmentOf(block: Block, piece: BodyPiece): BodySegment & (TextNode | IncludeNode) {
  return piece.kind === 'text' ? new ExactText(block, piece.word) : new ChangedFile(block, piece.path, piece.change);
}
