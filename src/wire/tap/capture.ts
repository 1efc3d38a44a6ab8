import type { WireRecord } from '../../trace/wireRecord.ts';
import { Leisure } from './leisure.ts';
import type { Reading } from './leisure.ts';
import { Slabs } from './slab.ts';
import { defaultCaptureLimits, StreamCapture } from './streamCapture.ts';
import type { CaptureLimits } from './streamCapture.ts';

/** What a connection takes besides its bytes, roughly. */
const connectionCost = 1024;

/** What tells of a connection's bytes. */
export interface Teller {
  /** Memory that what it has not told yet takes, in bytes; 0: it has told everything. */
  readonly untold: number;
  tell(): void;
  /** Says that there is something that it tells later. */
  putOff(): void;
  /** Keeps what it is still to tell of by itself: the bytes are about to be let go of. */
  keepOwn(): void;
}

/** What is kept of one connection's bytes while it lives and until it is forgotten. */
export class Capture implements Reading {
  readonly #limits: CaptureLimits;
  readonly #spend: (bytes: number) => void;
  readonly #leisure: Leisure | undefined;
  readonly #slabs: Slabs | undefined;
  readonly transport: StreamCapture;
  plain: StreamCapture | undefined;
  readonly keyLog: string[] = [];
  /** What tells of the bytes: off the way of the request, after it, and at the end. */
  readonly tellers: Teller[] = [];
  isClosed = false;
  #isForgotten = false;
  /** Memory held until it is told of, while that waits. */
  #waiting = 0;

  /** Without `leisure` nothing waits; without `slabs` no memory is used again. */
  constructor(
    limits: CaptureLimits = defaultCaptureLimits, spend: (bytes: number) => void = ignore, leisure?: Leisure,
    slabs?: Slabs,
  ) {
    this.#limits = limits;
    this.#spend = spend;
    this.#leisure = leisure;
    this.#slabs = slabs;
    this.transport = new StreamCapture(limits, spend, slabs);
  }

  /** The layer inside TLS. */
  startPlain(): StreamCapture {
    this.plain ??= new StreamCapture(this.#limits, this.#spend, this.#slabs);
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
    // Nobody counts it any more, so that it could wait for ever.
    if (this.#isForgotten) return;
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
    this.#isForgotten = true;
    this.#waitsNoMore();
    if (this.isClosed) this.tellers.length = 0;
    for (const teller of this.tellers) teller.keepOwn();
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
  readonly #slabs: Slabs;
  #spent = 0;

  constructor(limits: CaptureLimits = defaultCaptureLimits) {
    this.#limits = limits;
    this.#slabs = new Slabs(limits.all / 8);
  }

  /** Memory held, in bytes. */
  get size(): number {
    return this.#spent;
  }

  open(connectionId: string): Capture {
    const capture = new Capture(this.#limits, this.#spend, this.#leisure, this.#slabs);
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
    this.#slabs.clear();
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
