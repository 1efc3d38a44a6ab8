import type { AuthorizationFacts, ChallengeVerdict } from './authorization.ts';
import type { DnsStep, IpAddress } from './dnsStep.ts';
import type { Failure } from './failure.ts';
import type { StreamEvent } from './eventStream.ts';
import type { Link, TcpFigures, TcpMoment, TcpSilence } from './link.ts';
import type { GraphqlOutcome } from './graphqlErrors.ts';
import type { Http2Frame } from './http2/frame.ts';
import type { CookieLimits, FieldLine } from './request.ts';
import type { ServerEvent } from './serverEvent.ts';
import type { TlsFacts, VersionsOffered } from './tls/facts.ts';
import type { TlsMessage, TlsSeen } from './tls/message.ts';
import type { DeflateAgreement, WebSocketCounts, WebSocketEnd, WebSocketMessage } from './webSocket.ts';
import type { ServiceDecision } from './serviceBinding.ts';

/**
 * What was seen, as two append-only lists on one monotonic axis: one per connection, one per exchange.
 * `at` is the machine's monotonic clock in milliseconds (`process.hrtime`), the same in every process,
 * so that the lab's own events lie on the axis without conversion.
 */
export interface Timed {
  readonly at: number;
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
  | (Timed & {
    readonly type: 'attempt-start'; readonly attempt: number; readonly address: string; readonly family: 4 | 6;
    readonly port: number;
  })
  | (Timed & {
    readonly type: 'attempt-end'; readonly attempt: number; readonly outcome: 'connected' | 'failed' | 'abandoned';
    readonly code?: string; readonly message?: string; readonly localAddress?: string; readonly localPort?: number;
  })
  /** `hop` counts the proxies of a chain from 0; absent means 0. */
  | (Timed & {
    readonly type: 'proxy-start'; readonly proxy: string; readonly target: string; readonly hop?: number;
    readonly kind?: ProxyKind;
  })
  /** A step with this proxy begins, and the one before ends. */
  | (Timed & { readonly type: 'proxy-step'; readonly hop: number; readonly step: ProxyStepName })
  /** The handshake with an HTTPS proxy, at its end. */
  | (Timed & { readonly type: 'proxy-tls'; readonly hop: number; readonly tls: TlsFacts })
  /** SOCKS4 and SOCKS5 take an address, so the target's name is looked up here: the whole lookup, at its end. */
  | (Timed & {
    readonly type: 'proxy-lookup'; readonly hop: number; readonly name: string; readonly steps: readonly DnsStep[];
    readonly addresses: readonly IpAddress[];
  })
  /**
   * The proxy's answer: of HTTP with its status, of SOCKS with `socks`; neither where a proxy is asked nothing but the
   * request itself.
   */
  | (Timed & {
    readonly type: 'proxy-end'; readonly hop?: number; readonly statusCode?: number; readonly reasonPhrase?: string;
    readonly headers?: readonly FieldLine[]; readonly body?: ProxyBody; readonly socks?: SocksAnswer;
    readonly authorization?: AuthorizationFacts;
  })
  | (Timed & {
    readonly type: 'tls-start'; readonly serverName?: string; readonly alpnOffered: readonly string[];
    readonly versionsOffered?: VersionsOffered;
  })
  | (Timed & { readonly type: 'tls-end'; readonly tls: TlsFacts })
  /**
   * Messages of TLS with the server, or with the proxy of a hop, that passed before `at` and were not told yet; `seen`
   * is of all so far. Comes after the exchange that opened the connection, or before `failed`, and again when it is
   * closed.
   */
  | (Timed & {
    readonly type: 'tls-messages'; readonly hop?: number; readonly messages: readonly TlsMessage[];
    readonly seen: TlsSeen;
  })
  /** Such messages have passed, and are read when there is time: many connections were opened at once. */
  | (Timed & { readonly type: 'tls-unread'; readonly hop?: number })
  | (Timed & { readonly type: 'connected'; readonly httpVersion: '1.1' | '2' })
  /** What was made of the name's HTTPS records. */
  | (Timed & { readonly type: 'service-binding'; readonly decision: ServiceDecision })
  /** The first step of its packets, once it was read; may come after the exchange. */
  | (Timed & { readonly type: 'link'; readonly link: Link })
  /** What the kernel counts of it: `figures`, or `silence` says why there are none. May come after the exchange. */
  | (Timed & {
    readonly type: 'tcp-info'; readonly moment: TcpMoment; readonly figures?: TcpFigures; readonly silence?: TcpSilence;
  })
  /** The names kept for the peer's address (PTR), at the end of that lookup. */
  | (Timed & {
    readonly type: 'peer-name'; readonly startAt: number; readonly address: string; readonly names: readonly string[];
    readonly steps: readonly DnsStep[];
  })
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
   * RFC 6265bis reason, when not accepted: `domain`, `path`, `secure`, `expired`, `public-suffix`, `syntax`, `size`,
   * `prefix`, `same-site`, `partitioned`, `nameless`, `overlay`; `typed` where the request names one itself.
   */
  readonly reason?: string;
  readonly domain?: string;
  readonly path?: string;
  /** Epoch ms; absent for a session cookie. */
  readonly expires?: number;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: string;
  readonly partitioned?: boolean;
  /** It was set without `Domain`, so it goes to this host only. */
  readonly hostOnly?: boolean;
  /** A stored cookie took the place of one with the same value, or with another one. */
  readonly replaced?: 'same' | 'other';
  /** The lifetime asked for was longer than the jar allows, and was reduced. */
  readonly shortened?: boolean;
  /** How many others left the jar to make room for it. */
  readonly evicted?: number;
  /** Attributes whose values were too long, and so were none, in lower case. */
  readonly ignored?: readonly string[];
  /** The limits that it met. */
  readonly met?: Partial<CookieLimits>;
}

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

/** An exchange had to wait for a connection, or for a stream on one. */
export interface PoolWait {
  /** When the wait began; it ended when the connection was assigned. */
  readonly since: number;
  /**
   * What it waited for at the last: all connections were in use; or all streams that the server allows at once (RFC 9113
   * §5.1.2); or the first connection had yet to say whether, and how far, it can be shared.
   */
  readonly for: 'connection' | 'stream' | 'version';
  /** Streams that the server allows, else connections to the origin at a time; and exchanges that waited before this. */
  readonly limit: number;
  readonly ahead: number;
}

/** Before the final response (RFC 9110 §15.2); over HTTP/2 it has no reason phrase. */
export interface InterimResponse {
  readonly statusCode: number;
  readonly reasonPhrase?: string;
  readonly headers: readonly FieldLine[];
}

/**
 * How a server says that it has not processed a request, which is sent anew then: by an error code (RFC 9113 §7), or by
 * a GOAWAY that leaves its stream out (§6.8).
 */
export type Refusal = 'HTTP_1_1_REQUIRED' | 'REFUSED_STREAM' | 'GOAWAY';

export type ExchangeEvent =
  | (Timed & { readonly type: 'queued'; readonly startedAt: number })
  /** The jar's cookies of this site; `others` are of other sites, `unlisted` of this one but too many to tell. */
  | (Timed & {
    readonly type: 'cookies-selected'; readonly cookies: readonly CookieVerdict[]; readonly others?: number;
    readonly unlisted?: number;
  })
  | (Timed & {
    readonly type: 'connection-assigned'; readonly connectionId: string; readonly reused: boolean;
    readonly idle?: number; readonly waited?: PoolWait; readonly because?: Refusal;
  })
  | (Timed & {
    readonly type: 'request-start'; readonly method: string; readonly requestTarget: string; readonly authority: string;
    readonly scheme: string; readonly httpVersion: '1.0' | '1.1' | '2'; readonly headers: readonly FieldLine[];
    readonly stream?: number; readonly client: 'undici' | 'node:http' | 'node:http2';
  })
  /** Of a body that takes a while, one every 50 ms at most, a second at last: the kernel has taken so many bytes of it. */
  | (Timed & { readonly type: 'request-progress'; readonly bodySize: number })
  /** The last byte of the request was taken by the kernel. */
  | (Timed & {
    readonly type: 'request-sent'; readonly headSize?: number; readonly bodySize: number;
    readonly trailers?: readonly FieldLine[];
  })
  /**
   * RFC 9110 §10.1.1: the body was held back for `100 Continue` from `startAt` on. It came, or nothing did and the body
   * goes out all the same, or the final response came, which spares the body.
   */
  | (Timed & {
    readonly type: 'continue-awaited'; readonly startAt: number; readonly outcome: 'continued' | 'timeout' | 'answered';
  })
  | (Timed & InterimResponse & { readonly type: 'interim-response' })
  | (Timed & { readonly type: 'first-byte' })
  /** Frames of the exchange's stream; `omitted` more are not told. */
  | (Timed & { readonly type: 'http2-frames'; readonly frames: readonly Http2Frame[]; readonly omitted: number })
  | (Timed & {
    readonly type: 'response-head'; readonly httpVersion: '1.0' | '1.1' | '2'; readonly statusCode: number;
    readonly reasonPhrase: string; readonly headers: readonly FieldLine[]; readonly headSize?: number;
  })
  /** One every 50 ms at most, a second at last; totals so far in bytes. */
  | (Timed & { readonly type: 'body-progress'; readonly bodySize: number; readonly contentSize: number })
  /** The content is beyond a limit: nothing more is taken until somebody has answered. */
  | (Timed & { readonly type: 'content-held' } & ContentLimitMet)
  | (Timed & { readonly type: 'content-released'; readonly goOn: boolean })
  | (Timed & {
    readonly type: 'body-end'; readonly bodySize: number; readonly contentSize: number;
    readonly trailers: readonly FieldLine[]; readonly complete: boolean; readonly storedIn: 'memory' | 'file';
  })
  /** An event of a `text/event-stream`, complete with what arrived at `at`. */
  | (Timed & { readonly type: 'stream-event'; readonly event: StreamEvent })
  /** The stream was ended, which is no failure by the listener either. `count` events came, also those not told. */
  | (Timed & { readonly type: 'stream-ended'; readonly count: number; readonly by: 'server' | 'listener' })
  /** The stream broke off or ended, and is asked for again after `delay` ms, as an exchange of its own. */
  | (Timed & {
    readonly type: 'reconnecting'; readonly exchangeId: string; readonly delay: number;
    readonly because: 'ended' | 'failed'; readonly lastEventId?: string;
  })
  /** RFC 9110 §15.2.2: from here on the connection speaks another protocol; what came of it is the content. */
  | (Timed & { readonly type: 'switched'; readonly protocol: string })
  /** RFC 6455 §4.1: the answer to the opening handshake is in order. */
  | (Timed & { readonly type: 'web-socket-open'; readonly protocol?: string; readonly deflate?: DeflateAgreement })
  | (Timed & { readonly type: 'web-socket-message'; readonly message: WebSocketMessage })
  /** `counts` are of all messages, also those not told; without `end` it broke. */
  | (Timed & { readonly type: 'web-socket-end'; readonly counts: WebSocketCounts; readonly end?: WebSocketEnd })
  /** The response to a GraphQL request has errors in it. */
  | (Timed & { readonly type: 'graphql-errors'; readonly outcome: GraphqlOutcome })
  /** Nobody looked for them: its content is longer than `limit`, both in bytes. */
  | (Timed & { readonly type: 'graphql-unread'; readonly size: number; readonly limit: number })
  | (Timed & { readonly type: 'cookies-received'; readonly cookies: readonly CookieVerdict[] })
  /** The credentials for this request were computed. */
  | (Timed & { readonly type: 'authorized'; readonly authorization: AuthorizationFacts })
  /** The response asks for credentials, and the request has some. */
  | (Timed & { readonly type: 'challenged'; readonly verdict: ChallengeVerdict })
  /** The response asks for another request, which follows as an exchange of its own. */
  | (Timed & {
    readonly type: 'redirected'; readonly location: string; readonly exchangeId: string;
    readonly changes: readonly string[];
  })
  | (Timed & { readonly type: 'failed'; readonly failure: Failure })
  /**
   * Seen by a server of the lab that the request came to, or came through. A request may come more than once: `visit`
   * tells which time it was, by the server's numbers of the connection and of the request on it.
   */
  | (Timed & { readonly type: 'server'; readonly server: string; readonly visit?: string; readonly event: ServerEvent });
