import { Duplex } from 'node:stream';
import type { Transform } from 'node:stream';

/** A decoder of `node:zlib`, which counts the bytes it has used and leaves what follows the end. */
export type Decoder = Transform & { readonly bytesWritten: number };

export type Zlib = typeof import('node:zlib');

export type Done = (error?: Error | null) => void;

/**
 * Undoes one content coding. Unlike a decoder of `node:zlib` it ends only where its input ends: what follows the end
 * of what is coded is counted, neither dropped in silence nor a reason to end before the body.
 */
export abstract class CodedStream extends Duplex {
  /** Bytes behind the end of what is coded, so far. */
  excess = 0;
  #decoder: Decoder | undefined;

  /** Takes bytes of the input, at least one; `done` is called when the next may come. */
  protected abstract decode(bytes: Buffer, done: Done): void;

  /** No more comes; `done` is called when everything is decoded. */
  protected abstract finish(done: Done): void;

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.decode(chunk, (error) => {
      // Told at once, it would look like a wish for a pause, and the end of the body would not be read.
      if (error) process.nextTick(done, error);
      else done();
    });
  }

  override _final(done: Done): void {
    this.finish((error) => {
      if (!error) this.push(null);
      done(error);
    });
  }

  override _read(): void {
    this.#decoder?.resume();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#decoder?.destroy();
    done(error);
  }

  /** From here on bytes are given to this decoder; `onPiece` sees what it makes of them. */
  protected open(decoder: Decoder, onPiece?: (piece: Buffer) => void): void {
    this.#decoder = decoder;
    decoder.on('data', (piece: Buffer) => {
      onPiece?.(piece);
      if (!this.push(piece)) decoder.pause();
    });
    decoder.on('error', (error) => this.destroy(error));
  }

  /** Gives bytes to the decoder; `done` hears how many it used: all, unless what is coded ends before. */
  protected give(bytes: Buffer, done: (used: number) => void): void {
    const decoder = this.#decoder!;
    const before = decoder.bytesWritten;
    decoder.write(bytes, (error) => {
      if (!error) done(decoder.bytesWritten - before);
    });
  }

  /** Has the decoder hand out what it still has; it fails unless it is at an end. */
  protected close(done: () => void): void {
    const decoder = this.#decoder!;
    const closed = (): void => {
      decoder.destroy();
      done();
    };
    if (decoder.readableEnded) return closed();
    decoder.once('end', closed);
    decoder.end();
  }

  protected exceed(bytes: Buffer, done: Done): void {
    this.excess += bytes.length;
    done();
  }
}

/** That what is coded goes on behind the end of the input, as zlib says it. */
export function cutOff(): Error {
  return Object.assign(new Error('unexpected end of file'), { code: 'Z_BUF_ERROR' });
}

/** A coding of one stream with one end: `deflate` and `br`. */
export class SingleStream extends CodedStream {
  constructor(decoder: Decoder) {
    super();
    this.open(decoder);
  }

  protected override decode(bytes: Buffer, done: Done): void {
    if (this.excess > 0) return this.exceed(bytes, done);
    this.give(bytes, (used) => this.exceed(bytes.subarray(used), done));
  }

  protected override finish(done: Done): void {
    this.close(done);
  }
}
