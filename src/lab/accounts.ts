import type { RequestAccount } from './messages.ts';

// Of a request that comes through several servers each tells what it saw, at its own time, and some in another process.

/** Brings what the lab's servers tell into the order in which it can be waited for. */
export interface Accounts {
  /** Who waits for accounts goes by that of the server in front: it is passed on last. */
  readonly report: (account: RequestAccount) => void;
  /** A tunnel leads on from `ownPort` for the client at `clientPort`: what is told of the one is the other's. */
  readonly carry: (ownPort: number | undefined, clientPort: number) => void;
}

/** Counts, and ms after which nobody will tell any more: a worker that died cannot. */
const bounds = { known: 1000, carried: 256, patience: 300 } as const;

/** @param pass is called once for each account. */
export function createAccounts(pass: (account: RequestAccount) => void): Accounts {
  const known = new Set<string>();
  const waiting = new Map<string, RequestAccount[]>();
  const carried = new Map<number, number>();
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
    report(account) {
      if ('clientPort' in account) return pass(broughtHome(account, carried));
      if ('queryId' in account) return pass(account);
      const isPassedOn = account.events.some(({ type }) => type === 'forwarded');
      if (!isPassedOn && !account.forwarded) return pass(account);
      const key = `${account.traceId}-${account.parentId}`;
      // It passed the request on: who got it has more to tell.
      if (isPassedOn && !known.has(key)) return hold(key, account);
      pass(account);
      if (!account.forwarded) return;
      keep(known, key, bounds.known);
      flush(key);
    },
    carry(ownPort, clientPort) {
      if (ownPort === undefined) return;
      // The system may have given the port to another connection since.
      carried.delete(ownPort);
      carried.set(ownPort, carried.get(clientPort) ?? clientPort);
      const [oldest] = carried.keys();
      if (carried.size > bounds.carried && oldest !== undefined) carried.delete(oldest);
    },
  };
}

/** The server in front, to which nobody had forwarded, comes last. */
function byDepth(a: RequestAccount, b: RequestAccount): number {
  return Number(b.forwarded ?? false) - Number(a.forwarded ?? false);
}

function broughtHome(
  account: Extract<RequestAccount, { clientPort: number }>, carried: ReadonlyMap<number, number>,
): RequestAccount {
  const clientPort = carried.get(account.clientPort);
  return clientPort === undefined ? account : { ...account, clientPort, forwarded: true };
}

function keep(set: Set<string>, key: string, limit: number): void {
  const [oldest] = set;
  if (set.size >= limit && oldest !== undefined) set.delete(oldest);
  set.add(key);
}
