import type { Language } from '../explain/text/language.ts';
import { cliTexts } from '../explain/text/cli.ts';
import { problemTexts } from '../explain/text/problem.ts';
import { say } from '../explain/text/text.ts';
import type { HttpFile, HttpRequest, Problem } from '../httpFile/syntax.ts';
import { resolveRequest } from '../run/resolveRequest.ts';
import type { ParseArguments } from './arguments.ts';
import { readSource } from './source.ts';

/**
 * `roundtrip parse`: what the parser understands of a file. Always exit code 0 when the file could be read:
 * problems in it are part of the answer.
 */
export async function parseCommand(given: ParseArguments, language: Language): Promise<number> {
  const { file } = await readSource(given.file);
  const shown = given.resolved ? file.requests.map((request) => resolveRequest(request, file)) : file.requests;
  process.stdout.write(given.json
    ? `${JSON.stringify(toJson(file, shown, language), undefined, 2)}\n`
    : toText(file, shown, language));
  return 0;
}

function toJson(file: HttpFile, requests: readonly HttpRequest[], language: Language): object {
  return {
    requests: requests.map((request) => ({
      line: request.line,
      name: request.name ?? null,
      title: request.title,
      method: request.method,
      url: request.url,
      httpVersion: request.httpVersion,
      headers: request.headers.map(({ name, value }) => [name, value]),
      body: bodyOf(request),
      metadata: request.metadata.map(({ key, value }) => [key, value]),
      problems: request.problems.map((problem) => problemOf(problem, language)),
    })),
    variables: file.variables.map(({ name, value, range }) => ({ name, value, line: range.start.line + 1 })),
    problems: file.problems.map((problem) => problemOf(problem, language)),
  };
}

/** Text as one string; with included files, a list of the segments in order. */
function bodyOf(request: HttpRequest): unknown {
  const segments = request.body ?? [];
  if (segments.length === 0) return null;
  if (segments.every((segment) => segment.kind === 'text')) {
    return segments.map((segment) => segment.text).join('');
  }
  return segments.map((segment) => segment.kind === 'text'
    ? { text: segment.text }
    : { file: segment.path, substitute: segment.substitute, encoding: segment.encoding });
}

function problemOf(problem: Problem, language: Language): object {
  return {
    code: problem.code,
    severity: problem.severity,
    message: messageOf(problem, language),
    line: problem.range.start.line + 1,
    column: problem.range.start.character + 1,
    range: problem.range,
  };
}

/** A problem's text in the user's language. */
export function messageOf(problem: Problem, language: Language): string {
  return say(problemTexts, language, problem.code as keyof typeof problemTexts & string, problem.places);
}

function toText(file: HttpFile, requests: readonly HttpRequest[], language: Language): string {
  const width = String(Math.max(0, ...requests.map((request) => request.line))).length;
  const lines = requests.map((request) => {
    const label = request.name ?? request.title;
    return `${String(request.line).padStart(width)}  ${request.method} ${request.url}${label ? `  # ${label}` : ''}`;
  });
  if (file.variables.length > 0) {
    lines.push('', say(cliTexts, language, 'variables'));
    lines.push(...file.variables.map(({ name, value }) => `  @${name} = ${value}`));
  }
  // A request's own problems are among the file's; those of substitution are not.
  const problems = [...new Set([...file.problems, ...requests.flatMap((request) => request.problems)])];
  lines.push('', say(cliTexts, language, problems.length > 0 ? 'problems' : 'no-problems'));
  lines.push(...problems.map((problem) => {
    const { line, character } = problem.range.start;
    return `  ${line + 1}:${character + 1} ${problem.severity}: ${messageOf(problem, language)}`;
  }));
  return `${lines.join('\n')}\n`;
}
