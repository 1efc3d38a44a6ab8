import { explainLink, isPeerProxy, wayOf } from '../explain/link.ts';
import { explainService, explainServiceReason, serviceVerdict } from '../explain/service.ts';
import { explainSilence, figuresOf } from '../explain/tcpFigures.ts';
import type { Language } from '../explain/text/language.ts';
import { linkTexts } from '../explain/text/link.ts';
import { tcpTexts } from '../explain/text/tcp.ts';
import { say } from '../explain/text/text.ts';
import type { Connection, Exchange } from '../trace/exchange.ts';
import { hang, heading } from './columns.ts';
import { factLines } from './factLines.ts';
import { dim, printable } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/**
 * What is known of a connection beside its phases, as lines for a terminal: what HTTPS records did, the way of the
 * packets, the figures of the kernel that tell something, the peer's name. Of loopback only what was asked for, but
 * `verbose` all of it.
 */
export function connectionLines(
  exchange: Exchange, verbose: boolean, language: Language, terminal: Terminal,
): string[] {
  const { connection, startAt, reused } = exchange;
  if (!connection) return [];
  const sentences = reused ? [] : explainService(connection, language);
  const lines = [
    ...(verbose ? sentences : sentences.slice(0, 2)),
    ...(reused || !verbose ? [] : recordsOf(connection, language)),
    ...(reused ? [] : wayLines(connection, isPeerProxy(exchange), verbose, language)),
    ...(verbose ? [] : figureLines(connection, startAt, language)),
    ...nameLines(connection, language),
  ];
  const shade = (line: string): string => dim(line, terminal);
  return [
    ...(lines.length === 0 ? [] : ['', ...lines.flatMap((line) => hang('  ', printable(line), terminal, { shade }))]),
    ...(verbose ? allFigures(connection, startAt, language, terminal) : []),
  ];
}

/** Each HTTPS record, used or why not. */
function recordsOf({ service }: Connection, language: Language): string[] {
  return (service?.considered ?? []).map((one) => {
    const told = [serviceVerdict(one, language), explainServiceReason(one, language)].filter((part) => part !== undefined);
    return `${one.used ? '✓' : '·'} ${one.owner} ${one.value}: ${told.join(': ')}`;
  });
}

function wayLines(connection: Connection, isProxy: boolean, verbose: boolean, language: Language): string[] {
  const { link } = connection;
  if (!link || (link.kind === 'loopback' && !verbose)) return [];
  const way = wayOf(connection, language, isProxy).map(({ name, lines }) => `${name} ${lines.join(', ')}`).join(' → ');
  const isToTell = verbose || link.kind === 'unsupported' || link.kind === 'unknown';
  return [way, ...(isToTell ? explainLink(connection, language) : [])];
}

/** Every figure, each time the kernel was asked. */
function allFigures(connection: Connection, startAt: number, language: Language, terminal: Terminal): string[] {
  const title = say(tcpTexts, language, 'figures');
  const table = figuresOf(connection, Math.min(startAt, connection.startAt), language);
  const silence = explainSilence(connection, language);
  if (!table) return silence === undefined ? [] : ['', heading(title, '', terminal), ...hang('  ', silence, terminal)];
  const times = table.times.map((time) => say(tcpTexts, language, 'at-connected', { time })).join(' → ');
  const rows = table.rows.map(({ name, values }) => ({
    name, text: (new Set(values).size === 1 ? values.slice(0, 1) : values).map((value) => value ?? '–').join(' → '),
  }));
  return ['', heading(title, times, terminal), ...factLines(rows, 2, terminal)];
}

/** The round trip, what was sent again, and how much may be on its way. */
const told = 5;

function figureLines(connection: Connection, startAt: number, language: Language): string[] {
  const isLoopback = connection.link?.kind === 'loopback';
  const hasLoss = connection.tcp?.some(({ figures }) => figures?.retransmissions !== undefined) ?? false;
  if (isLoopback && !hasLoss) return [];
  const table = figuresOf(connection, Math.min(startAt, connection.startAt), language);
  if (!table) return [explainSilence(connection, language)].filter((one) => one !== undefined);
  const rows = table.rows.slice(1, told).flatMap(({ name, values }) => {
    const value = values.at(-1);
    return value === undefined ? [] : [`${name} ${value}`];
  });
  return [rows.join(' · ')];
}

function nameLines({ peerName }: Connection, language: Language): string[] {
  if (!peerName) return [];
  const names = peerName.names.length === 0 ? say(linkTexts, language, 'peer-name-none') : peerName.names.join(', ');
  return [`${say(linkTexts, language, 'peer-name')} ${names}`];
}
