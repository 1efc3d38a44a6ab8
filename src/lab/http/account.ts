import type { AccountKey, RequestAccount, ServerEvent } from '../messages.ts';

/** The lab's own account of one request; without a `traceparent` it is kept for nobody. */
export interface Account {
  /** Whether anybody is told; where not, there is no need to look closely. */
  readonly isTold: boolean;
  add(event: ServerEvent): void;
  /** What is known only after the response; reported by itself when the account is closed by then. */
  addLate(event: ServerEvent): void;
  /** Reports what there is, once. */
  close(): void;
}

/** Of a request of which nobody is told. */
export const silent: Account = { isTold: false, add() {}, addLate() {}, close() {} };

/**
 * Opens the account of a request that names its trace; it is reported as one message when closed, and what
 * comes later in messages of its own.
 */
export function openAccount(
  key: AccountKey | undefined, from: Pick<RequestAccount, 'server' | 'forwarded'>,
  report: ((account: RequestAccount) => void) | undefined,
): Account {
  if (!key || !report) return silent;
  const events: ServerEvent[] = [];
  let isClosed = false;
  return {
    isTold: true,
    add(event) {
      if (!isClosed) events.push(event);
    },
    addLate(event) {
      if (isClosed) report({ ...key, ...from, events: [event] });
      else events.push(event);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      report({ ...key, ...from, events });
    },
  };
}
