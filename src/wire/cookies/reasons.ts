import type { Cookie } from 'tough-cookie';

export type ToughCookie = typeof import('tough-cookie');

/**
 * Why a cookie of the jar does not go with a request to `url` (RFC 6265bis §5.8.3), in the order
 * the RFC asks; undefined when it goes. `typed` are names typed in the request, which win.
 */
export function selectedReason(
  tough: ToughCookie, cookie: Cookie, url: URL, now: number, typed: ReadonlySet<string>,
): string | undefined {
  const host = tough.canonicalDomain(url.hostname) ?? '';
  const domain = cookie.domain ?? '';
  if (cookie.hostOnly ? domain !== host : !tough.domainMatch(host, domain, false)) return 'domain';
  const expires = cookie.expiryTime();
  if (expires !== undefined && expires <= now) return 'expired';
  if (!tough.pathMatch(url.pathname, cookie.path ?? '/')) return 'path';
  if (cookie.secure && !isSecureEnough(url)) return 'secure';
  // A name typed in the request stands there already; two of one name would be a riddle to the
  // server.
  return typed.has(cookie.key) ? 'typed' : undefined;
}

/**
 * Why a parsed cookie of a response from `url` is not stored (RFC 6265bis §5.7), in the order of
 * the RFC; undefined when it may be. A domain that names the host itself and is a public suffix
 * makes it host-only.
 */
export function receivedReason(tough: ToughCookie, cookie: Cookie, url: URL): string | undefined {
  if (hasControls(cookie.key) || hasControls(cookie.value)) return 'syntax';
  return domainReason(tough, cookie, url)
    ?? (cookie.secure && !isSecureEnough(url) ? 'secure' : undefined)
    ?? prefixReason(cookie, url);
}

function hasControls(text: string): boolean {
  return /[\x00-\x08\x0a-\x1f\x7f]/.test(text);
}

function domainReason(tough: ToughCookie, cookie: Cookie, url: URL): string | undefined {
  if (!cookie.domain) return undefined;
  const host = tough.canonicalDomain(url.hostname) ?? '';
  const domain = cookie.cdomain() ?? '';
  const isAddress = url.hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
  if (isAddress) return domain === host ? undefined : 'domain';
  if (isPublicSuffix(tough, domain)) {
    if (domain !== host) return 'public-suffix';
    cookie.domain = null;
    return undefined;
  }
  return tough.domainMatch(host, domain, false) ? undefined : 'domain';
}

function isPublicSuffix(tough: ToughCookie, domain: string): boolean {
  try {
    return tough.getPublicSuffix(domain, { allowSpecialUseDomain: true }) == null;
  } catch {
    return true;
  }
}

/**
 * RFC 6265bis §4.1.3, §5.7: names that promise something. Case does not matter; nor may a nameless
 * value look like one.
 */
function prefixReason(cookie: Cookie, url: URL): string | undefined {
  const name = (cookie.key === '' ? cookie.value : cookie.key).toLowerCase();
  const isSecurePrefix = name.startsWith('__secure-');
  const isHostPrefix = name.startsWith('__host-');
  if (!isSecurePrefix && !isHostPrefix) return undefined;
  if (cookie.key === '' || !cookie.secure || !isSecureEnough(url)) return 'prefix';
  return isHostPrefix && (cookie.domain || cookie.path !== '/') ? 'prefix' : undefined;
}

/** https; and, as browsers have it, the machine itself. */
export function isSecureEnough(url: URL): boolean {
  if (url.protocol === 'https:') return true;
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * When a cookie expires, epoch ms: `Max-Age` before `Expires` (RFC 6265bis §5.7); undefined for a
 * session cookie.
 */
export function expiresAt(cookie: Cookie, now: number): number | undefined {
  const { maxAge, expires } = cookie;
  if (maxAge === 'Infinity') return Infinity;
  if (maxAge === '-Infinity') return 0;
  if (typeof maxAge === 'number') return maxAge <= 0 ? 0 : now + maxAge * 1000;
  return expires instanceof Date ? expires.getTime() : undefined;
}
