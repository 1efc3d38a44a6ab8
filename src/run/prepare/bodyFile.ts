import { isUtf8 } from 'node:buffer';
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve as resolvePath, sep } from 'node:path';
import { TextDecoder } from 'node:util';
import { rangeWithin } from '../../httpFile/position.ts';
import { problem } from '../../httpFile/problem.ts';
import type { ProblemCode } from '../../httpFile/problem.ts';
import type { PlacedFault } from '../../httpFile/names/origin.ts';
import type { FileSegment, Range } from '../../httpFile/syntax.ts';
import type { BodyPart } from '../../trace/request.ts';
import { resolved } from './preparation.ts';
import type { PrepareContext, Preparation } from './preparation.ts';

/** Puts variables into a text of a body; `place` gives the range of a part of it. */
export type PutVariables =
  (text: string, place: (part: Pick<PlacedFault, 'offset' | 'length'>) => Range) => string;

/** A file that something is done with is read whole: at most 5 MiB. */
const largestChanged = 5 * 1024 * 1024;

/** A hint is not worth reading more than this. */
const largestLookedAt = 256 * 1024;

/** `< path`: the file itself, or its text when something is done with it; undefined when it may not be sent. */
export async function filePart(
  preparation: Preparation, segment: FileSegment, put: PutVariables, asText: boolean,
): Promise<BodyPart | undefined> {
  const { problems, context } = preparation;
  const before = problems.length;
  const start = context.directory;
  const path = resolved(preparation, segment.path,
    ({ length }) => rangeWithin(segment.range, 0, Math.max(length, widthOf(segment))));
  if (problems.length > before) return undefined;
  const absolute = resolvePath(start, path);
  const fault = await fileFault(context, absolute);
  if (fault) {
    problems.push(problem(fault, segment.range, { path, absolute }));
    return undefined;
  }
  const substitute = segment.substitute || await isAlsoSubstituted(preparation, segment, absolute);
  if (!substitute && !segment.exact && await seemsMeant(absolute)) {
    problems.push(problem('include-not-substituted', segment.range, { path }));
  }
  if (!substitute && !asText && !segment.change) return { kind: 'file', path: absolute };
  return changedFile(preparation, segment, absolute, substitute ? put : undefined);
}

/** The setting asks for it, and the file is a text that is not too large. */
async function isAlsoSubstituted(
  { context }: Preparation, segment: FileSegment, path: string,
): Promise<boolean> {
  if (context.dialect?.substitute !== 'always' || segment.change || segment.exact) return false;
  if (await fileSize(path) > largestChanged) return false;
  const bytes = await readFile(path).catch(() => undefined);
  return bytes !== undefined && isUtf8(bytes) && (bytes.includes('{{') || bytes.includes('\\{\\{'));
}

/** C20: JetBrains' files mean variables in any file; a `.json` with `{{` in it is the one where that shows. */
async function seemsMeant(path: string): Promise<boolean> {
  if (!/\.json$/i.test(path) || await fileSize(path) > largestLookedAt) return false;
  const bytes = await readFile(path).catch(() => undefined);
  return bytes !== undefined && bytes.includes('{{') && bytes.includes('}}');
}

function widthOf({ range }: FileSegment): number {
  return range.end.character - range.start.character;
}

/** Why a file, by its absolute path, may not be sent as part of a body, or undefined. */
export async function fileFault(
  context: Pick<PrepareContext, 'trusted' | 'directory'>, path: string,
): Promise<ProblemCode | undefined> {
  if (path.includes('\0')) return 'body-file-missing';
  try {
    const real = await realpath(path);
    if (!context.trusted && !isInside(await realpath(context.directory), real)) return 'body-file-outside';
    return (await stat(real)).isFile() ? undefined : 'body-file-not-regular';
  } catch (error) {
    if (!context.trusted && !isInside(resolvePath(context.directory), path)) return 'body-file-outside';
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'body-file-missing' : 'body-file-unreadable';
  }
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** C20: `<@ file` with variables put in, its text decoded as named and sent as UTF-8; or what curl makes of a file. */
async function changedFile(
  { problems }: Preparation, segment: FileSegment, path: string, put: PutVariables | undefined,
): Promise<BodyPart | undefined> {
  const { encoding = 'utf-8', range, change } = segment;
  const wrong = (code: ProblemCode, places: Record<string, string>) => {
    problems.push(problem(code, range, places));
    return undefined;
  };
  const decoder = decoderFor(encoding);
  if (!decoder) return wrong('body-encoding-unknown', { encoding });
  if (await fileSize(path) > largestChanged) {
    return wrong('body-file-too-large', { path: segment.path, limit: '5 MiB' });
  }
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return wrong('body-file-unreadable', { path: segment.path, absolute: path });
  if (change) return { kind: 'bytes', bytes: change === 'percent-encoded' ? percentEncoded(bytes) : onOneLine(bytes) };
  const text = decoder.decode(bytes);
  return { kind: 'bytes', bytes: Buffer.from(put ? put(text, () => range) : text, 'utf8') };
}

/** curl's `-d @file` leaves out line ends and zeros. */
function onOneLine(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d && byte !== 0);
}

/** All but the unreserved characters of RFC 3986 §2.3 as `%XX`, a space as `+`. */
function percentEncoded(bytes: Uint8Array): Uint8Array {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9._~-]/.test(character)) text += character;
    else text += byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return Buffer.from(text);
}

/** Names of the WHATWG Encoding standard, and the ones Node's users write. */
function decoderFor(encoding: string): TextDecoder | undefined {
  const label = /^utf16le$|^ucs-?2$/i.test(encoding) ? 'utf-16le' : encoding;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

/** Bytes of a file; one that has gone since it was checked is the sender's to report. */
export async function fileSize(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, () => 0);
}
