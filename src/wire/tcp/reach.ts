import { isIP } from 'node:net';
import type { Failure } from '../../trace/failure.ts';
import { monotonicNow } from '../clock.ts';
import type { ConnectOptions, ResolveOptions } from '../connection.ts';
import { raceAll } from './places.ts';
import type { RaceLimits, Reachable } from './places.ts';
import type { Raced } from './race.ts';

// From a name to a TCP connection: the lookup, then the race, first where HTTPS records lead.

/** A host to be reached, and what for: only of the target itself, a proxy has no HTTPS records. */
interface Destination {
  readonly host: string;
  readonly port: number;
  readonly service: ResolveOptions['service'];
}

type Found =
  | ({ readonly ok: true } & Omit<Reachable, 'host' | 'port'>)
  | { readonly ok: false; readonly failure: Failure };

/** Looks the host up and connects to it within `limits`. Never rejects. */
export async function reachPeer(
  destination: Destination, options: ConnectOptions, limits: RaceLimits,
): Promise<Raced> {
  const found = await lookUp(destination, options);
  if (!found.ok) return found;
  const { host, port } = destination;
  const { emit, signal } = options;
  const raced = await raceAll({ host, port, ...found }, limits, { emit, signal });
  return raced.ok ? raced : { ok: false, failure: { host, port, ...raced.failure } };
}

function lookupOptions(
  { zoneServers, dns, rootServers, resolve, trustAnchors, signal, httpsRecords, timeouts, tls, capture }: ConnectOptions,
): Omit<ResolveOptions, 'onStep'> {
  return {
    zoneServers, dns, rootServers, given: resolve, trustAnchors, systemRoots: tls?.systemRoots, signal, httpsRecords,
    timeout: timeouts.dns, limits: timeouts.lookup, capture: capture ? 'full' : 'none',
  };
}

async function lookUp({ host, port, service }: Destination, options: ConnectOptions): Promise<Found> {
  const family = isIP(host);
  if (family === 4 || family === 6) return { ok: true, addresses: [{ address: host, family }] };
  const { emit, resolver, signal } = options;
  emit({ type: 'dns-start', at: monotonicNow(), name: host });
  const last = { at: 0, toldAt: -Infinity };
  const lookup = resolver.resolve(host, {
    ...lookupOptions(options), port, service,
    onStep: (step) => {
      last.at = Math.max(last.at, step.at);
      last.toldAt = monotonicNow();
      // A question that had left when everything was given up is told with that: its server may have seen it.
      if (!signal?.aborted || step.localPort !== undefined) emit({ type: 'dns-step', at: step.at, step });
    },
    onService: (decision) => {
      if (!signal?.aborted) emit({ type: 'service-binding', at: monotonicNow(), decision });
    },
  });
  const resolution = await orAborted(lookup, signal);
  if (resolution === aborted) return noAddress('cancelled', host);
  if (!resolution.ok) return { ok: false, failure: { host, ...resolution.failure } };
  const { addresses, service: records, more } = resolution;
  emit({ type: 'dns-end', at: endOf(last), addresses: records?.choices[0]?.addresses ?? addresses });
  const hasWay = addresses.length > 0 || (records?.choices.length ?? 0) > 0;
  if (!hasWay) return noAddress('name-without-address', host);
  return { ok: true, addresses, ...(records && { service: records }), ...(more && { more }) };
}

/** An answer that is looked at for longer than this, ms, was not the last one waited for. */
const mostThought = 10;

/**
 * A lookup is over when its last answer has come; sorting the addresses is our own time. Only where another answer was
 * waited for in vain (RFC 8305 §3: 50 ms) does it end when that wait does.
 */
function endOf({ at, toldAt }: { readonly at: number; readonly toldAt: number }): number {
  const now = monotonicNow();
  return now - toldAt < mostThought ? at : now;
}

function noAddress(code: Failure['code'], host: string): Extract<Found, { ok: false }> {
  return { ok: false, failure: { phase: 'dns', code, confidence: 'certain', host } };
}

const aborted = Symbol('aborted');

/** What the promise gives, or `aborted` as soon as the signal is, whatever the promise does. */
function orAborted<T>(
  promise: Promise<T>, signal: AbortSignal | undefined,
): Promise<T | typeof aborted> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(aborted);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
