import type { AuthorizationFacts, ChallengeVerdict } from '../trace/authorization.ts';
import { challengeOf, challengesOf } from '../trace/challenges.ts';
import type { Challenge } from '../trace/challenges.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { FieldLine } from '../trace/request.ts';
import { authenticationTexts } from './text/authentication.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import type { Places } from './text/text.ts';

type TextId = keyof typeof authenticationTexts;
type Say = (id: TextId, places?: Places) => string;

/** How a request was authenticated: sentences (names between backticks), facts, and texts to compare line by line. */
export interface AuthorizationExplained {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly texts: readonly (readonly [name: string, text: string])[];
}

/** What was computed for this request and from what; undefined when nothing was. */
export function explainAuthorization(
  { authorization: facts, response }: Exchange, language: Language,
): AuthorizationExplained | undefined {
  return facts && explainCredentials(facts, response?.statusCode, language);
}

/** What was computed for a proxy: one that was handed the request, or one that was asked for a tunnel. */
export function explainProxyAuthorizations(
  { proxyAuthorization, connection, reused }: Exchange, language: Language,
): AuthorizationExplained[] {
  const ofTunnels = reused ? [] : connection?.proxies?.map(({ authorization }) => authorization) ?? [];
  const all = [...ofTunnels, proxyAuthorization].filter((facts) => facts !== undefined);
  return all.map((facts) => explainCredentials(facts, undefined, language));
}

function explainCredentials(
  facts: AuthorizationFacts, statusCode: number | undefined, language: Language,
): AuthorizationExplained {
  const tell: Say = (id, places) => say(authenticationTexts, language, id, places);
  if (facts.scheme === 'aws') return { title: tell('title'), ...awsParts(facts, statusCode, tell) };
  return { title: tell(facts.to === 'proxy' ? 'title-proxy' : 'title'), ...digestParts(facts, tell) };
}

type DigestFacts = Extract<AuthorizationFacts, { scheme: 'digest' }>;
type AwsFacts = Extract<AuthorizationFacts, { scheme: 'aws' }>;

function digestParts(facts: DigestFacts, tell: Say): Omit<AuthorizationExplained, 'title'> {
  const { because, realm, algorithm, qop, nonce, nonceCount, cnonce, method, uri, response, user, userHashed } = facts;
  const isSession = /-sess$/i.test(algorithm);
  const hash = algorithm.replace(/-sess$/i, '');
  const count = nonceCount?.toString(16).padStart(8, '0');
  const places = {
    hash, method, uri, qop: qop ?? '', count: count ?? '', body: qop === 'auth-int' ? tell('digest-body') : '',
  };
  return {
    sentences: [
      tell(facts.to === 'proxy' ? `digest-proxy-${because}` : `digest-${because}`, { realm }),
      tell(qop === undefined ? 'digest-response-legacy' : 'digest-response', places),
      tell(isSession ? 'digest-key-session' : 'digest-key', { hash }),
      ...(userHashed ? [tell('digest-user-hashed')] : []),
      ...(hash.toUpperCase() === 'MD5' ? [tell('digest-weak')] : []),
      ...(facts.mutual ? [tell(`mutual-${facts.mutual}`)] : []),
    ],
    facts: [
      [tell('fact-user'), user], [tell('fact-realm'), realm], [tell('fact-algorithm'), algorithm],
      [tell('fact-nonce'), nonce],
      ...(count === undefined ? [] : [[tell('fact-count'), count] as const]),
      ...(cnonce === undefined ? [] : [[tell('fact-cnonce'), cnonce] as const]),
      [tell('fact-response'), response],
    ],
    texts: [],
  };
}

function awsParts(facts: AwsFacts, statusCode: number | undefined, tell: Say): Omit<AuthorizationExplained, 'title'> {
  const { region, service, guessed, accessKeyId, canonicalRequest, stringToSign, signature } = facts;
  const isRefused = statusCode === 403 || statusCode === 401 || statusCode === 400;
  return {
    sentences: [
      tell('aws-signed', { region, service }),
      ...(guessed.length > 0 ? [tell('aws-guessed', { names: guessed.map((name) => tell(name)).join(', ') })] : []),
      ...(isRefused ? [tell('aws-refused')] : []),
    ],
    facts: [
      [tell('fact-key-id'), accessKeyId], [tell('fact-scope'), `${region} / ${service}`],
      [tell('fact-signature'), signature],
    ],
    texts: [[tell('canonical-request'), canonicalRequest], [tell('string-to-sign'), stringToSign]],
  };
}

/** What a 401 asks for, whether that was done, and what to do next; nothing for other responses. */
export function explainChallenge(exchange: Exchange, language: Language): readonly string[] {
  const { response, challenge, request } = exchange;
  const tell: Say = (id, places) => say(authenticationTexts, language, id, places);
  if (response?.statusCode === 407) return proxyChallenge(response.headers, challenge, tell);
  // RFC 6750 §3.1: what is wrong with a token comes with 400 and 403, too.
  if (response?.statusCode === 400 || response?.statusCode === 403) {
    return bearerError(challengesOf(response.headers), tell);
  }
  if (response?.statusCode !== 401) return [];
  if (challenge?.outcome === 'answered') return [tell('answered')];
  const challenges = challengesOf(response.headers);
  const sent = request?.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  const scheme = sent && /^\S+/.exec(sent)?.[0];
  const verdict = challenge ? [verdictText(challenge, tell)] : scheme ? [tell('credentials-refused', { scheme })] : [];
  if (challenges.length === 0) return [...verdict, tell('no-challenge')];
  const isAboutSent = challenge?.outcome === 'refused';
  return [...verdict, ...bearerError(challenges, tell), ...(isAboutSent ? [] : offers(challenges, scheme, tell))];
}

/** The same for a 407, which is a proxy's. */
function proxyChallenge(
  headers: readonly FieldLine[], verdict: ChallengeVerdict | undefined, tell: Say,
): readonly string[] {
  if (verdict?.outcome === 'answered') return [tell('answered')];
  const challenges = challengesOf(headers, 'proxy-authenticate');
  if (challenges.length === 0) return [tell('no-challenge-proxy')];
  const schemes = [...new Map(challenges.map(({ scheme }) => [scheme.toLowerCase(), scheme]))];
  const taken = schemes.filter(([lower]) => lower === 'basic' || lower === 'digest').map(([, scheme]) => scheme);
  const others = schemes.filter(([lower]) => lower !== 'basic' && lower !== 'digest');
  return [
    ...(verdict === undefined ? [] : [proxyVerdictText(verdict, tell)]),
    ...(taken.length > 0 && verdict === undefined ? [tell('offers-proxy', { schemes: taken.join(', ') })] : []),
    ...others.map(([lower, scheme]) => tell(isOfWindows(lower) ? 'offers-windows' : 'offers-other', { scheme })),
  ];
}

function isOfWindows(scheme: string): boolean {
  return scheme === 'ntlm' || scheme === 'negotiate' || scheme === 'kerberos';
}

function proxyVerdictText(verdict: ChallengeVerdict, tell: Say): string {
  if (verdict.outcome !== 'unsupported') {
    return tell(verdict.outcome === 'refused' ? 'refused-proxy' : 'other-scheme-proxy');
  }
  return verdict.value === 'auth-int' ? tell('unsupported-auth-int-proxy') : verdictText(verdict, tell);
}

function verdictText(verdict: ChallengeVerdict, tell: Say): string {
  return verdict.outcome === 'unsupported'
    ? tell(`unsupported-${verdict.part}`, { value: verdict.value }) : tell(verdict.outcome);
}

/** RFC 6750 §3 and §3.1: the server's own words, and what the codes that are defined mean. */
function bearerError(challenges: readonly Challenge[], tell: Say): string[] {
  const parameters = challengeOf(challenges, 'bearer')?.parameters;
  const error = parameters?.get('error');
  if (error === undefined) return [];
  const said = tell('bearer-error', { error, description: parameters?.get('error_description') ?? '' }).trim();
  const scope = parameters?.get('scope');
  switch (error) {
    case 'invalid_request': case 'invalid_token': return [said, tell(`bearer-${error}`)];
    case 'insufficient_scope':
      return [said, scope === undefined ? tell('bearer-insufficient_scope') : tell('bearer-scope', { scope })];
    default: return [said];
  }
}

/** One next step for each scheme that is asked for, but for the one that was tried. */
function offers(challenges: readonly Challenge[], tried: string | undefined, tell: Say): string[] {
  const schemes = new Map(challenges.map(({ scheme }) => [scheme.toLowerCase(), scheme]));
  schemes.delete(tried?.toLowerCase() ?? '');
  return [...schemes].map(([lower, scheme]) => {
    switch (lower) {
      case 'basic': case 'digest': case 'bearer': return tell(`offers-${lower}`);
      // No scheme of the registry, and what servers with a login of their own write all the same.
      case 'session': case 'cookie': return tell('offers-session', { scheme });
      default: return tell(isOfWindows(lower) ? 'offers-windows' : 'offers-other', { scheme });
    }
  });
}
