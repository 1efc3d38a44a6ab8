import { createHash, createSign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { childrenOf, der, readDer } from './der.ts';

// A response of the Online Certificate Status Protocol that says "good" (RFC 6960 §4.2), for a server to staple to its
// handshake (RFC 6066 §8). SHA-1 names issuers there (RFC 5019 §2.1.1); nothing depends on its strength.

const sha1 = der(0x30, Buffer.from('06052b0e03021a', 'hex'), Buffer.from('0500', 'hex'));
const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
const basicResponse = Buffer.from('06092b0601050507300101', 'hex');
const day = 86_400_000;

/** Who vouches: its certificate in PEM and the private key. */
export interface Responder {
  readonly pem: string;
  readonly key: KeyObject;
}

/** The response for a certificate (PEM) that `issuer` made, true from `now` (epoch ms) for a day. */
export function goodOcspResponse(certificate: string, issuer: Responder, now: number): Buffer {
  const subject = subjectOf(issuer.pem);
  const keyHash = createHash('sha1').update(subject.key).digest();
  const id = der(0x30, sha1, der(0x04, createHash('sha1').update(subject.name).digest()), der(0x04, keyHash),
    der(0x02, serialOf(certificate)));
  const single = der(0x30, id, der(0x80), time(now), der(0xa0, time(now + day)));
  const data = der(0x30, der(0xa2, der(0x04, keyHash)), time(now), der(0x30, single));
  const signature = createSign('SHA256').update(data).sign(issuer.key);
  const basic = der(0x30, data, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  return der(0x30, Buffer.from('0a0100', 'hex'), der(0xa0, der(0x30, basicResponse, der(0x04, basic))));
}

/**
 * RFC 5280 §4.1: `version serial signature issuer validity subject publicKey …`; the hash is of the key's bits alone.
 */
function subjectOf(pem: string): { name: Buffer; key: Buffer } {
  const parts = partsOf(pem);
  const [, bits] = childrenOf(readDer(parts[6]!, 0).value);
  return { name: parts[5]!, key: readDer(bits!, 0).value.subarray(1) };
}

function serialOf(pem: string): Buffer {
  return readDer(partsOf(pem)[1]!, 0).value;
}

function partsOf(pem: string): Buffer[] {
  const { value } = readDer(Buffer.from(new X509Certificate(pem).raw), 0);
  return childrenOf(readDer(value, 0).value);
}

/** GeneralizedTime, in seconds (RFC 5280 §4.1.2.5.2). */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(text, 'latin1'));
}
