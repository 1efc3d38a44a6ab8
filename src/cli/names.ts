import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from '../httpFile/parse.ts';
import type { HttpFile, Problem } from '../httpFile/syntax.ts';
import type { Environment } from '../run/environments/environment.ts';
import { foldersUp } from '../run/environments/files.ts';
import { loadEnvironments } from '../run/environments/load.ts';
import type { Environments } from '../run/environments/load.ts';
import { decodeFile } from '../run/fileText.ts';
import { loadImports } from '../run/imports.ts';
import type { ImportedFile } from '../run/imports.ts';
import type { HostCertificate } from '../run/prepare/hostCertificates.ts';
import type { DefaultHeaders } from '../run/prepare/preparation.ts';
import type { NameArguments } from './arguments.ts';
import { readRestClient } from './restClient.ts';
import type { Source } from './source.ts';
import { UsageError } from './usageError.ts';
import { shortest } from './usedNames.ts';

/** An imported request file: at most 5 MiB. */
const largestImport = 5 * 1024 * 1024;

/** What names of a request file stand for in a terminal, besides its own variables; members of a PrepareContext. */
export interface SourceNames {
  readonly environments: Environments;
  readonly environment: Environment;
  readonly arguments: ReadonlyMap<string, string>;
  readonly imported: readonly ImportedFile[];
  readonly importProblems: readonly Problem[];
  /** Of REST Client's settings: for requests that have none of that name. */
  readonly defaultHeaders?: DefaultHeaders;
  /** Client certificates by host, as projects keep them for REST Client and httpYac. */
  readonly certificates: readonly HostCertificate[];
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
  const folders = foldersUp(source.directory, root);
  const settings = await readRestClient(folders);
  const [environments, imports] = await Promise.all([
    loadEnvironments({
      directory: source.directory, root, settings: settings.environments,
      ...(extraFile === undefined ? {} : { extraFile }),
    }),
    loadImports(source.file, source.uri, { read: readImport }),
  ]);
  return {
    environments, root, certificates: [...settings.certificates, ...environments.certificates],
    environment: environments.select(known(environments, source, folders, given.environment)),
    arguments: given.variables, imported: imports.files, importProblems: imports.problems,
    ...(settings.headers ? { defaultHeaders: settings.headers } : {}),
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

async function readable(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    if (!(await stat(absolute)).isFile()) throw new Error('not a regular file');
    return absolute;
  } catch (error) {
    throw new UsageError('environment-file-missing', { file: path, reason: (error as Error).message });
  }
}

function known(
  environments: Environments, { label }: Source, folders: readonly string[], name: string | undefined,
): string | undefined {
  const { names } = environments;
  if (name === undefined || names.includes(name)) return name;
  const looked = folders.map((folder) => shortest(folder) || '.').join(', ');
  if (names.length > 0) {
    throw new UsageError('unknown-environment', { name, file: label, names: names.join(', '), folders: looked });
  }
  const example = `{ "${name}": { "host": "example.com" } }`;
  throw new UsageError('no-environments', { name, file: label, example, folders: looked });
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
