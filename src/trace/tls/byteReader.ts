/**
 * Reads numbers and vectors (RFC 8446 §3) from the front. What is not there reads as zeros and as empty, and `isShort`
 * then says so: whoever reads need not ask each time, and a loop over what is left ends.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** An unsigned number of `size` bytes, at most 6. */
  number(size: number): number {
    if (size > this.left) return this.bytes(size).length;
    let value = 0;
    for (const end = this.#offset + size; this.#offset < end; this.#offset++) {
      value = value * 256 + this.#bytes[this.#offset]!;
    }
    return value;
  }

  bytes(size: number): Uint8Array {
    const start = this.#offset;
    if (size > this.left) {
      this.isShort = true;
      this.#offset = this.#bytes.length;
      return new Uint8Array();
    }
    this.#offset += size;
    return this.#bytes.subarray(start, this.#offset);
  }

  /** A vector whose length takes `lengthSize` bytes. */
  vector(lengthSize: number): Uint8Array {
    return this.bytes(this.number(lengthSize));
  }

  /** The same, to be read further. */
  part(lengthSize: number): ByteReader {
    return new ByteReader(this.vector(lengthSize));
  }

  rest(): Uint8Array {
    return this.bytes(this.left);
  }
}

/** Every number of `size` bytes that a vector holds. */
export function numbersIn(bytes: Uint8Array, size: 1 | 2): number[] {
  const numbers: number[] = [];
  for (let offset = 0; offset + size <= bytes.length; offset += size) {
    numbers.push(size === 1 ? bytes[offset]! : bytes[offset]! * 256 + bytes[offset + 1]!);
  }
  return numbers;
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Octets as hex digits in lower case, two for each, with nothing between them. */
export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexDigits[byte];
  return text;
}

/** Text from the network: what is no printable ASCII as `\xNN`. */
export function asciiOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
