import { ContentFile } from './file.ts';
import type { NewFile } from './file.ts';

/** Kept in memory up to this size, in bytes; beyond it in a file. */
export const memoryLimit = 1024 * 1024;

/** Told by a writer. */
export interface WriterOwner {
  /** More may be appended after {@link ContentWriter.append} said no. */
  onDrain(): void;
  /** The file cannot be made or written; what follows is dropped. */
  onError(error: Error): void;
}

/**
 * Takes the decoded content of one response: the first MiB in memory, then everything in a file of
 * its own.
 */
export class ContentWriter {
  readonly #newFile: NewFile;
  #owner: WriterOwner | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #file: ContentFile | undefined;

  constructor(newFile: NewFile) {
    this.#newFile = newFile;
  }

  set owner(owner: WriterOwner) {
    this.#owner = owner;
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#size;
  }

  get storedIn(): 'memory' | 'file' {
    return this.#file ? 'file' : 'memory';
  }

  get file(): ContentFile | undefined {
    return this.#file;
  }

  /** What is held in memory: everything, while there is no file. */
  bytes(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  /**
   * Takes a chunk, which must not change afterwards. False: pause until {@link
   * WriterOwner.onDrain}.
   */
  append(chunk: Buffer): boolean {
    this.#size += chunk.length;
    if (this.#file) return this.#file.append(chunk);
    // A small part of a large buffer would keep all of it.
    this.#chunks.push(chunk.length * 4 < chunk.buffer.byteLength ? Buffer.from(chunk) : chunk);
    if (this.#size <= memoryLimit) return true;
    this.#file = new ContentFile(this.#newFile, this.#owner!);
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks.map((one) => this.#file!.append(one)).at(-1)!;
  }

  /**
   * No more will come. `done` is called, at once when nothing has to be written; with what kept it
   * from being.
   */
  end(done: (error?: Error) => void): void {
    // The store keeps this object; whoever fed it need not be kept with it.
    this.#owner = undefined;
    if (this.#file) this.#file.end(done);
    else done();
  }
}
