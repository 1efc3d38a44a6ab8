import { randomFillSync } from 'node:crypto';

/** RFC 6455 §11.8. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const known: ReadonlySet<number> = new Set(Object.values(opcodes));

/** §5.5: opcodes from 8 on are control frames. */
export function isControl(opcode: number): boolean {
  return opcode >= 8;
}

/** A frame as it came; `size` is that of the whole frame, `at` when its last byte passed, ms. */
export interface Frame {
  readonly final: boolean;
  /** RSV1: with permessage-deflate, the message is compressed (RFC 7692 §6). */
  readonly compressed: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  readonly size: number;
  readonly startAt: number;
  readonly at: number;
}

/** The rule that what came breaks. */
export type BrokenRule =
  | 'reserved-bits' | 'opcode' | 'masked' | 'length' | 'control-length' | 'control-fragmented' | 'too-large'
  | 'continuation' | 'interrupted' | 'compressed' | 'utf8' | 'close-payload' | 'close-code';

/** Where a rule was broken: in the byte at `offset` after the handshake; `closeCode` is what §7.4.1 has for it. */
export interface Violation {
  readonly rule: BrokenRule;
  readonly offset: number;
  readonly closeCode: 1002 | 1007 | 1009;
  readonly value?: number;
}

export interface FrameListener {
  onFrame(frame: Frame): void;
  onViolation(violation: Violation): void;
}

export interface FrameRules {
  /** RSV1 has a meaning: an extension was agreed on. */
  readonly allowsCompressed: boolean;
  /** A longer payload is a violation, in bytes. */
  readonly maxPayload: number;
}

/** The longest head of a frame that is not masked (§5.2). */
const longestHead = 10;

/**
 * Reads the frames that a server sends (§5.2) in chunks cut anywhere. After the first violation nothing more is read.
 * A payload is kept in the chunks it came in until it is whole, and never beyond its limit.
 */
export class FrameReader {
  readonly #listener: FrameListener;
  readonly #rules: FrameRules;
  readonly #head = Buffer.alloc(longestHead);
  #filled = 0;
  #needed = 2;
  #startAt = 0;
  #pieces: Buffer[] = [];
  #left = 0;
  #inPayload = false;
  #offset = 0;
  #frameOffset = 0;
  #isStopped = false;

  constructor(listener: FrameListener, rules: FrameRules) {
    this.#listener = listener;
    this.#rules = rules;
  }

  /** Where the frame that is read begins, in bytes after the handshake. */
  get frameOffset(): number {
    return this.#frameOffset;
  }

  /** A frame has begun and not ended. */
  get isInside(): boolean {
    return this.#filled > 0;
  }

  stop(): void {
    this.#isStopped = true;
    this.#pieces = [];
  }

  feed(chunk: Buffer, at: number): void {
    for (let offset = 0; offset < chunk.length && !this.#isStopped;) {
      offset += this.#inPayload ? this.#takePayload(chunk, offset, at) : this.#takeHead(chunk, offset, at);
    }
  }

  #takeHead(chunk: Buffer, offset: number, at: number): number {
    if (this.#filled === 0) {
      this.#startAt = at;
      this.#frameOffset = this.#offset;
    }
    const taken = chunk.copy(this.#head, this.#filled, offset, offset + this.#needed - this.#filled);
    this.#filled += taken;
    this.#offset += taken;
    if (this.#filled < this.#needed) return taken;
    if (this.#filled === 2) this.#start();
    if (this.#filled === this.#needed && !this.#isStopped) this.#measure(at);
    return taken;
  }

  /** The first two bytes say what the frame is and how its length is written. */
  #start(): void {
    const [first, second] = [this.#head[0]!, this.#head[1]!];
    const opcode = first & 0x0f;
    const length = second & 0x7f;
    const reserved = this.#rules.allowsCompressed && !isControl(opcode) ? 0x30 : 0x70;
    if (first & reserved) return this.#violate('reserved-bits', (first & 0x70) >> 4);
    if (!known.has(opcode)) return this.#violate('opcode', opcode);
    // §5.1: a server must not mask.
    if (second & 0x80) return this.#violate('masked');
    // §5.5: control frames are short and whole.
    if (isControl(opcode) && length > 125) return this.#violate('control-length', length);
    if (isControl(opcode) && !(first & 0x80)) return this.#violate('control-fragmented', opcode);
    this.#needed = length === 126 ? 4 : length === 127 ? 10 : 2;
  }

  #measure(at: number): void {
    const length = this.#length();
    if (length === undefined) return;
    if (length > this.#rules.maxPayload) return this.#violate('too-large', length, 1009);
    this.#left = length;
    this.#inPayload = true;
    if (length === 0) this.#whole(at);
  }

  /** §5.2: the shortest way to write the length must be used, and the highest bit of eight bytes is 0. */
  #length(): number | undefined {
    const short = this.#head[1]! & 0x7f;
    if (short < 126) return short;
    const length = short === 126 ? BigInt(this.#head.readUInt16BE(2)) : this.#head.readBigUInt64BE(2);
    if (length >= 2n ** 63n || length < (short === 126 ? 126n : 65536n)) {
      this.#violate('length', Number(length));
      return undefined;
    }
    return Number(length);
  }

  #takePayload(chunk: Buffer, offset: number, at: number): number {
    const piece = chunk.subarray(offset, offset + this.#left);
    // The chunk is not ours to keep: what waits for the rest is copied.
    this.#pieces.push(piece.length === this.#left && this.#pieces.length === 0 ? piece : Buffer.from(piece));
    this.#left -= piece.length;
    this.#offset += piece.length;
    if (this.#left === 0) this.#whole(at);
    return piece.length;
  }

  #whole(at: number): void {
    const payload = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    const [first] = this.#head;
    const frame = {
      final: (first! & 0x80) !== 0, compressed: (first! & 0x40) !== 0, opcode: first! & 0x0f, payload,
      size: this.#needed + payload.length, startAt: this.#startAt, at,
    };
    this.#pieces = [];
    this.#inPayload = false;
    this.#filled = 0;
    this.#needed = 2;
    this.#listener.onFrame(frame);
  }

  #violate(rule: BrokenRule, value?: number, closeCode: Violation['closeCode'] = 1002): void {
    this.stop();
    this.#listener.onViolation({
      rule, offset: this.#frameOffset, closeCode, ...(value === undefined ? {} : { value }),
    });
  }
}

/** A whole message as one frame of a client: masked with a fresh key that cannot be guessed (§5.3). */
export function clientFrame(opcode: number, payload: Uint8Array, compressed = false): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const start = 2 + extended + 4;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x80 | (compressed ? 0x40 : 0) | opcode;
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  randomFillSync(frame, start - 4, 4);
  for (let at = 0; at < length; at++) frame[start + at] = payload[at]! ^ frame[start - 4 + (at & 3)]!;
  return frame;
}
