import { monotonicNow } from '../clock.ts';

/** Time for whatever waits: an argument, so that tests decide when it passes. */
export interface Schedule {
  /** Monotonic, ms. */
  now(): number;
  /** Calls back once after `delay` ms, never for `Infinity`; the function given back cancels it. */
  after(delay: number, callback: () => void): () => void;
}

/** `setTimeout` takes at most 2³¹ − 1 ms and would fire at once beyond it. */
const longest = 2 ** 31 - 1;

export const systemSchedule: Schedule = {
  now: monotonicNow,
  after(delay, callback) {
    if (delay > longest) return () => {};
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};
