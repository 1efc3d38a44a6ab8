import type { ConnectionEvent, PoolWait } from '../trace/event.ts';
import type { Connection } from '../trace/exchange.ts';
import type { Failure } from '../trace/failure.ts';
import type { SendOptions } from '../trace/request.ts';
import type { ConnectTarget, Tap } from './connection.ts';
import type { Http1Client } from './http/http1Client.ts';
import type { Http2Client } from './http/http2Client.ts';
import type { SendLimits } from './http/timeouts.ts';
import type { Capture } from './tap/capture.ts';

// Between the pool and the exchanges it lends connections to: types only.

/** What an exchange needs a connection for. Those with the same `key` may share connections. */
export interface Wanted {
  readonly key: string;
  readonly target: ConnectTarget;
  readonly timeouts: SendLimits;
  readonly options: SendOptions;
  /** As octets, where there is a proxy: it is for that proxy, not for the server. */
  readonly typedProxyAuthorization: string | undefined;
  readonly forceNew: boolean;
  /** Set by the pool when it has to wait. */
  waited: PoolWait | undefined;
  /** Told which connection it is: for a new one as soon as opening it begins. `idle` in ms. */
  onAssigned(connection: ConnectionRecord, reused: boolean, idle: number | undefined): void;
  onConnectionEvent(connection: ConnectionRecord, event: ConnectionEvent): void;
  /** Called once, unless `Pool.cancel` came first. */
  onReady(connection: PooledConnection): void;
  onFailed(failure: Failure): void;
}

/** A connection as events: it lives on in the exchanges that used it. */
export interface ConnectionRecord {
  readonly id: string;
  readonly events: ConnectionEvent[];
  /** Its bytes, unless the exchange that opened it asked for none to be kept. */
  readonly capture: Capture | undefined;
  /** What the first `count` events were recorded as. */
  known?: { readonly count: number; readonly connection: Connection };
}

export interface PooledConnection extends ConnectionRecord {
  readonly tap: Tap;
  readonly absoluteForm: boolean;
  readonly proxyAuthorization: string | undefined;
  readonly http:
    | { readonly version: '1.1'; readonly client: Http1Client }
    | { readonly version: '2'; readonly client: Http2Client };
  /** The server's `Keep-Alive: timeout`, in ms, once a response had one. */
  keepAliveHint: number | undefined;
}
