// Must come first: see the file.
import '../../src/lab/certificates/reflect.ts';
import {
  BasicConstraintsExtension, Extension, KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

const day = 86_400_000;
const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = {
  name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]),
};

/** What a test's certificate says. Days count from now; the default is valid since yesterday for 30 days. */
export interface CertificateWish {
  readonly names: readonly string[];
  readonly commonName?: string;
  readonly fromDay?: number;
  readonly toDay?: number;
  readonly key?: 'ec' | 'rsa';
  readonly more?: readonly Extension[];
}

/** PEM, as `tls.createServer` takes it; `cert` is the leaf and the chain behind it. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface TestAuthority {
  readonly pem: string;
  readonly subject: string;
  readonly publicKey: webcrypto.CryptoKey;
  issue(wish: CertificateWish): Promise<Issued>;
  /** An authority below this one, sent along by the certificates it issues. */
  issueAuthority(commonName: string, wish?: { fromDay?: number; toDay?: number }): Promise<TestAuthority>;
  /** A second certificate for the name and the key of `other`, by this one (PEM). */
  crossSign(other: TestAuthority): Promise<string>;
}

/** A root of our own. */
export async function createAuthority(commonName = 'Test Root'): Promise<TestAuthority> {
  const keys = await makeKeys('ec');
  const name = authorityName(commonName);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(), name, keys, signingAlgorithm: signing, ...dates({}), extensions: authorityExtensions(),
  });
  return authorityWith(name, keys, certificate.toString('pem'), []);
}

/** A server's certificate that nobody else signed. */
export async function issueSelfSigned(wish: CertificateWish): Promise<Issued> {
  const keys = await makeKeys(wish.key ?? 'ec');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(), name: subjectOf(wish), keys, signingAlgorithm: algorithmOf(wish), ...dates(wish),
    extensions: leafExtensions(wish),
  });
  return { cert: certificate.toString('pem'), key: toPem(keys.privateKey) };
}

/** In the order of its encoding, the usual one: from the widest to the narrowest. */
function authorityName(commonName: string): string {
  return `O=Roundtrip Tests, CN=${commonName}`;
}

type Keys = webcrypto.CryptoKeyPair;

function authorityWith(name: string, keys: Keys, pem: string, sent: readonly string[]): TestAuthority {
  async function certify(
    subject: string, publicKey: webcrypto.CryptoKey, wish: { fromDay?: number; toDay?: number } = {},
  ): Promise<string> {
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial(), subject, issuer: name, publicKey,
      signingKey: keys.privateKey, signingAlgorithm: signing, ...dates(wish), extensions: authorityExtensions(),
    });
    return certificate.toString('pem');
  }
  return {
    pem,
    // As RFC 4514 writes it, the last component first.
    subject: name.split(', ').toReversed().join(', '),
    publicKey: keys.publicKey,
    async issue(wish) {
      const leafKeys = await makeKeys(wish.key ?? 'ec');
      const certificate = await X509CertificateGenerator.create({
        serialNumber: serial(), subject: subjectOf(wish), issuer: name, publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey, signingAlgorithm: signing, ...dates(wish), extensions: leafExtensions(wish),
      });
      return { cert: [certificate.toString('pem'), ...sent].join('\n'), key: toPem(leafKeys.privateKey) };
    },
    async issueAuthority(commonName, wish = {}) {
      const below = await makeKeys('ec');
      const subject = authorityName(commonName);
      const belowPem = await certify(subject, below.publicKey, wish);
      return authorityWith(subject, below, belowPem, [belowPem, ...sent]);
    },
    crossSign: (other) => certify(other.subject.split(', ').toReversed().join(', '), other.publicKey),
  };
}

function makeKeys(kind: 'ec' | 'rsa'): Promise<Keys> {
  return webcrypto.subtle.generateKey(kind === 'rsa' ? rsa : signing, true, ['sign', 'verify']) as Promise<Keys>;
}

function algorithmOf(wish: CertificateWish): typeof signing | typeof rsa {
  return wish.key === 'rsa' ? rsa : signing;
}

function subjectOf(wish: CertificateWish): string {
  return `CN=${wish.commonName ?? wish.names[0] ?? 'nobody'}`;
}

function dates({ fromDay = -1, toDay = 30 }: { fromDay?: number; toDay?: number }): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() + fromDay * day), notAfter: new Date(Date.now() + toDay * day) };
}

function leafExtensions({ names, more = [] }: CertificateWish): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new SubjectAlternativeNameExtension(names.map((value) => ({ type: isIP(value) ? 'ip' as const : 'dns' as const, value }))),
    ...more,
  ];
}

function authorityExtensions(): (BasicConstraintsExtension | KeyUsagesExtension)[] {
  return [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
}

/** RFC 5280 §4.1.2.2: positive. */
function serial(): string {
  return `4${randomBytes(8).toString('hex').slice(1)}`;
}

function toPem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }) as string;
}
