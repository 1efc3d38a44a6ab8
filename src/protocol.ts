import type { ConnectionEvent, ExchangeEvent } from './trace/event.ts';
import type { ServerEvent } from './trace/serverEvent.ts';
import type { Exchange } from './trace/exchange.ts';
import type { RequestSpec, SendOptions } from './trace/request.ts';
import type { CookieFileNotice, CookieFilter, OtherCookies, StoredCookie } from './trace/storedCookie.ts';
import type { ShownWireRecord, WireRecord } from './trace/wireRecord.ts';

// Messages between the processes: types only. Every union is closed; unknown messages are dropped.

// --- extension host ⇄ engine -----------------------------------------------------------------------

export type ToEngine =
  | { readonly type: 'send'; readonly spec: RequestSpec }
  | { readonly type: 'cancel'; readonly specId: string }
  /** A message, or a goodbye, on the WebSocket that the exchange has open. */
  | { readonly type: 'stream-send'; readonly exchangeId: string; readonly content: string | Uint8Array }
  | { readonly type: 'stream-close'; readonly exchangeId: string; readonly code?: number; readonly reason?: string }
  /** The answer to `content-held`. */
  | { readonly type: 'release'; readonly exchangeId: string; readonly goOn: boolean }
  /** A window of a decoded content, answered by `content`. */
  | {
    readonly type: 'read-content'; readonly readId: number; readonly exchangeId: string; readonly offset: number;
    readonly length: number;
  }
  /** A decoded content is to be copied to a file, answered by `saved`. */
  | { readonly type: 'save-content'; readonly readId: number; readonly exchangeId: string; readonly path: string }
  /** The bytes of a connection, answered by `wire`. */
  | { readonly type: 'read-wire'; readonly readId: number; readonly connectionId: string }
  /** Forget these exchanges' contents and delete their files, and these connections' bytes. */
  | { readonly type: 'forget'; readonly exchangeIds: readonly string[]; readonly connectionIds?: readonly string[] }
  | { readonly type: 'clear-cookies' }
  /** What the jar holds, answered by `cookies`. */
  | { readonly type: 'list-cookies'; readonly readId: number }
  /** Those of other sites than that of `url`, stored before `before` (epoch ms); answered by `other-cookies`. */
  | { readonly type: 'list-other-cookies'; readonly readId: number; readonly url: string; readonly before: number }
  | { readonly type: 'remove-cookies'; readonly filter: CookieFilter }
  /** The names of the peer's address (PTR): told as an event of its connection. */
  | {
    readonly type: 'look-up-peer'; readonly connectionId: string; readonly address: string; readonly host?: string;
    readonly options: Pick<SendOptions, 'dns' | 'zoneServers' | 'rootServers' | 'trustAnchors' | 'capture'>;
  }
  | { readonly type: 'close-connections' };

export type EngineEvents =
  | {
    readonly exchangeId: string; readonly specId: string; readonly resendOf?: string;
    readonly events: readonly ExchangeEvent[];
  }
  | { readonly connectionId: string; readonly events: readonly ConnectionEvent[] };

export type FromEngine =
  | { readonly type: 'ready'; readonly node: string; readonly openssl: string; readonly undici: string }
  /**
   * In the order seen. An exchange's `connection-assigned` may come before or after its connection's events.
   * The `spec` of a redirect's exchange differs from what the user wrote and is sent with its first events.
   */
  | {
    readonly type: 'events'; readonly batch: readonly EngineEvents[];
    readonly specs?: Readonly<Record<string, RequestSpec>>;
  }
  /** The send is over; its exchanges in order, the last one being the outcome. */
  | { readonly type: 'sent'; readonly specId: string; readonly exchangeIds: readonly string[] }
  | { readonly type: 'content'; readonly readId: number; readonly bytes?: Uint8Array; readonly total: number }
  /** The size of the file, or why it could not be written; neither where there is no content. */
  | { readonly type: 'saved'; readonly readId: number; readonly size?: number; readonly error?: string }
  /** Without `record`: nothing was kept, or it has been forgotten. */
  | { readonly type: 'wire'; readonly readId: number; readonly record?: WireRecord }
  | { readonly type: 'cookies'; readonly readId: number; readonly cookies: readonly StoredCookie[] }
  | { readonly type: 'other-cookies'; readonly readId: number; readonly others: OtherCookies }
  /** The file of cookies is not used as it is. */
  | { readonly type: 'cookie-file'; readonly notice: CookieFileNotice }
  | { readonly type: 'failed'; readonly message: string };

// --- extension host or command line ⇄ lab ----------------------------------------------------------

/** The lab's servers besides the one behind `http` and `https`. */
export type LabPartId =
  | 'cluster' | 'balancer' | 'reverseProxy' | 'ftp' | 'ftpGateway' | 'accelerator' | 'securityGateway'
  | 'resourceGateway' | 'proxy' | 'memberProxy' | 'httpsProxy' | 'socks' | 'relay' | 'blindRelay';

/** Where the lab listens. `origins` are what `{{$lab.…}}` variables stand for. */
export interface LabAddresses {
  /** `http://lab.test:PORT` and `https://lab.test:PORT`. */
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
  readonly certificateAuthority: { readonly pem: string; readonly subject: string; readonly names: readonly string[] };
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
  /**
   * Events of one request, told apart by the ids of its `traceparent` (W3C Trace Context); of a connection, by its
   * client's port; of a question to a name server, by the port that it came from and its id.
   */
  | (
    | { readonly traceId: string; readonly parentId: string } | { readonly clientPort: number }
    | { readonly queryPort: number; readonly queryId: number }
  ) & {
    readonly type: 'events';
    /** Which of the lab's servers it was that saw them. */
    readonly server: string;
    /** The request came by way of another one, whose account is still to come. */
    readonly forwarded?: boolean;
    /** Goes on with what was told of a request: the number of its connection, a dot, and which request on it. */
    readonly visit?: string;
    readonly events: readonly ServerEvent[];
  }
  /** Several of these at once, without their `type`, packed; `src/run/labAccounts.ts` reads them. */
  | { readonly type: 'accounts'; readonly numbers: Float64Array; readonly texts: readonly string[] }
  /** The lab could not be started; where that was for one of its servers, which and why. */
  | {
    readonly type: 'failed'; readonly message: string; readonly server?: LabServerId; readonly problem?: LabServerProblem;
  }
  /** A server listens elsewhere than it did before. */
  | { readonly type: 'addresses'; readonly addresses: LabAddresses }
  | { readonly type: 'state'; readonly state: LabState }
  | { readonly type: 'done'; readonly id: number; readonly state: LabState; readonly problem?: LabActionProblem };

// --- extension host ⇄ inspector --------------------------------------------------------------------

export type Language = 'en' | 'ko'; // the same as explain/text/language.ts

/** What the page's buttons ask for; ids only, never paths or commands. */
export type InspectorAction =
  | 'resend' | 'resend-new' | 'cancel' | 'save-body' | 'receive-all' | 'receive-no-more' | 'copy-curl'
  | 'export-har' | 'export-pcapng' | 'open-content' | 'show-source' | 'start-lab' | 'show-certificate' | 'open-raw'
  | 'look-up-peer';

export type ToInspector =
  | {
    readonly type: 'show'; readonly language: Language; readonly exchanges: readonly Exchange[];
    readonly selected: string; readonly running: boolean; readonly labRunning: boolean;
  }
  | { readonly type: 'empty'; readonly language: Language }
  | { readonly type: 'content'; readonly readId: number; readonly bytes?: Uint8Array; readonly total: number }
  /** Of the exchange's connection, the part that is the exchange's; `missing` says why there is none. */
  | {
    readonly type: 'wire'; readonly readId: number; readonly record?: ShownWireRecord; readonly missing?: MissingWire;
  }
  /** Without `others`: the jar ended with the engine. */
  | { readonly type: 'other-cookies'; readonly readId: number; readonly others?: OtherCookies };

/**
 * Why a connection's bytes are not there: they were not to be kept, were let go for later ones, or died with the
 * engine.
 */
export type MissingWire = 'not-kept' | 'forgotten' | 'engine-ended';

export type FromInspector =
  | { readonly type: 'ready' }
  /** The exchange is on the screen: used to measure, and to announce. */
  | { readonly type: 'painted'; readonly exchangeId: string }
  /** What somebody typed for a WebSocket, or that it is to be closed. */
  | { readonly type: 'stream-send'; readonly exchangeId: string; readonly text: string }
  | { readonly type: 'stream-close'; readonly exchangeId: string }
  | { readonly type: 'action'; readonly action: InspectorAction; readonly exchangeId: string }
  | {
    readonly type: 'read-content'; readonly readId: number; readonly exchangeId: string; readonly offset: number;
    readonly length: number;
  }
  /** The bytes of the exchange on its connection, answered by `wire`. */
  | { readonly type: 'read-wire'; readonly readId: number; readonly exchangeId: string }
  /** The jar's cookies of other sites, answered by `other-cookies`. */
  | { readonly type: 'read-other-cookies'; readonly readId: number; readonly exchangeId: string };
