import type { ProxyDecision, ProxySources } from './proxyDecision.ts';
import type { WebSocketStep } from './webSocket.ts';

/** One header or trailer field line, name and value as written: order, case and duplicates are kept (RFC 9110 §5). */
export type FieldLine = readonly [name: string, value: string];

/** The HTTP version a request asks for; absent means ALPN for `https:` and HTTP/1.1 for `http:`. */
export type RequestedHttpVersion = '1.0' | '1.1' | '2' | '2-prior-knowledge';

/** A piece of a request body: bytes already known, or a file that the sender streams, byte-exact. */
export type BodyPart =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string };

/** Name servers to ask for one zone and everything below it, as split DNS does. `address` is an IP, `port` its port. */
export interface ZoneServers {
  readonly zone: string;
  readonly servers: readonly { readonly address: string; readonly port: number }[];
  /** Zones in which the same servers keep the names of the addresses of hosts in `zone` (PTR). */
  readonly reverse?: readonly string[];
}

/** curl's `--resolve`: addresses of a host at a port, without a lookup; the host `*` is every one. */
export interface GivenAddresses {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/**
 * Where the walk from the root begins: with these servers in place of the root servers of the Internet. With `zones`
 * for those names (and names below them) only. A referral tells no port, so the first server's port is used throughout.
 */
export interface RootServers {
  readonly zones?: readonly string[];
  readonly servers: readonly { readonly name?: string; readonly address: string; readonly port: number }[];
  /** The ports of those servers, by name, that do not listen on it. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** An extra trust anchor in PEM. With `zones` it is trusted for those names (and names below them) only. */
export interface TrustAnchor {
  readonly pem: string;
  readonly label: string;
  readonly zones?: readonly string[];
}

/** Limits of one send, in milliseconds; 0 or absent takes the default of {@link defaultTimeouts}, Infinity is none. */
export interface Timeouts {
  readonly connect: number;
  readonly tls: number;
  /** From the request sent to the response head. */
  readonly head: number;
  /** Without a byte, while the body is received. */
  readonly idle: number;
  /** The whole exchange. */
  readonly total: number;
  /** A try of a name lookup, before what the system's configuration says; 5 s where that says nothing. */
  readonly dns?: number;
}

/** Limits of a name lookup, and of the connections that are tried to what it finds. */
export interface LookupLimits {
  /**
   * How often a question may go without an answer in time, over all servers that know; before what the system's
   * configuration says.
   */
  readonly tries: number;
  /** CNAME records on the way to an address. */
  readonly aliases: number;
  /** Of one walk from the root servers: referrals that are followed, and questions that are asked. */
  readonly referrals: number;
  readonly queries: number;
  /** Name servers of one zone. */
  readonly nameServers: number;
  /** Addresses that are tried for one connection. */
  readonly addresses: number;
}

export const defaultLookupLimits: LookupLimits = {
  tries: 3, aliases: 16, referrals: 32, queries: 60, nameServers: 13, addresses: 8,
};

/** As far as they may be raised. */
export const mostLookupLimits: LookupLimits = {
  tries: 20, aliases: 100, referrals: 200, queries: 1000, nameServers: 100, addresses: 30,
};

/** Limits of the cookies that are stored (RFC 6265bis). */
export interface CookieLimits {
  /** Bytes of a name and its value together (§5.6). */
  readonly size: number;
  /** Bytes of an attribute's value (§5.6); a longer one is ignored. */
  readonly attribute: number;
  /** How long one is kept, days (§5.5). */
  readonly days: number;
  /** §6.1: of one domain, and in all. */
  readonly perDomain: number;
  readonly total: number;
}

export const defaultCookieLimits: CookieLimits = {
  size: 4096, attribute: 1024, days: 400, perDomain: 50, total: 3000,
};

/** As far as they may be raised. */
export const mostCookieLimits: CookieLimits = {
  size: 65_536, attribute: 65_536, days: 36_500, perDomain: 3000, total: 30_000,
};

/** Limits of a response's content; Infinity is none. */
export interface ContentLimits {
  /** Bytes held in memory; a larger content goes to a file. */
  readonly memory: number;
  /** Bytes after decoding. */
  readonly size: number;
  /** How many times larger decoding may make it, counted once it is larger than 10 MiB. */
  readonly expansion: number;
  /** Content codings of one response. */
  readonly codings: number;
}

/** Limits of a response's head. */
export interface HeadLimits {
  /** Bytes, of the status line and all fields. */
  readonly size: number;
  readonly fields: number;
  /** Interim responses before the final one (RFC 9110 §15.2). */
  readonly interimResponses: number;
}

export const defaultHeadLimits: HeadLimits = { size: 64 * 1024, fields: 256, interimResponses: 32 };

export const defaultContentLimits: ContentLimits = {
  memory: 1024 ** 2, size: 1024 ** 3, expansion: 1000, codings: 5,
};

export const defaultTimeouts: Timeouts = {
  connect: 10_000,
  tls: 10_000,
  head: 60_000,
  idle: 60_000,
  total: Infinity,
};

/**
 * Credentials that are not sent as they are: a field is computed from them for each request to the first origin, and
 * for no other. `digest` (RFC 7616) waits for a challenge; `aws` is Signature Version 4, of whose region and service
 * some may be `guessed` from the host's name.
 */
export type Authentication =
  | { readonly scheme: 'digest'; readonly user: string; readonly password: string }
  | {
    readonly scheme: 'aws'; readonly accessKeyId: string; readonly secretAccessKey: string;
    readonly sessionToken?: string; readonly region: string; readonly service: string;
    readonly guessed?: readonly ('region' | 'service')[];
  };

/**
 * A certificate and key of our own, which a server may ask for (RFC 8446 §4.4.2.4). The secret parts are the sender's
 * alone: never shown, never kept.
 */
export interface ClientCertificate {
  /** The file it is from, as written. */
  readonly label: string;
  readonly from: 'request' | 'environment' | 'settings' | 'command-line';
  /** PEM: the certificate, and the chain behind it. */
  readonly cert?: string;
  /** The file of the key, where it is another one. */
  readonly keyLabel?: string;
  /** PEM; absent when it stands in `cert`. */
  readonly key?: string;
  /** PKCS #12 in base64, in place of both. */
  readonly pfx?: string;
  readonly passphrase?: string;
}

export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3';

/** What is asked of TLS besides the defaults. */
export interface TlsWishes {
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** OpenSSL's list of ciphers. */
  readonly ciphers?: string;
  /** Resume an earlier session with the same server; default true. */
  readonly resumption?: boolean;
  /** Trust the operating system's certificate authorities, besides Node's own list; default true. */
  readonly systemRoots?: boolean;
  /** A file to which the secrets of each connection are added, in the NSS key log format. */
  readonly keyLogFile?: string;
}

/** HTTP/1.1 connections to one origin at a time, as browsers have it. */
export const defaultMaxConnections = 6;

/** How a request is to be sent. Every member is optional; the sender's defaults are the safe ones. */
export interface SendOptions {
  readonly timeouts?: Partial<Timeouts>;
  /** Verify the server's certificate; default true. */
  readonly verify?: boolean;
  /** Follow redirects; default true, at most `maxRedirects` (default 20). */
  readonly followRedirects?: boolean;
  readonly maxRedirects?: number;
  /** Send cookies of the jar and store those received; default true. */
  readonly useCookieJar?: boolean;
  /**
   * `http://[user:password@]host:port`, also `https:`, `socks4:`, `socks4a:`, `socks5:` and `socks5h:`; several,
   * between commas, are gone through in their order. Absent means a direct connection.
   */
  readonly proxy?: string;
  /**
   * The value of `Proxy-Authorization` for the first of `proxy`, if that speaks HTTP, in place of what its URL says. The
   * sender's alone: never shown, never kept.
   */
  readonly proxyAuthorization?: string;
  /** Why `proxy` is what it is. */
  readonly proxyDecision?: ProxyDecision;
  /** What to decide again from when a redirect leads elsewhere. Holds credentials: never shown, never kept. */
  readonly proxySources?: ProxySources;
  readonly zoneServers?: readonly ZoneServers[];
  /**
   * `trace`: names are looked up by walking from the root servers; `system`: as the operating system does it.
   * An address (with a port, if it is not 53), `tls://address[:port]#name` (RFC 7858) or an `https:` URL (RFC 8484):
   * this server, or several of one kind in their order, are asked in place of the configured ones, and nobody else if
   * they fail.
   */
  readonly dns?: string;
  /**
   * HTTPS records (RFC 9460) of `https` origins: `on` (the default) goes where they lead, `show` asks for them only,
   * `off` does not ask.
   */
  readonly httpsRecords?: 'on' | 'show' | 'off';
  /** Look up the names of the peer's address (PTR) once connected; nothing waits for it. */
  readonly peerName?: boolean;
  readonly rootServers?: readonly RootServers[];
  readonly resolve?: readonly GivenAddresses[];
  readonly trustAnchors?: readonly TrustAnchor[];
  readonly clientCertificate?: ClientCertificate;
  /** Why there is none although there might be one: the request wants none, or another origin was redirected to. */
  readonly noClientCertificate?: 'request' | 'other-origin';
  readonly tls?: TlsWishes;
  /**
   * Hosts to which a `traceparent` field (W3C Trace Context) is added, so that the server's own account can be
   * joined: a name stands for itself and names below it, `host:port` for that authority only.
   */
  readonly traceHosts?: readonly string[];
  readonly authentication?: Authentication;
  /**
   * What is kept of a connection that is opened for this request: `full` (the default) its bytes, its TLS messages, its
   * HTTP/2 frames and the messages of its lookups; `none` nothing but their times and sizes.
   */
  readonly capture?: 'full' | 'none';
  /** Limits of the response's head; those that are absent are the ones of {@link defaultHeadLimits}. */
  readonly headLimits?: Partial<HeadLimits>;
  readonly lookupLimits?: Partial<LookupLimits>;
  /** Limits of the cookies that are stored; those that are absent are the ones of {@link defaultCookieLimits}. */
  readonly cookieLimits?: Partial<CookieLimits>;
  /** Limits of the response's content; those that are absent are the ones of {@link defaultContentLimits}. */
  readonly contentLimits?: Partial<ContentLimits>;
  /** Somebody can be asked whether to go on beyond `size` and `expansion`; else the exchange fails there. */
  readonly asksBeyondLimits?: boolean;
  /** Open a new connection even when one is idle. */
  readonly forceNewConnection?: boolean;
  /** HTTP/1.1 connections to one origin at a time; further exchanges wait. Default {@link defaultMaxConnections}. */
  readonly maxConnections?: number;
  /** How long a body is held back for `100 Continue` where the request expects it, ms; default 1 s. */
  readonly continueTimeout?: number;
  /** A stream of events that ends or breaks off is asked for again so many times (HTML, "Server-sent events"). */
  readonly reconnect?: number;
}

/** What a request of a `.http` file asks for, after substitution. What was really sent is `Exchange.request`. */
export interface RequestSpec {
  /** Unique for each press of *Send*. */
  readonly id: string;
  /** `# @name`, else the title of its `###` line. */
  readonly name?: string;
  /** Where it is written; `line` counts from 1. */
  readonly source?: { readonly uri: string; readonly line: number };
  readonly method: string;
  /** Absolute, `http:` or `https:`; of a WebSocket `ws:` or `wss:` too. */
  readonly url: string;
  readonly httpVersion?: RequestedHttpVersion;
  readonly headers: readonly FieldLine[];
  /** Sent one after another. Absent or empty: no body. */
  readonly body?: readonly BodyPart[];
  /** Fields that follow the body (RFC 9110 §6.5): in HTTP/1.1 it is chunked for them. */
  readonly trailers?: readonly FieldLine[];
  /** The server as a whole is meant, not what `url` names (RFC 9112 §3.2.4). */
  readonly requestTarget?: '*';
  /** The typed `Content-Length` goes out as it is, though the body has another one. */
  readonly wrongLength?: true;
  /** A WebSocket is opened (RFC 6455); then `url` may be `ws:` or `wss:` too. */
  readonly webSocket?: { readonly steps: readonly WebSocketStep[] };
  /** It is GraphQL: errors in the response are looked for. */
  readonly graphql?: true;
  /** Values to mask wherever they are shown. They are never written to disk. */
  readonly secrets?: readonly string[];
  readonly options: SendOptions;
}
