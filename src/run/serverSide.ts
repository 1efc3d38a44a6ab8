import type { ExchangeEvent, ServerEvent } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { FieldLine } from '../trace/request.ts';
import type { EngineListener } from './engineClient.ts';

/**
 * Joins the lab's account of a request to the exchange that carried its `traceparent`, in whichever
 * order they come.
 */
export interface ServerSideJoin {
  /** Events of an exchange as they are seen; `request-start` holds the field. */
  sawExchange(exchangeId: string, events: readonly ExchangeEvent[]): void;
  sawServer(account: {
    readonly traceId: string;
    readonly parentId: string;
    readonly events: readonly ServerEvent[];
  }): void;
}

/** Accounts without an exchange are kept this many at most: another client may be using the lab. */
const waitingLimit = 256;

/** @param append adds `server` events to an exchange. */
export function createServerSideJoin(
  append: (exchangeId: string, events: readonly ExchangeEvent[]) => void,
): ServerSideJoin {
  const exchanges = new Map<string, string>();
  const waiting = new Map<string, ServerEvent[]>();
  return {
    sawExchange(exchangeId, events) {
      for (const event of events) {
        const key = event.type === 'request-start' ? traceKey(event.headers) : undefined;
        if (key === undefined) continue;
        remember(exchanges, key, exchangeId);
        const early = waiting.get(key);
        waiting.delete(key);
        if (early) append(exchangeId, early.map(toExchangeEvent));
      }
    },
    sawServer({ traceId, parentId, events }) {
      const key = `${traceId}-${parentId}`;
      const exchangeId = exchanges.get(key);
      if (exchangeId !== undefined) append(exchangeId, events.map(toExchangeEvent));
      else remember(waiting, key, [...(waiting.get(key) ?? []), ...events]);
    },
  };
}

/** A listener that passes every event on, and joins what the lab says of it. */
export function joinServerSide(
  history: EngineListener & { append(exchangeId: string, events: readonly ExchangeEvent[]): void },
): { readonly listener: EngineListener; readonly onLabEvents: ServerSideJoin['sawServer'] } {
  const join = createServerSideJoin(history.append);
  return {
    onLabEvents: join.sawServer,
    listener: {
      onConnection: history.onConnection,
      onExchange: (event) => {
        history.onExchange(event);
        join.sawExchange(event.exchangeId, event.events);
      },
    },
  };
}

/** Accounts of the lab, to be asked for when an exchange is over. */
export interface ServerSides {
  add(account: {
    readonly traceId: string;
    readonly parentId: string;
    readonly events: readonly ServerEvent[];
  }): void;
  /** What has come so far for the request that carried this exchange's `traceparent`. */
  of(exchange: Exchange): readonly ServerEvent[];
  /**
   * Resolves when the response is finished over there; with nothing for a request that was not
   * traced.
   */
  finished(exchange: Exchange): Promise<readonly ServerEvent[]>;
}

export function createServerSides(): ServerSides {
  const accounts = new Map<string, readonly ServerEvent[]>();
  const waiting = new Map<string, (() => void)[]>();
  const of = (exchange: Exchange): readonly ServerEvent[] =>
    accounts.get(traceKey(exchange.request?.headers ?? []) ?? '') ?? [];
  const isFinished = (events: readonly ServerEvent[] | undefined): boolean =>
    events?.some(({ type }) => type === 'response-finished') ?? false;
  return {
    of,
    add: ({ traceId, parentId, events }) => {
      const key = `${traceId}-${parentId}`;
      accounts.set(key, [...(accounts.get(key) ?? []), ...events]);
      if (!isFinished(accounts.get(key))) return;
      for (const resolve of waiting.get(key) ?? []) resolve();
      waiting.delete(key);
    },
    finished: async (exchange) => {
      const key = traceKey(exchange.request?.headers ?? []);
      if (key !== undefined && !isFinished(accounts.get(key))) {
        await new Promise<void>((resolve) =>
          waiting.set(key, [...(waiting.get(key) ?? []), resolve]),
        );
      }
      return of(exchange);
    },
  };
}

/** The oldest entry goes when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size > waitingLimit) map.delete(map.keys().next().value!);
}

function toExchangeEvent(event: ServerEvent): ExchangeEvent {
  return { type: 'server', at: event.at, event };
}

/** W3C Trace Context §3.2: `version-traceId-parentId-flags`, lower-case hexadecimal. */
function traceKey(headers: readonly FieldLine[]): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'traceparent')?.[1];
  return /^[0-9a-f]{2}-([0-9a-f]{32}-[0-9a-f]{16})-[0-9a-f]{2}$/.exec(value?.trim() ?? '')?.[1];
}
