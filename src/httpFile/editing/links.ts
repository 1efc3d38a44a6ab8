import type { TextLines } from '../position.ts';
import type { HttpFile } from '../syntax.ts';
import { pathsIn } from './occurrences.ts';
import type { WrittenPath } from './occurrences.ts';

/**
 * What a click opens: files that are included, imported, run as a script or kept as a response. Absolute URLs are left
 * to the editor, which finds them itself.
 */
export function linksIn(file: HttpFile, lines: TextLines): WrittenPath[] {
  return pathsIn(file, lines).filter(({ path }) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(path));
}
