import type { AuthorizationFacts, ChallengeVerdict } from './authorization.ts';
import type { DnsStep, IpAddress } from './dnsStep.ts';
import type {
  ContentLimitMet, CookieVerdict, ExchangeEvent, InterimResponse, PoolWait, ProxyBody, ProxyKind, ProxyStepName,
  SocksAnswer,
} from './event.ts';
import type { ServerEvent } from './serverEvent.ts';
import type { TlsFacts, VersionsOffered } from './tls/facts.ts';
import type { StreamEvent } from './eventStream.ts';
import type { Failure } from './failure.ts';
import type { GraphqlOutcome } from './graphqlErrors.ts';
import type { Link, TcpFigures, TcpMoment, TcpSilence } from './link.ts';
import type { Http2Frame } from './http2/frame.ts';
import type { FieldLine, RequestSpec } from './request.ts';
import type { TlsMessage, TlsSeen } from './tls/message.ts';
import type { WebSocketSide } from './webSocket.ts';
import type { ServiceDecision } from './serviceBinding.ts';

/** An interval on the monotonic axis, ms; without `endAt` its end was not seen. */
export interface Span {
  readonly startAt: number;
  readonly endAt?: number;
}

export interface NameLookup extends Span {
  readonly name: string;
  readonly steps: readonly DnsStep[];
  readonly addresses: readonly IpAddress[];
}

/** One try to reach one address (RFC 8305). */
export interface Attempt extends Span {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  readonly outcome?: 'connected' | 'failed' | 'abandoned';
  readonly code?: string;
  readonly message?: string;
}

/** A step with a proxy; the steps of a hop follow each other without a gap. */
export interface ProxyStep extends Span {
  readonly name: ProxyStepName;
}

export interface ProxyHop extends Span {
  readonly proxy: string;
  readonly target: string;
  readonly kind?: ProxyKind;
  readonly steps?: readonly ProxyStep[];
  readonly tls?: TlsFacts;
  readonly tlsMessages?: readonly TlsMessage[];
  readonly tlsSeen?: TlsSeen;
  readonly tlsUnread?: boolean;
  /** Of the target's name, for a proxy that takes addresses only. */
  readonly lookup?: {
    readonly name: string; readonly steps: readonly DnsStep[]; readonly addresses: readonly IpAddress[];
  };
  readonly statusCode?: number;
  readonly reasonPhrase?: string;
  readonly headers?: readonly FieldLine[];
  readonly body?: ProxyBody;
  readonly socks?: SocksAnswer;
  /** How the credentials for the proxy were computed, after it had asked for them. */
  readonly authorization?: AuthorizationFacts;
}

export interface TlsHandshake extends Span {
  readonly serverName?: string;
  readonly alpnOffered: readonly string[];
  readonly versionsOffered?: VersionsOffered;
  readonly facts?: TlsFacts;
  /** What passed, from the first hello to the alert at the end; absent when it was not kept. */
  readonly messages?: readonly TlsMessage[];
  readonly seen?: TlsSeen;
  /** Messages have passed that were not read yet. */
  readonly unread?: boolean;
}

/** What the kernel counted of the connection, and when it was asked. */
export interface TcpReading {
  readonly at: number;
  readonly moment: TcpMoment;
  readonly figures?: TcpFigures;
  readonly silence?: TcpSilence;
}

/** The names kept for the peer's address (PTR). */
export interface PeerName extends Span {
  readonly address: string;
  readonly names: readonly string[];
  readonly steps: readonly DnsStep[];
}

/** Frames of HTTP/2 in the order they passed; `omitted` more are not told. */
export interface RecordedFrames {
  readonly told: readonly Http2Frame[];
  readonly omitted: number;
}

/** How the connection came to be. Its spans belong to the exchange that opened it, not to those that reuse it. */
export interface Connection extends Span {
  readonly id: string;
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly lookup?: NameLookup;
  readonly attempts: readonly Attempt[];
  /** The last proxy that was spoken to: of a chain that failed, the one that failed. */
  readonly proxy?: ProxyHop;
  /** Every proxy on the way, in order; absent where none was spoken to before the request. */
  readonly proxies?: readonly ProxyHop[];
  readonly tls?: TlsHandshake;
  readonly httpVersion?: '1.1' | '2';
  /** Those that are about no exchange's stream, or came when it was over. */
  readonly frames?: RecordedFrames;
  readonly peerAddress?: string;
  readonly peerPort?: number;
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly service?: ServiceDecision;
  readonly link?: Link;
  /** The first and the latest. */
  readonly tcp?: readonly TcpReading[];
  readonly peerName?: PeerName;
  readonly failure?: Failure;
}

/** What was really sent. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly requestTarget: string;
  readonly authority: string;
  readonly scheme: string;
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly headers: readonly FieldLine[];
  readonly headSize?: number;
  readonly bodySize?: number;
  readonly stream?: number;
  readonly client: 'undici' | 'node:http' | 'node:http2';
  readonly trailers?: readonly FieldLine[];
  /** The body was held back for `100 Continue` (RFC 9110 §10.1.1). */
  readonly continueWait?: ContinueWait;
}

export interface ContinueWait extends Span {
  readonly outcome: 'continued' | 'timeout' | 'answered';
}

export interface Response {
  readonly httpVersion: '1.0' | '1.1' | '2';
  readonly statusCode: number;
  readonly reasonPhrase: string;
  readonly headers: readonly FieldLine[];
  readonly headSize?: number;
  readonly interimResponses: readonly InterimResponse[];
  readonly trailers: readonly FieldLine[];
  /** Bytes as framed, and after content decoding. */
  readonly bodySize: number;
  readonly contentSize: number;
  /** Every byte promised by the framing arrived and was decoded. */
  readonly complete: boolean;
  readonly storedIn?: 'memory' | 'file';
}

/** What one server of the lab says of the request. */
export interface ServerSide {
  /** Its name, such as `lab`. */
  readonly server: string;
  readonly events: readonly ServerEvent[];
}

export interface TimedStreamEvent extends StreamEvent {
  /** When its last byte arrived. */
  readonly at: number;
}

/** One request really sent, what came back, and how. */
export interface Exchange {
  readonly id: string;
  /** The one wall-clock reading, epoch ms. */
  readonly startedAt: number;
  /** The same moment on the monotonic axis; all `at` are on that axis. */
  readonly startAt: number;
  /** The last event of the exchange itself; absent while it runs. */
  readonly endAt?: number;
  readonly spec: RequestSpec;
  /** The exchange this one was made from: a redirect, or the answer to a challenge. */
  readonly resendOf?: string;
  readonly request?: SentRequest;
  readonly response?: Response;
  /** While somebody is asked whether the content may go on beyond a limit. */
  readonly held?: ContentLimitMet;
  readonly failure?: Failure;
  /** Those of its stream. */
  readonly frames?: RecordedFrames;
  readonly connection?: Connection;
  readonly reused: boolean;
  /** ms the reused connection had been idle. */
  readonly idle?: number;
  /** How it came to wait for its connection, if it did; and until when, on the axis of `at`. */
  readonly waited?: PoolWait & { readonly until: number };
  readonly cookies: {
    readonly sent: readonly CookieVerdict[];
    readonly received: readonly CookieVerdict[];
    /** Of the jar: how many belong to other sites, and how many of this one were too many to tell. */
    readonly others?: number;
    readonly unlisted?: number;
  };
  readonly redirect?: { readonly location: string; readonly exchangeId: string; readonly changes: readonly string[] };
  /** How the credentials of the request were computed, when they were. */
  readonly authorization?: AuthorizationFacts;
  /** The same for a proxy that was handed the request itself. */
  readonly proxyAuthorization?: AuthorizationFacts;
  /** What became of the response's challenges, when there were credentials to answer with. */
  readonly challenge?: ChallengeVerdict;
  /**
   * The events of a `text/event-stream`, as far as they are shown; `ended` by whoever listened. `count` is of all,
   * known when it is over.
   */
  readonly stream?: { readonly events: readonly TimedStreamEvent[]; readonly ended: boolean; readonly count?: number };
  /** The stream was asked for again after `delay` ms. */
  readonly reconnect?: {
    readonly exchangeId: string; readonly delay: number; readonly because: 'ended' | 'failed';
    readonly lastEventId?: string;
  };
  /** The protocol that the connection switched to after 101, one that is not spoken here. */
  readonly switchedTo?: string;
  readonly webSocket?: WebSocketSide;
  /** The errors in the response to a GraphQL request. */
  readonly graphql?: GraphqlOutcome;
  /** They were not looked for: the content is longer than so many bytes. */
  readonly graphqlUnread?: { readonly size: number; readonly limit: number };
  /** The other end's accounts, when that is the lab: in the order in which the request came to its servers. */
  readonly servers?: readonly ServerSide[];
  readonly events: readonly ExchangeEvent[];
}
