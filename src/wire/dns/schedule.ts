/** Something that can be kept from holding the process open, such as a socket or a timer. */
export interface Holder {
  unref(): void;
}

interface Timer extends Holder {
  cancel(): void;
}

/** Calls back once after so many milliseconds, unless cancelled first. */
export type Schedule = (callback: () => void, milliseconds: number) => Timer;

/** The platform's timers as a {@link Schedule}. */
export function systemSchedule(callback: () => void, milliseconds: number): Timer {
  const timeout = setTimeout(callback, milliseconds);
  return { cancel: () => clearTimeout(timeout), unref: () => void timeout.unref() };
}

/**
 * What a lookup keeps open. Once the lookup is over, a question still under way may end in its own
 * time, but must not keep the process alive.
 */
export class Hold {
  readonly #holders = new Set<Holder>();
  #released = false;

  add(holder: Holder): void {
    if (this.#released) holder.unref();
    else this.#holders.add(holder);
  }

  remove(holder: Holder): void {
    this.#holders.delete(holder);
  }

  release(): void {
    this.#released = true;
    for (const holder of this.#holders) holder.unref();
    this.#holders.clear();
  }
}

/** What the promise gives, or undefined when that takes longer or goes wrong; it goes on all the same. */
export function within<T>(promise: Promise<T>, milliseconds: number, schedule: Schedule): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = schedule(() => resolve(undefined), milliseconds);
    const end = (value: T | undefined): void => {
      timer.cancel();
      resolve(value);
    };
    promise.then(end, () => end(undefined));
  });
}
