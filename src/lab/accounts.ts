import type { AccountKey, RequestAccount, ServerEvent } from './messages.ts';

// Of a request that comes through several servers each tells what it saw, at its own time, and some in another process.

/** Brings what the lab's servers tell into the order in which it can be waited for. */
export interface Accounts {
  /** Who waits for accounts goes by that of the server in front: it is passed on last. */
  readonly report: (account: RequestAccount) => void;
  /** A connection leads on from `ownPort` for `key`: what is told of it by its port is told of that one. */
  readonly carry: (ownPort: number | undefined, key: AccountKey) => void;
}

/** Counts, and ms after which nobody will tell any more: a worker that died cannot. */
const bounds = { known: 1000, carried: 256, patience: 300 } as const;

/** @param pass is called once for each account. */
export function createAccounts(pass: (account: RequestAccount) => void): Accounts {
  const known = new Set<string>();
  const waiting = new Map<string, RequestAccount[]>();
  const carried = new Map<number, AccountKey>();
  const flush = (key: string): void => {
    const held = waiting.get(key) ?? [];
    waiting.delete(key);
    for (const account of held.toSorted(byDepth)) pass(account);
  };
  const hold = (key: string, account: RequestAccount): void => {
    const held = waiting.get(key);
    if (held) return void held.push(account);
    waiting.set(key, [account]);
    setTimeout(() => flush(key), bounds.patience).unref();
  };
  return {
    report(told) {
      const account = 'clientPort' in told ? broughtHome(told, carried) : told;
      if ('clientPort' in account) return pass(account);
      if ('queryId' in account) return pass(account);
      const isPassedOn = account.events.some(isForwarding);
      if (!isPassedOn && !account.forwarded && (account.visit === undefined || waiting.size === 0)) return pass(account);
      const key = `${account.traceId}-${account.parentId}`;
      // It passed the request on: who got it has more to tell.
      if (isPassedOn && !known.has(key)) return hold(key, account);
      // What is told later does not come before the rest.
      if (account.visit !== undefined && waiting.get(key)?.some(({ server }) => server === account.server)) {
        return hold(key, account);
      }
      pass(account);
      if (!account.forwarded) return;
      keep(known, key, bounds.known);
      flush(key);
    },
    carry(ownPort, key) {
      if (ownPort === undefined) return;
      // The system may have given the port to another connection since.
      carried.delete(ownPort);
      carried.set(ownPort, 'clientPort' in key ? carried.get(key.clientPort) ?? key : key);
      const [oldest] = carried.keys();
      if (carried.size > bounds.carried && oldest !== undefined) carried.delete(oldest);
    },
  };
}

function isForwarding({ type }: ServerEvent): boolean {
  return type === 'forwarded';
}

/** The server in front, to which nobody had forwarded, comes last. */
function byDepth(a: RequestAccount, b: RequestAccount): number {
  return Number(b.forwarded ?? false) - Number(a.forwarded ?? false);
}

function broughtHome(
  account: Extract<RequestAccount, { clientPort: number }>, carried: ReadonlyMap<number, AccountKey>,
): RequestAccount {
  const { clientPort, ...told } = account;
  const key = carried.get(clientPort);
  return key ? { ...told, ...key, forwarded: true } : account;
}

function keep(set: Set<string>, key: string, limit: number): void {
  const [oldest] = set;
  if (set.size >= limit && oldest !== undefined) set.delete(oldest);
  set.add(key);
}
