import { open, readFile, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { BodyPart } from '../../trace/request.ts';
import type { RequestBody } from './transmission.ts';

/**
 * Bodies are read and joined up to this size, in bytes; larger ones are streamed in chunks of the
 * other.
 */
const joinLimit = 1024 * 1024;
const chunkSize = 256 * 1024;

export type OpenedBody =
  | { readonly ok: true; readonly body: RequestBody | undefined }
  | { readonly ok: false; readonly path: string; readonly error: Error };

interface Piece {
  readonly part: BodyPart;
  readonly size: number;
  /** Of a file that is read when it is sent: when it was changed last, epoch ms. */
  readonly changedAt?: number;
}

/**
 * The body that `parts` make, with its size in bytes: files are measured now and read when sent,
 * byte for byte. Undefined without parts; the first file that cannot be read otherwise.
 */
export async function openBody(parts: readonly BodyPart[]): Promise<OpenedBody> {
  const pieces: Piece[] = [];
  let left = joinLimit;
  for (const part of parts) {
    try {
      const piece = part.kind === 'bytes'
        ? { part, size: part.bytes.byteLength } : await openFile(part, left);
      left -= piece.size;
      pieces.push(piece);
    } catch (error) {
      return { ok: false, path: part.kind === 'file' ? part.path : '', error: error as Error };
    }
  }
  return { ok: true, body: bodyOf(pieces) };
}

/** As {@link openBody}, at once, for parts without files. */
export function bytesBody(parts: readonly BodyPart[]): RequestBody | undefined {
  return bodyOf(parts.map((part) => ({ part, size: part.kind === 'bytes' ? part.bytes.byteLength : 0 })));
}

/**
 * A file of at most `limit` bytes is read now; of a larger one it is only made sure that it can be.
 */
async function openFile(part: Extract<BodyPart, { kind: 'file' }>, limit: number): Promise<Piece> {
  const { path } = part;
  const found = await stat(path);
  if (!found.isFile()) throw Object.assign(new Error(`${path} is not a file`), { code: 'EISDIR' });
  if (found.size <= limit) {
    const bytes = await readFile(path);
    return { part: { kind: 'bytes', bytes }, size: bytes.length };
  }
  await (await open(path, 'r')).close();
  return { part, size: found.size, changedAt: found.mtimeMs };
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
  const options = { objectMode: false, highWaterMark: chunkSize };
  return { size, open: () => Readable.from(chunksOf(pieces), options) };
}

async function* chunksOf(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (piece.part.kind === 'bytes') yield bufferOf(piece.part.bytes);
    else yield* fileChunks(piece.part.path, piece);
  }
}

/**
 * The file as it was measured: one that is not the same at the end, or cannot be read any more, is an error, and the
 * last chunk of it is not given, so that a server cannot take the request for complete. The end follows the last chunk
 * at once: a server may answer as soon as it has the announced length, and a client that still waits for the end of the
 * file would take the connection for broken.
 */
async function* fileChunks(path: string, { size, changedAt }: Piece): AsyncGenerator<Buffer> {
  const file = await open(path, 'r').catch((error: Error) => { throw bodyFileError(path, error); });
  let isOpen = true;
  try {
    for (let read = 0; read < size;) {
      const chunk = await readChunk(file, path, read, size);
      read += chunk.length;
      if (read === size) {
        await expectSame(file, path, size, changedAt);
        isOpen = false;
        await file.close();
      }
      yield chunk;
    }
  } finally {
    if (isOpen) await file.close();
  }
}

async function expectSame(file: FileHandle, path: string, size: number, changedAt: number | undefined): Promise<void> {
  const found = await file.stat();
  if (found.size === size && found.mtimeMs === changedAt) return;
  throw changedError(path, size, found.size);
}

async function readChunk(file: FileHandle, path: string, position: number, size: number): Promise<Buffer> {
  const chunk = Buffer.allocUnsafe(Math.min(chunkSize, size - position));
  const { bytesRead } = await file.read(chunk, 0, chunk.length, position)
    .catch((error: Error) => { throw bodyFileError(path, error); });
  if (bytesRead > 0) return chunk.subarray(0, bytesRead);
  throw changedError(path, size, position);
}

function changedError(path: string, size: number, found: number): Error {
  const error = new Error(`${path} changed while it was sent: it had ${size} bytes, and now has ${found}`);
  return Object.assign(error, { code: 'ROUNDTRIP_BODY_CHANGED', path, size, found });
}

function bodyFileError(path: string, cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { code: 'ROUNDTRIP_BODY_FILE', path });
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
