import type { TlsFacts } from '../../trace/tls/facts.ts';
import type { ConnectOptions, ConnectTarget } from '../connection.ts';
import type { FullHandshake, TlsSession } from './session.ts';
import type { Trust } from './trust.ts';

/** The sessions of one connection: the one it offers to resume, and those it is given. */
export interface Resumption {
  /** For the handshake. */
  offer(): { readonly session?: TlsSession; readonly onSession: (ticket: Buffer) => void };
  /** The connection is good: its sessions may be resumed. `duration` of the handshake in ms. */
  accept(facts: TlsFacts, duration: number): void;
  /** The handshake failed: the next one is to be a full one, lest a session be why. */
  fail(): void;
}

/** Undefined when no session is to be resumed, and none kept. */
export function sessionsOf(target: ConnectTarget, trust: Trust, options: ConnectOptions): Resumption | undefined {
  const { sessions, tls } = options;
  if (!sessions || tls?.resumption === false) return undefined;
  const key = keyOf(target, trust, options);
  const session = sessions.take(key, Date.now());
  const early: Buffer[] = [];
  let handshake: FullHandshake | undefined;
  return {
    offer: () => ({
      ...(session ? { session } : {}),
      // In TLS 1.2 it comes before the handshake is over.
      onSession: (ticket) => handshake ? sessions.keep(key, { ticket, handshake }) : void early.push(ticket),
    }),
    accept: (facts, duration) => {
      const { resumedFrom: _from, ...own } = facts;
      if (session && !facts.resumed) sessions.drop(key);
      handshake = facts.resumed && session ? session.handshake : { endedAt: Date.now(), duration, facts: own };
      for (const ticket of early) sessions.keep(key, { ticket, handshake });
    },
    fail: () => {
      if (session) sessions.drop(key);
    },
  };
}

/**
 * A resumed session is as good as its full handshake was: the same server name, verified or not, against the same
 * roots, with the same certificate of our own and the same versions; `trust` tells the last three apart.
 */
function keyOf({ host, port, alpn }: ConnectTarget, trust: Trust, { verify, proxy = '' }: ConnectOptions): string {
  return `${host}:${port} ${alpn.join()} ${verify ? 'verified' : 'unverified'} ${proxy} ${trust.key}`;
}
