import { assertNever } from './assertNever.ts';
import type { ConnectionEvent, CookieVerdict, ExchangeEvent, InterimResponse } from './event.ts';
import type { ServerEvent } from './serverEvent.ts';
import type { Exchange, Response, SentRequest, ServerSide, TimedStreamEvent } from './exchange.ts';
import type { Mutable } from './mutable.ts';
import { isOfNameServer } from './nameServerSide.ts';
import { recordConnection, withFrames } from './recordConnection.ts';
import { applyLive } from './recordLive.ts';
import type { RequestSpec } from './request.ts';
import { withoutSendersOwn } from './sendersOwn.ts';

/** An event of a server's account. */
type FromServer = Extract<ExchangeEvent, { type: 'server' }>;

/** Everything known of an exchange besides its events. */
export interface ExchangeSource {
  readonly id: string;
  readonly spec: RequestSpec;
  readonly resendOf?: string;
  readonly events: readonly ExchangeEvent[];
  /** The events of the connection named by `connection-assigned`, if any arrived. */
  readonly connection?: { readonly id: string; readonly events: readonly ConnectionEvent[] };
}

/** The exchange that its events describe; any prefix gives the exchange as far as it had got. */
export function record(source: ExchangeSource): Exchange {
  const { id, events } = source;
  const spec = shownSpec(source.spec);
  const exchange: Mutable<Exchange> = {
    id, spec, startedAt: 0, startAt: events[0]?.at ?? 0, reused: false,
    cookies: { sent: [], received: [] }, events,
  };
  if (source.resendOf !== undefined) exchange.resendOf = source.resendOf;
  if (source.connection) {
    exchange.connection = recordConnection(source.connection.id, source.connection.events);
  }
  const serverEvents: FromServer[] = [];
  const streamEvents: TimedStreamEvent[] = [];
  for (const event of events) applyToExchange(exchange, serverEvents, streamEvents, event);
  if (serverEvents.length > 0) exchange.servers = serverSidesOf(serverEvents);
  return exchange;
}

function shownSpec(spec: RequestSpec): RequestSpec {
  const options = withoutSendersOwn(spec.options);
  return options === spec.options ? spec : { ...spec, options };
}

/** The same exchange with the other end's account added to its events. */
export function addServerEvents(exchange: Exchange, added: readonly FromServer[]): Exchange {
  const events = [...exchange.events, ...added];
  const all = events.filter((event) => event.type === 'server');
  return all.length === 0 ? exchange : { ...exchange, events, servers: serverSidesOf(all) };
}

/**
 * The one that saw the request first comes first; since when each listens says nothing of that. A request that is sent
 * again on another connection, or comes round, has a side of its own for each time that a server saw it. Before them all
 * are the name servers, which saw no request and may be asked for the peer's name when it is over.
 */
function serverSidesOf(all: readonly FromServer[]): ServerSide[] {
  const visits = new Map<string, FromServer[]>();
  const latest = new Map<string, FromServer[]>();
  for (const told of all) {
    const { server, visit } = told;
    const known = visit === undefined ? latest.get(server) : visits.get(`${visit} ${server}`);
    const events = known ?? [];
    if (!known) visits.set(`${visit ?? ''} ${server}`, events);
    latest.set(server, events);
    events.push(told);
  }
  const sides = [...visits.values()].map((events) => events.toSorted((a, b) => a.at - b.at));
  const begun = sides.flatMap((events) => {
    const first = events.find(({ event }) => !isOfListener(event));
    return first ? [{ first, events }] : [];
  });
  return begun.toSorted((a, b) => byPart(a.first, b.first) || a.first.at - b.first.at)
    .map(({ first: { server }, events }) => ({ server, events: events.map(({ event }) => event) }));
}

function byPart({ event: a }: FromServer, { event: b }: FromServer): number {
  return Number(isOfNameServer(b)) - Number(isOfNameServer(a));
}

/** Not of the connection, and from before it. */
function isOfListener({ type }: ServerEvent): boolean {
  return type === 'listening' || type === 'accept-failed';
}

function applyToExchange(
  exchange: Mutable<Exchange>, serverEvents: FromServer[], streamEvents: TimedStreamEvent[], event: ExchangeEvent,
): void {
  switch (event.type) {
    case 'queued':
      exchange.startAt = event.at;
      exchange.startedAt = event.startedAt;
      return;
    case 'cookies-selected':
      exchange.cookies = {
        ...exchange.cookies, sent: event.cookies,
        ...(event.others === undefined ? {} : { others: event.others }),
        ...(event.unlisted === undefined ? {} : { unlisted: event.unlisted }),
      };
      return;
    case 'connection-assigned':
      exchange.reused = event.reused;
      // Of the connection before, when it is sent again.
      if (exchange.frames) delete exchange.frames;
      if (event.idle !== undefined) exchange.idle = event.idle;
      else if (exchange.idle !== undefined) delete exchange.idle;
      if (event.waited) exchange.waited = { ...event.waited, until: event.at };
      return;
    case 'request-start': {
      const { method, requestTarget, authority, scheme, httpVersion, headers, client, stream } = event;
      const url = `${scheme}://${authority}${pathOf(requestTarget)}`;
      exchange.request = { method, url, requestTarget, authority, scheme, httpVersion, headers, client };
      if (stream !== undefined) Object.assign(exchange.request, { stream });
      return;
    }
    case 'request-progress':
      if (exchange.request) Object.assign(exchange.request, { bodySize: event.bodySize });
      return;
    case 'request-sent': {
      // Made above, and not yet seen by anybody.
      const request: Mutable<SentRequest> | undefined = exchange.request;
      if (!request) return;
      request.bodySize = event.bodySize;
      if (event.headSize !== undefined) request.headSize = event.headSize;
      if (event.trailers) request.trailers = event.trailers;
      return;
    }
    case 'interim-response':
      exchange.response = withInterim(exchange.response, event);
      return;
    case 'first-byte':
      return;
    case 'http2-frames':
      exchange.frames = withFrames(exchange.frames, event);
      return;
    case 'response-head': {
      const { httpVersion, statusCode, reasonPhrase, headers, headSize } = event;
      exchange.response = {
        httpVersion, statusCode, reasonPhrase, headers,
        interimResponses: exchange.response?.interimResponses ?? emptyResponse.interimResponses,
        trailers: emptyResponse.trailers, bodySize: 0, contentSize: 0, complete: false,
      };
      if (headSize !== undefined) Object.assign(exchange.response, { headSize });
      return;
    }
    case 'body-progress':
      if (!exchange.response) return;
      exchange.response = { ...exchange.response, bodySize: event.bodySize, contentSize: event.contentSize };
      return;
    case 'content-held': {
      const { limit, allowed, bodySize, contentSize, announced } = event;
      exchange.held = { limit, allowed, bodySize, contentSize, ...(announced === undefined ? {} : { announced }) };
      return;
    }
    case 'content-released':
      delete exchange.held;
      return;
    case 'body-end': {
      const response: Mutable<Response> | undefined = exchange.response;
      if (!response) return;
      response.bodySize = event.bodySize;
      response.contentSize = event.contentSize;
      response.trailers = event.trailers;
      response.complete = event.complete;
      response.storedIn = event.storedIn;
      exchange.endAt = event.at;
      return;
    }
    case 'cookies-received':
      exchange.cookies = { ...exchange.cookies, received: event.cookies as readonly CookieVerdict[] };
      return;
    case 'stream-event':
      streamEvents.push({ ...event.event, at: event.at });
      exchange.stream ??= { events: streamEvents, ended: false };
      return;
    case 'stream-ended':
      exchange.stream = { events: streamEvents, ended: event.by === 'listener', count: event.count };
      return;
    case 'continue-awaited':
    case 'reconnecting':
    case 'switched':
    case 'web-socket-open':
    case 'web-socket-message':
    case 'web-socket-end':
    case 'graphql-errors':
    case 'graphql-unread':
      applyLive(exchange, event);
      return;
    case 'authorized':
      if (event.authorization.scheme === 'digest' && event.authorization.to === 'proxy') {
        exchange.proxyAuthorization = event.authorization;
      } else {
        exchange.authorization = event.authorization;
      }
      return;
    case 'challenged':
      exchange.challenge = event.verdict;
      return;
    case 'redirected':
      exchange.redirect = {
        location: event.location, exchangeId: event.exchangeId, changes: event.changes,
      };
      return;
    case 'failed':
      exchange.failure = event.failure;
      exchange.endAt = event.at;
      delete exchange.held;
      return;
    case 'server':
      serverEvents.push(event);
      return;
    default:
      assertNever(event);
  }
}

const emptyResponse = {
  interimResponses: [], trailers: [], bodySize: 0, contentSize: 0, complete: false,
} as const;

function withInterim(
  response: Response | undefined, { statusCode, reasonPhrase, headers }: InterimResponse,
): Response {
  const interim = { statusCode, ...(reasonPhrase && { reasonPhrase }), headers };
  const earlier = response?.interimResponses ?? [];
  return {
    httpVersion: '1.1', statusCode: 0, reasonPhrase: '', headers: [], ...emptyResponse,
    ...response, interimResponses: [...earlier, interim],
  };
}

/** RFC 9112 §3.2: origin form is a path; absolute form (to a proxy) holds it; `*` has none. */
function pathOf(requestTarget: string): string {
  if (requestTarget.startsWith('/')) return requestTarget;
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(requestTarget)?.[1];
  return path ?? '';
}
