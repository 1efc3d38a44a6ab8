import type { DialectOptions } from '../../httpFile/dialect.ts';
import type { Sources } from '../../httpFile/names/dynamic.ts';
import { problem } from '../../httpFile/problem.ts';
import type { Fault, PlacedFault } from '../../httpFile/names/origin.ts';
import type { Scope } from '../../httpFile/names/scope.ts';
import type { BodySegment, HttpFile, HttpRequest, Problem, Range } from '../../httpFile/syntax.ts';
import type { LabAddresses } from '../../protocol.ts';
import type { ProxySources } from '../../trace/proxyDecision.ts';
import type { SendOptions } from '../../trace/request.ts';
import { createSecretMask } from '../../trace/secretValues.ts';
import type { OAuthConfiguration } from '../authentication/oauth/configuration.ts';
import type { TokenSet } from '../authentication/oauth/tokenResponse.ts';
import type { TypedCredentials } from '../authentication/typed.ts';
import type { Environment } from '../environments/environment.ts';
import type { ImportedFile } from '../imports.ts';
import type { Prompt } from '../prompts.ts';
import type { UnreadAuthorities } from './certificateAuthorities.ts';
import type { HostCertificate } from './hostCertificates.ts';
import type { Responses } from '../responses/responses.ts';

/** Names and values, as they are. */
export type DefaultHeaders = Readonly<Record<string, string>>;

/** What a request is prepared with besides its own text. */
export interface PrepareContext {
  readonly file: HttpFile;
  readonly uri: string;
  /** Base of `< ./file`, an absolute path. */
  readonly directory: string;
  /** The workspace's folder, which `{{$projectRoot}}` means; `directory` when there is none. */
  readonly root?: string;
  /** Where the lab listens, when it does. */
  readonly lab?: LabAddresses;
  /** From settings or the command line; the request's own metadata comes before them. */
  readonly options: SendOptions;
  /** Certificates of our own by host, from the settings or the command line; what counts most first. */
  readonly certificates?: readonly HostCertificate[];
  /** Files that were to give certificate authorities, to be trusted besides those of `options`, and give none. */
  readonly unreadAuthorities?: readonly UnreadAuthorities[];
  /** Who else may name a proxy, besides the request itself. */
  readonly proxies?: ProxySources;
  /** Whether the workspace is; if not, body files stay inside `directory` and verification stays on. */
  readonly trusted: boolean;
  newId(): string;
  /** Where tools differ and settings decide. */
  readonly dialect?: DialectOptions;
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
  /** REST Client's: for requests that have none of that name. Absent in a workspace that is not trusted. */
  readonly defaultHeaders?: DefaultHeaders;
  /** What is wrong with the imports, at their lines. */
  readonly importProblems?: readonly Problem[];
  /** Asks whether to send a request with `# @note`; absent: it is sent. */
  readonly confirm?: (note: string) => Promise<boolean>;
  /** Gets the tokens of `{{$auth.token("id")}}`; absent: none are got. */
  readonly tokens?: (configuration: OAuthConfiguration) => Promise<TokenSet | Fault>;
  /** What was asked and looked up; `prepare` sees to it. */
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
  /** Those of them to be masked wherever they are shown. */
  readonly secrets: ReadonlySet<string>;
}

/** What the steps of a preparation share: names, what they find wrong, and what they are given. */
export interface Preparation {
  readonly request: HttpRequest;
  readonly context: PrepareContext;
  readonly resolve: Scope['resolve'];
  /** Only what may make header lines is put in (C1). */
  readonly splitLines: Scope['splitLines'];
  readonly problems: Problem[];
  /** When a header line of several lines goes on into the body (C1): the body instead of the request's own. */
  body?: readonly BodySegment[];
  /** From which the `Authorization` field is computed when the request is sent, and where they stand. */
  credentials?: { readonly typed: TypedCredentials; readonly range: Range };
}

/** Puts variables into a text and reports what has no value at the range that `place` gives for it. */
export function resolved(
  { resolve, problems }: Pick<Preparation, 'resolve' | 'problems'>, text: string, place: (fault: PlacedFault) => Range,
): string {
  const result = resolve(text);
  for (const fault of result.faults) problems.push(problem(fault.code, place(fault), fault.places));
  return result.text;
}

/** The same problems with secret values masked: what is wrong with a URL or a path is told with the text itself. */
export function withoutSecrets(problems: readonly Problem[], secrets: readonly string[]): Problem[] {
  const masker = createSecretMask(secrets);
  if (!masker) return [...problems];
  return problems.map((one) => {
    const { code, severity, range } = one;
    const places = Object.entries(one.places).map(([name, text]) => [name, masker.text(text)] as const);
    const isSame = places.every(([name, text]) => one.places[name] === text);
    return isSame ? one : { code, severity, range, places: Object.fromEntries(places) };
  });
}
