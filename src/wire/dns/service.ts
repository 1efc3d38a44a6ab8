import type { IpAddress } from '../../trace/dnsStep.ts';
import type {
  ConsideredService, ServiceDecision, ServiceEndpoint, ServiceReason,
} from '../../trace/serviceBinding.ts';
import { parseServiceRecord } from './serviceRecord.ts';
import type { ServiceRecord } from './serviceRecord.ts';
import { shuffled } from './shuffled.ts';

// Where the HTTPS records of a name lead (RFC 9460 §3).

/** Records of type HTTPS; `owner` is the name that has them, after its CNAME records. */
interface ServiceAnswer {
  readonly owner: string;
  readonly values: readonly string[];
}

/** How the names are asked that the records lead to. */
export interface ServiceWays {
  /** A whole number below its argument, from 0. */
  readonly random: (limit: number) => number;
  /** The HTTPS records of a name; undefined when it has none or nobody says. */
  readonly records: (owner: string) => Promise<ServiceAnswer | undefined>;
  /** With `isUrgent` somebody has hints to go by instead: better none than late. */
  readonly addresses: (name: string, isUrgent: boolean) => Promise<readonly IpAddress[]>;
}

/** An endpoint that may be connected to. */
interface ServiceChoice {
  readonly record: string;
  readonly endpoint: ServiceEndpoint;
  readonly addresses: readonly IpAddress[];
}

/** What the records come to: `choices` in the order to try them, before the origin itself. */
export interface FoundService {
  readonly decision: ServiceDecision;
  readonly choices: readonly ServiceChoice[];
}

/** The name and port of the origin. */
interface ServiceOrigin {
  readonly name: string;
  readonly port: number;
}

/** §3: a limit on AliasMode chains is the client's own business. */
const aliasLimit = 8;
/** Endpoints that are tried before the origin. */
const choiceLimit = 3;
const lookupLimit = 4;
const recordLimit = 16;
/** What is spoken here over TLS over TCP. */
const spoken = ['h2', 'http/1.1'];
/** §8: keys whose meaning is followed. */
const understood = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ipv6hint'];

/** RFC 9460 §2.3, §9.1: a port that is not the scheme's own stands before the name. */
export function serviceOwner({ name, port }: ServiceOrigin, usualPort = 443): string {
  const owner = port === usualPort ? name : `_${port}._https.${name}`;
  return owner.length > 253 ? name : owner;
}

/**
 * Follows the HTTPS records of an origin from those of `owner`. Undefined when there are none. Resolves in every case
 * in which its ways do.
 */
export async function findService(
  origin: ServiceOrigin, owner: string, ways: ServiceWays,
): Promise<FoundService | undefined> {
  const considered: ConsideredService[] = [];
  const aliases: string[] = [];
  let answer = await ways.records(owner);
  if (!answer) return undefined;
  for (;;) {
    const { owner: holder, values } = answer;
    const tell = (value: string, reason: ServiceReason, about?: string): void => void considered.push(
      { owner: holder, value, used: false, reason, ...(about === undefined ? {} : { about }) });
    const records = values.slice(0, recordLimit).map((value) => ({ value, record: parseServiceRecord(value) }));
    if (records.some(({ record }) => record === undefined)) {
      // §2.2: one malformed record takes the others of its set with it.
      for (const { value } of records) tell(value, 'malformed');
      return { decision: { considered, aliases }, choices: [] };
    }
    const all = records.map(({ record }) => record!);
    // §2.4.2: one of several at random.
    const [alias] = shuffled(all.filter(({ priority }) => priority === 0), ways.random);
    if (!alias) return chooseFrom(all, holder, { origin, considered, aliases, ways, tell });
    // §2.4.1: with an AliasMode record, those of ServiceMode in the set are ignored.
    for (const other of all) if (other !== alias) tell(other.value, whyNot(other, alias));
    if (alias.target === '') {
      // §2.5.1: the service is said not to be there; who needs not go by SVCB goes on without it.
      tell(alias.value, 'no-address');
      return { decision: { considered, aliases }, choices: [] };
    }
    if (aliases.includes(alias.target) || aliases.length >= aliasLimit) {
      tell(alias.value, 'alias-loop');
      return { decision: { considered, aliases }, choices: [] };
    }
    aliases.push(alias.target);
    const next = await ways.records(alias.target);
    if (!next) return aliasOnly(alias, holder, { origin, considered, aliases, ways, tell });
    considered.push({ owner: holder, value: alias.value, used: true });
    answer = next;
  }
}

interface Choosing {
  readonly origin: ServiceOrigin;
  readonly considered: ConsideredService[];
  readonly aliases: readonly string[];
  readonly ways: ServiceWays;
  readonly tell: (value: string, reason: ServiceReason, about?: string) => void;
}

/** §3: an alias without records of its own is an endpoint with the default parameters. */
async function aliasOnly(alias: ServiceRecord, owner: string, choosing: Choosing): Promise<FoundService> {
  const { considered, aliases, ways, tell, origin } = choosing;
  const addresses = await ways.addresses(alias.target, false);
  if (addresses.length === 0) {
    tell(alias.value, 'no-address');
    return { decision: { considered, aliases }, choices: [] };
  }
  const endpoint: ServiceEndpoint = { target: alias.target, port: origin.port, protocols: ['http/1.1'], hinted: [] };
  considered.push({ owner, value: alias.value, used: true });
  return {
    decision: { considered, aliases, endpoint }, choices: [{ record: alias.value, endpoint, addresses }],
  };
}

async function chooseFrom(
  records: readonly ServiceRecord[], owner: string, choosing: Choosing,
): Promise<FoundService> {
  const { considered, aliases, tell, origin, ways } = choosing;
  // §2.4.1: in random order within a priority, so that the load is spread.
  const sorted = shuffled(records, ways.random).sort((a, b) => a.priority - b.priority);
  const fitting = sorted.filter((record) => {
    const obstacle = obstacleOf(record);
    if (obstacle) tell(record.value, ...obstacle);
    return !obstacle;
  });
  // The addresses of more targets are not looked up, whatever their number.
  const found = await Promise.all(fitting.slice(0, lookupLimit).map((record) => choiceOf(record, owner, origin, ways)));
  const used = fitting[found.findIndex((choice) => choice !== undefined)];
  const choices = found.filter((choice) => choice !== undefined).slice(0, choiceLimit);
  for (const [index, record] of fitting.entries()) {
    if (record === used) considered.push({ owner, value: record.value, used: true });
    else if (index < lookupLimit && !found[index]) tell(record.value, 'no-address');
    else tell(record.value, whyNot(record, used));
  }
  const [first] = choices;
  return { decision: { considered, aliases, ...(first && { endpoint: first.endpoint }) }, choices };
}

/** Why a record was not used beside another. */
function whyNot({ priority }: ServiceRecord, used: ServiceRecord | undefined): ServiceReason {
  return priority === used?.priority ? 'drawn' : 'priority';
}

/** Why a record cannot be gone by. */
function obstacleOf(record: ServiceRecord): [ServiceReason, string] | undefined {
  // §2.4.3: keys that others need.
  const absent = record.needed.filter((key) => !record.keys.includes(key));
  if (absent.length > 0) return ['inconsistent', absent.join(', ')];
  // §8: a mandatory key that is not understood makes the record unusable.
  const unknown = record.mandatory.filter((key) => !understood.includes(key));
  if (unknown.length > 0) return ['mandatory', unknown.join(', ')];
  // §7.1.2: some protocol of the set must be spoken here; which one is left to the handshake, whose offer stays whole.
  const { protocols } = record;
  if (!protocols.some((protocol) => spoken.includes(protocol))) return ['protocols', protocols.join(', ')];
  return record.port === 0 ? ['port', '0'] : undefined;
}

async function choiceOf(
  record: ServiceRecord, owner: string, origin: ServiceOrigin, ways: ServiceWays,
): Promise<ServiceChoice | undefined> {
  const target = targetOf(record, owner);
  const hints: readonly IpAddress[] = [
    ...record.ipv4hint.map((address): IpAddress => ({ address, family: 4 })),
    ...record.ipv6hint.map((address): IpAddress => ({ address, family: 6 })),
  ];
  const answered = await ways.addresses(target, hints.length > 0);
  // §7.3: answers are better than hints, which count until there are some.
  const isHinted = answered.length === 0;
  const addresses = isHinted ? hints : answered;
  if (addresses.length === 0) return undefined;
  return {
    record: record.value, addresses,
    endpoint: {
      target, port: record.port ?? origin.port, protocols: record.protocols,
      hinted: isHinted ? [...new Set(hints.map(({ family }) => family))] : [],
    },
  };
}

/** §2.5.2: `.` is the owner; without the port and scheme before it (§2.3), as those labels have no addresses. */
function targetOf({ target }: ServiceRecord, owner: string): string {
  if (target !== '') return target;
  return owner.replace(/^_\d+\._https\./, '');
}

/** The decision when nobody may go by the records, or they came too late. */
export function unused(decision: ServiceDecision, reason: ServiceReason): ServiceDecision {
  const { endpoint: _endpoint, ...rest } = decision;
  return {
    ...rest,
    considered: decision.considered.map((one) => one.used ? { ...one, used: false, reason } : one),
  };
}

/** The decision once the first `count` choices did not answer: the next counts, or the origin itself. */
export function afterUnreachable(found: FoundService, count: number): ServiceDecision {
  const failed = new Set(found.choices.slice(0, count).map(({ record }) => record));
  const next = found.choices[count];
  const { endpoint: _endpoint, ...rest } = found.decision;
  return {
    ...rest, ...(next && { endpoint: next.endpoint }),
    considered: found.decision.considered.map((one): ConsideredService => {
      if (failed.has(one.value)) return { owner: one.owner, value: one.value, used: false, reason: 'unreachable' };
      return next?.record === one.value ? { owner: one.owner, value: one.value, used: true } : one;
    }),
  };
}
