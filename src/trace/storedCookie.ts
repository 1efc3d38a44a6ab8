import type { CookieVerdict } from './event.ts';

/** What is stored of a cookie (RFC 6265bis §5.7); times in epoch ms. */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  /** In lower case, without a dot before it. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Absent for RFC 6265bis' "Default". */
  readonly sameSite?: 'strict' | 'lax' | 'none';
  /** Asked for with `Partitioned` (CHIPS). */
  readonly partitioned?: boolean;
  /** Absent for a cookie of the session. */
  readonly expires?: number;
  readonly created: number;
  readonly accessed: number;
}

/**
 * Cookies of sites other than a request's, stored before it and still there: those that come first by domain, path and
 * name, without their values, and how many there are.
 */
export interface OtherCookies {
  readonly cookies: readonly CookieVerdict[];
  readonly total: number;
}

/** Which cookies are meant: all of a domain, one of them, or (when empty) every one. */
export interface CookieFilter {
  readonly domain?: string;
  readonly path?: string;
  readonly name?: string;
}

/** Why a file of cookies is not used as it is: no such file, and put aside; it cannot be read; it cannot be written. */
export type CookieFileNotice =
  | { readonly kind: 'damaged'; readonly path: string; readonly keptAs: string }
  | { readonly kind: 'unreadable' | 'unwritable'; readonly path: string; readonly reason: string };
