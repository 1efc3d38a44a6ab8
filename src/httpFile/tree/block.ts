import type { Lines } from '../parser/lines.ts';
import type { ElementNode, ProblemNode, VariableNode } from './nodes.ts';

/** What stands in a block and belongs to no request. */
interface Outside {
  readonly variables: VariableNode[] | undefined;
  readonly elements: readonly ElementNode[] | undefined;
  readonly problems: readonly ProblemNode[] | undefined;
}

/** From a separator, or from a request without one, up to the next: what is read, and read again, at a time. */
export class Block {
  /** The text that the block was read from, and which of its lines are the block's. */
  readonly lines: Lines;
  readonly from: number;
  to: number;
  /** How many lines further down than in {@link lines} the block stands in the file. */
  shift = 0;
  /** Of its first request, among the requests of the file. */
  index: number;
  /** How many requests it holds. */
  count = 0;
  /** Whether its first line is a separator. */
  readonly separated: boolean;
  /** Most blocks have nothing of that kind. */
  private outside: Outside | undefined = undefined;

  constructor(lines: Lines, from: number, separated: boolean, index: number) {
    this.lines = lines;
    this.from = from;
    this.to = from;
    this.separated = separated;
    this.index = index;
  }

  /** Its first line in the file. */
  get line(): number {
    return this.from + this.shift;
  }

  /** The line after its last. */
  get endLine(): number {
    return this.to + this.shift;
  }

  get variables(): readonly VariableNode[] | undefined {
    return this.outside?.variables;
  }

  get elements(): readonly ElementNode[] | undefined {
    return this.outside?.elements;
  }

  get problems(): readonly ProblemNode[] | undefined {
    return this.outside?.problems;
  }

  addVariable(variable: VariableNode): void {
    const { variables, elements, problems } = this.outside ?? {};
    if (variables) variables.push(variable);
    else this.outside = { variables: [variable], elements, problems };
  }

  /** What a block without a request holds beside variables. */
  setOutside(elements: readonly ElementNode[] | undefined, problems: readonly ProblemNode[] | undefined): void {
    if (elements || problems) this.outside = { variables: this.outside?.variables, elements, problems };
  }

  /** One more than the index of its last request. */
  get endIndex(): number {
    return this.index + this.count;
  }
}

/** Moves blocks, from one of them on, so many lines down in the file, and its requests so many places on. */
export function moveBlocks(blocks: readonly Block[], from: number, lines: number, requests: number): void {
  if (lines === 0 && requests === 0) return;
  for (let at = from; at < blocks.length; at++) {
    blocks[at]!.shift += lines;
    blocks[at]!.index += requests;
  }
}
