import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** The segments of a path below `prefix` (`/files/`), decoded; undefined: no file may be called so. */
export function segmentsOf(path: string, prefix: string): readonly string[] | undefined {
  if (!path.startsWith(prefix)) return undefined;
  try {
    // RFC 3986 §2.4: split first, decode then, and once only.
    const segments = path.slice(prefix.length).split('/').map(decodeURIComponent);
    return segments.every((segment, index) => isName(segment, index === segments.length - 1)) ? segments : undefined;
  } catch {
    return undefined;
  }
}

/**
 * No way up, nothing hidden, nothing that is a separator, a drive, a stream or a device on any system. Only the last
 * may be empty: a directory.
 */
function isName(segment: string, isLast: boolean): boolean {
  if (segment === '') return isLast;
  if (segment.length > 255 || segment.startsWith('.') || /[. ]$/.test(segment)) return false;
  return !/[/\\:*?"<>|\p{Cc}]/u.test(segment) && !/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(segment);
}

/** Where a file really is, links followed: below `root` (a real path) and nowhere else; undefined: nowhere. */
export async function locate(root: string, segments: readonly string[]): Promise<string | undefined> {
  try {
    const real = await realpath(join(root, ...segments));
    return real === root || real.startsWith(root + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}
