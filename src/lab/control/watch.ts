import type { LabState } from '../messages.ts';

/** Tells of the lab's state while somebody wants to know. */
export interface Watch {
  set(isWatched: boolean): void;
  close(): void;
}

/** ms between two looks. */
const pause = 500;

/** `look` is asked only while somebody watches; `tell` hears of the first state and of each one that differs. */
export function createWatch(look: () => Promise<LabState>, tell: (state: LabState) => void): Watch {
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let isLooking = false;
  const check = async (): Promise<void> => {
    // Somebody who is asked may be slow to answer: a session store, for example.
    if (isLooking) return;
    isLooking = true;
    const state = await look().finally(() => { isLooking = false; });
    const text = JSON.stringify(state);
    if (timer === undefined || text === told) return;
    told = text;
    tell(state);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    set(isWatched) {
      stop();
      told = '';
      if (!isWatched) return;
      timer = setInterval(() => void check(), pause).unref();
      void check();
    },
    close: stop,
  };
}
