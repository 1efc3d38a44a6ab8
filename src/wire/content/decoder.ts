import { SingleStream } from './codedStream.ts';
import type { CodedStream, Zlib } from './codedStream.ts';
import { GzipStream } from './gzip.ts';
import { ZstdStream } from './zstd.ts';

/**
 * The codings of `Content-Encoding` in the order they were applied (RFC 9110 §8.4), those we can
 * undo only at the end.
 */
interface Codings {
  /** To undo, outermost first. */
  readonly undone: readonly string[];
  /** The outermost one that is unknown, where undoing stops. */
  readonly unknown?: string;
  readonly count: number;
}

const none: Codings = { undone: [], count: 0 };
const known = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd']);

/** Which codings to undo. `identity` is none (RFC 9110 §12.5.3). */
export function codingsOf(contentEncoding: readonly string[]): Codings {
  if (contentEncoding.length === 0) return none;
  const applied = contentEncoding
    .flatMap((value) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const undone: string[] = [];
  for (const coding of applied.reverse()) {
    if (!known.has(coding) || (coding === 'zstd' && !hasZstd())) {
      return { undone, unknown: coding, count: applied.length };
    }
    undone.push(coding);
  }
  return { undone, count: applied.length };
}

function zlib(): Zlib {
  return process.getBuiltinModule('node:zlib') as Zlib;
}

/** Whether this Node has zstd. */
export function hasZstd(): boolean {
  return typeof zlib().createZstdDecompress === 'function';
}

/**
 * A decoder of one coding; `first` is the content's first chunk (of at least two bytes, if there
 * are as many).
 */
export function createDecoder(coding: string, first: Buffer): CodedStream {
  const { createInflate, createInflateRaw, createBrotliDecompress, createZstdDecompress, constants } = zlib();
  switch (coding) {
    case 'gzip':
    case 'x-gzip': // RFC 9110 §8.4.1.3
      return new GzipStream(zlib());
    case 'deflate':
      return new SingleStream(isZlib(first) ? createInflate() : createInflateRaw());
    case 'br':
      return new SingleStream(createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }));
    default:
      return new ZstdStream(createZstdDecompress());
  }
}

/**
 * RFC 9110 §8.4.1.2: `deflate` is the zlib format, but some servers send it without. RFC 1950 §2.2:
 * the method is 8 and the two bytes are a multiple of 31.
 */
function isZlib(first: Buffer): boolean {
  if (first.length < 2) return true;
  return (first[0]! & 0x0f) === 8 && first.readUInt16BE(0) % 31 === 0;
}
