import type { StoredCookie } from '../../trace/storedCookie.ts';

/** RFC 6265bis §5.7, step 23: at most one cookie has the same name, domain, host-only flag and path. */
export function keyOf(
  { name, domain, hostOnly, path }: Pick<StoredCookie, 'name' | 'domain' | 'hostOnly' | 'path'>,
): string {
  return JSON.stringify([domain, path, name, hostOnly]);
}

/** `name=value`, and the value alone where there is no name (RFC 6265bis §5.8.3, step 6). */
export function pairOf({ name, value }: Pick<StoredCookie, 'name' | 'value'>): string {
  return name === '' ? value : `${name}=${value}`;
}

/** RFC 6265bis §5.8.3, step 4: longer paths first, then what was stored first. */
export function sendingOrder(a: StoredCookie, b: StoredCookie): number {
  return b.path.length - a.path.length || a.created - b.created;
}

/** RFC 6265bis §5.7: "expired" has its expiry date in the past. */
export function isExpired({ expires }: Pick<StoredCookie, 'expires'>, now: number): boolean {
  return expires !== undefined && expires <= now;
}
