import { decode, encode, RECURSION_DESIRED } from 'dns-packet';
import type { Answer, SoaData } from 'dns-packet';
import { SocketAddress } from 'node:net';
import { ednsOf, flagNames, headerSize, presentOctets, rcodeName, typeOpt } from '../../trace/dnsMessage.ts';
import type { DnsQuestion, DnsRecord } from '../../trace/dnsStep.ts';
import { extendedErrorsOf } from '../../trace/extendedError.ts';
import type { ExtendedError } from '../../trace/extendedError.ts';
import { canonicalName, nameProblem } from './name.ts';
import { presentServiceBinding, typeHttps, typeSvcb } from './serviceBinding.ts';
import { readFrame, readName, readQuestions } from './wireFormat.ts';
import type { Frame, RecordPlace } from './wireFormat.ts';

// dns-packet between two fences: nothing goes in that it would encode wrongly, and nothing comes
// out that our own walk over the octets did not see in the same place.

/** RFC 9715 §3: an answer of at most this many bytes is not fragmented on its way. */
const ednsPayloadSize = 1232;
const classIn = 1;
const typeNumbers = { A: 1, PTR: 12, AAAA: 28, HTTPS: 65 } as const;
const recordClass = 'IN';

/** A question that can be asked. */
export interface Question extends DnsQuestion {
  readonly type: keyof typeof typeNumbers;
}

export interface AddressQuestion extends Question {
  readonly type: 'A' | 'AAAA';
}

/** A query as it goes out. */
export interface Query {
  readonly id: number;
  readonly question: Question;
  readonly edns: boolean;
  readonly bytes: Buffer;
}

/** A record of an answer from a server, which always has a TTL. */
export interface AnswerRecord extends DnsRecord {
  readonly ttl: number;
}

/** What a server said; names in `records` are canonical. */
export interface Message {
  /** `NOERROR`, `NXDOMAIN`… completed from EDNS (RFC 6891 §6.1.3). */
  readonly rcode: string;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly records: readonly AnswerRecord[];
  readonly extendedErrors?: readonly ExtendedError[];
}

/**
 * `foreign`: not an answer to this query (RFC 5452 §9.1); `malformed`: an answer that cannot be
 * read.
 */
export type Decoded =
  | {
      readonly kind: 'message';
      readonly message: Message;
      /** As dig writes them. */
      readonly flags: readonly string[];
      /** The question came back in the very letters it was asked in. */
      readonly sameLetters: boolean;
    }
  | { readonly kind: 'foreign' | 'malformed'; readonly reason: string };

/** A question's name as it is spelled on the wire, and whether the server is to ask others for us. */
interface Spelling {
  readonly recursion: boolean;
  readonly name: string;
}

/**
 * Takes a question, an id (0–65535) and whether to offer EDNS, and gives the query, for a recursive
 * server unless told otherwise. The name must be one without a {@link nameProblem}; otherwise it
 * throws, as dns-packet would ask another.
 */
export function encodeQuery(
  question: Question,
  id: number,
  edns: boolean,
  { recursion, name }: Spelling = { recursion: true, name: question.name },
): Query {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new RangeError(`not a name that can be asked: ${problem}`);
  const bytes = encode({
    type: 'query',
    id,
    flags: recursion ? RECURSION_DESIRED : 0,
    questions: [{ type: packetType(question.type), name, class: recordClass }],
    additionals: edns ? [optRecord()] : [],
  });
  return { id, question, edns, bytes };
}

/** dns-packet does not know HTTPS and would ask for type 0; a type that it calls unknown it encodes by number. */
function packetType(type: Question['type']): 'A' {
  return (type === 'HTTPS' ? `UNKNOWN_${typeNumbers.HTTPS}` : type) as 'A';
}

/**
 * Takes the bytes of a datagram or of a TCP message and gives what they are for this query. Never
 * throws.
 */
export function decodeAnswer(bytes: Buffer, query: Query): Decoded {
  if (bytes.length < headerSize) return { kind: 'foreign', reason: 'shorter than a header' };
  if (bytes.readUInt16BE(0) !== query.id) return { kind: 'foreign', reason: 'another id' };
  if ((bytes.readUInt16BE(2) & 0x8000) === 0) return { kind: 'foreign', reason: 'not an answer' };
  try {
    if (!echoes(bytes, query.question)) return { kind: 'foreign', reason: 'another question' };
    const flags = flagNames(bytes.readUInt16BE(2));
    return { kind: 'message', message: readMessage(bytes), flags, sameLetters: repeats(bytes, query) };
  } catch (error) {
    return { kind: 'malformed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function optRecord(): Answer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: ednsPayloadSize,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
}

/** A question is never compressed, so its octets are the same unless letters are not; left out, there are none. */
function repeats(bytes: Buffer, query: Query): boolean {
  if (bytes.readUInt16BE(4) === 0) return true;
  const { offset } = readQuestions(query.bytes);
  return bytes.subarray(headerSize, offset).equals(query.bytes.subarray(headerSize, offset));
}

function echoes(bytes: Buffer, question: Question): boolean {
  const { questions } = readQuestions(bytes);
  // A server that could not read or does not serve the question may leave it out, but only with an
  // error.
  if (questions.length === 0) return ![0, 3].includes(bytes.readUInt16BE(2) & 0xf);
  const [echoed] = questions;
  return (
    questions.length === 1
    && echoed !== undefined
    && echoed.name === canonicalName(question.name)
    && echoed.type === typeNumbers[question.type]
    && echoed.class === classIn
  );
}

function readMessage(bytes: Buffer): Message {
  const flags = bytes.readUInt16BE(2);
  const truncated = (flags & 0x0200) !== 0;
  const head = { authoritative: (flags & 0x0400) !== 0, truncated };
  try {
    const frame = readFrame(bytes);
    const extendedErrors = readExtendedErrors(bytes, frame);
    return {
      ...head, rcode: rcodeName(fullRcode(frame)), records: readRecords(bytes, frame),
      ...(extendedErrors.length > 0 && { extendedErrors }),
    };
  } catch (error) {
    // What was cut off is asked for again over TCP; nothing of it is used.
    if (truncated) return { ...head, rcode: rcodeName(flags & 0xf), records: [] };
    throw error;
  }
}

/** RFC 6891 §6.1.3: the upper eight bits of the rcode are in the OPT record's TTL. */
function fullRcode(frame: Frame): number {
  const options = frame.additionals.filter((record) => record.type === typeOpt);
  if (options.length > 1) throw new RangeError('more than one OPT record');
  return ((options[0]?.ttl ?? 0) >>> 24) * 16 + (frame.flags & 0xf);
}

function readExtendedErrors(bytes: Buffer, { additionals }: Frame): ExtendedError[] {
  return additionals.filter(({ type }) => type === typeOpt).flatMap((record) => {
    const { dataOffset, dataLength } = record;
    return extendedErrorsOf(ednsOf(bytes, { ...record, dataStart: dataOffset, end: dataOffset + dataLength }));
  });
}

function readRecords(bytes: Buffer, frame: Frame): AnswerRecord[] {
  const packet = decode(bytes);
  return [
    ...sectionRecords(bytes, 'answer', frame.answers, packet.answers ?? []),
    ...sectionRecords(bytes, 'authority', frame.authorities, packet.authorities ?? []),
    ...sectionRecords(bytes, 'additional', frame.additionals, packet.additionals ?? []),
  ];
}

function sectionRecords(
  bytes: Buffer,
  section: DnsRecord['section'],
  places: readonly RecordPlace[],
  decoded: readonly Answer[],
): AnswerRecord[] {
  if (places.length !== decoded.length) throw new RangeError('records that do not add up');
  return places.flatMap((place, index) => {
    const answer = decoded[index];
    if (answer === undefined) throw new RangeError('records that do not add up');
    if (place.type === typeOpt || answer.type === 'OPT') return [];
    if (answer.ttl !== place.ttl) throw new RangeError('records that do not add up');
    if (place.class !== classIn) return [];
    return [
      {
        section,
        name: place.name,
        type: typeName(place.type, answer.type),
        ttl: usableTtl(place.ttl),
        value: presentData(bytes, place, answer),
      },
    ];
  });
}

/** RFC 3597 §5: a type without a known name is written `TYPE65`; dns-packet says `UNKNOWN_65`. */
function typeName(number: number, decoded: string): string {
  if (number === typeSvcb) return 'SVCB';
  if (number === typeHttps) return 'HTTPS';
  return decoded.startsWith('UNKNOWN_') ? `TYPE${number}` : decoded;
}

/** RFC 2181 §8: a TTL with the most significant bit set counts as zero. */
function usableTtl(ttl: number): number {
  return ttl > 0x7fffffff ? 0 : ttl;
}

/**
 * RDATA in presentation form (RFC 1035 §5.1); types that have no business here as RFC 3597 §5
 * writes them.
 */
function presentData(
  bytes: Buffer,
  place: RecordPlace,
  answer: Exclude<Answer, { type: 'OPT' }>,
): string {
  if (place.type === typeHttps || place.type === typeSvcb) return presentServiceBinding(bytes, place);
  switch (answer.type) {
    case 'A':
      return answer.data;
    case 'AAAA':
      return new SocketAddress({ address: answer.data, family: 'ipv6' }).address;
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'DNAME':
      return dotted(readName(bytes, place.dataOffset).name);
    case 'SOA':
      return presentSoa(bytes, place, answer.data);
    default:
      return presentUnknown(bytes, place);
  }
}

function presentSoa(bytes: Buffer, place: RecordPlace, soa: SoaData): string {
  const primary = readName(bytes, place.dataOffset);
  const mailbox = readName(bytes, primary.end);
  const { serial, refresh, retry, expire, minimum } = soa;
  return [dotted(primary.name), dotted(mailbox.name), serial, refresh, retry, expire, minimum].join(
    ' ',
  );
}

function presentUnknown(bytes: Buffer, place: RecordPlace): string {
  return presentOctets(bytes.subarray(place.dataOffset, place.dataOffset + place.dataLength));
}

function dotted(name: string): string {
  return `${name}.`;
}
