import { Block } from './tree/block.ts';
import { FileNode, tooLargeFile } from './tree/file.ts';
import { OpenLabels } from './tree/labels.ts';
import { endOf, lineKind, normalizeText, scanLines } from './parser/lines.ts';
import type { Lines } from './parser/lines.ts';
import { largestFile, readBlock, utf8Size } from './parse.ts';
import type { ParseOptions } from './parse.ts';
import type { TextLines } from './position.ts';
import type { Found } from './parser/reader.ts';
import type { HttpFile, Position, Range } from './syntax.ts';

/** What an editor says of an edit: the text in `range` is replaced by `text`. Line ends may be of any kind. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/** The text of an open request file and its syntax tree, which follows each edit. */
export interface HttpDocument extends TextLines {
  /** A new object after each edit; the nodes of blocks that were not touched are shared, and their ranges follow. */
  readonly file: HttpFile;
  /** Applies changes one after another, each in the text that the ones before it left. */
  edit(changes: readonly TextChange[]): void;
}

/** A document with this text; a byte order mark at its start is not part of it. */
export function createDocument(text: string, { largest = largestFile, bodyComments }: ParseOptions = {}): HttpDocument {
  return new OpenDocument(normalizeText(text), largest, bodyComments);
}

/** More changes at a time than this are applied to the text first, which is then read again once. */
const mostSeparateChanges = 16;

/** A text that is too large to be read is kept in pieces of so many lines. */
const linesInPiece = 1000;

/**
 * The text is kept in the blocks: each knows its lines in the text that it was read from. An edit makes a new text of
 * the blocks around it, reads these again, and moves the blocks that follow.
 */
class OpenDocument implements HttpDocument {
  private readonly largest: number;
  private readonly bodyComments: ParseOptions['bodyComments'];
  private blocks: Block[] = [];
  /** Those with problems of their own, in order. */
  private troubled: Block[] = [];
  private labels: OpenLabels = new OpenLabels([]);
  private content: Found | undefined;
  private tree: HttpFile;
  /** Bytes as UTF-8. */
  private size: number;

  constructor(text: string, largest: number, bodyComments: ParseOptions['bodyComments']) {
    this.largest = largest;
    this.bodyComments = bodyComments;
    this.size = utf8Size(text);
    this.tree = this.readAll(text);
  }

  get file(): HttpFile {
    return this.tree;
  }

  get lineCount(): number {
    return this.blocks.at(-1)!.endLine;
  }

  lineAt(line: number): string {
    if (line < 0 || line >= this.lineCount) return '';
    const { lines, shift } = this.blocks[this.blockAt(line)]!;
    return lines.text.slice(lines.starts[line - shift], endOf(lines, line - shift));
  }

  edit(changes: readonly TextChange[]): void {
    if (changes.length > mostSeparateChanges) this.editText(changes);
    else for (const change of changes) this.apply(change);
  }

  /** Many changes at once: of the text, not of the tree. */
  private editText(changes: readonly TextChange[]): void {
    let lines = this.text(0, this.blocks.length).split('\n');
    for (const { range, text } of changes) {
      const start = clamped(range.start, lines.length);
      const end = clamped(range.end, lines.length);
      const before = lines[start.line]!.slice(0, start.character);
      const after = lines[end.line]!.slice(end.character);
      const added = `${before}${withoutReturns(text)}${after}`.split('\n');
      lines = lines.slice(0, start.line).concat(added, lines.slice(end.line + 1));
    }
    const text = lines.join('\n');
    this.size = utf8Size(text);
    this.tree = this.readAll(text);
  }

  private apply({ range, text }: TextChange): void {
    const change = this.changeOf(range, withoutReturns(text));
    this.size += utf8Size(change.added) - utf8Size(this.textBetween(change.start, change.end));
    if (this.size > this.largest) this.replaceUnread(change);
    else if (!this.content) this.tree = this.readAll(this.textAfter(change, 0, this.blocks.length));
    else this.reread(change, this.content);
  }

  private changeOf(range: Range, added: string): Change {
    const start = this.within(range.start);
    const end = this.within(range.end);
    const lines = added.split('\n').length - 1 - (end.line - start.line);
    return { start, end, added, lines, first: this.blockAt(start.line), last: this.blockAt(end.line) };
  }

  private nothing(): Found {
    return { blocks: [], requests: [], variables: [], elements: [], bodyComments: this.bodyComments };
  }

  private readAll(text: string): HttpFile {
    const lines = scanLines(text);
    if (this.size > this.largest) {
      this.blocks = pieces(lines);
      return this.leaveUnread();
    }
    const content: Found = this.nothing();
    for (let line = 0; line < lines.count;) line = readBlock(content, lines, line);
    this.content = content;
    this.blocks = content.blocks;
    this.troubled = content.blocks.filter((block) => hasProblems(block, content));
    this.labels = new OpenLabels(content.requests);
    return new FileNode(content, this.labels, this.troubled);
  }

  private leaveUnread(): HttpFile {
    this.content = undefined;
    this.troubled = [];
    this.labels = new OpenLabels([]);
    return tooLargeFile(this.largest);
  }

  /** The text is too large: only its pieces are kept up to date. */
  private replaceUnread(change: Change): void {
    const { first, last } = change;
    const line = this.blocks[first]!.line;
    const added = pieces(scanLines(this.textAfter(change, first, last + 1)));
    for (const block of added) block.shift = line;
    this.blocks = this.spliced(this.blocks, first, last + 1, added);
    for (const block of this.blocks.slice(first + added.length)) block.shift += change.lines;
    this.tree = this.leaveUnread();
  }

  /** Reads the blocks around a change again, more of them until what follows is seen to stay the same. */
  private reread(change: Change, content: Found): void {
    const from = this.sectionsBefore(change.first, 2);
    for (let sections = 2; ; sections *= 4) {
      const to = this.sectionsAfter(change.last, sections);
      const read = this.readBetween(change, from, to);
      if (!read) continue;
      this.put(change, content, from, read);
      return;
    }
  }

  /**
   * Reads blocks `from` to `to` as they are after a change, up to where an old block starts again. Undefined when that
   * cannot be told from these blocks.
   */
  private readBetween(change: Change, from: number, to: number): Reading | undefined {
    const lines = scanLines(this.textAfter(change, from, to));
    const found: Found = this.nothing();
    const isWhole = to === this.blocks.length;
    const moved = this.blocks[from]!.line - change.lines;
    let old = change.last + 1;
    for (let line = 0; line < lines.count;) {
      line = readBlock(found, lines, line);
      while (old < to && this.blocks[old]!.line < line + moved) old++;
      const meets = old < to && this.blocks[old]!.line === line + moved;
      if (meets && (isWhole || isSettled(lines, line))) return { found, to: old };
    }
    return isWhole ? { found, to } : undefined;
  }

  /** Takes what was read in place of the blocks from `from` on. */
  private put(change: Change, content: Found, from: number, { found, to }: Reading): void {
    const { blocks } = this;
    const line = blocks[from]!.line;
    const index = blocks[from]!.index;
    const oldEnd = blocks[to]?.index ?? content.requests.length;
    for (const block of found.blocks) {
      block.shift = line;
      block.index += index;
    }
    // Blocks before the change that read the same stay the same.
    const kept = this.sameBefore(change, from, found.blocks);
    const same = (kept === 0 ? undefined : found.blocks[kept - 1]!.endIndex) ?? index;
    const added = found.requests.slice(same - index);
    const oldBlocks = blocks.slice(from + kept, to);
    const newBlocks = found.blocks.slice(kept);
    const moved = index + found.requests.length - oldEnd;
    this.moveFrom(to, change.lines, moved);
    this.blocks = this.spliced(blocks, from + kept, to, newBlocks);
    const removed = content.requests.slice(same, oldEnd);
    const requests = this.spliced(content.requests, same, oldEnd, added);
    this.labels.replace(removed, added);
    this.content = {
      blocks: this.blocks, requests,
      variables: this.gathered((block) => block.variables, content.variables, oldBlocks, newBlocks),
      elements: this.gathered((block) => block.elements, content.elements, oldBlocks, newBlocks),
    };
    this.replaceTroubled(oldBlocks, newBlocks, this.content);
    this.tree = new FileNode(this.content, this.labels, this.troubled);
  }

  /** How many of the blocks read again, from `from` on, stand before the change and are as they were. */
  private sameBefore({ start }: Change, from: number, read: readonly Block[]): number {
    let same = 0;
    for (const block of read) {
      const old = this.blocks[from + same]!;
      const next = this.blocks[from + same + 1];
      // A block that no separator ends depends on those after it.
      const starts = block.separated || block.line === 0;
      const isAlone = starts && next?.separated && read[same + 1]?.separated;
      const fits = block.endLine === old.endLine && block.separated === old.separated;
      if (!isAlone || !fits || old.endLine > start.line) break;
      same++;
    }
    return same;
  }

  private moveFrom(block: number, lines: number, requests: number): void {
    if (lines === 0 && requests === 0) return;
    for (let at = block; at < this.blocks.length; at++) {
      this.blocks[at]!.shift += lines;
      this.blocks[at]!.index += requests;
    }
  }

  /** The same list when no block that came or went has any, so that what was found out about it is kept. */
  private gathered<Node>(
    nodesOf: (block: Block) => readonly Node[] | undefined, known: Node[],
    gone: readonly Block[], come: readonly Block[],
  ): Node[] {
    if (!gone.some(nodesOf) && !come.some(nodesOf)) return known;
    const nodes: Node[] = [];
    for (const block of this.blocks) for (const node of nodesOf(block) ?? []) nodes.push(node);
    return nodes;
  }

  private replaceTroubled(gone: readonly Block[], come: readonly Block[], content: Found): void {
    const added = come.filter((block) => hasProblems(block, content));
    const old = new Set(gone);
    const first = this.troubled.findIndex((block) => old.has(block));
    if (first < 0 && added.length === 0) return;
    const kept = first < 0 ? this.troubled : this.troubled.filter((block) => !old.has(block));
    const place = come[0] ? firstFrom(kept, come[0].line) : 0;
    this.troubled = this.spliced(kept, place, place, added);
  }

  /** A list with other elements in place of those from `from` to `to`. */
  private spliced<T>(list: readonly T[], from: number, to: number, added: readonly T[]): T[] {
    return list.slice(0, from).concat(added, list.slice(to));
  }

  /** The first block of so many sections before that of a block; a section is what lies between separators. */
  private sectionsBefore(block: number, sections: number): number {
    let at = block;
    for (let left = sections; at > 0; at--) {
      if (this.blocks[at]!.separated && left-- === 0) break;
    }
    return at;
  }

  /** The block after so many sections after that of a block. */
  private sectionsAfter(block: number, sections: number): number {
    let at = block + 1;
    for (let left = sections; at < this.blocks.length; at++) {
      if (this.blocks[at]!.separated && left-- === 0) break;
    }
    return at;
  }

  private blockAt(line: number): number {
    return Math.max(0, firstFrom(this.blocks, line + 1) - 1);
  }

  private within({ line, character }: Position): Position {
    const inside = clamped({ line, character }, this.lineCount);
    return { line: inside.line, character: Math.min(inside.character, this.lineAt(inside.line).length) };
  }

  /** The text of blocks `from` to `to`, without the last line end. */
  private text(from: number, to: number): string {
    return this.blocks.slice(from, to).map(textOf).join('\n');
  }

  private textAfter({ start, end, added, first, last }: Change, from: number, to: number): string {
    const before = this.textBetween({ line: this.blocks[from]!.line, character: 0 }, start, from, first);
    const lastLine = this.blocks[to - 1]!.endLine - 1;
    const after = this.textBetween(end, { line: lastLine, character: Infinity }, last, to - 1);
    return `${before}${added}${after}`;
  }

  /** The text from one position to another, which lie in these blocks. */
  private textBetween(
    start: Position, end: Position, first = this.blockAt(start.line), last = this.blockAt(end.line),
  ): string {
    const from = offsetIn(this.blocks[first]!, start);
    const to = offsetIn(this.blocks[last]!, end);
    if (first === last) return this.blocks[first]!.lines.text.slice(from, to);
    const head = this.blocks[first]!;
    const tail = this.blocks[last]!;
    const between = this.blocks.slice(first + 1, last).map(textOf);
    return [
      head.lines.text.slice(from, endOf(head.lines, head.to - 1)), ...between,
      tail.lines.text.slice(tail.lines.starts[tail.from], to),
    ].join('\n');
  }
}

interface Change {
  readonly start: Position;
  readonly end: Position;
  readonly added: string;
  /** How many lines more there are afterwards. */
  readonly lines: number;
  /** The blocks that hold `start` and `end`. */
  readonly first: number;
  readonly last: number;
}

interface Reading {
  readonly found: Found;
  /** The old block at which reading stopped. */
  readonly to: number;
}

function withoutReturns(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function clamped({ line, character }: Position, lineCount: number): Position {
  if (line < 0) return { line: 0, character: 0 };
  return line < lineCount
    ? { line, character: Math.max(0, character) } : { line: lineCount - 1, character: Infinity };
}

function offsetIn({ lines, shift }: Block, { line, character }: Position): number {
  return Math.min(lines.starts[line - shift]! + character, endOf(lines, line - shift));
}

function textOf({ lines, from, to }: Block): string {
  return lines.text.slice(lines.starts[from], endOf(lines, to - 1));
}

/** The index of the first block that starts at a line or after it. */
function firstFrom(blocks: readonly Block[], line: number): number {
  let from = 0;
  let to = blocks.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (blocks[middle]!.line < line) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Blocks of a text that is not read. */
function pieces(lines: Lines): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < lines.count; from += linesInPiece) {
    const block = new Block(lines, from, false, 0);
    block.to = Math.min(lines.count, from + linesInPiece);
    blocks.push(block);
  }
  return blocks;
}

/**
 * Whether what was read up to a line stays the same whatever follows these lines: reading looks beyond a separator only
 * to the next line that is neither blank nor a comment.
 */
function isSettled(lines: Lines, line: number): boolean {
  for (let at = line + 1; at < lines.count; at++) {
    const kind = lines.kinds[at];
    if (kind !== lineKind.blank && kind !== lineKind.comment) return true;
  }
  return false;
}

function hasProblems(block: Block, { requests }: Found): boolean {
  if (block.problems) return true;
  for (let at = block.index; at < block.endIndex; at++) if (requests[at]!.hasOwnProblems) return true;
  return false;
}
