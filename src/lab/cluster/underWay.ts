import type { Account } from '../http/account.ts';
import type { RequestAccount } from '../messages.ts';

/** ms between two tellings: under load most requests are over by then, and cost no message. */
const pause = 20;

/**
 * Tells what there is so far of requests that take their time, for the case that this process does not live to tell
 * the rest. The first one is told at once, since what follows may keep the processor busy.
 */
export function createUnderWay(tell: (accounts: readonly RequestAccount[]) => void): (account: Account) => void {
  const changed = new Set<Account>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const accounts = [...changed].flatMap(({ soFar }) => soFar ?? []);
    changed.clear();
    if (accounts.length === 0) return;
    tell(accounts);
    timer = setTimeout(flush, pause).unref();
  };
  const note = (account: Account): void => {
    changed.add(account);
    if (!timer) flush();
  };
  return (account) => {
    account.watch(() => note(account));
    note(account);
  };
}
