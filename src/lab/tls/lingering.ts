import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** How long a client may take to notice the end, ms. */
const patience = 1000;

/**
 * A socket whose end is not a reset: closed with bytes unread, TCP would reset the connection, and an alert on its way
 * to the client could be lost (RFC 9112 §9.6 has the same trouble with responses). It reads on until the client closes.
 */
export class LingeringSocket extends Duplex {
  readonly #below: Socket;

  constructor(below: Socket) {
    super();
    this.#below = below;
    below.on('data', (chunk) => {
      if (!this.destroyed && !this.push(chunk)) below.pause();
    });
    below.on('end', () => this.destroyed ? below.destroy() : this.push(null));
    below.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#below.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#below.write(chunk, done);
  }

  /** Done at once: were Node's TLS made to write while it waits for the end, it would break the process. */
  override _final(done: () => void): void {
    this.#below.end();
    done();
  }

  override _destroy(_error: Error | null, done: () => void): void {
    this.#below.end();
    this.#below.resume();
    setTimeout(() => this.#below.destroy(), patience).unref();
    done();
  }
}
