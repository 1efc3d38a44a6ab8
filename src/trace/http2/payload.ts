import type { Mutable } from '../mutable.ts';
import type { Http2Frame, StreamPriority } from './frame.ts';
import { frameFlag, frameType } from './frameNames.ts';
import type { RawFrame } from './frameReader.ts';

/** Octets of texts and of unknown payloads that are told, and settings of one frame. */
const longestText = 4096;
const longestOpaque = 64;
const mostSettings = 100;
const mostOrigins = 100;

/**
 * Adds what a frame's payload says, all but the fields of a field block (RFC 9113 §6). A payload that does not fit its
 * type is a problem of the frame; what it says until there is kept.
 */
export function readPayload(frame: Mutable<Http2Frame>, raw: RawFrame): Mutable<Http2Frame> {
  const reader = new PayloadReader(raw);
  read(frame, raw, reader);
  if (reader.isShort) frame.problem = 'malformed';
  return frame;
}

function read(frame: Mutable<Http2Frame>, { type, flags, length }: RawFrame, reader: PayloadReader): void {
  switch (type) {
    case frameType.headers:
      readPadding(frame, reader);
      if (flags & frameFlag.priority) frame.priority = readPriority(reader);
      return endHead(frame, reader);
    case frameType.pushPromise:
      readPadding(frame, reader);
      frame.promisedStream = reader.uint32() & 0x7fffffff;
      return endHead(frame, reader);
    case frameType.priority:
      frame.priority = readPriority(reader);
      return exactly(frame, 5);
    case frameType.resetStream:
      frame.errorCode = reader.uint32();
      return exactly(frame, 4);
    case frameType.settings:
      return readSettings(frame, reader);
    case frameType.ping:
      frame.opaque = reader.hex(8);
      return exactly(frame, 8);
    case frameType.goaway:
      frame.lastStream = reader.uint32() & 0x7fffffff;
      frame.errorCode = reader.uint32();
      if (length > 8) frame.text = reader.text(length - 8);
      return;
    case frameType.windowUpdate:
      frame.increment = reader.uint32() & 0x7fffffff;
      // §6.9: an increment of 0 is an error.
      if (frame.increment === 0) frame.problem = 'malformed';
      return exactly(frame, 4);
    case frameType.alternativeService: { // RFC 7838 §4
      const size = reader.uint16();
      if (size > 0) frame.origins = [reader.text(size)];
      frame.text = reader.text(length - 2 - size);
      return;
    }
    case frameType.origin: // RFC 8336 §2.1
      return readOrigins(frame, reader);
    case frameType.priorityUpdate: // RFC 9218 §7.1
      frame.promisedStream = reader.uint32() & 0x7fffffff;
      frame.text = reader.text(length - 4);
      return;
    default:
      if (length > 0) frame.opaque = reader.hex(Math.min(length, longestOpaque));
  }
}

/** §6.1: padding as long as the payload, or longer, is an error. */
function readPadding(frame: Mutable<Http2Frame>, reader: PayloadReader): void {
  if (!(frame.flags & frameFlag.padded)) return;
  frame.padding = reader.uint8();
  if (frame.padding >= frame.length) frame.problem = 'malformed';
}

function endHead(frame: Mutable<Http2Frame>, reader: PayloadReader): void {
  frame.blockStart = reader.at;
  if (reader.at + (frame.padding ?? 0) > frame.length) frame.problem = 'malformed';
}

function readPriority(reader: PayloadReader): StreamPriority {
  const dependency = reader.uint32();
  return { dependency: dependency & 0x7fffffff, isExclusive: dependency >= 0x80000000, weight: reader.uint8() + 1 };
}

function readSettings(frame: Mutable<Http2Frame>, reader: PayloadReader): void {
  const settings: [number, number][] = [];
  const count = Math.min(Math.floor(frame.length / 6), mostSettings);
  for (let index = 0; index < count; index++) settings.push([reader.uint16(), reader.uint32()]);
  if (!(frame.flags & frameFlag.ack)) frame.settings = settings;
  // §6.5: an acknowledgement is empty.
  if (frame.length % 6 !== 0 || (frame.flags & frameFlag.ack && frame.length > 0)) frame.problem = 'malformed';
}

function readOrigins(frame: Mutable<Http2Frame>, reader: PayloadReader): void {
  const origins: string[] = [];
  while (reader.at < frame.length && !reader.isShort && origins.length < mostOrigins) {
    origins.push(reader.text(reader.uint16()));
  }
  frame.origins = origins;
}

function exactly(frame: Mutable<Http2Frame>, length: number): void {
  if (frame.length !== length) frame.problem = 'malformed';
}

/** Reads on where the payload ended, with zeros, and remembers that it did. */
class PayloadReader {
  readonly #payload: Uint8Array;
  at = 0;
  isShort = false;

  constructor({ payload }: RawFrame) {
    this.#payload = payload;
  }

  uint8(): number {
    const octet = this.#payload[this.at++];
    if (octet === undefined) this.isShort = true;
    return octet ?? 0;
  }

  uint16(): number {
    return this.uint8() * 0x100 + this.uint8();
  }

  uint32(): number {
    return this.uint16() * 0x10000 + this.uint16();
  }

  hex(size: number): string {
    return Array.from(this.#take(size, longestOpaque), (octet) => octet.toString(16).padStart(2, '0')).join('');
  }

  /** One character an octet. */
  text(size: number): string {
    return String.fromCharCode(...this.#take(size, longestText));
  }

  #take(size: number, most: number): Uint8Array {
    const part = this.#payload.subarray(this.at, this.at + Math.max(0, Math.min(size, most)));
    if (size < 0 || this.at + size > this.#payload.length) this.isShort = true;
    this.at += Math.max(0, size);
    return part;
  }
}
