import type { Connection, ServerSide } from './exchange.ts';
import type { DnsStep } from './dnsStep.ts';
import type { ServerEvent } from './serverEvent.ts';

/** Whether it is a name server's account, which saw questions and no request. */
export function isNameServerSide({ events }: ServerSide): boolean {
  return events.every(isOfNameServer);
}

/** Whether an event is what a name server tells of a message. */
export function isOfNameServer({ type }: ServerEvent): boolean {
  return type === 'question' || type === 'unreadable';
}

/** Every question that was asked for the sake of a connection, with what came of it. */
export function questionsFor({ lookup, proxies = [], peerName }: Connection): readonly DnsStep[] {
  return [...lookup?.steps ?? [], ...proxies.flatMap((hop) => hop.lookup?.steps ?? []), ...peerName?.steps ?? []];
}
