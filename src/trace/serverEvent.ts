import type { Timed } from './event.ts';

/** What the server saw of one request, on the same clock; joined to the client's side by `traceparent`. */
export type ServerEvent =
  | (Timed & {
    readonly type: 'accepted'; readonly server: string; readonly connection: number; readonly openConnections: number;
    readonly peerPort: number; readonly request: number;
  })
  | (Timed & {
    readonly type: 'head-parsed'; readonly startAt: number; readonly method: string; readonly target: string;
    readonly httpVersion: string;
  })
  | (Timed & { readonly type: 'body-read'; readonly startAt: number; readonly size: number })
  | (Timed & {
    readonly type: 'routed'; readonly startAt: number; readonly pattern?: string;
    readonly parameters: Readonly<Record<string, string>>; readonly handler?: string;
    readonly candidates: readonly { readonly pattern: string; readonly reason: string }[];
    readonly statusCode?: 404 | 405;
  })
  | (Timed & {
    readonly type: 'session-loaded'; readonly startAt: number;
    readonly outcome: 'none' | 'found' | 'unknown' | 'expired' | 'created' | 'ended'; readonly id?: string;
    readonly user?: string;
    /** Told by a cluster's worker: its own memory, or what all workers share. */
    readonly store?: 'memory' | 'shared';
  })
  | (Timed & { readonly type: 'handler-start'; readonly handler: string })
  | (Timed & { readonly type: 'handler-end'; readonly handler: string; readonly error?: string })
  | (Timed & { readonly type: 'response-started'; readonly statusCode: number })
  | (Timed & { readonly type: 'response-finished'; readonly bodySize: number })
  /** A gateway asked another server, `to`, and has the head of its response; without `statusCode` it got none. */
  | (Timed & {
    readonly type: 'forwarded'; readonly startAt: number; readonly to: string; readonly reused: boolean;
    readonly statusCode?: number;
  })
  /**
   * A balancer chose `to` out of those that answer: the next in turn, the one with the fewest requests under way, or the
   * one that the client's cookie names, where there is a cookie and that one is not left out.
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
    readonly type: 'refused'; readonly reason: 'not-own' | 'credentials' | 'loop' | 'unreachable';
    readonly target: string;
  })
  /** A command and its reply in another protocol, spoken with the server behind a gateway. */
  | (Timed & {
    readonly type: 'dialogue'; readonly startAt: number; readonly protocol: string; readonly sent: string;
    readonly received: string;
  })
  /** Bytes that a server which does not understand the connection's rules did not read as a request. */
  | (Timed & { readonly type: 'ignored'; readonly size: number })
  /** Something was broken on purpose, by the name of the fault: `/faults/…` of the lab. */
  | (Timed & { readonly type: 'broken'; readonly fault: string });
