import { createHash, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { certificateParts } from './certificateExtensions.ts';
import { derTags, derValues, firstDer, oidOf } from './der.ts';
import type { Der } from './der.ts';

/** RFC 5912 §6, RFC 8410; the hash, where the algorithm leaves it open. */
const algorithms: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.5': 'sha1', '1.2.840.113549.1.1.11': 'sha256', '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512', '1.2.840.10045.4.1': 'sha1', '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384', '1.2.840.10045.4.3.4': 'sha512', '1.3.101.112': null, '1.3.101.113': null,
};

/** id-kp-OCSPSigning */
const mayAnswer = '1.3.6.1.5.5.7.3.9';

/**
 * Whether a BasicOCSPResponse (RFC 6960 §4.2.1) was signed with the key of the issuer (a certificate in DER) of what it
 * is about, or of one whom the issuer charged with that by a certificate sent along (§4.2.2.2). Undefined where that
 * cannot be said: the issuer or the signer is not known, or the algorithm is none of these.
 */
export function signatureVerdict(
  { content }: Der, issuerDer: Uint8Array | undefined,
): 'valid' | 'invalid' | undefined {
  const [data, algorithm, signature, more] = derValues(content);
  const oid = algorithm && firstDer(algorithm.content);
  const hash = oid && algorithms[oidOf(oid.content)];
  if (!data || !signature || hash === undefined || !issuerDer) return undefined;
  try {
    const issuer = new X509Certificate(issuerDer);
    // The first octet of a BIT STRING counts the bits that do not count: none.
    const isOf = (key: KeyObject): boolean => verify(hash, data.whole, key, signature.content.subarray(1));
    const sent = certificatesIn(more);
    if (isOf(issuer.publicKey) || charged(sent, issuer).some(isOf)) return 'valid';
    return sent.length > 0 || isResponder(data, issuerDer) ? 'invalid' : undefined;
  } catch {
    return undefined;
  }
}

function certificatesIn(tagged: Der | undefined): X509Certificate[] {
  const list = tagged?.tag === 0xa0 ? firstDer(tagged.content) : undefined;
  const sent = list?.tag === derTags.sequence ? derValues(list.content).slice(0, mostSent) : [];
  return sent.map(({ whole }) => new X509Certificate(whole));
}

/** The keys of those certificates that the issuer made for answering, and that are valid now. */
function charged(sent: readonly X509Certificate[], issuer: X509Certificate): KeyObject[] {
  const now = Date.now();
  return sent
    .filter((one) => one.keyUsage?.includes(mayAnswer) && one.checkIssued(issuer) && one.verify(issuer.publicKey)
      && Date.parse(one.validFrom) <= now && now <= Date.parse(one.validTo))
    .map(({ publicKey }) => publicKey);
}

/** Whether ResponderID names the issuer: [1] by its name, [2] by the SHA-1 of its key. */
function isResponder(data: Der, issuerDer: Uint8Array): boolean {
  const responder = derValues(data.content).find(({ tag }) => tag !== 0xa0);
  const inner = responder && firstDer(responder.content);
  const issuer = certificateParts(issuerDer);
  if (!inner || !issuer) return false;
  const wanted = responder.tag === 0xa1 ? issuer.subject.whole : createHash('sha1').update(issuer.publicKey).digest();
  return Buffer.from(responder.tag === 0xa1 ? inner.whole : inner.content).equals(wanted);
}

const mostSent = 4;
