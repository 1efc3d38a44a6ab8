import type { Attempt, Connection, Exchange } from '../trace/exchange.ts';
import { formatEndpoint } from './format.ts';
import type { Language } from './text/language.ts';
import { linkTexts } from './text/link.ts';
import { say } from './text/text.ts';

/** A place that packets pass, with what is known of it. */
interface WayPoint {
  readonly kind: 'machine' | 'interface' | 'gateway' | 'peer';
  readonly name: string;
  readonly lines: readonly string[];
}

/** Whether the peer is a proxy: one that opened a tunnel, or one that was handed the request itself. */
export function isPeerProxy({ connection, spec }: Pick<Exchange, 'connection' | 'spec'>): boolean {
  return connection?.proxy !== undefined || spec.options.proxy !== undefined;
}

/** From this machine to the peer, as far as it is known; empty before the link was read. */
export function wayOf(
  connection: Connection, language: Language, isProxy = connection.proxy !== undefined,
): WayPoint[] {
  const { link, peerAddress, peerPort, peerName } = connection;
  if (!link || peerAddress === undefined) return [];
  const text = (id: keyof typeof linkTexts): string => say(linkTexts, language, id);
  const mac = (address: string | undefined): string[] => {
    if (link.kind === 'loopback' || link.kind === 'point-to-point') return [];
    return [address === undefined ? text('mac-unknown') : say(linkTexts, language, 'mac', { mac: address })];
  };
  const own: WayPoint = {
    kind: 'machine', name: text('this-machine'), lines: [link.sourceAddress ?? ''].filter(Boolean),
  };
  const via: WayPoint[] = link.interface === undefined ? [] : [{
    kind: 'interface', name: text('interface'),
    lines: [link.interface, ...(link.mac === undefined ? [] : mac(link.mac))],
  }];
  const router: WayPoint[] = link.gateway === undefined ? [] : [{
    kind: 'gateway', name: text('gateway'), lines: [link.gateway, ...mac(link.neighbour?.mac)],
  }];
  const peer: WayPoint = {
    kind: 'peer', name: text(isProxy ? 'proxy' : 'server'),
    lines: [
      formatEndpoint(peerAddress, peerPort), ...peerName?.names.slice(0, 1) ?? [],
      ...(link.kind === 'direct' ? mac(link.neighbour?.mac) : []),
    ],
  };
  return [own, ...via, ...router, peer];
}

/** What the link means, in sentences; none before it was read. */
export function explainLink({ link, peerAddress = '' }: Connection, language: Language): string[] {
  if (!link) return [];
  const { kind, route = '', table, gateway = '', neighbour, sources } = link;
  const from = sources.length === 0 ? [] : [say(linkTexts, language, 'read-from', { sources: sources.join(', ') })];
  const places = { route, gateway, interface: link.interface ?? '' };
  const rule = table === undefined ? [] : [say(linkTexts, language, 'table', { table })];
  if (kind === 'point-to-point') {
    return [say(linkTexts, language, gateway === '' ? kind : `${kind}-gateway`, places), ...rule, ...from];
  }
  if (kind !== 'gateway' && kind !== 'direct') return [say(linkTexts, language, kind), ...from];
  // RFC 5549: a gateway for IPv4 may be a neighbour of IPv6.
  const protocol = (gateway || peerAddress).includes(':') ? 'ndp' : 'arp';
  return [
    say(linkTexts, language, `${kind}-${protocol}`, places), ...rule,
    ...(neighbour?.mac === undefined ? [say(linkTexts, language, 'neighbour-unknown')] : []),
    ...(neighbour?.state === undefined ? [] : [
      say(linkTexts, language, 'neighbour-state', { state: neighbour.state }),
    ]),
    ...from,
  ];
}

/** By which rules the attempts came one after the other; undefined of a single one. */
export function explainRace({ attempts, service }: Connection, language: Language): string | undefined {
  if (attempts.length < 2) return undefined;
  const hasMovedOn = service?.considered.some(({ reason }) => reason === 'unreachable') ?? false;
  const ids = hasMovedOn ? ['race-text', 'race-places'] as const : ['race-text'] as const;
  return ids.map((id) => say(linkTexts, language, id)).join(' ');
}

/** An attempt as a bar: ms from the first one's start. Without `duration` its end was not seen. */
interface RaceBar {
  readonly attempt: Attempt;
  readonly start: number;
  readonly duration?: number;
}

/** The attempts side by side on an axis of `total` ms. */
export function raceOf(attempts: readonly Attempt[]): { bars: readonly RaceBar[]; total: number } {
  const first = Math.min(...attempts.map(({ startAt }) => startAt));
  const last = Math.max(...attempts.map(({ startAt, endAt }) => endAt ?? startAt));
  return {
    total: Math.max(0, last - first),
    bars: attempts.map((attempt) => ({
      attempt, start: attempt.startAt - first,
      ...(attempt.endAt === undefined ? {} : { duration: attempt.endAt - attempt.startAt }),
    })),
  };
}
