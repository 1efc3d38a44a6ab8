import type { Block } from './tree/block.ts';
import { textAfter } from './tree/blockText.ts';
import type { Change } from './tree/blockText.ts';
import { lineKind, scanLines } from './parser/lines.ts';
import type { Lines } from './parser/lines.ts';
import { readBlock } from './parse.ts';
import type { ParseOptions } from './parse.ts';
import type { Found } from './parser/reader.ts';

/** What stands after a change in place of blocks `from` to `to`. Its lines and requests are counted from 0. */
export interface Rereading {
  readonly from: number;
  readonly to: number;
  readonly found: Found;
}

/** All blocks of a text. */
export function readLines(lines: Lines, bodyComments: ParseOptions['bodyComments']): Found {
  const found = nothingFound(bodyComments);
  for (let line = 0; line < lines.count;) line = readBlock(found, lines, line);
  return found;
}

/** Reads the blocks around a change again, more of them until what follows is seen to stay the same. */
export function readAgain(
  blocks: readonly Block[], change: Change, bodyComments: ParseOptions['bodyComments'],
): Rereading {
  const from = sectionsBefore(blocks, change.first, 2);
  for (let sections = 2; ; sections *= 4) {
    const to = sectionsAfter(blocks, change.last, sections);
    const read = readBetween(blocks, change, from, to, nothingFound(bodyComments));
    if (read) return read;
  }
}

/**
 * Reads blocks `from` to `to` as they are after a change, up to where an old block starts again. Undefined when that
 * cannot be told from these blocks.
 */
function readBetween(
  blocks: readonly Block[], change: Change, from: number, to: number, found: Found,
): Rereading | undefined {
  const lines = scanLines(textAfter(blocks, change, from, to));
  const isWhole = to === blocks.length;
  const moved = blocks[from]!.line - change.lines;
  let old = change.last + 1;
  for (let line = 0; line < lines.count;) {
    line = readBlock(found, lines, line);
    while (old < to && blocks[old]!.line < line + moved) old++;
    const meets = old < to && blocks[old]!.line === line + moved;
    if (meets && (isWhole || isSettled(lines, line))) return { from, to: old, found };
  }
  return isWhole ? { from, to, found } : undefined;
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

/** The first block of so many sections before that of a block; a section is what lies between separators. */
function sectionsBefore(blocks: readonly Block[], block: number, sections: number): number {
  let at = block;
  for (let left = sections; at > 0; at--) {
    if (blocks[at]!.separated && left-- === 0) break;
  }
  return at;
}

/** The block after so many sections after that of a block. */
function sectionsAfter(blocks: readonly Block[], block: number, sections: number): number {
  let at = block + 1;
  for (let left = sections; at < blocks.length; at++) {
    if (blocks[at]!.separated && left-- === 0) break;
  }
  return at;
}

function nothingFound(bodyComments: ParseOptions['bodyComments']): Found {
  return { blocks: [], requests: [], variables: [], elements: [], bodyComments };
}
