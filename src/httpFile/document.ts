import { moveBlocks } from './tree/block.ts';
import type { Block } from './tree/block.ts';
import {
  changeIn, lineCountOf, lineIn, spliced, textAfter, textBetween, textOf, unreadBlocks,
} from './tree/blockText.ts';
import type { Change } from './tree/blockText.ts';
import { tooLargeFile } from './tree/file.ts';
import { normalizeText, scanLines } from './parser/lines.ts';
import { OpenTree } from './tree/openTree.ts';
import { largestFile, utf8Size } from './parse.ts';
import type { ParseOptions } from './parse.ts';
import type { TextLines } from './position.ts';
import { readAgain, readLines } from './readAgain.ts';
import type { HttpFile } from './syntax.ts';
import { textWith } from './textChange.ts';
import type { TextChange } from './textChange.ts';

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

/**
 * An edit makes a new text of the blocks around it, reads these again, and moves the blocks that follow. While the text
 * is too large to be read there is no tree, and the blocks only hold the text.
 */
class OpenDocument implements HttpDocument {
  file: HttpFile;
  private readonly largest: number;
  private readonly bodyComments: ParseOptions['bodyComments'];
  private blocks: readonly Block[] = [];
  private tree: OpenTree | undefined;
  /** Bytes as UTF-8. */
  private size: number;

  constructor(text: string, largest: number, bodyComments: ParseOptions['bodyComments']) {
    this.largest = largest;
    this.bodyComments = bodyComments;
    this.size = utf8Size(text);
    this.file = this.readAll(text);
  }

  get lineCount(): number {
    return lineCountOf(this.blocks);
  }

  lineAt(line: number): string {
    return lineIn(this.blocks, line);
  }

  edit(changes: readonly TextChange[]): void {
    if (changes.length > mostSeparateChanges) this.editText(changes);
    else for (const change of changes) this.file = this.apply(changeIn(this.blocks, change));
  }

  /** Many changes at once: of the text, not of the tree. */
  private editText(changes: readonly TextChange[]): void {
    const text = textWith(changes, textOf(this.blocks));
    this.size = utf8Size(text);
    this.file = this.readAll(text);
  }

  private apply(change: Change): HttpFile {
    this.size += utf8Size(change.added) - utf8Size(textBetween(this.blocks, change.start, change.end));
    if (this.size > this.largest) return this.replaceUnread(change);
    if (!this.tree) return this.readAll(textAfter(this.blocks, change, 0, this.blocks.length));
    this.tree.replace(change, readAgain(this.blocks, change, this.bodyComments));
    return this.follow(this.tree);
  }

  private readAll(text: string): HttpFile {
    const lines = scanLines(text);
    if (this.size > this.largest) return this.leaveUnread(unreadBlocks(lines));
    return this.follow(new OpenTree(readLines(lines, this.bodyComments)));
  }

  private follow(tree: OpenTree): HttpFile {
    this.tree = tree;
    this.blocks = tree.blocks;
    return tree.file;
  }

  /** The text is too large: only its blocks are kept up to date. */
  private replaceUnread(change: Change): HttpFile {
    const { first, last, lines } = change;
    const added = unreadBlocks(scanLines(textAfter(this.blocks, change, first, last + 1)));
    moveBlocks(added, 0, this.blocks[first]!.line, 0);
    moveBlocks(this.blocks, last + 1, lines, 0);
    return this.leaveUnread(spliced(this.blocks, first, last + 1, added));
  }

  private leaveUnread(blocks: readonly Block[]): HttpFile {
    this.tree = undefined;
    this.blocks = blocks;
    return tooLargeFile(this.largest);
  }
}
