import { explainLink, wayOf } from '../explain/link.ts';
import { explainService } from '../explain/service.ts';
import { explainSilence, figuresOf } from '../explain/tcpFigures.ts';
import type { Language } from '../explain/text/language.ts';
import { linkTexts } from '../explain/text/link.ts';
import { say } from '../explain/text/text.ts';
import type { Connection, Exchange } from '../trace/exchange.ts';
import { dim, printable } from './chart.ts';
import type { Terminal } from './chart.ts';

/**
 * What is known of a connection beside its phases, as lines for a terminal: what HTTPS records did, the way of the
 * packets, the figures of the kernel that tell something, the peer's name. Of loopback only what was asked for; all of
 * it is in the JSON.
 */
export function connectionLines(
  { connection, startAt, reused }: Exchange, language: Language, terminal: Terminal,
): string[] {
  if (!connection) return [];
  const lines = [
    ...(reused ? [] : explainService(connection, language).slice(0, 2)),
    ...(reused ? [] : wayLines(connection, language)),
    ...figureLines(connection, startAt, language),
    ...nameLines(connection, language),
  ];
  return lines.length === 0 ? [] : ['', ...lines.map((line) => dim(`  ${printable(line)}`, terminal))];
}

function wayLines(connection: Connection, language: Language): string[] {
  const { link } = connection;
  if (!link || link.kind === 'loopback') return [];
  const way = wayOf(connection, language).map(({ name, lines }) => `${name} ${lines.join(', ')}`).join(' → ');
  return [way, ...(link.kind === 'unsupported' || link.kind === 'unknown' ? explainLink(connection, language) : [])];
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
