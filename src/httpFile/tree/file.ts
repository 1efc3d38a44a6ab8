import type { Block } from './block.ts';
import { cyclesIn } from '../names/cycles.ts';
import { Labels } from './labels.ts';
import type { OpenLabels } from './labels.ts';
import type { ElementNode, VariableNode } from './nodes.ts';
import { RelatedProblem } from './nodes.ts';
import { problem } from '../problem.ts';
import type { Found } from '../parser/reader.ts';
import type { RequestNode } from './request.ts';
import type { HttpFile, Position, Problem } from '../syntax.ts';

/** The tree of a file. What is only sometimes asked for is made when it first is. */
export class FileNode implements HttpFile {
  readonly requests: readonly RequestNode[];
  readonly variables: readonly VariableNode[];
  readonly elements: readonly ElementNode[];
  readonly blocks: readonly Block[];
  /** The same for all trees of an open file: what is worth keeping from one edit to the next hangs on it. */
  readonly identity: object;
  private known: Labels<RequestNode> | undefined;
  private readonly troubled: readonly Block[] | undefined;
  private readonly duplicates: ReadonlySet<RequestNode> | undefined;
  private sorted: readonly Problem[] | undefined = undefined;

  /** For an open file, its labels, and those of its blocks that have problems of their own. */
  constructor(
    { requests, variables, elements, blocks }: Found, labels?: OpenLabels, troubled?: readonly Block[],
  ) {
    this.requests = requests;
    this.variables = variables;
    this.elements = elements;
    this.blocks = blocks;
    this.identity = labels ?? requests;
    this.known = labels;
    this.troubled = troubled;
    this.duplicates = labels?.duplicates;
  }

  get labels(): Labels<RequestNode> {
    this.known ??= new Labels(this.requests);
    return this.known;
  }

  get problems(): readonly Problem[] {
    this.sorted ??= merged(this.inBlocks(), variableProblems(this));
    return this.sorted;
  }

  toJSON(): HttpFile {
    const { requests, variables, elements, problems } = this;
    return { requests, variables, elements, problems };
  }

  /** The problems of all blocks, in the order of their place. */
  private inBlocks(): Problem[] {
    const found: Problem[] = [];
    for (const block of withDuplicates(this.troubled ?? this.blocks, this.duplicates)) {
      const first = found.length;
      // One by one: there may be more than a call can take as arguments.
      for (const problem of block.problems ?? []) found.push(problem);
      for (let index = block.index; index < block.index + block.count; index++) {
        const request = this.requests[index];
        // After an edit, the blocks of an earlier tree may have moved on without it.
        if (request?.block !== block || !request.hasProblems) continue;
        for (const problem of request.problems) found.push(problem);
      }
      if (found.length === first + 1) continue;
      for (const problem of found.splice(first).sort(byPlace)) found.push(problem);
    }
    return found;
  }
}

/** The blocks with problems of any kind, in order. */
function withDuplicates(
  troubled: readonly Block[], duplicates: ReadonlySet<RequestNode> | undefined,
): readonly Block[] {
  if (!duplicates || duplicates.size === 0) return troubled;
  const blocks = new Set(troubled);
  for (const { block } of duplicates) blocks.add(block);
  return [...blocks].sort((a, b) => a.line - b.line);
}

/** A file that is not read: only its size is told. */
export function tooLargeFile(limit: number): HttpFile {
  const start = { line: 0, character: 0 };
  const places = { limit: `${limit / (1024 * 1024)} MiB` };
  return {
    requests: [], variables: [], elements: [],
    problems: [problem('file-too-large', { start, end: start }, places)],
  };
}

const known = new WeakMap<readonly VariableNode[], readonly Problem[]>();

/** What is wrong with a file's variables among each other; kept while they stay the same. */
function variableProblems(file: FileNode): readonly Problem[] {
  const { variables } = file;
  let problems = known.get(variables);
  if (!problems) known.set(variables, problems = checkVariables(file).sort(byPlace));
  return problems;
}

function checkVariables(file: FileNode): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, VariableNode>();
  for (const variable of file.variables) {
    const { name, value } = variable;
    const earlier = seen.get(name);
    seen.set(name, variable);
    if (earlier && earlier.value !== value) {
      problems.push(new RelatedProblem('variable-redefined', () => variable.range, () =>
        ({ name, line: `${earlier.range.start.line + 1}` })));
    }
    // C37: `C:\new` holds a line end.
    if (/^[a-z]:\\[^\\\n]{0,200}/i.test(value) && /(?<!\\)\\[nrt]/.test(value)) {
      problems.push(new RelatedProblem('variable-path-escaped', () => variable.valueRange, () => ({ name })));
    }
    if (/^(?:"[^"]*"|'[^']*')$/.test(value)) {
      problems.push(new RelatedProblem('variable-quotes', () => variable.valueRange, () => ({ name })));
    }
  }
  for (const { variable, path } of cyclesIn(file)) {
    problems.push(new RelatedProblem('variable-cycle', () => variable.range, () => ({ path })));
  }
  return problems;
}

/** Two sorted lists as one; of two problems at the same place that of `first` comes first. */
function merged(first: Problem[], second: readonly Problem[]): readonly Problem[] {
  if (second.length === 0) return first;
  const all: Problem[] = [];
  let at = 0;
  for (const problem of first) {
    while (at < second.length && byPlace(second[at]!, problem) < 0) all.push(second[at++]!);
    all.push(problem);
  }
  return all.concat(second.slice(at));
}

function byPlace(one: Problem, other: Problem): number {
  return comparePositions(one.range.start, other.range.start);
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
