import { cliTexts } from '../explain/text/cli.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import type {
  BodySegment, Element, FileVariable, HeaderField, HttpRequest, Metadata, Problem, Range,
} from '../httpFile/syntax.ts';
import type { EnvironmentProblem } from '../run/environments/environment.ts';
import { loadImports } from '../run/imports.ts';
import { withoutSecrets } from '../run/prepare/preparation.ts';
import { obstaclesOf, resolveRequest, whole } from '../run/prepare/resolveRequest.ts';
import type { ResolveContext } from '../run/prepare/resolveRequest.ts';
import type { FieldLine } from '../trace/request.ts';
import { createSecretMask } from '../trace/secretValues.ts';
import type { ParseArguments } from './arguments.ts';
import { readImport, readNames } from './names.ts';
import type { SourceNames } from './names.ts';
import { messageOf, placeOf } from './problems.ts';
import { readSource } from './source.ts';
import type { Source } from './source.ts';
import { usedNameJson, usedNameLine, usedNames } from './usedNames.ts';
import type { UsedName } from './usedNames.ts';

/** What is printed, and how. */
interface Session {
  readonly given: ParseArguments;
  readonly language: Language;
  readonly source: Source;
  readonly names: SourceNames;
  readonly context: ResolveContext;
}

/** A request's texts as they are shown. */
interface Shown {
  readonly request: HttpRequest;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly FieldLine[];
  readonly body: readonly BodySegment[];
  readonly problems: readonly Problem[];
  /** When names are put in. */
  readonly names?: readonly UsedName[];
}

/**
 * `roundtrip parse`: what the parser understands of a file. Always exit code 0 when the file could be read:
 * problems in it are part of the answer.
 *
 * @throws UsageError when the file cannot be read or the environment is not there.
 */
export async function parseCommand(given: ParseArguments, language: Language): Promise<number> {
  const source = await readSource(given.file);
  const names = await readNames(source, given);
  const { file, uri, directory } = source;
  const session: Session = { given, language, source, names, context: { file, uri, directory, ...names } };
  const shown: Shown[] = [];
  for (const request of file.requests) shown.push(given.resolved ? await resolved(request, session) : written(request));
  process.stdout.write(given.json
    ? `${JSON.stringify(toJson(session, shown), undefined, 2)}\n`
    : toText(session, shown));
  return 0;
}

function written(request: HttpRequest): Shown {
  const { method, url, headers, body, problems } = request;
  return {
    request, method, url, problems, body: body ?? [], headers: headers.map(({ name, value }) => [name, value]),
  };
}

/** With the names put in, secrets masked unless they are asked for. */
async function resolved(request: HttpRequest, { given, context, source, names }: Session): Promise<Shown> {
  const { method, url, headers, body, problems, secrets } = resolveRequest(request, context);
  const obstacles = await obstaclesOf(request, body, whole(context), async (file, uri) =>
    file === source.file ? names.imported : (await loadImports(file, uri, { read: readImport })).files);
  const masker = given.includeSecrets ? undefined : createSecretMask(secrets);
  const shown = (text: string) => masker ? masker.text(text) : text;
  return {
    request, method: shown(method), url: shown(url),
    problems: [...request.problems, ...problems, ...withoutSecrets(obstacles, secrets)],
    headers: headers.map(([name, value]) => [shown(name), shown(value)]),
    body: body.map((segment): BodySegment => segment.kind === 'text'
      ? { kind: 'text', range: segment.range, text: shown(segment.text) }
      : { ...fileSegment(segment), path: shown(segment.path) }),
    names: usedNames(request, context),
  };
}

function fileSegment({ path, substitute, encoding, range }: Extract<BodySegment, { kind: 'file' }>) {
  return { kind: 'file' as const, path, substitute, range, ...(encoding === undefined ? {} : { encoding }) };
}

// --- JSON ------------------------------------------------------------------------------------------

function toJson(session: Session, requests: readonly Shown[]): object {
  const { source: { file }, names, language, given } = session;
  const { environments, environment } = names;
  return {
    requests: requests.map((shown) => requestJson(shown, session)),
    variables: file.variables.map(({ name, value, range }) => ({ name, value, line: range.start.line + 1 })),
    problems: [...file.problems, ...names.importProblems].map((problem) => problemJson(problem, language)),
    nodes: { variables: file.variables.map(variableJson), elements: file.elements.map(elementJson) },
    imports: names.imported.map(({ uri }) => uri),
    environments: environments.names,
    environment: environment.name ?? null,
    ...(given.resolved ? { environmentProblems: environment.problems.map((one) => placedJson(one, language)) } : {}),
  };
}

function requestJson({ request, names, ...shown }: Shown, { language, given }: Session): object {
  return {
    line: request.line,
    name: request.name ?? null,
    title: request.title,
    method: shown.method,
    url: shown.url,
    httpVersion: request.httpVersion,
    headers: shown.headers,
    body: bodyJson(shown.body),
    metadata: request.metadata.map(({ key, value }) => [key, value]),
    problems: shown.problems.map((problem) => problemJson(problem, language)),
    index: request.index,
    nodes: nodesJson(request),
    ...(names ? { names: names.map((used) => usedNameJson(used, given.includeSecrets, language)) } : {}),
  };
}

/** Every piece as written, with its place. */
function nodesJson(request: HttpRequest): object {
  const { range, requestLine, method, methodRange, url, urlRange, urlPieces, headers, body, metadata } = request;
  return {
    range: rangeJson(range),
    requestLine: rangeJson(requestLine),
    method: { text: method, range: methodRange && rangeJson(methodRange) },
    url: { text: url, range: rangeJson(urlRange), pieces: urlPieces?.map(rangeJson) },
    headers: headers.map(headerJson),
    body: (body ?? []).map(segmentJson),
    metadata: metadata.map(metadataJson),
    elements: request.elements.map(elementJson),
  };
}

/** Text as one string; with included files, a list of the segments in order. */
function bodyJson(segments: readonly BodySegment[]): unknown {
  if (segments.length === 0) return null;
  if (segments.every((segment) => segment.kind === 'text')) {
    return segments.map((segment) => segment.text).join('');
  }
  return segments.map((segment) => segment.kind === 'text'
    ? { text: segment.text }
    : { file: segment.path, substitute: segment.substitute, encoding: segment.encoding });
}

/** Nodes have more than is written in them: what is printed is taken from them member by member. */
function segmentJson(segment: BodySegment): object {
  return segment.kind === 'text'
    ? { kind: 'text', text: segment.text, range: rangeJson(segment.range), removed: segment.removed }
    : { ...fileSegment(segment), range: rangeJson(segment.range) };
}

function headerJson({ name, value, range, nameRange, valueRange }: HeaderField): object {
  return {
    name, value, range: rangeJson(range), nameRange: rangeJson(nameRange), valueRange: rangeJson(valueRange),
  };
}

function metadataJson({ key, value, range }: Metadata): object {
  return { key, value, range: rangeJson(range) };
}

function elementJson({ kind, text, range }: Element): object {
  return { kind, text, range: rangeJson(range) };
}

function variableJson({ name, value, range, nameRange, valueRange }: FileVariable): object {
  return {
    name, value, range: rangeJson(range), nameRange: rangeJson(nameRange), valueRange: rangeJson(valueRange),
  };
}

function rangeJson({ start, end }: Range): object {
  const place = ({ line, character }: Range['start']) => ({ line, character });
  return { start: place(start), end: place(end) };
}

function problemJson(problem: Problem, language: Language): object {
  return {
    code: problem.code,
    severity: problem.severity,
    message: messageOf(problem, language),
    line: problem.range.start.line + 1,
    column: problem.range.start.character + 1,
    range: rangeJson(problem.range),
  };
}

function placedJson(problem: EnvironmentProblem, language: Language): object {
  const { code, severity, places, source, line, character } = problem;
  return { code, severity, message: messageOf({ code, places }, language), source, line, column: character };
}

// --- text ------------------------------------------------------------------------------------------

function toText(session: Session, requests: readonly Shown[]): string {
  const { source: { file }, names, language } = session;
  const width = String(Math.max(0, ...requests.map(({ request }) => request.line))).length;
  const lines = requests.map(({ request, method, url }) => {
    const label = request.name ?? request.title;
    return `${String(request.line).padStart(width)}  ${method} ${url}${label ? `  # ${label}` : ''}`;
  });
  if (file.variables.length > 0) {
    lines.push('', say(cliTexts, language, 'variables'));
    lines.push(...file.variables.map(({ name, value }) => `  @${name} = ${value}`));
  }
  const environments = names.environments.names;
  if (environments.length > 0) {
    const shown = environments.map((name) => name === names.environment.name ? `${name} *` : name);
    lines.push('', say(cliTexts, language, 'environments'), `  ${shown.join(', ')}`);
  }
  lines.push(...requests.flatMap((shown) => namesText(shown, session)));
  lines.push(...problemsText(session, requests));
  return `${lines.join('\n')}\n`;
}

function namesText({ request, names = [] }: Shown, { given, language }: Session): string[] {
  if (names.length === 0) return [];
  return [
    '', say(cliTexts, language, 'names-of', { line: request.line }),
    ...names.map((used) => `  ${usedNameLine(used, given.includeSecrets, language)}`),
  ];
}

/** A request's own problems are among the file's; those of substitution are not. */
function problemsText({ source, names, given, language }: Session, requests: readonly Shown[]): string[] {
  const problems = [...new Set([
    ...source.file.problems, ...names.importProblems, ...requests.flatMap((shown) => shown.problems),
  ])];
  const others = given.resolved ? names.environment.problems : [];
  return [
    '', say(cliTexts, language, problems.length + others.length > 0 ? 'problems' : 'no-problems'),
    ...problems.map((problem) => {
      const { line, character } = problem.range.start;
      return `  ${line + 1}:${character + 1} ${problem.severity}: ${messageOf(problem, language)}`;
    }),
    ...others.map((problem) => `  ${placeOf(problem)} ${problem.severity}: ${messageOf(problem, language)}`),
  ];
}
