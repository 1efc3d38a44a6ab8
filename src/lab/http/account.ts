import type { AccountKey, RequestAccount, ServerEvent } from '../messages.ts';

/** The lab's own account of one request; without a `traceparent` it is kept for nobody. */
export interface Account {
  /** Whether anybody is told; where not, there is no need to look closely. */
  readonly isTold: boolean;
  /** It was not closed yet, and there is somebody to tell. */
  readonly isOpen: boolean;
  add(event: ServerEvent): void;
  /** What is known only after the response; reported by itself when the account is closed by then. */
  addLate(event: ServerEvent): void;
  /** Reports what there is, once. */
  close(): void;
}

/** Of a request of which nobody is told. */
export const silent: Account = { isTold: false, isOpen: false, add() {}, addLate() {}, close() {} };

/**
 * Opens the account of a request that names its trace; it is reported as one message when closed, and what
 * comes later in messages of its own.
 */
export function openAccount(
  key: AccountKey | undefined, from: Pick<RequestAccount, 'server' | 'forwarded'>,
  report: ((account: RequestAccount) => void) | undefined,
): Account {
  return key && report ? new Kept(key, from, report) : silent;
}

class Kept implements Account {
  readonly isTold = true;
  isOpen = true;
  readonly #key: AccountKey;
  readonly #from: Pick<RequestAccount, 'server' | 'forwarded'>;
  readonly #report: (account: RequestAccount) => void;
  readonly #events: ServerEvent[] = [];

  constructor(
    key: AccountKey, from: Pick<RequestAccount, 'server' | 'forwarded'>, report: (account: RequestAccount) => void,
  ) {
    this.#key = key;
    this.#from = from;
    this.#report = report;
  }

  add(event: ServerEvent): void {
    if (this.isOpen) this.#events.push(event);
  }

  addLate(event: ServerEvent): void {
    if (this.isOpen) this.#events.push(event);
    else this.#tell([event], this.#visit());
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#tell(this.#events);
  }

  /** A request that is sent again comes with the same trace. */
  #visit(): { readonly visit?: string } {
    const accepted = this.#events.find((event) => event.type === 'accepted');
    return accepted ? { visit: `${accepted.connection}.${accepted.request}` } : {};
  }

  #tell(events: readonly ServerEvent[], more: { readonly visit?: string } = {}): void {
    const key = this.#key;
    const { server, forwarded } = this.#from;
    const account = 'traceId' in key ? { traceId: key.traceId, parentId: key.parentId, server, ...more, events }
      : { clientPort: key.clientPort, server, ...more, events };
    this.#report(forwarded === undefined ? account : { ...account, forwarded });
  }
}
