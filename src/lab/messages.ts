// The lab's own words for what it says and hears. They are copies on purpose: the lab shares
// nothing with the client, and a test proves that they still fit src/protocol.ts and
// src/trace/event.ts.

/** A header or trailer field line: name and value as written, in order (RFC 9110 §5). */
export type FieldLine = readonly [name: string, value: string];

/** The lab's servers besides the one behind `http` and `https`. */
export type LabPartId =
  | 'cluster' | 'balancer' | 'reverseProxy' | 'ftp' | 'ftpGateway' | 'accelerator' | 'securityGateway'
  | 'resourceGateway' | 'proxy' | 'memberProxy' | 'httpsProxy' | 'socks' | 'relay' | 'blindRelay';

/** Where the lab listens; `origins` are `http://lab.test:PORT` and `https://lab.test:PORT`. */
export interface LabAddresses {
  readonly origins: { readonly http: string; readonly https: string };
  readonly http: { readonly address: string; readonly port: number };
  readonly https: { readonly address: string; readonly port: number };
  /** Of `lab.test`; zones `below` it are other servers', at the same address. */
  readonly nameServer: {
    readonly address: string; readonly port: number; readonly zone: string;
    readonly below: readonly { readonly zone: string; readonly port: number }[];
  };
  /** Where a walk for names in `zones` begins; a referral tells no port, so the servers' `ports` are told by name. */
  readonly rootServer: {
    readonly name: string; readonly address: string; readonly port: number; readonly zones: readonly string[];
    readonly ports: Readonly<Record<string, number>>;
  };
  /** `origin` is what `{{$lab.…}}` with the part's id stands for. */
  readonly parts: Readonly<Partial<Record<LabPartId, {
    readonly origin: string; readonly address: string; readonly port: number;
  }>>>;
  readonly certificateAuthority: {
    readonly pem: string; readonly subject: string; readonly names: readonly string[];
  };
}

export type ToLab =
  | { readonly type: 'stop' };

export type FromLab =
  | { readonly type: 'ready'; readonly addresses: LabAddresses }
  | ({ readonly type: 'events' } & RequestAccount)
  | { readonly type: 'failed'; readonly message: string };

/**
 * A request, by the ids of its `traceparent`; a connection that carries none that can be read, by its client's port.
 */
export type AccountKey =
  | { readonly traceId: string; readonly parentId: string }
  | { readonly clientPort: number };

/** What one of the lab's servers saw of a request or a connection. */
export type RequestAccount = AccountKey & {
  /** Its name, such as `lab`. */
  readonly server: string;
  /** It came by way of another of the lab's servers, whose account is still to come. */
  readonly forwarded?: boolean;
  readonly events: readonly ServerEvent[];
};

/**
 * A pattern whose path fits. The one chosen comes first, as `most-specific` or `only-match`; the
 * others lost as `less-specific`, `other-method` or `other-host`.
 */
export interface RouteCandidate {
  readonly pattern: string;
  readonly reason: string;
}

export type SessionOutcome = 'none' | 'found' | 'unknown' | 'expired' | 'created' | 'ended';

interface Timed {
  /** Monotonic ms. */
  readonly at: number;
}

interface Step extends Timed {
  readonly startAt: number;
}

/** Steps have a `startAt` and end `at`; the others are instants. Sizes are in bytes. */
export type ServerEvent =
  | (Timed & {
    readonly type: 'accepted'; readonly server: string; readonly connection: number;
    readonly openConnections: number; readonly peerPort: number; readonly request: number;
  })
  | (Step & {
    readonly type: 'head-parsed'; readonly method: string; readonly target: string;
    readonly httpVersion: string;
  })
  | (Step & { readonly type: 'body-read'; readonly size: number })
  | (Step & {
    readonly type: 'routed'; readonly pattern?: string;
    readonly parameters: Readonly<Record<string, string>>; readonly handler?: string;
    readonly candidates: readonly RouteCandidate[]; readonly statusCode?: 404 | 405;
  })
  | (Step & {
    readonly type: 'session-loaded'; readonly outcome: SessionOutcome; readonly id?: string;
    readonly user?: string; readonly store?: 'memory' | 'shared';
  })
  | (Timed & { readonly type: 'handler-start'; readonly handler: string })
  | (Timed & { readonly type: 'handler-end'; readonly handler: string; readonly error?: string })
  | (Timed & { readonly type: 'response-started'; readonly statusCode: number })
  | (Timed & { readonly type: 'response-finished'; readonly bodySize: number })
  | (Step & {
    readonly type: 'forwarded'; readonly to: string; readonly reused: boolean; readonly statusCode?: number;
  })
  | (Timed & {
    readonly type: 'balanced'; readonly to: string; readonly strategy: BalancingStrategy;
    readonly reason: BalancingReason; readonly backEnds: number;
  })
  | (Step & {
    readonly type: 'tunnelled'; readonly to: string; readonly sentSize: number; readonly receivedSize: number;
  })
  | (Timed & { readonly type: 'refused'; readonly reason: RefusalReason; readonly target: string })
  | (Step & {
    readonly type: 'dialogue'; readonly protocol: string; readonly sent: string; readonly received: string;
  })
  | (Timed & { readonly type: 'ignored'; readonly size: number })
  | (Timed & { readonly type: 'broken'; readonly fault: string });

export type BalancingStrategy = 'round-robin' | 'least-connections' | 'sticky';
export type BalancingReason = 'next' | 'fewest' | 'cookie' | 'no-cookie' | 'left-out';
export type RefusalReason = 'not-own' | 'credentials' | 'loop' | 'unreachable';
