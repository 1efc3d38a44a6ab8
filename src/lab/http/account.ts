import type { AccountKey, RequestAccount, ServerEvent } from '../messages.ts';

/** The lab's own account of one request; without a `traceparent` it is kept for nobody. */
export interface Account {
  /** Whether anybody is told; where not, there is no need to look closely. */
  readonly isTold: boolean;
  /** By what it is known; undefined where nobody is told. */
  readonly key: AccountKey | undefined;
  /** It was not closed yet, and there is somebody to tell. */
  readonly isOpen: boolean;
  /** What it has until it is closed. */
  readonly soFar: RequestAccount | undefined;
  /** Calls `listener`, which is the only one, after each event that is added while it is open. */
  watch(listener: () => void): void;
  add(event: ServerEvent): void;
  /** What is known only after the response; reported by itself when the account is closed by then. */
  addLate(event: ServerEvent): void;
  /** Reports what there is, once. */
  close(): void;
}

/** Of a request of which nobody is told. */
export const silent: Account = {
  isTold: false, key: undefined, isOpen: false, soFar: undefined, watch() {}, add() {}, addLate() {}, close() {},
};

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
  readonly key: AccountKey;
  #listener: (() => void) | undefined;
  readonly #from: Pick<RequestAccount, 'server' | 'forwarded'>;
  readonly #report: (account: RequestAccount) => void;
  readonly #events: ServerEvent[] = [];

  constructor(
    key: AccountKey, from: Pick<RequestAccount, 'server' | 'forwarded'>, report: (account: RequestAccount) => void,
  ) {
    this.key = key;
    this.#from = from;
    this.#report = report;
  }

  get soFar(): RequestAccount | undefined { return this.isOpen ? this.#account(this.#events) : undefined; }

  watch(listener: () => void): void {
    this.#listener = listener;
  }

  add(event: ServerEvent): void {
    if (!this.isOpen) return;
    this.#events.push(event);
    this.#listener?.();
  }

  addLate(event: ServerEvent): void {
    if (this.isOpen) this.add(event);
    else this.#report(this.#account([event], this.#visit()));
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#report(this.#account(this.#events));
  }

  /** A request that is sent again comes with the same trace. */
  #visit(): { readonly visit?: string } {
    const accepted = acceptedIn(this.#events);
    return accepted ? { visit: visitOf(accepted) } : {};
  }

  #account(events: readonly ServerEvent[], more: { readonly visit?: string } = {}): RequestAccount {
    const { key } = this;
    const { server, forwarded } = this.#from;
    const account = 'traceId' in key ? { traceId: key.traceId, parentId: key.parentId, server, ...more, events }
      : { clientPort: key.clientPort, server, ...more, events };
    return forwarded === undefined ? account : { ...account, forwarded };
  }
}

export type Accepted = Extract<ServerEvent, { type: 'accepted' }>;

/** Where an account says on which connection its request came; undefined in one of other things. */
export function acceptedIn(events: readonly ServerEvent[]): Accepted | undefined {
  return events.find((event) => event.type === 'accepted');
}

/** What tells one visit of a server from another: see {@link RequestAccount}. */
export function visitOf({ connection, request }: Accepted): string {
  return `${connection}.${request}`;
}
