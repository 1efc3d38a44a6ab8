import type { ConnectionEvent, ExchangeEvent } from '../trace/event.ts';
import type { RequestSpec } from '../trace/request.ts';

/** Told of everything as it happens; events of one turn of the event loop may come together. */
export interface Listener {
  onExchange(e: ExchangeUpdate): void;
  onConnection(e: ConnectionUpdate): void;
}

export interface ExchangeUpdate {
  readonly exchangeId: string;
  readonly specId: string;
  readonly resendOf?: string;
  /** Of a redirect's exchange it differs from the one sent. */
  readonly spec: RequestSpec;
  readonly events: readonly ExchangeEvent[];
}

export interface ConnectionUpdate {
  readonly connectionId: string;
  readonly events: readonly ConnectionEvent[];
}

/** Hears nothing: for those who want the exchanges alone. */
export const nobody: Listener = { onExchange: () => undefined, onConnection: () => undefined };
