import type { CertificateFacts, TlsFacts } from '../trace/tls/facts.ts';

/** What makes a certificate of a chain too weak to be accepted. */
interface Weakness {
  readonly kind: 'key' | 'authority-key' | 'signature';
  readonly certificate: CertificateFacts;
  /** Of a key: `RSA` and its size in bits. */
  readonly algorithm: string;
  readonly bits?: number;
}

/** NIST SP 800-57 part 1, table 2: 112 bits of security, which OpenSSL asks for at its level 2. */
const fewestBits: Readonly<Record<string, number>> = { 'RSA': 2048, 'RSA-PSS': 2048, 'DSA': 2048 };

/** What a signature may no longer be made with: collisions are found (RFC 6151, RFC 6194). */
const brokenHash = /(md5|sha-?1)(?!\d)/i;

/**
 * The first certificate of a refused chain, the server's own first, that has a key or a signature nobody should
 * accept; undefined when OpenSSL gave a reason of its own, as it gives none for these, and when none is weak.
 */
export function weaknessOf({ chainError, certificateChain }: TlsFacts): Weakness | undefined {
  if (chainError !== 'UNSPECIFIED') return undefined;
  for (const [index, certificate] of certificateChain.entries()) {
    const [algorithm = '', size = ''] = certificate.publicKey.split(' ');
    const bits = Number(size);
    const fewest = fewestBits[algorithm];
    if (fewest !== undefined && bits < fewest) {
      return { kind: index === 0 ? 'key' : 'authority-key', certificate, algorithm, bits };
    }
  }
  return weakSignature(certificateChain);
}

/** Nobody looks at what a root signed itself with. */
function weakSignature(chain: readonly CertificateFacts[]): Weakness | undefined {
  for (const certificate of chain) {
    const hash = brokenHash.exec(certificate.signatureAlgorithm ?? '')?.[1];
    if (hash === undefined || certificate.selfSigned) continue;
    return { kind: 'signature', certificate, algorithm: /md5/i.test(hash) ? 'MD5' : 'SHA-1' };
  }
  return undefined;
}
