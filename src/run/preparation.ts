import type { Sources } from '../httpFile/dynamic.ts';
import { problem } from '../httpFile/problem.ts';
import type { Fault, PlacedFault, Resolve } from '../httpFile/scope.ts';
import type { HttpFile, HttpRequest, Problem, Range } from '../httpFile/syntax.ts';
import type { LabAddresses } from '../protocol.ts';
import type { SendOptions } from '../trace/request.ts';
import type { Environment } from './environments/environment.ts';
import type { ImportedFile } from './imports.ts';
import type { Prompt } from './prompts.ts';
import type { Responses } from './responses.ts';

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
  /** What is read from environment files; absent in a workspace that is not trusted. */
  readonly environment?: Environment;
  /** Variables of the process; those of this one by default. Never read in a workspace that is not trusted. */
  readonly processEnv?: Readonly<Record<string, string | undefined>>;
  /** `--var name=value`: before everything else (C9). */
  readonly arguments?: ReadonlyMap<string, string>;
  /** What was sent earlier, for `{{login.response…}}`. */
  readonly responses?: Responses;
  /** Asks the user; undefined when the user would rather not send. Absent: nobody can be asked. */
  readonly ask?: (prompt: Prompt) => Promise<string | undefined>;
  /** Names without a value stay as they are written (C22). */
  readonly sendAnyway?: boolean;
  /** Files that this one imports, directly or through others; their variables and names are known here. */
  readonly imported?: readonly ImportedFile[];
  /** Set by `prepare`: what was asked and looked up before the names are put in. */
  readonly gathered?: Gathered;
  /** Clock and randomness of `$timestamp`, `$guid` and their like; the machine's own by default. */
  readonly sources?: Sources;
}

/** Values that take waiting for, by the expression they are written as, and why some have none. */
export interface Gathered {
  /** Of `# @prompt name`: before the file's variables (C9). */
  readonly prompts: ReadonlyMap<string, string>;
  /** Of `{{login.response…}}`, `{{$input …}}` and their like: when no variable has that name. */
  readonly others: ReadonlyMap<string, string | Fault>;
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
