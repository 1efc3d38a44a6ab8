import { randomBytes } from 'node:crypto';
import { challengesOf } from '../../trace/challenges.ts';
import type { AuthorizationFacts, ChallengeVerdict } from '../../trace/authorization.ts';
import type { FieldLine } from '../../trace/request.ts';
import { digestField, responseOf, sessionKey, strongestChallenge } from '../http/authentication/digest.ts';
import type { DigestChallenge } from '../http/authentication/digest.ts';

/** Of so many proxies and users the nonces are kept; the oldest go first. */
const mostSessions = 100;

interface Session {
  readonly challenge: DigestChallenge;
  readonly key: string;
  readonly cnonce: string;
  readonly because: 'challenge' | 'stale';
  count: number;
}

/** What each proxy said to each user last; by the proxy and the Basic credentials for it. */
const sessions = new Map<string, Session>();

/** The field for a request to a proxy, and how it was made. */
export interface ProxyAuthorized {
  readonly value: string;
  readonly facts: AuthorizationFacts;
}

/** What a 407 means for the next request. */
export type ProxyAnswer = ChallengeVerdict | { readonly outcome: 'answerable' };

/**
 * Digest credentials (RFC 7616) for a request to `proxy`, once a challenge of it is known. `basic` is the value of
 * `Proxy-Authorization` by RFC 7617, of which user and password are taken; of another scheme there are none.
 */
export function authorizeToProxy(
  proxy: string, basic: string, request: { readonly method: string; readonly uri: string },
): ProxyAuthorized | undefined {
  const session = sessions.get(idOf(proxy, basic));
  if (!session) return undefined;
  const { challenge, key, cnonce, because } = session;
  const { nonce, realm, qop, algorithm = 'MD5', userhash } = challenge;
  const count = session.count += 1;
  const { user } = credentialsOf(basic);
  const response = responseOf(challenge, key, { ...request, bodyHash: '' }, { nonce, cnonce, count });
  return {
    value: digestField(challenge, user, request.uri, { nonce, cnonce, count }, response),
    facts: {
      scheme: 'digest', to: 'proxy', because: count === 1 ? because : 'known', user, userHashed: userhash, realm,
      algorithm, nonce, ...request, response, ...(qop === undefined ? {} : { qop, nonceCount: count, cnonce }),
    },
  };
}

/** Takes the challenge of a 407. `resend`: the request answered one already, so this is a refusal. */
export function challengedByProxy(
  proxy: string, basic: string, headers: readonly FieldLine[], resend: boolean,
): ProxyAnswer {
  const id = idOf(proxy, basic);
  const known = sessions.get(id);
  sessions.delete(id);
  const challenges = challengesOf(headers, 'proxy-authenticate');
  const own = schemeOf(basic);
  if (own !== 'basic') {
    return { outcome: challenges.some(({ scheme }) => scheme.toLowerCase() === own) ? 'refused' : 'other-scheme' };
  }
  const found = strongestChallenge(challenges);
  // Basic went with the request.
  if (!found) return { outcome: challenges.some(({ scheme }) => /^basic$/i.test(scheme)) ? 'refused' : 'other-scheme' };
  if (!found.ok) return { outcome: 'unsupported', part: found.part, value: found.value };
  const { challenge } = found;
  // The body of a request in absolute form is not at hand here.
  if (challenge.qop === 'auth-int') return { outcome: 'unsupported', part: 'qop', value: 'auth-int' };
  if (resend) return { outcome: 'refused' };
  const cnonce = randomBytes(18).toString('base64url');
  const key = sessionKey(challenge, credentialsOf(basic), cnonce);
  sessions.set(id, { challenge, key, cnonce, count: 0, because: known && challenge.stale ? 'stale' : 'challenge' });
  if (sessions.size > mostSessions) sessions.delete(sessions.keys().next().value!);
  return { outcome: 'answerable' };
}

/** RFC 9110 §11.4: the scheme ends at the first space. */
function schemeOf(authorization: string): string {
  return authorization.split(' ', 1)[0]!.toLowerCase();
}

function idOf(proxy: string, basic: string): string {
  return `${proxy} ${basic}`;
}

/** RFC 7617 §2: the first colon ends the user's name. */
function credentialsOf(basic: string): { readonly user: string; readonly password: string } {
  const pair = Buffer.from(basic.slice('Basic '.length), 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return { user: pair.slice(0, colon), password: pair.slice(colon + 1) };
}
