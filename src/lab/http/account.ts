import type { RequestAccount, ServerEvent } from '../messages.ts';
import type { TraceParent } from './traceContext.ts';

/** The lab's own account of one request; without a `traceparent` it is kept for nobody. */
export interface Account {
  add(event: ServerEvent): void;
  /** Reports what there is, once. */
  close(): void;
}

const silent: Account = { add() {}, close() {} };

/**
 * Opens the account of a request that names its trace; it is reported as one message when closed.
 */
export function openAccount(
  trace: TraceParent | undefined, from: Pick<RequestAccount, 'server' | 'forwarded'>,
  report: ((account: RequestAccount) => void) | undefined,
): Account {
  if (!trace || !report) return silent;
  const events: ServerEvent[] = [];
  let isClosed = false;
  return {
    add(event) {
      if (!isClosed) events.push(event);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      report({ ...trace, ...from, events });
    },
  };
}
