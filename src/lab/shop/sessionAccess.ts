import { monotonicNow } from '../clock.ts';
import type { Account } from '../http/account.ts';
import { cookieOf } from '../http/cookieField.ts';
import type { RequestHead } from '../http/requestHead.ts';
import type { FieldLine, RefusalReason, SessionExpiry, SessionOutcome } from '../messages.ts';
import { whenKnown } from './eventually.ts';
import type { Eventually } from './eventually.ts';
import { StoreFailure } from './sessions.ts';
import type { Lookup, NewSession, Session, SessionStore } from './sessions.ts';
import type { Signer } from './signer.ts';

/** What became of a session in one step. */
export interface SessionStep {
  readonly outcome: SessionOutcome;
  readonly session?: Session;
  readonly expiry?: SessionExpiry;
}

/** The id that the client came with, or why there is none. */
type Presented = { readonly id: string } | { readonly outcome: 'none' | 'tampered' };

/**
 * The session of one request. Each method is a step in the request's account, and throws the {@link StoreFailure} of a
 * store that cannot be used.
 */
export class SessionAccess {
  readonly #head: RequestHead;
  readonly #stores: (head: RequestHead) => SessionStore;
  readonly #account: Account;
  #chosen: SessionStore | undefined;

  constructor(head: RequestHead, stores: (head: RequestHead) => SessionStore, account: Account) {
    this.#head = head;
    this.#stores = stores;
    this.#account = account;
  }

  /** The session that the cookie of the request names. */
  load(): Eventually<SessionStep> {
    // Nothing to look for: a store that is away is none of this request's business.
    if (this.#cookie() === undefined) return this.#tell(this.#startAt(), { outcome: 'none' });
    return this.#step(load);
  }

  /** Ends the session the client had, if any, and starts a new one under a new id; gives the Set-Cookie field. */
  begin(asked: NewSession): Eventually<FieldLine> {
    return this.#set((presented, store) => {
      const over: Eventually<Lookup> = 'id' in presented ? store.end(presented.id) : { outcome: 'unknown' };
      const created = store.create(asked);
      return whenKnown(over, ({ outcome }) =>
        whenKnown(created, (session) => ({ outcome: outcome === 'found' ? 'renewed' : 'created', session })));
    });
  }

  /**
   * What a login must not do: the session that the client came with becomes the user's, under the id that it came with.
   * Where there is none, one begins.
   */
  keep(user: string): Eventually<FieldLine> {
    return this.#set((presented, store) => {
      const kept = 'id' in presented ? store.assign(presented.id, user) : undefined;
      return whenKnown(kept, (session): Eventually<SessionStep> => session ? { outcome: 'kept', session }
        : whenKnown(store.create({ user }), (created) => ({ outcome: 'created', session: created })));
    });
  }

  /** Ends the session; gives the Set-Cookie field that deletes the cookie. */
  end(): Eventually<FieldLine> {
    const over = this.#cookie() === undefined ? this.#tell(this.#startAt(), { outcome: 'none' })
      : this.#step((presented, store) => 'outcome' in presented ? presented
        : whenKnown(store.end(presented.id), (lookup) =>
          lookup.outcome === 'found' ? { outcome: 'ended', session: lookup.session } : lookup));
    return whenKnown(over, () => this.#field('', '; Max-Age=0'));
  }

  /** What the forms of a session carry. */
  formToken({ id }: Session): Eventually<string> {
    return whenKnown(this.#store.signer, (signer) => signer.formToken(id));
  }

  /** Says in the account why the handler does not do what was asked. */
  refuse(reason: RefusalReason, target: string): void {
    this.#account.add({ type: 'refused', at: monotonicNow(), reason, target });
  }

  get #store(): SessionStore {
    return this.#chosen ??= this.#stores(this.#head);
  }

  // RFC 6265bis §4.1.3.2: the prefix proves that the cookie was set by this host over HTTPS.
  #field(value: string, more = ''): FieldLine {
    const isSecure = this.#head.scheme === 'https';
    const name = isSecure ? secureName : plainName;
    return ['Set-Cookie', `${name}=${value}${more}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`];
  }

  #cookie(): string | undefined {
    return cookieOf(this.#head, this.#head.scheme === 'https' ? secureName : plainName);
  }

  #presented(signer: Signer): Presented {
    const value = this.#cookie();
    if (value === undefined) return { outcome: 'none' };
    const id = signer.open(value);
    return id === undefined ? { outcome: 'tampered' } : { id };
  }

  /** A step that gives the client the id of a session. */
  #set(take: (presented: Presented, store: SessionStore) => Eventually<SessionStep>): Eventually<FieldLine> {
    return whenKnown(this.#step(take), ({ session }) =>
      whenKnown(this.#store.signer, (signer) => this.#field(signer.sign(session!.id))));
  }

  #step(take: (presented: Presented, store: SessionStore) => Eventually<SessionStep>): Eventually<SessionStep> {
    const startAt = this.#startAt();
    const fail = (error: unknown): never => {
      if (error instanceof StoreFailure) this.#tell(startAt, { outcome: 'failed' }, error);
      throw error;
    };
    try {
      const store = this.#store;
      const done = whenKnown(store.signer, (signer) => take(this.#presented(signer), store));
      return done instanceof Promise ? done.then((step) => this.#tell(startAt, step), fail) : this.#tell(startAt, done);
    } catch (error) {
      return fail(error);
    }
  }

  /** Nobody needs the time of what is told to nobody. */
  #startAt(): number {
    return this.#account.isTold ? monotonicNow() : 0;
  }

  #tell(startAt: number, step: SessionStep, error?: StoreFailure): SessionStep {
    if (!this.#account.isTold) return step;
    const { outcome, session, expiry } = step;
    const { kind, worker } = this.#store;
    this.#account.add({
      type: 'session-loaded', startAt, at: monotonicNow(), outcome, store: kind,
      ...(worker === undefined ? {} : { worker }),
      ...(session === undefined ? {} : { id: maskId(session.id) }),
      ...(session?.user === undefined ? {} : { user: session.user }),
      ...(expiry === undefined ? {} : { expiry }),
      ...(error === undefined ? {} : { failure: error.failure }),
      ...(error?.code === undefined ? {} : { code: error.code }),
    });
    return step;
  }
}

function load(presented: Presented, store: SessionStore): Eventually<SessionStep> {
  return 'outcome' in presented ? presented : store.load(presented.id);
}

const plainName = 'sid';
const secureName = '__Host-sid';

/** Enough of an id to tell two apart, not enough to use it. */
function maskId(id: string): string {
  return `${id.slice(0, 6)}…`;
}
