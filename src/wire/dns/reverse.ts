import type { ZoneServers } from '../../trace/request.ts';
import type { Resolution, ResolveOptions } from '../connection.ts';
import { queryValues, routeOf } from './addressQuery.ts';
import { isWalk } from './asked.ts';
import { askGetnameinfo } from './getnameinfo.ts';
import { listedNames } from './localNames.ts';
import type { Means } from './means.ts';
import { canonicalName, isWithin } from './name.ts';
import { Hold } from './schedule.ts';
import { hasServers, lookupFor, serversFor } from './search.ts';
import type { Search } from './search.ts';
import { createWalk, isPrivate, ownRoots, reverseName } from './trace.ts';
import { walkTo } from './walk.ts';

// The names of an address (RFC 1035 §3.5, RFC 3596 §2.5), asked of those who are asked for the addresses of names.

const nameLimit = 8;

/**
 * The names of an address, as the hosts file or its servers tell them; from the root, of chosen servers or of the
 * system where that is asked for. `resolve` finds the addresses of a server that is given by name.
 */
export async function reverseLookup(
  address: string, options: ResolveOptions, means: Means,
  resolve: (name: string, options: ResolveOptions, means: Means) => Promise<Resolution>,
): Promise<readonly string[]> {
  const signal = options.signal ?? new AbortController().signal;
  const hold = new Hold();
  const search: Search = { name: reverseName(address), options, signal, steps: [], onStep: options.onStep, hold };
  // Nobody waits for it: it must not keep the process either.
  hold.release();
  if (options.dns === 'system') return askSystem(address, search, means);
  const own = ownServers(search.name, options);
  // The hosts file knows this machine by its own name, and not by those that other servers have for it.
  const listed = own ? undefined : await listedNames(address, means, options.onStep);
  if (listed) return listed;
  const whole = own ? { ...search, options: { ...options, zoneServers: [...options.zoneServers ?? [], own] } } : search;
  return isWalk(options.dns) ? walkToNames(address, whole, means) : askForNames(whole, means, resolve);
}

/** Of a host whose zone has servers of its own: these servers, if they have the names of its addresses too. */
function ownServers(name: string, { host, zoneServers = [] }: ResolveOptions): ZoneServers | undefined {
  if (host === undefined) return undefined;
  const own = canonicalName(host);
  const [nearest] = zoneServers.filter(({ zone }) => isWithin(own, canonicalName(zone)))
    .sort((a, b) => b.zone.length - a.zone.length);
  const zone = nearest?.reverse?.find((one) => isWithin(name, canonicalName(one)));
  return nearest && zone !== undefined ? { zone, servers: nearest.servers } : undefined;
}

async function askForNames(
  search: Search, means: Means, resolve: Parameters<typeof reverseLookup>[3],
): Promise<readonly string[]> {
  const servers = await serversFor(search, means, resolve);
  if (servers === undefined) return [];
  const lookup = lookupFor(search, means, servers);
  try {
    if (!hasServers(lookup) && routeOf(search.name, lookup).zone === undefined) return [];
    const answered = await queryValues(search.name, 'PTR', lookup, 'peer-name');
    return answered.kind === 'values' ? answered.values.slice(0, nameLimit).map(canonicalName) : [];
  } finally {
    servers.secure?.release();
  }
}

/** `# @dns system`: whatever getnameinfo says, which reads the hosts file itself. */
async function askSystem(
  address: string, { signal, hold, onStep }: Search, means: Means,
): Promise<readonly string[]> {
  const { schedule, now, timeout, getnameinfo } = means;
  const step = await askGetnameinfo(address, getnameinfo, { signal, hold, schedule, now, timeout });
  onStep(step);
  return step.records?.map(({ value }) => value) ?? [];
}

/** Private addresses are nothing that the servers of the Internet know (RFC 6303). */
async function walkToNames(address: string, search: Search, means: Means): Promise<readonly string[]> {
  const { name, options, signal, hold, onStep } = search;
  if (isPrivate(address) && ownRoots(name, options) === undefined) return [];
  const { schedule, now, timeout } = means;
  const walk = createWalk(name, { ...means, ...options, context: { signal, hold, schedule, now, timeout }, onStep });
  const reached = await walkTo({ question: { name, type: 'PTR' }, purpose: 'peer-name', path: [] }, walk);
  return reached.kind === 'answer' ? reached.values.slice(0, nameLimit).map(canonicalName) : [];
}
