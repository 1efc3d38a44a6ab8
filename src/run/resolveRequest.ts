import { rangeInBody, rangeInUrl, rangeWithin } from '../httpFile/position.ts';
import { createScope } from '../httpFile/scope.ts';
import type { Scope } from '../httpFile/scope.ts';
import type { BodySegment, HeaderField, HttpRequest, Problem } from '../httpFile/syntax.ts';
import type { FieldLine } from '../trace/request.ts';
import { outerNames } from './names.ts';
import { resolved, withoutSecrets } from './preparation.ts';
import type { PrepareContext, Preparation } from './preparation.ts';

/** A request's texts with its names put in. */
export interface ResolvedRequest {
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
  return createScope(context.file, request.line - 1, outerNames(whole(context)), {
    last: dialect?.scope === 'last', escapes: dialect?.escapes !== false,
  });
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

function whole(context: ResolveContext): PrepareContext {
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
