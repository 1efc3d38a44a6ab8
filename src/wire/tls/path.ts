import type { X509Certificate } from 'node:crypto';
import type { Trust } from './trust.ts';

/**
 * The certification path (RFC 5280 §6.1) of what a server sent, its own certificate first, as OpenSSL looks for it: an
 * issuer in a store comes before one that was sent, and once the path is in the stores it stays there. Issuers are
 * found by name and key identifier; whether their signatures fit, {@link isAnchored} says.
 */
export function certificationPath(
  sent: readonly X509Certificate[], trust: Pick<Trust, 'sourceOf' | 'issuersOf'>,
): X509Certificate[] {
  const [leaf, ...left] = sent;
  if (!leaf) return [];
  const path = [leaf];
  let isInStore = false;
  for (let last = leaf; !last.checkIssued(last);) {
    const stored = bestOf(last, trust.issuersOf(last).filter((one) => !isAmong(path, one)));
    const next = stored ?? (isInStore ? undefined : takeIssuer(last, left, path));
    if (!next) break;
    isInStore ||= stored !== undefined;
    path.push(next);
    last = next;
  }
  // Trusted as it is, although nobody else says so.
  return !isInStore && trust.sourceOf(leaf.raw) !== undefined ? [leaf] : path;
}

/** Whether the path leads to a certificate of a store, each signed by the next one up to there. */
export function isAnchored(path: readonly X509Certificate[], trust: Pick<Trust, 'sourceOf'>): boolean {
  const end = path.findIndex((one) => trust.sourceOf(one.raw) !== undefined);
  return end !== -1 && path.slice(0, end).every((one, index) => isSignedBy(one, path[index + 1]!));
}

function isAmong(path: readonly X509Certificate[], { raw }: X509Certificate): boolean {
  return path.some((one) => one.raw.equals(raw));
}

/** Out of those that were sent and are not yet part of the path. */
function takeIssuer(
  certificate: X509Certificate, left: X509Certificate[], path: readonly X509Certificate[],
): X509Certificate | undefined {
  const index = left.findIndex((one) => certificate.checkIssued(one) && !isAmong(path, one));
  return index === -1 ? undefined : left.splice(index, 1)[0];
}

/** Authorities have several certificates of the same name: by themselves and by others, for old keys and new ones. */
function bestOf(certificate: X509Certificate, issuers: readonly X509Certificate[]): X509Certificate | undefined {
  if (issuers.length < 2) return issuers[0];
  const now = Date.now();
  const rank = (one: X509Certificate): number => (isSignedBy(certificate, one) ? 4 : 0)
    + (Date.parse(one.validFrom) <= now && now <= Date.parse(one.validTo) ? 2 : 0)
    + (one.checkIssued(one) ? 1 : 0);
  return issuers.toSorted((a, b) => rank(b) - rank(a))[0];
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key that this library does not know.
    return false;
  }
}
