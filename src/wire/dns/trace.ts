import { isIPv4 } from 'node:net';
import type { DnsPurpose, DnsStep, IpAddress } from '../../trace/dnsStep.ts';
import { defaultLookupLimits } from '../../trace/request.ts';
import type { LookupLimits, RootServers, ZoneServers } from '../../trace/request.ts';
import type { ResolveOptions } from '../connection.ts';
import { addressBytes, isWithinPrefix } from './addressBytes.ts';
import type { SourceOf } from './addressOrder.ts';
import type { Found } from './addressQuery.ts';
import type { Delegation } from './delegation.ts';
import type { ExchangeContext } from './exchange.ts';
import { better, withinResolutionDelay } from './families.ts';
import { canonicalName, isWithin } from './name.ts';
import { rootHints } from './rootHints.ts';
import type { Question } from './message.ts';
import type { ServiceWays } from './service.ts';
import { createRoundTrips } from './roundTrips.ts';
import type { RoundTrips } from './roundTrips.ts';
import { walkTo } from './walk.ts';
import type { WalkCache } from './walkCache.ts';
import type { Reached } from './walk.ts';
import type { Walk } from './walkServers.ts';

// `# @dns trace`: what is asked on the walk from the root for one request.

interface WalkOptions {
  readonly rootServers?: readonly RootServers[];
  readonly zoneServers?: readonly ZoneServers[];
  /** Of those that may be given, this one has a default of its own. */
  readonly tries: number;
  readonly limits?: Partial<LookupLimits> | undefined;
  readonly context: ExchangeContext;
  readonly sourceOf: SourceOf;
  readonly random: (limit: number) => number;
  readonly plainServers: Set<string>;
  readonly onStep: (step: DnsStep) => void;
  readonly walkCache: WalkCache;
  readonly roundTrips: RoundTrips;
  /** `SendOptions.dns`. */
  readonly dns?: string;
}

/** A walk that has not begun: for a canonical name, from the roots given for it or else those of the Internet. */
export function createWalk(name: string, options: WalkOptions): Walk {
  const { tries, limits, context, sourceOf, random, plainServers, onStep } = options;
  const own = ownRoots(name, options);
  const start = own ?? { zone: '', port: 53, ports: {}, servers: rootHints };
  const remembers = options.dns !== 'trace fresh';
  return {
    zones: new Map([[start.zone, start]]), port: start.port, ports: start.ports,
    spent: { queries: 0, referrals: 0, lookups: 0 },
    passed: new Set(), learnt: new Set(), told: new Set(), recalled: new Set(), asking: new Map(), finding: new Map(),
    remembers,
    roundTrips: remembers ? options.roundTrips : createRoundTrips(context.now),
    memory: options.walkCache.memoryFor(JSON.stringify(own ?? 'roots')),
    limits: { ...defaultLookupLimits, ...limits, tries }, context, sourceOf, random, plainServers, onStep,
  };
}

/** Where a walk begins. */
type Start = Delegation & Pick<Walk, 'port' | 'ports'>;

/**
 * Where the walk for a canonical name begins when that is not at the root servers of the Internet: at the root servers
 * given for it, else at the servers of its zone, which those of the Internet need not know.
 */
export function ownRoots(
  name: string, { rootServers = [], zoneServers = [] }: Pick<ResolveOptions, 'rootServers' | 'zoneServers'>,
): Start | undefined {
  const root = rootServers.find(({ zones }) =>
    zones === undefined || zones.some((zone) => isWithin(name, canonicalName(zone))));
  if (root !== undefined) return startAt('', root.servers, root.ports);
  const zones = zoneServers.filter(({ zone }) => isWithin(name, canonicalName(zone)))
    .sort((a, b) => b.zone.length - a.zone.length);
  return zones[0] && startAt(canonicalName(zones[0].zone), zones[0].servers);
}

function startAt(
  zone: string, servers: RootServers['servers'], ports: RootServers['ports'] = {},
): Start | undefined {
  const port = servers[0]?.port;
  if (port === undefined) return undefined;
  const named = servers.map(({ name, address }) =>
    ({ ...(name !== undefined && { name: canonicalName(name) }), addresses: [address] }));
  return { zone, port, ports, servers: named };
}

/**
 * Walks to the addresses of a name, for A and AAAA at once; what finds the zones is asked once for both. `met` is
 * called when A has come to an end and there is reason to ask for more. Resolves in every case.
 */
export function walkToAddresses(
  name: string, walk: Walk, delay: Parameters<typeof withinResolutionDelay>[2], met: () => void,
): Promise<Found> {
  const own = canonicalName(name);
  const [a, aaaa] = addressWalks(own, 'name', walk);
  const seen = a.then((found) => {
    const hasEnded = found.kind === 'name-error' || (found.kind === 'failed' && found.timedOut);
    if (!hasEnded && !walk.context.signal.aborted) met();
    return found;
  });
  return withinResolutionDelay(seen, aaaa, delay);
}

function addressWalks(name: string, purpose: DnsPurpose, walk: Walk): [a: Promise<Found>, aaaa: Promise<Found>] {
  const walkFor = async (type: 'A' | 'AAAA', family: IpAddress['family']): Promise<Found> =>
    foundBy(await walkTo({ question: { name, type }, purpose, path: [] }, walk), family);
  return [walkFor('A', 4), walkFor('AAAA', 6)];
}

function foundBy(reached: Reached, family: IpAddress['family']): Found {
  if (reached.kind !== 'answer') return reached;
  return { kind: 'addresses', addresses: reached.values.map((address) => ({ address, family })) };
}

/** How HTTPS records and what they lead to are found on a walk. */
export function walkWays(walk: Walk): ServiceWays {
  const ask = (name: string, type: Question['type'], purpose: DnsPurpose): Promise<Reached> =>
    walkTo({ question: { name, type }, purpose, path: [] }, walk);
  return {
    random: walk.random,
    async records(owner) {
      const reached = await ask(owner, 'HTTPS', 'service');
      return reached.kind === 'answer' ? { owner: reached.name, values: reached.values } : undefined;
    },
    async addresses(name) {
      const [a, aaaa] = await Promise.all(addressWalks(name, 'service-address', walk));
      const found = better(a, aaaa);
      return found.kind === 'addresses' ? found.addresses : [];
    },
  };
}

/** RFC 1035 §3.5 and RFC 3596 §2.5: the name under which an address's own name is kept. */
export function reverseName(address: string): string {
  if (isIPv4(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...addressBytes(address).toString('hex')].reverse().join('.')}.ip6.arpa`;
}

/** RFC 6303 §4 (and RFC 6598): networks that the servers of the Internet know nothing of. */
const privateNetworks: readonly [prefix: string, length: number][] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.51.100.0', 24], ['203.0.113.0', 24],
];
const privateNetworks6: readonly [prefix: string, length: number][] = [
  ['::', 127], ['fc00::', 7], ['fe80::', 10], ['2001:db8::', 32],
];

/** Whether an address belongs to a network of RFC 6303: its name is nobody's business outside. */
export function isPrivate(address: string): boolean {
  const bytes = addressBytes(address);
  return privateNetworks.some(([prefix, length]) => isWithinPrefix(bytes, addressBytes(prefix), length + 96))
    || privateNetworks6.some(([prefix, length]) => isWithinPrefix(bytes, addressBytes(prefix), length));
}
