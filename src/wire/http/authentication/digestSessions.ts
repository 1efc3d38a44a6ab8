import { challengesOf } from '../../../trace/challenges.ts';
import type { AuthorizationFacts } from '../../../trace/authorization.ts';
import type { FieldLine, RequestSpec } from '../../../trace/request.ts';
import { fieldValues } from '../fields.ts';
import type { ResponseHead } from '../transmission.ts';
import type { Answer, Authorized, DigestCredentials, Outgoing } from './authenticator.ts';
import { bodyHash } from './bodyHash.ts';
import { digestField, responseOf, sessionKey, strongestChallenge } from './digest.ts';
import type { DigestChallenge } from './digest.ts';

/** Of so many origins and users the nonces are kept; the oldest go first. */
const mostSessions = 100;

/** What one server said to one user last, and how often its nonce was used (RFC 7616 §3.6). */
interface Session {
  readonly challenge: DigestChallenge;
  readonly key: string;
  readonly cnonce: string;
  nonce: string;
  count: number;
  /** The nonce before had become too old. */
  readonly because: 'challenge' | 'stale';
}

/** Digest credentials (RFC 7616), with nonces kept while the server takes them. */
export interface DigestSessions {
  authorize(outgoing: Outgoing, credentials: DigestCredentials, resend: boolean): Promise<Authorized | undefined>;
  receive(
    spec: RequestSpec, credentials: DigestCredentials, head: ResponseHead, wasSent: boolean, resend: boolean,
  ): Answer | undefined;
  proof(
    spec: RequestSpec, credentials: DigestCredentials, head: ResponseHead, facts: DigestFacts,
  ): 'proved' | 'wrong' | undefined;
}

type DigestFacts = Extract<AuthorizationFacts, { scheme: 'digest' }>;

/** No nonces yet; `newCnonce` makes the random part of each answer (RFC 7616 §3.4). */
export function createDigestSessions(newCnonce: () => string): DigestSessions {
  const sessions = new Map<string, Session>();

  const keep = (id: string, session: Session): void => {
    sessions.delete(id);
    sessions.set(id, session);
    if (sessions.size > mostSessions) sessions.delete(sessions.keys().next().value!);
  };

  return {
    authorize: async (outgoing, credentials, resend) => {
      const { url } = outgoing;
      const session = sessions.get(idOf(url, credentials));
      // RFC 7616 §3.3: `domain` says for which URIs the answer may be given unasked.
      if (!session || (!resend && !isWithin(url, session.challenge.domain))) return undefined;
      // Before waiting for the body, so that requests at the same time never use the same count.
      session.count += 1;
      const { nonce, count } = session;
      const { challenge } = session;
      const hash = challenge.qop === 'auth-int'
        ? await bodyHash(challenge.hash, outgoing.body, outgoing.signal) : '';
      return authorized(outgoing, credentials, { ...session, nonce, count }, hash, resend);
    },

    receive: (spec, credentials, { statusCode, headers }, wasSent, resend) => {
      const id = idOf(new URL(spec.url), credentials);
      const known = sessions.get(id);
      if (statusCode !== 401) {
        const next = nextNonce(headers);
        if (known && next !== undefined) Object.assign(known, { nonce: next, count: 0 });
        return undefined;
      }
      const found = strongestChallenge(challengesOf(headers));
      if (!found) return { outcome: 'other-scheme' };
      if (!found.ok) return { outcome: 'unsupported', part: found.part, value: found.value };
      const { challenge } = found;
      const cnonce = newCnonce();
      const because = wasSent && challenge.stale ? 'stale' : 'challenge';
      const key = sessionKey(challenge, credentials, cnonce);
      // The same challenge again would only be answered the same.
      if (resend) {
        sessions.delete(id);
        return { outcome: 'refused' };
      }
      keep(id, { challenge, key, cnonce, nonce: challenge.nonce, count: 0, because });
      return { outcome: 'answerable' };
    },

    proof: (spec, credentials, { headers }, { qop, nonce, nonceCount: count, cnonce, uri }) => {
      const said = infoOf(headers)?.get('rspauth');
      const known = sessions.get(idOf(new URL(spec.url), credentials));
      if (said === undefined || !known || qop !== 'auth') return undefined;
      if (count === undefined || cnonce === undefined) return undefined;
      // RFC 7616 §3.5: as the request's, but A2 has no method.
      const { challenge: { hash }, key } = known;
      const wanted = responseOf({ hash, qop }, key, { method: '', uri, bodyHash: '' }, { nonce, cnonce, count });
      return said.toLowerCase() === wanted ? 'proved' : 'wrong';
    },
  };
}

function idOf({ origin }: URL, { user, password }: DigestCredentials): string {
  return JSON.stringify([origin, user, password]);
}

/** RFC 7616 §3.3: a URI of the list is a prefix; those of other origins are never followed. */
function isWithin(url: URL, domain: readonly string[]): boolean {
  if (domain.length === 0) return true;
  return domain.some((uri) => {
    const space = URL.parse(uri, url.href);
    return space !== null && space.origin === url.origin && url.pathname.startsWith(space.pathname);
  });
}

function authorized(
  { spec, url }: Outgoing, { user }: DigestCredentials, session: Session, hash: string, resend: boolean,
): Authorized {
  const { challenge, key, nonce, cnonce, count, because } = session;
  const { qop, realm, userhash, algorithm = 'MD5' } = challenge;
  const { method } = spec;
  // RFC 7616 §3.4.6: the request's target, as the server gets it.
  const uri = spec.requestTarget ?? `${url.pathname}${url.search}`;
  const response = responseOf(challenge, key, { method, uri, bodyHash: hash }, { nonce, cnonce, count });
  const value = digestField(challenge, user, uri, { nonce, cnonce, count }, response);
  return {
    fields: [['Authorization', value]],
    facts: {
      scheme: 'digest', because: resend ? because : 'known', user, userHashed: userhash, realm, algorithm,
      nonce, method, uri, response,
      ...(qop === undefined ? {} : { qop, nonceCount: count, cnonce }),
    },
  };
}

/** RFC 7616 §3.5: what the server wants to see next time. */
function nextNonce(headers: readonly FieldLine[]): string | undefined {
  return infoOf(headers)?.get('nextnonce');
}

/** The parameters of `Authentication-Info` (RFC 7615): those of a challenge without its scheme. */
function infoOf(headers: readonly FieldLine[]): ReadonlyMap<string, string> | undefined {
  const [value] = fieldValues(headers, 'authentication-info');
  if (value === undefined) return undefined;
  const [told] = challengesOf([['www-authenticate', `Digest ${value}`]]);
  return told?.parameters;
}
