import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buffer } from 'node:stream/consumers';

import { isMarkdownName, parseMarkdown } from '../httpFile/markdown.ts';
import { parse } from '../httpFile/parse.ts';
import type { HttpFile, HttpRequest } from '../httpFile/syntax.ts';
import { decodeFile } from '../run/fileText.ts';
import type { Selection } from './arguments.ts';
import { UsageError } from './usageError.ts';

/** A request file that was read and parsed; `label` is what messages call it. */
export interface Source {
  readonly label: string;
  readonly uri: string;
  /** The base of `< ./file` bodies. */
  readonly directory: string;
  readonly file: HttpFile;
}

/**
 * Reads and parses a request file.
 *
 * @param path a path, or `-` for standard input.
 * @throws UsageError when it cannot be read.
 */
export async function readSource(path: string): Promise<Source> {
  if (path === '-') {
    const directory = process.cwd();
    return { label: '-', uri: 'untitled:-', directory, file: parse(textIn(await buffer(process.stdin), path)) };
  }
  const absolute = resolve(path);
  const bytes = await readFile(absolute).catch((error: Error) => {
    throw new UsageError('file-unreadable', { file: path, reason: error.message });
  });
  const read = isMarkdownName(absolute) ? parseMarkdown : parse;
  const file = read(textIn(bytes, path));
  return { label: path, uri: pathToFileURL(absolute).href, directory: dirname(absolute), file };
}

function textIn(bytes: Uint8Array, file: string): string {
  const decoded = decodeFile(bytes);
  if ('text' in decoded) return decoded.text;
  throw new UsageError(decoded.encoding === 'binary' ? 'file-binary' : 'file-encoding', { file, ...decoded });
}

/** What messages call a file: the source as it was given, another by its path from here. */
export function labelOf({ uri, label }: Source, other: string): string {
  return other === uri ? label : relative(process.cwd(), fileURLToPath(other));
}

/** The folder of a file by its URI. */
export function directoryOf(uri: string): string {
  return dirname(fileURLToPath(uri));
}

/**
 * The requests that a selection names, in the order of the file.
 *
 * @throws UsageError when there is none, naming those there are.
 */
export function select(source: Source, selection: Selection): HttpRequest[] {
  const { requests, problems } = source.file;
  const tooLarge = problems.find(({ code }) => code === 'file-too-large');
  if (tooLarge) throw new UsageError('file-too-large', { file: source.label, ...tooLarge.places });
  if (requests.length === 0) throw new UsageError('no-requests', { file: source.label });
  switch (selection.by) {
    case 'all': return [...requests];
    case 'line': return [atLine(source, selection.line)];
    case 'name': return [named(source, selection.name)];
  }
}

function atLine(source: Source, line: number): HttpRequest {
  const { requests } = source.file;
  const found = requests.find(({ range }) => range.start.line < line && line <= range.end.line + 1);
  if (found) return found;
  const lines = requests.map((request) => request.line).join(', ');
  throw new UsageError('no-request-at-line', { file: source.label, line, lines });
}

function named(source: Source, name: string): HttpRequest {
  const { requests } = source.file;
  const found = requests.findLast((request) => request.name === name)
    ?? requests.find((request) => request.title === name);
  if (found) return found;
  const names = requests.flatMap((request) => request.name ?? request.title ?? []).join(', ') || '–';
  throw new UsageError('no-request-named', { file: source.label, name, names });
}
