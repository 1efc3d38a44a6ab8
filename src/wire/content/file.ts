import { close, open, unlink, write, writev } from 'node:fs';
import type { WriterOwner } from './writer.ts';

/** Where a file for a content is to be made. */
export type NewFile = () => Promise<string>;

/** Bytes written at a time: one batch is under way while the next is gathered. */
const batchSize = 1024 * 1024;
/** So much may be gathered meanwhile before it is asked to pause. */
const gatherLimit = 4 * batchSize;

/** A content on disk, written in large vectored batches. */
export class ContentFile {
  #owner: WriterOwner | undefined;
  #path: string | undefined;
  #descriptor: number | undefined;
  #chunks: Buffer[] = [];
  #gathered = 0;
  /** Opening counts as writing. */
  #writing = true;
  #waiting = false;
  #failure: Error | undefined;
  #removed = false;
  #done: ((error?: Error) => void) | undefined;

  constructor(newFile: NewFile, owner: WriterOwner) {
    this.#owner = owner;
    newFile().then((path) => {
      this.#path = path;
      // wx: never a file that is there already; 0600: contents are the user's alone.
      open(path, 'wx', 0o600, (error, descriptor) => {
        if (error) return this.#fail(error);
        this.#descriptor = descriptor;
        if (this.#removed) unlink(path, ignore);
        this.#proceed();
      });
    }, (error: Error) => this.#fail(error));
  }

  /** Known once the file is being made. */
  get path(): string | undefined {
    return this.#path;
  }

  /**
   * Takes a chunk, which must not change afterwards. False: pause until {@link
   * WriterOwner.onDrain}.
   */
  append(chunk: Buffer): boolean {
    if (this.#failure) return true;
    this.#chunks.push(chunk);
    this.#gathered += chunk.length;
    if (this.#gathered < batchSize) return true;
    if (!this.#writing) this.#writeBatch();
    this.#waiting = this.#gathered >= gatherLimit;
    return !this.#waiting;
  }

  /** Writes the rest and closes; then `done`, which hears why that could not be done. */
  end(done: (error?: Error) => void): void {
    if (this.#failure) return done(this.#failure);
    this.#done = done;
    if (!this.#writing) this.#proceed();
  }

  /** Deletes the file, or what becomes of it when it is still being made. */
  remove(): Promise<void> {
    this.#removed = true;
    const path = this.#path;
    return new Promise((resolve) => path === undefined ? resolve() : unlink(path, () => resolve()));
  }

  /** After a batch: the next, the end, or room for more. */
  #proceed(): void {
    this.#writing = false;
    if (this.#gathered >= batchSize || (this.#done && this.#gathered > 0)) this.#writeBatch();
    else if (this.#done) return this.#close();
    if (!this.#waiting || this.#gathered >= gatherLimit) return;
    this.#waiting = false;
    this.#owner?.onDrain();
  }

  #writeBatch(): void {
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
      this.#proceed();
    };
    if (batch.length === 1) write(this.#descriptor!, batch[0]!, 0, size, null, written);
    else writev(this.#descriptor!, batch, null, written);
  }

  #close(): void {
    const done = this.#done;
    const descriptor = this.#descriptor;
    this.#done = undefined;
    this.#owner = undefined;
    this.#descriptor = undefined;
    if (descriptor === undefined) return done?.(this.#failure);
    close(descriptor, () => done?.(this.#failure));
  }

  /** Whoever waits for the end hears of it there, else the owner. */
  #fail(error: Error): void {
    this.#failure = error;
    this.#writing = false;
    this.#chunks = [];
    this.#gathered = 0;
    const owner = this.#done ? undefined : this.#owner;
    this.#close();
    owner?.onError(error);
  }
}

function ignore(): void {}
