import type { Answer } from 'dns-packet';
import type { NameRule } from '../messages.ts';
import type { Query } from './query.ts';
import { typeNumber } from './recordType.ts';
import { subtreeAliasOf } from './subtree.ts';

/** What a zone says to a query: records and response code (RFC 1035 §4.1.1). */
export interface ZoneAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED' | 'SERVFAIL' | 'YXDOMAIN';
  readonly authoritative: boolean;
  readonly rule: NameRule;
  /** The zone that was delegated, or the name where the aliases end. */
  readonly target?: string;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
  readonly additionals: readonly Answer[];
}

/** A zone that a name server serves; the root's `origin` is empty. */
export interface Zone {
  readonly origin: string;
  answer(query: Query): ZoneAnswer;
}

/** A name server as others know it: by its name, and by its address. */
export interface NamedServer {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** RFC 1034 §4.2.1: names below `origin` are another server's; its address comes along (glue) when it is known here. */
export interface Delegation {
  readonly origin: string;
  readonly server: NamedServer;
}

/** What a zone consists of. */
export interface ZoneData {
  readonly origin: string;
  readonly server: NamedServer;
  readonly records: readonly Answer[];
  readonly delegations?: readonly Delegation[];
  /** The records of a name that change while the server runs; undefined where it is no such name. */
  readonly changing?: (name: string) => readonly Answer[] | undefined;
  /** The records of names without any of their own, as a wildcard has them (RFC 1034 §4.3.3); none: no such name. */
  readonly others?: (name: string, isHostName: boolean) => readonly Answer[];
  /** The server is in trouble at this name and below it. */
  readonly troubled?: string;
}

// An hour: the lab keeps its addresses, and names outlive a lab that was stopped, so that the next send
// meets the closed port rather than a silent name server.
export const ttl = 3600;
const classIn = 1;
const aliasLimit = 8;

const refused: ZoneAnswer =
  { rcode: 'REFUSED', rule: 'refused', authoritative: false, answers: [], authorities: [], additionals: [] };

/** Whether a name is a zone's own or below it. */
export function isWithin(name: string, zone: string): boolean {
  return zone === '' || name === zone || name.endsWith(`.${zone}`);
}

/** A server's addresses as records. */
export function addressesOf({ name, addresses }: NamedServer): Answer[] {
  return addresses.map((data) => ({ type: data.includes(':') ? 'AAAA' : 'A', name, ttl, data }));
}

/** A zone that answers with authority from its data, and refers to others for what it has delegated. */
export function createZone(data: ZoneData): Zone {
  const { origin, server } = data;
  const soa: Answer = {
    type: 'SOA', name: origin || '.', ttl,
    // RFC 2308 §4: the minimum is how long a negative answer may be kept.
    data: {
      mname: server.name, rname: `hostmaster.${server.name.split('.').slice(1).join('.')}`, serial: 1, refresh: 3600,
      retry: 600, expire: 86_400, minimum: 60,
    },
  };
  const records = [...data.records, soa, { type: 'NS', name: origin || '.', ttl, data: server.name } as Answer];
  return { origin, answer: (query) => answer(query, { ...data, records }, soa) };
}

/** RFC 1034 §4.3.2, with RFC 6672 §3.2 for DNAME. */
function answer(query: Query, data: ZoneData, soa: Answer): ZoneAnswer {
  const { name, type, isHostName } = query;
  if (!isWithin(name, data.origin) || query.class !== classIn) return refused;
  if (type === typeNumber('AXFR') || type === typeNumber('IXFR')) return refused;
  if (data.troubled !== undefined && isWithin(name, data.troubled)) {
    return { ...refused, rcode: 'SERVFAIL', rule: 'trouble' };
  }
  const delegation = delegationOf(name, data);
  if (delegation) return referral(delegation, data.origin);
  if (!exists(name, isHostName, data)) {
    return { ...refused, rcode: 'NXDOMAIN', rule: 'no-name', authoritative: true, authorities: [soa] };
  }
  const found = answersTo(query, data);
  const authorities = found.answers.length === 0 || found.rcode === 'NXDOMAIN' ? [soa] : [];
  return { ...refused, ...found, authoritative: true, authorities };
}

function delegationOf(name: string, { delegations = [] }: ZoneData): Delegation | undefined {
  return delegations.find(({ origin }) => isWithin(name, origin));
}

/** Not authoritative: others are. Glue for servers below the zone that refers only, for others are not its to tell. */
function referral({ origin, server }: Delegation, own: string): ZoneAnswer {
  return {
    ...refused, rcode: 'NOERROR', rule: 'delegation', target: origin,
    authorities: [{ type: 'NS', name: origin, ttl, data: server.name }],
    additionals: isWithin(server.name, own) ? addressesOf(server) : [],
  };
}

/** RFC 8020: a name exists when it, or a name below it, has records. */
function exists(name: string, isHostName: boolean, data: ZoneData): boolean {
  const { records, delegations = [] } = data;
  return records.some((record) => isWithin(nameOf(record), name))
    || delegations.some(({ origin }) => isWithin(origin, name))
    || subtreeAliasOf(name, records) !== undefined
    || recordsOf(name, isHostName, data).records.length > 0;
}

/** The root's own records are written with a dot. */
function nameOf({ name }: Answer): string {
  return name === '.' ? '' : name.toLowerCase();
}

/**
 * RFC 1034 §3.6.2: a CNAME answers every type, followed by what its target has of the type asked for. RFC 6604 §3: the
 * response code is about the name where the aliases end.
 */
function answersTo(query: Query, data: ZoneData): Pick<ZoneAnswer, 'rcode' | 'rule' | 'target' | 'answers'> {
  const isOfAlias = query.type === typeNumber('CNAME');
  const answers: Answer[] = [];
  let { name } = query;
  let rule: NameRule | undefined;
  const upTo = (rcode: ZoneAnswer['rcode']) => ({ rcode, answers, rule: rule ?? 'record', target: name });
  for (let aliases = 0; aliases < aliasLimit; aliases += 1) {
    const subtree = subtreeAliasOf(name, data.records);
    const { records, isWildcard } = recordsOf(name, query.isHostName, data);
    const alias = subtree ? subtree.alias : records.find((record) => record.type === 'CNAME');
    if (subtree && !answers.includes(subtree.record)) answers.push(subtree.record);
    if (!subtree && (!alias || isOfAlias)) {
      const own = records.filter(ofType(query.type));
      const ownRule = own.length === 0 ? 'no-data' : isWildcard ? 'wildcard' : 'record';
      return { rcode: 'NOERROR', answers: [...answers, ...own], rule: rule ?? ownRule, ...(rule && { target: name }) };
    }
    rule ??= subtree ? 'subtree-alias' : 'alias';
    if (!alias) return upTo('YXDOMAIN');
    answers.push(alias);
    name = (alias as { data: string }).data;
    if (isOfAlias || !isWithin(name, data.origin) || delegationOf(name, data)) return upTo('NOERROR');
    if (!exists(name, query.isHostName, data)) return upTo('NXDOMAIN');
  }
  return upTo('NOERROR');
}

function recordsOf(
  name: string, isHostName: boolean, { records, changing, others }: ZoneData,
): { readonly records: readonly Answer[]; readonly isWildcard?: true } {
  const own = records.filter((record) => nameOf(record) === name);
  if (own.length > 0) return { records: own };
  const known = changing?.(name);
  return known ? { records: known } : { records: others?.(name, isHostName) ?? [], isWildcard: true };
}

/** RFC 8482 §4.1: ANY may be answered with a subset; ours is the addresses. */
function ofType(type: number): (record: Answer) => boolean {
  const isAny = type === typeNumber('ANY');
  return (record) => isAny ? record.type === 'A' || record.type === 'AAAA' : typeNumber(record.type) === type;
}
