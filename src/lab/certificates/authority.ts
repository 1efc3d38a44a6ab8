import './reflect.ts';
import {
  AuthorityKeyIdentifierExtension, BasicConstraintsExtension, ExtendedKeyUsage,
  ExtendedKeyUsageExtension, Extension, KeyUsageFlags, KeyUsagesExtension,
  SubjectAlternativeNameExtension, SubjectKeyIdentifierExtension, X509CertificateGenerator,
} from '@peculiar/x509';
import { KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { encodeNameConstraints, nameConstraintsOid } from './nameConstraints.ts';
import { goodOcspResponse } from './ocsp.ts';

/**
 * A certificate chain as a server sends it, leaf first, and the leaf's private key, both in PEM.
 */
export interface ServerCertificate {
  readonly chain: string;
  readonly key: string;
}

/** What a server's certificate says; dates in epoch ms. */
export interface CertificateRequest {
  readonly names: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  /** RSA with 1,024 bits is what nobody should use any more; P-256 when absent. */
  readonly key?: 'P-256' | 'RSA 1024';
  /** What is sent with it: the intermediate unless said otherwise. */
  readonly sent?: 'intermediate' | 'alone' | 'root-first';
}

/**
 * Root and intermediate, made at start and gone with the process: the private keys are in memory
 * only. The root is constrained to `names` (RFC 5280 §4.2.1.10), so that trusting it trusts it for
 * nothing else.
 */
export interface CertificateAuthority {
  readonly rootPem: string;
  readonly subject: string;
  readonly names: readonly string[];
  issue(request: CertificateRequest): Promise<ServerCertificate>;
  issueSelfSigned(request: CertificateRequest): Promise<ServerCertificate>;
  /** A certificate for a client, of this person, for as long as the root lives. */
  issueClient(name: string): Promise<ServerCertificate>;
  /** The response that vouches for a certificate of {@link issue} (PEM, its leaf first) at `now`. */
  vouchFor(chain: string, now: number): Buffer;
}

type KeyPair = webcrypto.CryptoKeyPair;

interface Issuer {
  readonly subject: string;
  readonly keys: KeyPair;
}

const organization = 'O=Roundtrip Lab';
const day = 86_400_000;
const hour = 3_600_000;
/** SAFETY.md: certificates of the lab live for 30 days. */
export const lifetime = 30 * day;
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
const authorityUsages = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;

/** Makes the root and the intermediate for `names`; `now` in epoch ms. */
export async function createAuthority(
  names: readonly string[], now: number,
): Promise<CertificateAuthority> {
  const [rootKeys, intermediateKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const root = { subject: `CN=Roundtrip Lab Root, ${organization}`, keys: rootKeys };
  const intermediate = { subject: `CN=Roundtrip Lab CA 1, ${organization}`, keys: intermediateKeys };
  const [rootPem, intermediatePem] = await Promise.all([
    createAuthorityCertificate(root, root, now, 1, [nameConstraints(names)]),
    createAuthorityCertificate(intermediate, root, now, 0, []),
  ]);
  return {
    rootPem,
    subject: root.subject,
    names,
    async issue(request) {
      const keys = await generateKeys(request.key);
      const leaf = await createServerCertificate(request, keys, intermediate);
      const others = { 'intermediate': intermediatePem, 'alone': '', 'root-first': rootPem + intermediatePem };
      return { chain: leaf + others[request.sent ?? 'intermediate'], key: pemOf(keys) };
    },
    async issueSelfSigned(request) {
      const keys = await generateKeys();
      const subject = subjectOf(request);
      const chain = await createServerCertificate(request, keys, { subject, keys });
      return { chain, key: pemOf(keys) };
    },
    async issueClient(name) {
      const keys = await generateKeys();
      const leaf = await create(`CN=${name}, ${organization}`, keys, intermediate, now - hour, now + lifetime, [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      ]);
      return { chain: leaf + intermediatePem, key: pemOf(keys) };
    },
    vouchFor: (chain, at) =>
      goodOcspResponse(chain, { pem: intermediatePem, key: KeyObject.from(intermediateKeys.privateKey) }, at),
  };
}

function generateKeys(kind: CertificateRequest['key'] = 'P-256'): Promise<KeyPair> {
  const algorithm = kind === 'P-256' ? { name: 'ECDSA', namedCurve: 'P-256' } : rsa1024;
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

const rsa1024 = {
  name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]),
};

function pemOf(keys: KeyPair): string {
  return KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string;
}

function nameConstraints(names: readonly string[]): Extension {
  return new Extension(nameConstraintsOid, true, new Uint8Array(encodeNameConstraints(names)));
}

async function createAuthorityCertificate(
  subject: Issuer, issuer: Issuer, now: number, pathLength: number, extra: readonly Extension[],
): Promise<string> {
  return create(subject.subject, subject.keys, issuer, now - hour, now + lifetime, [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(authorityUsages, true),
    ...extra,
  ]);
}

async function createServerCertificate(
  request: CertificateRequest, keys: KeyPair, issuer: Issuer,
): Promise<string> {
  const alternatives = request.names.map((name) =>
    ({ type: isIP(name) ? 'ip' as const : 'dns' as const, value: name }));
  return create(subjectOf(request), keys, issuer, request.validFrom, request.validTo, [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(alternatives),
  ]);
}

function subjectOf(request: CertificateRequest): string {
  return `CN=${request.names[0] ?? 'lab.test'}`;
}

async function create(
  subject: string, keys: KeyPair, issuer: Issuer, validFrom: number, validTo: number,
  extensions: readonly Extension[],
): Promise<string> {
  const [ownId, issuerId] = await Promise.all([
    SubjectKeyIdentifierExtension.create(keys.publicKey),
    AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
  ]);
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer.subject,
    notBefore: new Date(validFrom),
    notAfter: new Date(validTo),
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm,
    extensions: [...extensions, ownId, issuerId],
  });
  return `${certificate.toString('pem')}\n`;
}
