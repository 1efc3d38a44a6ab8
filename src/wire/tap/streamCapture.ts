import type { WireSegment, WireStream } from '../../trace/wireRecord.ts';
import { Slabs } from './slab.ts';
import type { Slab } from './slab.ts';

/** How much is kept, in bytes of memory. */
export interface CaptureLimits {
  /** Of one exchange, in one direction of one layer: its first bytes. */
  readonly exchange: number;
  /** Of one layer of a connection: its first exchange, which begins with the handshake, and the latest ones. */
  readonly layer: number;
  /** Of all connections: the oldest closed one is forgotten first. */
  readonly all: number;
}

export const defaultCaptureLimits: CaptureLimits = {
  exchange: 256 * 1024, layer: 2 * 1024 * 1024, all: 16 * 1024 * 1024,
};

/** What a segment takes besides its bytes, roughly, once it is looked at: many tiny ones must not go uncounted. */
const segmentCost = 96;

/** Chunks of at least this many bytes have memory of their own. */
const largeChunk = 4096;

/** One layer's bytes in both directions, kept up to its limits and counted beyond them. */
export class StreamCapture {
  readonly #limits: CaptureLimits;
  readonly #spend: (bytes: number) => void;
  readonly #slabs: Slabs;
  sentSize = 0;
  receivedSize = 0;
  /** How many segments were kept, those let go of included. */
  count = 0;
  /** The latest chunk was kept whole. */
  isWhole = true;
  #kept: Slab[] = [];
  #current: Slab | undefined;
  /** Of the exchange under way. */
  #roomSent: number;
  #roomReceived: number;
  /** Where the first exchange ends, which is not let go for later ones: slabs, 0 while it goes on, and in the last. */
  #firstCount = 0;
  #firstFilled = 0;
  #cost = 0;
  #isForgotten = false;
  /** Somebody may be looking at the memory. */
  #isShown = false;

  constructor(limits: CaptureLimits, spend: (bytes: number) => void, slabs: Slabs = new Slabs(0)) {
    this.#limits = limits;
    this.#spend = spend;
    this.#slabs = slabs;
    this.#roomSent = limits.exchange;
    this.#roomReceived = limits.exchange;
  }

  sent(bytes: Uint8Array, at: number): void {
    const offset = this.sentSize;
    this.sentSize += bytes.length;
    this.isWhole = this.#roomSent > 0 && this.#roomSent >= bytes.length;
    if (this.#roomSent > 0) this.#roomSent = this.#keep(true, at, offset, bytes, this.#roomSent);
  }

  received(bytes: Uint8Array, at: number): void {
    const offset = this.receivedSize;
    this.receivedSize += bytes.length;
    this.isWhole = this.#roomReceived > 0 && this.#roomReceived >= bytes.length;
    if (this.#roomReceived > 0) this.#roomReceived = this.#keep(false, at, offset, bytes, this.#roomReceived);
  }

  /**
   * Gives the room that is left: none after a chunk that did not fit, so that gaps are few. The bytes are copied: reads
   * share memory with later ones, and who writes may use its own again.
   */
  #keep(isSent: boolean, at: number, offset: number, bytes: Uint8Array, room: number): number {
    const size = Math.min(bytes.length, room);
    const before = this.#current;
    const isLarge = size >= largeChunk;
    const slab = before?.fits(isLarge ? 0 : size) ? before : this.#nextSlab(isLarge ? 0 : size);
    this.count += 1;
    if (isLarge) slab.addLarge(isSent, at, offset, new Uint8Array(bytes.subarray(0, size)));
    else slab.add(isSent, at, offset, bytes, size);
    const cost = (slab === before ? 0 : slab.size) + (isLarge ? size : 0);
    if (cost > 0) this.#pay(cost);
    return size < bytes.length || this.#isForgotten ? 0 : room - size - segmentCost;
  }

  #nextSlab(size: number): Slab {
    const slab = this.#slabs.take(this.#kept.length, size);
    this.#kept.push(slab);
    this.#current = slab;
    return slab;
  }

  /** Another exchange begins: its first bytes are kept, whatever became of those before it. */
  begin(): void {
    if (this.#isForgotten) return;
    if (this.#firstCount === 0 && this.#current) {
      this.#firstCount = this.#kept.length;
      this.#firstFilled = this.#current.filled;
    }
    this.#roomSent = this.#limits.exchange;
    this.#roomReceived = this.#limits.exchange;
  }

  /** Lets go of everything kept, for good; counting goes on. */
  forget(): void {
    this.#isForgotten = true;
    if (!this.#isShown) for (const slab of this.#kept) this.#slabs.giveBack(slab);
    this.#kept = [];
    this.#current = undefined;
    this.#roomSent = 0;
    this.#roomReceived = 0;
    this.#spend(-this.#cost);
    this.#cost = 0;
  }

  get stream(): WireStream {
    this.#isShown = true;
    return { segments: [...this.segments()], sentSize: this.sentSize, receivedSize: this.receivedSize };
  }

  /** What is kept, in order; none of it is to be looked at after this layer is forgotten. */
  *segments(): Generator<WireSegment> {
    for (const slab of this.#kept) yield* slab.segments();
  }

  #pay(cost: number): void {
    this.#cost += cost;
    if (this.#cost > this.#limits.layer) this.#letGo();
    // May forget this layer too.
    this.#spend(cost);
  }

  /** The oldest after the first exchange, as far as the limit wants it. */
  #letGo(): void {
    const first = this.#kept[this.#firstCount - 1];
    const last = this.#kept.length - 1;
    if (!first || this.#firstCount > last) return;
    let freed = first.largeSize;
    // What came after the first exchange into the same slab is older than all that is let go.
    first.cut(this.#firstFilled);
    freed -= first.largeSize;
    let end = this.#firstCount;
    const wanted = this.#cost - this.#limits.layer;
    for (; end < last && freed < wanted; end++) freed += this.#kept[end]!.size + this.#kept[end]!.largeSize;
    for (const slab of this.#kept.splice(this.#firstCount, end - this.#firstCount)) {
      if (!this.#isShown) this.#slabs.giveBack(slab);
    }
    this.#cost -= freed;
    this.#spend(-freed);
  }
}
