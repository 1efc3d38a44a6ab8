import { encode } from 'dns-packet';
import type { Answer } from 'dns-packet';
import { readQuery } from './query.ts';
import type { Query } from './query.ts';
import { isWithin } from './zone.ts';
import type { Zone, ZoneAnswer } from './zone.ts';

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const flag = {
  response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100,
} as const;

/** What we can receive over UDP; the size recommended since the DNS flag day of 2020. */
const ownUdpSize = 1232;
const headerSize = 12;

/** The answer to a message, or nothing for what must not be answered. */
export function replyTo(
  message: Buffer, zones: readonly Zone[], transport: 'udp' | 'tcp',
): Buffer | undefined {
  const read = readQuery(message);
  if (!read) return undefined;
  if (!read.ok) return header(read.id, flag.response | rcodes[read.rcode]);
  const { query } = read;
  if (query.edns && query.edns.version > 0) return badVersion(query);
  const zone = zones.find(({ origin }) => isWithin(query.name, origin));
  const reply = assemble(query, zone?.answer(query) ?? notServed);
  return transport === 'tcp' || reply.length <= sizeLimit(query) ? reply : truncated(query, reply);
}

/**
 * RFC 1035 §4.2.1: 512 bytes; RFC 6891 §6.2.3: at least that, and at most what both sides can take.
 */
function sizeLimit(query: Query): number {
  return query.edns ? Math.min(Math.max(query.edns.udpSize, 512), ownUdpSize) : 512;
}

const notServed: ZoneAnswer =
  { rcode: 'REFUSED', authoritative: false, answers: [], authorities: [], additionals: [] };

function assemble(query: Query, answer: ZoneAnswer): Buffer {
  const additionals = [...answer.additionals, ...query.edns ? [ownEdns] : []];
  const flags = flag.response | rcodes[answer.rcode]
    | (answer.authoritative ? flag.authoritative : 0)
    | (query.recursionDesired ? flag.recursionDesired : 0);
  return message(query, flags, answer.answers, answer.authorities, additionals);
}

/** RFC 2181 §9: TC is set and the sections left out, so that nobody uses half a set of records. */
function truncated(query: Query, reply: Buffer): Buffer {
  const flags = reply.readUInt16BE(2) | flag.truncated;
  return message(query, flags, [], [], query.edns ? [ownEdns] : []);
}

/** RFC 6891 §6.1.3: BADVERS is 16, its upper bits in the OPT record. */
function badVersion(query: Query): Buffer {
  return message(query, flag.response, [], [], [{ ...ownEdns, extendedRcode: 1 } as Answer]);
}

const ownEdns = {
  type: 'OPT', name: '.', udpPayloadSize: ownUdpSize, extendedRcode: 0, ednsVersion: 0, flags: 0,
  options: [],
} as unknown as Answer;

/**
 * dns-packet writes the records; names are never compressed there, so the question can go between.
 */
function message(
  query: Query, flags: number, answers: readonly Answer[], authorities: readonly Answer[],
  additionals: readonly Answer[],
): Buffer {
  const records = encode({
    type: 'response', questions: [], answers: [...answers], authorities: [...authorities],
    additionals: [...additionals],
  });
  const head = Buffer.from(records.subarray(0, headerSize));
  head.writeUInt16BE(query.id, 0);
  head.writeUInt16BE(flags, 2);
  head.writeUInt16BE(1, 4);
  return Buffer.concat([head, query.question, records.subarray(headerSize)]);
}

function header(id: number, flags: number): Buffer {
  const head = Buffer.alloc(headerSize);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(flags, 2);
  return head;
}
