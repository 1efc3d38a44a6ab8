import { close, open, write, writev } from 'node:fs';

/** Kept in memory up to this size, in bytes; beyond it in a file. */
export const memoryLimit = 1024 * 1024;

const batchSize = 1024 * 1024;

/** Where a file for a content is to be made. */
export type NewFile = () => Promise<string>;

/**
 * Takes the decoded content of one response: the first MiB in memory, then everything in a file of its
 * own, written in batches of about 1 MiB, one under way while the next is gathered.
 */
export class ContentWriter {
  readonly #newFile: NewFile;
  #chunks: Buffer[] = [];
  #gathered = 0;
  #size = 0;
  #path: string | undefined;
  #descriptor: number | undefined;
  #usesFile = false;
  #writing = false;
  #ended: (() => void) | undefined;
  #error: Error | undefined;
  #waiting = false;

  /** Called when more may be appended after {@link append} said no. */
  onDrain: (() => void) | undefined;
  /** Called once when the file cannot be made or written. */
  onError: ((error: Error) => void) | undefined;

  constructor(newFile: NewFile) {
    this.#newFile = newFile;
  }

  /** Bytes taken so far. */
  get size(): number {
    return this.#size;
  }

  get storedIn(): 'memory' | 'file' {
    return this.#usesFile ? 'file' : 'memory';
  }

  get path(): string | undefined {
    return this.#path;
  }

  /** What is held in memory: everything, while there is no file. */
  bytes(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#gathered)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  /** Takes a chunk, which must not change afterwards. False: pause until {@link onDrain}. */
  append(chunk: Buffer): boolean {
    this.#size += chunk.length;
    if (this.#error) return true;
    // A small part of a large buffer would keep all of it.
    const own = chunk.length * 4 < chunk.buffer.byteLength && this.#size <= memoryLimit ? Buffer.from(chunk) : chunk;
    this.#chunks.push(own);
    this.#gathered += own.length;
    if (!this.#usesFile && this.#size <= memoryLimit) return true;
    if (!this.#usesFile) this.#open();
    if (this.#gathered >= batchSize) this.#writeBatch();
    if (this.#gathered < batchSize) return true;
    this.#waiting = true;
    return false;
  }

  /** No more will come. `done` is called, at once when nothing has to be written. */
  end(done: () => void): void {
    if (!this.#usesFile || this.#error) return done();
    this.#ended = done;
    this.#writeBatch();
  }

  #open(): void {
    this.#usesFile = true;
    this.#writing = true;
    this.#newFile().then((path) => {
      this.#path = path;
      // wx: never a file that is there already; 0600: contents are the user's alone.
      open(path, 'wx', 0o600, (error, descriptor) => {
        if (error) return this.#fail(error);
        this.#descriptor = descriptor;
        this.#writing = false;
        this.#continue();
      });
    }, (error: Error) => this.#fail(error));
  }

  #continue(): void {
    if (this.#gathered >= batchSize || (this.#ended && this.#gathered > 0)) this.#writeBatch();
    if (this.#ended && !this.#writing && this.#gathered === 0) return this.#finish();
    if (!this.#waiting || this.#gathered >= batchSize) return;
    this.#waiting = false;
    this.onDrain?.();
  }

  #writeBatch(): void {
    if (this.#writing) return;
    if (this.#gathered === 0) return this.#ended ? this.#finish() : undefined;
    const batch = this.#chunks;
    const size = this.#gathered;
    this.#chunks = [];
    this.#gathered = 0;
    this.#writing = true;
    this.#writeAll(batch, size);
  }

  #writeAll(batch: Buffer[], size: number): void {
    const written = (error: Error | null, count: number): void => {
      if (error) return this.#fail(error);
      if (count < size) return this.#writeAll([Buffer.concat(batch).subarray(count)], size - count);
      this.#writing = false;
      this.#continue();
    };
    if (batch.length === 1) write(this.#descriptor!, batch[0]!, 0, size, null, written);
    else writev(this.#descriptor!, batch, null, written);
  }

  #finish(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    const done = this.#ended;
    this.#ended = undefined;
    if (descriptor === undefined) return done?.();
    close(descriptor, () => done?.());
  }

  #fail(error: Error): void {
    if (this.#error) return;
    this.#error = error;
    this.#writing = false;
    this.#chunks = [];
    this.#gathered = 0;
    const done = this.#ended;
    this.#finish();
    this.onError?.(error);
    if (!done && this.#waiting) this.onDrain?.();
  }
}
