import { close, open, unlink, write } from 'node:fs';
import { giveBackSlab, slabSize, takeSlab } from './slabs.ts';
import type { WriterOwner } from './writer.ts';

/** Where a file for a content is to be made. */
export type NewFile = () => Promise<string>;

/** Writes under way at a time: the kernel does them one after another, and a second one would burn time waiting. */
const mostWrites = 1;
/** With so many slabs full, whoever appends is asked to pause; to go on when only so few are left: a pause costs. */
const mostFull = 6;
const fewFull = 2;

/** A content on disk, gathered in slabs and written a slab at a time. */
export class ContentFile {
  #owner: WriterOwner | undefined;
  #path: string | undefined;
  #descriptor: number | undefined;
  #slab: Buffer | undefined;
  /** Bytes in the slab that is being filled. */
  #filled = 0;
  /** Slabs that wait for their turn, and how many are being written. */
  readonly #full: Buffer[] = [];
  #writes = 0;
  /** Where the next slab goes. */
  #position = 0;
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

  /** Copies a chunk. False: pause until {@link WriterOwner.onDrain}. */
  append(chunk: Buffer): boolean {
    if (this.#failure) return true;
    for (let offset = 0; offset < chunk.length;) {
      this.#slab ??= takeSlab();
      const copied = chunk.copy(this.#slab, this.#filled, offset);
      this.#filled += copied;
      offset += copied;
      if (this.#filled === slabSize) this.#slabFull();
    }
    this.#waiting ||= this.#unwritten >= mostFull;
    return !this.#waiting;
  }

  /** Writes the rest and closes; then `done`, which hears why that could not be done. */
  end(done: (error?: Error) => void): void {
    if (this.#failure) return done(this.#failure);
    this.#done = done;
    if (this.#filled > 0) this.#slabFull();
    this.#proceed();
  }

  /** Deletes the file, or what becomes of it when it is still being made. */
  remove(): Promise<void> {
    this.#removed = true;
    const path = this.#path;
    return new Promise((resolve) => path === undefined ? resolve() : unlink(path, () => resolve()));
  }

  get #unwritten(): number {
    return this.#full.length + this.#writes;
  }

  #slabFull(): void {
    this.#full.push(this.#slab!.subarray(0, this.#filled));
    this.#slab = undefined;
    this.#filled = 0;
    this.#writeFull();
  }

  #writeFull(): void {
    while (this.#descriptor !== undefined && this.#writes < mostWrites && this.#full.length > 0) {
      const slab = this.#full.shift()!;
      this.#writes += 1;
      this.#write(slab, 0, this.#position);
      this.#position += slab.length;
    }
  }

  #write(slab: Buffer, from: number, position: number): void {
    write(this.#descriptor!, slab, from, slab.length - from, position + from, (error, count) => {
      if (!error && from + count < slab.length) return this.#write(slab, from + count, position);
      this.#writes -= 1;
      giveBackSlab(Buffer.from(slab.buffer));
      if (this.#failure) return this.#closeWhenWritten();
      if (error) return this.#fail(error);
      this.#proceed();
    });
  }

  /** The file was opened, a slab was written, or the end has come. */
  #proceed(): void {
    if (this.#failure) return;
    this.#writeFull();
    if (this.#done) return this.#closeWhenWritten();
    if (!this.#waiting || this.#unwritten > fewFull) return;
    this.#waiting = false;
    this.#owner?.onDrain();
  }

  #closeWhenWritten(): void {
    if (this.#writes > 0 || this.#full.length > 0) return;
    const done = this.#done;
    const descriptor = this.#descriptor;
    if (descriptor === undefined && done && !this.#failure) return;
    this.#done = undefined;
    this.#owner = undefined;
    this.#descriptor = undefined;
    if (descriptor === undefined) return done?.(this.#failure);
    close(descriptor, () => done?.(this.#failure));
  }

  /** Whoever waits for the end hears of it there, else the owner. */
  #fail(error: Error): void {
    this.#failure = error;
    this.#full.length = 0;
    this.#slab = undefined;
    const owner = this.#done ? undefined : this.#owner;
    this.#closeWhenWritten();
    owner?.onError(error);
  }
}

function ignore(): void {}
