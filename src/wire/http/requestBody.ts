import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { BodyPart } from '../../trace/request.ts';
import type { RequestBody } from './transmission.ts';

/** Bodies of bytes alone are joined up to this size; larger ones and files are streamed. */
const joinLimit = 1024 * 1024;

export type OpenedBody =
  | { readonly ok: true; readonly body: RequestBody | undefined }
  | { readonly ok: false; readonly path: string; readonly error: Error };

interface Piece {
  readonly part: BodyPart;
  readonly size: number;
}

/**
 * The body that `parts` make, with its size in bytes: files are measured now and read when sent, byte for
 * byte. Undefined without parts; the first file that cannot be read otherwise.
 */
export async function openBody(parts: readonly BodyPart[]): Promise<OpenedBody> {
  const pieces: Piece[] = [];
  for (const part of parts) {
    if (part.kind === 'bytes') {
      pieces.push({ part, size: part.bytes.byteLength });
      continue;
    }
    try {
      pieces.push({ part, size: await sizeOfFile(part.path) });
    } catch (error) {
      return { ok: false, path: part.path, error: error as Error };
    }
  }
  return { ok: true, body: bodyOf(pieces) };
}

/** As {@link openBody}, at once, for parts without files. */
export function bytesBody(parts: readonly BodyPart[]): RequestBody | undefined {
  return bodyOf(parts.map((part) => ({ part, size: part.kind === 'bytes' ? part.bytes.byteLength : 0 })));
}

async function sizeOfFile(path: string): Promise<number> {
  const file = await stat(path);
  if (!file.isFile()) throw Object.assign(new Error(`${path} is not a file`), { code: 'EISDIR' });
  const { open } = await import('node:fs/promises');
  await (await open(path, 'r')).close();
  return file.size;
}

function bodyOf(pieces: readonly Piece[]): RequestBody | undefined {
  if (pieces.length === 0) return undefined;
  const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
  const buffers = pieces.flatMap(({ part }) => (part.kind === 'bytes' ? [bufferOf(part.bytes)] : []));
  const allBytes = buffers.length === pieces.length;
  if (allBytes && (buffers.length === 1 || size <= joinLimit)) {
    const bytes = buffers.length === 1 ? buffers[0]! : Buffer.concat(buffers, size);
    return { size, bytes, open: () => Readable.from([bytes], { objectMode: false }) };
  }
  return { size, open: () => Readable.from(chunksOf(pieces), { objectMode: false, highWaterMark: 256 * 1024 }) };
}

async function* chunksOf(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const { part, size } of pieces) {
    if (part.kind === 'bytes') yield bufferOf(part.bytes);
    else yield* fileChunks(part.path, size);
  }
}

/** The file as it was measured: one that shrank or cannot be read any more is an error, growth is left out. */
async function* fileChunks(path: string, size: number): AsyncGenerator<Buffer> {
  if (size === 0) return;
  let read = 0;
  try {
    for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 256 * 1024 })) {
      read += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw bodyFileError(path, error as Error);
  }
  if (read < size) throw bodyFileError(path, new Error(`${path} ended after ${read} of ${size} bytes`));
}

function bodyFileError(path: string, cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { code: 'ROUNDTRIP_BODY_FILE', path });
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
