import type { WireRecord, WireSegment, WireStream } from '../../trace/wireRecord.ts';
import { Leisure } from './leisure.ts';
import type { Reading } from './leisure.ts';

/** How much is kept, in bytes of memory. */
export interface CaptureLimits {
  /** Of one exchange, in one direction of one layer: its first bytes. */
  readonly exchange: number;
  /** Of one layer of a connection: its first exchange, which begins with the handshake, and the latest ones. */
  readonly layer: number;
  /** Of all connections: the oldest closed one is forgotten first. */
  readonly all: number;
}

const defaultCaptureLimits: CaptureLimits = {
  exchange: 256 * 1024, layer: 2 * 1024 * 1024, all: 16 * 1024 * 1024,
};

/** What a segment and a connection take besides their bytes, roughly: many tiny ones must not go uncounted. */
const segmentCost = 96;
const connectionCost = 1024;

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

/** What tells of a connection's bytes. */
export interface Teller {
  /** Memory that what it has not told yet takes, in bytes; 0: it has told everything. */
  readonly untold: number;
  tell(): void;
  /** Says that there is something that it tells later. */
  putOff(): void;
}

/** What is kept of one connection's bytes while it lives and until it is forgotten. */
export class Capture implements Reading {
  readonly #limits: CaptureLimits;
  readonly #spend: (bytes: number) => void;
  readonly #leisure: Leisure | undefined;
  readonly transport: StreamCapture;
  plain: StreamCapture | undefined;
  readonly keyLog: string[] = [];
  /** What tells of the bytes: off the way of the request, after it, and at the end. */
  readonly tellers: Teller[] = [];
  isClosed = false;
  /** Memory held until it is told of, while that waits. */
  #waiting = 0;

  /** Without `leisure` nothing waits. */
  constructor(
    limits: CaptureLimits = defaultCaptureLimits, spend: (bytes: number) => void = ignore, leisure?: Leisure,
  ) {
    this.#limits = limits;
    this.#spend = spend;
    this.#leisure = leisure;
    this.transport = new StreamCapture(limits, spend);
  }

  /** The layer inside TLS. */
  startPlain(): StreamCapture {
    this.plain ??= new StreamCapture(this.#limits, this.#spend);
    return this.plain;
  }

  /** Another exchange begins on the connection. */
  begin(): void {
    this.transport.begin();
    this.plain?.begin();
  }

  /** Tells what has passed, or puts it off where many connections would be told of at once. */
  tellAfterwards(): void {
    if (this.#waiting > 0) return;
    let untold = 0;
    for (const teller of this.tellers) untold += teller.untold;
    if (untold === 0) return;
    if (!this.#leisure || this.#leisure.take()) return this.readNow();
    this.#waiting = untold;
    this.#leisure.later(this);
    for (const teller of this.tellers) teller.putOff();
    // May forget this one too.
    this.#spend(untold);
  }

  /** What it tells is put off. */
  get isWaiting(): boolean {
    return this.#waiting > 0;
  }

  readNow(): void {
    this.#waitsNoMore();
    for (const teller of this.tellers) teller.tell();
    if (this.isClosed) this.tellers.length = 0;
  }

  /** Nothing more will pass: once all is told, who tells, and what it remembers, is not kept with the bytes. */
  close(): void {
    this.isClosed = true;
    if (this.#waiting === 0) this.tellers.length = 0;
  }

  forget(): void {
    this.#waitsNoMore();
    if (this.isClosed) this.tellers.length = 0;
    this.transport.forget();
    this.plain?.forget();
    this.keyLog.length = 0;
  }

  #waitsNoMore(): void {
    if (this.#waiting === 0) return;
    this.#leisure?.drop(this);
    this.#spend(-this.#waiting);
    this.#waiting = 0;
  }

  record(connectionId: string): WireRecord {
    const { transport, plain, keyLog } = this;
    return {
      connectionId, transport: transport.stream,
      ...(plain ? { plain: plain.stream } : {}),
      ...(keyLog.length > 0 ? { keyLog: [...keyLog] } : {}),
    };
  }
}

/** The bytes of a client's connections, the open ones and those closed of late. */
export class Captures {
  readonly #limits: CaptureLimits;
  /** The oldest first. */
  readonly #captures = new Map<string, Capture>();
  readonly #leisure = new Leisure();
  #spent = 0;

  constructor(limits: CaptureLimits = defaultCaptureLimits) {
    this.#limits = limits;
  }

  /** Memory held, in bytes. */
  get size(): number {
    return this.#spent;
  }

  open(connectionId: string): Capture {
    const capture = new Capture(this.#limits, this.#spend, this.#leisure);
    this.#captures.set(connectionId, capture);
    this.#spend(connectionCost);
    return capture;
  }

  /** Undefined for a connection whose bytes were never kept, or have been forgotten. */
  read(connectionId: string): WireRecord | undefined {
    const capture = this.#captures.get(connectionId);
    // Whoever wants the bytes looks at this connection: what they tell is not put off any longer.
    if (capture?.isWaiting) capture.readNow();
    return capture?.record(connectionId);
  }

  /** Resolves when all that was put off is told. */
  settled(): Promise<void> {
    return this.#leisure.settled();
  }

  forget(connectionIds: Iterable<string>): void {
    for (const id of connectionIds) this.#forget(id);
  }

  clear(): void {
    this.forget([...this.#captures.keys()]);
  }

  readonly #spend = (bytes: number): void => {
    this.#spent += bytes;
    while (this.#spent > this.#limits.all && this.#captures.size > 0) this.#forget(this.#oldest());
  };

  /** Of the closed ones; while all are open, of those. */
  #oldest(): string {
    for (const [id, { isClosed }] of this.#captures) if (isClosed) return id;
    return this.#captures.keys().next().value!;
  }

  #forget(id: string): void {
    const capture = this.#captures.get(id);
    if (!capture) return;
    this.#captures.delete(id);
    this.#spent -= connectionCost;
    capture.forget();
  }
}

function ignore(): void {}
