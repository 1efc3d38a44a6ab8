import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Access tokens of the shop: who, until when, and a signature that only this lab can make. */
export interface Tokens {
  issue(user: string): string;
  /** The user of a token of this lab that has not expired. */
  userOf(token: string): string | undefined;
  /** How long a token lasts (s). */
  readonly lifetime: number;
}

export interface TokenOptions {
  /** A clock in ms. */
  readonly now: () => number;
  /** Seconds. */
  readonly lifetime: number;
}

/** Nothing is stored: the key is made anew with each lab, and so no token outlives it. */
export function createTokens({ now, lifetime }: TokenOptions): Tokens {
  const key = randomBytes(32);
  const sign = (payload: string): Buffer => createHmac('sha256', key).update(payload).digest();
  return {
    lifetime,
    issue: (user) => {
      // As many digits at any time, so that all tokens of a user have one length.
      const expires = String(Math.ceil(now() / 1000) + lifetime).padStart(12, '0');
      const payload = Buffer.from(`${expires} ${user}`).toString('base64url');
      return `${payload}.${sign(payload).toString('base64url')}`;
    },
    userOf: (token) => {
      const [payload = '', signature = ''] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const own = sign(payload);
      if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
      const [expires = '', ...user] = Buffer.from(payload, 'base64url').toString().split(' ');
      return now() < Number(expires) * 1000 ? user.join(' ') : undefined;
    },
  };
}
