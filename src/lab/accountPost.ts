import { accountsText } from './accountText.ts';
import type { FromLab, RequestAccount } from './messages.ts';

/** Many that wait cost more than the messages they save: they grow old, and their text leaves the processor's cache. */
const mostTogether = 16;

/** Sends accounts to the parent process, some of one turn of the event loop together. */
export interface AccountPost {
  add(account: RequestAccount): void;
  /** Sends what has not been sent; to be called before the end. */
  flush(): void;
}

/** Under load a message for each account would cost more than the request it tells of. */
export function createAccountPost(tell: (message: FromLab) => void): AccountPost {
  let waiting: RequestAccount[] = [];
  const flush = (): void => {
    const [first, ...others] = waiting;
    const all = waiting;
    waiting = [];
    if (!first) return;
    if (others.length === 0) tell({ type: 'events', ...first });
    else tell(accountsMessage(all));
  };
  return {
    add(account) {
      if (waiting.length === 0) setImmediate(flush);
      if (waiting.push(account) === mostTogether) flush();
    },
    flush,
  };
}

function accountsMessage(accounts: readonly RequestAccount[]): FromLab {
  const since = accounts[0]?.events[0]?.at ?? 0;
  return { type: 'accounts', since, json: accountsText(accounts, since) };
}
