import type { WireSegment } from '../../trace/wireRecord.ts';

/** Before the bytes of each segment come three numbers: when it passed, its offset, and its {@link codeOf}. */
const headSize = 3 * Float64Array.BYTES_PER_ELEMENT;

/** Of the slabs of a layer, in bytes: the first, the second, and all that follow. */
const slabSizes = [1024, 4 * 1024, 16 * 1024] as const;

/**
 * Memory that holds segments one after another: to keep one makes no object that would have to be collected. Segments
 * whose bytes have memory of their own are only noted in it.
 */
export class Slab {
  readonly size: number;
  /** How much is in use, in bytes: a multiple of that of a number. */
  filled = 0;
  readonly #bytes: Uint8Array;
  readonly #numbers: Float64Array;
  /** The bytes of segments that are not in it, in order. */
  #large: Uint8Array[] | undefined;

  constructor(size: number) {
    this.size = size;
    const memory = new ArrayBuffer(size);
    this.#bytes = new Uint8Array(memory);
    this.#numbers = new Float64Array(memory);
  }

  /** Whether a segment of `size` bytes has room, and what goes before it. */
  fits(size: number): boolean {
    return this.filled + headSize + size <= this.size;
  }

  /** Adds the first `size` of `bytes`, which must fit. */
  add(isSent: boolean, at: number, offset: number, bytes: Uint8Array, size: number): void {
    const start = this.#note(at, offset, codeOf(size, isSent, false));
    this.#bytes.set(size < bytes.length ? bytes.subarray(0, size) : bytes, start);
    this.filled = start + roundedUp(size);
  }

  /** Adds a segment whose bytes nobody else has or changes; only what goes before it must fit. */
  addLarge(isSent: boolean, at: number, offset: number, bytes: Uint8Array): void {
    this.filled = this.#note(at, offset, codeOf(bytes.length, isSent, true));
    (this.#large ??= []).push(bytes);
  }

  #note(at: number, offset: number, code: number): number {
    const index = this.filled / Float64Array.BYTES_PER_ELEMENT;
    this.#numbers[index] = at;
    this.#numbers[index + 1] = offset;
    this.#numbers[index + 2] = code;
    return this.filled + headSize;
  }

  /** Bytes of memory that its segments have besides it. */
  get largeSize(): number {
    return this.#large?.reduce((sum, { length }) => sum + length, 0) ?? 0;
  }

  /** Its segments in order; their bytes are where they are. */
  *segments(): Generator<WireSegment> {
    let large = 0;
    for (let place = 0; place < this.filled;) {
      const index = place / Float64Array.BYTES_PER_ELEMENT;
      const [at, offset, code] = this.#numbers.subarray(index, index + 3) as unknown as [number, number, number];
      const start = place + headSize;
      const size = Math.floor(code / 4);
      const isLarge = (code & 2) !== 0;
      const bytes = isLarge ? this.#large![large++]! : this.#bytes.subarray(start, start + size);
      yield { direction: (code & 1) === 1 ? 'sent' : 'received', at, offset, bytes };
      place = isLarge ? start : start + roundedUp(size);
    }
  }

  /** Lets go of what was added after it was filled so far. */
  cut(filled: number): void {
    let kept = 0;
    const { filled: before } = this;
    this.filled = filled;
    for (const { bytes } of this.segments()) if (bytes.buffer !== this.#bytes.buffer) kept += 1;
    if (filled < before && this.#large) this.#large.length = kept;
  }
}

/** Size, direction and where the bytes are, as one number. */
function codeOf(size: number, isSent: boolean, isLarge: boolean): number {
  return 4 * size + (isSent ? 1 : 0) + (isLarge ? 2 : 0);
}

function roundedUp(size: number): number {
  return Math.ceil(size / Float64Array.BYTES_PER_ELEMENT) * Float64Array.BYTES_PER_ELEMENT;
}

/**
 * Slabs to be used again: where connections come and go by the thousand, to make new ones costs more than to fill them.
 */
export class Slabs {
  /** In bytes. */
  readonly #limit: number;
  #size = 0;
  /** By their sizes. */
  readonly #free: readonly Slab[][] = slabSizes.map(() => []);

  /** At most so many bytes are kept to be used again. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The next for who has `count` already; a segment of `size` bytes fits into it. */
  take(count: number, size: number): Slab {
    const needed = headSize + roundedUp(size);
    for (let place = Math.min(count, slabSizes.length - 1); place < slabSizes.length; place++) {
      if (needed > slabSizes[place]!) continue;
      const slab = this.#free[place]!.pop();
      this.#size -= slab?.size ?? 0;
      return slab ?? new Slab(slabSizes[place]!);
    }
    return new Slab(needed);
  }

  /** Nobody looks at what is in it any more. */
  giveBack(slab: Slab): void {
    const place = (slabSizes as readonly number[]).indexOf(slab.size);
    if (place === -1 || this.#size + slab.size > this.#limit) return;
    slab.cut(0);
    this.#size += slab.size;
    this.#free[place]!.push(slab);
  }

  clear(): void {
    for (const free of this.#free) free.length = 0;
    this.#size = 0;
  }
}
