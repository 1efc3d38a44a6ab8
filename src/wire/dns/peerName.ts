import type { DnsStep } from '../../trace/dnsStep.ts';
import type { ConnectionEvent } from '../../trace/event.ts';
import type { SendOptions } from '../../trace/request.ts';
import { monotonicNow } from '../clock.ts';
import type { Resolver } from '../connection.ts';

/** A connection by its events. */
interface Told {
  readonly events: readonly ConnectionEvent[];
}

/**
 * `# @dns ptr`: looks up the names of the peer's address and tells them as one event, once for each connection. Nobody
 * waits for it; resolves in every case.
 */
export async function tellPeerName(
  { events }: Told, resolver: Resolver, options: SendOptions, emit: (event: ConnectionEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const address = peerAddressIn(events);
  if (address === undefined || !resolver.reverse || events.some(({ type }) => type === 'peer-name')) return;
  const event = await peerNameOf({ address, host: hostIn(events) }, resolver, options, signal);
  if (!signal.aborted) emit(event);
}

/** An address that was connected to; `host` is the name it was found by, if it was. */
export interface Peer {
  readonly address: string;
  readonly host?: string | undefined;
}

/** The names of a peer's address and how they were found. Resolves in every case. */
export async function peerNameOf(
  { address, host }: Peer, resolver: Resolver, options: SendOptions, signal?: AbortSignal,
): Promise<ConnectionEvent> {
  const { zoneServers, dns, rootServers, trustAnchors, timeouts, tls, capture } = options;
  const startAt = monotonicNow();
  const steps: DnsStep[] = [];
  const names = await resolver.reverse?.(address, {
    zoneServers, dns, rootServers, trustAnchors, signal, host, timeout: timeouts?.dns || undefined,
    systemRoots: tls?.systemRoots, capture, onStep: (step) => steps.push(step),
  }).catch(() => []);
  return { type: 'peer-name', at: monotonicNow(), startAt, address, names: names ?? [], steps };
}

function hostIn(events: readonly ConnectionEvent[]): string | undefined {
  const start = events.findLast((event) => event.type === 'dns-start');
  return start?.type === 'dns-start' ? start.name : undefined;
}

function peerAddressIn(events: readonly ConnectionEvent[]): string | undefined {
  const end = events.findLast((event) => event.type === 'attempt-end' && event.outcome === 'connected');
  const attempt = end?.type === 'attempt-end' ? end.attempt : undefined;
  const start = events.findLast((event) => event.type === 'attempt-start' && event.attempt === attempt);
  return start?.type === 'attempt-start' ? start.address : undefined;
}
