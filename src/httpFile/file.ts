import { cyclesIn } from './cycles.ts';
import type { Block, ElementNode, VariableNode } from './nodes.ts';
import { RelatedProblem } from './nodes.ts';
import { problem } from './problem.ts';
import type { Found } from './reader.ts';
import type { RequestNode } from './request.ts';
import type { HttpFile, Position, Problem } from './syntax.ts';

/** The tree of a file. What is only sometimes asked for is made when it first is. */
export class FileNode implements HttpFile {
  readonly requests: readonly RequestNode[];
  readonly variables: readonly VariableNode[];
  readonly elements: readonly ElementNode[];
  readonly blocks: readonly Block[];
  private sorted: readonly Problem[] | undefined = undefined;

  constructor({ requests, variables, elements, blocks }: Found) {
    this.requests = requests;
    this.variables = variables;
    this.elements = elements;
    this.blocks = blocks;
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
    for (const block of this.blocks) {
      const first = found.length;
      // One by one: there may be more than a call can take as arguments.
      for (const problem of block.problems ?? []) found.push(problem);
      for (let index = block.index; index < block.index + block.count; index++) {
        const request = this.requests[index]!;
        if (!request.hasProblems) continue;
        for (const problem of request.problems) found.push(problem);
      }
      if (found.length === first + 1) continue;
      for (const problem of found.splice(first).sort(byPlace)) found.push(problem);
    }
    return found;
  }
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
  return second.length === 0 ? first : [...first, ...second].sort(byPlace);
}

function byPlace(one: Problem, other: Problem): number {
  return comparePositions(one.range.start, other.range.start);
}

function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
