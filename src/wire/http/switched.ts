import type { Tap } from '../connection.ts';
import { monotonicNow } from '../clock.ts';
import type { Transmission } from './transmission.ts';

/** How long nothing may come before the connection is let go, ms; the value is our own. */
const quiet = 500;

/** Told of what comes, and of the end; as a `Sink` is. */
export interface SwitchedOwner {
  data(chunk: Buffer): boolean;
  end(at: number, trailers: readonly []): void;
}

/**
 * A connection that speaks another protocol since 101 (RFC 9110 §15.2.2), which is not spoken here: what the server
 * says of itself is kept, until it ends or has nothing more to say.
 */
export class Switched implements Transmission {
  readonly #tap: Tap;
  readonly #owner: SwitchedOwner;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(tap: Tap, owner: SwitchedOwner) {
    this.#tap = tap;
    this.#owner = owner;
  }

  /** Begins with what came behind the answer's head. */
  start(rest: Buffer): void {
    const tap = this.#tap;
    for (const name of ['end', 'error', 'close']) tap.once(name, () => this.#end());
    this.#wait();
    if (rest.length > 0) this.#take(rest);
    tap.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    if (this.#owner.data(chunk)) return this.#wait();
    // While we are the one who pauses, the server is not quiet.
    clearTimeout(this.#timer);
    this.#tap.pause();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), quiet);
  }

  #end(): void {
    if (this.#isOver) return;
    this.abort();
    this.#owner.end(this.#tap.lastReadAt ?? monotonicNow(), []);
  }

  resume(): void {
    if (!this.#isOver) this.#wait();
    this.#tap.resume();
  }

  abort(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#tap.destroy();
  }
}
