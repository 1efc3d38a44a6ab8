import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { definitionFinder } from '../httpFile/names/definitions.ts';
import { globalName } from '../httpFile/names/globalName.ts';
import { problem } from '../httpFile/problem.ts';
import type { ProblemCode } from '../httpFile/problem.ts';
import type { Definition } from '../httpFile/names/origin.ts';
import type { HttpFile, Problem, Range } from '../httpFile/syntax.ts';

/** A file whose variables and names are known in another one. */
export interface ImportedFile {
  readonly uri: string;
  readonly file: HttpFile;
}

/** What the imports of a file lead to, in the order read, and what is wrong with them, at its own lines. */
export interface Imports {
  readonly files: readonly ImportedFile[];
  readonly problems: readonly Problem[];
}

/** A line that imports: where, and the path as written. */
interface ImportLine {
  readonly path: string;
  readonly range: Range;
}

interface ImportOptions {
  /** Reads and parses; undefined when there is no such file or it cannot be read. */
  read(uri: string): Promise<HttpFile | undefined>;
  /** The URI of a path, as the front end writes it. */
  uriOf?(path: string): string;
  /** Files outside of this folder are not read; for a workspace that is not trusted. */
  readonly inside?: string;
}

/** Imports in imports: at most this deep. */
const deepest = 32;

/** Files read for one file's sake. */
const most = 256;

/** `import f.http` on a line of its own, and `# @import f.http`, in the order written. */
export function importLines(file: HttpFile): ImportLine[] {
  const elements = [file.elements, ...file.requests.map((request) => request.elements)].flat();
  const lines = elements.flatMap(({ kind, text, range }) =>
    kind === 'import' ? [{ path: pathIn(text), range }] : []);
  const metadata = file.requests.flatMap((request) => request.metadata).flatMap(({ key, value, range }) =>
    key === 'import' && value !== '' ? [{ path: unquoted(value), range }] : []);
  return [...new Set([...lines, ...metadata])].toSorted((a, b) => a.range.start.line - b.range.start.line);
}

/**
 * Every file that a file imports, directly or through others, each once; a file that imports itself in the end is
 * no error. `uri` is that of the file; only `file:` ones can be imported from.
 */
export async function loadImports(file: HttpFile, uri: string, options: ImportOptions): Promise<Imports> {
  const files: ImportedFile[] = [];
  const problems: Problem[] = [];
  const seen = new Set([uri]);
  const inside = options.inside === undefined ? undefined : await real(options.inside);

  const follow = async (from: HttpFile, base: string, depth: number, at?: Range): Promise<void> => {
    for (const { path, range } of importLines(from)) {
      const place = at ?? range;
      const tell = (code: ProblemCode): void => {
        problems.push(problem(code, place, { path, limit: `${depth < deepest ? most : deepest}` }));
      };
      const target = importedUri(path, base, options.uriOf);
      if (target !== undefined && seen.has(target)) continue;
      if (target === undefined) tell('import-missing');
      else if (depth >= deepest || files.length >= most) tell('import-too-deep');
      else if (inside !== undefined && !await isInside(inside, target)) tell('import-outside');
      else {
        seen.add(target);
        const found = await options.read(target);
        if (!found) {
          tell('import-missing');
          continue;
        }
        files.push({ uri: target, file: found });
        await follow(found, target, depth + 1, place);
      }
    }
  };

  await follow(file, uri, 0);
  return { files, problems };
}

/** The URI that an import names; undefined when it cannot be a file. */
function importedUri(
  path: string, base: string, uriOf: (path: string) => string = (one) => pathToFileURL(one).href,
): string | undefined {
  if (path === '' || path.includes('\0') || !base.startsWith('file:')) return undefined;
  return uriOf(resolve(dirname(fileURLToPath(base)), path));
}

async function isInside(directory: string, uri: string): Promise<boolean> {
  const path = fileURLToPath(uri);
  const way = relative(directory, await real(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Links followed; a path that is not there stays as it is, in the folder that is. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : resolve(await real(parent), relative(parent, path));
  }
}

/** What follows `import`, `# @import` or `# @import =`. */
function pathIn(text: string): string {
  return unquoted(text.slice(text.toLowerCase().indexOf('import') + 'import'.length).trim().replace(/^=/, ''));
}

function unquoted(written: string): string {
  const text = written.trim();
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/**
 * What the imported files define under a name, the first imported first; of one file the last definition counts.
 * They are templates: the scope of the importing file puts names into them.
 */
export function importedDefinitions(name: string, imported: readonly ImportedFile[] = []): Definition[] {
  return imported.flatMap(({ uri, file }) => {
    const find = definitionFinder(file);
    const variable = (find(name) ?? find(globalName(name)))?.at(-1);
    return variable ? [{
      name, origin: { kind: 'file', variable, uri }, written: variable.value, value: variable.value, secret: false,
    }] : [];
  });
}
