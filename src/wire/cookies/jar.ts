import type { Cookie, CookieJar as ToughCookieJar } from 'tough-cookie';
import type { CookieVerdict } from '../../trace/event.ts';
import type { FieldLine } from '../../trace/request.ts';
import { fieldOctets, fieldValues } from '../http/fields.ts';
import { expiresAt, isSecureEnough, receivedReason, selectedReason } from './reasons.ts';
import type { ToughCookie } from './reasons.ts';
import { shortened, tooLong } from './setCookie.ts';

/** At most so many cookies of one domain, and in all; the ones used longest ago go first. */
export const jarLimits = { perDomain: 50, total: 3000, days: 400 } as const;

/**
 * The cookies for a request: the pairs to send as octets, and what became of every cookie of the
 * jar.
 */
export interface Selected {
  readonly header: string | undefined;
  readonly verdicts: readonly CookieVerdict[];
}

/**
 * A cookie jar in memory (RFC 6265bis §5.7, §5.8). Scope comes from the URL, never from a typed
 * `Host`.
 */
export interface CookieJar {
  /** Nothing is stored: nothing to select from. */
  readonly isEmpty: boolean;
  readonly isLoaded: boolean;
  load(): Promise<void>;
  /**
   * Which cookies go with a request to `url`; those typed in `headers` go first and win by name.
   */
  select(url: URL, headers: readonly FieldLine[]): Selected;
  /**
   * Stores what the values of `Set-Cookie` fields of a response from `url` ask for. Loaded jars
   * only.
   */
  receive(url: URL, values: readonly string[]): CookieVerdict[];
  clear(): void;
}

/** An empty jar. `now` gives epoch milliseconds. */
export function createCookieJar(now: () => number = Date.now): CookieJar {
  return new MemoryJar(now);
}

class MemoryJar implements CookieJar {
  readonly #now: () => number;
  #tough: ToughCookie | undefined;
  #jar: ToughCookieJar | undefined;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get isLoaded(): boolean {
    return this.#tough !== undefined;
  }

  async load(): Promise<void> {
    this.#tough ??= await import('tough-cookie');
  }

  clear(): void {
    this.#jar = undefined;
    this.#count = 0;
  }

  select(url: URL, headers: readonly FieldLine[]): Selected {
    const tough = this.#tough;
    if (!tough || this.#count === 0) return { header: undefined, verdicts: [] };
    const typed = typedCookieNames(headers);
    const sent: Cookie[] = [];
    const verdicts = this.#all().toSorted(tough.cookieCompare).map((cookie) => {
      const reason = selectedReason(tough, cookie, url, this.#now(), typed);
      if (reason === 'expired') this.#remove(cookie);
      if (reason === undefined) sent.push(cookie);
      return verdictOf(cookie, reason);
    });
    for (const cookie of sent) cookie.lastAccessed = new Date(this.#now());
    const pairs = sent.map((cookie) => fieldOctets(cookie.cookieString()));
    return { header: pairs.length > 0 ? pairs.join('; ') : undefined, verdicts };
  }

  receive(url: URL, values: readonly string[]): CookieVerdict[] {
    const verdicts = values.map((value) => this.#receiveOne(this.#tough!, url, value));
    this.#evict();
    return verdicts;
  }

  #receiveOne(tough: ToughCookie, url: URL, value: string): CookieVerdict {
    const cookie = parse(tough, shortened(value));
    if (!cookie || (cookie.key === '' && cookie.value === '')) {
      return { ...pairOf(value), accepted: false, reason: 'syntax' };
    }
    if (tooLong(cookie.key, cookie.value)) return verdictOf(cookie, 'size');
    // RFC 6265bis §5.7: the path attribute counts when it begins with a slash.
    if (!cookie.path?.startsWith('/')) cookie.path = tough.defaultPath(url.pathname);
    const reason = receivedReason(tough, cookie, url) ?? this.#overwriting(cookie, url);
    if (reason !== undefined) return verdictOf(cookie, reason);
    const limit = this.#now() + jarLimits.days * 86_400_000;
    const expires = expiresAt(cookie, this.#now());
    if (expires !== undefined) {
      cookie.maxAge = null;
      cookie.expires = new Date(Math.min(expires, limit));
    }
    return this.#store(tough, cookie, url, expires !== undefined && expires <= this.#now());
  }

  /** RFC 6265bis §5.7: what is not secure must not replace what is. */
  #overwriting(cookie: Cookie, url: URL): string | undefined {
    if (cookie.secure || isSecureEnough(url)) return undefined;
    const isSame = (other: Cookie): boolean => other.secure && other.key === cookie.key
      && other.domain === (cookie.domain ?? url.hostname) && (other.path ?? '/') === cookie.path;
    return this.#all().some(isSame) ? 'secure' : undefined;
  }

  /** An expired cookie only takes its predecessor away. */
  #store(tough: ToughCookie, cookie: Cookie, url: URL, expired: boolean): CookieVerdict {
    this.#jar ??= new tough.CookieJar(undefined, { looseMode: true, prefixSecurity: 'strict' });
    try {
      const now = new Date(this.#now());
      this.#jar.setCookieSync(cookie, url.href, { ignoreError: false, loose: true, now });
    } catch {
      return verdictOf(cookie, 'syntax');
    }
    if (expired) this.#remove(cookie);
    this.#count = this.#all().length;
    return verdictOf(cookie, expired ? 'expired' : undefined);
  }

  #all(): Cookie[] {
    let all: Cookie[] = [];
    this.#jar?.store.getAllCookies((_error, cookies) => { all = cookies ?? []; });
    return all;
  }

  #remove(cookie: Cookie): void {
    this.#jar?.store.removeCookie(cookie.domain, cookie.path, cookie.key, () => undefined);
    this.#count = this.#all().length;
  }

  #evict(): void {
    if (this.#count <= jarLimits.perDomain) return;
    const domains = new Set(this.#all().map((cookie) => cookie.domain));
    for (const domain of domains) {
      this.#removeOldest(this.#all().filter((cookie) => cookie.domain === domain), jarLimits.perDomain);
    }
    this.#removeOldest(this.#all(), jarLimits.total);
  }

  #removeOldest(cookies: Cookie[], limit: number): void {
    const oldest = cookies.toSorted((a, b) => lastAccess(a) - lastAccess(b));
    for (const cookie of oldest.slice(0, Math.max(0, cookies.length - limit))) this.#remove(cookie);
  }
}

/**
 * RFC 6265bis §5.6: what comes before the first `=` is the name, and it may be empty. tough-cookie
 * would take `=__Host-a=1` for a cookie named `__Host-a`.
 */
function parse(tough: ToughCookie, setCookie: string): Cookie | undefined {
  if (!setCookie.trimStart().startsWith('=')) return tough.Cookie.parse(setCookie, { loose: true });
  const cookie = tough.Cookie.parse(`nameless${setCookie.trimStart()}`);
  if (cookie) cookie.key = '';
  return cookie;
}

function lastAccess({ lastAccessed }: Cookie): number {
  return lastAccessed instanceof Date ? lastAccessed.getTime() : 0;
}

function typedCookieNames(headers: readonly FieldLine[]): ReadonlySet<string> {
  const pairs = fieldValues(headers, 'cookie').flatMap((value) => value.split(';'));
  return new Set(pairs.map((pair) => pair.split('=', 1)[0]!.trim()));
}

/** What stands for name and value in a line that is no cookie. */
function pairOf(value: string): { name: string; value: string } {
  const pair = value.split(';', 1)[0]!;
  const at = pair.indexOf('=');
  if (at === -1) return { name: '', value: pair.trim() };
  return { name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() };
}

/**
 * A cookie kept back for its domain belongs to somebody else: its value stays out of the record.
 */
function verdictOf(cookie: Cookie, reason: string | undefined): CookieVerdict {
  const expires = cookie.expires instanceof Date ? cookie.expires.getTime() : undefined;
  const { domain, path, sameSite, hostOnly } = cookie;
  return {
    name: cookie.key,
    value: reason === 'domain' && hostOnly !== null ? '' : cookie.value,
    accepted: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    ...(domain ? { domain } : {}),
    ...(path ? { path } : {}),
    ...(expires === undefined ? {} : { expires }),
    ...(cookie.httpOnly ? { httpOnly: true } : {}),
    ...(cookie.secure ? { secure: true } : {}),
    ...(sameSite ? { sameSite } : {}),
  };
}
