import { defaultHeadLimits } from '../../trace/request.ts';
import type { FieldLine, HeadLimits, SendOptions } from '../../trace/request.ts';
import { fieldText } from './fields.ts';

const emptyLine = Buffer.from('\r\n\r\n', 'latin1');

/** What a response's head may be, with the defaults for what is not asked. */
export function headLimitsOf(
  { headLimits }: { readonly headLimits?: SendOptions['headLimits'] | undefined },
): HeadLimits {
  return headLimits ? { ...defaultHeadLimits, ...headLimits } : defaultHeadLimits;
}

/** How many bytes trailers of HTTP/1.1 may have, where a head may have `headSize`. */
export function trailerLimitOf(headSize: number): number {
  return Math.max(leastTrailers, 4 * headSize);
}

const leastTrailers = 256 * 1024;

/**
 * One whole head of HTTP/1.1: its text in latin1 with the empty line, and when its first byte
 * passed.
 */
export interface Head {
  readonly text: string;
  readonly size: number;
  readonly startAt: number;
}

/**
 * Finds heads (RFC 9112 §2.1: start line, fields, empty line) in chunks cut anywhere. It looks at
 * the chunks only while a head is expected and keeps copies of an incomplete one only.
 */
export class HeadScanner {
  #pieces: Buffer[] = [];
  #size = 0;
  #startAt = 0;

  /** Bytes of the incomplete head so far. */
  get pending(): number {
    return this.#size;
  }

  /** The first 12 characters of the incomplete head, where its status code ends. */
  start(): string {
    let text = '';
    for (const piece of this.#pieces) {
      text += piece.toString('latin1', 0, 12 - text.length);
      if (text.length >= 12) break;
    }
    return text;
  }

  /** When the first byte of the incomplete head passed. */
  get startAt(): number {
    return this.#startAt;
  }

  /**
   * Looks for the end of a head in `chunk` from `offset` on, which passed at `at` (ms).
   *
   * @returns the head and the offset after it, or undefined when more bytes are needed.
   */
  feed(chunk: Buffer, offset: number, at: number): { head: Head; offset: number } | undefined {
    if (offset >= chunk.length) return undefined;
    if (this.#size === 0) this.#startAt = at;
    const end = this.#endIn(chunk, offset);
    if (end === -1) {
      this.#pieces.push(Buffer.from(chunk.subarray(offset)));
      this.#size += chunk.length - offset;
      return undefined;
    }
    const text = this.#size === 0
      ? chunk.toString('latin1', offset, end)
      : Buffer.concat(this.#pieces).toString('latin1') + chunk.toString('latin1', offset, end);
    this.#pieces = [];
    this.#size = 0;
    return { head: { text, size: text.length, startAt: this.#startAt }, offset: end };
  }

  /** The offset in `chunk` after the empty line; it may have begun in the pieces before. */
  #endIn(chunk: Buffer, offset: number): number {
    if (this.#size > 0) {
      const tail = this.#tail();
      const joined = Buffer.concat([tail, chunk.subarray(offset, offset + 3)]);
      const at = joined.indexOf(emptyLine);
      if (at !== -1) return offset + at + emptyLine.length - tail.length;
    }
    const at = chunk.indexOf(emptyLine, offset);
    return at === -1 ? -1 : at + emptyLine.length;
  }

  #tail(): Buffer {
    let tail: Buffer = Buffer.alloc(0);
    for (let index = this.#pieces.length - 1; index >= 0 && tail.length < 3; index--) {
      tail = Buffer.concat([this.#pieces[index]!, tail]);
    }
    return tail.subarray(Math.max(0, tail.length - 3));
  }
}

/** The field lines of a head's text, as they stand in it: order, case and duplicates kept. */
export function fieldLinesOf(text: string): FieldLine[] {
  const lines: FieldLine[] = [];
  let start = text.indexOf('\r\n') + 2;
  for (;;) {
    const end = text.indexOf('\r\n', start);
    if (end === -1 || end === start) return lines;
    const colon = text.indexOf(':', start);
    if (colon !== -1 && colon < end) {
      lines.push([text.slice(start, colon), fieldText(text.slice(colon + 1, end).trim())]);
    }
    start = end + 2;
  }
}

/** The parts of a status line (RFC 9112 §4), or undefined when it is none. */
export function statusLineOf(
  text: string,
): { version: '1.0' | '1.1'; statusCode: number; reasonPhrase: string } | undefined {
  if (!text.startsWith('HTTP/1.')) return undefined;
  const statusCode = Number(text.slice(9, 12));
  if (!Number.isInteger(statusCode)) return undefined;
  const reasonPhrase = fieldText(text.slice(13, text.indexOf('\r\n')));
  return { version: text.charCodeAt(7) === 48 ? '1.0' : '1.1', statusCode, reasonPhrase };
}
