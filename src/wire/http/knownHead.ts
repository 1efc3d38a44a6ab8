import type { FieldLine } from '../../trace/request.ts';
import type { OutgoingRequest } from './transmission.ts';

/** A head seen before, and its lines: many heads to and from one origin are the same. */
export interface KnownHead {
  readonly bytes: Buffer;
  readonly text: string;
  readonly version: '1.0' | '1.1';
  /** Of a response's. */
  readonly reasonPhrase?: string;
  /** Of a response's, once its client has parsed it. */
  lines: readonly FieldLine[] | undefined;
  /** What it was made from, if undici wrote it. */
  readonly source?: HeadSource;
  /** Of a response's: what undici has to read of it; undefined until it is needed. */
  framing?: Buffer | undefined;
}

/** What undici makes a head from. */
interface HeadSource extends Pick<OutgoingRequest, 'method' | 'requestTarget' | 'authority' | 'headers'> {
  readonly bodySize: number | undefined;
}

/** The heads that went to an origin and came from it last. */
export interface KnownHeads {
  sent: KnownHead;
  received: KnownHead;
}

/** No heads seen yet, in either direction. */
export function createKnownHeads(): KnownHeads {
  const none = (): KnownHead => ({ bytes: Buffer.alloc(0), text: '', lines: undefined, version: '1.1' });
  return { sent: none(), received: none() };
}

/** Whether the head is in the chunk, from the offset on. */
export function beginsWith(chunk: Buffer, offset: number, { bytes }: KnownHead): boolean {
  if (chunk === bytes) return true;
  const { length } = bytes;
  return length > 0 && chunk.length >= offset + length
    && bytes.compare(chunk, offset, offset + length) === 0;
}

/** What its head is made from. */
export function sourceOf({ method, requestTarget, authority, headers, body }: OutgoingRequest): HeadSource {
  return { method, requestTarget, authority, headers, bodySize: body?.size };
}

/** From the same, undici makes the same head. */
export function isMadeFrom(source: HeadSource | undefined, request: OutgoingRequest): boolean {
  if (!source || source.method !== request.method || source.requestTarget !== request.requestTarget) return false;
  if (source.authority !== request.authority || source.bodySize !== request.body?.size) return false;
  const { headers } = request;
  if (headers.length !== source.headers.length) return false;
  for (let index = 0; index < headers.length; index++) {
    const [name, value] = headers[index]!;
    const line = source.headers[index]!;
    if (name !== line[0] || value !== line[1]) return false;
  }
  return true;
}

/**
 * Fields by which a client knows how long the body is, and whether the connection stays (RFC 9112 §6 and §9):
 * `Proxy-Connection`, too, as undici's parser takes it.
 */
const framingFields = /^(?:content-length|transfer-encoding|(?:proxy-)?connection|upgrade)[ \t]*:/i;

/** Says what goes without saying in HTTP/1.1 (RFC 9112 §9.3). */
const staysOpen = /^connection:[ \t]*keep-alive[ \t]*$/i;

/** A longer body is worth no copy, bytes. */
const longestCopied = 4096;

/**
 * The same chunk, which begins with a known head, with only those fields that its reader needs: the others are known, and
 * to parse them again is much of the work of a small exchange. Undefined where the chunk is long. Not for an answer to
 * HEAD, after which undici keeps only connections that are said to stay.
 */
export function withoutOtherFields(chunk: Buffer, head: KnownHead): Buffer | undefined {
  const rest = chunk.length - head.bytes.length;
  if (rest > longestCopied) return undefined;
  const framing = head.framing ??= framingOf(head);
  if (framing === head.bytes) return undefined;
  const given = Buffer.allocUnsafe(framing.length + rest);
  framing.copy(given);
  chunk.copy(given, framing.length, head.bytes.length);
  return given;
}

function framingOf({ text, bytes, version }: KnownHead): Buffer {
  const [startLine, ...lines] = text.split('\r\n');
  const isNeeded = (line: string): boolean =>
    framingFields.test(line) && !(version === '1.1' && staysOpen.test(line));
  const kept = lines.filter((line) => line === '' || isNeeded(line));
  // Lines that end in another way are left to who takes them.
  if (text.replaceAll('\r\n', '').search(/[\r\n]/) !== -1 || kept.length === lines.length) return bytes;
  return Buffer.from([startLine, ...kept].join('\r\n'), 'latin1');
}
