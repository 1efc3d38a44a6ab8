import type { Answer } from 'dns-packet';
import type { Query } from './query.ts';

/** What the zone says to a query: records and response code (RFC 1035 §4.1.1). */
export interface ZoneAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED' | 'SERVFAIL';
  readonly authoritative: boolean;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
}

/** The zone; `ipv6` says whether the lab listens on `::1` too, for only then is it named. */
export interface Zone {
  readonly origin: string;
  answer(query: Query): ZoneAnswer;
}

export const origin = 'lab.test';

// An hour: the lab keeps its addresses, and names outlive a lab that was stopped, so that the next send
// meets the closed port rather than a silent name server.
const ttl = 3600;
const classIn = 1;
const typeNumbers = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, TXT: 16, AAAA: 28, IXFR: 251, AXFR: 252, ANY: 255,
} as const;

const refused: ZoneAnswer = {
  rcode: 'REFUSED', authoritative: false, answers: [], authorities: [],
};

const soa: Answer = {
  type: 'SOA', name: origin, ttl,
  // RFC 2308 §4: the minimum is how long a negative answer may be kept.
  data: {
    mname: `ns.${origin}`, rname: `hostmaster.${origin}`, serial: 1, refresh: 3600, retry: 600,
    expire: 86_400, minimum: 60,
  },
};

/**
 * The zone `lab.test`: every name below it is this machine, except `nowhere.lab.test`, which does
 * not exist, and `servfail.lab.test`, whose server is always in trouble.
 */
export function createZone(ipv6: boolean): Zone {
  return { origin, answer: (query) => answer(query, ipv6) };
}

function answer(query: Query, ipv6: boolean): ZoneAnswer {
  const { name, type } = query;
  if (!isWithin(name, origin) || query.class !== classIn) return refused;
  if (type === typeNumbers.AXFR || type === typeNumbers.IXFR) return refused;
  if (isWithin(name, `servfail.${origin}`)) return { ...refused, rcode: 'SERVFAIL' };
  // RFC 8020: below a name that does not exist nothing exists. An odd label is no host of ours
  // either.
  if (isWithin(name, `nowhere.${origin}`) || !query.isHostName) {
    return { rcode: 'NXDOMAIN', authoritative: true, answers: [], authorities: [soa] };
  }
  const answers = recordsOf(name, ipv6, type);
  const authorities = answers.length > 0 ? [] : [soa];
  return { rcode: 'NOERROR', authoritative: true, answers, authorities };
}

function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/**
 * RFC 1034 §4.3.2: a CNAME answers every type, followed by what its target has of the type asked
 * for.
 */
function recordsOf(name: string, ipv6: boolean, type: number): Answer[] {
  if (name !== `www.${origin}`) return ownRecords(name, ipv6).filter(ofType(type));
  const target = `shop.${origin}`;
  const alias: Answer = { type: 'CNAME', name, ttl, data: target };
  if (type === typeNumbers.CNAME) return [alias];
  return [alias, ...ownRecords(target, ipv6).filter(ofType(type))];
}

/** RFC 8482 §4.1: ANY may be answered with a subset; ours is the addresses. */
function ofType(type: number): (record: Answer) => boolean {
  const wanted: readonly number[] =
    type === typeNumbers.ANY ? [typeNumbers.A, typeNumbers.AAAA] : [type];
  return (record) => wanted.includes(typeNumbers[record.type as keyof typeof typeNumbers]);
}

function ownRecords(name: string, ipv6: boolean): Answer[] {
  const addresses: Answer[] = [{ type: 'A', name, ttl, data: '127.0.0.1' }];
  if (ipv6) addresses.push({ type: 'AAAA', name, ttl, data: '::1' });
  if (name === origin) {
    return [
      ...addresses, soa,
      { type: 'NS', name, ttl, data: `ns.${origin}` },
      { type: 'TXT', name, ttl, data: 'Roundtrip Lab: a small Internet in a box' },
    ];
  }
  // Too long for one datagram, so that the answer comes over TCP.
  if (name === `big.${origin}`) return [...addresses, { type: 'TXT', name, ttl, data: longTexts }];
  return addresses;
}

/** RFC 1035 §3.3.14: each string of a TXT record has at most 255 bytes. */
const longTexts = Array.from({ length: 20 }, (_, line) =>
  `${line + 1}: `.padEnd(200, 'roundtrip '));
