import { assertNever } from './assertNever.ts';
import type { ExchangeEvent } from './event.ts';
import type { ServerEvent } from './serverEvent.ts';
import type { Connection, Exchange, ServerSide, TlsHandshake } from './exchange.ts';
import type { PhaseName } from './failure.ts';

/**
 * A bar of the waterfall, in ms from the start of the exchange. Without `duration` its end was not seen.
 * A phase that did not happen has no entry: on a reused connection there is no dns, tcp, proxy or tls.
 */
export interface Phase {
  readonly name: PhaseName;
  readonly start: number;
  readonly duration?: number;
  readonly failed?: true;
}

/** The phases of an exchange in HAR 1.2 order, from its events alone. */
export function phasesOf(exchange: Exchange): Phase[] {
  const own = exchange.reused ? undefined : exchange.connection;
  const spans: [PhaseName, number | undefined, number | undefined][] = [
    ['blocked', exchange.startAt, blockedUntil(exchange, own)],
    ['dns', own?.lookup?.startAt, own?.lookup?.endAt],
    ['tcp', ...tcpSpan(own)],
    // From the first proxy of a chain to the last one spoken to.
    ['proxy', (own?.proxies?.[0] ?? own?.proxy)?.startAt, own?.proxy?.endAt],
    ['tls', ...tlsSpan(own?.tls)],
    ...httpSpans(exchange),
  ];
  const last = exchange.failure && exchange.endAt;
  return spans.flatMap(([name, startAt, endAt]) => {
    if (startAt === undefined) return [];
    const failed = exchange.failure?.phase === name;
    return [phaseOf(exchange, name, startAt, endAt ?? (failed ? last : undefined), failed)];
  });
}

function phaseOf(
  exchange: Exchange, name: PhaseName, startAt: number, endAt: number | undefined, failed: boolean,
): Phase {
  return {
    name,
    start: startAt - exchange.startAt,
    ...(endAt === undefined ? {} : { duration: Math.max(0, endAt - startAt) }),
    ...(failed ? { failed: true as const } : {}),
  };
}

/** Waiting for a connection ends where the first step of the connection, or else of the request, begins. */
function blockedUntil(exchange: Exchange, own: Connection | undefined): number | undefined {
  return own?.lookup?.startAt
    ?? own?.attempts.find((attempt) => attempt !== undefined)?.startAt
    ?? atOf(exchange, 'request-start')
    ?? (exchange.failure ? exchange.endAt : undefined);
}

/**
 * From the first message to the last one of the handshake, where they were seen: making a key takes a millisecond
 * before anything is said, and reading the certificates holds back our own Finished.
 */
export function tlsSpan(
  tls: Pick<TlsHandshake, 'startAt' | 'endAt' | 'messages'> | undefined,
): [number | undefined, number | undefined] {
  const { startAt, endAt, messages = [] } = tls ?? {};
  const hello = messages.find(({ direction, name }) => direction === 'sent' && name === 'client_hello');
  if (endAt === undefined) return [hello?.at ?? startAt, undefined];
  const ends = messages.filter(({ name }) => name === 'finished').map(({ at }) => at);
  return [hello?.at ?? startAt, Math.max(endAt, ...ends)];
}

/** From the first attempt to the winner's end; to the last end when none won. */
function tcpSpan(own: Connection | undefined): [number | undefined, number | undefined] {
  const attempts = own?.attempts.filter((attempt) => attempt !== undefined) ?? [];
  const first = attempts[0];
  if (!first) return [undefined, undefined];
  const winner = attempts.find((attempt) => attempt.outcome === 'connected');
  if (winner) return [first.startAt, winner.endAt];
  const ends = attempts.map((attempt) => attempt.endAt);
  const known = ends.filter((end) => end !== undefined);
  return [first.startAt, known.length === ends.length ? Math.max(...known) : undefined];
}

/**
 * send, wait and receive meet at the last byte taken by the kernel and at the first byte of the response.
 * A server may answer before the request is complete: then nothing was waited for, and receive starts
 * while send still runs.
 */
function httpSpans(exchange: Exchange): [PhaseName, number | undefined, number | undefined][] {
  const start = atOf(exchange, 'request-start');
  // A body that nobody wanted was held back: the head was all there was to send.
  const held = exchange.request?.continueWait;
  const sent = atOf(exchange, 'request-sent') ?? (held?.outcome === 'answered' ? held.startAt : undefined);
  const first = atOf(exchange, 'first-byte');
  const end = atOf(exchange, 'body-end');
  const waited = sent !== undefined && (first === undefined || first >= sent);
  return [
    ['send', start, sent],
    ['wait', waited ? sent : undefined, first],
    ['receive', first, end],
  ];
}

/**
 * Counted from the last connection the exchange was assigned: one whose kept connection proved closed
 * before any response came is sent anew, as the same exchange, and its second try is the one that tells.
 */
function atOf(exchange: Exchange, type: ExchangeEvent['type']): number | undefined {
  const { events } = exchange;
  const assigned = events.findLastIndex((event) => event.type === 'connection-assigned');
  const own = events.slice(Math.max(0, assigned));
  return own.find((event) => event.type === type)?.at;
}

/** Names of the bars of the server's lane. */
export type ServerPhaseName =
  | 'accept-failed' | 'turned-away' | 'connect' | 'tls' | 'check' | 'connection' | 'accept' | 'head' | 'body' | 'route'
  | 'session' | 'handler' | 'start' | 'balance' | 'forward' | 'tunnel' | 'refusal' | 'dialogue' | 'ignored' | 'fault'
  | 'response' | 'question' | 'unreadable' | 'greeting' | 'request';

/** A bar (or, where `start` equals its end, a mark) of the server's lane; ms from the start of the exchange. */
export interface ServerPhase {
  readonly name: ServerPhaseName;
  readonly start: number;
  readonly duration?: number;
  readonly event: ServerEvent;
}

/** A server's own account of the exchange, on the client's axis (one machine, one monotonic clock). */
export function serverPhasesOf(exchange: Exchange, { events }: ServerSide): ServerPhase[] {
  const bar = (name: ServerPhaseName, startAt: number, endAt: number | undefined, event: ServerEvent) => ({
    name, event, start: startAt - exchange.startAt,
    ...(endAt === undefined ? {} : { duration: Math.max(0, endAt - startAt) }),
  });
  const find = <T extends ServerEvent['type']>(type: T) =>
    events.find((event): event is Extract<ServerEvent, { type: T }> => event.type === type);
  const finished = find('response-finished');
  // Between the two steps that are one row otherwise.
  const secured = find('secured');
  const greeted = find('greeted');
  // One row for what there is to say only once: about all of a kind, or for want of something better.
  const shown = new Set<ServerEvent | undefined>([
    find('accept-failed'), find('head-parsed') && !secured && !greeted ? undefined : find('accepted'),
    find('closed') ?? find('kept-alive'),
    events.find((event) => event.type === 'checked' && event.outcome !== 'refused'),
  ]);
  return events.flatMap((event): ServerPhase[] => {
    switch (event.type) {
      case 'accept-failed': return shown.has(event) ? [bar('accept-failed', event.at, event.at, event)] : [];
      case 'turned-away': return [bar('turned-away', event.at, event.at, event)];
      case 'accepted': return shown.has(event) ? [bar('connect', event.at, event.at, event)] : [];
      case 'secured': return [bar('tls', event.startAt, event.at, event)];
      case 'checked':
        return event.outcome === 'refused' || shown.has(event) ? [bar('check', event.at, event.at, event)] : [];
      case 'kept-alive':
      case 'closed': return shown.has(event) ? [bar('connection', event.at, event.at, event)] : [];
      case 'greeted': return [bar('greeting', event.startAt, event.at, event)];
      case 'head-parsed':
        return [bar(greeted ? 'request' : secured ? 'head' : 'accept', event.startAt, event.at, event)];
      case 'body-read': return [bar('body', event.startAt, event.at, event)];
      case 'routed': return [bar('route', event.startAt, event.at, event)];
      case 'session-loaded': return [bar('session', event.startAt, event.at, event)];
      case 'handler-start': return [bar('handler', event.at, handlerEndOf(events, event)?.at, event)];
      case 'forwarded': return [bar('forward', event.startAt, event.at, event)];
      case 'start-awaited': return [bar('start', event.startAt, event.at, event)];
      case 'balanced': return [bar('balance', event.at, event.at, event)];
      case 'tunnelled': return [bar('tunnel', event.startAt, event.at, event)];
      case 'dialogue': return [bar('dialogue', event.startAt, event.at, event)];
      case 'question':
      case 'unreadable': return [bar(event.type, event.startAt, event.at, event)];
      case 'refused': return [bar('refusal', event.at, event.at, event)];
      case 'ignored': return [bar('ignored', event.at, event.at, event)];
      case 'broken': return [bar('fault', event.at, event.at, event)];
      case 'response-started': return [bar('response', event.at, finished?.at, event)];
      case 'listening':
      case 'first-byte':
      case 'handler-end':
      case 'response-finished': return [];
      default: return assertNever(event);
    }
  });
}

/** How a handler that began with `start` ended: a gateway's program may lead to another one. */
export function handlerEndOf(
  events: readonly ServerEvent[], start: ServerEvent,
): Extract<ServerEvent, { type: 'handler-end' }> | undefined {
  return events.slice(events.indexOf(start)).find((event) => event.type === 'handler-end');
}

/** ms from *Send* to the last event seen of the exchange itself; undefined while it runs. */
export function durationOf(exchange: Exchange): number | undefined {
  return exchange.endAt === undefined ? undefined : exchange.endAt - exchange.startAt;
}
