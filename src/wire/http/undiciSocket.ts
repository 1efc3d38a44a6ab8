import { EventEmitter } from 'node:events';
import type { Taker, Tap } from '../connection.ts';
import { isLent, lentSize } from '../tap/lentReads.ts';

const interimStart = /^HTTP\/1\.[01] 1(?!01)\d\d/;
const emptyLine = Buffer.from('\r\n\r\n', 'latin1');

/** Told by the socket. */
export interface UndiciSocketOwner {
  /** The octets of a text that undici writes. */
  octetsOf(text: string): Buffer;
  /** undici has done with all that has arrived so far. */
  onRead(): void;
}

/**
 * What undici sees of a tap, and after it of another: one undici `Client` serves many connections, one after
 * another, since to make one costs more than an exchange. It stands between them also because it can do what undici
 * cannot: take interim responses out (undici breaks the connection at an unasked `100 Continue`, which RFC 9110
 * §15.2 says to parse; they are recorded at the tap), and let go of a connection that stays open.
 */
export class UndiciSocket extends EventEmitter implements Taker {
  readonly #owner: UndiciSocketOwner;
  #tap: Tap | undefined;
  #dead = false;
  /** What has arrived and is not read; more than one chunk only while undici pauses. */
  #chunk: Buffer | undefined;
  readonly #more: Buffer[] = [];
  #kept: Buffer | undefined;
  #isHeld = false;
  #hasEnded = false;
  /** The response's head has begun: what comes is undici's as it is. */
  #passing = false;
  /** The beginning of a head, until it can be told whose. */
  #beginning: Buffer | undefined;
  /** undici is being given what has arrived. */
  #isGiving = false;
  #isOver = false;

  constructor(owner: UndiciSocketOwner) {
    super();
    this.#owner = owner;
  }

  /** For one exchange on `tap`: the next bytes are a head. */
  attach(tap: Tap): void {
    this.#tap = tap;
    this.#isHeld = false;
    this.#hasEnded = false;
    this.#passing = false;
    this.#beginning = undefined;
    this.#isOver = false;
    tap.giveTo(this);
  }

  /** The response is complete: what may still be there is not given to undici, which is in the midst of reading. */
  finish(): void {
    this.#isOver = true;
  }

  /** Its owner will be told when undici has read. */
  get isGiving(): boolean {
    return this.#isGiving;
  }

  /** RFC 9112 §9.3: nothing may come after the response, and behind the connection's end nothing can be sent. */
  get isLeftover(): boolean {
    return this.#chunk !== undefined || this.#hasEnded;
  }

  /** The exchange is over, the connection stays open: what was held back while undici paused may come. */
  detach(): void {
    if (this.#isHeld) this.#tap?.hold(false);
    this.#isHeld = false;
    this.#tap = undefined;
  }

  // --- called by the tap ---------------------------------------------------------------------------

  arrived(chunk: Buffer): void {
    if (this.#dead) return;
    if (this.#chunk === undefined) this.#chunk = chunk;
    else this.#more.push(isLent(chunk) ? Buffer.from(chunk) : chunk);
    this.#isGiving = true;
    try {
      this.emit('readable');
    } finally {
      this.#isGiving = false;
    }
    if (this.#chunk !== undefined && !this.#isHeld) {
      if (isLent(this.#chunk)) this.#chunk = this.#keep(this.#chunk);
      this.#isHeld = true;
      this.#tap?.hold(true);
    }
    this.#owner.onRead();
  }

  /** What is kept so is used up before more comes: it takes the place of what was kept before. */
  #keep(chunk: Buffer): Buffer {
    this.#kept ??= Buffer.allocUnsafeSlow(lentSize);
    return this.#kept.subarray(0, chunk.copy(this.#kept));
  }

  /** The end comes after all that has arrived before it. */
  ended(): void {
    this.#hasEnded = true;
    if (this.#chunk === undefined) this.emit('end');
  }

  drained(): void {
    this.emit('drain');
  }

  closed(error: Error | undefined): void {
    this.#dead = true;
    if (error && this.listenerCount('error') > 0) this.emit('error', error);
    // undici makes an error of every close, also after the last response; a stack for it costs
    // 10 µs and is read by nobody.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      this.emit('close');
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  // --- called by undici ----------------------------------------------------------------------------

  read(): Buffer | null {
    for (;;) {
      const chunk = this.#chunk;
      if (this.#isOver) return null;
      if (chunk === undefined) {
        if (this.#isHeld) this.#goOn();
        return null;
      }
      this.#chunk = this.#more.shift();
      if (this.#passing) return chunk;
      // `HTTP/1.1 2…`, mostly.
      this.#passing = this.#beginning === undefined && chunk.length > 9 && chunk[9] !== 0x31;
      const head = this.#passing ? chunk : this.#withoutInterim(chunk);
      if (head) return head;
    }
  }

  #goOn(): void {
    this.#isHeld = false;
    this.#tap?.hold(false);
    // undici is reading just now; with the last of it, it may be done with the connection, and must hear no more of it.
    if (this.#hasEnded) queueMicrotask(() => { if (!this.#dead) this.emit('end'); });
  }

  #withoutInterim(chunk: Buffer): Buffer | undefined {
    let rest = this.#beginning ? Buffer.concat([this.#beginning, chunk]) : chunk;
    this.#beginning = undefined;
    while (rest.length > 0) {
      // Too short to tell, but still possibly one.
      if (rest.length < 12 && 'HTTP/1.1 1'.startsWith(rest.toString('latin1', 0, 10))) break;
      if (!interimStart.test(rest.toString('latin1', 0, 12))) {
        this.#passing = true;
        return rest;
      }
      const end = rest.indexOf(emptyLine);
      if (end === -1) break;
      rest = rest.subarray(end + emptyLine.length);
    }
    this.#beginning = rest.length > 0 ? rest : undefined;
    return undefined;
  }

  unshift(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (this.#chunk !== undefined) this.#more.unshift(this.#chunk);
    this.#chunk = chunk;
  }

  write(chunk: Buffer | string): boolean {
    return this.#tap?.send(typeof chunk === 'string' ? this.#owner.octetsOf(chunk) : chunk) ?? false;
  }

  cork(): void {
    this.#tap?.gather();
  }

  uncork(): void {
    this.#tap?.flush();
  }

  destroy(error?: Error): this {
    // undici ends a socket with errors of its own after the response; the connection's end is no
    // error then.
    if (this.#tap) this.#tap.destroy(error);
    else if (!this.#dead) queueMicrotask(() => this.closed(undefined));
    this.#dead = true;
    return this;
  }

  get destroyed(): boolean {
    return this.#dead || (this.#tap?.destroyed ?? false);
  }

  get errored(): Error | null {
    return this.#tap?.errored ?? null;
  }

  get writableNeedDrain(): boolean {
    return false;
  }

  get writableLength(): number {
    return 0;
  }

  /** undici takes for a stream what has `pipe`. */
  pipe(): never {
    throw new Error('not a stream to pipe');
  }
}
