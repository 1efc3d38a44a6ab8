import { CodedStream, cutOff } from './codedStream.ts';
import type { Decoder, Done } from './codedStream.ts';

/** What is read next of a frame, and how many bytes that takes. */
const sizes = { mark: 4, skippable: 8, descriptor: 5, block: 3, end: 0 } as const;

const frameMark = 0xfd2fb528;
/** The lowest of sixteen. */
const skippableMark = 0x184d2a50;

/**
 * `zstd`: frames one after another (RFC 8878 §3.1). The decoder of `node:zlib` gives up what follows the end of a frame
 * in the same chunk; so no chunk that it gets goes on after one.
 */
export class ZstdStream extends CodedStream {
  #next: keyof typeof sizes = 'mark';
  #isFirst = true;
  #isOver = false;
  /** It begins like no frame. */
  #isForeign = false;
  /** Bytes of the frame before what is read next. */
  #left = 0;
  #hasSum = false;
  /** Too few to be read. */
  #pending: Buffer = Buffer.alloc(0);

  constructor(decoder: Decoder) {
    super();
    this.open(decoder);
  }

  protected override decode(chunk: Buffer, done: Done): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = Buffer.alloc(0);
    this.#takeAll(bytes, done);
  }

  protected override finish(done: Done): void {
    const pending = this.#pending;
    if (this.#isForeign) return this.close(done);
    if (this.#next === 'mark' && !this.#isFirst) {
      this.excess += pending.length;
      return this.close(done);
    }
    // Not every version of `node:zlib` minds.
    const close = (): void => this.close(() => done(cutOff()));
    if (pending.length === 0) close();
    else this.give(pending, close);
  }

  #takeAll(bytes: Buffer, done: Done): void {
    if (bytes.length === 0) return done();
    if (this.#isOver) return this.exceed(bytes, done);
    const length = this.#walk(bytes);
    if (this.#isOver) return this.exceed(bytes, done);
    if (length === 0) {
      this.#pending = bytes;
      return done();
    }
    this.give(bytes.subarray(0, length), () => this.#takeAll(bytes.subarray(length), done));
  }

  /** How many of these bytes belong together to the frame that is under way, or begins: fewer where it ends. */
  #walk(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const passed = Math.min(this.#left, bytes.length - at);
      at += passed;
      this.#left -= passed;
      if (this.#left > 0 || bytes.length - at < sizes[this.#next]) return at;
      if (this.#next === 'end') {
        this.#next = 'mark';
        this.#isFirst = false;
        return at;
      }
      if (!this.#read(bytes, at)) return this.#isOver ? at : bytes.length;
    }
  }

  /** False where no frame begins. */
  #read(bytes: Buffer, at: number): boolean {
    switch (this.#next) {
      case 'mark': return this.#readMark(bytes.readUInt32LE(at));
      case 'skippable': // §3.1.2
        this.#left = 8 + bytes.readUInt32LE(at + 4);
        this.#next = 'end';
        return true;
      case 'descriptor':
        this.#readDescriptor(bytes[at + 4]!);
        return true;
      default:
        this.#readBlock(bytes.readUIntLE(at, 3));
        return true;
    }
  }

  #readMark(mark: number): boolean {
    if (mark === frameMark) this.#next = 'descriptor';
    else if ((mark & ~0xf) === skippableMark) this.#next = 'skippable';
    // At the very start the decoder says what is wrong.
    else if (this.#isFirst) this.#isForeign = true;
    else this.#isOver = true;
    return this.#next !== 'mark';
  }

  /** §3.1.1.1: how long the header is. */
  #readDescriptor(descriptor: number): void {
    const isSingle = (descriptor & 0x20) !== 0;
    const dictionaryId = [0, 1, 2, 4][descriptor & 3]!;
    const contentSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    this.#hasSum = (descriptor & 4) !== 0;
    this.#left = 5 + (isSingle ? 0 : 1) + dictionaryId + contentSize;
    this.#next = 'block';
  }

  /** §3.1.1.2: a block of one byte repeated is one byte. */
  #readBlock(header: number): void {
    const isLast = (header & 1) !== 0;
    const isRepeated = (header >> 1 & 3) === 1;
    this.#left = 3 + (isRepeated ? 1 : header >> 3) + (isLast && this.#hasSum ? 4 : 0);
    this.#next = isLast ? 'end' : 'block';
  }
}
