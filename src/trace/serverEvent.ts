import type { Timed } from './event.ts';

/** What the server saw of one request, on the same clock; joined to the client's side by `traceparent`. */
export type ServerEvent =
  /** Since when it listens where the connection came in; told with the first request of a connection. */
  | (Timed & { readonly type: 'listening'; readonly address: string; readonly port: number })
  /** There was no descriptor for a connection: what came was closed unread. Looked for one again after `delay` ms. */
  | (Timed & { readonly type: 'accept-failed'; readonly code: string; readonly delay: number })
  | (Timed & {
    readonly type: 'accepted'; readonly server: string; readonly connection: number; readonly openConnections: number;
    readonly peerPort: number; readonly request: number;
  })
  /** Answered with 503 or reset, as soon as it was known what it speaks: as many as there may be were open. */
  | (Timed & {
    readonly type: 'turned-away'; readonly peerPort: number; readonly openConnections: number; readonly limit: number;
  })
  /** Of the connection; the first byte of each request is where `head-parsed` starts. */
  | (Timed & { readonly type: 'first-byte' })
  | (Timed & {
    readonly type: 'secured'; readonly startAt: number; readonly version: string; readonly cipher: string;
    readonly resumed: boolean; readonly serverName?: string; readonly alpn?: string;
  })
  | (Timed & {
    readonly type: 'head-parsed'; readonly startAt: number; readonly method: string; readonly target: string;
    /** `SOCKS5` of a request to a SOCKS proxy, whose command is the `method`. */
    readonly httpVersion: string;
  })
  /**
   * What comes before a request of SOCKS5: the ways to sign in that were offered, and the one that was chosen (RFC 1928
   * §3; 255: none). `accepted` says whether user name and password were right, where they were asked for (RFC 1929).
   */
  | (Timed & {
    readonly type: 'greeted'; readonly startAt: number; readonly version: string; readonly offered: readonly number[];
    readonly chosen: number; readonly accepted?: boolean;
  })
  /**
   * A guard before the handler: whether the server answers for the host, whether another site made the browser send the
   * request, whether the body has a size that is taken. `exempt`: it is not asked of this request.
   */
  | (Timed & {
    readonly type: 'checked'; readonly check: 'host' | 'site' | 'size';
    readonly outcome: 'passed' | 'exempt' | 'refused'; readonly statusCode?: number;
  })
  | (Timed & { readonly type: 'body-read'; readonly startAt: number; readonly size: number })
  | (Timed & {
    readonly type: 'routed'; readonly startAt: number; readonly pattern?: string;
    readonly parameters: Readonly<Record<string, string>>; readonly handler?: string;
    readonly candidates: readonly { readonly pattern: string; readonly reason: string }[];
    readonly statusCode?: 307 | 400 | 404 | 405;
  })
  | (Timed & {
    readonly type: 'session-loaded'; readonly startAt: number;
    /**
     * `tampered`: the signature of the id is wrong, and no store was asked. `renewed`: a new id instead of another one.
     * `kept`: somebody else now has the session of this id. `failed`: the store cannot be used.
     */
    readonly outcome:
      | 'none' | 'found' | 'unknown' | 'tampered' | 'expired' | 'created' | 'renewed' | 'kept' | 'ended' | 'failed';
    readonly id?: string; readonly user?: string;
    /** Where sessions are kept; the memory of one process, or what all of them share. */
    readonly store?: 'memory' | 'shared' | 'redis';
    /** Where there are several processes: whose memory it is. */
    readonly worker?: number;
    /** Nothing was asked for too long, or the session had lasted long enough. */
    readonly expiry?: 'idle' | 'absolute';
    readonly failure?: 'not-set' | 'unreachable' | 'timeout' | 'refused';
    /** Of the system or of the store, where there is one. */
    readonly code?: string;
  })
  | (Timed & { readonly type: 'handler-start'; readonly handler: string })
  | (Timed & { readonly type: 'handler-end'; readonly handler: string; readonly error?: string })
  | (Timed & { readonly type: 'response-started'; readonly statusCode: number })
  | (Timed & { readonly type: 'response-finished'; readonly bodySize: number })
  /** The connection stays open for another request, for `timeout` ms; it has had `requests`. */
  | (Timed & { readonly type: 'kept-alive'; readonly timeout: number; readonly requests: number })
  /**
   * The connection is closed, who began with it and why: a client that ended it (FIN) or reset it, silence between two
   * requests (`idle`) or in the middle (`silent`), a response that was to be the last one (`answered`), the end of
   * the server that a tunnel leads to (`behind`), a request or handshake that took too long (`slow`), bytes that are no HTTP (`malformed`), a failed handshake (`tls`), a fault on
   * purpose, the end of the server (`stopped`) or of its process, whose `pid` it was (`died`). `code` says it in the
   * words of the platform; `requests` is absent where nobody is left who counted them.
   */
  | (Timed & {
    readonly type: 'closed'; readonly by: 'client' | 'server'; readonly requests?: number; readonly code?: string;
    readonly reason: 'ended' | 'reset' | 'idle' | 'silent' | 'answered' | 'behind' | 'slow' | 'malformed' | 'tls' | 'fault'
      | 'stopped' | 'died' | 'error';
    readonly pid?: number;
  })
  /** A gateway asked another server, `to`, and has the head of its response; without `statusCode` it got none. */
  | (Timed & {
    readonly type: 'forwarded'; readonly startAt: number; readonly to: string; readonly reused: boolean;
    readonly statusCode?: number;
  })
  /**
   * A balancer waited from `startAt` for the process `of` that it had chosen, which was not ready yet; it was in the
   * end, or could not be started.
   */
  | (Timed & { readonly type: 'start-awaited'; readonly startAt: number; readonly of: string; readonly ready: boolean })
  /**
   * A balancer chose `to` out of those that answer: the next in turn, the one with the fewest requests under way, or
   * the one that the client's cookie names, where there is a cookie and that one is not left out.
   */
  | (Timed & {
    readonly type: 'balanced'; readonly to: string; readonly strategy: 'round-robin' | 'least-connections' | 'sticky';
    readonly reason: 'next' | 'fewest' | 'cookie' | 'no-cookie' | 'left-out'; readonly backEnds: number;
  })
  /** Bytes went through to `to` until one of both ends closed; sizes from the client and to it. */
  | (Timed & {
    readonly type: 'tunnelled'; readonly startAt: number; readonly to: string; readonly sentSize: number;
    readonly receivedSize: number;
  })
  /**
   * Not let through: no place of this lab's, no or wrong credentials, or a request that came back to the same server.
   */
  | (Timed & {
    readonly type: 'refused';
    readonly reason: 'not-own' | 'credentials' | 'loop' | 'command' | 'unreachable'
      /** A form's page is of another origin, or what came has not what only the page could know. */
      | 'foreign-origin' | 'no-form-token' | 'wrong-form-token';
    readonly target: string;
  })
  /** A command and its reply in another protocol, spoken with the server behind a gateway. */
  | (Timed & {
    readonly type: 'dialogue'; readonly startAt: number; readonly protocol: string; readonly sent: string;
    readonly received: string;
  })
  /**
   * What a name server was asked: it came at `startAt` and was answered `at`, or came `at` and was not answered
   * (`silent`). `zone` is the one that was asked, `target` the zone that was delegated or the name where the aliases
   * end, `glue` how many addresses came along, `delay` what was added on purpose, ms. Flags are written as by dig.
   */
  | (Timed & {
    readonly type: 'question'; readonly startAt: number; readonly transport: 'udp' | 'tcp'; readonly peerPort: number;
    readonly id: number;
    /** In the letters in which it was asked. */
    readonly name: string;
    readonly recordType: string; readonly queryFlags: readonly string[];
    /** What the client takes over UDP (RFC 6891 §6.2.3), where it said so. */
    readonly udpSize?: number;
    readonly querySize: number;
    /**
     * `wildcard`: the name has no records of its own, and those of a wildcard. `subtree-alias`: a name above it is a
     * DNAME. `trouble`: fails on purpose. `lame`: others say that this server has the zone, and it has not.
     */
    readonly rule:
      | 'record' | 'alias' | 'subtree-alias' | 'wildcard' | 'delegation' | 'no-data' | 'no-name' | 'trouble'
      | 'not-served' | 'lame' | 'refused' | 'edns-version' | 'silent';
    readonly zone?: string; readonly target?: string; readonly glue?: number; readonly delay?: number;
    readonly rcode?: string; readonly answerFlags?: readonly string[]; readonly answerSize?: number;
  })
  /**
   * What came to a name server at `startAt` and is no question that it can read, with what it answered `at`, if anything.
   * `id` where as much of it came; `size` of the message: of one that is `too-long` the length that was announced, of one
   * that was `cut-off` what had come.
   */
  | (Timed & {
    readonly type: 'unreadable'; readonly startAt: number; readonly transport: 'udp' | 'tcp'; readonly peerPort: number;
    readonly id?: number; readonly size: number;
    /** `response`: it is no query. `opcode`: another operation than a query. `format`: its sections are not as they must be. */
    readonly reason: 'too-short' | 'too-long' | 'cut-off' | 'response' | 'opcode' | 'format';
    readonly delay?: number; readonly rcode?: string;
  })
  /** Bytes that a server which does not understand the connection's rules did not read as a request. */
  | (Timed & { readonly type: 'ignored'; readonly size: number })
  /** Something was broken on purpose, by the name of the fault: `/faults/…` of the lab, or `exit` of a killed worker. */
  | (Timed & { readonly type: 'broken'; readonly fault: string });
