import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { monotonicNow } from '../clock.ts';
import { handleOf, lingerTime } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * Between a socket and the HTTP server: says when each chunk arrived, before the server sees it.
 * `below` is a `net.Socket`, or a `TLSSocket` whose plaintext this is.
 */
export class Tap extends Duplex implements Wire {
  readonly stream = this;
  /** Called with each chunk and its monotonic time in ms. */
  onRead: ((chunk: Buffer, at: number) => void) | undefined;
  /** Called once, with the monotonic time in ms, when something is next written. */
  onNextWrite: ((at: number) => void) | undefined;
  /** In ms: how long silence is borne now; undefined: it is not measured. */
  patience: number | undefined;
  /** Since when the kernel has everything written so far, monotonic ms. */
  lastWrittenAt: number | undefined;
  readonly #below: Socket;
  readonly #transport: Socket;
  #timer: NodeJS.Timeout | undefined;
  #isLingering = false;

  /** `transport` is the TCP socket that carries a TLS socket. */
  constructor(below: Socket, transport: Socket = below) {
    super({ allowHalfOpen: true });
    this.#below = below;
    this.#transport = transport;
    below.on('data', (chunk) => this.#read(chunk));
    below.on('end', () => (this.#isLingering ? this.destroy() : this.push(null)));
    below.on('error', (error) => this.destroy(error));
    below.on('close', () => this.destroy());
    below.pause();
  }

  /** The last response was written, and nothing more is read. */
  get isEnding(): boolean { return this.writableEnded; }
  get remoteAddress(): string | undefined { return this.#below.remoteAddress; }
  get remotePort(): number | undefined { return this.#below.remotePort; }
  get localPort(): number | undefined { return this.#below.localPort; }

  #read(chunk: Buffer): void {
    if (this.#isLingering) return;
    this.onRead?.(chunk, monotonicNow());
    if (!this.push(chunk)) this.#below.pause();
  }

  override _read(): void {
    this.#below.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#pass(chunk.length, done, (passed) => this.#below.write(chunk, passed));
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: (error?: Error | null) => void,
  ): void {
    const size = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    this.#pass(size, done, (passed) => {
      this.#below.cork();
      for (const { chunk } of chunks.slice(0, -1)) this.#below.write(chunk);
      this.#below.write(chunks.at(-1)?.chunk ?? Buffer.alloc(0), passed);
      this.#below.uncork();
    });
  }

  /**
   * Node says that a write is done a turn of the event loop later, when the client may have read it
   * long since. Mostly the kernel takes it while it is made: its queue is empty then, and under TLS
   * more bytes than the plaintext's have gone down.
   */
  #pass(
    size: number, done: (error?: Error | null) => void,
    write: (passed: (error?: Error | null) => void) => void,
  ): void {
    const at = monotonicNow();
    this.onNextWrite?.(at);
    const before = handleOf(this.#transport)?.bytesWritten ?? 0;
    let isTaken = false;
    write((error) => {
      if (!error && !isTaken) this.lastWrittenAt = monotonicNow();
      done(error);
    });
    const { writeQueueSize, bytesWritten = 0 } = handleOf(this.#transport) ?? {};
    const isPlain = this.#below === this.#transport;
    isTaken = writeQueueSize === 0 && (isPlain || bytesWritten - before > size);
    if (isTaken) this.lastWrittenAt = at;
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#below.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#below.destroy();
    done(error);
  }

  /** What `node:http` calls for its keep-alive timeout, in ms. */
  setTimeout(timeout: number, listener?: () => void): this {
    clearTimeout(this.#timer);
    this.patience = timeout > 0 ? timeout : undefined;
    if (listener) this.once('timeout', listener);
    if (timeout > 0) this.#timer = setTimeout(() => this.emit('timeout'), timeout).unref();
    return this;
  }

  /**
   * Ends the connection once everything is written: what `node:http` calls after the last response.
   */
  destroySoon(): void {
    this.end(() => {
      if (this.#below.readableEnded) return void this.destroy();
      this.#isLingering = true;
      this.setTimeout(0);
      this.#timer = setTimeout(() => this.destroy(), lingerTime).unref();
      this.#below.resume();
    });
  }
}
