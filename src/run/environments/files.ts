import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { problemSeverities } from '../../httpFile/problem.ts';
import type { EnvironmentProblem } from './environment.ts';

/** A file of environments: at most 1 MiB. */
const largest = 1024 * 1024;

/** Folders above a request file: at most this many are looked into. */
const mostFolders = 64;

/** A file that was read. */
export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

/** The folders from `directory` up to `root`, the nearest first; `directory` alone when `root` is none above it. */
export function foldersUp(directory: string, root: string | undefined): string[] {
  if (directory === '') return [];
  const start = resolve(directory);
  const way = root === undefined ? '' : relative(resolve(root), start);
  const isAbove = way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
  const folders = [start];
  const steps = isAbove ? way.split(sep).length : 0;
  for (let step = 0; step < steps && folders.length < mostFolders; step++) {
    folders.push(dirname(folders.at(-1)!));
  }
  return folders;
}

/** The names in a folder; none when it does not exist or may not be read. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).then((names) => names.sort(), () => []);
}

/** Of each wanted name the file in the nearest folder: names to paths. */
export async function nearestFiles(
  folders: readonly string[], isWanted: (name: string) => boolean,
): Promise<Map<string, string>> {
  const listings = await Promise.all(folders.map(namesIn));
  const found = new Map<string, string>();
  for (const [at, names] of listings.entries()) {
    for (const name of names.filter(isWanted)) {
      if (!found.has(name)) found.set(name, join(folders[at]!, name));
    }
  }
  return found;
}

/** A file's text, what keeps it from being read, or undefined when it is no regular file. */
export async function readBounded(path: string): Promise<FoundFile | EnvironmentProblem | undefined> {
  try {
    const { size, isFile } = await stat(path).then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
    if (!isFile) return undefined;
    if (size > largest) return problemOf('environment-file-too-large', path, { limit: '1 MiB' });
    const text = await readFile(path, 'utf8');
    return { path, text: text.startsWith('\ufeff') ? text.slice(1) : text };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    return problemOf('environment-file-unreadable', path, { reason: code ?? message });
  }
}

/** A problem of a file as a whole, or of a place in it. */
export function problemOf(
  code: EnvironmentProblem['code'], source: string, places: Record<string, string>,
  place?: { readonly line: number; readonly character: number },
): EnvironmentProblem {
  return { code, severity: problemSeverities[code], source, places: { ...places, source }, ...place };
}
