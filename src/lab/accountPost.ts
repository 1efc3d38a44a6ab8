import type { FromLab, RequestAccount } from './messages.ts';
import { packAccounts } from './packing.ts';

/** More would hardly save anything, and let those who wait for them wait longer. */
const mostTogether = 64;

/** Sends accounts to the parent process, some of one turn of the event loop together. */
export interface AccountPost {
  add(account: RequestAccount): void;
  /** Sends what has not been sent; to be called before the end. */
  flush(): void;
}

/**
 * Under load a message for each account would cost more than the request it tells of. `isPacked`: whoever hears of them
 * takes several at once.
 */
export function createAccountPost(tell: (message: FromLab) => void, isPacked = true): AccountPost {
  let waiting: RequestAccount[] = [];
  const flush = (): void => {
    const accounts = waiting;
    waiting = [];
    if (accounts.length === 1) tell({ type: 'events', ...accounts[0]! });
    else if (accounts.length > 1) tell({ type: 'accounts', ...packAccounts(accounts) });
  };
  return {
    add(account) {
      if (!isPacked) return tell({ type: 'events', ...account });
      if (waiting.length === 0) setImmediate(flush);
      if (waiting.push(account) === mostTogether) flush();
    },
    flush,
  };
}
