import type { ProblemCode } from '../problem.ts';
import type { Problem } from '../syntax.ts';

/**
 * What is wrong only because the line is not finished: every header begins as a name without a colon, every variable
 * without its end or its value.
 */
const unfinished: ReadonlySet<ProblemCode> = new Set([
  'header-without-colon', 'variable-unclosed', 'variable-equals-missing',
]);

/** The problems without those of a line that is still being typed; undefined when none is. */
export function settledProblems(problems: readonly Problem[], typedLine: number | undefined): readonly Problem[] {
  if (typedLine === undefined) return problems;
  const isUnfinished = ({ code, range }: Problem) => unfinished.has(code) && range.start.line === typedLine;
  return problems.some(isUnfinished) ? problems.filter((one) => !isUnfinished(one)) : problems;
}

/** The line that an edit of one place leaves the cursor on; undefined for edits in several places. */
export function lineTyped(
  changes: readonly { readonly range: { readonly start: { readonly line: number } }; readonly text: string }[],
): number | undefined {
  const [change] = changes;
  if (!change || changes.length > 1) return undefined;
  return change.range.start.line + change.text.split('\n').length - 1;
}
