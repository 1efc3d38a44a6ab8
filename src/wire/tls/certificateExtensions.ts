import { derTags, derValues, firstDer, oidOf } from './der.ts';
import type { Der } from './der.ts';

/** X.509 certificate extensions (RFC 5280 §4.2) by their OID: the content of each one's OCTET STRING. */
export function certificateExtensions(certificate: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const parts = toBeSigned(certificate);
  // RFC 5280 §4.1: [3] EXPLICIT, the last part.
  const tagged = parts.find(({ tag }) => tag === 0xa3);
  return extensionsIn(tagged && firstDer(tagged.content));
}

/** Parts of a certificate (RFC 5280 §4.1) as they stand; `publicKey` is the content of its BIT STRING. */
interface CertificateParts {
  readonly serial: Der;
  readonly issuer: Der;
  readonly subject: Der;
  readonly publicKey: Uint8Array;
}

/** Undefined for what is no certificate. */
export function certificateParts(certificate: Uint8Array): CertificateParts | undefined {
  const parts = toBeSigned(certificate);
  // The version is left out in those of version 1.
  const [serial, , issuer, , subject, keyInfo] = parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
  const bits = keyInfo && derValues(keyInfo.content)[1];
  // Its first octet counts the bits that do not count, of which a key has none.
  return serial && issuer && subject && bits
    ? { serial, issuer, subject, publicKey: bits.content.subarray(1) } : undefined;
}

/** The parts of a TBSCertificate. */
function toBeSigned(certificate: Uint8Array): Der[] {
  const whole = firstDer(certificate);
  const inner = whole && firstDer(whole.content);
  return inner ? derValues(inner.content) : [];
}

/** A SEQUENCE of Extension, as certificates and OCSP have it. */
export function extensionsIn(sequence: Der | undefined): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const { content } of sequence ? derValues(sequence.content) : []) {
    const parts = derValues(content);
    const [id] = parts;
    const value = parts.at(-1);
    if (id?.tag === derTags.oid && value?.tag === derTags.octetString) found.set(oidOf(id.content), value.content);
  }
  return found;
}

export const extensionOids = {
  /** RFC 5280 §4.2.2.1 */
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  /** RFC 7633 */
  tlsFeature: '1.3.6.1.5.5.7.1.24',
  /** RFC 6962 §3.3 */
  timestamps: '1.3.6.1.4.1.11129.2.4.2',
  timestampsInOcsp: '1.3.6.1.4.1.11129.2.4.5',
} as const;

/** Where the certificate says its issuer's can be had, and where its status is told: http URLs. */
export function authorityAccess(
  value: Uint8Array | undefined,
): { readonly issuers: string[]; readonly ocsp: string[] } {
  const access = { issuers: [] as string[], ocsp: [] as string[] };
  const list = value && firstDer(value);
  for (const { content } of list ? derValues(list.content).slice(0, mostLocations) : []) {
    const [method, location] = derValues(content);
    // RFC 5280 §4.2.1.6: [6] is a URI.
    if (!method || location?.tag !== 0x86) continue;
    const url = Buffer.from(location.content).toString('latin1').slice(0, longestUrl);
    const oid = oidOf(method.content);
    if (oid === '1.3.6.1.5.5.7.48.2') access.issuers.push(url);
    else if (oid === '1.3.6.1.5.5.7.48.1') access.ocsp.push(url);
  }
  return access;
}

const mostLocations = 8;
const longestUrl = 2048;
