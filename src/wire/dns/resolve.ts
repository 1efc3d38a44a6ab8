import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import type { DnsStep, IpAddress } from '../../trace/event.ts';
import { monotonicNow } from '../clock.ts';
import type { Resolution, ResolveOptions, Resolver } from '../connection.ts';
import { kernelSourceOf, orderAddresses } from './addressOrder.ts';
import type { SourceOf } from './addressOrder.ts';
import { queryAddresses, routeOf } from './addressQuery.ts';
import type { Found, Lookup } from './addressQuery.ts';
import { createCache } from './cache.ts';
import { createConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { createCurrentFile } from './currentFile.ts';
import type { Current } from './currentFile.ts';
import type { Server } from './exchange.ts';
import { askGetaddrinfo, systemGetaddrinfo } from './getaddrinfo.ts';
import type { Getaddrinfo } from './getaddrinfo.ts';
import { parseHostsFile, systemHostsFile } from './hostsFile.ts';
import type { HostsFile } from './hostsFile.ts';
import { givenAddresses, listedAddresses, literalAddress, loopbackAddresses } from './localNames.ts';
import { cancelledLookup, invalidName, lookupFailure, unknownServer } from './lookupFailure.ts';
import { better, withinResolutionDelay } from './families.ts';
import { canonicalName, countDots, isWithin, nameProblem } from './name.ts';
import { searchCandidates } from './resolvConf.ts';
import { Hold, systemSchedule } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { createSecureSession } from './secureQuery.ts';
import type { SecureOptions, SecureSession } from './secureQuery.ts';
import { parseSecureServer } from './secureServer.ts';
import { createWalk, isPrivate, ownRoots, reverseName, walkToAddresses } from './trace.ts';
import { walkTo } from './walk.ts';

/**
 * Everything is optional; what is left out is as the operating system has it, and the limits of
 * SAFETY.md.
 */
export interface ResolverOptions {
  readonly hostsFile?: string;
  readonly resolvConf?: string;
  /** Port of the servers in resolv.conf; default 53. */
  readonly serverPort?: number;
  /** To be asked instead of the configured servers; none at all leaves getaddrinfo. */
  readonly servers?: readonly Server[];
  /**
   * Milliseconds a try, default 5,000, and tries over all servers, default 3; resolv.conf's options
   * go first.
   */
  readonly timeout?: number;
  readonly tries?: number;
  /** RFC 8305 §3, milliseconds; default 50. */
  readonly resolutionDelay?: number;
  /** Monotonic, milliseconds: for the steps and for the cache. */
  readonly now?: () => number;
  readonly schedule?: Schedule;
  readonly getaddrinfo?: Getaddrinfo;
  readonly sourceOf?: SourceOf;
  /** A whole number below its argument, from 0: the order of servers and the letters of names. */
  readonly random?: (limit: number) => number;
  readonly platform?: NodeJS.Platform;
}

// Within this the system's own retries (resolv.conf(5): 5 s, twice) have come to an end.
const getaddrinfoTimeout = 10_000;
// Each address costs a socket to order; a name server's are limited to 32 a family already.
const addressLimit = 64;

/** The options with their defaults, and what lives as long as the resolver. */
interface Means extends Required<Omit<ResolverOptions, 'resolvConf' | 'servers' | 'serverPort'>> {
  readonly readHosts: () => Promise<Current<HostsFile>>;
  readonly readConfiguration: () => Promise<Configuration>;
  readonly cache: Lookup['cache'];
}

/** A name under way. */
interface Search {
  readonly name: string;
  readonly options: ResolveOptions;
  readonly signal: AbortSignal;
  readonly steps: DnsStep[];
  readonly onStep: (step: DnsStep) => void;
  readonly hold: Hold;
}

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
    resolve: (name, resolveOptions) => resolveName(name, resolveOptions, means),
    reverse: (address, resolveOptions) => reverseLookup(address, resolveOptions, means),
  };
}

function createMeans(options: ResolverOptions): Means {
  const { platform = process.platform, timeout = 5000, tries = 3, now = monotonicNow } = options;
  const { servers, resolvConf, serverPort = 53, hostsFile = systemHostsFile(platform) } = options;
  return {
    hostsFile,
    timeout,
    tries,
    now,
    platform,
    resolutionDelay: options.resolutionDelay ?? 50,
    schedule: options.schedule ?? systemSchedule,
    getaddrinfo: options.getaddrinfo ?? systemGetaddrinfo,
    sourceOf: options.sourceOf ?? kernelSourceOf,
    random: options.random ?? randomInt,
    readHosts: createCurrentFile<HostsFile>(hostsFile, parseHostsFile, new Map()),
    readConfiguration: createConfiguration({
      platform,
      resolvConf,
      servers,
      serverPort,
      timeout,
      tries,
    }),
    cache: createCache(now),
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
  const local =
    (await listedAddresses(name, means, onStep)) ?? loopbackAddresses(name, means.now, onStep);
  if (local) return resolved(local, means);
  return search.options.dns === 'trace' ? walkNetwork(search, means) : askNetwork(search, means);
}

async function walkNetwork({ name, options, signal, hold, steps, onStep }: Search, means: Means): Promise<Resolution> {
  const { schedule, now, timeout } = means;
  const context = { signal, hold, schedule, now, timeout };
  const walk = createWalk(canonicalName(name), { ...means, ...options, context, onStep });
  const found = await walkToAddresses(name, walk, options.service, means);
  if (found.kind === 'addresses') return resolved(found.addresses, means);
  return { ok: false, failure: lookupFailure({ name, found, steps }) };
}

/** RFC 1035 §3.5, RFC 3596 §2.5. Private addresses are nothing that the servers of the Internet know (RFC 6303). */
async function reverseLookup(address: string, options: ResolveOptions, means: Means): Promise<void> {
  const question = { name: reverseName(address), type: 'PTR' } as const;
  if (isPrivate(address) && ownRoots(question.name, options) === undefined) return;
  const { schedule, now, timeout } = means;
  const hold = new Hold();
  const context = { signal: options.signal ?? new AbortController().signal, hold, schedule, now, timeout };
  const walk = createWalk(question.name, { ...means, ...options, context, onStep: options.onStep });
  // Nobody waits for it: it must not keep the process either.
  hold.release();
  await walkTo({ question, purpose: 'peer-name', path: [] }, walk);
}

async function resolved(addresses: readonly IpAddress[], means: Means): Promise<Resolution> {
  return {
    ok: true,
    addresses: await orderAddresses(addresses.slice(0, addressLimit), means.sourceOf),
  };
}

async function askNetwork(search: Search, means: Means): Promise<Resolution> {
  const { dns } = search.options;
  const server = dns === undefined ? undefined : parseSecureServer(dns);
  if (dns !== undefined && server === undefined) {
    return { ok: false, failure: unknownServer(search.name, dns) };
  }
  if (server === undefined) return askConfigured(search, means, await means.readConfiguration());
  const secure = createSecureSession(server, secureOptions(search, means));
  try {
    return await askConfigured(search, means, unconfigured(means), secure);
  } finally {
    secure.release();
  }
}

/** A server that was chosen is asked for the name as it is, without the system's search list. */
function unconfigured({ timeout, tries }: Means): Configuration {
  return { servers: [], search: [], ndots: 1, timeout, tries };
}

/** The name of an HTTPS server is looked up as others are, its steps coming first. */
function secureOptions({ options, signal, hold, onStep }: Search, means: Means): SecureOptions {
  const { schedule, now, timeout } = means;
  const { zoneServers, trustAnchors } = options;
  return {
    trustAnchors, onStep, context: { signal, hold, schedule, now, timeout },
    async findAddresses(host) {
      const found = await resolveName(host, { zoneServers, signal, onStep }, means);
      return found.ok ? found.addresses : [];
    },
  };
}

async function askConfigured(
  search: Search, means: Means, configuration: Configuration, secure?: SecureSession,
): Promise<Resolution> {
  const { name, steps, onStep, hold, signal } = search;
  const lookup: Lookup = {
    zoneServers: search.options.zoneServers ?? [],
    configuration,
    ...(secure && { secure }),
    timeout: means.timeout,
    tries: means.tries,
    cache: means.cache,
    zonesAsked: new Set(),
    context: { signal, hold, schedule: means.schedule, now: means.now },
    onStep,
  };
  const found = await askNameServers(name, lookup, means);
  if (found?.kind === 'addresses') return resolved(found.addresses, means);
  const [zone] = lookup.zonesAsked;
  // RFC 8310 §5: nobody else is told what was asked of a server over TLS.
  const mayAskSystem = zone === undefined && secure === undefined && !signal.aborted;
  if (mayAskSystem && isForSystem(name, found, means.platform)) {
    const context = { ...lookup.context, timeout: getaddrinfoTimeout };
    const { addresses, step } = await askGetaddrinfo(name, means.getaddrinfo, context);
    onStep(step);
    if (addresses.length > 0) return resolved(addresses, means);
  }
  return { ok: false, failure: lookupFailure({ name, found, zone, steps }) };
}

/** Gives undefined when there is no server to ask. */
async function askNameServers(
  name: string,
  lookup: Lookup,
  means: Means,
): Promise<Found | undefined> {
  const own = canonicalName(name);
  const inZone = routeOf(own, lookup).zone !== undefined;
  const hasServers = lookup.configuration.servers.length > 0 || lookup.secure !== undefined;
  if (!inZone && !hasServers) return undefined;
  const candidates = inZone ? [own] : searchCandidates(name, lookup.configuration);
  let best: Found | undefined;
  for (const candidate of candidates) {
    const found = await askBothFamilies(candidate, lookup, means);
    best = best === undefined ? found : better(best, found);
    if (found.kind === 'addresses') return found;
    // Servers that are silent now will be silent about the next candidate too.
    if (found.kind === 'failed' && found.timedOut) return found;
  }
  return best;
}

async function askBothFamilies(name: string, lookup: Lookup, means: Means): Promise<Found> {
  const found = await withinResolutionDelay(
    queryAddresses(name, 'A', lookup),
    queryAddresses(name, 'AAAA', lookup),
    means,
  );
  return found.reduce(better);
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
