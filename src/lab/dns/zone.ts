import type { Answer } from 'dns-packet';
import type { Query } from './query.ts';

/** What a zone says to a query: records and response code (RFC 1035 §4.1.1). */
export interface ZoneAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED' | 'SERVFAIL';
  readonly authoritative: boolean;
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
const typeNumbers: Readonly<Record<string, number>> = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, UNKNOWN_65: 65, IXFR: 251,
  AXFR: 252, ANY: 255, CAA: 257,
};

const refused: ZoneAnswer =
  { rcode: 'REFUSED', authoritative: false, answers: [], authorities: [], additionals: [] };

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

/** RFC 1034 §4.3.2. */
function answer(query: Query, data: ZoneData, soa: Answer): ZoneAnswer {
  const { name, type } = query;
  if (!isWithin(name, data.origin) || query.class !== classIn) return refused;
  if (type === typeNumbers['AXFR'] || type === typeNumbers['IXFR']) return refused;
  if (data.troubled !== undefined && isWithin(name, data.troubled)) return { ...refused, rcode: 'SERVFAIL' };
  const delegation = delegationOf(name, data);
  if (delegation) return referral(delegation, data.origin);
  if (!exists(query, data)) {
    return { ...refused, rcode: 'NXDOMAIN', authoritative: true, authorities: [soa] };
  }
  const answers = answersTo(query, data);
  const authorities = answers.length > 0 ? [] : [soa];
  return { ...refused, rcode: 'NOERROR', authoritative: true, answers, authorities };
}

function delegationOf(name: string, { delegations = [] }: ZoneData): Delegation | undefined {
  return delegations.find(({ origin }) => isWithin(name, origin));
}

/** Not authoritative: others are. Glue for servers below the zone that refers only, for others are not its to tell. */
function referral({ origin, server }: Delegation, own: string): ZoneAnswer {
  return {
    ...refused, rcode: 'NOERROR', authorities: [{ type: 'NS', name: origin, ttl, data: server.name }],
    additionals: isWithin(server.name, own) ? addressesOf(server) : [],
  };
}

/** RFC 8020: a name exists when it, or a name below it, has records. */
function exists({ name, isHostName }: Query, { records, delegations = [], others }: ZoneData): boolean {
  return records.some((record) => isWithin(nameOf(record), name))
    || delegations.some(({ origin }) => isWithin(origin, name))
    || (others?.(name, isHostName).length ?? 0) > 0;
}

/** The root's own records are written with a dot. */
function nameOf({ name }: Answer): string {
  return name === '.' ? '' : name.toLowerCase();
}

/** RFC 1034 §3.6.2: a CNAME answers every type, followed by what its target has of the type asked for. */
function answersTo(query: Query, data: ZoneData): Answer[] {
  const found: Answer[] = [];
  let { name } = query;
  for (let aliases = 0; aliases < aliasLimit; aliases += 1) {
    const records = recordsOf(name, query.isHostName, data);
    const alias = records.find((record) => record.type === 'CNAME');
    if (!alias || query.type === typeNumbers['CNAME']) return [...found, ...records.filter(ofType(query.type))];
    found.push(alias);
    name = (alias as { data: string }).data;
    if (!isWithin(name, data.origin) || delegationOf(name, data)) return found;
  }
  return found;
}

function recordsOf(name: string, isHostName: boolean, { records, others }: ZoneData): readonly Answer[] {
  const own = records.filter((record) => nameOf(record) === name);
  return own.length > 0 ? own : others?.(name, isHostName) ?? [];
}

/** RFC 8482 §4.1: ANY may be answered with a subset; ours is the addresses. */
function ofType(type: number): (record: Answer) => boolean {
  const isAny = type === typeNumbers['ANY'];
  return (record) => isAny ? record.type === 'A' || record.type === 'AAAA' : typeNumbers[record.type] === type;
}
