/** What is waited for: a byte taken or received, or the response's head. */
export type DeadlineKind = 'send' | 'head' | 'idle';

/** Told when a limit is met; `limit` in ms. */
export interface DeadlineOwner {
  onDeadline(kind: DeadlineKind, limit: number): void;
}

/** `setTimeout` cannot wait longer; such limits are none. */
const longest = 2 ** 31 - 1;

/**
 * The limits of all exchanges of a client, with one timer: it fires at the earliest one known,
 * looks at all, and waits for the next. An exchange that ends in time costs no timer of its own.
 */
export class Watch {
  readonly #now: () => number;
  /**
   * In no order; each knows its place. A set would do, but one that is added to and removed from for each exchange
   * leaves behind a chain of old tables that keeps thousands of exchanges from being collected soon.
   */
  readonly #deadlines: Deadline[] = [];
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Infinity;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The deadline counts from here on, until it is removed. */
  add(deadline: Deadline): void {
    if (deadline.place === -1) deadline.place = this.#deadlines.push(deadline) - 1;
    if (deadline.at < this.#firesAt) this.#wait(deadline.at);
  }

  remove(deadline: Deadline): void {
    const { place } = deadline;
    if (place === -1) return;
    const last = this.#deadlines.pop()!;
    if (last !== deadline) {
      this.#deadlines[place] = last;
      last.place = place;
    }
    deadline.place = -1;
  }

  /** Stops; limits set afterwards start it again. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#firesAt = Infinity;
    for (const deadline of this.#deadlines) deadline.place = -1;
    this.#deadlines.length = 0;
  }

  #wait(at: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = at;
    // An exchange under way keeps the process alive by its socket, not by this.
    this.#timer = setTimeout(() => this.#fired(), Math.max(1, Math.ceil(at - this.#now()))).unref();
  }

  #fired(): void {
    this.#firesAt = Infinity;
    const now = this.#now();
    // A met one may remove itself and others.
    for (const deadline of [...this.#deadlines]) {
      if (deadline.place !== -1 && deadline.at <= now) deadline.meet();
    }
    let next = Infinity;
    for (const { at } of this.#deadlines) next = Math.min(next, at);
    if (next < this.#firesAt) this.#wait(next);
  }
}

/** The limit an exchange is under, one after another. */
export class Deadline {
  readonly #watch: Watch;
  readonly #owner: DeadlineOwner;
  #kind: DeadlineKind = 'send';
  #limit = 0;
  /** When it is met, ms on the monotonic axis. */
  at = Infinity;
  /** Among those of its {@link Watch}, or -1: the watch's own. */
  place = -1;

  constructor(watch: Watch, owner: DeadlineOwner) {
    this.#watch = watch;
    this.#owner = owner;
  }

  /** From `since` (ms, monotonic) on, `limit` ms may pass. */
  set(kind: DeadlineKind, limit: number, since: number): void {
    this.#kind = kind;
    this.#limit = limit;
    this.at = limit >= longest ? Infinity : since + limit;
    if (this.at < Infinity) this.#watch.add(this);
  }

  /** A sign of life: the limit counts anew from `since`. */
  touch(since: number): void {
    if (this.at < Infinity) this.at = since + this.#limit;
  }

  clear(): void {
    this.#watch.remove(this);
    this.at = Infinity;
  }

  meet(): void {
    this.#owner.onDeadline(this.#kind, this.#limit);
  }
}
