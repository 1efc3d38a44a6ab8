import { X509Certificate, type KeyObject } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { CertificateFacts } from '../../trace/tls/facts.ts';
import { authorityAccess, certificateExtensions, extensionOids } from './certificateExtensions.ts';
import { mustStaple } from './ocsp.ts';
import { base64Of } from './roots.ts';
import { timestampsInExtension } from './timestamps.ts';
import type { Trust } from './trust.ts';

/**
 * What the server sent, in its order: that is how Node strings them together, whoever issued whom. Only to be called in
 * a `secureConnect` listener: later the socket may be gone. Node takes them out of the connection to make this list,
 * after which `getPeerCertificate` finds none: it must come last.
 */
export function certificatesSent(socket: TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  let one = socket.getPeerX509Certificate();
  for (; one && sent.length < mostSent; one = one.issuerCertificate) sent.push(one);
  return sent;
}

/** OpenSSL takes no longer list than 100 KiB. */
const mostSent = 1000;

/** A certification path as facts: where its last certificate is trusted from, and which of them the server sent. */
export function pathFacts(
  path: readonly X509Certificate[], sent: readonly X509Certificate[], trust: Pick<Trust, 'sourceOf'>,
): CertificateFacts[] {
  const fingerprints = new Set(sent.map(({ fingerprint256 }) => fingerprint256));
  return path.map((one, index) => certificateFacts(
    one, fingerprints.has(one.fingerprint256), index === path.length - 1 ? trust.sourceOf(one.raw) : undefined));
}

/** A certificate as facts; `source` is the store that makes it a trusted root. */
export function certificateFacts(
  certificate: X509Certificate, sentByServer: boolean, source: string | undefined,
): CertificateFacts {
  return {
    ...ownFacts(certificate.raw, certificate), sentByServer, ...(source === undefined ? {} : { trustedFrom: source }),
  };
}

/** A certificate that the server sent, as facts; undefined for bytes that are none. */
export function sentCertificate(der: Uint8Array): CertificateFacts | undefined {
  try {
    return { ...ownFacts(Buffer.from(der.buffer, der.byteOffset, der.length)), sentByServer: true };
  } catch {
    return undefined;
  }
}

/** The certificate of a PEM text. */
export function derOf(pem: string): Buffer {
  return Buffer.from(base64Of(pem), 'base64');
}

type OwnFacts = Omit<CertificateFacts, 'sentByServer' | 'trustedFrom'>;

/** Servers are asked again and again, and show the same certificates; to read one takes longer than all else. */
const known = new Map<string, OwnFacts>();
const maxKnown = 200;

/** What the certificate itself says. Throws for bytes that are none. */
function ownFacts(raw: Buffer, parsed?: X509Certificate): OwnFacts {
  const key = raw.toString('latin1');
  let facts = known.get(key);
  if (facts) return facts;
  facts = readFacts(parsed ?? new X509Certificate(raw));
  const [oldest] = known.keys();
  if (known.size >= maxKnown && oldest !== undefined) known.delete(oldest);
  known.set(key, facts);
  return facts;
}

function readFacts(certificate: X509Certificate): OwnFacts {
  const extensions = certificateExtensions(certificate.raw);
  const { issuers, ocsp } = authorityAccess(extensions.get(extensionOids.authorityInfoAccess));
  const list = extensions.get(extensionOids.timestamps);
  const timestamps = list ? timestampsInExtension(list, 'certificate') : [];
  // Since Node 24.9; also absent when OpenSSL does not know the algorithm.
  const { signatureAlgorithm } = certificate as { signatureAlgorithm?: string };
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    subjectAltNames: subjectAltNames(certificate.subjectAltName),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256,
    publicKey: describeKey(certificate),
    isAuthority: certificate.ca,
    selfSigned: isSelfSigned(certificate),
    pem: certificate.toString(),
    ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
    ...(issuers.length === 0 ? {} : { issuerUrls: issuers }),
    ...(ocsp.length === 0 ? {} : { ocspUrls: ocsp }),
    ...(timestamps.length === 0 ? {} : { timestamps }),
    ...(mustStaple(extensions) ? { mustStaple: true } : {}),
  };
}

/** RFC 4514 §2.1: the last component first. Node gives one a line, each escaped as the RFC says. */
function distinguishedName(lines: string | undefined): string {
  return (lines ?? '').split('\n').filter(Boolean).toReversed().join(', ');
}

/** Node's list, each name with its kind: `DNS:a`, `IP Address:b`. Node quotes as a JSON string what would be ambiguous. */
export function subjectAltNames(text: string | undefined): string[] {
  const parts = text?.match(/(?:[^:,"]+:)(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return parts.map((part) => {
    const [, kind = '', value = ''] = /^\s*([^:]+):(.*)$/s.exec(part) ?? [];
    const plain = value.startsWith('"') ? unquoted(value) : value;
    return `${kind}:${plain}`;
  });
}

function unquoted(value: string): string {
  try {
    return JSON.parse(value) as string;
  } catch {
    return value;
  }
}

/** `EC P-256`, `RSA 2048`, `Ed25519`; the platform's own name for others. */
function describeKey(certificate: X509Certificate): string {
  let key: KeyObject;
  try {
    key = certificate.publicKey;
  } catch {
    return 'unknown';
  }
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = keyTypes[key.asymmetricKeyType ?? ''] ?? key.asymmetricKeyType ?? 'unknown';
  if (namedCurve !== undefined) return `${type} ${curves[namedCurve] ?? namedCurve}`;
  return modulusLength === undefined ? type : `${type} ${modulusLength}`;
}

const keyTypes: Readonly<Record<string, string>> = {
  rsa: 'RSA', 'rsa-pss': 'RSA-PSS', dsa: 'DSA', ec: 'EC', ed25519: 'Ed25519', ed448: 'Ed448',
};

/** FIPS 186-5 names of the curves that OpenSSL calls otherwise. */
const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521',
};

function isSelfSigned(certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
