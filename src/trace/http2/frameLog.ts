import type { Mutable } from '../mutable.ts';
import { FlowControl } from './flowControl.ts';
import type { Http2Frame } from './frame.ts';
import { frameFlag, frameType } from './frameNames.ts';
import type { RawFrame } from './frameReader.ts';
import { HpackDecoder } from './hpack.ts';
import type { FieldBlock } from './hpack.ts';
import { readPayload } from './payload.ts';

type Direction = Http2Frame['direction'];

/** Octets of one field block that are decoded, all its CONTINUATION frames together. */
const largestBlock = 256 * 1024;

/** A run of DATA is told after this long at the latest, ms, while it goes on. */
const longestRun = 250;

/** A field block under way (RFC 9113 §4.3): nothing may come between its frames. */
interface OpenBlock {
  readonly first: Mutable<Http2Frame>;
  readonly parts: Uint8Array[];
  size: number;
  /** CONTINUATION frames, told as one. */
  rest: Mutable<Http2Frame> | undefined;
}

/**
 * Makes entries of the frames of both directions of a connection, which it must see from the first one and in the order
 * they passed: with their fields decoded, windows counted, and DATA of one stream that follows without another frame
 * between told as one.
 */
export class FrameLog {
  readonly #tell: (frame: Http2Frame) => void;
  readonly #decoders: Readonly<Record<Direction, HpackDecoder>> = {
    sent: new HpackDecoder(), received: new HpackDecoder(),
  };
  readonly #blocks: Record<Direction, OpenBlock | undefined> = { sent: undefined, received: undefined };
  readonly #flowControl = new FlowControl();
  /** DATA that may go on. */
  #run: Mutable<Http2Frame> | undefined;

  constructor(tell: (frame: Http2Frame) => void) {
    this.#tell = tell;
  }

  /** The next frame; `at` is when its last octet passed, ms. */
  add(direction: Direction, raw: RawFrame, at: number): void {
    if (raw.type === frameType.data) return this.#data(direction, raw, at);
    this.flush();
    if (raw.type === frameType.continuation) return this.#continuation(direction, raw, at);
    this.#dropBlock(direction);
    const frame = readPayload(entryOf(direction, raw, at), raw);
    const hasFields = raw.type === frameType.headers || raw.type === frameType.pushPromise;
    if (hasFields) return this.#startBlock(direction, frame, raw);
    this.#done(frame);
  }

  /** Whether something is held back because it may go on. */
  get holds(): boolean {
    return this.#run !== undefined;
  }

  /** Tells what is held back. */
  flush(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run) this.#tell(run);
  }

  #data(direction: Direction, raw: RawFrame, at: number): void {
    const run = this.#run;
    const padding = raw.flags & frameFlag.padded ? raw.payload[0] ?? 0 : undefined;
    const goesOn = run && run.direction === direction && run.stream === raw.stream && run.flags === raw.flags
      && padding === undefined && run.problem === undefined && at - run.at <= longestRun;
    if (goesOn) {
      const window = this.#flowControl.apply({ ...raw, direction });
      run.count = (run.count ?? 1) + 1;
      run.length += raw.length;
      run.endAt = at;
      if (window) run.window = window;
      return;
    }
    this.flush();
    const frame = entryOf(direction, raw, at);
    if (padding !== undefined) frame.padding = padding;
    if (padding !== undefined && padding >= raw.length) frame.problem = 'malformed';
    const window = this.#flowControl.apply(frame);
    if (window) frame.window = window;
    if (padding === undefined && !(raw.flags & frameFlag.endStream)) this.#run = frame;
    else this.#tell(frame);
  }

  #startBlock(direction: Direction, first: Mutable<Http2Frame>, raw: RawFrame): void {
    const { payload, flags } = raw;
    const end = raw.length - (first.padding ?? 0);
    if (payload.length < raw.length) first.problem ??= 'too-large';
    const start = first.blockStart ?? 0;
    const part = payload.subarray(start, Math.max(start, Math.min(end, payload.length)));
    const block = { first, size: part.length, rest: undefined };
    if (flags & frameFlag.endHeaders) return this.#endBlock(direction, { ...block, parts: [part] });
    this.#blocks[direction] = { ...block, parts: [part.slice()] };
  }

  #continuation(direction: Direction, raw: RawFrame, at: number): void {
    const block = this.#blocks[direction];
    const frame = entryOf(direction, raw, at);
    if (!block || block.first.stream !== raw.stream) {
      this.#dropBlock(direction);
      frame.problem = 'malformed';
      return this.#done(frame);
    }
    if (block.size + raw.length > largestBlock || raw.payload.length < raw.length) block.first.problem ??= 'too-large';
    else block.parts.push(raw.payload.slice());
    block.size += raw.length;
    const { rest } = block;
    if (rest) {
      const [count, length] = [(rest.count ?? 1) + 1, rest.length + raw.length];
      Object.assign(rest, { count, length, endAt: at, flags: raw.flags });
    } else block.rest = frame;
    if (!(raw.flags & frameFlag.endHeaders)) return;
    this.#blocks[direction] = undefined;
    this.#endBlock(direction, block);
  }

  #endBlock(direction: Direction, { first, parts, rest }: OpenBlock): void {
    // A part that is missing leaves the table behind: nothing after it can be decoded.
    const decoder = this.#decoders[direction];
    if (first.problem === 'too-large' || first.problem === 'malformed') decoder.break();
    addFields(first, decoder.decode(parts.length === 1 ? parts[0]! : joined(parts)));
    this.#done(first);
    if (rest) this.#tell(rest);
  }

  /** A block that another frame cuts off is never decoded, and nothing after it can be. */
  #dropBlock(direction: Direction): void {
    const block = this.#blocks[direction];
    if (!block) return;
    this.#blocks[direction] = undefined;
    block.first.problem ??= 'malformed';
    this.#endBlock(direction, block);
  }

  #done(frame: Mutable<Http2Frame>): void {
    const window = this.#flowControl.apply(frame);
    if (window) frame.window = window;
    this.#tell(frame);
  }
}

function entryOf(direction: Direction, raw: RawFrame, endAt: number): Mutable<Http2Frame> {
  const { startAt: at, type, flags, stream, length, offset } = raw;
  return { direction, at, endAt, type, flags, stream, length, offset };
}

function addFields(frame: Mutable<Http2Frame>, { fields, omitted, tableSizes, isBroken }: FieldBlock): void {
  frame.fields = fields;
  if (omitted > 0) frame.omittedFields = omitted;
  if (tableSizes.length > 0) frame.tableSizes = tableSizes;
  if (isBroken) frame.problem ??= 'compression';
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
