import { encode } from 'dns-packet';
import type { Answer } from 'dns-packet';
import type { ServerEvent } from '../messages.ts';
import { readQuery } from './query.ts';
import type { Query, ReadQuery } from './query.ts';
import { typeName } from './recordType.ts';
import { isWithin } from './zone.ts';
import type { Zone, ZoneAnswer } from './zone.ts';

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, YXDOMAIN: 6 } as const;
const flag = {
  response: 0x8000, authoritative: 0x0400, truncated: 0x0200, recursionDesired: 0x0100,
} as const;

/** What we can receive over UDP; the size recommended since the DNS flag day of 2020. */
const ownUdpSize = 1232;
const headerSize = 12;

type Arrived = 'startAt' | 'at' | 'transport' | 'peerPort' | 'delay';
type QuestionFacts = Omit<Extract<ServerEvent, { type: 'question' }>, Arrived>;

/** What is to be told of a message, but for how and when it came and went. */
export type MessageFacts = QuestionFacts | Omit<Extract<ServerEvent, { type: 'unreadable' }>, Arrived>;

export interface Reply {
  /** Absent for what must not be answered. */
  readonly bytes?: Buffer;
  readonly facts: MessageFacts;
}

/** What a server has, and what it has not although others say so. */
export interface Served {
  readonly zones: readonly Zone[];
  /** Zones that others delegate to it. */
  readonly unserved?: readonly string[];
}

/** The answer to a message, if it gets one. */
export function replyTo(message: Buffer, served: Served, transport: 'udp' | 'tcp'): Reply {
  const read = readQuery(message);
  if (!read.ok) {
    const { rcode } = read;
    const facts = unreadable(read, message);
    if (rcode === undefined) return { facts };
    return { bytes: header(read.id, flag.response | rcodes[rcode]), facts: { ...facts, rcode } };
  }
  const { query } = read;
  const asked = questionFacts(query, message);
  if (query.edns && query.edns.version > 0) {
    const bytes = badVersion(query);
    return { bytes, facts: { ...asked, ...answerFacts(bytes), rule: 'edns-version', rcode: 'BADVERS' } };
  }
  const zone = served.zones.find(({ origin }) => isWithin(query.name, origin));
  const answer = zone?.answer(query) ?? notServed;
  const whole = assemble(query, answer);
  const bytes = transport === 'tcp' || whole.length <= sizeLimit(query) ? whole : truncated(query, whole);
  const { rcode, target, additionals } = answer;
  const lame = served.unserved?.find((origin) => isWithin(query.name, origin));
  const known = lame ?? zone?.origin;
  return {
    bytes,
    facts: {
      ...asked, ...answerFacts(bytes), rcode, rule: lame === undefined ? answer.rule : 'lame',
      ...(known === undefined ? {} : { zone: known || '.' }), ...(target === undefined ? {} : { target }),
      ...(answer.rule === 'delegation' ? { glue: additionals.length } : {}),
    },
  };
}

/** Of a message that gets no answer. */
export function unanswered(message: Buffer): MessageFacts {
  const read = readQuery(message);
  return read.ok ? { ...questionFacts(read.query, message), rule: 'silent' } : unreadable(read, message);
}

function unreadable({ reason, id }: Extract<ReadQuery, { ok: false }>, { length: size }: Buffer): MessageFacts {
  return { type: 'unreadable', reason, size, ...(id === undefined ? {} : { id }) };
}

function questionFacts({ id, spelled, type, flags, edns }: Query, message: Buffer): Omit<QuestionFacts, 'rule'> {
  return {
    type: 'question', id, name: spelled || '.', recordType: typeName(type), queryFlags: flagNames(flags),
    querySize: message.length,
    ...(edns ? { udpSize: edns.udpSize } : {}),
  };
}

function answerFacts(answer: Buffer): Pick<QuestionFacts, 'answerFlags' | 'answerSize'> {
  return { answerFlags: flagNames(answer.readUInt16BE(2)), answerSize: answer.length };
}

/** RFC 1035 §4.1.1 and RFC 4035 §3.1.6, in the words and the order of dig. */
const flagBits = [
  ['qr', 0x8000], ['aa', 0x0400], ['tc', 0x0200], ['rd', 0x0100], ['ra', 0x0080], ['ad', 0x0020], ['cd', 0x0010],
] as const;

function flagNames(word: number): string[] {
  return flagBits.flatMap(([name, bit]) => (word & bit) === 0 ? [] : [name]);
}

/**
 * RFC 1035 §4.2.1: 512 bytes; RFC 6891 §6.2.3: at least that, and at most what both sides can take.
 */
function sizeLimit(query: Query): number {
  return query.edns ? Math.min(Math.max(query.edns.udpSize, 512), ownUdpSize) : 512;
}

const notServed: ZoneAnswer =
  { rcode: 'REFUSED', rule: 'not-served', authoritative: false, answers: [], authorities: [], additionals: [] };

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
