import { frameFlag, frameType } from './frameNames.ts';

/** A frame as it is cut out of the octets of one direction. */
export interface RawFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** Of the payload, in octets; the frame's own head is 9 more. */
  readonly length: number;
  /** When its first octet passed, ms. */
  readonly startAt: number;
  /** Octets before it in its direction. */
  readonly offset: number;
  /**
   * The payload's beginning: of DATA at most the length of its padding, of others up to {@link longestPayload}. Only
   * until the callback returns.
   */
  readonly payload: Uint8Array;
}

/** RFC 9113 §4.1, in octets. */
export const frameHeadSize = 9;

/** Octets of a payload that are read; 16 KiB is the most unless more was agreed (RFC 9113 §6.5.2). */
const longestPayload = 64 * 1024;

/** RFC 9113 §3.4: what a client sends before its first frame. */
export const clientPreface = 24;

const none = new Uint8Array();

/**
 * Reads the HTTP/2 frames (RFC 9113 §4.1) of one direction, in chunks cut anywhere. It tells each frame when its last
 * octet has passed. Payloads are read only when `payloads` are wanted.
 */
export class FrameReader {
  readonly #onEnd: (frame: RawFrame, at: number) => void;
  readonly #wantsPayloads: boolean;
  /** Octets until the next frame's head. */
  #left: number;
  readonly #head = new Uint8Array(frameHeadSize);
  #filled = 0;
  #startAt = 0;
  #offset = 0;
  #frame: { -readonly [K in keyof RawFrame]: RawFrame[K] } | undefined;
  /** Of the frame under way, in memory of its own once a chunk has ended in it. */
  #payload: Uint8Array = none;
  #wanted = 0;
  #read = 0;

  /** `preface` is the number of octets before the first frame. */
  constructor(preface: number, onEnd: (frame: RawFrame, at: number) => void, payloads = false) {
    this.#left = preface;
    this.#onEnd = onEnd;
    this.#wantsPayloads = payloads;
  }

  feed(chunk: Uint8Array, at: number): void {
    let position = 0;
    while (position < chunk.length) {
      const taken = this.#left > 0 ? this.#readPayload(chunk, position) : this.#readHead(chunk, position, at);
      position += taken;
      this.#offset += taken;
      if (this.#left === 0 && this.#frame) this.#end(at);
    }
  }

  #readHead(chunk: Uint8Array, position: number, at: number): number {
    if (this.#filled === 0) this.#startAt = at;
    const head = this.#head;
    const taken = Math.min(frameHeadSize - this.#filled, chunk.length - position);
    for (let index = 0; index < taken; index++) head[this.#filled + index] = chunk[position + index]!;
    this.#filled += taken;
    if (this.#filled < frameHeadSize) return taken;
    this.#filled = 0;
    const length = head[0]! * 0x10000 + head[1]! * 0x100 + head[2]!;
    const frame = {
      type: head[3]!, flags: head[4]!, length, startAt: this.#startAt, payload: none,
      stream: (head[5]! & 0x7f) * 0x1000000 + head[6]! * 0x10000 + head[7]! * 0x100 + head[8]!,
      offset: this.#offset + taken - frameHeadSize,
    };
    this.#frame = frame;
    this.#left = length;
    this.#read = 0;
    this.#wanted = this.#wantsPayloads ? Math.min(length, wantedOf(frame.type, frame.flags)) : 0;
    return taken;
  }

  #readPayload(chunk: Uint8Array, position: number): number {
    const taken = Math.min(this.#left, chunk.length - position);
    this.#left -= taken;
    const missing = this.#wanted - this.#read;
    if (missing > 0) this.#keep(chunk.subarray(position, position + Math.min(taken, missing)));
    return taken;
  }

  /** Most payloads are whole in a chunk and need no copy; a chunk's memory is another's once it was fed. */
  #keep(part: Uint8Array): void {
    if (this.#read === 0 && part.length === this.#wanted && this.#left === 0) {
      this.#payload = part;
    } else {
      if (this.#read === 0) this.#payload = new Uint8Array(this.#wanted);
      this.#payload.set(part, this.#read);
    }
    this.#read += part.length;
  }

  #end(at: number): void {
    const frame = this.#frame!;
    this.#frame = undefined;
    if (this.#wanted > 0) frame.payload = this.#payload;
    this.#payload = none;
    this.#onEnd(frame, at);
  }
}

function wantedOf(type: number, flags: number): number {
  if (type !== frameType.data) return longestPayload;
  return flags & frameFlag.padded ? 1 : 0;
}
