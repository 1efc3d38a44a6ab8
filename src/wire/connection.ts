import type { Duplex } from 'node:stream';
import type { DnsStep, IpAddress } from '../trace/dnsStep.ts';
import type { ConnectionEvent } from '../trace/event.ts';
import type { Failure } from '../trace/failure.ts';
import type {
  ClientCertificate, GivenAddresses, LookupLimits, RootServers, SendOptions, TlsWishes, TrustAnchor, ZoneServers,
} from '../trace/request.ts';
import type { ServiceDecision } from '../trace/serviceBinding.ts';
import type { FoundService } from './dns/service.ts';
import type { SendLimits } from './http/timeouts.ts';
import type { Capture } from './tap/capture.ts';
import type { SessionCache } from './tls/session.ts';

// The seams between names, connections and HTTP: types only.

/** What a name lookup takes; `onStep` is called as each step ends. */
export interface ResolveOptions {
  readonly zoneServers?: readonly ZoneServers[];
  /** See `SendOptions.dns`. */
  readonly dns?: string;
  readonly rootServers?: readonly RootServers[];
  /** Addresses that are given for a name and `port`: it is not looked up. */
  readonly given?: readonly GivenAddresses[];
  readonly port?: number;
  /** For the names of an address: the host that was reached there. */
  readonly host?: string;
  /** What the addresses are for: of `https` the HTTPS records (RFC 9460) are asked for too. */
  readonly service?: { readonly scheme: 'http' | 'https'; readonly port: number };
  /** See `SendOptions.httpsRecords`. */
  readonly httpsRecords?: 'on' | 'show' | 'off';
  /** Told what was made of the HTTPS records, if there are any; also when they come too late to be used. */
  readonly onService?: (decision: ServiceDecision) => void;
  /** Milliseconds a try, before what is configured. */
  readonly timeout?: number | undefined;
  readonly limits?: Partial<LookupLimits> | undefined;
  /** For name servers over TLS. */
  readonly trustAnchors?: readonly TrustAnchor[];
  /** The same: whether they may be vouched for by authorities of the operating system; default true. */
  readonly systemRoots?: boolean | undefined;
  /** See `SendOptions.capture`: of the steps, their messages. */
  readonly capture?: 'full' | 'none' | undefined;
  readonly signal?: AbortSignal;
  readonly onStep: (step: DnsStep) => void;
}

/** The outcome of a name lookup; `addresses` in the order to try them (RFC 6724). */
export type Resolution =
  | {
    readonly ok: true;
    readonly addresses: readonly IpAddress[];
    /** Where HTTPS records lead, to be tried before `addresses`, which may then be empty. */
    readonly service?: FoundService;
    /** Those of the other family, when their answer was not waited for (RFC 8305 §3). */
    readonly more?: Promise<readonly IpAddress[]>;
  }
  | { readonly ok: false; readonly failure: Failure };

/** `wire/dns/resolve.ts` exports `createResolver(): Resolver`, which holds the cache. */
export interface Resolver {
  resolve(name: string, options: ResolveOptions): Promise<Resolution>;
  /** Looks up the names of an address (PTR); none when nobody tells any. Resolves in every case. */
  reverse?(address: string, options: ResolveOptions): Promise<readonly string[]>;
}

/** The origin to reach and the versions of HTTP to offer. */
export interface ConnectTarget {
  readonly scheme: 'http' | 'https';
  /** As in the URL, without brackets; an IPv6 literal has none either. */
  readonly host: string;
  readonly port: number;
  /** Offered by ALPN, most wanted first, for `https`. For `http`: `['h2']` is prior knowledge, else HTTP/1.1. */
  readonly alpn: readonly ('h2' | 'http/1.1')[];
  /** A proxy opens a tunnel for `http` too: what comes is no HTTP for long (RFC 6455 §4.1). */
  readonly tunnel?: true;
}

export interface ConnectOptions {
  readonly resolver: Resolver;
  readonly timeouts: SendLimits;
  readonly verify: boolean;
  readonly proxy?: string;
  readonly proxyAuthorization?: string;
  /** The request's own `Proxy-Authorization` as octets: for the last proxy that speaks HTTP. */
  readonly typedProxyAuthorization?: string | undefined;
  /** Of what a proxy answers to CONNECT. */
  readonly headLimits?: SendOptions['headLimits'] | undefined;
  readonly zoneServers?: readonly ZoneServers[];
  readonly dns?: string;
  readonly httpsRecords?: 'on' | 'show' | 'off';
  readonly rootServers?: readonly RootServers[];
  readonly resolve?: readonly GivenAddresses[];
  readonly trustAnchors?: readonly TrustAnchor[];
  readonly clientCertificate?: ClientCertificate;
  readonly noClientCertificate?: SendOptions['noClientCertificate'];
  readonly tls?: TlsWishes;
  /** Takes the secrets of TLS, also of proxies, as lines of a key log. `connect` adds it where `tls` names a file. */
  readonly onSecret?: (line: Uint8Array) => void;
  /** Sessions to resume, and where new ones are kept. */
  readonly sessions?: SessionCache;
  /** Keeps the bytes of every layer; absent: only their times and sizes are seen. */
  readonly capture?: Capture;
  readonly signal?: AbortSignal;
  readonly emit: (event: ConnectionEvent) => void;
}

/** Who takes what arrives on a {@link Tap} in place of its stream. */
export interface Taker {
  arrived(chunk: Buffer): void;
  /** The peer has ended its side. */
  ended(): void;
  /** More may be sent after {@link Tap.send} said no. */
  drained(): void;
  /** The tap is closed, with the error that closed it. */
  closed(error: Error | undefined): void;
}

/**
 * A socket between us and the HTTP client that sees every byte and when it passed (`wire/tap/tap.ts`).
 * Over TLS it carries the plaintext. Times are on the monotonic axis, ms; sizes in bytes.
 */
export interface Tap extends Duplex {
  /** When the latest chunk arrived from below, and when the kernel took the latest one written. */
  readonly lastReadAt: number | undefined;
  readonly lastWrittenAt: number | undefined;
  readonly bytesRead: number;
  /** Bytes the kernel has taken, and bytes handed to us so far. */
  readonly bytesWritten: number;
  readonly bytesQueued: number;
  /** TCP has ended without the goodbye of the TLS it carried (`close_notify`), as far as that can be seen. */
  readonly wasCut: boolean;
  /**
   * While it is on, chunks are given away before they have memory of their own, where that is possible: whoever takes
   * them, by {@link giveTo}, uses or copies them at once. For a long body this spares most of the work of reading.
   */
  borrow(isOn: boolean): void;
  /**
   * Called with each chunk before the client sees it, or what is given back instead. The chunk must not be kept or
   * changed.
   */
  onRead: ((chunk: Buffer, at: number) => Buffer | undefined) | undefined;
  /** Called with each chunk handed to us when it has gone down, and with when that began; before `onWritten`. */
  onQueue: ((chunk: Buffer, at: number) => void) | undefined;
  /** Called when the kernel has taken everything handed to us so far. */
  onWritten: ((at: number) => void) | undefined;
  /** The end or error of the socket below, once seen. */
  onClose: ((error: Error | undefined, at: number) => void) | undefined;
  /**
   * From here on what arrives goes to `taker`, past the stream, until another takes; undefined: into the stream
   * again. A stream costs a request more than everything else that is done for it.
   */
  giveTo(taker: Taker | undefined): void;
  /** Writes past the stream. False: wait for {@link Taker.drained}. */
  send(chunk: Buffer): boolean;
  /** What is sent between the two goes down together. */
  gather(): void;
  flush(): void;
  /** The taker can take no more, or can again. */
  hold(isHeld: boolean): void;
}

/**
 * A ready connection, or why there is none. `wire/connect.ts` exports `connect(target, options): Promise<Connected>`.
 */
export type Connected =
  | {
    readonly ok: true;
    readonly socket: Tap;
    readonly httpVersion: '1.1' | '2';
    /** The proxy wants requests in absolute form (plain http through a proxy, RFC 9112 §3.2.2). */
    readonly absoluteForm: boolean;
    /** For absolute form: the value of `Proxy-Authorization`, if the proxy's URL has credentials. */
    readonly proxyAuthorization?: string;
  }
  | { readonly ok: false; readonly failure: Failure };
