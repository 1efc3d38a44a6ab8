import { createHash, getHashes } from 'node:crypto';
import type { Challenge } from '../../../trace/challenges.ts';

/** A challenge that can be answered (RFC 7616 §3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string;
  /** As the server writes it; absent means MD5. */
  readonly algorithm?: string;
  readonly hash: string;
  /** The algorithm ends in `-sess`. */
  readonly session: boolean;
  readonly qop?: 'auth' | 'auth-int';
  readonly stale: boolean;
  readonly userhash: boolean;
  readonly utf8: boolean;
  /** What the same credentials are for, as the server lists it; empty means its whole origin. */
  readonly domain: readonly string[];
}

export type ReadChallenge =
  | { readonly ok: true; readonly challenge: DigestChallenge }
  | { readonly ok: false; readonly part: 'algorithm' | 'qop' | 'nonce'; readonly value: string };

/** The strongest first; by the name that the challenge uses, the one that node:crypto uses. */
const hashes: readonly (readonly [algorithm: string, hash: string])[] = [
  ['sha-512-256', 'sha512-256'], ['sha-256', 'sha256'], ['md5', 'md5'],
];

/**
 * The strongest of the Digest challenges that can be answered, of equal ones the first (RFC 7616 §3.7 lets the
 * client choose). When none can be, why not the first one; undefined when there is none.
 */
export function strongestChallenge(challenges: readonly Challenge[]): ReadChallenge | undefined {
  const read = challenges.filter(({ scheme }) => scheme.toLowerCase() === 'digest').map(readChallenge);
  const usable = read.filter((one) => one.ok);
  return usable.toSorted((a, b) => rank(a.challenge) - rank(b.challenge))[0] ?? read[0];
}

function rank({ hash }: DigestChallenge): number {
  return hashes.findIndex(([, name]) => name === hash);
}

function readChallenge({ parameters }: Challenge): ReadChallenge {
  const algorithm = parameters.get('algorithm');
  const lower = (algorithm ?? 'MD5').toLowerCase();
  const session = lower.endsWith('-sess');
  const hash = hashes.find(([name]) => name === (session ? lower.slice(0, -5) : lower))?.[1];
  // RFC 7616 §3.3: an algorithm that is not known makes the challenge one to ignore.
  if (!hash || !hasHash(hash)) return { ok: false, part: 'algorithm', value: algorithm ?? 'MD5' };
  const nonce = parameters.get('nonce');
  if (nonce === undefined) return { ok: false, part: 'nonce', value: '' };
  const offered = parameters.get('qop');
  const qop = qopOf(offered);
  if (qop === 'unknown') return { ok: false, part: 'qop', value: offered ?? '' };
  const opaque = parameters.get('opaque');
  const is = (name: string): boolean => parameters.get(name)?.toLowerCase() === 'true';
  return {
    ok: true,
    challenge: {
      realm: parameters.get('realm') ?? '', nonce, hash, session, stale: is('stale'), userhash: is('userhash'),
      utf8: parameters.get('charset')?.toLowerCase() === 'utf-8',
      domain: (parameters.get('domain') ?? '').split(/\s+/).filter((uri) => uri !== ''),
      ...(algorithm === undefined ? {} : { algorithm }), ...(qop === undefined ? {} : { qop }),
      ...(opaque === undefined ? {} : { opaque }),
    },
  };
}

function hasHash(hash: string): boolean {
  return getHashes().some((name) => name.toLowerCase() === hash);
}

/** `auth` where both are offered: it does not need the body beforehand. Without any, RFC 2069's form. */
function qopOf(offered: string | undefined): 'auth' | 'auth-int' | 'unknown' | undefined {
  const options = (offered ?? '').split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== '');
  if (options.length === 0) return undefined;
  if (options.includes('auth')) return 'auth';
  return options.includes('auth-int') ? 'auth-int' : 'unknown';
}

/** H of RFC 7616 §3.1: in lower-case hexadecimal, of a text as UTF-8. */
export function hashOf(hash: string, text: string | Buffer): string {
  return createHash(hash).update(text).digest('hex');
}

/**
 * H(A1) (RFC 7616 §3.4.2): of the credentials, and with `-sess` also of the nonce and cnonce that the session began
 * with.
 */
export function sessionKey(
  { hash, realm, nonce, session }: Pick<DigestChallenge, 'hash' | 'realm' | 'nonce' | 'session'>,
  { user, password }: { readonly user: string; readonly password: string }, cnonce: string,
): string {
  const credentials = hashOf(hash, `${user}:${realm}:${password}`);
  return session ? hashOf(hash, `${credentials}:${nonce}:${cnonce}`) : credentials;
}

export interface DigestRequest {
  readonly method: string;
  /** The request target in origin form. */
  readonly uri: string;
  /** The hash of the body, for `auth-int`. */
  readonly bodyHash: string;
}

export interface DigestCount {
  readonly nonce: string;
  readonly cnonce: string;
  readonly count: number;
}

/** `response` (RFC 7616 §3.4.1, §3.4.3; without a qop as RFC 2069 §2.1.2 has it). */
export function responseOf(
  { hash, qop }: Pick<DigestChallenge, 'hash' | 'qop'>, key: string, { method, uri, bodyHash }: DigestRequest,
  { nonce, cnonce, count }: DigestCount,
): string {
  const a2 = hashOf(hash, qop === 'auth-int' ? `${method}:${uri}:${bodyHash}` : `${method}:${uri}`);
  if (qop === undefined) return hashOf(hash, `${key}:${nonce}:${a2}`);
  return hashOf(hash, `${key}:${nonce}:${countText(count)}:${cnonce}:${qop}:${a2}`);
}

/** `nc`: eight hexadecimal digits. */
function countText(count: number): string {
  return count.toString(16).padStart(8, '0');
}

/** The value of `Authorization` (RFC 7616 §3.4), with quotes where it has them. */
export function digestField(
  challenge: DigestChallenge, user: string, uri: string, { nonce, cnonce, count }: DigestCount, response: string,
): string {
  const { realm, opaque, algorithm, qop, session, userhash } = challenge;
  const parts = [
    userPart(challenge, user), `realm=${quoted(realm)}`, `nonce=${quoted(nonce)}`, `uri=${quoted(uri)}`,
    `response="${response}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop === undefined && !session ? [] : [`cnonce=${quoted(cnonce)}`]),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${countText(count)}`]),
    ...(userhash ? ['userhash=true'] : []),
  ];
  return `Digest ${parts.join(', ')}`;
}

/** RFC 7616 §3.4.4: hashed where the server knows such hashes; a name beyond ASCII in the form of RFC 8187. */
function userPart({ hash, realm, userhash, utf8 }: DigestChallenge, user: string): string {
  if (userhash) return `username="${hashOf(hash, `${user}:${realm}`)}"`;
  const isAscii = /^[\x20-\x7e]*$/.test(user);
  return isAscii || !utf8 ? `username=${quoted(user)}` : `username*=UTF-8''${encodeExtended(user)}`;
}

/** RFC 8187 §3.2.1: everything but attr-char percent-encoded. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (character) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
