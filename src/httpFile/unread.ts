import type { ProblemCode } from './problem.ts';
import type { HttpFile, Problem } from './syntax.ts';

/** Of no block: a request tells of the variables that it uses, and of the whole file another message does. */
const ofNoBlock: ReadonlySet<ProblemCode> = new Set(['variable-cycle', 'file-too-large']);

/** The errors and warnings of blocks that hold no request: what may have been meant as one and was not read. */
export function unreadProblems(file: HttpFile): Problem[] {
  const serious = file.problems.filter(({ severity, code }) => severity !== 'information' && !ofNoBlock.has(code));
  if (serious.length === 0) return [];
  const ofRequests = new Set(file.requests.flatMap(({ problems }) => problems));
  return serious.filter((one) => !ofRequests.has(one));
}
