import { monotonicNow } from '../clock.ts';

/** Something to be read beside the exchanges. */
export interface Reading {
  readNow(): void;
}

/**
 * So much is read at once, and then one in so many ms: for a person who sends everything is read when an exchange ends,
 * and of a load test only as much as takes a hundredth of the time.
 */
const burst = 6;
const refill = 100;
/** Of those that somebody waits for, so many are read between two turns of the event loop. */
const flushed = 16;

/**
 * Decides what is read now and what later, when there is time: the newest first, for it is the one that is looked at,
 * and the oldest is the next to be forgotten. While nothing waits, nothing runs.
 */
export class Leisure {
  readonly #now: () => number;
  readonly #waiting = new Set<Reading>();
  #tokens = burst;
  #filledAt: number;
  #timer: NodeJS.Timeout | undefined;

  /** `now` is monotonic, ms. */
  constructor(now: () => number = monotonicNow) {
    this.#now = now;
    this.#filledAt = now();
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Whether there is time to read one now. */
  take(): boolean {
    const filled = Math.floor((this.#now() - this.#filledAt) / refill);
    if (filled > 0) {
      this.#tokens = Math.min(burst, this.#tokens + filled);
      this.#filledAt += filled * refill;
    }
    if (this.#tokens === 0) return false;
    this.#tokens -= 1;
    return true;
  }

  /** It is read once there is time. */
  later(reading: Reading): void {
    this.#waiting.add(reading);
    this.#timer ??= setTimeout(this.#readNext, refill).unref();
  }

  /** It needs not be read any more. */
  drop(reading: Reading): void {
    this.#waiting.delete(reading);
  }

  /** Reads everything that waits, and resolves then. */
  async settled(): Promise<void> {
    for (let count = 1; this.#waiting.size > 0; count++) {
      this.#readNewest();
      if (count % flushed === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  readonly #readNext = (): void => {
    this.#timer = undefined;
    if (this.#waiting.size > 0 && this.take()) this.#readNewest();
    if (this.#waiting.size > 0) this.#timer = setTimeout(this.#readNext, refill).unref();
  };

  #readNewest(): void {
    let newest: Reading | undefined;
    for (const one of this.#waiting) newest = one;
    this.#waiting.delete(newest!);
    newest!.readNow();
  }
}
