import { randomBytes } from 'node:crypto';
import type { SessionExpiry, SessionFailure, SessionStoreKind } from '../messages.ts';
import type { Eventually } from './eventually.ts';
import type { Signer } from './signer.ts';

/** A session of the shop. */
export interface Session extends SessionTerms {
  readonly id: string;
  /** Absent until somebody logs in. */
  readonly user?: string;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** How long a session lasts, in ms: without a request, and at most. */
export interface SessionTerms {
  readonly idleTimeout: number;
  readonly lifetime: number;
}

/** What a new session is to be; the store's own terms unless it says others. */
export interface NewSession extends Partial<SessionTerms> {
  readonly user?: string;
}

export type Lookup =
  | { readonly outcome: 'found'; readonly session: Session }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'expired'; readonly expiry: SessionExpiry };

/** Where sessions are kept. One that cannot be used throws a {@link StoreFailure}. */
export interface SessionStore {
  readonly kind: SessionStoreKind;
  /** Where it is the memory of one of several workers: which. */
  readonly worker?: number;
  /** Signs the ids of its sessions. */
  readonly signer: Eventually<Signer>;
  /** Finds a session, which counts as used. */
  load(id: string): Eventually<Lookup>;
  /** A session under a new id. */
  create(asked: NewSession): Eventually<Session>;
  /** Makes a session a user's, without a new id; undefined: there is none. */
  assign(id: string, user: string): Eventually<Session | undefined>;
  /** Gives the session that is over now. */
  end(id: string): Eventually<Lookup>;
  /** How many are kept; undefined: too many to count. */
  size(): Eventually<number | undefined>;
  /** Ends all. */
  clear(): Eventually<void>;
}

/** A store that cannot be used now, and why; `code` is the system's or the store's own. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly failure: SessionFailure;
  readonly code: string | undefined;

  /** `message` says what to do; it is for the client. */
  constructor(failure: SessionFailure, message: string, code?: string) {
    super(message);
    this.failure = failure;
    this.code = code;
  }
}

/** Sessions in memory; ids have 256 random bits and are never taken from a client. */
export interface Sessions {
  load(id: string): Lookup;
  create(asked: NewSession): Session;
  assign(id: string, user: string): Session | undefined;
  end(id: string): Lookup;
  size(): number;
  clear(): void;
}

/** Limits of the store; `now` is a clock in ms. */
export interface SessionOptions extends SessionTerms {
  readonly now: () => number;
  readonly maxSessions: number;
}

/** Those of a lab. */
export function sessionLimits(
  limits: { readonly sessionIdleTimeout: number; readonly sessionLifetime: number; readonly maxSessions: number },
): Omit<SessionOptions, 'now'> {
  const { sessionIdleTimeout: idleTimeout, sessionLifetime: lifetime, maxSessions } = limits;
  return { idleTimeout, lifetime, maxSessions };
}

interface Kept {
  session: Session;
  readonly endsAt: number;
  usedAt: number;
}

/** 256 random bits. */
export function newId(): string {
  return randomBytes(32).toString('base64url');
}

/** A store; when it is full the session idle for longest goes. What is over is seen when it is asked for. */
export function createSessions({ now, maxSessions, idleTimeout, lifetime }: SessionOptions): Sessions {
  const kept = new Map<string, Kept>();
  const load = (id: string): Lookup => {
    const one = kept.get(id);
    if (!one) return { outcome: 'unknown' };
    const at = now();
    const expiry = expiryOf(one, at);
    if (expiry) {
      kept.delete(id);
      return { outcome: 'expired', expiry };
    }
    one.usedAt = at;
    return { outcome: 'found', session: one.session };
  };
  return {
    load,
    create(asked) {
      if (kept.size >= maxSessions) kept.delete(idlest(kept));
      const session: Session = { idleTimeout, lifetime, ...asked, id: newId(), createdAt: Date.now() };
      const usedAt = now();
      kept.set(session.id, { session, usedAt, endsAt: usedAt + session.lifetime });
      return session;
    },
    assign(id, user) {
      const one = kept.get(id);
      if (one && load(id).outcome === 'found') one.session = { ...one.session, user };
      return kept.get(id)?.session;
    },
    end(id) {
      const lookup = load(id);
      kept.delete(id);
      return lookup;
    },
    size() {
      const at = now();
      for (const [id, one] of kept) if (expiryOf(one, at)) kept.delete(id);
      return kept.size;
    },
    clear: () => kept.clear(),
  };
}

function expiryOf({ session, endsAt, usedAt }: Kept, at: number): SessionExpiry | undefined {
  return at > endsAt ? 'absolute' : at - usedAt > session.idleTimeout ? 'idle' : undefined;
}

/** Looked for only when the store is full, so that a request that is found need not be moved to the end of anything. */
function idlest(kept: ReadonlyMap<string, Kept>): string {
  let idlest = '';
  let least = Infinity;
  for (const [id, { usedAt }] of kept) {
    if (usedAt >= least) continue;
    least = usedAt;
    idlest = id;
  }
  return idlest;
}
