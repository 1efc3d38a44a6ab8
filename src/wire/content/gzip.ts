import { CodedStream, cutOff } from './codedStream.ts';
import type { Done, Zlib } from './codedStream.ts';

/** A header without end would be kept for ever. Bytes; the longest `FEXTRA` is 64 KiB. */
const longestHead = 128 * 1024;

/** ID1, ID2 and CM (RFC 1952 §2.3.1). */
const mark = Buffer.from([0x1f, 0x8b, 8]);

const flag = { sum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/**
 * `gzip`: members one after another (RFC 1952 §2.2). They are taken apart here, for `node:zlib` loses content when
 * something else follows the last.
 */
export class GzipStream extends CodedStream {
  readonly #zlib: Zlib;
  #part: 'head' | 'data' | 'trailer' | 'excess' = 'head';
  #isFirst = true;
  /** The part of a head or trailer that is there. */
  #pending: Buffer = Buffer.alloc(0);
  #sum = 0;
  #size = 0;

  constructor(zlib: Zlib) {
    super();
    this.#zlib = zlib;
  }

  protected override decode(bytes: Buffer, done: Done): void {
    if (bytes.length === 0) return done();
    switch (this.#part) {
      case 'head': return this.#takeHead(this.#withPending(bytes), done);
      case 'data': return this.#takeData(bytes, done);
      case 'trailer': return this.#takeTrailer(this.#withPending(bytes), done);
      case 'excess': return this.exceed(bytes, done);
    }
  }

  protected override finish(done: Done): void {
    if (this.#part === 'data') return this.close(() => done(cutOff()));
    const pending = this.#pending;
    if (this.#part === 'excess') return done();
    if (this.#part === 'head' && !this.#isFirst && pending.length < mark.length) return this.exceed(pending, done);
    done(cutOff());
  }

  #withPending(bytes: Buffer): Buffer {
    const all = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    this.#pending = Buffer.alloc(0);
    return all;
  }

  #takeHead(bytes: Buffer, done: Done): void {
    const known = Math.min(bytes.length, mark.length);
    if (!bytes.subarray(0, known).equals(mark.subarray(0, known))) {
      if (this.#isFirst) return done(broken('incorrect header check'));
      this.#part = 'excess';
      return this.exceed(bytes, done);
    }
    const length = this.#headLength(bytes);
    if (typeof length === 'string') return done(broken(length));
    if (length === undefined) return this.#keep(bytes, done);
    this.#part = 'data';
    this.#sum = 0;
    this.#size = 0;
    this.open(this.#zlib.createInflateRaw(), (piece) => {
      this.#sum = this.#zlib.crc32(piece, this.#sum);
      this.#size = (this.#size + piece.length) % 2 ** 32;
    });
    this.decode(bytes.subarray(length), done);
  }

  #keep(bytes: Buffer, done: Done): void {
    if (bytes.length > longestHead) return done(broken('header too long'));
    this.#pending = bytes;
    done();
  }

  /** How long a header is; undefined while it is not all there; a string says what is wrong with it. */
  #headLength(bytes: Buffer): number | string | undefined {
    if (bytes.length < 10) return undefined;
    const flags = bytes[3]!;
    if (flags & flag.reserved) return 'unknown header flags set';
    let at = 10;
    if (flags & flag.extra) {
      if (bytes.length < at + 2) return undefined;
      at += 2 + bytes.readUInt16LE(at);
    }
    for (const text of [flag.name, flag.comment]) {
      if (!(flags & text)) continue;
      const zero = bytes.indexOf(0, at);
      if (zero === -1) return undefined;
      at = zero + 1;
    }
    if (!(flags & flag.sum)) return at <= bytes.length ? at : undefined;
    if (bytes.length < at + 2) return undefined;
    const isRight = (this.#zlib.crc32(bytes.subarray(0, at)) & 0xffff) === bytes.readUInt16LE(at);
    return isRight ? at + 2 : 'header crc mismatch';
  }

  #takeData(bytes: Buffer, done: Done): void {
    this.give(bytes, (used) => {
      if (used === bytes.length) return done();
      this.close(() => {
        this.#part = 'trailer';
        this.decode(bytes.subarray(used), done);
      });
    });
  }

  /** CRC32 and ISIZE. */
  #takeTrailer(bytes: Buffer, done: Done): void {
    if (bytes.length < 8) return this.#keep(bytes, done);
    if (bytes.readUInt32LE(0) !== this.#sum) return done(broken('incorrect data check'));
    if (bytes.readUInt32LE(4) !== this.#size) return done(broken('incorrect length check'));
    this.#part = 'head';
    this.#isFirst = false;
    this.decode(bytes.subarray(8), done);
  }
}

/** As zlib says it. */
function broken(message: string): Error {
  return Object.assign(new Error(message), { code: 'Z_DATA_ERROR' });
}
