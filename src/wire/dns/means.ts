import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { monotonicNow } from '../clock.ts';
import { kernelSourceOf } from './addressOrder.ts';
import type { SourceOf } from './addressOrder.ts';
import { defaultPolicy, gnuPolicy, parseGaiConf } from './addressPolicy.ts';
import type { AddressPolicy } from './addressPolicy.ts';
import type { Lookup } from './addressQuery.ts';
import { createCache } from './cache.ts';
import { createConfiguration } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { createCurrentFile } from './currentFile.ts';
import type { Current } from './currentFile.ts';
import type { Server } from './exchange.ts';
import { systemGetaddrinfo } from './getaddrinfo.ts';
import type { Getaddrinfo } from './getaddrinfo.ts';
import { systemGetnameinfo } from './getnameinfo.ts';
import type { Getnameinfo } from './getnameinfo.ts';
import { parseHostsFile, systemHostsFile } from './hostsFile.ts';
import type { HostsFile } from './hostsFile.ts';
import { createRoundTrips } from './roundTrips.ts';
import type { RoundTrips } from './roundTrips.ts';
import { systemSchedule } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import { createSystemFacts } from './systemFacts.ts';
import type { SystemFacts } from './systemFacts.ts';
import { createWalkCache } from './walkCache.ts';
import type { WalkCache } from './walkCache.ts';

/**
 * Everything is optional; what is left out is as the operating system has it, and the limits of
 * SAFETY.md.
 */
export interface ResolverOptions {
  readonly hostsFile?: string;
  readonly resolvConf?: string;
  /** nsswitch.conf(5), and where systemd-resolved lists the servers it asks: for what is told of getaddrinfo. */
  readonly nsswitch?: string;
  readonly resolvedConf?: string;
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
  readonly getnameinfo?: Getnameinfo;
  readonly sourceOf?: SourceOf;
  /** A whole number below its argument, from 0: the order of servers and the letters of names. */
  readonly random?: (limit: number) => number;
  readonly platform?: NodeJS.Platform;
  /** gai.conf(5), for the order of addresses on Linux. */
  readonly gaiConf?: string;
}

/** The options with their defaults, and what lives as long as the resolver. */
/** What is read from or made of them. */
type Sources = 'resolvConf' | 'gaiConf' | 'nsswitch' | 'resolvedConf' | 'servers' | 'serverPort';

export interface Means extends Required<Omit<ResolverOptions, Sources>> {
  readonly readHosts: () => Promise<Current<HostsFile>>;
  readonly readConfiguration: () => Promise<Configuration>;
  readonly readPolicy: () => Promise<AddressPolicy>;
  readonly cache: Lookup['cache'];
  readonly walkCache: WalkCache;
  readonly roundTrips: RoundTrips;
  /** See `letters.ts`. */
  readonly plainServers: Set<string>;
  readonly systemFacts: SystemFacts;
  /** See `serviceLookup.ts`. */
  readonly impatience: { until: number };
}

/** The options completed: one for each resolver. */
export function createMeans(options: ResolverOptions): Means {
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
    getnameinfo: options.getnameinfo ?? systemGetnameinfo,
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
    readPolicy: createPolicy(platform, options.gaiConf),
    cache: createCache(now),
    walkCache: createWalkCache(now),
    roundTrips: createRoundTrips(now),
    plainServers: new Set(),
    systemFacts: createSystemFacts({
      platform, resolvConf, nsswitch: options.nsswitch, resolvedConf: options.resolvedConf, hostName: hostname(),
    }),
    impatience: { until: 0 },
  };
}

/** As the system's own lookup orders addresses. */
function createPolicy(platform: NodeJS.Platform, path = '/etc/gai.conf'): () => Promise<AddressPolicy> {
  if (platform !== 'linux') return async () => defaultPolicy;
  const read = createCurrentFile<AddressPolicy>(path, parseGaiConf, gnuPolicy);
  return async () => (await read()).value;
}
