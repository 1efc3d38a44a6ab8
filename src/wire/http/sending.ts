import type { ExchangeEvent } from '../../trace/event.ts';
import type { EventStreamReader } from '../../trace/eventStream.ts';
import type { Failure } from '../../trace/failure.ts';
import type { ContentLimits, RequestSpec } from '../../trace/request.ts';
import type { ContentStore } from '../content/store.ts';
import type { CookieJar } from '../cookies/jar.ts';
import type { Listener } from '../listener.ts';
import type { Pool } from '../pool.ts';
import type { ConnectionRecord } from '../pooled.ts';
import type { Authenticator } from './authentication/authenticator.ts';
import type { Watch } from './deadline.ts';
import type { ResponseHead } from './transmission.ts';
import type { WebSocketSession } from './webSocket/session.ts';

// What goes into an exchange and what comes out of it: types only.

/** What all exchanges of a client share. The jar is loaded. */
export interface Shared {
  readonly pool: Pool;
  readonly store: ContentStore;
  readonly cookies: CookieJar;
  readonly contentLimits: ContentLimits;
  /** Those whose content somebody is asked about, by the exchange's id; called with the answer. */
  readonly held: Map<string, (goOn: boolean) => void>;
  readonly watch: Watch;
  readonly authenticator: Authenticator;
  /** The WebSockets that are open, by exchange. */
  readonly live: Map<string, WebSocketSession>;
}

/** What is to be sent, and who is told. */
export interface Sending {
  readonly id: string;
  readonly spec: RequestSpec;
  readonly resendOf: string | undefined;
  /** It answers a challenge of the exchange before. */
  readonly answersChallenge?: boolean;
  /** It answers a challenge of the proxy. */
  readonly answersProxy?: boolean;
  /** It asks for a stream again: how many times that was done, and what the stream had said. */
  readonly reconnections?: number;
  readonly lastEventId?: string | undefined;
  readonly retry?: number | undefined;
  readonly listener: Listener;
  readonly signal: AbortSignal | undefined;
}

/** Told once of each exchange that is over. */
export interface SentTo {
  onSent(sent: Sent): void;
}

/** An exchange that is over: as events, and what a redirect is decided by. */
export interface Sent {
  readonly sending: Sending;
  readonly events: readonly ExchangeEvent[];
  /** The response's head, if one came. */
  readonly responseHead: ResponseHead | undefined;
  readonly failure: Failure | undefined;
  /** The connection used last. */
  readonly connection: ConnectionRecord | undefined;
  /** The stream of events in the response, if it is one. */
  readonly eventStream: EventStreamReader | undefined;
  /** Credentials were computed for it. */
  readonly isAuthorized: boolean;
  /** When it ended, ms. */
  readonly endAt: number;
  /** Adds what was decided afterwards, and tells it at once. */
  add(event: ExchangeEvent): void;
}
