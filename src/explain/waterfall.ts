import type { Attempt, Exchange, ServerSide } from '../trace/exchange.ts';
import { phaseNames } from '../trace/failure.ts';
import { isNameServerSide } from '../trace/nameServerSide.ts';
import type { PhaseName } from '../trace/failure.ts';
import { durationOf, phasesOf, serverPhasesOf } from '../trace/phases.ts';
import type { Phase, ServerPhase, ServerPhaseName } from '../trace/phases.ts';
import { formatDuration, formatEndpoint } from './format.ts';
import { attemptNote, phaseLabel, phaseLabelOf, phaseNote } from './phases.ts';
import { serverName } from './serverName.ts';
import { serverPhaseLabel, serverPhaseNote } from './serverPhases.ts';
import { proxyRows } from './proxyRows.ts';
import type { Language } from './text/language.ts';
import { phaseTexts } from './text/phase.ts';
import { say } from './text/text.ts';

/**
 * How a bar is to be drawn: `failed` hatched, `open` dashed (its end was not seen), `lost` dimmed
 * (an attempt that another one beat), `not-reached` and `reused` without a bar.
 */
export type RowState = 'done' | 'failed' | 'open' | 'running' | 'lost' | 'not-reached' | 'reused';

/** A row of the waterfall; `start` and `duration` in ms from the start of the exchange. */
export interface Row {
  readonly key: string;
  readonly lane: 'client' | 'server';
  readonly name: PhaseName | ServerPhaseName | 'reused';
  readonly label: string;
  readonly detail?: string;
  readonly start?: number;
  readonly duration?: number;
  readonly state: RowState;
  readonly note: string;
  /** Whose lane it is, when it is a server's. */
  readonly server?: string;
  /** It is a lane of a name server. */
  readonly ofNameServer?: true;
  /** The longest bar of its lane. */
  readonly longest?: true;
  /** It has a place in time and takes none. */
  readonly instant?: true;
}

interface Waterfall {
  /** ms covered by the axis. */
  readonly total: number;
  readonly rows: readonly Row[];
}

/** The waterfall of an exchange as rows of text and figures, both lanes on one axis. */
export function waterfallOf(exchange: Exchange, language: Language): Waterfall {
  const phases = phasesOf(exchange);
  const client = [
    ...(exchange.reused ? [reusedRow(exchange, language)] : []),
    ...phases.flatMap((phase) => clientRows(exchange, phase, language)),
    ...notReached(exchange, phases, language),
  ];
  const servers = (exchange.servers ?? []).map((side, index, all) => {
    const whose = {
      server: laneTitle(side, index, all, language), ...(isNameServerSide(side) && { ofNameServer: true as const }),
    };
    return markLongest(
      serverPhasesOf(exchange, side).map((phase) => ({ ...serverRow(exchange, side, phase, language), ...whose })),
    );
  });
  const rows = [...markLongest(client), ...servers.flat()];
  const total = totalOf(exchange, rows);
  return { total, rows: rows.map((row) => isBeside(row, total) ? withoutBar(row) : row) };
}

/** What a server tells of its connection may have been before the exchange, or long after it. */
function isBeside({ lane, start = 0 }: Row, total: number): boolean {
  return lane === 'server' && (start < 0 || start > total);
}

function withoutBar({ start: _start, duration: _duration, ...row }: Row): Row {
  return row;
}

/**
 * Shorter waits for a connection than this share of the exchange, or than 1 ms, are not worth a
 * row.
 */
const smallestQueue = 0.05;

function clientRows(exchange: Exchange, phase: Phase, language: Language): Row[] {
  if (phase.name === 'tcp') return attemptRows(exchange, language);
  if (phase.name === 'proxy') return proxyRows(exchange, phase, stateOf(exchange, phase), language);
  if (phase.name === 'blocked' && !phase.failed && isNegligible(exchange, phase)) return [];
  return [{
    key: phase.name, lane: 'client', name: phase.name, label: phaseLabelOf(exchange, phase.name, language),
    start: phase.start, ...(phase.duration === undefined ? {} : { duration: phase.duration }),
    state: stateOf(exchange, phase), note: phaseNote(phase, exchange, language),
  }];
}

function isNegligible(exchange: Exchange, phase: Phase): boolean {
  if (phase.duration === undefined)
    return exchange.endAt !== undefined || exchange.events.length > 2;
  return phase.duration < 1 || phase.duration < smallestQueue * (durationOf(exchange) ?? Infinity);
}

function stateOf(exchange: Exchange, phase: Phase): RowState {
  // Given up by the reader: nothing went wrong.
  if (phase.failed && exchange.failure?.code === 'cancelled') return 'lost';
  // A redirect that cannot be followed fails after a response that came whole.
  if (phase.failed)
    return phase.name === 'receive' && exchange.response?.complete ? 'done' : 'failed';
  if (phase.duration !== undefined) return 'done';
  return exchange.endAt === undefined ? 'running' : 'open';
}

function attemptRows(exchange: Exchange, language: Language): Row[] {
  const attempts = exchange.connection?.attempts.filter((attempt) => attempt !== undefined) ?? [];
  return attempts.map((attempt, index) => ({
    key: `tcp-${index}`,
    lane: 'client',
    name: 'tcp',
    label: phaseLabel('tcp', language),
    detail: formatEndpoint(attempt.address),
    start: attempt.startAt - exchange.startAt,
    ...(attempt.endAt === undefined
      ? {}
      : { duration: Math.max(0, attempt.endAt - attempt.startAt) }),
    state: attemptState(exchange, attempt),
    note: attemptNote(attempt, exchange, language),
  }));
}

function attemptState(exchange: Exchange, attempt: Attempt): RowState {
  if (attempt.outcome === 'connected') return 'done';
  if (exchange.failure?.code === 'cancelled') return 'lost';
  if (exchange.failure?.phase === 'tcp') return attempt.endAt === undefined ? 'open' : 'failed';
  if (attempt.outcome === undefined) return exchange.endAt === undefined ? 'running' : 'open';
  return 'lost';
}

function reusedRow(exchange: Exchange, language: Language): Row {
  const id = /^(?:https|wss):/.test(exchange.spec.url) ? 'reused' : 'reused-plain';
  const note = exchange.idle === undefined
    ? say(phaseTexts, language, id === 'reused' ? 'reused-note' : 'reused-plain')
    : say(phaseTexts, language, `${id}-idle`, { idle: formatDuration(exchange.idle, language) });
  return {
    key: 'reused', lane: 'client', name: 'reused', label: say(phaseTexts, language, 'reused'),
    state: 'reused', note,
  };
}

/** After a failure: the phases that would have followed. */
function notReached(exchange: Exchange, phases: readonly Phase[], language: Language): Row[] {
  if (!exchange.failure) return [];
  const last = Math.max(-1, ...phases.map((phase) => phaseNames.indexOf(phase.name)));
  const expected = expectedPhases(exchange).filter((name) => phaseNames.indexOf(name) > last);
  return expected.map((name) => ({
    key: `not-${name}`, lane: 'client', name, label: phaseLabel(name, language),
    state: 'not-reached', note: say(phaseTexts, language, 'not-reached'),
  }));
}

function expectedPhases(exchange: Exchange): PhaseName[] {
  const http: PhaseName[] = ['send', 'wait', 'receive'];
  if (exchange.reused) return http;
  const tls: PhaseName[] = /^(?:https|wss):/.test(exchange.spec.url) ? ['tls'] : [];
  const dns: PhaseName[] = isAddress(exchange.spec.url) ? [] : ['dns'];
  return [...dns, 'tcp', ...tls, ...http];
}

/** A URL whose host is an IP address has no name to look up (RFC 3986 §3.2.2). */
function isAddress(url: string): boolean {
  return /^https?:\/\/(?:[^/?#@]*@)?(?:\[|\d{1,3}(?:\.\d{1,3}){3}(?:[:/?#]|$))/i.test(url);
}

/** A server to which the request came more than once has a lane for each time. */
function laneTitle({ server: id }: ServerSide, index: number, all: readonly ServerSide[], language: Language): string {
  const lane = `lane-${id}`;
  if (Object.hasOwn(phaseTexts, lane)) return say(phaseTexts, language, lane as keyof typeof phaseTexts);
  const server = serverName(id, language);
  const count = all.filter((side) => side.server === id).length;
  if (count === 1) return say(phaseTexts, language, 'server-lane', { server });
  const number = all.slice(0, index + 1).filter((side) => side.server === id).length;
  return say(phaseTexts, language, 'server-lane-again', { server, number, count });
}

function serverRow(exchange: Exchange, side: ServerSide, phase: ServerPhase, language: Language): Row {
  return {
    key: `${side.server}-${phase.name}`, lane: 'server', name: phase.name, label: serverPhaseLabel(phase, language), start: phase.start,
    ...(phase.duration === undefined ? {} : { duration: phase.duration }),
    state:
      phase.duration !== undefined ? 'done' : exchange.endAt === undefined ? 'running' : 'open',
    note: serverPhaseNote(phase, side, language),
    ...(phase.duration === 0 && !('startAt' in phase.event) ? { instant: true } : {}),
  };
}

/** One bar stands out when it is longer than all others of its lane, of which none may still become longer. */
function markLongest(rows: Row[]): Row[] {
  if (rows.some(({ state }) => state === 'running' || state === 'open')) return rows;
  const longest = Math.max(...rows.map((row) => row.duration ?? -1));
  if (rows.length < 2 || longest <= 0) return rows;
  return rows.map((row) => row.duration === longest ? { ...row, longest: true } : row);
}

function totalOf(exchange: Exchange, rows: readonly Row[]): number {
  const end = durationOf(exchange) ?? Infinity;
  // What was seen of a connection, a tunnel or a question after the exchange was over does not make it longer.
  const own = rows.filter(({ name, start = 0 }) => name !== 'connection' && name !== 'tunnel'
    && !((name === 'question' || name === 'unreadable') && start > end));
  const ends = own.map((row) => (row.start ?? 0) + (row.duration ?? 0));
  const latest = exchange.events.reduce(
    (last, event) => Math.max(last, event.at),
    exchange.startAt,
  );
  return Math.max(durationOf(exchange) ?? latest - exchange.startAt, ...ends, 0);
}
