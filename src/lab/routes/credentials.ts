import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { json, problem } from '../http/answer.ts';
import type { Answer } from '../http/answer.ts';
import type { Handler, LabRequest, Route } from '../http/handler.ts';
import type { FieldLine } from '../messages.ts';

// Authentication whose user and password stand in the path: nothing here is a secret.

const noStore: FieldLine = ['Cache-Control', 'no-store'];

function same(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

/** The credentials of one scheme in the request, if it has them (RFC 9110 §11.4). */
function credentialsOf({ head }: LabRequest, scheme: RegExp): string | undefined {
  const fields = head.all('authorization');
  const match = fields.length === 1 ? /^(\S+) +(.+)$/.exec(fields[0]!) : undefined;
  return match && scheme.test(match[1]!) ? match[2]! : undefined;
}

function welcome(scheme: string, user: string, fields: readonly FieldLine[] = []): Answer {
  return json(200, { authenticated: true, scheme, user }, [noStore, ...fields]);
}

function challenge(field: string, detail: string): Answer {
  return problem(401, detail, [['WWW-Authenticate', field], noStore]);
}

/** RFC 7617 */
const basic: Handler = (request) => {
  const { user = '', password = '' } = request.parameters;
  const given = Buffer.from(credentialsOf(request, /^basic$/i) ?? '', 'base64').toString();
  if (same(given, `${user}:${password}`)) return welcome('Basic', user);
  return challenge('Basic realm="lab", charset="UTF-8"', 'User name and password are those of the path.');
};

/** RFC 6750 §3: without credentials there is no error to name. */
const bearer: Handler = (request) => {
  const token = credentialsOf(request, /^bearer$/i);
  if (token === undefined) return challenge('Bearer realm="lab"', 'Any token does: Authorization: Bearer one.');
  if (/^[\w.~+/-]+=*$/.test(token)) return welcome('Bearer', token);
  return challenge('Bearer realm="lab", error="invalid_token"', 'This is no token (RFC 6750 §2.1).');
};

/** RFC 7616 §6.1, and the older MD5. */
const hashes: Readonly<Record<string, string>> = { 'MD5': 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
const qualities = ['auth', 'auth-int'];
const secret = randomBytes(32);
const nonceLifetime = 60_000;

/** `time.signature`: what it says is all the lab needs to know of it. */
function newNonce(): string {
  const time = `${Date.now()}`;
  return `${time}.${sign(time)}`;
}

function sign(content: string): string {
  return createHmac('sha256', secret).update(content).digest('base64url');
}

/** Neither forged nor too old. */
function isFresh(nonce: string): boolean {
  const [time = '', signature = ''] = nonce.split('.');
  return same(signature, sign(time)) && Date.now() - Number(time) <= nonceLifetime;
}

/** RFC 9110 §11.2: names and values, quoted or not. */
function parametersOf(text: string): Record<string, string> {
  const pairs = text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g);
  return Object.fromEntries([...pairs].map(([, name = '', quoted, token]) =>
    [name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '']));
}

interface DigestOffer {
  readonly algorithm: string;
  readonly quality: string;
  readonly user: string;
  readonly password: string;
}

/** RFC 7616 §3.4: what the client must have computed, and what it may expect in return (§3.5). */
function responsesTo(
  { algorithm, quality, user, password }: DigestOffer, given: Record<string, string>, request: LabRequest,
) {
  const isSession = algorithm.endsWith('-sess');
  const hash = (content: string | Buffer): string =>
    createHash(hashes[algorithm.replace(/-sess$/, '')]!).update(content).digest('hex');
  const { nonce = '', nc = '', cnonce = '', uri = '' } = given;
  const secretHash = hash(`${user}:lab:${password}`);
  const first = isSession ? hash(`${secretHash}:${nonce}:${cnonce}`) : secretHash;
  const response = (method: string, body: Buffer): string => {
    const end = quality === 'auth-int' ? `:${hash(body)}` : '';
    return hash(`${first}:${nonce}:${nc}:${cnonce}:${quality}:${hash(`${method}:${uri}${end}`)}`);
  };
  return { expected: response(request.head.method, request.body), inReturn: (body: Buffer) => response('', body) };
}

/** RFC 7616: user and password of the path; `?algorithm=`, and with `?once=1` a nonce is good for one request. */
const digest: Handler = (request) => {
  const { quality = '', user = '', password = '' } = request.parameters;
  const algorithm = request.head.query.get('algorithm') ?? 'SHA-256';
  if (!Object.hasOwn(hashes, algorithm.replace(/-sess$/, '')) || !qualities.includes(quality)) {
    return problem(
      404, `/digest-auth/{${qualities.join('|')}}/…?algorithm=${Object.keys(hashes).join('|')}, each also with -sess.`,
    );
  }
  const offer = { algorithm, quality, user, password };
  const ask = (isStale: boolean): Answer => challenge(
    `Digest realm="lab", qop="${quality}", algorithm=${algorithm}, nonce="${newNonce()}"`
      + (isStale ? ', stale=true' : ''),
    isStale ? 'The nonce is stale: the same again with the new one.' : 'User name and password are those of the path.');
  const given = parametersOf(credentialsOf(request, /^digest$/i) ?? '');
  if (given.response === undefined) return ask(false);
  const { expected, inReturn } = responsesTo(offer, given, request);
  const isRight = given.username === user && given.qop === quality && given.uri === request.head.target
    && same(given.response, expected);
  if (!isRight) return ask(false);
  // §3.4.1: what is right but for its nonce need not be asked for again.
  const isSpent = request.head.query.has('once') && given.nc !== '00000001';
  if (isSpent || !isFresh(given.nonce ?? '')) return ask(true);
  const answer = welcome(`Digest ${algorithm}`, user);
  const proof =
    `rspauth="${inReturn(answer.body as Buffer)}", qop=${quality}, cnonce="${given.cnonce}", nc=${given.nc}`;
  return { ...answer, headers: [...answer.headers, ['Authentication-Info', proof]] };
};

export const credentialRoutes: readonly Route[] = [
  {
    pattern: '/basic-auth/{user}/{password}', name: 'credentials/basic', handler: basic,
    summary: { en: 'Asks for this user and password by Basic.', ko: '경로에 있는 사용자와 암호를 Basic으로 요구합니다.' },
  },
  {
    pattern: '/bearer', name: 'credentials/bearer', handler: bearer,
    summary: { en: 'Asks for a bearer token, any.', ko: 'Bearer 토큰을 요구합니다. 값은 무엇이든 됩니다.' },
  },
  {
    pattern: '/digest-auth/{quality}/{user}/{password}', name: 'credentials/digest', handler: digest,
    summary: {
      en: 'Asks for user and password by Digest: auth or auth-int; ?algorithm=, ?once=1 for nonces good for one use.',
      ko: '경로에 있는 사용자와 암호를 Digest로 요구합니다: auth 또는 auth-int, ?algorithm=, nonce를 한 번만 받아들이려면 ?once=1입니다.',
    },
  },
];
