/** Frame types and flags of RFC 9113 §6 that matter here. */
export const frameType = { data: 0, headers: 1, resetStream: 3, goaway: 7, continuation: 9 } as const;
export const endStream = 0x1;
export const endHeaders = 0x4;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** Of the payload, in bytes; the frame's own head is 9 more. */
  readonly length: number;
  /** When its first byte passed, ms. */
  readonly startAt: number;
}

const frameHeadSize = 9;

/**
 * Reads the heads of HTTP/2 frames (RFC 9113 §4.1) in chunks cut anywhere; payloads are skipped. It
 * tells when each frame's last byte passed.
 */
export class FrameReader {
  readonly #onEnd: (frame: Frame, at: number) => void;
  #skip: number;
  #head = Buffer.alloc(frameHeadSize);
  #filled = 0;
  #startAt = 0;
  #frame: Frame | undefined;

  /** `preface` is the number of bytes before the first frame (RFC 9113 §3.4: 24 of the client). */
  constructor(preface: number, onEnd: (frame: Frame, at: number) => void) {
    this.#skip = preface;
    this.#onEnd = onEnd;
  }

  feed(chunk: Buffer, at: number): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - offset);
        this.#skip -= skipped;
        offset += skipped;
        if (this.#skip === 0) this.#end(at);
      } else {
        offset += this.#readHead(chunk, offset, at);
      }
    }
  }

  #readHead(chunk: Buffer, offset: number, at: number): number {
    if (this.#filled === 0) this.#startAt = at;
    const taken = chunk.copy(this.#head, this.#filled, offset, offset + frameHeadSize - this.#filled);
    this.#filled += taken;
    if (this.#filled < frameHeadSize) return taken;
    this.#filled = 0;
    const length = this.#head.readUIntBE(0, 3);
    this.#frame = {
      type: this.#head[3]!, flags: this.#head[4]!, stream: this.#head.readUInt32BE(5) & 0x7fffffff,
      length, startAt: this.#startAt,
    };
    this.#skip = length;
    if (length === 0) this.#end(at);
    return taken;
  }

  #end(at: number): void {
    const frame = this.#frame;
    this.#frame = undefined;
    if (frame) this.#onEnd(frame, at);
  }
}

const errorNames = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED',
  'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
] as const;

/** RFC 9113 §7: the name of an error code; a number of its own where it has none. */
export function errorName(code: number): string {
  return errorNames[code] ?? `0x${code.toString(16)}`;
}
