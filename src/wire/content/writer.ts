import { constants, copyFile, writeFile } from 'node:fs/promises';
import { ContentFile } from './file.ts';
import type { NewFile } from './file.ts';

/** Told by a writer. */
export interface WriterOwner {
  /** More may be appended after {@link ContentWriter.append} said no. */
  onDrain(): void;
  /** The file cannot be made or written; what follows is dropped. */
  onError(error: Error): void;
}

/** Takes the decoded content of one response. */
export interface ContentTaker {
  set owner(owner: WriterOwner);
  /** Bytes taken so far. */
  readonly size: number;
  readonly storedIn: 'memory' | 'file';
  /** Takes a chunk, which may change afterwards unless it is kept in memory. False: pause until `onDrain`. */
  append(chunk: Buffer): boolean;
  /** No more will come; `done` is called, at once where nothing has to be waited for. */
  end(done: (error?: Error) => void): void;
}

/**
 * Takes the decoded content of one response: up to a limit in memory, then everything in a file of
 * its own.
 */
export class ContentWriter implements ContentTaker {
  readonly #newFile: NewFile;
  readonly #memoryLimit: number;
  readonly #onKept: (writer: ContentWriter) => void;
  #owner: WriterOwner | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #file: ContentFile | undefined;
  #removed = false;
  #spilling: Promise<void> | undefined;
  /** Whole and in memory: its store's own. */
  isHeld = false;

  /** `memoryLimit` in bytes; `onKept` is called when the content is whole and in memory. */
  constructor(newFile: NewFile, memoryLimit: number, onKept: (writer: ContentWriter) => void) {
    this.#newFile = newFile;
    this.#memoryLimit = memoryLimit;
    this.#onKept = onKept;
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
    if (this.#size <= this.#memoryLimit) return true;
    const file = new ContentFile(this.#newFile, this.#owner!);
    this.#file = file;
    return this.#moveTo(file);
  }

  /** Moves what is in memory to a file; it can be read all the while. Resolves also where that fails: then it stays. */
  spill(): Promise<void> {
    return this.#spilling ??= this.#spill();
  }

  async #spill(): Promise<void> {
    if (this.#file || this.#removed) return;
    const file = new ContentFile(this.#newFile, { onDrain: ignore, onError: ignore });
    file.append(this.bytes());
    const error = await new Promise<Error | undefined>((resolve) => file.end(resolve));
    if (error || this.#removed) return file.remove();
    this.#file = file;
    this.#chunks = [];
  }

  /** Copies the content to a new file. */
  async copyTo(path: string): Promise<void> {
    if (this.#file?.path === undefined) return writeFile(path, this.bytes(), { flag: 'wx' });
    await copyFile(this.#file.path, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }

  /** Forgets the content; gives a promise when there is a file to be deleted. */
  remove(): Promise<void> | undefined {
    this.#removed = true;
    this.#chunks = [];
    return this.#file?.remove();
  }

  #moveTo(file: ContentFile): boolean {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks.map((one) => file.append(one)).at(-1)!;
  }

  /**
   * No more will come. `done` is called, at once when nothing has to be written; with what kept it
   * from being.
   */
  end(done: (error?: Error) => void): void {
    // The store keeps this object; whoever fed it need not be kept with it.
    this.#owner = undefined;
    if (this.#file) return this.#file.end(done);
    this.#onKept(this);
    done();
  }
}

function ignore(): void {}
