import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve as resolvePath, sep } from 'node:path';
import { TextDecoder } from 'node:util';
import { encodeForm, joinForm } from '../httpFile/form.ts';
import { graphqlEnvelope } from '../httpFile/graphql.ts';
import { mediaTypeOf } from '../httpFile/mediaType.ts';
import { rangeInBody, rangeWithin } from '../httpFile/position.ts';
import { problem } from '../httpFile/problem.ts';
import type { ProblemCode } from '../httpFile/problem.ts';
import type { PlacedFault } from '../httpFile/scope.ts';
import type { BodySegment, Range } from '../httpFile/syntax.ts';
import type { BodyPart, FieldLine } from '../trace/request.ts';
import { resolveMultipart } from './multipart.ts';
import { resolved } from './preparation.ts';
import type { Preparation } from './preparation.ts';

type TextSegment = Extract<BodySegment, { kind: 'text' }>;
type FileSegment = Extract<BodySegment, { kind: 'file' }>;

/** A body ready to send, and the headers it goes with. */
export interface PreparedBody {
  readonly headers: readonly FieldLine[];
  readonly parts?: BodyPart[];
}

/** `<@ file` is read whole to put variables in: at most 5 MiB. */
const largestSubstituted = 5 * 1024 * 1024;

/** What the media type asks to be done with the text of a body. */
interface BodyStyle {
  readonly kind: 'form' | 'multipart' | 'lines' | 'graphql' | 'plain';
  readonly encode: boolean;
  /** Puts variables into a text of this body. */
  readonly put: (text: string, place: (part: Pick<PlacedFault, 'offset' | 'length'>) => Range) => string;
}

/** The parts of a request's body: texts with variables in, files checked; and the headers without `Content-Length`. */
export async function prepareBody(
  preparation: Preparation, headers: readonly FieldLine[],
): Promise<PreparedBody> {
  const { request } = preparation;
  const style = styleOf(preparation, headers);
  const parts: BodyPart[] = [];
  for (const segment of preparation.body ?? request.body ?? []) {
    const part = segment.kind === 'text'
      ? textPart(preparation, segment, style)
      : await filePart(preparation, segment, style);
    if (part) parts.push(part);
  }
  const ended = withEnding(parts, style);
  const sent = style.kind === 'graphql' ? inEnvelope(preparation, headers, ended) : { headers, parts: ended };
  const checked = await withoutLength(preparation, sent.headers, sent.parts);
  return sent.parts.length > 0 ? { headers: checked, parts: sent.parts } : { headers: checked };
}

function styleOf(preparation: Preparation, headers: readonly FieldLine[]): BodyStyle {
  const { request } = preparation;
  const put: BodyStyle['put'] = (text, place) => resolved(preparation, text, place);
  const value = (name: string) => headers.find(([found]) => found.toLowerCase() === name)?.[1];
  const has = (key: string) => request.metadata.some((metadata) => metadata.key === key);
  const type = mediaTypeOf(value('content-type'));
  const isGraphql = request.method === 'GRAPHQL' || has('graphql')
    || value('x-request-type')?.toLowerCase() === 'graphql';
  if (isGraphql) return { kind: 'graphql', encode: false, put };
  if (type === 'application/x-www-form-urlencoded') return { kind: 'form', encode: !has('no-auto-encoding'), put };
  if (type.startsWith('multipart/')) {
    const state = { inHeaders: false };
    return {
      kind: 'multipart', encode: false,
      put: (text, place) => resolveMultipart(preparation, text, headers, state, place),
    };
  }
  const isLines = /^application\/(?:x-)?ndjson$|^application\/jsonl$/.test(type);
  return { kind: isLines ? 'lines' : 'plain', encode: false, put };
}

// --- texts -----------------------------------------------------------------------------------------

function textPart(preparation: Preparation, segment: TextSegment, style: BodyStyle): BodyPart {
  const source = joinedText(preparation, segment, style);
  const text = style.put(source, ({ offset, length }) => {
    const written = source === segment.text
      ? offset : segment.text.indexOf(source.slice(offset, offset + length));
    return rangeInBody(segment, Math.max(0, written), length);
  });
  const styled = style.encode ? encodeForm(text) : style.kind === 'multipart' ? crlf(text) : text;
  return { kind: 'bytes', bytes: Buffer.from(styled, 'utf8') };
}

/** C27: the lines of a form are one text. */
function joinedText({ problems }: Preparation, segment: TextSegment, style: BodyStyle): string {
  if (style.kind !== 'form') return segment.text;
  const { text, inserted } = joinForm(segment.text);
  if (inserted) problems.push(problem('form-ampersand-missing', segment.range));
  return text;
}

/** RFC 2046 §4.1.1: the canonical line end of a multipart body; others keep LF (C54). */
function crlf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** C53: lines of JSON each end with LF. RFC 2046 §5.1.1: the last boundary's line ends too. */
function withEnding(parts: BodyPart[], { kind }: BodyStyle): BodyPart[] {
  if (parts.length === 0 || (kind !== 'lines' && kind !== 'multipart')) return parts;
  return [...parts, { kind: 'bytes', bytes: Buffer.from(kind === 'lines' ? '\n' : '\r\n') }];
}

/** C25: the document and its variables as JSON; the header that asked for it is not sent. */
function inEnvelope(
  { request, problems }: Preparation, headers: readonly FieldLine[], parts: BodyPart[],
): { headers: readonly FieldLine[]; parts: BodyPart[] } {
  const kept = headers.filter(([name]) => name.toLowerCase() !== 'x-request-type');
  const hasType = kept.some(([name]) => name.toLowerCase() === 'content-type');
  const typed: readonly FieldLine[] = hasType ? kept : [...kept, ['Content-Type', 'application/json']];
  const bytes = parts.flatMap((part) => part.kind === 'bytes' ? [part.bytes] : []);
  if (bytes.length === 0 || bytes.length < parts.length) return { headers: typed, parts };
  const envelope = graphqlEnvelope(Buffer.concat(bytes).toString('utf8'));
  if (envelope !== undefined) {
    return { headers: typed, parts: [{ kind: 'bytes', bytes: Buffer.from(envelope) }] };
  }
  problems.push(problem('graphql-variables-invalid', request.body?.at(-1)?.range ?? request.requestLine));
  return { headers: typed, parts };
}

// --- files -----------------------------------------------------------------------------------------

async function filePart(
  preparation: Preparation, segment: FileSegment, style: BodyStyle,
): Promise<BodyPart | undefined> {
  const { problems, context } = preparation;
  const before = problems.length;
  const start = context.directory;
  const path = resolved(preparation, segment.path,
    ({ length }) => rangeWithin(segment.range, 0, Math.max(length, widthOf(segment))));
  if (problems.length > before) return undefined;
  const absolute = resolvePath(start, path);
  const fault = await faultOf(preparation, absolute);
  if (fault) {
    problems.push(problem(fault, segment.range, { path, absolute }));
    return undefined;
  }
  return segment.substitute ? substitutedFile(preparation, segment, absolute, style) : { kind: 'file', path: absolute };
}

function widthOf({ range }: FileSegment): number {
  return range.end.character - range.start.character;
}

/** Why a file may not be sent, or undefined. */
async function faultOf({ context }: Preparation, path: string): Promise<ProblemCode | undefined> {
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

/** C20: `<@ file` with variables put in; its text is decoded as named and sent as UTF-8. */
async function substitutedFile(
  preparation: Preparation, segment: FileSegment, path: string, style: BodyStyle,
): Promise<BodyPart | undefined> {
  const { problems } = preparation;
  const { encoding = 'utf-8', range } = segment;
  const wrong = (code: ProblemCode, places: Record<string, string>) => {
    problems.push(problem(code, range, places));
    return undefined;
  };
  const decoder = decoderFor(encoding);
  if (!decoder) return wrong('body-encoding-unknown', { encoding });
  if (await sizeOf([{ kind: 'file', path }]) > largestSubstituted) {
    return wrong('body-file-too-large', { path: segment.path, limit: '5 MiB' });
  }
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return wrong('body-file-unreadable', { path: segment.path, absolute: path });
  const text = style.put(decoder.decode(bytes), () => range);
  return { kind: 'bytes', bytes: Buffer.from(text, 'utf8') };
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

// --- length ----------------------------------------------------------------------------------------

/** C29: the sender counts; a length typed by hand stays only with `# @raw-headers`. */
async function withoutLength(
  { request, problems }: Preparation, headers: readonly FieldLine[], parts: readonly BodyPart[],
): Promise<readonly FieldLine[]> {
  const written = headers.find(([name]) => name.toLowerCase() === 'content-length');
  const raw = request.metadata.some(({ key }) => key === 'raw-headers');
  if (!written || raw) return headers;
  const size = `${await sizeOf(parts)}`;
  const header = request.headers.find(({ name }) => name.toLowerCase() === 'content-length');
  if (written[1] !== size) {
    const range = header?.range ?? request.requestLine;
    problems.push(problem('content-length-recomputed', range, { written: written[1], size }));
  }
  return headers.filter((line) => line !== written);
}

async function sizeOf(parts: readonly BodyPart[]): Promise<number> {
  let size = 0;
  for (const part of parts) {
    size += part.kind === 'bytes' ? part.bytes.byteLength : await fileSize(part.path);
  }
  return size;
}

/** A file that has gone since it was checked is the sender's to report. */
async function fileSize(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, () => 0);
}
