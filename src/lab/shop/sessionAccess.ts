import { monotonicNow } from '../clock.ts';
import type { Account } from '../http/account.ts';
import { cookiesOf } from '../http/cookieField.ts';
import type { RequestHead } from '../http/requestHead.ts';
import type { FieldLine, SessionOutcome } from '../messages.ts';
import type { Session, SessionStore } from './sessions.ts';

/** The session of one request: each method is a step in the request's account. */
export interface SessionAccess {
  /** The user's session, found by the cookie of the request. */
  load(): Promise<Session | undefined>;
  /**
   * Ends the session the client had, if any, and starts a new one under a new id; gives the Set-
   * Cookie field.
   */
  begin(user: string): Promise<FieldLine>;
  /** Ends the session; gives the Set-Cookie field that deletes the cookie. */
  end(): Promise<FieldLine>;
}

/** Enough of an id to tell two apart, not enough to use it. */
function maskId(id: string): string {
  return `${id.slice(0, 6)}…`;
}

export function createSessionAccess(
  head: RequestHead, sessions: SessionStore, account: Account,
): SessionAccess {
  // RFC 6265bis §4.1.3.2: the prefix proves that the cookie was set by this host over HTTPS.
  const isSecure = head.scheme === 'https';
  const cookieName = isSecure ? '__Host-sid' : 'sid';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  const presented = cookiesOf(head).find(([name]) => name === cookieName)?.[1];
  const step = (startAt: number, outcome: SessionOutcome, id?: string, user?: string) => account.add({
    type: 'session-loaded', startAt, at: monotonicNow(), outcome,
    ...(id === undefined ? {} : { id: maskId(id) }), ...(user === undefined ? {} : { user }),
    ...(sessions.kind === undefined ? {} : { store: sessions.kind }),
  });
  return {
    async load() {
      const startAt = monotonicNow();
      if (presented === undefined) return void step(startAt, 'none');
      const lookup = await sessions.load(presented);
      const session = lookup.outcome === 'found' ? lookup.session : undefined;
      step(startAt, lookup.outcome, presented, session?.user);
      return session;
    },
    async begin(user) {
      const startAt = monotonicNow();
      if (presented !== undefined) await sessions.end(presented);
      const session = await sessions.create(user);
      step(startAt, 'created', session.id, user);
      return ['Set-Cookie', `${cookieName}=${session.id}; ${attributes}`];
    },
    async end() {
      const startAt = monotonicNow();
      const lookup = presented === undefined ? undefined : await sessions.load(presented);
      if (presented !== undefined) await sessions.end(presented);
      const user = lookup?.outcome === 'found' ? lookup.session.user : undefined;
      const outcome = lookup?.outcome === 'found' ? 'ended' : lookup?.outcome ?? 'none';
      step(startAt, outcome, presented, user);
      return ['Set-Cookie', `${cookieName}=; Max-Age=0; ${attributes}`];
    },
  };
}
