import { isIPv6 } from 'node:net';
import type { DnsPurpose, DnsStep } from '../../trace/dnsStep.ts';
import type { LookupLimits } from '../../trace/request.ts';
import type { SourceOf } from './addressOrder.ts';
import { describeReply } from './delegation.ts';
import type { Delegation, Reply, ServerOfZone } from './delegation.ts';
import type { ExchangeContext, Server } from './exchange.ts';
import { mixedCase } from './letters.ts';
import type { Letters } from './letters.ts';
import type { Message, Question } from './message.ts';
import { askServer } from './query.ts';
import type { Asking, Manner } from './query.ts';
import type { RoundTrips } from './roundTrips.ts';
import { shuffled } from './shuffled.ts';
import type { WalkMemory } from './walkCache.ts';

// The servers of one zone, asked one after another until one says something that helps.

/** One walk: what it goes by, and what it has met and spent so far. */
export interface Walk extends Letters {
  /** By canonical name; the zones to begin with are there from the start. */
  readonly zones: Map<string, Delegation>;
  /** Of every server but those whose names `ports` has: a referral tells no port. */
  readonly port: number;
  readonly ports: Readonly<Record<string, number>>;
  /** `lookups` are those of servers without glue. */
  readonly spent: { queries: number; referrals: number; lookups: number };
  /** Names at which no zone begins, or at whose servers a shorter name is of no use. */
  readonly passed: Set<string>;
  /** What earlier walks have learnt. */
  readonly memory: WalkMemory;
  /** Whether that may be used, and not only be added to. */
  readonly remembers: boolean;
  /** Answers that this walk has added to the memory: `TYPE name`. */
  readonly learnt: Set<string>;
  /** Zones of the memory that the steps tell of. */
  readonly told: Set<string>;
  /** Those of `zones` that the memory gave. */
  readonly recalled: Set<string>;
  /** Questions for zones that are under way, which another question of this walk may need too. */
  readonly asking: Map<string, Promise<ZoneReply>>;
  /** Lookups of servers that are under way. */
  readonly finding: Map<string, Promise<string[]>>;
  readonly roundTrips: RoundTrips;
  readonly limits: LookupLimits;
  readonly context: ExchangeContext;
  readonly sourceOf: SourceOf;
  readonly onStep: (step: DnsStep) => void;
}

/**
 * What is looked for, and why; `path` has the servers' names whose addresses are being looked for around it. `forgotten`:
 * see {@link DnsStep}.
 */
export interface Goal {
  readonly question: Question;
  readonly purpose: DnsPurpose;
  readonly path: readonly string[];
  readonly forgotten?: string;
}

/** Nobody of a zone said anything that helps. */
export interface Unanswered {
  readonly kind: 'unanswered';
  readonly timedOut: boolean;
  readonly reason?: string;
}

/** What the servers of a zone came to. */
export type ZoneReply = Exclude<Reply, { kind: 'lame' | 'failed' }> | Unanswered;

/** How answers are read, and how the addresses of a server are found that came without glue. */
interface Ways {
  readonly read: (message: Message) => Reply;
  readonly findServer: (server: ServerOfZone, path: readonly string[], walk: Walk) => Promise<string[]>;
}

interface Candidate extends Server {
  readonly name: string | undefined;
}

/**
 * Asks the servers of a zone until one gives a reply that helps: those with known addresses first, IPv4 before IPv6,
 * of these in random order whoever is not measured yet, then the nearest. One that did not answer in time is asked
 * again after the others. Resolves in every case.
 */
export async function askZone(
  zone: Delegation, goal: Goal, { read, findServer }: Ways, walk: Walk,
): Promise<ZoneReply> {
  let timeouts = 0;
  let others = 0;
  const silent: Candidate[] = [];
  const stopped = (reason?: string): Unanswered =>
    ({ kind: 'unanswered', timedOut: timeouts > 0 && others === 0, ...(reason !== undefined && { reason }) });
  for await (const candidate of candidatesOf(zone, silent, (server) => findServer(server, goal.path, walk), walk)) {
    if (walk.context.signal.aborted) return stopped();
    if (walk.spent.queries >= walk.limits.queries) break;
    const reply = await askCandidate(candidate, zone, goal, read, walk);
    if (reply !== undefined && reply.kind !== 'lame' && reply.kind !== 'failed') return reply;
    if (reply === undefined && timeouts + 1 >= walk.limits.tries) return timedOut(others);
    if (reply === undefined) {
      timeouts += 1;
      silent.push(candidate);
    } else others += 1;
  }
  const nobody = `no name server of ${zone.zone || '.'} has an address that can be reached`;
  return stopped(exceeded(walk) ?? (others + timeouts > 0 ? undefined : nobody));
}

/** The limit that the walk has met, if any: servers without glue could keep it busy without a single query too. */
export function exceeded({ spent, limits: { queries } }: Walk): string | undefined {
  if (spent.queries >= queries) return `more than ${queries} queries`;
  return spent.lookups >= queries ? `more than ${queries} name servers without an address` : undefined;
}

function timedOut(others: number): Unanswered {
  return { kind: 'unanswered', timedOut: others === 0 };
}

/** Addresses that are known, then those that must be looked up, then again the servers that were silent. */
async function* candidatesOf(
  zone: Delegation, silent: Candidate[], find: (server: ServerOfZone) => Promise<string[]>, walk: Walk,
): AsyncGenerator<Candidate> {
  const servers = shuffled(zone.servers, walk.random);
  const toCandidates = ({ name }: ServerOfZone, addresses: readonly string[]): Candidate[] =>
    addresses.map((address) => ({ name, address, port: portOf(name, walk) }));
  const known = servers.flatMap((server) => toCandidates(server, server.addresses));
  yield* await reachable(known, walk);
  for (const server of servers) {
    if (server.addresses.length > 0) continue;
    if (exceeded(walk) !== undefined || walk.context.signal.aborted) return;
    walk.spent.lookups += 1;
    const addresses = await find(server);
    keepAddresses(zone, server, addresses, walk);
    yield* await reachable(toCandidates(server, addresses), walk);
  }
  for (let again = silent.shift(); again !== undefined; again = silent.shift()) yield again;
}

function portOf(name: string | undefined, { port, ports }: Walk): number {
  return name !== undefined && Object.hasOwn(ports, name) ? ports[name]! : port;
}

/** So that they are not looked up again. */
function keepAddresses(zone: Delegation, server: ServerOfZone, addresses: readonly string[], walk: Walk): void {
  const now = walk.zones.get(zone.zone);
  if (now === undefined || addresses.length === 0) return;
  const servers = now.servers.map((one) => one.name === server.name ? { ...one, addresses } : one);
  walk.zones.set(zone.zone, { ...now, servers });
}

/**
 * Without those to which the machine has no way, IPv4 first: on many machines IPv6 seems to lead somewhere and does
 * not.
 */
async function reachable(candidates: readonly Candidate[], { sourceOf, roundTrips }: Walk): Promise<Candidate[]> {
  const familyOf = ({ address }: Candidate): 4 | 6 => isIPv6(address) ? 6 : 4;
  const sources = await Promise.all(
    candidates.map((candidate) => sourceOf({ address: candidate.address, family: familyOf(candidate) })));
  const distance = (candidate: Candidate): number => roundTrips.of(candidate) ?? -1;
  return candidates.filter((_, index) => sources[index] !== undefined)
    .sort((a, b) => familyOf(a) - familyOf(b) || distance(a) - distance(b));
}

/** Gives undefined for a server that did not answer in time. */
async function askCandidate(
  { name, ...server }: Candidate, zone: Delegation, { question, purpose, forgotten }: Goal,
  read: (message: Message) => Reply, walk: Walk,
): Promise<Reply | undefined> {
  let reply: Reply = { kind: 'failed', outcome: 'error' };
  const manner: Manner = {
    recursion: false,
    spell: (plain) => mixedCase(plain, walk.random),
    plainServers: walk.plainServers,
    judge: (message) => {
      if (message.truncated) return { outcome: 'answered' };
      reply = read(message);
      return describeReply(reply);
    },
    facts: {
      zone: zone.zone || '.', purpose, ...(name !== undefined && { serverName: name }),
      ...(forgotten !== undefined && { forgotten }),
    },
    spend: () => walk.spent.queries++ < walk.limits.queries,
  };
  const asking: Asking = {
    ...walk.context,
    onStep(step) {
      measure(step, server, walk);
      walk.onStep(step);
    },
  };
  const { outcome } = await askServer(question, server, asking, manner);
  return outcome === 'timeout' ? undefined : reply;
}

/** By UDP it is one way there and back; a connection takes more. */
function measure({ transport, outcome, startAt, at, answerSize }: DnsStep, server: Server, { roundTrips }: Walk): void {
  if (transport !== 'udp' || startAt === undefined) return;
  if (outcome === 'timeout' || answerSize !== undefined) roundTrips.note(server, at - startAt, outcome !== 'timeout');
}
