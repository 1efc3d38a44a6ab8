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

/** Each server of the lab by itself: the web server's two, the name servers, and the parts. */
export type LabServerId = 'http' | 'https' | 'dns' | 'rootDns' | 'topDns' | 'slowDns' | 'silentDns' | LabPartId;

/** Where servers are to listen; one that is absent or 0 takes any port that is free, and the same one when it can. */
export type LabPorts = Readonly<Partial<Record<LabServerId, number>>>;

/** Why a server does not listen: the system's `code`, such as EADDRINUSE, and the port that was wanted, if one was. */
export interface LabServerProblem {
  readonly code: string;
  readonly message: string;
  readonly port?: number;
}

export interface LabServerState {
  readonly id: LabServerId;
  /** It is `failed` when it could not be started. */
  readonly state: 'running' | 'stopped' | 'failed';
  readonly problem?: LabServerProblem;
  /** Where it listens or listened last; absent when it never did. */
  readonly origin?: string;
  readonly address?: string;
  readonly port?: number;
  /** Open now. */
  readonly connections: number;
  /** Where sessions are kept and can be counted: `http` and `https` share theirs, the cluster has those of all workers. */
  readonly sessions?: number;
}

/** A worker of the cluster; it is `idle` until it is first needed. */
export interface LabWorkerState {
  readonly number: number;
  readonly state: 'idle' | 'starting' | 'running';
  readonly pid?: number;
  /** Since it was started. */
  readonly requests: number;
  /** Open now. */
  readonly connections: number;
  /** Sessions that it alone knows. */
  readonly sessions: number;
}

export interface LabState {
  readonly servers: readonly LabServerState[];
  readonly workers: readonly LabWorkerState[];
}

/** Without `server`: all of them. `ports` hold from then on. */
export type LabAction =
  | { readonly do: 'start' | 'restart'; readonly server?: LabServerId; readonly ports?: LabPorts }
  | { readonly do: 'stop'; readonly server?: LabServerId }
  | { readonly do: 'add-worker' }
  | { readonly do: 'kill-worker'; readonly worker: number }
  /** Those of every server that keeps some. */
  | { readonly do: 'clear-sessions' }
  | { readonly do: 'report' };

/** Why an action was not carried out. */
export type LabActionProblem = 'no-such-worker' | 'too-many-workers' | 'cluster-stopped' | 'store-away';

export type ToLab =
  | { readonly type: 'stop' }
  /** One is carried out after the other; each is answered by `done`. */
  | { readonly type: 'control'; readonly id: number; readonly action: LabAction }
  /** While somebody watches, `state` comes at once and when it has changed, twice a second at most. */
  | { readonly type: 'watch'; readonly isWatched: boolean };

export type FromLab =
  | { readonly type: 'ready'; readonly addresses: LabAddresses }
  | ({ readonly type: 'events' } & RequestAccount)
  /** Several of these at once, packed, which costs least on both sides; `packing.ts` says how. */
  | { readonly type: 'accounts'; readonly numbers: Float64Array; readonly texts: readonly string[] }
  /** The lab could not be started; where that was for one of its servers, which and why. */
  | {
    readonly type: 'failed'; readonly message: string; readonly server?: LabServerId; readonly problem?: LabServerProblem;
  }
  /** A server listens elsewhere than it did before. */
  | { readonly type: 'addresses'; readonly addresses: LabAddresses }
  | { readonly type: 'state'; readonly state: LabState }
  | { readonly type: 'done'; readonly id: number; readonly state: LabState; readonly problem?: LabActionProblem };

/**
 * A request, by the ids of its `traceparent`; a connection that carries none that can be read, by its client's port.
 */
export type AccountKey =
  | { readonly traceId: string; readonly parentId: string }
  | { readonly clientPort: number };

/** A question to a name server, by the port that it came from and its id (RFC 5452 §4). */
export interface QuestionKey {
  readonly queryPort: number;
  readonly queryId: number;
}

/** What one of the lab's servers saw of a request, a connection or a question. */
export type RequestAccount = (AccountKey | QuestionKey) & {
  /** Its name, such as `lab`. */
  readonly server: string;
  /** It came by way of another of the lab's servers, whose account is still to come. */
  readonly forwarded?: boolean;
  /** Goes on with what was told of a request: the number of its connection, a dot, and which request on it. */
  readonly visit?: string;
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

export type SessionOutcome =
  | 'none' | 'found' | 'unknown' | 'tampered' | 'expired' | 'created' | 'renewed' | 'kept' | 'ended' | 'failed';
export type SessionStoreKind = 'memory' | 'shared' | 'redis';
export type SessionExpiry = 'idle' | 'absolute';
export type SessionFailure = 'not-set' | 'unreachable' | 'timeout' | 'refused';

interface Timed {
  /** Monotonic ms. */
  readonly at: number;
}

interface Step extends Timed {
  readonly startAt: number;
}

/** Steps have a `startAt` and end `at`; the others are instants. Sizes are in bytes. */
export type ServerEvent =
  | (Timed & { readonly type: 'listening'; readonly address: string; readonly port: number })
  | (Timed & { readonly type: 'accept-failed'; readonly code: string; readonly delay: number })
  | (Timed & {
    readonly type: 'accepted'; readonly server: string; readonly connection: number;
    readonly openConnections: number; readonly peerPort: number; readonly request: number;
  })
  | (Timed & {
    readonly type: 'turned-away'; readonly peerPort: number; readonly openConnections: number; readonly limit: number;
  })
  | (Timed & { readonly type: 'first-byte' })
  | (Step & {
    readonly type: 'secured'; readonly version: string; readonly cipher: string; readonly resumed: boolean;
    readonly serverName?: string; readonly alpn?: string;
  })
  | (Step & {
    readonly type: 'head-parsed'; readonly method: string; readonly target: string;
    readonly httpVersion: string;
  })
  | (Step & {
    readonly type: 'greeted'; readonly version: string; readonly offered: readonly number[]; readonly chosen: number;
    readonly accepted?: boolean;
  })
  | (Timed & {
    readonly type: 'checked'; readonly check: 'host' | 'site' | 'size';
    readonly outcome: 'passed' | 'exempt' | 'refused'; readonly statusCode?: number;
  })
  | (Step & { readonly type: 'body-read'; readonly size: number })
  | (Step & {
    readonly type: 'routed'; readonly pattern?: string;
    readonly parameters: Readonly<Record<string, string>>; readonly handler?: string;
    readonly candidates: readonly RouteCandidate[]; readonly statusCode?: 307 | 400 | 404 | 405;
  })
  | (Step & {
    readonly type: 'session-loaded'; readonly outcome: SessionOutcome; readonly id?: string;
    readonly user?: string; readonly store?: SessionStoreKind; readonly worker?: number;
    readonly expiry?: SessionExpiry; readonly failure?: SessionFailure; readonly code?: string;
  })
  | (Timed & { readonly type: 'handler-start'; readonly handler: string })
  | (Timed & { readonly type: 'handler-end'; readonly handler: string; readonly error?: string })
  | (Timed & { readonly type: 'response-started'; readonly statusCode: number })
  | (Timed & { readonly type: 'response-finished'; readonly bodySize: number })
  | (Timed & { readonly type: 'kept-alive'; readonly timeout: number; readonly requests: number })
  | (Timed & {
    readonly type: 'closed'; readonly by: 'client' | 'server'; readonly requests?: number; readonly code?: string;
    readonly reason: CloseReason; readonly pid?: number;
  })
  | (Step & {
    readonly type: 'forwarded'; readonly to: string; readonly reused: boolean; readonly statusCode?: number;
  })
  | (Step & { readonly type: 'start-awaited'; readonly of: string; readonly ready: boolean })
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
  | (Step & {
    readonly type: 'question'; readonly transport: 'udp' | 'tcp'; readonly peerPort: number; readonly id: number;
    readonly name: string; readonly recordType: string; readonly queryFlags: readonly string[];
    readonly udpSize?: number; readonly querySize: number; readonly rule: NameRule; readonly zone?: string;
    readonly target?: string; readonly glue?: number; readonly delay?: number; readonly rcode?: string;
    readonly answerFlags?: readonly string[]; readonly answerSize?: number;
  })
  | (Step & {
    readonly type: 'unreadable'; readonly transport: 'udp' | 'tcp'; readonly peerPort: number; readonly id?: number;
    readonly size: number; readonly reason: UnreadableReason; readonly delay?: number; readonly rcode?: string;
  })
  | (Timed & { readonly type: 'ignored'; readonly size: number })
  | (Timed & { readonly type: 'broken'; readonly fault: string });

/** By what a name server came to its answer, or to none. */
export type NameRule =
  | 'record' | 'alias' | 'subtree-alias' | 'wildcard' | 'delegation' | 'no-data' | 'no-name' | 'trouble' | 'not-served'
  | 'lame' | 'refused' | 'edns-version' | 'silent';

/** Why a name server could not read a message as a question. */
export type UnreadableReason = 'too-short' | 'too-long' | 'cut-off' | 'response' | 'opcode' | 'format';

export type CloseReason =
  | 'ended' | 'reset' | 'idle' | 'silent' | 'answered' | 'behind' | 'slow' | 'malformed' | 'tls' | 'fault'
  | 'stopped' | 'died' | 'error';

export type BalancingStrategy = 'round-robin' | 'least-connections' | 'sticky';
export type BalancingReason = 'next' | 'fewest' | 'cookie' | 'no-cookie' | 'left-out';
export type RefusalReason =
  | 'not-own' | 'credentials' | 'loop' | 'command' | 'unreachable' | 'foreign-origin' | 'no-form-token' | 'wrong-form-token';
