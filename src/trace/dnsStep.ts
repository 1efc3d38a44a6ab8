import type { Timed } from './event.ts';
import type { ExtendedError } from './extendedError.ts';
import type { FieldLine } from './request.ts';
import type { SystemLookup } from './systemLookup.ts';
import type { TlsFacts } from './tls/facts.ts';

/** Where an answer came from, in the order the operating system asks. */
export type DnsSource = 'literal' | 'resolve' | 'cache' | 'hosts' | 'name-server' | 'getaddrinfo' | 'getnameinfo';

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
export type DnsPurpose =
  'name' | 'minimised' | 'alias' | 'server-address' | 'service' | 'service-address' | 'peer-name';

/** RFC 1034 §4.3.2: which servers are to be asked instead, for which zone; `glue` are addresses that came along. */
export interface DnsReferral {
  readonly zone: string;
  readonly servers: readonly string[];
  readonly glue: readonly { readonly name: string; readonly address: string }[];
  /** How many more servers there are, which a limit leaves out. */
  readonly leftOut?: number;
}

/**
 * The connection to a name server over TLS (RFC 7858) or HTTPS (RFC 8484); times in ms, absent on a question that
 * another one had opened it for.
 */
export interface DnsConnection {
  readonly reused: boolean;
  /** Address and port of the server, `192.0.2.1:443`, and the port here. */
  readonly peerAddress?: string;
  readonly localPort?: number;
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
  /** Of HTTPS: seconds since the answer left the name server, which an HTTP cache counts (RFC 9111 §5.1). */
  readonly age?: number;
  /** Of the question that opened it, also when the certificate was refused. */
  readonly tls?: TlsFacts;
  /** A kept connection had ended, so this one was opened for the same question. */
  readonly reopened?: true;
}

/** An address of a name server to which no connection came about; `time` in ms. */
export interface UnreachedServer {
  readonly server: string;
  readonly message: string;
  readonly time: number;
}

/** One question to one source and its outcome; `startAt` to `at`. */
export interface DnsStep extends Timed {
  readonly startAt: number;
  readonly source: DnsSource;
  readonly question: DnsQuestion;
  /** `127.0.0.1:53`, or the file's path for the hosts file. */
  readonly server?: string;
  readonly transport?: 'udp' | 'tcp' | 'tls' | 'https';
  /** Of a query that left by UDP or TCP: where it came from, and its id. They are what an answer is known by. */
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly queryId?: number;
  readonly connection?: DnsConnection;
  /** Of the question for which a connection was to be opened: those that failed, in order. */
  readonly unreached?: readonly UnreachedServer[];
  readonly outcome: 'answered' | 'no-data' | 'name-error' | 'server-failure' | 'refused' | 'timeout' | 'malformed'
    | 'not-listed' | 'error'
    /** Other servers are to be asked. */
    | 'referral'
    /** The server does not serve the zone that others say it serves (RFC 8499 §7). */
    | 'lame';
  readonly rcode?: string;
  /** What the server says about why the answer is as it is (RFC 8914). */
  readonly extendedErrors?: readonly ExtendedError[];
  readonly truncated?: boolean;
  readonly authoritative?: boolean;
  readonly records?: readonly DnsRecord[];
  /** Size of the query and of the answer in bytes. */
  readonly querySize?: number;
  readonly answerSize?: number;
  /**
   * The query and the answer themselves, in base64 (RFC 4648 §4); fewer octets than their size tells where the rest was
   * not kept. Over TCP and TLS without the two octets of their length; over HTTPS the content, whatever it is.
   */
  readonly queryBytes?: string;
  readonly answerBytes?: string;
  /** They are left out, as those of earlier steps of the lookup are all that is kept. */
  readonly messagesOmitted?: true;
  readonly message?: string;
  /** The flags of the answer as dig writes them: `qr`, `aa`, `tc`, `rd`, `ra`, `ad`, `cd`. */
  readonly flags?: readonly string[];
  /** Of the walk from the root: the server's name, the zone it was asked as a server of (`.` is the root), and why. */
  readonly serverName?: string;
  readonly zone?: string;
  readonly purpose?: DnsPurpose;
  readonly referral?: DnsReferral;
  /** The zone below, whose servers, as an earlier walk had learnt them, gave no answer: so this one is asked again. */
  readonly forgotten?: string;
  /** The name that a CNAME record led to and that is asked next. */
  readonly alias?: string;
  /** Of a cached answer: seconds for which it may still be used. */
  readonly ttlLeft?: number;
  /** Of a cached answer: it is the same walk that has learnt it, at an earlier step. */
  readonly learntHere?: true;
  /** Of the operating system's resolver. */
  readonly system?: SystemLookup;
}

export interface IpAddress {
  readonly address: string;
  readonly family: 4 | 6;
}
