import type { DnsPurpose, DnsStep, IpAddress } from '../../trace/dnsStep.ts';
import type { ZoneServers } from '../../trace/request.ts';
import type { Cache } from './cache.ts';
import { followChain } from './chain.ts';
import type { Configuration } from './configuration.ts';
import type { ExchangeContext, Server } from './exchange.ts';
import type { Letters } from './letters.ts';
import type { AddressQuestion, Message, Question } from './message.ts';
import { canonicalName, isWithin, nameProblem } from './name.ts';
import { askServers, formatServer, judge, recursive } from './query.ts';
import type { SecureSession } from './secureQuery.ts';

// The addresses of one family of one name, from the cache and the name servers, along its aliases.

/** What is known after asking. `timedOut`: no server said anything. */
export type Found =
  | {
      readonly kind: 'addresses';
      readonly addresses: readonly IpAddress[];
      /** The other family, whose answer was not waited for. */
      readonly more?: Promise<Found>;
    }
  | { readonly kind: 'no-data' | 'name-error' }
  | { readonly kind: 'failed'; readonly timedOut: boolean; readonly reason?: string };

/** One lookup: what it goes by, and where it tells what it does. */
export interface Lookup {
  readonly zoneServers: readonly ZoneServers[];
  readonly configuration: Configuration;
  /** Asked in place of the configured servers. */
  readonly secure?: SecureSession;
  /** Milliseconds a try and tries for servers of a zone. */
  readonly timeout: number;
  readonly tries: number;
  /** CNAME records on the way to the records of a name. */
  readonly maxAliases: number;
  readonly cache: Cache;
  readonly letters: Letters;
  /** The zones whose own servers were asked so far; grows. */
  readonly zonesAsked: Set<string>;
  readonly context: Omit<ExchangeContext, 'timeout'>;
  readonly onStep: (step: DnsStep) => void;
}

/**
 * Which servers speak for a name; `zone` is the canonical zone, absent for the configured servers.
 */
interface Route {
  readonly zone?: string;
  readonly servers: readonly Server[];
  readonly timeout: number;
  readonly tries: number;
}

/**
 * Takes a canonical name and gives the route of the longest zone that has it, else the configured
 * one.
 */
export function routeOf(name: string, lookup: Lookup): Route {
  const { zoneServers, configuration, timeout, tries } = lookup;
  let best: Route = configuration;
  for (const { zone: text, servers } of zoneServers) {
    const zone = canonicalName(text);
    const longer = best.zone === undefined || zone.length > best.zone.length;
    if (isWithin(name, zone) && longer) best = { zone, servers, timeout, tries };
  }
  return best;
}

/** Records of one type; `name` is the one that has them, after its aliases. */
type Answered =
  | { readonly kind: 'values'; readonly name: string; readonly values: readonly string[] }
  | Exclude<Found, { kind: 'addresses' }>;

/** Asks for the addresses of one family of a canonical name. Resolves in every case; every step is told. */
export async function queryAddresses(
  name: string,
  type: AddressQuestion['type'],
  lookup: Lookup,
  purpose?: DnsPurpose,
): Promise<Found> {
  const answered = await queryValues(name, type, lookup, purpose);
  return answered.kind === 'values'
    ? { kind: 'addresses', addresses: toAddresses(answered.values, type) }
    : answered;
}

/**
 * Asks for the records of one type of a canonical name, at its aliases too: each alias of a zone at
 * that zone's own servers. Resolves in every case; every step is told to `lookup.onStep`.
 */
export async function queryValues(
  name: string,
  type: Question['type'],
  lookup: Lookup,
  purpose?: DnsPurpose,
): Promise<Answered> {
  const seen = new Set<string>();
  let asked = name;
  for (;;) {
    const route = routeOf(asked, lookup);
    if (route.zone !== undefined) lookup.zonesAsked.add(route.zone);
    const question = { name: asked, type };
    const answered = await askRoute(question, route, lookup, purpose);
    if (!answered.ok) return { kind: 'failed', timedOut: answered.timedOut };
    const mayAnswer = (alias: string): boolean => {
      const own = routeOf(alias, lookup);
      return own.zone === undefined || own.zone === route.zone;
    };
    const followed = followChain(answered.message, asked, type, seen, mayAnswer, lookup.maxAliases);
    switch (followed.kind) {
      case 'addresses':
        return { kind: 'values', name: followed.name, values: followed.addresses };
      case 'broken':
        return { kind: 'failed', timedOut: false, reason: followed.reason };
      case 'ended':
        return { kind: answered.message.rcode === 'NXDOMAIN' ? 'name-error' : 'no-data' };
      case 'open':
        asked = followed.name;
    }
    const problem = nameProblem(asked);
    if (problem !== undefined) {
      return {
        kind: 'failed',
        timedOut: false,
        reason: `an alias that cannot be asked (${problem}): ${asked}`,
      };
    }
  }
}

function toAddresses(addresses: readonly string[], type: AddressQuestion['type']): IpAddress[] {
  return addresses.map((address) => ({ address, family: type === 'A' ? 4 : 6 }));
}

async function askRoute(
  question: Question,
  route: Route,
  lookup: Lookup,
  purpose: DnsPurpose | undefined,
): Promise<{ ok: true; message: Message } | { ok: false; timedOut: boolean }> {
  const { cache, context, letters, onStep } = lookup;
  const secure = route.zone === undefined ? lookup.secure : undefined;
  const servers = secure?.text ?? route.servers.map(formatServer).join(' ');
  const key = `${servers} ${question.type} ${question.name}`;
  const startAt = context.now();
  const cached = cache.get(key);
  if (cached) {
    const ttlLeft = cache.ttlLeft(key);
    onStep({ ...cacheStep(question, cached, startAt, context.now()), ttlLeft, ...(purpose && { purpose }) });
    return { ok: true, message: cached };
  }
  const { timeout, tries } = route;
  const answered = secure
    ? await secure.ask(question, purpose)
    : await askServers(question, route.servers, { ...context, timeout, tries, onStep }, recursive(letters, purpose));
  if (answered.ok) cache.set(key, answered.message, answered.age);
  return answered;
}

function cacheStep(
  question: Question,
  message: Message,
  startAt: number,
  at: number,
): DnsStep {
  const { rcode, records } = message;
  return { startAt, at, source: 'cache', question, ...judge(message, question), rcode, records };
}
