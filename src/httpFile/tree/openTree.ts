import { moveBlocks } from './block.ts';
import type { Block } from './block.ts';
import { firstFrom, spliced } from './blockText.ts';
import type { Change } from './blockText.ts';
import { FileNode } from './file.ts';
import { OpenLabels } from './labels.ts';
import type { Found } from '../parser/reader.ts';
import type { Rereading } from '../readAgain.ts';
import type { HttpFile } from '../syntax.ts';

/** The tree of an open file, which follows its edits. */
export class OpenTree {
  /** A new object after each edit; what did not change is shared. */
  file: HttpFile;
  private content: Found;
  private readonly labels: OpenLabels;
  /** Blocks with problems of their own, in order. */
  private troubled: readonly Block[];

  constructor(content: Found) {
    this.content = content;
    this.labels = new OpenLabels(content.requests);
    this.troubled = content.blocks.filter((block) => hasProblems(block, content));
    this.file = new FileNode(content, this.labels, this.troubled);
  }

  get blocks(): readonly Block[] {
    return this.content.blocks;
  }

  /** Takes what was read again after a change, and moves the blocks that follow. */
  replace(change: Change, { from, to, found }: Rereading): void {
    const { blocks, requests, variables, elements } = this.content;
    const { line, index } = blocks[from]!;
    const requestsEnd = blocks[to]?.index ?? requests.length;
    moveBlocks(found.blocks, 0, line, index);
    // Blocks before the change that read the same stay the same.
    const kept = sameBefore(change, blocks, from, found.blocks);
    moveBlocks(blocks, to, change.lines, index + found.requests.length - requestsEnd);
    const gone = blocks.slice(from + kept, to);
    const come = found.blocks.slice(kept);
    const keptEnd = found.blocks[kept - 1]?.endIndex ?? index;
    const added = found.requests.slice(keptEnd - index);
    this.labels.replace(requests.slice(keptEnd, requestsEnd), added);
    const after = spliced(blocks, from + kept, to, come);
    this.content = {
      blocks: after,
      requests: spliced(requests, keptEnd, requestsEnd, added),
      variables: hasAny(variablesOf, gone, come) ? gathered(variablesOf, after) : variables,
      elements: hasAny(elementsOf, gone, come) ? gathered(elementsOf, after) : elements,
    };
    this.replaceTroubled(gone, come);
    this.file = new FileNode(this.content, this.labels, this.troubled);
  }

  private replaceTroubled(gone: readonly Block[], come: readonly Block[]): void {
    const added = come.filter((block) => hasProblems(block, this.content));
    const old = new Set(gone);
    const first = this.troubled.findIndex((block) => old.has(block));
    if (first < 0 && added.length === 0) return;
    const kept = first < 0 ? this.troubled : this.troubled.filter((block) => !old.has(block));
    const place = come[0] ? firstFrom(kept, come[0].line) : 0;
    this.troubled = spliced(kept, place, place, added);
  }
}

/** How many of the blocks read again, from `from` on, stand before the change and are as they were. */
function sameBefore({ start }: Change, blocks: readonly Block[], from: number, read: readonly Block[]): number {
  let same = 0;
  for (const block of read) {
    const old = blocks[from + same]!;
    const next = blocks[from + same + 1];
    // A block that no separator ends depends on those after it.
    const starts = block.separated || block.line === 0;
    const isAlone = starts && next?.separated && read[same + 1]?.separated;
    const fits = block.endLine === old.endLine && block.separated === old.separated;
    if (!isAlone || !fits || old.endLine > start.line) break;
    same++;
  }
  return same;
}

type NodesOf<Node> = (block: Block) => readonly Node[] | undefined;

const variablesOf = ({ variables }: Block) => variables;
const elementsOf = ({ elements }: Block) => elements;

/** When no block that came or went has any, the list stays the same one, with what was found out about it. */
function hasAny(nodesOf: NodesOf<unknown>, gone: readonly Block[], come: readonly Block[]): boolean {
  return gone.some(nodesOf) || come.some(nodesOf);
}

function gathered<Node>(nodesOf: NodesOf<Node>, blocks: readonly Block[]): Node[] {
  const nodes: Node[] = [];
  for (const block of blocks) for (const node of nodesOf(block) ?? []) nodes.push(node);
  return nodes;
}

function hasProblems(block: Block, { requests }: Found): boolean {
  if (block.problems) return true;
  for (let at = block.index; at < block.endIndex; at++) if (requests[at]!.hasOwnProblems) return true;
  return false;
}
