import type { IpAddress } from '../../trace/dnsStep.ts';
import type { ConnectionEvent } from '../../trace/event.ts';
import { canonicalName } from '../dns/name.ts';
import { afterUnreachable } from '../dns/service.ts';
import type { FoundService } from '../dns/service.ts';
import { race } from './race.ts';
import type { Raced, RaceOptions } from './race.ts';
import { systemSchedule } from './schedule.ts';

// The places that may stand for an origin, one race after the other, all of them within one limit.

/** What is known of an origin; `addresses` are its own, and may be none where HTTPS records lead elsewhere. */
export interface Reachable {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly IpAddress[];
  readonly service?: FoundService;
  /** See `Resolution.more`. */
  readonly more?: Promise<readonly IpAddress[]>;
}

/** For all races of one connection together. */
export interface RaceLimits {
  /** ms. */
  readonly timeout: number;
  readonly maxAttempts: number;
}

type Means = Pick<RaceOptions, 'signal' | 'emit' | 'schedule' | 'dial'>;

interface Place {
  readonly addresses: readonly IpAddress[];
  readonly port: number;
  /** How many endpoints of HTTPS records come before it. */
  readonly after: number;
  readonly more?: Promise<readonly IpAddress[]>;
}

/**
 * RFC 9460 §3: connects to the endpoints of the records in their order, then to the origin itself as if there were none
 * (§3.1: a client for which they are optional goes on without). What is left of the time is shared by the places left,
 * so that a silent one does not take all of it. Never rejects.
 */
export async function raceAll(reachable: Reachable, limits: RaceLimits, means: Means): Promise<Raced> {
  const { service } = reachable;
  const places = placesOf(reachable);
  const schedule = means.schedule ?? systemSchedule;
  const end = schedule.now() + limits.timeout;
  const tried: string[] = [];
  const emit = watching(means.emit, tried);
  let untried = 0;
  for (const [index, { addresses, port, more }] of places.entries()) {
    const left = places.length - index;
    const raced = await race({
      ...means, addresses, port, emit, firstAttempt: tried.length, timeout: Math.max(0, (end - schedule.now()) / left),
      // One attempt at least is kept for each place that follows.
      maxAttempts: Math.max(1, limits.maxAttempts - tried.length - left + 1),
      ...(more ? { more } : {}),
    });
    if (raced.ok || raced.failure.code === 'cancelled') return raced;
    untried += raced.untried ?? 0;
    const next = places[index + 1];
    if (next && service && tried.length < limits.maxAttempts) {
      emit({ type: 'service-binding', at: schedule.now(), decision: afterUnreachable(service, next.after) });
      continue;
    }
    for (const unseen of places.slice(index + 1)) untried += unseen.addresses.length;
    return failedAfter(raced, tried, untried, limits);
  }
  return race({ ...means, ...limits, addresses: [], port: reachable.port });
}

/** Each address and port once: to try it again would only take its time from the others. */
function placesOf({ host, port, addresses, service, more }: Reachable): Place[] {
  const known = new Set<string>();
  const unknown = (these: readonly IpAddress[], at: number): IpAddress[] => these.filter(({ address }) => {
    const place = `${address} ${at}`;
    return !known.has(place) && known.add(place);
  });
  const choices = (service?.choices ?? []).map(({ addresses: to, endpoint }, after): Place => ({
    addresses: unknown(to, endpoint.port), port: endpoint.port, after,
    ...(more && endpoint.target === canonicalName(host) ? { more } : {}),
  })).filter(isPlace);
  const hasMore = choices.some((choice) => choice.more && choice.port === port);
  const origin: Place = {
    addresses: unknown(addresses, port), port, after: service?.choices.length ?? 0,
    ...(more && !hasMore ? { more } : {}),
  };
  return [...choices, origin].filter(isPlace);
}

function isPlace({ addresses, more }: Place): boolean {
  return addresses.length > 0 || more !== undefined;
}

/** Writes down what is tried, and tells of late addresses once, though two races may wait for them. */
function watching(emit: (event: ConnectionEvent) => void, tried: string[]): (event: ConnectionEvent) => void {
  let isTold = false;
  return (event) => {
    if (event.type === 'dns-late') {
      if (isTold) return;
      isTold = true;
    }
    if (event.type === 'attempt-start') tried.push(event.address);
    emit(event);
  };
}

/** The last race's failure, with what there was to all of them. */
function failedAfter(
  { failure }: Extract<Raced, { ok: false }>, tried: readonly string[], untried: number, limits: RaceLimits,
): Raced {
  const { timeout, maxAttempts } = limits;
  const detail = {
    ...failure.detail, attempts: tried.length, addresses: tried,
    ...(failure.detail?.['limit'] === undefined ? {} : { limit: timeout }),
    ...(untried > 0 && tried.length >= maxAttempts ? { untried, maxAttempts } : {}),
  };
  return { ok: false, failure: { ...failure, detail } };
}
