import { createHash } from 'node:crypto';
import type { Mutable } from '../../trace/mutable.ts';
import { hexOf } from '../../trace/tls/byteReader.ts';
import type { CertificateFacts } from '../../trace/tls/facts.ts';
import { ja3Text, ja4Parts } from '../../trace/tls/fingerprint.ts';
import { tls13 } from '../../trace/tls/handshake.ts';
import type { HandshakeBody } from '../../trace/tls/handshake.ts';
import { extensionData } from '../../trace/tls/hello.ts';
import type { ClientHello, ServerHello } from '../../trace/tls/hello.ts';
import type { Resumption, TlsMessage, TlsSeen } from '../../trace/tls/message.ts';
import { groupName } from '../../trace/tls/names.ts';
import { sentCertificate } from './certificate.ts';
import type { Decoded } from './decoder.ts';
import { readTimestamps } from './timestamps.ts';

/** Extensions, by their number. */
const signatureAlgorithms = 13;
const alpn = 16;
const signedTimestamps = 18;
const sessionTicket = 35;
const preSharedKey = 41;
const supportedVersions = 43;
const keyShare = 51;

/** Gathers from the messages of a connection what they tell together. */
export class SeenSoFar {
  readonly #seen: Mutable<TlsSeen> = {
    roundTrips: 0, helloRetry: false, resumptionOffered: false, clientCertificateAsked: false,
  };
  #clientHello: ClientHello | undefined;
  #serverHello: ServerHello | undefined;
  #sent: readonly CertificateFacts[] | undefined;
  #waitsForServer = false;
  #finished = 0;
  #helloIsDone = false;

  /** Notes a message, and gives it as it is to be told. */
  add({ message, body }: Decoded): TlsMessage {
    if (!body) return message;
    if (this.#finished < 2) this.#countTrips(message);
    if (message.direction === 'sent') {
      this.#noteHello(body);
      if (body.name === 'finished') this.#finished += 1;
      return message;
    }
    this.#noteServer(body);
    return body.certificates ? this.#noteCertificates(message, body) : message;
  }

  /** `chain` is the one that was verified, if it came to that. */
  seen(chain: readonly CertificateFacts[]): TlsSeen {
    const sent = this.#sent;
    if (!sent) return { ...this.#seen };
    const verified = new Set(chain.map(({ fingerprint256 }) => fingerprint256));
    const others = sent.filter(({ fingerprint256 }) => !verified.has(fingerprint256));
    return {
      ...this.#seen, sentCertificates: sent.map(({ fingerprint256 }) => fingerprint256),
      ...(others.length === 0 ? {} : { otherCertificates: others }),
    };
  }

  /** Each time the server's turn comes after ours, we have waited for one round trip. */
  #countTrips({ direction }: TlsMessage): void {
    if (direction === 'sent') this.#waitsForServer = true;
    else if (this.#waitsForServer) {
      this.#waitsForServer = false;
      this.#seen.roundTrips += 1;
    }
  }

  /** A second hello, after a HelloRetryRequest, has the same fingerprints but for what was asked for. */
  #noteHello({ clientHello }: HandshakeBody): void {
    if (!clientHello || this.#clientHello) return;
    this.#clientHello = clientHello;
    const { extensions, sessionId } = clientHello;
    const ticket = extensionData(extensions, sessionTicket);
    const isTls13 = extensionData(extensions, supportedVersions) !== undefined;
    // RFC 8446 §4.1.2: with TLS 1.3 the session id means nothing.
    this.#seen.resumptionOffered = extensionData(extensions, preSharedKey) !== undefined
      || (ticket?.length ?? 0) > 0 || (!isTls13 && sessionId.length > 0);
    Object.assign(this.#seen, fingerprintsOf(clientHello));
  }

  #noteServer(body: HandshakeBody): void {
    const { name, serverHello, group, signatureScheme } = body;
    const seen = this.#seen;
    if (name === 'hello_retry_request') seen.helloRetry = true;
    else if (serverHello) this.#noteServerHello(serverHello);
    else if (name === 'certificate_request') seen.clientCertificateAsked = true;
    else if (name === 'server_hello_done') this.#helloIsDone = true;
    else if (name === 'finished') {
      this.#finished += 1;
      this.#noteResumption();
    }
    if (group !== undefined) seen.group = group;
    if (signatureScheme !== undefined) seen.signatureScheme = signatureScheme;
  }

  #noteServerHello(hello: ServerHello): void {
    this.#serverHello = hello;
    const share = extensionData(hello.extensions, keyShare);
    if (share && share.length >= 2) this.#seen.group = groupName(share[0]! * 256 + share[1]!);
    const timestamps = extensionData(hello.extensions, signedTimestamps);
    if (timestamps) this.#seen.timestamps = readTimestamps(timestamps, 'tls');
  }

  /** RFC 8446 §4.2.11; before TLS 1.3 a server that resumes goes on to its Finished without keys and certificates. */
  #noteResumption(): void {
    const { extensions, version } = this.#serverHello ?? {};
    const hasTicket = (extensionData(this.#clientHello?.extensions ?? none, sessionTicket)?.length ?? 0) > 0;
    let resumption: Resumption | undefined;
    if (version === tls13) resumption = extensionData(extensions!, preSharedKey) ? 'psk' : undefined;
    else if (!this.#helloIsDone) resumption = hasTicket ? 'ticket' : 'session-id';
    if (resumption) this.#seen.resumption = resumption;
  }

  #noteCertificates(message: TlsMessage, { certificates = [], leafExtensions }: HandshakeBody): TlsMessage {
    const facts = certificates.map(sentCertificate);
    this.#sent = facts.filter((one) => one !== undefined);
    const timestamps = leafExtensions && extensionData(leafExtensions, signedTimestamps);
    if (timestamps) this.#seen.timestamps = readTimestamps(timestamps, 'tls');
    const values = facts.map((one, index) => `${one?.subject ?? '?'} (${certificates[index]!.length} B)`);
    return { ...message, fields: [{ name: 'certificates', values }] };
  }
}

type Fingerprints = Required<Pick<TlsSeen, 'ja3' | 'ja3Hash' | 'ja4'>>;

/** Our own hellos seldom differ in what is hashed: by everything that goes into the fingerprints. */
const known = new Map<string, Fingerprints>();
const maxKnown = 64;

function fingerprintsOf(hello: ClientHello): Fingerprints {
  const text = ja3Text(hello);
  const more = [alpn, signatureAlgorithms, supportedVersions]
    .map((type) => hexOf(extensionData(hello.extensions, type) ?? none));
  const key = [text, ...more].join();
  let found = known.get(key);
  if (found) return found;
  const { start, ciphers, extensions } = ja4Parts(hello);
  found = {
    ja3: text, ja3Hash: createHash('md5').update(text).digest('hex'),
    ja4: `${start}_${shortHash(ciphers)}_${shortHash(extensions)}`,
  };
  if (known.size >= maxKnown) known.clear();
  known.set(key, found);
  return found;
}

const none = new Uint8Array();

/** JA4 takes twelve digits, zeros for an empty list. */
function shortHash(text: string): string {
  return text === '' ? '0'.repeat(12) : createHash('sha256').update(text).digest('hex').slice(0, 12);
}
