import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

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

/** Node's own between TLS and a stream; not part of its public interface, hence looked for with care. */
interface StreamBelowTls {
  doWrite(request: object, chunks: readonly Buffer[]): number;
  readonly _handle?: { finishWrite(request: object, status: number): void } | null;
  readonly [key: symbol]: unknown;
}

/**
 * Node's TLS over a stream may write, a goodbye say, in the turn in which it ends the stream, and an assertion of Node
 * breaks the process then. From here on such a write is done without effect: nothing can follow the end.
 */
export function spareWritesBehindEnd(socket: TLSSocket): void {
  const { _handle: handle } = socket as unknown as { _handle?: { _parentWrap?: StreamBelowTls } | null };
  const below = handle?._parentWrap;
  const end = below && Object.getOwnPropertySymbols(below).find((one) => one.description === 'kCurrentShutdownRequest');
  if (!below?.doWrite || !end) return;
  const { doWrite } = below;
  below.doWrite = (request, chunks) => {
    if (below[end] === null) return doWrite.call(below, request, chunks);
    setImmediate(() => below._handle?.finishWrite(request, 0));
    return 0;
  };
}
