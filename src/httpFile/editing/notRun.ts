import type { ProblemCode } from '../problem.ts';
import type { Problem, Range } from '../syntax.ts';

/** Blocks of which the first line says enough. */
const blocks: ReadonlySet<ProblemCode> = new Set(['script-not-run', 'js-block-not-run']);

/** So far below the one before, a check still belongs to the same run (lines). */
const nearby = 2;

interface NotRunParts {
  /** What is marked: of several checks one after another, the first. */
  readonly marks: readonly Problem[];
  /** The other checks: shown as what has no effect. */
  readonly followers: readonly Problem[];
}

/** Takes the checks that follow another one out of a file's problems, which are in the order of their place. */
export function withoutFollowers(problems: readonly Problem[]): NotRunParts {
  const followers: Problem[] = [];
  let last = -Infinity;
  const marks = problems.filter((problem) => {
    if (problem.code !== 'assert-not-run') return true;
    const { start, end } = problem.range;
    const follows = start.line - last <= nearby;
    last = end.line;
    if (follows) followers.push(problem);
    return !follows;
  });
  return followers.length > 0 ? { marks, followers } : { marks: problems, followers };
}

/** The lines of a script below its first one; undefined for everything else. */
export function linesBelow({ code, range: { start, end } }: Pick<Problem, 'code' | 'range'>): Range | undefined {
  return blocks.has(code) && end.line > start.line ? { start: { line: start.line + 1, character: 0 }, end } : undefined;
}
