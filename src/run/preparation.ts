import type { Sources } from '../httpFile/dynamic.ts';
import { problem } from '../httpFile/problem.ts';
import type { PlacedFault, Resolve } from '../httpFile/scope.ts';
import type { HttpFile, HttpRequest, Problem, Range } from '../httpFile/syntax.ts';
import type { LabAddresses } from '../protocol.ts';
import type { SendOptions } from '../trace/request.ts';

/** What a request is prepared with besides its own text. */
export interface PrepareContext {
  readonly file: HttpFile;
  readonly uri: string;
  /** Base of `< ./file`, an absolute path. */
  readonly directory: string;
  /** Where the lab listens, when it does. */
  readonly lab?: LabAddresses;
  /** From settings or the command line; the request's own metadata comes before them. */
  readonly options: SendOptions;
  /** Whether the workspace is; if not, body files stay inside `directory` and verification stays on. */
  readonly trusted: boolean;
  newId(): string;
  /** Clock and randomness of `$timestamp`, `$guid` and their like; the machine's own by default. */
  readonly sources?: Sources;
}

/** What the steps of a preparation share: names, what they find wrong, and what they are given. */
export interface Preparation {
  readonly request: HttpRequest;
  readonly context: PrepareContext;
  readonly resolve: Resolve;
  readonly problems: Problem[];
}

/** Puts variables into a text and reports what has no value at the range that `place` gives for it. */
export function resolved(
  { resolve, problems }: Preparation, text: string, place: (fault: PlacedFault) => Range,
): string {
  const result = resolve(text);
  for (const fault of result.faults) problems.push(problem(fault.code, place(fault), fault.places));
  return result.text;
}
