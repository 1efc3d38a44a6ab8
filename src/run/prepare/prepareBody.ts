import { encodeForm, joinForm } from '../../httpFile/content/form.ts';
import { fragmentsFor, graphqlEnvelope, isGqlDocument, isGraphqlDocument } from '../../httpFile/content/graphql.ts';
import { mediaTypeOf } from '../../httpFile/content/mediaType.ts';
import { rangeInBody } from '../../httpFile/position.ts';
import { problem } from '../../httpFile/problem.ts';
import type { BodySegment, HttpFile, TextSegment } from '../../httpFile/syntax.ts';
import type { BodyPart, FieldLine } from '../../trace/request.ts';
import { filePart, fileSize } from './bodyFile.ts';
import type { PutVariables } from './bodyFile.ts';
import { resolveMultipart, withBoundary } from './multipart.ts';
import { withNamedFiles } from './namedFiles.ts';
import { resolved } from './preparation.ts';
import type { Preparation } from './preparation.ts';

/** A body ready to send, and the headers it goes with. */
interface PreparedBody {
  readonly headers: readonly FieldLine[];
  readonly parts?: BodyPart[];
  /** It is a GraphQL query in its envelope. */
  readonly isGraphql?: boolean;
  /** The typed `Content-Length` is not that of the body, and is to be sent. */
  readonly wrongLength?: true;
}

/** What the media type and the metadata ask to be done with the text of a body. */
interface BodyStyle {
  readonly kind: 'form' | 'multipart' | 'lines' | 'graphql' | 'plain';
  readonly encode: boolean;
  readonly eol: '\n' | '\r\n';
  readonly put: PutVariables;
}

/** The parts of a request's body: texts with variables in, files checked; and the headers without `Content-Length`. */
export async function prepareBody(
  preparation: Preparation, given: readonly FieldLine[],
): Promise<PreparedBody> {
  const written = preparation.body ?? preparation.request.body ?? [];
  const segments = await withNamedFiles(written, preparation.context.directory);
  const headers = withBoundary(preparation, given, segments);
  const style = styleOf(preparation, headers, segments);
  const parts: BodyPart[] = [];
  for (const segment of segments) {
    const part = segment.kind === 'text'
      ? textPart(preparation, segment, style)
      : await filePart(preparation, segment, style.put, style.kind === 'graphql');
    if (part) parts.push(part);
  }
  const last = segments.at(-1);
  const ended = last?.kind === 'text' && last.exact ? parts : withEnding(parts, style);
  const sent = style.kind === 'graphql'
    ? inEnvelope(preparation, headers, ended, segments) : { headers, parts: ended };
  const checked = await withoutLength(preparation, sent.headers, sent.parts);
  const isGraphql = style.kind === 'graphql';
  return sent.parts.length > 0 ? { ...checked, parts: sent.parts, isGraphql } : checked;
}

function styleOf(
  preparation: Preparation, headers: readonly FieldLine[], segments: readonly BodySegment[],
): BodyStyle {
  const { metadata } = preparation.request;
  const has = (key: string) => metadata.some((one) => one.key === key);
  const type = mediaTypeOf(fieldValue(headers, 'content-type'));
  const eol = endOfLine(preparation, type.startsWith('multipart/'));
  // No value makes or ends a part, however the body is written.
  const state = { inHeaders: false };
  const put: PutVariables = type.startsWith('multipart/')
    ? (text, place) => resolveMultipart(preparation, text, headers, state, place)
    : (text, place) => resolved(preparation, text, place);
  const style = { encode: false, eol, put };
  // `# @raw-body`: as it stands.
  if (has('raw-body')) return { ...style, kind: 'plain' };
  if (isGraphql(preparation, headers, type, segments)) return { ...style, kind: 'graphql' };
  if (type === 'application/x-www-form-urlencoded') {
    return { ...style, kind: 'form', encode: !has('no-auto-encoding') };
  }
  if (type.startsWith('multipart/')) return { ...style, kind: 'multipart' };
  const isLines = /^application\/(?:x-)?(?:ndjson|jsonlines|jsonl|json-lines)$/.test(type);
  return { ...style, kind: isLines ? 'lines' : 'plain' };
}

function fieldValue(headers: readonly FieldLine[], lowerName: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === lowerName)?.[1];
}

/** C54: LF on every platform, CRLF in a multipart body (RFC 2046 §4.1.1), unless `# @body-eol` says otherwise. */
function endOfLine({ request, problems }: Preparation, isMultipart: boolean): '\n' | '\r\n' {
  const written = request.metadata.findLast(({ key, value }) => key === 'body-eol' && value !== '');
  const value = written?.value.toLowerCase();
  if (value === 'crlf') return '\r\n';
  if (value === 'lf') return '\n';
  if (written) problems.push(problem('body-eol-unknown', written.range, { value: written.value }));
  return isMultipart ? '\r\n' : '\n';
}

/**
 * C25: by method, header or metadata, or a `gql` line; by its first word only for media types that can hold nothing
 * else or JSON, which a query is not.
 */
function isGraphql(
  { request }: Preparation, headers: readonly FieldLine[], type: string, segments: readonly BodySegment[],
): boolean {
  if (request.method === 'GRAPHQL' || request.metadata.some(({ key }) => key === 'graphql')) return true;
  if (fieldValue(headers, 'x-request-type')?.trim().toLowerCase() === 'graphql') return true;
  if (segments.some((segment) => segment.kind === 'file' && segment.operation !== undefined)) return true;
  const [first] = segments;
  if (first?.kind !== 'text' || first.exact) return false;
  if (isGqlDocument(first.text) && !type.startsWith('text/')) return true;
  return /^application\/(?:graphql|json|(?:[\w.-]{1,60}\+json))$|^application\/graphql\+json$/.test(type)
    && isGraphqlDocument(first.text);
}

// --- texts -----------------------------------------------------------------------------------------

function textPart(preparation: Preparation, segment: TextSegment, style: BodyStyle): BodyPart {
  if (segment.exact) {
    const place = ({ offset, length }: { offset: number; length: number }) => rangeInBody(segment, offset, length);
    return { kind: 'bytes', bytes: Buffer.from(style.put(segment.text, place), 'utf8') };
  }
  const source = joinedText(preparation, segment, style);
  const text = style.put(source, ({ offset, length }) => {
    const written = source === segment.text
      ? offset : segment.text.indexOf(source.slice(offset, offset + length));
    return rangeInBody(segment, Math.max(0, written), length);
  });
  const styled = style.encode ? encodeForm(text) : style.eol === '\n' ? text : crlf(text);
  return { kind: 'bytes', bytes: Buffer.from(styled, 'utf8') };
}

/** C27: the lines of a form are one text. */
function joinedText({ problems }: Preparation, segment: TextSegment, style: BodyStyle): string {
  if (style.kind !== 'form') return segment.text;
  const { text, inserted, doubtful } = joinForm(segment.text, style.encode);
  if (inserted) problems.push(problem('form-ampersand-missing', segment.range));
  if (doubtful !== undefined) problems.push(problem('form-percent-ampersand', segment.range, { text: doubtful }));
  return text;
}

function crlf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** C53: lines of JSON each end with a line end. RFC 2046 §5.1.1: the last boundary's line ends too. */
function withEnding(parts: BodyPart[], { kind, eol }: BodyStyle): BodyPart[] {
  if (parts.length === 0 || (kind !== 'lines' && kind !== 'multipart')) return parts;
  return [...parts, { kind: 'bytes', bytes: Buffer.from(eol) }];
}

/** C25: the document and its variables as JSON; the header that asked for it is not sent. */
function inEnvelope(
  { request, problems, context }: Preparation, headers: readonly FieldLine[], parts: BodyPart[],
  segments: readonly BodySegment[],
): { headers: readonly FieldLine[]; parts: BodyPart[] } {
  const typed = graphqlHeaders(headers);
  const bytes = parts.flatMap((part) => part.kind === 'bytes' ? [part.bytes] : []);
  if (bytes.length === 0) return { headers: typed, parts };
  const operation = segments.find((segment) => segment.kind === 'file' && segment.operation !== undefined);
  const name = operation?.kind === 'file' ? operation.operation : undefined;
  const envelope = graphqlEnvelope(Buffer.concat(bytes).toString('utf8'), {
    ...(name ? { operationName: name } : {}), fragments: fragmentsIn(context.file),
  });
  if (envelope !== undefined) {
    return { headers: typed, parts: [{ kind: 'bytes', bytes: Buffer.from(envelope) }] };
  }
  problems.push(problem('graphql-variables-invalid', request.body?.at(-1)?.range ?? request.requestLine));
  return { headers: typed, parts };
}

/** GraphQL over HTTP §4.1: the envelope is JSON, whatever the document was called. */
function graphqlHeaders(headers: readonly FieldLine[]): readonly FieldLine[] {
  const kept = headers.filter(([name]) => name.toLowerCase() !== 'x-request-type');
  const json: FieldLine = ['Content-Type', 'application/json'];
  const type = fieldValue(kept, 'content-type');
  if (type === undefined) return [...kept, json];
  if (mediaTypeOf(type) !== 'application/graphql') return kept;
  return kept.map((line): FieldLine => line[0].toLowerCase() === 'content-type' ? [line[0], json[1]] : line);
}

/** The fragments that stand on their own in a file, by name. */
function fragmentsIn({ elements, requests }: HttpFile): ReadonlyMap<string, string> {
  const all = [...elements, ...requests.flatMap((request) => request.elements)];
  return fragmentsFor(all.flatMap(({ kind, text }) => kind === 'fragment' ? [text] : []));
}

// --- length ----------------------------------------------------------------------------------------

/** C29: the sender counts; a length typed by hand stays only with `# @raw-headers`, also one that is wrong. */
async function withoutLength(
  { request, problems }: Preparation, headers: readonly FieldLine[], parts: readonly BodyPart[],
): Promise<Pick<PreparedBody, 'headers' | 'wrongLength'>> {
  const written = headers.find(([name]) => name.toLowerCase() === 'content-length');
  const raw = request.metadata.some(({ key }) => key === 'raw-headers');
  if (!written) return { headers };
  const header = request.headers.find(({ name }) => name.toLowerCase() === 'content-length');
  const range = header?.range ?? request.requestLine;
  // RFC 9112 §6.2.
  if (fieldValue(headers, 'transfer-encoding') !== undefined) {
    problems.push(problem('content-length-dropped', range));
    return { headers: headers.filter(([name]) => name.toLowerCase() !== 'content-length') };
  }
  const size = `${await sizeOf(parts)}`;
  const isWrong = written[1] !== size;
  if (isWrong) {
    const code = raw ? 'content-length-forced' : 'content-length-recomputed';
    problems.push(problem(code, range, { written: written[1], size }));
  }
  if (isWrong && raw) return { headers, wrongLength: true };
  // One that is true keeps its place and its name's case.
  return { headers: raw ? headers : headers.filter((line) => line !== written) };
}

async function sizeOf(parts: readonly BodyPart[]): Promise<number> {
  let size = 0;
  for (const part of parts) {
    size += part.kind === 'bytes' ? part.bytes.byteLength : await fileSize(part.path);
  }
  return size;
}
