import type { Mutable } from '../../trace/mutable.ts';
import { tlsSpan } from '../../trace/phases.ts';
import type { TlsFacts } from '../../trace/tls/facts.ts';
import type { TlsMessage } from '../../trace/tls/message.ts';
import type { ConnectOptions, ConnectTarget } from '../connection.ts';
import type { FullHandshake, TlsSession } from './session.ts';
import type { Trust } from './trust.ts';

/** The sessions of one connection: the one it offers to resume, and those it is given. */
export interface Resumption {
  /** For the handshake. */
  offer(): { readonly session?: TlsSession; readonly onSession: (ticket: Buffer) => void };
  /** The connection is good: its sessions may be resumed. The handshake lasted from `startAt` to `endAt`. */
  accept(facts: TlsFacts, startAt: number, endAt: number): void;
  /** Its messages were read: from now on its time is that of its phase, which begins and ends with one of them. */
  read(messages: readonly TlsMessage[]): void;
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
  const bounds: TlsMessage[] = [];
  let span: { readonly startAt: number; readonly endAt: number } | undefined;
  let own: Mutable<FullHandshake> | undefined;
  let handshake: FullHandshake | undefined;
  const measure = (): void => {
    const [startAt = 0, endAt = 0] = tlsSpan(span && { ...span, messages: bounds });
    if (own) own.duration = endAt - startAt;
  };
  return {
    offer: () => ({
      ...(session ? { session } : {}),
      // In TLS 1.2 it comes before the handshake is over.
      onSession: (ticket) => handshake ? sessions.keep(key, { ticket, handshake }) : void early.push(ticket),
    }),
    accept: (facts, startAt, endAt) => {
      const { resumedFrom: _from, ...shown } = facts;
      if (session && !facts.resumed) sessions.drop(key);
      span = { startAt, endAt };
      const made = { endedAt: Date.now(), duration: endAt - startAt, facts: shown };
      handshake = facts.resumed && session ? session.handshake : made;
      if (handshake === made) own = made;
      measure();
      for (const ticket of early) sessions.keep(key, { ticket, handshake });
    },
    read: (messages) => {
      bounds.push(...messages.filter(({ name }) => name === 'client_hello' || name === 'finished'));
      measure();
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
