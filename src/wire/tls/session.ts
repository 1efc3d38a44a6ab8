import type { CertificateFacts, ResumedSession, TlsFacts } from '../../trace/tls/facts.ts';
import { derOf } from './certificate.ts';

/** A session that a server lets us resume (RFC 8446 §2.2, RFC 5246 §7.3), with what its full handshake showed. */
export interface TlsSession {
  readonly ticket: Buffer;
  readonly handshake: FullHandshake;
}

/** What is not seen again when the session is resumed. */
export interface FullHandshake {
  /** Epoch ms. */
  readonly endedAt: number;
  /** ms, of its messages where they were read. */
  readonly duration: number;
  readonly facts: TlsFacts;
}

/** RFC 8446 §4.6.1: a week at most; servers mean hours. */
const longestAge = 24 * 3_600_000;
const maxKeys = 100;
/** A server may give several. */
const maxTickets = 4;

/**
 * Sessions of a client, by everything that decides whom a connection trusts and what it presents: a session carries no
 * certificate, so one of an unverified connection must never stand for a verified one.
 */
export class SessionCache {
  /** The most recently used last. */
  readonly #sessions = new Map<string, TlsSession[]>();

  /**
   * The latest session of a key. RFC 8446 §C.4 would have each used once, so that nobody on the way sees which
   * connections belong together; but many servers give no new one where they resume, so the last one stays until there
   * is another. `today` is epoch ms.
   */
  take(key: string, today: number): TlsSession | undefined {
    const sessions = this.#sessions.get(key);
    if (!sessions) return undefined;
    let session = sessions.pop();
    while (session && !isUsable(session.handshake, today)) session = sessions.pop();
    if (session && sessions.length === 0) sessions.push(session);
    if (!session) this.#sessions.delete(key);
    return session;
  }

  keep(key: string, session: TlsSession): void {
    const sessions = this.#sessions.get(key) ?? [];
    this.#sessions.delete(key);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= maxKeys && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.set(key, sessions);
    sessions.push(session);
    if (sessions.length > maxTickets) sessions.shift();
  }

  /** The server does not resume them any more. */
  drop(key: string): void {
    this.#sessions.delete(key);
  }

  clear(): void {
    this.#sessions.clear();
  }
}

/** What was verified is not so for ever: a chain that has meanwhile expired is to be looked at again. */
function isUsable({ endedAt, facts }: FullHandshake, today: number): boolean {
  if (today - endedAt > longestAge || today < endedAt) return false;
  if (!facts.verified) return true;
  return facts.certificateChain.every(({ validFrom, validTo }) => validFrom <= today && today < validTo);
}

/** What every handshake shows. */
type SeenFacts = Omit<TlsFacts, 'verified' | 'chainError' | 'nameError' | 'certificateChain'>;

/** The facts of a resumed session, `current` as they were read from the socket, with those of the full handshake. */
export function resumedFacts(current: SeenFacts, { endedAt, duration, facts }: FullHandshake, today: number): TlsFacts {
  const { certificateChain, chainError, nameError, verified } = facts;
  return {
    ...current, verified, certificateChain,
    ...(chainError === undefined ? {} : { chainError }),
    ...(nameError === undefined ? {} : { nameError }),
    resumedFrom: resumedFrom(endedAt, duration, certificateChain, today),
  };
}

function resumedFrom(
  endedAt: number, handshakeTime: number, chain: readonly CertificateFacts[], today: number,
): ResumedSession {
  const sent = chain.filter((certificate) => certificate.sentByServer);
  return {
    age: Math.max(0, today - endedAt), handshakeTime,
    certificatesSize: sent.reduce((sum, { pem }) => sum + derOf(pem).length, 0),
  };
}
