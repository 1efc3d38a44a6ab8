import { randomBytes } from 'node:crypto';

/** A session of the shop. */
export interface Session {
  readonly id: string;
  readonly user: string;
}

export type Lookup =
  | { readonly outcome: 'found'; readonly session: Session }
  | { readonly outcome: 'unknown' | 'expired' };

/** Where sessions are kept: here, or by somebody who must be asked. */
export interface SessionStore {
  /** Where there are several servers: whether it is this one's alone. */
  readonly kind?: 'memory' | 'shared';
  load(id: string): Lookup | Promise<Lookup>;
  create(user: string): Session | Promise<Session>;
  end(id: string): void | Promise<void>;
  /** How many are kept; those that expired and that nobody has asked for since are among them. */
  size(): number | Promise<number>;
  /** Ends all. */
  clear(): void | Promise<void>;
}

/** Sessions in memory; ids have 256 random bits and are never taken from a client. */
export interface Sessions extends SessionStore {
  load(id: string): Lookup;
  create(user: string): Session;
  end(id: string): void;
  size(): number;
  clear(): void;
}

/** Limits of the store; `now` is a clock in ms. */
export interface SessionOptions {
  readonly now: () => number;
  /** ms without a request after which a session is over. */
  readonly idleTimeout: number;
  readonly maxSessions: number;
}

/** A store; when it is full the session idle for longest goes. */
export function createSessions({ now, idleTimeout, maxSessions }: SessionOptions): Sessions {
  // In order of last use, for every use puts the session at the end.
  const kept = new Map<string, Session & { usedAt: number }>();
  return {
    load(id) {
      const session = kept.get(id);
      if (!session) return { outcome: 'unknown' };
      kept.delete(id);
      if (now() - session.usedAt > idleTimeout) return { outcome: 'expired' };
      session.usedAt = now();
      kept.set(id, session);
      return { outcome: 'found', session };
    },
    create(user) {
      const oldest = kept.keys().next();
      if (kept.size >= maxSessions && !oldest.done) kept.delete(oldest.value);
      const session = { id: randomBytes(32).toString('base64url'), user, usedAt: now() };
      kept.set(session.id, session);
      return session;
    },
    end(id) {
      kept.delete(id);
    },
    size: () => kept.size,
    clear: () => kept.clear(),
  };
}
