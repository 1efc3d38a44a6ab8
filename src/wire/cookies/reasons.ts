import type { StoredCookie } from '../../trace/storedCookie.ts';
import { isExpired } from './cookie.ts';

export type ToughCookie = typeof import('tough-cookie');

/**
 * Why a cookie of the jar does not go with a request to `url` (RFC 6265bis §5.8.3); undefined when it goes. `typed` are
 * names typed in the request, which win.
 *
 * `SameSite` keeps nothing back: a request that no document made has no client, which makes it "same-site" (§5.2), and
 * so is the one that a redirect of it leads to.
 */
export function selectedReason(
  tough: ToughCookie, cookie: StoredCookie, url: URL, now: number, typed: ReadonlySet<string>,
): string | undefined {
  const host = canonicalHost(tough, url);
  const { domain, path, hostOnly, secure, name } = cookie;
  if (hostOnly ? domain !== host : !tough.domainMatch(host, domain, false)) return 'domain';
  if (isExpired(cookie, now)) return 'expired';
  if (!hostOnly && isPublicSuffix(tough, domain)) return 'public-suffix';
  if (!tough.pathMatch(url.pathname, path)) return 'path';
  if (secure && !isSecureEnough(url)) return 'secure';
  // A name typed in the request stands there already; two of one name would be a riddle to the server.
  return typed.has(name) ? 'typed' : undefined;
}

/** RFC 6265bis §5.1.2. */
export function canonicalHost(tough: ToughCookie, { hostname }: URL): string {
  return tough.canonicalDomain(hostname) ?? '';
}

/**
 * The domain that a `Domain` attribute gives a cookie from `host` (RFC 6265bis §5.7, steps 7 to 10), or why it does not
 * get it. One that names the host itself and is a public suffix makes the cookie host-only.
 */
export function domainOf(
  tough: ToughCookie, attribute: string, url: URL,
): { readonly domain: string; readonly hostOnly: boolean } | { readonly reason: 'domain' | 'public-suffix' } {
  const host = canonicalHost(tough, url);
  const domain = attribute.replace(/^\./, '').toLowerCase();
  if (domain === '') return { domain: host, hostOnly: true };
  if (!/^[\x01-\x7f]*$/.test(domain)) return { reason: 'domain' };
  if (isAddress(url)) return domain === host ? { domain: host, hostOnly: false } : { reason: 'domain' };
  if (isPublicSuffix(tough, domain)) {
    return domain === host ? { domain: host, hostOnly: true } : { reason: 'public-suffix' };
  }
  return tough.domainMatch(host, domain, false) ? { domain, hostOnly: false } : { reason: 'domain' };
}

function isAddress({ hostname }: URL): boolean {
  return hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}

function isPublicSuffix(tough: ToughCookie, domain: string): boolean {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(domain) || domain.startsWith('[')) return false;
  return registrable(tough, domain) === undefined;
}

function registrable(tough: ToughCookie, domain: string): string | undefined {
  try {
    return tough.getPublicSuffix(domain, { allowSpecialUseDomain: true }) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What hosts of one owner share: the registrable domain, or the host itself where there is none. */
export function siteOf(tough: ToughCookie, host: string): string {
  return registrable(tough, host) ?? host;
}

/** Why a cookie from `url` is not stored, after its domain is settled (RFC 6265bis §5.7, steps 13 to 22). */
export function receivedReason(
  tough: ToughCookie, cookie: StoredCookie, url: URL, hasPath: boolean, others: Iterable<StoredCookie>,
): string | undefined {
  const isSecure = isSecureEnough(url);
  if (cookie.secure && !isSecure) return 'secure';
  if (!cookie.secure && !isSecure && isOverlay(tough, cookie, others)) return 'overlay';
  if (cookie.sameSite === 'none' && !cookie.secure) return 'same-site';
  // CHIPS (draft-cutler-httpbis-partitioned-cookies), §4.1: one jar a site is not for what anybody may read.
  if (cookie.partitioned && !cookie.secure) return 'partitioned';
  return prefixReason(cookie, hasPath);
}

/** Step 16: what is not secure must not stand before what is. */
function isOverlay(tough: ToughCookie, cookie: StoredCookie, others: Iterable<StoredCookie>): boolean {
  for (const other of others) {
    if (!other.secure || other.name !== cookie.name) continue;
    const isNear = tough.domainMatch(other.domain, cookie.domain, false)
      || tough.domainMatch(cookie.domain, other.domain, false);
    if (isNear && tough.pathMatch(cookie.path, other.path)) return true;
  }
  return false;
}

/** Steps 20 to 22: names that promise something, in any case (§5.4); nor may a nameless value look like one. */
function prefixReason({ name, value, secure, hostOnly, path }: StoredCookie, hasPath: boolean): string | undefined {
  const start = (name === '' ? value : name).toLowerCase();
  const isHostPrefix = start.startsWith('__host-');
  if (!isHostPrefix && !start.startsWith('__secure-')) return undefined;
  if (name === '' || !secure) return 'prefix';
  return isHostPrefix && (!hostOnly || !hasPath || path !== '/') ? 'prefix' : undefined;
}

/** https; and, as browsers have it, the machine itself. */
function isSecureEnough(url: URL): boolean {
  if (url.protocol === 'https:') return true;
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * When a cookie expires, epoch ms: `Max-Age` before `Expires` (RFC 6265bis §5.7, step 6); undefined for a session
 * cookie. A date that cannot be read counts as none (§5.6.1).
 */
export function expiresAt(
  tough: ToughCookie, attributes: ReadonlyMap<string, string>, now: number,
): number | undefined {
  const maxAge = attributes.get('max-age');
  // §5.6.2: what is not positive is the earliest time there is.
  if (maxAge !== undefined) return Number(maxAge) <= 0 ? 0 : now + Number(maxAge) * 1000;
  const expires = attributes.get('expires');
  return expires === undefined ? undefined : tough.parseDate(expires)?.getTime();
}

/**
 * Which cookies leave a jar of too many, in the order of RFC 6265bis §5.7: expired ones; of a domain that has too many
 * those that are not secure, then any; then any at all. Of equals, those used longest ago. With `onlyDomain` the limit of
 * a domain counts for that one alone.
 */
export function excessOf(
  cookies: readonly StoredCookie[], limits: { readonly perDomain: number; readonly total: number }, now: number,
  onlyDomain?: string,
): StoredCookie[] {
  const gone = new Set(cookies.filter((cookie) => isExpired(cookie, now)));
  const byAge = cookies.filter((cookie) => !gone.has(cookie)).toSorted((a, b) => a.accessed - b.accessed);
  for (const domain of onlyDomain === undefined ? new Set(byAge.map((cookie) => cookie.domain)) : [onlyDomain]) {
    const ofDomain = byAge.filter((cookie) => cookie.domain === domain);
    if (ofDomain.length <= limits.perDomain) continue;
    const ordered = ofDomain.toSorted((a, b) => Number(a.secure) - Number(b.secure));
    for (const cookie of ordered.slice(0, ofDomain.length - limits.perDomain)) gone.add(cookie);
  }
  const left = byAge.filter((cookie) => !gone.has(cookie));
  for (const cookie of left.slice(0, Math.max(0, left.length - limits.total))) gone.add(cookie);
  return [...gone];
}

