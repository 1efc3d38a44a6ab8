import type { IpAddress } from '../../trace/dnsStep.ts';
import type { Resolution, ResolveOptions } from '../connection.ts';
import { orderAddresses } from './addressOrder.ts';
import type { SourceOf } from './addressOrder.ts';
import type { AddressPolicy } from './addressPolicy.ts';
import { queryAddresses, queryValues } from './addressQuery.ts';
import type { Found, Lookup } from './addressQuery.ts';
import { better } from './families.ts';
import { within } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { findService, serviceOwner, unused } from './service.ts';
import type { FoundService, ServiceWays } from './service.ts';

// HTTPS records beside the addresses of a name: asked at the same time, and waited for no longer than for AAAA.

interface ServiceMeans {
  readonly schedule: Schedule;
  readonly resolutionDelay: number;
  readonly sourceOf: SourceOf;
  readonly readPolicy: () => Promise<AddressPolicy>;
  readonly now: () => number;
  /** Until when nobody waits for such an answer, as the last one was late; one for each resolver. */
  readonly impatience: { until: number };
  /** Milliseconds a try, and tries. */
  readonly timeout: number;
  readonly tries: number;
}

/** ms: middleboxes that drop questions of unknown types do so for everybody. */
const impatientFor = 60_000;

type Asked = Pick<ResolveOptions, 'service' | 'httpsRecords' | 'onService'>;

/** The HTTPS records of a canonical name, being asked; undefined when they are not wanted. */
export function beginService(
  name: string, { service, httpsRecords = 'on' }: Asked, ways: ServiceWays,
): Promise<FoundService | undefined> | undefined {
  if (!service || httpsRecords === 'off') return undefined;
  const origin = { name, port: service.port };
  const asked = findService(origin, serviceOwner(origin, service.scheme === 'https' ? 443 : 80), ways);
  // Waited for elsewhere, or not at all.
  asked.catch(() => undefined);
  return asked;
}

/** The ways of configured servers, and of servers over TLS. `own`: the addresses of the name itself, being asked. */
export function configuredWays(
  name: string, own: () => Promise<Found>, lookup: Lookup, { schedule, resolutionDelay }: ServiceMeans,
): ServiceWays {
  const aside: Lookup = { ...lookup, zonesAsked: new Set() };
  const both = async (target: string): Promise<Found> => (await Promise.all([
    queryAddresses(target, 'A', aside, 'service-address'), queryAddresses(target, 'AAAA', aside, 'service-address'),
  ])).reduce(better);
  return {
    random: lookup.letters.random,
    async records(owner) {
      const answered = await queryValues(owner, 'HTTPS', aside, 'service');
      return answered.kind === 'values' ? { owner: answered.name, values: answered.values } : undefined;
    },
    async addresses(target, isUrgent) {
      const asked = target === name ? own() : both(target);
      const found = isUrgent ? await within(asked, resolutionDelay / 2, schedule) : await asked;
      return found?.kind === 'addresses' ? found.addresses : [];
    },
  };
}

/** Addresses, and the records once they are there: within the resolution delay, or they are not gone by. */
export async function withService(
  addresses: readonly IpAddress[], pending: Promise<FoundService | undefined> | undefined, asked: Asked,
  means: ServiceMeans,
): Promise<Extract<Resolution, { ok: true }>> {
  if (!pending) return { ok: true, addresses };
  const { httpsRecords = 'on', onService, service } = asked;
  const tellUnused = (reason: 'only-shown' | 'late' | 'plain'): void => void pending.then(
    (found) => found && onService?.(unused(found.decision, reason)), () => undefined);
  // RFC 9460 §9.5 would turn `http` into `https`: what is asked for here is what was typed.
  const isPlain = service?.scheme === 'http';
  if (httpsRecords === 'show' || isPlain) {
    tellUnused(isPlain ? 'plain' : 'only-shown');
    return { ok: true, addresses };
  }
  const found = await inTime(pending, addresses.length > 0, means);
  if (found === 'late') {
    means.impatience.until = means.now() + impatientFor;
    tellUnused('late');
    return { ok: true, addresses };
  }
  means.impatience.until = 0;
  if (!found) return { ok: true, addresses };
  onService?.(found.decision);
  const policy = await means.readPolicy();
  const choices = await Promise.all(found.choices.map(async (choice) =>
    ({ ...choice, addresses: await orderAddresses(choice.addresses, means.sourceOf, undefined, policy) })));
  return { ok: true, addresses, service: { ...found, choices } };
}

/** Without an address the records are all there is to wait for, as long as for one question. */
async function inTime(
  pending: Promise<FoundService | undefined>, hasAddresses: boolean,
  { schedule, resolutionDelay, now, impatience, timeout, tries }: ServiceMeans,
): Promise<FoundService | 'late' | undefined> {
  if (!hasAddresses) return within(pending, timeout * tries, schedule);
  const patience = now() < impatience.until ? 0 : resolutionDelay;
  const answered = await within(pending.then((found) => ({ found }), () => ({ found: undefined })), patience, schedule);
  return answered === undefined ? 'late' : answered.found;
}
