import type { Failure } from './failure.ts';
import type { StreamEvent } from './eventStream.ts';
import type { Link, TcpFigures, TcpMoment, TcpSilence } from './link.ts';
import type { GraphqlOutcome } from './graphqlErrors.ts';
import type { Http2Frame } from './http2/frame.ts';
import type { FieldLine } from './request.ts';
import type { OcspStaple, SignedCertificateTimestamp, TlsMessage, TlsSeen } from './tls/message.ts';
import type { DeflateAgreement, WebSocketCounts, WebSocketEnd, WebSocketMessage } from './webSocket.ts';
import type { ServiceDecision } from './serviceBinding.ts';
import type { SystemLookup } from './systemLookup.ts';

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
export type DnsSource = 'literal' | 'resolve' | 'cache' | 'hosts' | 'name-server' | 'getaddrinfo';

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

/**
 * What a question of the walk from the root was for: the name itself, a shorter name that finds the next zone
 * (RFC 9156), the name that an alias leads to, the address of a name server without glue, the HTTPS record
 * (RFC 9460), the address of the host that such a record names, or the name of the peer's address (PTR).
 */
export type DnsPurpose = 'name' | 'minimised' | 'alias' | 'server-address' | 'service' | 'service-address' | 'peer-name';

/** RFC 1034 §4.3.2: which servers are to be asked instead, for which zone; `glue` are addresses that came along. */
export interface DnsReferral {
  readonly zone: string;
  readonly servers: readonly string[];
  readonly glue: readonly { readonly name: string; readonly address: string }[];
}

/**
 * The connection to a name server over TLS (RFC 7858) or HTTPS (RFC 8484); times in ms, absent on a question that
 * another one had opened it for.
 */
export interface DnsConnection {
  readonly reused: boolean;
  readonly connectTime?: number;
  readonly tlsTime?: number;
  /** What the certificate was checked against. */
  readonly serverName: string;
  /** `TLSv1.3`. */
  readonly version: string;
  readonly cipher: string;
  readonly alpn?: string;
  /** Of HTTPS. */
  readonly statusCode?: number;
  /** The fields sent and received: the exchange with the name server as HTTP saw it. */
  readonly requestHeaders?: readonly FieldLine[];
  readonly responseHeaders?: readonly FieldLine[];
  /** Of the question that opened it, also when the certificate was refused. */
  readonly tls?: TlsFacts;
  /** A kept connection had ended, so this one was opened for the same question. */
  readonly reopened?: true;
}

/** One question to one source and its outcome; `startAt` to `at`. */
export interface DnsStep extends Timed {
  readonly startAt: number;
  readonly source: DnsSource;
  readonly question: DnsQuestion;
  /** `127.0.0.1:53`, or the file's path for the hosts file. */
  readonly server?: string;
  readonly transport?: 'udp' | 'tcp' | 'tls' | 'https';
  readonly connection?: DnsConnection;
  readonly outcome: 'answered' | 'no-data' | 'name-error' | 'server-failure' | 'refused' | 'timeout' | 'malformed' | 'not-listed' | 'error'
    /** Other servers are to be asked. */
    | 'referral'
    /** The server does not serve the zone that others say it serves (RFC 8499 §7). */
    | 'lame';
  readonly rcode?: string;
  readonly truncated?: boolean;
  readonly authoritative?: boolean;
  readonly records?: readonly DnsRecord[];
  /** Size of the query and of the answer in bytes. */
  readonly querySize?: number;
  readonly answerSize?: number;
  readonly message?: string;
  /** The flags of the answer as dig writes them: `qr`, `aa`, `tc`, `rd`, `ra`, `ad`, `cd`. */
  readonly flags?: readonly string[];
  /** Of the walk from the root: the server's name, the zone it was asked as a server of (`.` is the root), and why. */
  readonly serverName?: string;
  readonly zone?: string;
  readonly purpose?: DnsPurpose;
  readonly referral?: DnsReferral;
  /** The name that a CNAME record led to and that is asked next. */
  readonly alias?: string;
  /** Of a cached answer: seconds for which it may still be used. */
  readonly ttlLeft?: number;
  /** Of the operating system's resolver. */
  readonly system?: SystemLookup;
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
  /** Where its issuer's certificate can be had, and its status asked (RFC 5280 §4.2.2.1). */
  readonly issuerUrls?: readonly string[];
  readonly ocspUrls?: readonly string[];
  readonly timestamps?: readonly SignedCertificateTimestamp[];
  /** It asks that its status be stapled to each handshake (RFC 7633). */
  readonly mustStaple?: boolean;
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
  /** Leaf first, up to the root when the chain was verified. Of a resumed session: those of the handshake it is from. */
  readonly certificateChain: readonly CertificateFacts[];
  /** Of a resumed session: the full handshake it is from. */
  readonly resumedFrom?: ResumedSession;
  readonly clientCertificate?: ClientCertificateFacts;
  /** Of the server's certificate, stapled to the handshake. */
  readonly ocsp?: OcspStaple;
}

/** The first and the last version that are offered, `TLSv1.2` and `TLSv1.3`; `chosen` by the request or a setting. */
export interface VersionsOffered {
  readonly min: string;
  readonly max: string;
  readonly chosen: boolean;
}

/** What a resumed session (RFC 8446 §2.2) saved, as the full handshake it is from had it. */
export interface ResumedSession {
  /** How long ago that was, and how long it took, ms. */
  readonly age: number;
  readonly handshakeTime: number;
  /** Bytes of the certificates that the server sent then. */
  readonly certificatesSize: number;
}

/** Our own certificate, as far as the server wanted one. */
export interface ClientCertificateFacts {
  /** The server asked for one (RFC 8446 §4.3.2). A resumed session asks again for nothing. */
  readonly asked: boolean;
  /** What was there to present; `presented` only if it was asked for. */
  readonly presented: boolean;
  readonly subject?: string;
  readonly issuer?: string;
  readonly validTo?: number;
  readonly fingerprint256?: string;
  /** The file it is from, and who named the file. */
  readonly label?: string;
  readonly from?: 'request' | 'environment' | 'settings' | 'command-line';
  /** Why there was none: nobody names one, the request wants none, or it belongs to the origin that redirected here. */
  readonly absent?: 'none' | 'request' | 'other-origin';
}

// --- proxies ---------------------------------------------------------------------------------------

/** How a proxy is spoken to; `socks4a` and `socks5h` look up names at the proxy, `socks4` and `socks5` here. */
export type ProxyKind = 'http' | 'https' | 'socks4' | 'socks4a' | 'socks5' | 'socks5h';

/** RFC 1928: greeting and choice of a method, RFC 1929: authentication, then the request; `connect` also of HTTP. */
export type ProxyStepName = 'tls' | 'dns' | 'greeting' | 'authentication' | 'connect';

/** What came with a refusal: text of at most 64 KiB; `size` in bytes as received, `complete` when that was all. */
export interface ProxyBody {
  /** Absent when the bytes are no text. */
  readonly text?: string;
  readonly size: number;
  readonly complete: boolean;
}

/** `reply` is RFC 1928's REP (0 succeeded) or SOCKS4's CD (90 granted); `bound` the address the proxy tells. */
export interface SocksAnswer {
  readonly version: 4 | 5;
  /** RFC 1928 §3: 0 none, 2 user name and password, 255 none acceptable. */
  readonly method?: number;
  readonly reply?: number;
  readonly bound?: string;
}

// --- a connection ----------------------------------------------------------------------------------

export type ConnectionEvent =
  | (Timed & { readonly type: 'opened'; readonly origin: string; readonly host: string; readonly port: number })
  | (Timed & { readonly type: 'dns-start'; readonly name: string })
  | (Timed & { readonly type: 'dns-step'; readonly step: DnsStep })
  | (Timed & { readonly type: 'dns-end'; readonly addresses: readonly IpAddress[] })
  /** Addresses of the other family, whose answer was not waited for: they join the attempts. */
  | (Timed & { readonly type: 'dns-late'; readonly addresses: readonly IpAddress[] })
  | (Timed & { readonly type: 'attempt-start'; readonly attempt: number; readonly address: string; readonly family: 4 | 6; readonly port: number })
  | (Timed & { readonly type: 'attempt-end'; readonly attempt: number; readonly outcome: 'connected' | 'failed' | 'abandoned'; readonly code?: string; readonly message?: string; readonly localAddress?: string; readonly localPort?: number })
  /** `hop` counts the proxies of a chain from 0; absent means 0. */
  | (Timed & { readonly type: 'proxy-start'; readonly proxy: string; readonly target: string; readonly hop?: number; readonly kind?: ProxyKind })
  /** A step with this proxy begins, and the one before ends. */
  | (Timed & { readonly type: 'proxy-step'; readonly hop: number; readonly step: ProxyStepName })
  /** The handshake with an HTTPS proxy, at its end. */
  | (Timed & { readonly type: 'proxy-tls'; readonly hop: number; readonly tls: TlsFacts })
  /** SOCKS4 and SOCKS5 take an address, so the target's name is looked up here: the whole lookup, at its end. */
  | (Timed & { readonly type: 'proxy-lookup'; readonly hop: number; readonly name: string; readonly steps: readonly DnsStep[]; readonly addresses: readonly IpAddress[] })
  /** The proxy's answer: of HTTP with its status, of SOCKS with `socks`; neither where a proxy is asked nothing but the request itself. */
  | (Timed & { readonly type: 'proxy-end'; readonly hop?: number; readonly statusCode?: number; readonly reasonPhrase?: string; readonly headers?: readonly FieldLine[]; readonly body?: ProxyBody; readonly socks?: SocksAnswer; readonly authorization?: AuthorizationFacts })
  | (Timed & { readonly type: 'tls-start'; readonly serverName?: string; readonly alpnOffered: readonly string[]; readonly versionsOffered?: VersionsOffered })
  | (Timed & { readonly type: 'tls-end'; readonly tls: TlsFacts })
  /**
   * Messages of TLS with the server, or with the proxy of a hop, that passed before `at` and were not told yet; `seen` is of
   * all so far. Comes after the exchange that opened the connection, or before `failed`, and again when it is closed.
   */
  | (Timed & { readonly type: 'tls-messages'; readonly hop?: number; readonly messages: readonly TlsMessage[]; readonly seen: TlsSeen })
  /** Such messages have passed, and are read when there is time: many connections were opened at once. */
  | (Timed & { readonly type: 'tls-unread'; readonly hop?: number })
  | (Timed & { readonly type: 'connected'; readonly httpVersion: '1.1' | '2' })
  /** What was made of the name's HTTPS records. */
  | (Timed & { readonly type: 'service-binding'; readonly decision: ServiceDecision })
  /** The first step of its packets, once it was read; may come after the exchange. */
  | (Timed & { readonly type: 'link'; readonly link: Link })
  /** What the kernel counts of it: `figures`, or `silence` says why there are none. May come after the exchange. */
  | (Timed & { readonly type: 'tcp-info'; readonly moment: TcpMoment; readonly figures?: TcpFigures; readonly silence?: TcpSilence })
  /** The names kept for the peer's address (PTR), at the end of that lookup. */
  | (Timed & { readonly type: 'peer-name'; readonly startAt: number; readonly address: string; readonly names: readonly string[]; readonly steps: readonly DnsStep[] })
  | (Timed & { readonly type: 'failed'; readonly failure: Failure })
  /** Frames of the connection as a whole, and of streams whose exchanges are over; `omitted` more are not told. */
  | (Timed & { readonly type: 'http2-frames'; readonly frames: readonly Http2Frame[]; readonly omitted: number })
  | (Timed & { readonly type: 'closed'; readonly bytesWritten: number; readonly bytesRead: number });

// --- an exchange -----------------------------------------------------------------------------------

/** What became of a cookie of the jar for this request, or of a `Set-Cookie` of this response. */
export interface CookieVerdict {
  readonly name: string;
  readonly value: string;
  readonly accepted: boolean;
  /**
   * RFC 6265bis reason, when not accepted: `domain`, `path`, `secure`, `expired`, `public-suffix`, `syntax`, `size`, `prefix`,
   * `same-site`, `nameless`, `overlay`; `typed` where the request names one itself.
   */
  readonly reason?: string;
  readonly domain?: string;
  readonly path?: string;
  /** Epoch ms; absent for a session cookie. */
  readonly expires?: number;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: string;
  /** It was set without `Domain`, so it goes to this host only. */
  readonly hostOnly?: boolean;
  /** A stored cookie took the place of one with the same value, or with another one. */
  readonly replaced?: 'same' | 'other';
  /** The lifetime asked for was longer than the jar allows, and was reduced. */
  readonly shortened?: boolean;
  /** How many others left the jar to make room for it. */
  readonly evicted?: number;
}

/** How a request's `Authorization` field was made. The secret it was made with is no part of it. */
export type AuthorizationFacts =
  | {
    readonly scheme: 'digest';
    /** For the proxy (`Proxy-Authorization`), not for the server. */
    readonly to?: 'proxy';
    /** The server's proof in `Authentication-Info` that it knows the password, too (RFC 7616 §3.5). */
    readonly mutual?: 'proved' | 'wrong';
    /** Asked for by the response before, the nonce had become too old, or the nonce was known from earlier. */
    readonly because: 'challenge' | 'stale' | 'known';
    readonly user: string;
    /** The field carries a hash of the user's name (RFC 7616 §3.4.4). */
    readonly userHashed: boolean;
    readonly realm: string;
    /** As in the challenge, `MD5` when it names none. */
    readonly algorithm: string;
    /** Absent without one, as RFC 2069 had it. */
    readonly qop?: 'auth' | 'auth-int';
    readonly nonce: string;
    readonly nonceCount?: number;
    readonly cnonce?: string;
    readonly method: string;
    readonly uri: string;
    readonly response: string;
  }
  | {
    readonly scheme: 'aws';
    readonly accessKeyId: string;
    readonly region: string;
    readonly service: string;
    /** Which of both were read from the host's name or are AWS's defaults. */
    readonly guessed: readonly ('region' | 'service')[];
    /** A session token in it is masked. */
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly signature: string;
  };

/** What became of the challenges of a 401: answered by the exchange named, or why not. */
export type ChallengeVerdict =
  | { readonly outcome: 'answered'; readonly exchangeId: string }
  /** The credentials were sent and refused. */
  | { readonly outcome: 'refused' }
  /** It does not ask for the scheme that the credentials are for. */
  | { readonly outcome: 'other-scheme' }
  /** `part` cannot be computed, or is missing. */
  | { readonly outcome: 'unsupported'; readonly part: 'algorithm' | 'qop' | 'nonce'; readonly value: string };

/** A limit that a content meets: `allowed` is its value; sizes in bytes. */
export interface ContentLimitMet {
  readonly limit: 'size' | 'expansion';
  readonly allowed: number;
  /** As framed and after decoding, so far. */
  readonly bodySize: number;
  readonly contentSize: number;
  /** The length that the response's head promises. */
  readonly announced?: number;
}

/** An exchange had to wait for a connection. */
export interface PoolWait {
  /** When the wait began; it ended when the connection was assigned. */
  readonly since: number;
  /** As many as may be open were in use; or the first one had yet to say whether it can be shared (HTTP/2). */
  readonly for: 'connection' | 'version';
  /** HTTP/1.1 connections to the origin at a time, and exchanges that waited before this one. */
  readonly limit: number;
  readonly ahead: number;
}

export type ExchangeEvent =
  | (Timed & { readonly type: 'queued'; readonly startedAt: number })
  /** The jar's cookies of this site; `others` are of other sites, `unlisted` of this one but too many to tell. */
  | (Timed & { readonly type: 'cookies-selected'; readonly cookies: readonly CookieVerdict[]; readonly others?: number; readonly unlisted?: number })
  | (Timed & { readonly type: 'connection-assigned'; readonly connectionId: string; readonly reused: boolean; readonly idle?: number; readonly waited?: PoolWait })
  | (Timed & { readonly type: 'request-start'; readonly method: string; readonly requestTarget: string; readonly authority: string; readonly scheme: string; readonly httpVersion: '1.0' | '1.1' | '2'; readonly headers: readonly FieldLine[]; readonly stream?: number; readonly client: 'undici' | 'node:http' | 'node:http2' })
  /** Of a body that takes a while, at most one every 50 ms: so many bytes of it were taken by the kernel. */
  | (Timed & { readonly type: 'request-progress'; readonly bodySize: number })
  /** The last byte of the request was taken by the kernel. */
  | (Timed & { readonly type: 'request-sent'; readonly headSize?: number; readonly bodySize: number; readonly trailers?: readonly FieldLine[] })
  /**
   * RFC 9110 §10.1.1: the body was held back for `100 Continue` from `startAt` on. It came, or nothing did and the body
   * goes out all the same, or the final response came, which spares the body.
   */
  | (Timed & { readonly type: 'continue-awaited'; readonly startAt: number; readonly outcome: 'continued' | 'timeout' | 'answered' })
  | (Timed & { readonly type: 'interim-response'; readonly statusCode: number; readonly headers: readonly FieldLine[] })
  | (Timed & { readonly type: 'first-byte' })
  /** Frames of the exchange's stream; `omitted` more are not told. */
  | (Timed & { readonly type: 'http2-frames'; readonly frames: readonly Http2Frame[]; readonly omitted: number })
  | (Timed & { readonly type: 'response-head'; readonly httpVersion: '1.0' | '1.1' | '2'; readonly statusCode: number; readonly reasonPhrase: string; readonly headers: readonly FieldLine[]; readonly headSize?: number })
  /** At most one every 50 ms; totals so far in bytes. */
  | (Timed & { readonly type: 'body-progress'; readonly bodySize: number; readonly contentSize: number })
  /** The content is beyond a limit: nothing more is taken until somebody has answered. */
  | (Timed & { readonly type: 'content-held' } & ContentLimitMet)
  | (Timed & { readonly type: 'content-released'; readonly goOn: boolean })
  | (Timed & { readonly type: 'body-end'; readonly bodySize: number; readonly contentSize: number; readonly trailers: readonly FieldLine[]; readonly complete: boolean; readonly storedIn: 'memory' | 'file' })
  /** An event of a `text/event-stream`, complete with what arrived at `at`. */
  | (Timed & { readonly type: 'stream-event'; readonly event: StreamEvent })
  /** The stream was ended, which is no failure by the listener either. `count` events came, also those not told. */
  | (Timed & { readonly type: 'stream-ended'; readonly count: number; readonly by: 'server' | 'listener' })
  /** The stream broke off or ended, and is asked for again after `delay` ms, as an exchange of its own. */
  | (Timed & { readonly type: 'reconnecting'; readonly exchangeId: string; readonly delay: number; readonly because: 'ended' | 'failed'; readonly lastEventId?: string })
  /** RFC 9110 §15.2.2: from here on the connection speaks another protocol; what came of it is the content. */
  | (Timed & { readonly type: 'switched'; readonly protocol: string })
  /** RFC 6455 §4.1: the answer to the opening handshake is in order. */
  | (Timed & { readonly type: 'web-socket-open'; readonly protocol?: string; readonly deflate?: DeflateAgreement })
  | (Timed & { readonly type: 'web-socket-message'; readonly message: WebSocketMessage })
  /** `counts` are of all messages, also those not told; without `end` it broke. */
  | (Timed & { readonly type: 'web-socket-end'; readonly counts: WebSocketCounts; readonly end?: WebSocketEnd })
  /** The response to a GraphQL request has errors in it. */
  | (Timed & { readonly type: 'graphql-errors'; readonly outcome: GraphqlOutcome })
  | (Timed & { readonly type: 'cookies-received'; readonly cookies: readonly CookieVerdict[] })
  /** The credentials for this request were computed. */
  | (Timed & { readonly type: 'authorized'; readonly authorization: AuthorizationFacts })
  /** The response asks for credentials, and the request has some. */
  | (Timed & { readonly type: 'challenged'; readonly verdict: ChallengeVerdict })
  /** The response asks for another request, which follows as an exchange of its own. */
  | (Timed & { readonly type: 'redirected'; readonly location: string; readonly exchangeId: string; readonly changes: readonly string[] })
  | (Timed & { readonly type: 'failed'; readonly failure: Failure })
  /** Seen by a server of the lab that the request came to, or came through. */
  | (Timed & { readonly type: 'server'; readonly server: string; readonly event: ServerEvent });

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
  | (Timed & { readonly type: 'response-finished'; readonly bodySize: number })
  /** A gateway asked another server, `to`, and has the head of its response; without `statusCode` it got none. */
  | (Timed & { readonly type: 'forwarded'; readonly startAt: number; readonly to: string; readonly reused: boolean; readonly statusCode?: number })
  /** Bytes went through to `to` until one of both ends closed; sizes from the client and to it. */
  | (Timed & { readonly type: 'tunnelled'; readonly startAt: number; readonly to: string; readonly sentSize: number; readonly receivedSize: number })
  /** Not let through: no place of this lab's, no or wrong credentials, or a request that came back to the same server. */
  | (Timed & { readonly type: 'refused'; readonly reason: 'not-own' | 'credentials' | 'loop' | 'unreachable'; readonly target: string })
  /** A command and its reply in another protocol, spoken with the server behind a gateway. */
  | (Timed & { readonly type: 'dialogue'; readonly startAt: number; readonly protocol: string; readonly sent: string; readonly received: string })
  /** Bytes that a server which does not understand the connection's rules did not read as a request. */
  | (Timed & { readonly type: 'ignored'; readonly size: number })
  /** Something was broken on purpose, by the name of the fault: `/faults/…` of the lab. */
  | (Timed & { readonly type: 'broken'; readonly fault: string });
