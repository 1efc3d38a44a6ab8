import { hostname } from 'node:os';
import type { DnsStep, IpAddress } from '../../trace/dnsStep.ts';
import type { Failure } from '../../trace/failure.ts';
import type { Resolution, ResolveOptions, Resolver } from '../connection.ts';
import { orderAddresses } from './addressOrder.ts';
import { queryAddresses, routeOf } from './addressQuery.ts';
import type { Found, Lookup } from './addressQuery.ts';
import { isWalk } from './asked.ts';
import { askGetaddrinfo } from './getaddrinfo.ts';
import { givenAddresses, listedAddresses, literalAddress, loopbackAddresses } from './localNames.ts';
import { cancelledLookup, invalidName, lookupFailure, onionName, unknownServer } from './lookupFailure.ts';
import { better, withinResolutionDelay } from './families.ts';
import { withLimitedMessages } from './keptMessages.ts';
import { createMeans } from './means.ts';
import type { Means, ResolverOptions } from './means.ts';
import { canonicalName, countDots, isWithin, nameProblem } from './name.ts';
import { reverseLookup } from './reverse.ts';
import { Hold } from './schedule.ts';
import { hasServers, lookupFor, meansFor, serversFor } from './search.ts';
import type { Search, Servers } from './search.ts';
import type { FoundService } from './service.ts';
import { beginService, configuredWays, withService } from './serviceLookup.ts';
import { createWalk, walkToAddresses, walkWays } from './trace.ts';

// Within this the system's own retries (resolv.conf(5): 5 s, twice) have come to an end.
const getaddrinfoTimeout = 10_000;

/**
 * Creates a resolver with a cache of its own. It goes in the operating system's order: literal
 * addresses, the hosts file, `localhost` (RFC 6761 §6.3), then, from the cache or over the network,
 * the servers of the longest zone given with the lookup, or the configured ones and after them
 * getaddrinfo. `resolve` rejects for programmer errors only; cancelled by its signal it resolves at
 * once.
 */
export function createResolver(options: ResolverOptions = {}): Resolver {
  const means = createMeans(options);
  return {
    resolve: (name, asked) => resolveName(name, withLimitedMessages(asked), meansFor(means, asked)),
    reverse: (address, asked) =>
      reverseLookup(address, withLimitedMessages(asked), meansFor(means, asked), resolveName),
  };
}

async function resolveName(
  name: string,
  options: ResolveOptions,
  means: Means,
): Promise<Resolution> {
  const signal = options.signal ?? new AbortController().signal;
  if (signal.aborted) return { ok: false, failure: cancelledLookup(name) };
  const steps: DnsStep[] = [];
  const onStep = (step: DnsStep): void => {
    steps.push(step);
    options.onStep(step);
  };
  const search: Search = { name, options, signal, steps, onStep, hold: new Hold() };
  try {
    const resolution = await find(search, means);
    return signal.aborted ? { ok: false, failure: cancelledLookup(name) } : resolution;
  } finally {
    search.hold.release();
  }
}

async function find(search: Search, means: Means): Promise<Resolution> {
  const { name, onStep } = search;
  const literal = literalAddress(name, means.now, onStep);
  if (literal) return { ok: true, addresses: [literal] };
  const given = givenAddresses(name, search.options, means.now, onStep);
  // In the order given: whoever gives addresses has chosen.
  if (given) return { ok: true, addresses: given };
  const problem = nameProblem(name);
  if (problem !== undefined) return { ok: false, failure: invalidName(name, problem) };
  const isOnion = isWithin(canonicalName(name), 'onion');
  if (search.options.dns === 'system' && !isOnion) return askSystem(search, means);
  const local =
    (await listedAddresses(name, means, onStep)) ?? loopbackAddresses(name, means.now, onStep);
  if (local) return resolved(local, means);
  if (isOnion) return { ok: false, failure: onionName(name) };
  if (await isLeftToSystem(search, means)) return askSystem(search, means);
  return isWalk(search.options.dns) ? walkNetwork(search, means) : askNetwork(search, means);
}

/** RFC 6762 §22.1: `.local` names are no business of name servers where the system asks the link for them. */
async function isLeftToSystem({ name, options: { dns, zoneServers = [] } }: Search, means: Means): Promise<boolean> {
  const own = canonicalName(name);
  const isChosen = dns !== undefined || zoneServers.some(({ zone }) => isWithin(own, canonicalName(zone)));
  return !isChosen && isWithin(own, 'local') && means.systemFacts.asksLink();
}

async function walkNetwork({ name, options, signal, hold, steps, onStep }: Search, means: Means): Promise<Resolution> {
  const { schedule, now, timeout } = means;
  const context = { signal, hold, schedule, now, timeout };
  const walk = createWalk(canonicalName(name), { ...means, ...options, context, onStep });
  let service: Promise<FoundService | undefined> | undefined;
  const found = await walkToAddresses(name, walk, means, () => {
    service = beginService(canonicalName(name), options, walkWays(walk));
  });
  return concluded(found, service, options, means, () => lookupFailure({ name, found: withoutAddress(found), steps }));
}

function withoutAddress(found: Found | undefined): Exclude<Found, { kind: 'addresses' }> | undefined {
  return found?.kind === 'addresses' ? undefined : found;
}

/** The addresses, and the HTTPS records if they are in time; a name without addresses may still have such records. */
async function concluded(
  found: Found | undefined, service: Promise<FoundService | undefined> | undefined, options: ResolveOptions,
  means: Means, failure: () => Failure,
): Promise<Resolution> {
  const addresses = found?.kind === 'addresses' ? await inOrder(found.addresses, means) : [];
  if (found?.kind !== 'addresses' && (found?.kind !== 'no-data' || !service)) return { ok: false, failure: failure() };
  const resolution = await withService(addresses, service, options, means);
  const isNowhere = addresses.length === 0 && (resolution.service?.choices.length ?? 0) === 0;
  if (isNowhere) return { ok: false, failure: failure() };
  const more = found.kind === 'addresses' ? found.more : undefined;
  return more ? { ...resolution, more: more.then((late) => lateAddresses(late, means), () => []) } : resolution;
}

function lateAddresses(found: Found, means: Means): Promise<readonly IpAddress[]> | [] {
  return found.kind === 'addresses' ? inOrder(found.addresses, means) : [];
}

async function resolved(addresses: readonly IpAddress[], means: Means): Promise<Resolution> {
  return { ok: true, addresses: await inOrder(addresses, means) };
}

async function inOrder(
  addresses: readonly IpAddress[], { sourceOf, readPolicy }: Means,
): Promise<readonly IpAddress[]> {
  if (addresses.length < 2) return addresses;
  return orderAddresses(addresses, sourceOf, undefined, await readPolicy());
}

/** `# @dns system`: whatever getaddrinfo says, in its own order. */
async function askSystem({ name, steps, onStep, hold, signal }: Search, means: Means): Promise<Resolution> {
  const context = { signal, hold, schedule: means.schedule, now: means.now, timeout: getaddrinfoTimeout };
  const { addresses, step } = await askGetaddrinfo(name, means.getaddrinfo, context, await means.systemFacts.factsOf(name));
  onStep(step);
  if (addresses.length > 0) return { ok: true, addresses };
  return { ok: false, failure: lookupFailure({ name, steps }) };
}

async function askNetwork(search: Search, means: Means): Promise<Resolution> {
  const servers = await serversFor(search, means, resolveName);
  if (servers === undefined) return { ok: false, failure: unknownServer(search.name, search.options.dns ?? '') };
  try {
    return await askServersFor(search, means, servers);
  } finally {
    servers.secure?.release();
  }
}

async function askServersFor(search: Search, means: Means, servers: Servers): Promise<Resolution> {
  const { name, steps, onStep, signal, options } = search;
  const lookup = lookupFor(search, means, servers);
  const { found, service } = await askNameServers(search, lookup, means);
  const [zone] = lookup.zonesAsked;
  const mayAskSystem = zone === undefined && !servers.isChosen && !signal.aborted;
  if (found?.kind !== 'addresses' && mayAskSystem && isForSystem(name, found, means.platform)) {
    const context = { ...lookup.context, timeout: getaddrinfoTimeout };
    const asked = await askGetaddrinfo(name, means.getaddrinfo, context, await means.systemFacts.factsOf(name));
    onStep(asked.step);
    if (asked.addresses.length > 0) return resolved(asked.addresses, means);
  }
  const failure = (): Failure => lookupFailure({ name, found: withoutAddress(found), zone, steps });
  return concluded(found, service, options, means, failure);
}

interface Asked {
  /** Absent when there is no server to ask. */
  readonly found?: Found;
  readonly service?: Promise<FoundService | undefined> | undefined;
}

async function askNameServers({ name, options }: Search, lookup: Lookup, means: Means): Promise<Asked> {
  const own = canonicalName(name);
  const inZone = routeOf(own, lookup).zone !== undefined;
  if (!inZone && !hasServers(lookup)) return {};
  const candidates = inZone ? [own] : await means.systemFacts.candidatesOf(name, lookup.configuration);
  let best: Asked = {};
  for (const candidate of candidates) {
    const asking = askBothFamilies(candidate, lookup, means);
    const ways = configuredWays(candidate, () => asking, lookup, means);
    const service = options.service?.scheme === 'https' ? beginService(candidate, options, ways) : undefined;
    const found = await asking;
    if (found.kind === 'addresses') return { found, service };
    // As the C library has it: what the name as it is came to counts, where that was asked first.
    const isSettled = best.found !== undefined && candidates[0] === own;
    // Servers that are silent now will be silent about the next candidate too.
    if (found.kind === 'failed' && found.timedOut) return isSettled ? best : { found, service };
    if (isSettled) continue;
    const joined = best.found === undefined ? found : better(best.found, found);
    best = { found: joined, service: joined === found ? service : best.service };
  }
  return best;
}

function askBothFamilies(name: string, lookup: Lookup, means: Means): Promise<Found> {
  const [a, aaaa] = [queryAddresses(name, 'A', lookup), queryAddresses(name, 'AAAA', lookup)];
  return withinResolutionDelay(a, aaaa, means);
}

/**
 * True if getaddrinfo may know more: when no server said anything useful; for the names that other
 * sources of the system serve (RFC 6762 `.local`, single labels, the machine's own name); and on
 * systems that choose their servers by name in ways only they know (NRPT on Windows, scutil on
 * macOS).
 */
function isForSystem(name: string, found: Found | undefined, platform: NodeJS.Platform): boolean {
  if (found === undefined || found.kind === 'failed') return true;
  const own = canonicalName(name);
  return (
    platform === 'win32'
    || platform === 'darwin'
    || countDots(own) === 0
    || isWithin(own, 'local')
    || own === canonicalName(hostname())
  );
}
