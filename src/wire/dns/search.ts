import type { DnsStep } from '../../trace/dnsStep.ts';
import { defaultLookupLimits } from '../../trace/request.ts';
import type { Resolution, ResolveOptions } from '../connection.ts';
import type { Lookup } from './addressQuery.ts';
import { parseChosenServers } from './chosenServers.ts';
import type { Configuration } from './configuration.ts';
import type { Server } from './exchange.ts';
import type { Means } from './means.ts';
import type { Hold } from './schedule.ts';
import { createSecureSession } from './secureQuery.ts';
import type { SecureOptions, SecureSession } from './secureQuery.ts';

// Whom a lookup asks: the configured servers, or those that were chosen for it.

/** A name under way. */
export interface Search {
  readonly name: string;
  readonly options: ResolveOptions;
  readonly signal: AbortSignal;
  readonly steps: DnsStep[];
  readonly onStep: (step: DnsStep) => void;
  readonly hold: Hold;
}

/** The same means, with the limits of tries that a lookup asks for. */
export function meansFor(means: Means, { timeout, limits }: ResolveOptions): Means {
  const tries = limits?.tries;
  if (timeout === undefined && tries === undefined) return means;
  const own = { ...(timeout !== undefined && { timeout }), ...(tries !== undefined && { tries }) };
  return { ...means, ...own, readConfiguration: async () => ({ ...await means.readConfiguration(), ...own }) };
}

/** The servers of a lookup; who has a `secure` session releases it. */
export interface Servers {
  readonly configuration: Configuration;
  readonly secure?: SecureSession;
  /** They were chosen: nobody else is told what was asked of them (RFC 8310 §5), or answers in their place. */
  readonly isChosen: boolean;
}

/** Finds the addresses of a name server over HTTPS. */
type Resolve = (name: string, options: ResolveOptions, means: Means) => Promise<Resolution>;

/** Whom `search.options.dns` names, else whom the system asks; undefined where it names no server. */
export async function serversFor(search: Search, means: Means, resolve: Resolve): Promise<Servers | undefined> {
  const { dns } = search.options;
  if (dns === undefined) return { configuration: await means.readConfiguration(), isChosen: false };
  const chosen = parseChosenServers(dns);
  if (chosen === undefined) return undefined;
  if (chosen.kind === 'plain') return { configuration: configured(chosen.servers, means), isChosen: true };
  const secure = createSecureSession(chosen.servers, secureOptions(search, means, resolve));
  return { configuration: configured([], means), secure, isChosen: true };
}

/** A server that was chosen is asked for the name as it is, without the system's search list. */
function configured(servers: readonly Server[], { timeout, tries }: Means): Configuration {
  return { servers, search: [], ndots: 1, timeout, tries: Math.max(tries, servers.length) };
}

/** The name of an HTTPS server is looked up as others are, its steps coming first. */
function secureOptions({ options, signal, hold, onStep }: Search, means: Means, resolve: Resolve): SecureOptions {
  const { schedule, now, timeout } = means;
  const { zoneServers, trustAnchors, systemRoots, timeout: own, limits } = options;
  return {
    trustAnchors, systemRoots, onStep, context: { signal, hold, schedule, now, timeout },
    async findAddresses(host) {
      const found = await resolve(host, { zoneServers, signal, onStep, timeout: own, limits }, means);
      return found.ok ? found.addresses : [];
    },
  };
}

/** A lookup that asks these servers. */
export function lookupFor(
  { options, signal, hold, onStep }: Search, means: Means, { configuration, secure }: Omit<Servers, 'isChosen'>,
): Lookup {
  const { timeout, tries, cache, schedule, now, random, plainServers } = means;
  return {
    zoneServers: options.zoneServers ?? [], configuration, ...(secure && { secure }), timeout, tries, cache,
    maxAliases: options.limits?.aliases ?? defaultLookupLimits.aliases, letters: { random, plainServers },
    zonesAsked: new Set(), context: { signal, hold, schedule, now }, onStep,
  };
}

/** Whether there is anybody to ask but the servers of zones. */
export function hasServers({ configuration, secure }: Pick<Lookup, 'configuration' | 'secure'>): boolean {
  return configuration.servers.length > 0 || secure !== undefined;
}
