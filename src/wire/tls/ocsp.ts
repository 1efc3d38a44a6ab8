import { createHash } from 'node:crypto';
import type { OcspStaple } from '../../trace/tls/message.ts';
import { certificateExtensions, certificateParts, extensionOids, extensionsIn } from './certificateExtensions.ts';
import { derTags, derValues, firstDer, oidOf, timeOf } from './der.ts';
import type { Der } from './der.ts';
import { signatureVerdict } from './ocspSignature.ts';
import { timestampsInExtension } from './timestamps.ts';

/** RFC 6960 §4.2.1; 4 is not used. */
const responseStatuses = [
  'successful', 'malformedRequest', 'internalError', 'tryLater', '4', 'sigRequired', 'unauthorized',
];

const reasons = [
  'unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation',
  'certificateHold', '7', 'removeFromCRL', 'privilegeWithdrawn', 'aACompromise',
];

const basicResponse = '1.3.6.1.5.5.7.48.1.1';

/**
 * What a stapled OCSP response says (RFC 6960 §4.2) of the first certificate of `chain` (DER), as far as it can be read;
 * the second one is its issuer's. Undefined for what is none.
 */
export function readStaple(response: Uint8Array, chain: readonly Uint8Array[] = []): OcspStaple | undefined {
  const [status, bytes] = derValues(firstDer(response)?.content ?? new Uint8Array());
  if (status?.tag !== derTags.enumerated) return undefined;
  const number = status.content[0] ?? 0;
  const basic = bytes && basicOf(bytes);
  const data = basic && derValues(basic.content)[0];
  const signature = basic && signatureVerdict(basic, chain[1]);
  return {
    responseStatus: responseStatuses[number] ?? String(number), size: response.length,
    ...(data ? readData(data, chain) : {}), ...(signature ? { signature } : {}),
  };
}

/** `[0] { OID, OCTET STRING }` around the BasicOCSPResponse. */
function basicOf({ content }: Der): Der | undefined {
  const [type, value] = derValues(firstDer(content)?.content ?? new Uint8Array());
  return type && value && oidOf(type.content) === basicResponse ? firstDer(value.content) : undefined;
}

/** ResponseData: an optional version in [0], the responder in [1] or [2], when it was made, and the responses. */
function readData({ content }: Der, chain: readonly Uint8Array[]): Partial<OcspStaple> {
  const parts = derValues(content).filter(({ tag }) => tag !== 0xa0);
  const [responder, producedAt, responses] = parts;
  const all = responses ? derValues(responses.content) : [];
  const own = all.find((one) => isAbout(one, chain));
  const single = own ?? all[0];
  return {
    ...withTime('producedAt', producedAt), ...(responder ? { responder: responderOf(responder) } : {}),
    ...(single ? readSingle(single) : {}), ...(single && !own && chain.length > 0 ? { isForAnother: true } : {}),
  };
}

/** RFC 6960 §4.1.1: a certificate is named by its serial number and the hashes of its issuer's name and key. */
function isAbout({ content }: Der, [leaf, issuer]: readonly Uint8Array[]): boolean {
  const [id] = derValues(content);
  const [algorithm, nameHash, keyHash, serial] = id ? derValues(id.content) : [];
  const own = leaf && certificateParts(leaf);
  if (!algorithm || !nameHash || !keyHash || !serial || !own) return false;
  if (!Buffer.from(serial.content).equals(own.serial.content)) return false;
  const oid = firstDer(algorithm.content);
  const hash = oid && hashes[oidOf(oid.content)];
  if (hash === undefined) return true;
  const isHashOf = (wanted: Der, bytes: Uint8Array): boolean =>
    createHash(hash).update(bytes).digest().equals(wanted.content);
  const key = issuer && certificateParts(issuer)?.publicKey;
  return isHashOf(nameHash, own.issuer.whole) && (!key || isHashOf(keyHash, key));
}

const hashes: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1', '2.16.840.1.101.3.4.2.1': 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** SingleResponse. */
function readSingle({ content }: Der): Partial<OcspStaple> {
  const [certificate, status, thisUpdate, ...more] = derValues(content);
  const serial = certificate && derValues(certificate.content)[3];
  const nextUpdate = more.find(({ tag }) => tag === 0xa0);
  const tagged = more.find(({ tag }) => tag === 0xa1);
  const list = extensionsIn(tagged && firstDer(tagged.content)).get(extensionOids.timestampsInOcsp);
  return {
    ...(status ? statusOf(status) : {}),
    ...(serial ? { serialNumber: serialOf(serial) } : {}),
    ...withTime('thisUpdate', thisUpdate), ...withTime('nextUpdate', nextUpdate && firstDer(nextUpdate.content)),
    ...(list ? { timestamps: timestampsInExtension(list, 'ocsp') } : {}),
  };
}

/** As Node writes those of certificates. */
function serialOf({ content }: Der): string {
  return Buffer.from(content).toString('hex').toUpperCase().replace(/^00(?=.)/, '');
}

/** CertStatus: [0] good, [1] revoked with when and perhaps why, [2] unknown. */
function statusOf({ tag, content }: Der): Partial<OcspStaple> {
  if (tag === 0x80) return { certificateStatus: 'good' };
  if (tag !== 0xa1) return { certificateStatus: 'unknown' };
  const [revokedAt, reason] = derValues(content);
  const number = reason && firstDer(reason.content)?.content[0];
  return {
    certificateStatus: 'revoked', ...withTime('revokedAt', revokedAt),
    ...(number === undefined ? {} : { reason: reasons[number] ?? String(number) }),
  };
}

/** ResponderID: [1] a name, whose most telling part is the common name, or [2] the hash of a key. */
function responderOf({ tag, content }: Der): string {
  const inner = firstDer(content);
  if (tag !== 0xa1) return Buffer.from(inner?.content ?? new Uint8Array()).toString('hex');
  const sets = derValues(inner?.content ?? new Uint8Array());
  const values = sets.flatMap((set) => derValues(set.content)).map(({ content: pair }) => {
    const [type, value] = derValues(pair);
    const text = Buffer.from(value?.content ?? new Uint8Array()).toString('utf8');
    return { oid: type ? oidOf(type.content) : '', text };
  });
  // X.520: 2.5.4.3 is the common name, 2.5.4.10 the organisation.
  const known = (wanted: string): (typeof values)[number] | undefined => values.find(({ oid }) => oid === wanted);
  return (known('2.5.4.3') ?? known('2.5.4.10') ?? values[0])?.text ?? '';
}

function withTime<Name extends string>(name: Name, value: Der | undefined): Partial<Record<Name, number>> {
  const time = value && timeOf(value);
  return time === undefined ? {} : { [name]: time } as Record<Name, number>;
}

/** RFC 7633: the certificate asks for a staple with each handshake. */
export function mustStaple(extensions: ReturnType<typeof certificateExtensions>): boolean {
  const list = extensions.get(extensionOids.tlsFeature);
  const features = list && firstDer(list);
  return features !== undefined && derValues(features.content).some(({ content }) => content.at(-1) === 5);
}
