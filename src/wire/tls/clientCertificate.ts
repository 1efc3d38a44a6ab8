import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { ClientCertificate } from '../../trace/request.ts';

export type ClientCertificateProblem =
  | 'passphrase-missing' | 'passphrase-wrong' | 'key-mismatch' | 'key-missing' | 'certificate-missing' | 'unreadable';

/** A certificate that cannot be presented. */
export class UnusableClientCertificate extends Error {
  readonly problem: ClientCertificateProblem;
  readonly certificate: ClientCertificate;

  constructor(problem: ClientCertificateProblem, certificate: ClientCertificate, cause?: unknown) {
    super(messageOf(cause) ?? `${JSON.stringify(certificate.label)} cannot be used: ${problem}.`, { cause });
    this.problem = problem;
    this.certificate = certificate;
  }
}

/** What a TLS context presents, if it is asked to. */
export interface Identity {
  /** The same for the same certificate, key and passphrase, and tells none of them. */
  readonly id: string;
  readonly options: Pick<SecureContextOptions, 'cert' | 'key' | 'pfx' | 'passphrase'>;
}

/** Identities are few, and checking one takes a millisecond or, of PKCS #12, many. */
const known = new Map<string, Identity>();
const maxKnown = 32;

/** Tells certificates apart by all of their content. */
export function identityId({ cert = '', key = '', pfx = '', passphrase }: ClientCertificate): string {
  const hash = createHash('sha256');
  for (const part of [cert, key, pfx]) hash.update(`${part.length} `).update(part);
  if (passphrase !== undefined) hash.update(' ').update(passphrase);
  return hash.digest('base64url');
}

/**
 * Certificate and key as a TLS context takes them, checked: readable, opened by the passphrase, and belonging together.
 * Throws {@link UnusableClientCertificate}.
 */
export function identityOf(certificate: ClientCertificate): Identity {
  const id = identityId(certificate);
  let identity = known.get(id);
  if (identity) return identity;
  identity = { id, options: certificate.pfx === undefined ? pemOptions(certificate) : pfxOptions(certificate) };
  const [oldest] = known.keys();
  if (known.size >= maxKnown && oldest !== undefined) known.delete(oldest);
  known.set(id, identity);
  return identity;
}

const certificateBlock =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/;
const keyBlock = /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----/;
/** RFC 7468 §11, and what OpenSSL wrote before (RFC 1421 §4.6.1.1). */
const encryptedKey = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** Whether a PEM text holds a private key, and whether it is encrypted. */
export function pemKeyIn(text: string): 'none' | 'plain' | 'encrypted' {
  if (!keyBlock.test(text)) return 'none';
  return encryptedKey.test(text) ? 'encrypted' : 'plain';
}

function pemOptions(certificate: ClientCertificate): Identity['options'] {
  const { passphrase } = certificate;
  const cert = inLines(certificate.cert ?? '');
  const keyText = certificate.key ?? cert;
  if (!certificateBlock.test(cert)) throw new UnusableClientCertificate('certificate-missing', certificate);
  if (pemKeyIn(keyText) === 'none') throw new UnusableClientCertificate('key-missing', certificate);
  const key = openKey(certificate, keyText);
  let belongs: boolean;
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(key);
  } catch (error) {
    throw new UnusableClientCertificate('unreadable', certificate, error);
  }
  if (!belongs) throw new UnusableClientCertificate('key-mismatch', certificate);
  return { cert, key: keyText, ...(passphrase === undefined ? {} : { passphrase }) };
}

/** Files that were joined without a line end between them. */
function inLines(pem: string): string {
  return pem.replace(/(-----END [^-]{1,80}-----)(?=-----BEGIN )/g, '$1\n');
}

function openKey(certificate: ClientCertificate, keyText: string): KeyObject {
  const { passphrase } = certificate;
  const isEncrypted = pemKeyIn(keyText) === 'encrypted';
  if (isEncrypted && passphrase === undefined) throw new UnusableClientCertificate('passphrase-missing', certificate);
  try {
    return createPrivateKey({ key: keyText, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    const problem = isEncrypted && isDecryption(error) ? 'passphrase-wrong' : 'unreadable';
    throw new UnusableClientCertificate(problem, certificate, error);
  }
}

/** OpenSSL and BoringSSL name the routine: a wrong passphrase decrypts to bytes that are no padding, or no key. */
function isDecryption(error: unknown): boolean {
  return /bad.?decrypt|decrypt|interrupted or cancelled|wrong tag|asn1|decoder/i.test(messageOf(error) ?? '');
}

/** RFC 7292: what is wrong shows when a context is made of it. */
function pfxOptions(certificate: ClientCertificate): Identity['options'] {
  const { pfx = '', passphrase } = certificate;
  const options = { pfx: Buffer.from(pfx, 'base64'), ...(passphrase === undefined ? {} : { passphrase }) };
  let context;
  try {
    context = createSecureContext(options);
  } catch (error) {
    throw new UnusableClientCertificate(pfxProblem(error, passphrase), certificate, error);
  }
  // Node's own, and not in its public interface: DER of what it would present.
  const own = (context as unknown as { context?: { getCertificate?: () => Buffer | null } }).context?.getCertificate;
  if (own && !own.call((context as unknown as { context: object }).context)) {
    throw new UnusableClientCertificate('certificate-missing', certificate);
  }
  return options;
}

/** RFC 7292 §4: the passphrase is what the file's own checksum is made with. */
function pfxProblem(error: unknown, passphrase: string | undefined): ClientCertificateProblem {
  const message = messageOf(error) ?? '';
  if (/mac verify|invalid password|incorrect password|bad.?decrypt|decrypt/i.test(message)) {
    return passphrase === undefined ? 'passphrase-missing' : 'passphrase-wrong';
  }
  return /no.certificate|unable to load.*certificate/i.test(message) ? 'certificate-missing' : 'unreadable';
}

function messageOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}
