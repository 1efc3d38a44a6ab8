import type { Failure } from './failure.ts';
import type { FieldLine } from './request.ts';

/**
 * What was seen, as two append-only lists on one monotonic axis: one per connection, one per exchange.
 * `at` is the machine's monotonic clock in milliseconds (`process.hrtime`), the same in every process,
 * so that the lab's own events lie on the axis without conversion.
 */
export interface Timed {
  readonly at: number;
}

// --- names -----------------------------------------------------------------------------------------

/** Where an answer came from, in the order the operating system asks. */
export type DnsSource = 'literal' | 'cache' | 'hosts' | 'name-server' | 'getaddrinfo';

export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
}

/**
 * A resource record (RFC 1035 §3.2.1): `ttl` in seconds, absent from sources that tell none (the hosts file,
 * `getaddrinfo`, literals), `value` in presentation form.
 */
export interface DnsRecord {
  readonly section: 'answer' | 'authority' | 'additional';
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  readonly value: string;
}

/** One question to one source and its outcome; `startAt` to `at`. */
export interface DnsStep extends Timed {
  readonly startAt: number;
  readonly source: DnsSource;
  readonly question: DnsQuestion;
  /** `127.0.0.1:53`, or the file's path for the hosts file. */
  readonly server?: string;
  readonly transport?: 'udp' | 'tcp';
  readonly outcome: 'answered' | 'no-data' | 'name-error' | 'server-failure' | 'refused' | 'timeout' | 'malformed' | 'not-listed' | 'error';
  readonly rcode?: string;
  readonly truncated?: boolean;
  readonly authoritative?: boolean;
  readonly records?: readonly DnsRecord[];
  /** Size of the query and of the answer in bytes. */
  readonly querySize?: number;
  readonly answerSize?: number;
  readonly message?: string;
}

export interface IpAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

// --- TLS -------------------------------------------------------------------------------------------

/** A certificate as shown: dates in epoch ms, fingerprint SHA-256 in hex with colons. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAltNames: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  readonly serialNumber: string;
  readonly fingerprint256: string;
  /** `EC P-256`, `RSA 2048`, `Ed25519`. */
  readonly publicKey: string;
  readonly signatureAlgorithm?: string;
  readonly isAuthority: boolean;
  readonly selfSigned: boolean;
  readonly sentByServer: boolean;
  /** For the root of a verified chain: which store it came from. */
  readonly trustedFrom?: string;
  readonly pem: string;
}

export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  /** Key agreement group, such as `X25519MLKEM768`. */
  readonly group?: string;
  readonly serverName?: string;
  readonly alpnOffered: readonly string[];
  readonly alpn?: string;
  readonly resumed: boolean;
  readonly verified: boolean;
  /** Verification was switched off for this connection. */
  readonly verificationOff: boolean;
  /** OpenSSL's reason the chain was not trusted, e.g. `CERT_HAS_EXPIRED`. */
  readonly chainError?: string;
  /** Why the certificate does not fit the name (RFC 9525 §6). */
  readonly nameError?: string;
  /** Leaf first, up to the root when the chain was verified. */
  readonly certificateChain: readonly CertificateFacts[];
}

// --- a connection ----------------------------------------------------------------------------------

export type ConnectionEvent =
  | (Timed & { readonly type: 'opened'; readonly origin: string; readonly host: string; readonly port: number })
  | (Timed & { readonly type: 'dns-start'; readonly name: string })
  | (Timed & { readonly type: 'dns-step'; readonly step: DnsStep })
  | (Timed & { readonly type: 'dns-end'; readonly addresses: readonly IpAddress[] })
  | (Timed & { readonly type: 'attempt-start'; readonly attempt: number; readonly address: string; readonly family: 4 | 6; readonly port: number })
  | (Timed & { readonly type: 'attempt-end'; readonly attempt: number; readonly outcome: 'connected' | 'failed' | 'abandoned'; readonly code?: string; readonly message?: string; readonly localAddress?: string; readonly localPort?: number })
  | (Timed & { readonly type: 'proxy-start'; readonly proxy: string; readonly target: string })
  | (Timed & { readonly type: 'proxy-end'; readonly statusCode: number; readonly reasonPhrase: string; readonly headers: readonly FieldLine[] })
  | (Timed & { readonly type: 'tls-start'; readonly serverName?: string; readonly alpnOffered: readonly string[] })
  | (Timed & { readonly type: 'tls-end'; readonly tls: TlsFacts })
  | (Timed & { readonly type: 'connected'; readonly httpVersion: '1.1' | '2' })
  | (Timed & { readonly type: 'failed'; readonly failure: Failure })
  | (Timed & { readonly type: 'closed'; readonly bytesWritten: number; readonly bytesRead: number });

// --- an exchange -----------------------------------------------------------------------------------

/** What became of a cookie of the jar for this request, or of a `Set-Cookie` of this response. */
export interface CookieVerdict {
  readonly name: string;
  readonly value: string;
  readonly accepted: boolean;
  /** RFC 6265bis reason, when not accepted: `domain`, `path`, `secure`, `expired`, `public-suffix`, `syntax`, `size`, `prefix`, `same-site`. */
  readonly reason?: string;
  readonly domain?: string;
  readonly path?: string;
  /** Epoch ms; absent for a session cookie. */
  readonly expires?: number;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: string;
}

export type ExchangeEvent =
  | (Timed & { readonly type: 'queued'; readonly startedAt: number })
  | (Timed & { readonly type: 'cookies-selected'; readonly cookies: readonly CookieVerdict[] })
  | (Timed & { readonly type: 'connection-assigned'; readonly connectionId: string; readonly reused: boolean; readonly idle?: number })
  | (Timed & { readonly type: 'request-start'; readonly method: string; readonly requestTarget: string; readonly authority: string; readonly scheme: string; readonly httpVersion: '1.0' | '1.1' | '2'; readonly headers: readonly FieldLine[]; readonly stream?: number; readonly client: 'undici' | 'node:http' | 'node:http2' })
  /** The last byte of the request was taken by the kernel. */
  | (Timed & { readonly type: 'request-sent'; readonly headSize?: number; readonly bodySize: number })
  | (Timed & { readonly type: 'interim-response'; readonly statusCode: number; readonly headers: readonly FieldLine[] })
  | (Timed & { readonly type: 'first-byte' })
  | (Timed & { readonly type: 'response-head'; readonly httpVersion: '1.0' | '1.1' | '2'; readonly statusCode: number; readonly reasonPhrase: string; readonly headers: readonly FieldLine[]; readonly headSize?: number })
  /** At most one every 50 ms; totals so far in bytes. */
  | (Timed & { readonly type: 'body-progress'; readonly bodySize: number; readonly contentSize: number })
  | (Timed & { readonly type: 'body-end'; readonly bodySize: number; readonly contentSize: number; readonly trailers: readonly FieldLine[]; readonly complete: boolean; readonly storedIn: 'memory' | 'file' })
  | (Timed & { readonly type: 'cookies-received'; readonly cookies: readonly CookieVerdict[] })
  /** The response asks for another request, which follows as an exchange of its own. */
  | (Timed & { readonly type: 'redirected'; readonly location: string; readonly exchangeId: string; readonly changes: readonly string[] })
  | (Timed & { readonly type: 'failed'; readonly failure: Failure })
  | (Timed & { readonly type: 'server'; readonly event: ServerEvent });

// --- the lab's side --------------------------------------------------------------------------------

/** What the server saw of one request, on the same clock; joined to the client's side by `traceparent`. */
export type ServerEvent =
  | (Timed & { readonly type: 'accepted'; readonly server: string; readonly connection: number; readonly openConnections: number; readonly peerPort: number; readonly request: number })
  | (Timed & { readonly type: 'head-parsed'; readonly startAt: number; readonly method: string; readonly target: string; readonly httpVersion: string })
  | (Timed & { readonly type: 'body-read'; readonly startAt: number; readonly size: number })
  | (Timed & { readonly type: 'routed'; readonly startAt: number; readonly pattern?: string; readonly parameters: Readonly<Record<string, string>>; readonly handler?: string; readonly candidates: readonly { readonly pattern: string; readonly reason: string }[]; readonly statusCode?: 404 | 405 })
  | (Timed & { readonly type: 'session-loaded'; readonly startAt: number; readonly outcome: 'none' | 'found' | 'unknown' | 'expired' | 'created' | 'ended'; readonly id?: string; readonly user?: string })
  | (Timed & { readonly type: 'handler-start'; readonly handler: string })
  | (Timed & { readonly type: 'handler-end'; readonly handler: string; readonly error?: string })
  | (Timed & { readonly type: 'response-started'; readonly statusCode: number })
  | (Timed & { readonly type: 'response-finished'; readonly bodySize: number });
