import { generateKeyPairSync, sign } from 'node:crypto';
import { derTags } from './der.ts';

/** A certificate and its key in PEM, as `tls.createServer` takes them. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

/** ecdsa-with-SHA256 (RFC 5758 §3.2), and the attribute commonName. */
const ecdsaWithSha256 = Buffer.from('300a06082a8648ce3d040302', 'hex');
const commonName = Buffer.from('0603550403', 'hex');

/**
 * A certificate of version 1 (RFC 5280 §4.1) for `name`, valid for the day around `today` (epoch ms). Nobody trusts it.
 */
export function createSelfSigned(name: string, today: number): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const distinguishedName = sequence(der(derTags.set, sequence(commonName, der(0x0c, Buffer.from(name)))));
  const day = 86_400_000;
  const toBeSigned = sequence(
    der(derTags.integer, Buffer.from([1])), ecdsaWithSha256, distinguishedName,
    sequence(time(today - day), time(today + day)), distinguishedName,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(derTags.sequence, Buffer.concat(parts));
}

function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** RFC 5280 §4.1.2.5.1: `YYMMDDHHMMSSZ`. */
function time(epoch: number): Buffer {
  const digits = new Date(epoch).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(derTags.utcTime, Buffer.from(`${digits}Z`));
}
