import { ByteReader } from '../../trace/tls/byteReader.ts';
import type { SignedCertificateTimestamp } from '../../trace/tls/message.ts';
import { schemeName } from '../../trace/tls/names.ts';
import { derTags, firstDer } from './der.ts';

/** At most so many are told of one list. */
const mostTimestamps = 20;

/** A SignedCertificateTimestampList (RFC 6962 §3.3); of other versions than the first none is read. */
export function readTimestamps(
  list: Uint8Array, source: SignedCertificateTimestamp['source'],
): SignedCertificateTimestamp[] {
  const reader = new ByteReader(list).part(2);
  const found: SignedCertificateTimestamp[] = [];
  while (reader.left > 0 && found.length < mostTimestamps) {
    const one = reader.part(2);
    if (one.number(1) !== 0) continue;
    const logId = Buffer.from(one.bytes(32)).toString('base64');
    const loggedAt = one.number(4) * 2 ** 32 + one.number(4);
    one.vector(2);
    const signatureScheme = schemeName(one.number(2));
    if (!one.isShort) found.push({ source, logId, loggedAt, signatureScheme });
  }
  return found;
}

/** The same out of an extension of a certificate or of an OCSP response: there it is in an OCTET STRING once more. */
export function timestampsInExtension(
  value: Uint8Array, source: SignedCertificateTimestamp['source'],
): SignedCertificateTimestamp[] {
  const list = firstDer(value);
  return list?.tag === derTags.octetString ? readTimestamps(list.content, source) : [];
}
