import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { handleOf, lingerTime } from './wire.ts';
import type { Wire } from './wire.ts';

type Done = (error?: Error | null) => void;
type Chunks = readonly { readonly chunk: Buffer | string; readonly encoding: BufferEncoding }[];

/** The two ways in which a stream hands down what is written to it. */
interface Writing {
  _write(chunk: Buffer | string, encoding: BufferEncoding, done: Done): void;
  _writev(chunks: Chunks, done: Done): void;
}

/**
 * What is seen of a socket on which HTTP/1 is spoken directly. Node's parser reads from it without a detour, which a
 * stream between the two would take; when a request begins the parser says itself. Writes are looked at from when
 * somebody first wants to know of them.
 */
export class SocketTap implements Wire {
  readonly stream: Socket;
  readonly patience: number;
  lastWrittenAt: number | undefined;
  /** When the head that is being read began, monotonic ms. */
  headAt: number | undefined;
  readonly #transport: Socket;
  readonly #onLast: () => void;
  #onNextWrite: ((at: number) => void) | undefined;
  #writeAt = 0;
  #isWatched = false;
  #isLast = false;

  /**
   * `transport` is the TCP socket that carries a TLS socket, `patience` the time between requests in ms; `onLast` is
   * called when the last response was written.
   */
  constructor(stream: Socket, transport: Socket, patience: number, onLast: () => void) {
    this.stream = stream;
    this.patience = patience;
    this.#transport = transport;
    this.#onLast = onLast;
    // What node:http calls after the last response.
    stream.destroySoon = () => this.destroySoon();
  }

  /** To be called when the first byte of a head is read, unless it was read before. */
  beginHead(): void { this.headAt ??= monotonicNow(); }

  get onNextWrite(): ((at: number) => void) | undefined { return this.#onNextWrite; }

  set onNextWrite(listener: ((at: number) => void) | undefined) {
    this.#onNextWrite = listener;
    if (!this.#isWatched) this.#watch();
  }

  get isEnding(): boolean { return this.stream.writableEnded; }
  write(bytes: Buffer): void { this.stream.write(bytes); }
  end(): void { this.stream.end(); }
  destroy(): void { this.stream.destroy(); }

  #watch(): void {
    this.#isWatched = true;
    const writing = this.stream as Socket & Writing;
    const { _write: write, _writev: writev } = writing;
    writing._write = (chunk, encoding, done) => {
      const goal = this.#begin(() => Buffer.byteLength(chunk, encoding));
      write.call(writing, chunk, encoding, done);
      this.#look(goal);
    };
    writing._writev = (chunks, done) => {
      // Node empties the list as it writes.
      const goal = this.#begin(() =>
        chunks.reduce((sum, { chunk, encoding }) => sum + Buffer.byteLength(chunk, encoding), 0));
      writev.call(writing, chunks, done);
      this.#look(goal);
    };
  }

  /** Gives the count that the transport's bytes pass once all of `size` is down, in records; -1 without TLS. */
  #begin(size: () => number): number {
    this.#writeAt = monotonicNow();
    this.#onNextWrite?.(this.#writeAt);
    return this.stream === this.#transport ? -1 : (handleOf(this.#transport)?.bytesWritten ?? 0) + size();
  }

  /**
   * Node says that a write is done a turn of the event loop later, when the client may have read it long since. Mostly
   * the kernel takes it while it is made: its queue is empty then, and under TLS more bytes than the plaintext's have
   * gone down.
   */
  #look(goal: number): void {
    const handle = handleOf(this.#transport);
    const isTaken = handle?.writeQueueSize === 0 && (goal === -1 || (handle.bytesWritten ?? 0) > goal);
    this.lastWrittenAt = isTaken ? this.#writeAt : undefined;
  }

  destroySoon(): void {
    if (this.#isLast) return;
    this.#isLast = true;
    this.#onLast();
    this.stream.end(() => this.#linger());
  }

  #linger(): void {
    const { stream } = this;
    if (stream.readableEnded) return void stream.destroy();
    stream.setTimeout(0);
    const timer = setTimeout(() => stream.destroy(), lingerTime).unref();
    stream.on('close', () => clearTimeout(timer));
    stream.on('end', () => stream.destroy());
    // Nothing is a request any more: the parser lets go of the socket for a listener.
    stream.removeAllListeners('data');
    stream.on('data', () => {});
    stream.resume();
  }
}
