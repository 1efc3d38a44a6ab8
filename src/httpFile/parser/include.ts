import { firstCode, isIndented, trimmedLine } from './lines.ts';
import type { Lines } from './lines.ts';

/** C19: `< path`, `<@ path` and `<@latin1 path` in the first column, when it looks like a path. */
export function includeOn(
  lines: Lines, line: number,
): Include | undefined {
  if (isIndented(lines, line)) return undefined;
  const text = trimmedLine(lines, line);
  if (text.startsWith('gql')) return gqlInclude(text);
  const found = anyInclude(text);
  return found && looksLikePath(found.path) ? found : undefined;
}

/** C19: `< name` on a line, which is an include only when there is such a file. */
export function plainIncludeIn(line: string): Include | undefined {
  const found = anyInclude(line.trimEnd());
  return found && !looksLikePath(found.path) ? found : undefined;
}

function anyInclude(text: string): Include | undefined {
  const match = includePattern.exec(text);
  if (!match) return undefined;
  const [, at, encoding, path] = match;
  return { path: path!, substitute: at !== undefined, encoding: encoding || undefined };
}

/** `< b class="a.b">` is no path: no file's name has a `>`. */
function looksLikePath(path: string): boolean {
  return /[./\\]|\{\{/.test(path) && !path.includes('>');
}

export interface Include {
  readonly path: string;
  readonly substitute: boolean;
  readonly encoding: string | undefined;
  readonly operation?: string;
}

/** `< path`, or `gql Name < path`. */
export function mayInclude(lines: Lines, line: number): boolean {
  const code = firstCode(lines, line);
  return code === 0x3c || (code === 0x67 && lines.text.startsWith('gql', lines.firsts[line]));
}

/** C41: `gql Name < path` is a GraphQL document in a file, and which of its operations is meant. */
function gqlInclude(text: string): Include | undefined {
  const match = /^gql(?:\s{1,20}(\w{1,200}))?\s{1,20}<(@)?\s{1,20}(\S.*)$/.exec(text);
  if (!match) return undefined;
  const [, operation = '', at, path] = match;
  return { path: path!, substitute: at !== undefined, encoding: undefined, operation };
}

const includePattern = /^<(?:(@)([\w-]{0,40}))?\s+([^\s].*)$/;
