import type { ConnectionEvent, ExchangeEvent } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { FieldLine } from '../trace/request.ts';
import type { EngineListener } from './engineClient.ts';
import type { LabAccount } from './labClient.ts';
import { awaitedQuestionKeys, questionKey, questionKeysIn, questionKeysOf } from './questionKeys.ts';

/**
 * Joins the lab's account of a request to the exchange that carried its `traceparent`, in whichever
 * order they come.
 */
interface ServerSideJoin {
  /** A connection's events; `attempt-end` holds its port, and each step of a lookup that of a question. */
  sawConnection(connectionId: string, events: readonly ConnectionEvent[]): void;
  /** Events of an exchange as they are seen; `request-start` holds the field. */
  sawExchange(exchangeId: string, events: readonly ExchangeEvent[]): void;
  sawServer(account: LabAccount): void;
}

type FromServer = Extract<ExchangeEvent, { type: 'server' }>;

/** Accounts without an exchange are kept this many at most: another client may be using the lab. */
const waitingLimit = 256;

/** Of questions to name servers, of which a request may need many. */
const questionLimit = 4096;

/** @param append adds `server` events to an exchange. */
export function createServerSideJoin(
  append: (exchangeId: string, events: readonly ExchangeEvent[]) => void,
): ServerSideJoin {
  const requests = createPairing(append, waitingLimit);
  const questions = createPairing(append, questionLimit);
  const ports = new Map<string, string>();
  const asked = new Map<string, readonly string[]>();
  const openers = new Map<string, string>();
  const meet = (connectionId: string): void => {
    const opener = openers.get(connectionId);
    if (opener === undefined) return;
    const port = ports.get(connectionId);
    if (port !== undefined) requests.found(port, opener);
    for (const key of asked.get(connectionId) ?? []) questions.found(key, opener);
    asked.delete(connectionId);
  };
  return {
    sawConnection(connectionId, events) {
      const port = clientPortOf(events);
      const keys = events.flatMap(questionKeysIn);
      if (port === undefined && keys.length === 0) return;
      if (port !== undefined) remember(ports, connectionId, portKey(port));
      if (keys.length > 0) remember(asked, connectionId, [...asked.get(connectionId) ?? [], ...keys]);
      meet(connectionId);
    },
    sawExchange(exchangeId, events) {
      for (const event of events) {
        if (event.type === 'connection-assigned' && !event.reused) {
          remember(openers, event.connectionId, exchangeId);
          meet(event.connectionId);
        }
        const key = event.type === 'request-start' ? traceKey(event.headers) : undefined;
        if (key !== undefined) requests.found(key, exchangeId);
      }
    },
    sawServer: (account) => ('queryId' in account ? questions : requests).told(account),
  };
}

/** Accounts and exchanges of the same keys. */
interface Pairing {
  found(key: string, exchangeId: string): void;
  told(account: LabAccount): void;
}

function createPairing(
  append: (exchangeId: string, events: readonly ExchangeEvent[]) => void, limit: number,
): Pairing {
  const exchanges = new Map<string, string>();
  const waiting = new Map<string, FromServer[]>();
  return {
    found(key, exchangeId) {
      remember(exchanges, key, exchangeId, limit);
      const early = waiting.get(key);
      waiting.delete(key);
      if (early) append(exchangeId, early);
    },
    told(account) {
      const key = keyOf(account);
      const events = eventsOf(account);
      const exchangeId = exchanges.get(key);
      if (exchangeId !== undefined) append(exchangeId, events);
      else remember(waiting, key, [...(waiting.get(key) ?? []), ...events], limit);
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
      onConnection: (update) => {
        history.onConnection(update);
        join.sawConnection(update.connectionId, update.events);
      },
      onExchange: (event) => {
        history.onExchange(event);
        join.sawExchange(event.exchangeId, event.events);
      },
    },
  };
}

/** Accounts of the lab, to be asked for when an exchange is over. */
interface ServerSides {
  add(account: LabAccount): void;
  /** What has come so far for the request that carried this exchange's `traceparent`. */
  of(exchange: Exchange): readonly FromServer[];
  /**
   * Resolves when the response is finished over there, by the server that the client speaks to; of a request that got no
   * further than to a proxy or than TLS when what became of the connection was said, and when each name server of
   * this machine has told of its questions; at once where nobody has anything to tell.
   */
  finished(exchange: Exchange): Promise<readonly FromServer[]>;
}

export function createServerSides(): ServerSides {
  const accounts = new Map<string, readonly FromServer[]>();
  const complete = new Set<string>();
  const questions = new Map<string, readonly FromServer[]>();
  const waiting = new Map<string, (() => void)[]>();
  const of = (exchange: Exchange): readonly FromServer[] => [
    ...[...traceKeys(exchange), ...portKeys(exchange)].flatMap((key) => accounts.get(key) ?? []),
    ...questionKeysOf(exchange).flatMap((key) => questions.get(key) ?? []),
  ];
  const release = (word: string): void => {
    for (const resolve of waiting.get(word) ?? []) resolve();
    waiting.delete(word);
  };
  return {
    of,
    add: (account) => {
      const key = keyOf(account);
      if ('queryId' in account) {
        remember(questions, key, eventsOf(account), questionLimit);
        return release(key);
      }
      accounts.set(key, [...(accounts.get(key) ?? []), ...eventsOf(account)]);
      const lastWords = 'clientPort' in account ? lastOfConnection : last;
      const isFinished = account.events.some(({ type }) => lastWords.has(type));
      if (!isFinished || account.forwarded) return;
      const isAnswered = account.events.some(({ type }) => type === 'response-finished');
      for (const word of isAnswered ? [key, answered(key)] : [key]) {
        complete.add(word);
        release(word);
      }
    },
    finished: async (exchange) => {
      const key = traceKey(exchange.request?.headers ?? []) ?? connectionKey(exchange);
      const own = key !== undefined && wasAnsweredLater(exchange) ? answered(key) : key;
      const ofTunnel = key === undefined ? undefined : tunnelKey(exchange);
      const words = [own, ofTunnel].filter((word) => word !== undefined);
      for (const word of [...words, ...awaitedQuestionKeys(exchange)]) {
        if (complete.has(word) || questions.has(word)) continue;
        await new Promise<void>((resolve) => waiting.set(word, [...(waiting.get(word) ?? []), resolve]));
      }
      return of(exchange);
    },
  };
}

function answered(key: string): string {
  return `${key} answered`;
}

/** Sent more than once: what became of the first try is not yet what became of the request. */
function wasAnsweredLater({ events, response }: Exchange): boolean {
  return response?.complete === true && events.filter(({ type }) => type === 'request-start').length > 1;
}

/** With these a server has told what there is to tell of the response. */
const last = new Set(['response-finished', 'broken', 'closed', 'turned-away']);

/**
 * What is said last of a connection: by a proxy before bytes go through, or do not, where TLS failed, and by a name
 * server to which somebody speaks HTTP.
 */
const lastOfConnection = new Set([
  'forwarded', 'response-finished', 'refused', 'broken', 'turned-away', 'closed', 'unreadable',
]);

/**
 * A request without a trace, since it was not for the lab, a proxy did not let it through, TLS failed, or it went where
 * no HTTP is spoken, has the port of its connection alone. A proxy or a server of this machine may be the lab's.
 */
function connectionKey({ spec, connection, reused, failure }: Exchange): string | undefined {
  const isTold = spec.options.proxyDecision?.proxy !== undefined || failure?.phase === 'tls'
    || failure?.code === 'connection-closed' || failure?.code === 'connection-reset';
  return reused || !isTold ? undefined : ownPortKey(connection);
}

/** Proxies that made a tunnel for this exchange tell of it by its port, those of this machine maybe to us. */
function tunnelKey({ connection, reused }: Exchange): string | undefined {
  const hasTunnel = !reused && (connection?.proxies?.length ?? 0) > 0;
  return hasTunnel ? ownPortKey(connection) : undefined;
}

function ownPortKey(connection: Exchange['connection']): string | undefined {
  if (connection?.localPort === undefined) return undefined;
  return /^(?:127\.|::1$)/.test(connection.peerAddress ?? '') ? portKey(connection.localPort) : undefined;
}

/** The oldest entry goes when there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T, limit = waitingLimit): void {
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value!);
}

function eventsOf({ server, events, visit }: LabAccount): FromServer[] {
  const accepted = events.find((event) => event.type === 'accepted');
  const which = visit ?? (accepted && `${accepted.connection}.${accepted.request}`);
  return events.map((event) => ({
    type: 'server', at: event.at, server, ...(which === undefined ? {} : { visit: which }), event,
  }));
}

function keyOf(account: LabAccount): string {
  if ('queryId' in account) return questionKey(account.queryPort, account.queryId);
  return 'clientPort' in account ? portKey(account.clientPort) : `${account.traceId}-${account.parentId}`;
}

/** Of the connection that was opened for the exchange. */
function portKeys({ reused, connection }: Exchange): string[] {
  return reused || connection?.localPort === undefined ? [] : [portKey(connection.localPort)];
}

function portKey(port: number): string {
  return `port ${port}`;
}

/** Of a connection's attempts one came through. */
function clientPortOf(events: readonly ConnectionEvent[]): number | undefined {
  for (const event of events) if (event.type === 'attempt-end' && event.localPort !== undefined) return event.localPort;
  return undefined;
}

/** One for each time the request was begun: on a kept connection that closed, and again on another. */
function traceKeys({ events }: Exchange): string[] {
  const keys = events.flatMap((event) => event.type === 'request-start' ? traceKey(event.headers) ?? [] : []);
  return [...new Set(keys)];
}

/** W3C Trace Context §3.2: `version-traceId-parentId-flags`, lower-case hexadecimal. */
function traceKey(headers: readonly FieldLine[]): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'traceparent')?.[1];
  return /^[0-9a-f]{2}-([0-9a-f]{32}-[0-9a-f]{16})-[0-9a-f]{2}$/.exec(value?.trim() ?? '')?.[1];
}
