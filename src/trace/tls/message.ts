import type { Timed } from '../event.ts';
import type { CertificateFacts } from './facts.ts';

/** What passes in a handshake: its messages (RFC 8446 §4, RFC 5246 §7.4, RFC 6066 §8, RFC 8879), and what is none. */
export type TlsMessageName =
  | 'hello_request' | 'client_hello' | 'server_hello' | 'hello_retry_request' | 'new_session_ticket'
  | 'end_of_early_data'
  | 'encrypted_extensions' | 'certificate' | 'server_key_exchange' | 'certificate_request' | 'server_hello_done'
  | 'certificate_verify' | 'client_key_exchange' | 'finished' | 'certificate_status' | 'key_update'
  | 'compressed_certificate' | 'unknown_handshake'
  | 'change_cipher_spec' | 'alert' | 'heartbeat'
  /** Encrypted, and the key is not known or does not fit. */
  | 'unreadable'
  /** Bytes that are no TLS record. */
  | 'not_tls';

/** The parts of messages, as their RFCs name them. */
export type TlsFieldName =
  | 'version' | 'random' | 'session_id' | 'cipher_suites' | 'cipher_suite' | 'compression_methods' | 'cookie'
  | 'certificates' | 'status' | 'group' | 'public_key' | 'signature_scheme' | 'signature' | 'verify_data'
  | 'certificate_types' | 'signature_algorithms' | 'certificate_authorities' | 'lifetime' | 'ticket' | 'request_update'
  | 'level' | 'description' | 'exchange_keys' | 'algorithm' | 'type' | 'text';

/** A part of a message; numbers are names where there is a registry, sizes are in bytes. */
export interface TlsField {
  readonly name: TlsFieldName;
  readonly values: readonly string[];
}

/** RFC 8446 §4.2; `size` of its data in bytes. */
export interface TlsExtension {
  readonly type: number;
  readonly name: string;
  readonly size: number;
  readonly values: readonly string[];
}

/** One message, when its record was complete. */
export interface TlsMessage extends Timed {
  readonly direction: 'sent' | 'received';
  readonly name: TlsMessageName;
  /** In bytes, without what carries it. */
  readonly size: number;
  /** It was encrypted on the wire. */
  readonly encrypted: boolean;
  readonly fields: readonly TlsField[];
  /** In the order sent. */
  readonly extensions?: readonly TlsExtension[];
  /** It ends before its fields do, or has something behind them. */
  readonly malformed?: true;
}

/** A promise of a log to publish the certificate (RFC 6962 §3.2); `logId` in base64, `loggedAt` epoch ms. */
export interface SignedCertificateTimestamp {
  readonly source: 'certificate' | 'tls' | 'ocsp';
  readonly logId: string;
  readonly loggedAt: number;
  readonly signatureScheme: string;
}

/** The status of its certificate that the server stapled (RFC 6066 §8, RFC 6960); times in epoch ms. */
export interface OcspStaple {
  /** `successful`, or why there is no status. */
  readonly responseStatus: string;
  readonly certificateStatus?: 'good' | 'revoked' | 'unknown';
  /** It is about another certificate than the server's own. */
  readonly isForAnother?: true;
  /** Whether the certificate's issuer, or whom it charged with that, signed it; absent where that was not checked. */
  readonly signature?: 'valid' | 'invalid';
  readonly serialNumber?: string;
  readonly producedAt?: number;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly revokedAt?: number;
  readonly reason?: string;
  /** The name of the signer, or its key's SHA-1 in hex. */
  readonly responder?: string;
  readonly timestamps?: readonly SignedCertificateTimestamp[];
  readonly size: number;
}

/** How the keys of an earlier connection were taken up again: RFC 8446 §2.2, RFC 5077, RFC 5246 §7.3. */
export type Resumption = 'psk' | 'ticket' | 'session-id';

/** What the bytes of a handshake tell besides the messages themselves. */
export interface TlsSeen {
  /** How often we had to wait for the server before we could send data. */
  readonly roundTrips: number;
  /** The server wanted another hello (RFC 8446 §4.1.4). */
  readonly helloRetry: boolean;
  readonly group?: string;
  /** What the server proved with that it holds its key. */
  readonly signatureScheme?: string;
  readonly resumption?: Resumption;
  /** We offered to resume. */
  readonly resumptionOffered: boolean;
  /** The server asked for a certificate of ours. */
  readonly clientCertificateAsked: boolean;
  /** Fingerprints of our hello: the text of JA3, its MD5, and JA4. */
  readonly ja3?: string;
  readonly ja3Hash?: string;
  readonly ja4?: string;
  /** Fingerprints (SHA-256) of the certificates in the order the server sent them; absent when they were not read. */
  readonly sentCertificates?: readonly string[];
  /** Those of them that are not part of the chain that was verified. */
  readonly otherCertificates?: readonly CertificateFacts[];
  /** Promises that came beside the certificate. */
  readonly timestamps?: readonly SignedCertificateTimestamp[];
}
