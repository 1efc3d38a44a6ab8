import type { RequestAccount } from '../messages.ts';

/** Which requests workers have told of: their accounts come from another process, later than one of this process. */
export interface Tellings {
  told(account: RequestAccount): void;
  /** Resolves when a worker has told of the same request, or will not any more. */
  whenTold(account: RequestAccount): Promise<void>;
}

/** Requests kept in mind, and ms after which nobody will tell: a worker that dies cannot. */
const bounds = { requests: 1000, patience: 500 };

export function createTellings(): Tellings {
  const known = new Set<string>();
  const waiting = new Map<string, () => void>();
  return {
    told(account) {
      const key = keyOf(account);
      const [oldest] = known;
      if (known.size >= bounds.requests && oldest !== undefined) known.delete(oldest);
      known.add(key);
      waiting.get(key)?.();
    },
    whenTold(account) {
      const key = keyOf(account);
      if (known.has(key)) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(key);
          resolve();
        };
        const timer = setTimeout(done, bounds.patience).unref();
        waiting.set(key, done);
      });
    },
  };
}

function keyOf(account: RequestAccount): string {
  return 'traceId' in account ? `${account.traceId}-${account.parentId}` : `port ${account.clientPort}`;
}
