import { resolve as resolvePath } from 'node:path';
import { rangeInBody, rangeInUrl, rangeWithin } from '../../httpFile/position.ts';
import { problem } from '../../httpFile/problem.ts';
import { createScope } from '../../httpFile/names/scope.ts';
import type { Definition } from '../../httpFile/names/origin.ts';
import type { OuterNames, Scope } from '../../httpFile/names/scope.ts';
import type { BodySegment, HeaderField, HttpRequest, Problem } from '../../httpFile/syntax.ts';
import type { FieldLine } from '../../trace/request.ts';
import { fileFault } from './bodyFile.ts';
import { sendNeeded } from './dependencies.ts';
import type { Sending } from './dependencies.ts';
import { outerNames } from './names.ts';
import { resolved, withoutSecrets } from './preparation.ts';
import type { PrepareContext, Preparation } from './preparation.ts';
import { promptIn, promptsOf } from '../prompts.ts';
import type { Prompt } from '../prompts.ts';

/** A request's texts with its names put in. */
interface ResolvedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly FieldLine[];
  readonly body: readonly BodySegment[];
  /** What has no value. */
  readonly problems: readonly Problem[];
  /** Secret values in these texts, to be masked where they are shown. */
  readonly secrets: readonly string[];
}

/** What names may stand for besides the file's own. */
export type ResolveContext = Pick<PrepareContext, 'file'> & Partial<PrepareContext>;

/** The names as a request sees them. */
export function scopeOf(request: HttpRequest, context: ResolveContext): Scope {
  const { dialect } = context;
  return createScope(context.file, request.line - 1, withQuestions(request, whole(context)), {
    last: dialect?.scope === 'last', escapes: dialect?.escapes !== false,
  });
}

/** The names, with those that are asked for when the request is sent: they have no value before, and that is said. */
function withQuestions(request: HttpRequest, context: PrepareContext): OuterNames {
  const outer = outerNames(context);
  const own = new Map(promptsOf(request).map((prompt) => [prompt.name, prompt]));
  const asked = (name: string, prompt: Prompt): Definition => ({
    name, origin: { kind: 'prompt' }, secret: prompt.secret,
    value: context.arguments?.get(prompt.name) ?? { code: 'prompt-asked', places: { name: prompt.name } },
  });
  return {
    ...outer,
    before: (name) => {
      const prompt = own.get(name);
      return outer.before?.(name) ?? (prompt && asked(name, prompt));
    },
    after: (name) => {
      const prompt = name.startsWith('$') ? promptIn(name) : undefined;
      return prompt ? [asked(name, prompt)] : outer.after(name);
    },
  };
}

/**
 * What keeps a request back besides its names: files of its body that cannot be read, and what its `# @ref` lines
 * name that is not there or needs the request itself. Nothing is sent.
 */
export async function obstaclesOf(
  request: HttpRequest, body: readonly BodySegment[], context: PrepareContext,
  importsOf: Sending['importsOf'],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const segment of body) {
    if (segment.kind !== 'file' || segment.path.includes('{{')) continue;
    const absolute = resolvePath(context.directory, segment.path);
    const fault = await fileFault(context, absolute);
    if (fault) problems.push(problem(fault, segment.range, { path: segment.path, absolute }));
  }
  const placed = { request, file: context.file, uri: context.uri };
  const fault = await sendNeeded(placed, {
    importsOf, hasResponse: () => Promise.resolve(false), send: () => Promise.resolve(true),
  });
  return fault ? [...problems, fault] : problems;
}

/**
 * A request's texts with variables put in, for looking at: nothing is checked, read or started. What has no value (an
 * undefined name, the lab while it does not run) stays as written and is among the problems.
 */
export function resolveRequest(request: HttpRequest, context: ResolveContext): ResolvedRequest {
  const problems: Problem[] = [];
  const { resolve, splitLines, secretsUsed } = scopeOf(request, context);
  const preparation: Preparation = { request, context: whole(context), resolve, splitLines, problems };
  const methodRange = request.methodRange ?? request.requestLine;
  const method = resolved(preparation, request.method, () => methodRange);
  const url = resolved(preparation, request.url, ({ offset, length }) => rangeInUrl(request, offset, length));
  const headers = request.headers.flatMap((header) => resolveHeader(preparation, header));
  const body = (request.body ?? []).map((segment) => resolveSegment(preparation, segment));
  const secrets = secretsUsed();
  return { method, url, headers, body, secrets, problems: withoutSecrets(problems, secrets) };
}

/** The missing members of a context, for looking only. */
export function whole(context: ResolveContext): PrepareContext {
  return { uri: '', directory: '', options: {}, trusted: true, newId: () => '', ...context };
}

function resolveHeader(preparation: Preparation, header: HeaderField): FieldLine[] {
  const name = resolved(preparation, header.name, () => header.nameRange);
  const value = resolved(preparation, header.value,
    ({ offset, length }) => rangeWithin(header.valueRange, offset, length));
  return [[name, value]];
}

function resolveSegment(preparation: Preparation, segment: BodySegment): BodySegment {
  const { range } = segment;
  if (segment.kind === 'file') {
    const { substitute, encoding } = segment;
    const path = resolved(preparation, segment.path, () => range);
    return { kind: 'file', path, substitute, range, ...(encoding === undefined ? {} : { encoding }) };
  }
  const place = ({ offset, length }: { offset: number; length: number }) =>
    rangeInBody(segment, offset, length);
  return { kind: 'text', text: resolved(preparation, segment.text, place), range };
}
