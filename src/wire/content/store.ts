import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentWriter } from './writer.ts';
import type { ContentTaker } from './writer.ts';

/** A window of a content: bytes from the offset asked for, and the size of the whole. */
interface ContentWindow {
  readonly bytes: Uint8Array;
  readonly total: number;
}

/** Contents of responses by exchange; what is large lies in files of `directory`. */
export interface ContentStore {
  /** A writer for the content of `exchangeId`, of which `memoryLimit` bytes are held in memory. */
  create(exchangeId: string, memoryLimit: number): ContentTaker;
  /** `length` bytes from `offset`, fewer at the end; undefined when nothing is stored. */
  read(exchangeId: string, offset: number, length: number): Promise<ContentWindow | undefined>;
  /**
   * Copies a content to a file, which is there whole or not at all; gives its size, undefined when nothing is stored.
   */
  save(exchangeId: string, path: string): Promise<number | undefined>;
  forget(exchangeIds: readonly string[]): Promise<void>;
  /** Forgets everything, and removes the directory if it was made here. */
  close(): Promise<void>;
}

/** Bytes of all contents together that are held in memory; beyond it the oldest move to files. */
const memoryOfAll = 64 * 1024 * 1024;

/**
 * A store in `directory`, which is made when first needed; without one in a new directory for
 * temporary files.
 */
export function createContentStore(directory?: string, inMemory = memoryOfAll): ContentStore {
  const writers = new Map<string, ContentWriter>();
  /** Whole contents in memory, the oldest first from `oldest` on, with some that are held no more; and their bytes. */
  let held: ContentWriter[] = [];
  let oldest = 0;
  let heldSize = 0;
  let spilling = Promise.resolve();
  let made: Promise<string> | undefined;

  const place = (): Promise<string> => made ??= directory === undefined
    ? mkdtemp(join(tmpdir(), 'roundtrip-'))
    : mkdir(directory, { recursive: true, mode: 0o700 }).then(() => directory);

  const newFile = async (): Promise<string> => join(await place(), `${randomUUID()}.content`);

  const letGo = (writer: ContentWriter): void => {
    if (!writer.isHeld) return;
    writer.isHeld = false;
    heldSize -= writer.size;
  };

  const hold = (writer: ContentWriter): void => {
    writer.isHeld = true;
    heldSize += writer.size;
    if (held.push(writer) > 2 * writers.size + 1000) {
      held = held.slice(oldest).filter(({ isHeld }) => isHeld);
      oldest = 0;
    }
    while (heldSize > inMemory) {
      const one = held[oldest++]!;
      if (!one.isHeld) continue;
      letGo(one);
      spilling = spilling.then(() => one.spill());
    }
  };

  async function forget(exchangeIds: readonly string[]): Promise<void> {
    for (const id of exchangeIds) {
      const writer = writers.get(id);
      writers.delete(id);
      if (!writer) continue;
      letGo(writer);
      const removing = writer.remove();
      if (removing) await removing;
    }
  }

  return {
    create(exchangeId, memoryLimit) {
      const writer = new ContentWriter(newFile, memoryLimit, hold);
      writers.set(exchangeId, writer);
      return writer;
    },
    async read(exchangeId, offset, length) {
      const writer = writers.get(exchangeId);
      if (!writer) return undefined;
      const total = writer.size;
      const start = Math.min(Math.max(0, offset), total);
      const count = Math.max(0, Math.min(length, total - start));
      if (writer.storedIn === 'memory') {
        return { bytes: writer.bytes().subarray(start, start + count), total };
      }
      return { bytes: await readFrom(writer.file?.path, start, count), total };
    },
    async save(exchangeId, path) {
      const writer = writers.get(exchangeId);
      if (!writer) return undefined;
      const partial = `${path}.${randomUUID().slice(0, 8)}.partial`;
      try {
        await writer.copyTo(partial);
        await rename(partial, path);
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      return writer.size;
    },
    forget,
    async close() {
      await forget([...writers.keys()]);
      await spilling;
      if (made && directory === undefined) await rm(await made, { recursive: true, force: true });
      made = undefined;
    },
  };
}

async function readFrom(path: string | undefined, start: number, count: number): Promise<Uint8Array> {
  if (path === undefined || count === 0) return new Uint8Array(0);
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(count);
    let filled = 0;
    while (filled < count) {
      const { bytesRead } = await file.read(bytes, filled, count - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}
