/**
 * How long an idle connection is kept, ms: HTTP/1.1 without a hint of the server, at most with one,
 * and HTTP/2.
 */
const idleLimits = { http1: 5_000, http1Hinted: 120_000, http2: 60_000 } as const;

/** Closed this long before the server would, ms: a request must not cross the server's goodbye. */
const idleMargin = 500;

/** How long a connection is kept idle, ms; `hint` is the server's `Keep-Alive: timeout` in ms. */
export function idleLimitOf(version: '1.1' | '2', hint: number | undefined): number {
  if (version === '2') return idleLimits.http2;
  if (hint === undefined) return idleLimits.http1;
  return Math.max(0, Math.min(hint, idleLimits.http1Hinted) - idleMargin);
}

/**
 * One timer for all idle connections, set for the one whose time ends first: while none is idle
 * nothing fires, and a connection used again and again sets none anew.
 */
export class IdleTimer {
  readonly #now: () => number;
  readonly #closeOld: (now: number) => number;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Infinity;

  /**
   * `closeOld` closes what has been idle long enough at `now` and gives when the next will have been
   * (ms, monotonic), or Infinity.
   */
  constructor(now: () => number, closeOld: (now: number) => number) {
    this.#now = now;
    this.#closeOld = closeOld;
  }

  /** Some connection will have been idle long enough at `at`. */
  expect(at: number): void {
    if (at >= this.#firesAt) return;
    clearTimeout(this.#timer);
    this.#firesAt = at;
    this.#timer = setTimeout(() => this.#fired(), Math.max(1, Math.ceil(at - this.#now()))).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#firesAt = Infinity;
  }

  #fired(): void {
    this.#firesAt = Infinity;
    this.expect(this.#closeOld(this.#now()));
  }
}
