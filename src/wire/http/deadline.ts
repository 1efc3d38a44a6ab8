/** A wait that ends at a limit: which one it is, and what to do then. */
export type DeadlineKind = 'send' | 'head' | 'idle';

/** `setTimeout` cannot wait longer; such limits are none. */
const longest = 2 ** 31 - 1;

/**
 * The limits of one exchange, one after another, with one timer that is seldom reset: when it fires too
 * early it waits for what is left.
 */
export class Deadline {
  readonly #now: () => number;
  readonly #onMet: (kind: DeadlineKind, limit: number) => void;
  #kind: DeadlineKind = 'send';
  #limit = Infinity;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = 0;

  constructor(now: () => number, onMet: (kind: DeadlineKind, limit: number) => void) {
    this.#now = now;
    this.#onMet = onMet;
  }

  /** From `since` (ms, monotonic) on, `limit` ms may pass. */
  set(kind: DeadlineKind, limit: number, since: number): void {
    this.#kind = kind;
    this.#limit = limit;
    this.#since = since;
    if (limit >= longest) return;
    if (this.#timer && this.#firesAt <= since + limit) return;
    this.#wait(limit);
  }

  /** A sign of life: the limit counts anew. */
  touch(at: number): void {
    this.#since = at;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#limit = Infinity;
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = this.#now() + milliseconds;
    this.#timer = setTimeout(() => this.#fired(), Math.max(1, Math.ceil(milliseconds)));
  }

  #fired(): void {
    this.#timer = undefined;
    if (this.#limit >= longest) return;
    const left = this.#since + this.#limit - this.#now();
    if (left > 0) this.#wait(left);
    else this.#onMet(this.#kind, this.#limit);
  }
}
