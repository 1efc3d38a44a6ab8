import { Block } from './block.ts';
import { endOf } from '../parser/lines.ts';
import type { Lines } from '../parser/lines.ts';
import type { Position } from '../syntax.ts';
import { clamped, withoutReturns } from '../textChange.ts';
import type { TextChange } from '../textChange.ts';

// The text of an open file is kept in its blocks, which follow one another without a gap: each knows its lines in the
// text that it was read from.

/** A change of the text, and the blocks it is in. */
export interface Change {
  readonly start: Position;
  readonly end: Position;
  readonly added: string;
  /** How many lines more there are afterwards. */
  readonly lines: number;
  /** The blocks that hold `start` and `end`. */
  readonly first: number;
  readonly last: number;
}

/** Where a change is in these blocks; its positions are moved into the text. */
export function changeIn(blocks: readonly Block[], { range, text }: TextChange): Change {
  const added = withoutReturns(text);
  const start = within(blocks, range.start);
  const end = within(blocks, range.end);
  const lines = added.split('\n').length - 1 - (end.line - start.line);
  return { start, end, added, lines, first: blockAt(blocks, start.line), last: blockAt(blocks, end.line) };
}

/** How many lines the blocks hold. */
export function lineCountOf(blocks: readonly Block[]): number {
  return blocks.at(-1)!.endLine;
}

/** A line without its line end; nothing for a line that is not there. */
export function lineIn(blocks: readonly Block[], line: number): string {
  if (line < 0 || line >= lineCountOf(blocks)) return '';
  const { lines, shift } = blocks[blockAt(blocks, line)]!;
  return lines.text.slice(lines.starts[line - shift], endOf(lines, line - shift));
}

/** The whole text of these blocks, without the last line end. */
export function textOf(blocks: readonly Block[]): string {
  return blocks.map(textOfBlock).join('\n');
}

/** The text from one position to another, which lie in blocks `first` and `last`. */
export function textBetween(
  blocks: readonly Block[], start: Position, end: Position,
  first = blockAt(blocks, start.line), last = blockAt(blocks, end.line),
): string {
  const head = blocks[first]!;
  const tail = blocks[last]!;
  const from = offsetIn(head, start);
  const to = offsetIn(tail, end);
  if (first === last) return head.lines.text.slice(from, to);
  const between = blocks.slice(first + 1, last).map(textOfBlock);
  return [
    head.lines.text.slice(from, endOf(head.lines, head.to - 1)), ...between,
    tail.lines.text.slice(tail.lines.starts[tail.from], to),
  ].join('\n');
}

/** The text of blocks `from` to `to` as it is after a change in them. */
export function textAfter(
  blocks: readonly Block[], { start, end, added, first, last }: Change, from: number, to: number,
): string {
  const before = textBetween(blocks, { line: blocks[from]!.line, character: 0 }, start, from, first);
  const lastLine = blocks[to - 1]!.endLine - 1;
  const after = textBetween(blocks, end, { line: lastLine, character: Infinity }, last, to - 1);
  return `${before}${added}${after}`;
}

/** The index of the first block that starts at a line or after it, by halving. */
export function firstFrom(blocks: readonly Block[], line: number): number {
  let from = 0;
  let to = blocks.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (blocks[middle]!.line < line) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A list with other elements in place of those from `from` to `to`. */
export function spliced<T>(list: readonly T[], from: number, to: number, added: readonly T[]): T[] {
  return list.slice(0, from).concat(added, list.slice(to));
}

/** A text that is too large to be read is kept in pieces of so many lines. */
const linesInPiece = 1000;

/** Blocks of a text that is not read. */
export function unreadBlocks(lines: Lines): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < lines.count; from += linesInPiece) {
    const block = new Block(lines, from, false, 0);
    block.to = Math.min(lines.count, from + linesInPiece);
    blocks.push(block);
  }
  return blocks;
}

/** The block that holds a line. */
function blockAt(blocks: readonly Block[], line: number): number {
  return Math.max(0, firstFrom(blocks, line + 1) - 1);
}

function within(blocks: readonly Block[], position: Position): Position {
  const { line, character } = clamped(position, lineCountOf(blocks));
  return { line, character: Math.min(character, lineIn(blocks, line).length) };
}

function offsetIn({ lines, shift }: Block, { line, character }: Position): number {
  return Math.min(lines.starts[line - shift]! + character, endOf(lines, line - shift));
}

function textOfBlock({ lines, from, to }: Block): string {
  return lines.text.slice(lines.starts[from], endOf(lines, to - 1));
}
