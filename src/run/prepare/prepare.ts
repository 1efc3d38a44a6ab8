import { isToken } from '../../httpFile/parser/header.ts';
import { rangeInUrl } from '../../httpFile/position.ts';
import { isRefusing, problem } from '../../httpFile/problem.ts';
import type { ProblemCode } from '../../httpFile/problem.ts';
import { otherProtocols, webSocketMethods } from '../../httpFile/parser/requestLine.ts';
import { createScope } from '../../httpFile/names/scope.ts';
import type { Scope } from '../../httpFile/names/scope.ts';
import type { HttpRequest, Problem } from '../../httpFile/syntax.ts';
import { resolveTarget } from '../../httpFile/content/target.ts';
import type { FieldLine, RequestedHttpVersion, RequestSpec, SendOptions } from '../../trace/request.ts';
import { authenticationOf } from '../authentication/typed.ts';
import { nameOf } from './dependencies.ts';
import { createGathering } from './gather.ts';
import type { Gathering } from './gather.ts';
import { outerNames } from './names.ts';
import { resolved, withoutSecrets } from './preparation.ts';
import type { Preparation, PrepareContext } from './preparation.ts';
import { prepareAuthorities } from './certificateAuthorities.ts';
import { prepareBody } from './prepareBody.ts';
import { prepareHeaders } from './prepareHeaders.ts';
import { prepareCertificate } from './prepareCertificate.ts';
import { prepareOptions, proxyOf } from './prepareOptions.ts';
import { prepareTls } from './prepareTls.ts';
import { prepareTrailers } from './prepareTrailers.ts';
import { opensWebSocket, prepareWebSocket, webSocketUrl } from './prepareWebSocket.ts';
import { withProxy } from './proxyDecision.ts';

export type { PrepareContext } from './preparation.ts';
// What a front end needs beside it; in the extension all of it is one bundle.
export { nameOf, requestNamed, sendNeeded } from './dependencies.ts';
export { historyResponses, latestSend } from '../responses/historyResponses.ts';
export { loadImports } from '../imports.ts';
export { serverResponse } from '../authentication/oauth/serverResponse.ts';
export { readAuthorities } from './certificateAuthorities.ts';
export { createTokens } from '../authentication/oauth/tokens.ts';
export { usesLab } from './reachedNames.ts';
export { evaluateReference } from '../responses/responses.ts';

/**
 * Not `ok` means: nothing is sent. Then at least one problem is an error, or the user would rather not send, which
 * needs no words: a question was not answered, or the author's note not confirmed.
 */
export type Prepared =
  | { readonly ok: true; readonly spec: RequestSpec; readonly problems: Problem[] }
  | { readonly ok: false; readonly problems: Problem[]; readonly cancelled?: 'question' | 'note' };

/** What cannot come from a value that is not known yet: with one of these, nobody needs to be asked anything. */
const certain: ReadonlySet<ProblemCode> = new Set([
  'variable-undefined', 'variable-undefined-inside', 'variable-undefined-itself', 'variable-undefined-untrusted',
  'variable-undefined-expression', 'variable-undefined-builtin', 'variable-cycle',
  'environment-untrusted', 'lab-not-running', 'lab-server-not-running',
  'token-not-fetched', 'process-variable-undefined', 'dotenv-variable-undefined', 'dynamic-arguments',
  'prompt-unanswered',
]);

/**
 * A request as it is to be sent: variables put in, URL, headers and body checked, metadata turned into options. Every
 * problem stands at its place in the file; an error means that nothing may be sent. What the user must be asked and
 * what earlier responses hold is fetched first, as far as the request reaches it.
 */
export async function prepare(request: HttpRequest, given: PrepareContext): Promise<Prepared> {
  const context = trustedParts(given);
  const gathering = createGathering(request, context);
  let isConfirmed = false;
  for (;;) {
    const result = await prepareOnce(request, { ...context, gathered: gathering }, gathering);
    if (await gathering.fillReferences()) continue;
    const isOpen = gathering.hasQuestions() || gathering.hasTokens();
    const isHopeless = result.problems.some(({ code }) => certain.has(code));
    if (isOpen && isHopeless) return { ok: false, problems: withoutGuesses(result.problems) };
    if (gathering.hasQuestions()) {
      if (!await gathering.ask()) return unwanted('question');
      continue;
    }
    // Nobody signs in for a request that is then not to be sent.
    if ((isOpen || result.ok) && !isConfirmed && !await confirmed(request, context)) return unwanted('note');
    isConfirmed = true;
    if (!gathering.hasTokens()) return result;
    await gathering.fillTokens();
  }
}

/** The user would rather not send. */
function unwanted(cancelled: 'question' | 'note'): Prepared {
  return { ok: false, problems: [], cancelled };
}

/** SAFETY: in a workspace that is not trusted, environment files and the process's variables are not looked at. */
function trustedParts(context: PrepareContext): PrepareContext {
  if (context.trusted) return context;
  const { environment: _environment, processEnv: _processEnv, defaultHeaders: _headers, ...others } = context;
  return others;
}

/** Values that were never asked for may have led to further errors. */
function withoutGuesses(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ code, severity }) => severity !== 'error' || certain.has(code));
}

/** `# @note [text]`: the author wants to be asked before this request is sent. */
async function confirmed({ metadata }: HttpRequest, { confirm }: PrepareContext): Promise<boolean> {
  const note = metadata.find(({ key }) => key === 'note');
  return note === undefined || confirm === undefined || confirm(note.value);
}

async function prepareOnce(
  request: HttpRequest, context: PrepareContext, gathering: Gathering,
): Promise<Prepared> {
  const refusing = request.problems.filter(({ code }) => isRefusing(code));
  const problems: Problem[] = [...context.importProblems ?? [], ...refusing];
  const { dialect, sendAnyway } = context;
  const scope = createScope(context.file, request.line - 1, gathering.names(outerNames(context)), {
    last: dialect?.scope === 'last', keepUndefined: sendAnyway === true,
    escapes: dialect?.escapes !== false,
  });
  const { resolve, splitLines } = scope;
  const preparation: Preparation = { request, context, resolve, splitLines, problems };
  const method = prepareMethod(preparation);
  const target = prepareTarget(preparation, method);
  const headers = prepareHeaders(preparation, target?.credentials);
  const opens = opensWebSocket(method, target?.url ?? '');
  const webSocket = opens ? { webSocket: await prepareWebSocket(preparation, method) } : {};
  const body = opens ? { headers } : await prepareBody(preparation, headers);
  const trailers = prepareTrailers(preparation);
  // The handshake of a WebSocket goes the way of HTTP.
  const wayUrl = target?.url.replace(/^ws/i, 'http');
  const options = {
    ...prepareOptions(preparation), ...prepareTls(preparation), ...prepareAuthentication(preparation, wayUrl),
    ...await prepareCertificate(preparation, wayUrl),
  };
  prepareAuthorities(preparation, wayUrl);
  const proxy = proxyOf(preparation);
  const told = withoutSecrets(problems, scope.secretsUsed());
  if (problems.some(({ severity }) => severity === 'error') || !target) {
    return { ok: false, problems: context.trusted ? told : told.map(saidUntrusted) };
  }
  const decided = withProxy(options, wayUrl ?? target.url, context.proxies, proxy);
  const spec: RequestSpec = {
    id: context.newId(), source: { uri: context.uri, line: request.line },
    method: opens ? 'GET' : method === 'GRAPHQL' ? 'POST' : method,
    url: opens ? webSocketUrl(request, target.url) : target.url, headers: withAccept(request, body.headers),
    options: decided, ...webSocket, ...trailers,
    ...(target.isAsterisk ? { requestTarget: '*' } : {}), ...(body.isGraphql ? { graphql: true } : {}),
    ...(body.wrongLength ? { wrongLength: true } : {}),
    ...named(request), ...versionOf(request), ...(body.parts ? { body: body.parts } : {}),
    ...secretsOf(scope, context),
  };
  return { ok: true, spec, problems: told };
}

/** `SSE` and `EVENTSOURCE` ask for a stream of events (HTML, "Server-sent events"). */
function withAccept({ method }: HttpRequest, headers: readonly FieldLine[]): readonly FieldLine[] {
  const asks = method === 'SSE' || method === 'EVENTSOURCE';
  const isTyped = headers.some(([name]) => name.toLowerCase() === 'accept');
  return asks && !isTyped ? [...headers, ['Accept', 'text/event-stream']] : headers;
}

function prepareAuthentication(
  { credentials, problems }: Preparation, url: string | undefined,
): Pick<SendOptions, 'authentication'> {
  if (!credentials || url === undefined) return {};
  const authentication = authenticationOf(credentials.typed, url);
  if (authentication !== 'service-unknown') return { authentication };
  problems.push(problem('aws-service-unknown', credentials.range, { host: new URL(url).hostname }));
  return {};
}
const undefinedCodes: ReadonlySet<ProblemCode> = new Set([
  'variable-undefined', 'variable-undefined-inside', 'variable-undefined-itself',
]);

/** The environment that would have told is not read. */
function saidUntrusted(one: Problem): Problem {
  return undefinedCodes.has(one.code) ? problem('variable-undefined-untrusted', one.range, one.places) : one;
}

/** What the editor sends to its proxy is one too: a redirect may lead there. */
function secretsOf(scope: Scope, { proxies }: PrepareContext): { secrets?: readonly string[] } {
  // RFC 9110 §11.4: behind the name of the scheme.
  const toProxy = proxies?.editor?.authorization?.trim().replace(/^\S+ +(?=\S)/, '') ?? '';
  const secrets = [...scope.secretsUsed(), ...(toProxy === '' ? [] : [toProxy])];
  return secrets.length > 0 ? { secrets } : {};
}

function named(request: HttpRequest): { name?: string } {
  const found = nameOf(request);
  return found === undefined ? {} : { name: found };
}

/** C31; a version that cannot be asked for is told while parsing and treated as absent. */
function versionOf({ httpVersion }: HttpRequest): { httpVersion?: RequestedHttpVersion } {
  const version = httpVersion === undefined ? undefined : versions[httpVersion.slice(5).toLowerCase()];
  return version === undefined ? {} : { httpVersion: version };
}

const versions: Readonly<Record<string, RequestedHttpVersion>> = {
  '1.0': '1.0', 1.1: '1.1', 2: '2', '2.0': '2', '2 (prior knowledge)': '2-prior-knowledge',
};

// --- request line ----------------------------------------------------------------------------------

function prepareMethod(preparation: Preparation): string {
  const { request, problems } = preparation;
  const range = request.methodRange ?? request.requestLine;
  const before = problems.length;
  const written = resolved(preparation, request.method, () => range);
  const method = request.method.includes('{{') ? written.trim().toUpperCase() : written;
  if (problems.length > before) return method;
  if (!isToken(method)) problems.push(problem('method-invalid', range, { method }));
  if (otherProtocols.has(method) && !webSocketMethods.has(method)) problems.push(
    problem('protocol-unsupported', range, { method }),
  );
  return method === 'SSE' || method === 'EVENTSOURCE' ? 'GET' : method;
}

function prepareTarget(preparation: Preparation, method: string) {
  const { request, problems, context, resolve } = preparation;
  const before = problems.length;
  const url = resolved(preparation, request.url, ({ offset, length }) => rangeInUrl(request, offset, length));
  if (problems.length > before) return undefined;
  const host = request.headers.find(({ name }) => name.toLowerCase() === 'host');
  const hasVariable = context.file.variables.some(({ name }) => name === 'host');
  const target = resolveTarget(url, {
    host: host && resolve(host.value).text,
    hostVariable: hasVariable ? resolve('{{host}}').text : undefined,
    keepsNames: context.sendAnyway === true, method,
  });
  if (!('code' in target)) return target;
  const places = target.code === 'url-missing' ? { method: request.method } : target.places;
  problems.push(problem(target.code, request.urlRange, places));
  return undefined;
}
