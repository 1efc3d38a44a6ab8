import type { WireSegment, WireStream } from '../../trace/wireRecord.ts';

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

/** What a segment takes besides its bytes, roughly: many tiny ones must not go uncounted. */
const segmentCost = 96;

/** Chunks of at least this many bytes have memory of their own. */
const largeChunk = 4096;
const slabSizes = { first: 1024, largest: 16 * 1024 } as const;

/** A segment before anyone has asked for it: `size` bytes of `memory` from `start`. */
interface Kept {
  readonly direction: WireSegment['direction'];
  readonly at: number;
  readonly offset: number;
  readonly memory: Uint8Array;
  readonly start: number;
  readonly size: number;
  readonly cost: number;
}

/** One layer's bytes in both directions, kept up to its limits and counted beyond them. */
export class StreamCapture {
  readonly #limits: CaptureLimits;
  readonly #spend: (bytes: number) => void;
  sentSize = 0;
  receivedSize = 0;
  #kept: Kept[] = [];
  /** Of the exchange under way. */
  #roomSent: number;
  #roomReceived: number;
  /** The segments of the first exchange, which are not let go for later ones; 0 while it goes on. */
  #firstCount = 0;
  #cost = 0;
  #slab: Uint8Array | undefined;
  #filled = 0;
  #forgotten = false;

  constructor(limits: CaptureLimits, spend: (bytes: number) => void) {
    this.#limits = limits;
    this.#spend = spend;
    this.#roomSent = limits.exchange;
    this.#roomReceived = limits.exchange;
  }

  sent(bytes: Uint8Array, at: number): void {
    const offset = this.sentSize;
    this.sentSize += bytes.length;
    if (this.#roomSent > 0) this.#roomSent = this.#keep('sent', at, offset, bytes, this.#roomSent);
  }

  received(bytes: Uint8Array, at: number): void {
    const offset = this.receivedSize;
    this.receivedSize += bytes.length;
    if (this.#roomReceived > 0) this.#roomReceived = this.#keep('received', at, offset, bytes, this.#roomReceived);
  }

  /**
   * Gives the room that is left: none after a chunk that did not fit, so that gaps are few. The bytes are copied: reads
   * share memory with later ones, and who writes may use its own again.
   */
  #keep(direction: Kept['direction'], at: number, offset: number, bytes: Uint8Array, room: number): number {
    const size = Math.min(bytes.length, room);
    if (size < largeChunk) this.#copy(direction, at, offset, bytes, size);
    else this.#add(direction, at, offset, new Uint8Array(bytes.subarray(0, size)), 0, size, size);
    return size < bytes.length || this.#forgotten ? 0 : room - size - segmentCost;
  }

  /** Another exchange begins: its first bytes are kept, whatever became of those before it. */
  begin(): void {
    if (this.#forgotten) return;
    if (this.#firstCount === 0) this.#firstCount = this.#kept.length;
    this.#roomSent = this.#limits.exchange;
    this.#roomReceived = this.#limits.exchange;
  }

  /** Lets go of everything kept, for good; counting goes on. */
  forget(): void {
    this.#forgotten = true;
    this.#kept = [];
    this.#slab = undefined;
    this.#roomSent = 0;
    this.#roomReceived = 0;
    this.#spend(-this.#cost);
    this.#cost = 0;
  }

  get stream(): WireStream {
    const segments = this.#kept.map(({ direction, at, offset, memory, start, size }): WireSegment => (
      { direction, at, offset, bytes: new Uint8Array(memory.buffer, memory.byteOffset + start, size) }
    ));
    return { segments, sentSize: this.sentSize, receivedSize: this.receivedSize };
  }

  /** Small chunks share memory: each alone would keep the slab alive that it was cut from. */
  #copy(direction: Kept['direction'], at: number, offset: number, bytes: Uint8Array, size: number): void {
    let cost = 0;
    if (!this.#slab || this.#filled + size > this.#slab.length) {
      const wanted = Math.min(slabSizes.largest, this.#slab ? 4 * this.#slab.length : slabSizes.first);
      this.#slab = new Uint8Array(Math.max(wanted, size));
      this.#filled = 0;
      cost = this.#slab.length;
    }
    const start = this.#filled;
    this.#slab.set(size < bytes.length ? bytes.subarray(0, size) : bytes, start);
    this.#filled += size;
    this.#add(direction, at, offset, this.#slab, start, size, cost);
  }

  #add(
    direction: Kept['direction'], at: number, offset: number, memory: Uint8Array, start: number, size: number,
    memoryCost: number,
  ): void {
    const cost = memoryCost + segmentCost;
    this.#kept.push({ direction, at, offset, memory, start, size, cost });
    this.#cost += cost;
    if (this.#cost > this.#limits.layer) this.#letGo();
    // May forget this layer too.
    this.#spend(cost);
  }

  /** The oldest after the first exchange, to three quarters of the limit, so that it is not done for each chunk. */
  #letGo(): void {
    let end = this.#firstCount;
    let freed = 0;
    const wanted = this.#cost - 0.75 * this.#limits.layer;
    while (end < this.#kept.length - 1 && freed < wanted) freed += this.#kept[end++]!.cost;
    this.#kept.splice(this.#firstCount, end - this.#firstCount);
    this.#cost -= freed;
    this.#spend(-freed);
  }
}
