import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from '../httpFile/parse.ts';
import type { HttpFile, Problem } from '../httpFile/syntax.ts';
import type { Environment } from '../run/environments/environment.ts';
import { readBounded } from '../run/environments/files.ts';
import { loadEnvironments } from '../run/environments/load.ts';
import type { Environments } from '../run/environments/load.ts';
import { decodeFile } from '../run/fileText.ts';
import { loadImports } from '../run/imports.ts';
import type { ImportedFile } from '../run/imports.ts';
import type { NameArguments } from './arguments.ts';
import type { Source } from './source.ts';
import { UsageError } from './usageError.ts';

/** An imported request file: at most 5 MiB. */
const largestImport = 5 * 1024 * 1024;

/** What names of a request file stand for in a terminal, besides its own variables; members of a PrepareContext. */
export interface SourceNames {
  readonly environments: Environments;
  readonly environment: Environment;
  readonly arguments: ReadonlyMap<string, string>;
  readonly imported: readonly ImportedFile[];
  readonly importProblems: readonly Problem[];
  /** The project's folder. */
  readonly root: string;
}

/**
 * Reads the environments and the imports of a request file.
 *
 * @throws UsageError when the environment is not there, naming those that are, or `--var-file` cannot be read.
 */
export async function readNames(source: Source, given: NameArguments): Promise<SourceNames> {
  const root = await projectOf(source.directory);
  const extraFile = given.environmentFile === undefined ? undefined : await readable(given.environmentFile);
  const settings = await restClientSettings(root);
  const [environments, imports] = await Promise.all([
    loadEnvironments({
      directory: source.directory, root, settings, ...(extraFile === undefined ? {} : { extraFile }),
    }),
    loadImports(source.file, source.uri, { read: readImport }),
  ]);
  return {
    environments, root, environment: environments.select(known(environments, source, given.environment)),
    arguments: given.variables, imported: imports.files, importProblems: imports.problems,
  };
}

/**
 * The folder up to which environments are looked for: the nearest one above that is a git repository, else the
 * current one when the file lies in it, else the file's own.
 */
async function projectOf(directory: string): Promise<string> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const isRepository = await stat(join(folder, '.git')).then(() => true, () => false);
    if (isRepository) return folder;
    if (dirname(folder) === folder) break;
  }
  const way = relative(process.cwd(), directory);
  return way.split(sep)[0] === '..' || resolve(way) !== directory ? directory : process.cwd();
}

/** REST Client's environments, where the project keeps them for VS Code. */
async function restClientSettings(root: string): Promise<unknown> {
  const file = await readBounded(join(root, '.vscode', 'settings.json'));
  if (!file || 'code' in file || !file.text.includes('rest-client.environmentVariables')) return undefined;
  const { parse: parseJson } = await import('jsonc-parser');
  try {
    const settings: unknown = parseJson(file.text);
    return typeof settings === 'object' && settings !== null
      ? (settings as Record<string, unknown>)['rest-client.environmentVariables'] : undefined;
  } catch {
    // The parser calls itself for each level of brackets, and there are too many.
    return undefined;
  }
}

async function readable(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    if (!(await stat(absolute)).isFile()) throw new Error('not a regular file');
    return absolute;
  } catch (error) {
    throw new UsageError('environment-file-missing', { file: path, reason: (error as Error).message });
  }
}

function known(environments: Environments, { label }: Source, name: string | undefined): string | undefined {
  const { names } = environments;
  if (name === undefined || names.includes(name)) return name;
  if (names.length > 0) {
    throw new UsageError('unknown-environment', { name, file: label, names: names.join(', ') });
  }
  throw new UsageError('no-environments', { name, file: label, example: `{ "${name}": { "host": "example.com" } }` });
}

/** Reads and parses an imported file; undefined when that cannot be. */
export async function readImport(uri: string): Promise<HttpFile | undefined> {
  try {
    const path = fileURLToPath(uri);
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > largestImport) return undefined;
    const decoded = decodeFile(await readFile(path));
    return 'text' in decoded ? parse(decoded.text) : undefined;
  } catch {
    return undefined;
  }
}
