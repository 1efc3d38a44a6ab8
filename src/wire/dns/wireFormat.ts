import { headerSize, presentLabel } from '../../trace/dnsMessage.ts';

// The walk over the octets of an answer that dns-packet does not do: every length checked, and
// names in which a dot inside a label differs from a dot between labels.

/**
 * A resource record's place in the message (RFC 1035 §4.1.3); `name` in canonical presentation
 * form.
 */
export interface RecordPlace {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly dataOffset: number;
  readonly dataLength: number;
}

/** The frame of a message: header (RFC 1035 §4.1.1), questions and the places of its records. */
export interface Frame {
  readonly id: number;
  readonly flags: number;
  readonly questions: readonly {
    readonly name: string;
    readonly type: number;
    readonly class: number;
  }[];
  readonly answers: readonly RecordPlace[];
  readonly authorities: readonly RecordPlace[];
  readonly additionals: readonly RecordPlace[];
}

// More jumps than this make no name of 255 octets shorter; without a limit they make a message slow
// to read.
const pointerLimit = 127;

const typeA = 1;
const typeNs = 2;
const typeCname = 5;
const typeSoa = 6;
const typePtr = 12;
const typeAaaa = 28;
const typeDname = 39;

/**
 * Takes a whole message and gives its frame; throws a RangeError that says what is wrong with it.
 */
export function readFrame(bytes: Buffer): Frame {
  if (bytes.length < headerSize) throw new RangeError('shorter than a header');
  const { questions, offset } = readQuestions(bytes);
  const answers = readRecords(bytes, offset, bytes.readUInt16BE(6));
  const authorities = readRecords(bytes, answers.end, bytes.readUInt16BE(8));
  const additionals = readRecords(bytes, authorities.end, bytes.readUInt16BE(10));
  return {
    id: bytes.readUInt16BE(0),
    flags: bytes.readUInt16BE(2),
    questions,
    answers: answers.records,
    authorities: authorities.records,
    additionals: additionals.records,
  };
}

/** Takes a message of at least a header's size and gives its questions and where they end. */
export function readQuestions(bytes: Buffer): { questions: Frame['questions']; offset: number } {
  const questions = [];
  let offset = headerSize;
  for (let left = bytes.readUInt16BE(4); left > 0; left -= 1) {
    const { name, end } = readName(bytes, offset);
    need(bytes, end, 4);
    questions.push({ name, type: bytes.readUInt16BE(end), class: bytes.readUInt16BE(end + 2) });
    offset = end + 4;
  }
  return { questions, offset };
}

/**
 * Takes a message and the offset of a name and gives the name in canonical presentation form (lower
 * case, RFC 1035 §5.1 escapes, no trailing dot) and where it ends. Throws a RangeError for a broken
 * name.
 */
export function readName(bytes: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let size = 1;
  let jumps = 0;
  let end: number | undefined;
  let offset = start;
  for (;;) {
    need(bytes, offset, 1);
    const length = bytes.readUInt8(offset);
    if (length === 0) return { name: labels.join('.'), end: end ?? offset + 1 };
    if (length >= 0xc0) {
      need(bytes, offset, 2);
      end ??= offset + 2;
      offset = pointerTarget(bytes, offset);
      jumps += 1;
      if (jumps > pointerLimit) throw new RangeError('too many compression pointers in a name');
      continue;
    }
    if (length > 63) throw new RangeError('a label of an unknown kind');
    need(bytes, offset + 1, length);
    size += length + 1;
    if (size > 255) throw new RangeError('a name longer than 255 octets');
    // RFC 4343: letters are compared without case.
    labels.push(presentLabel(bytes.subarray(offset + 1, offset + 1 + length)).toLowerCase());
    offset += length + 1;
  }
}

/** RFC 1035 §4.1.4: a pointer leads to a prior occurrence, so always towards the start. */
function pointerTarget(bytes: Buffer, offset: number): number {
  const target = bytes.readUInt16BE(offset) & 0x3fff;
  if (target >= offset || target < headerSize) throw new RangeError('a bad compression pointer');
  return target;
}

function readRecords(
  bytes: Buffer,
  start: number,
  count: number,
): { records: RecordPlace[]; end: number } {
  const records: RecordPlace[] = [];
  let offset = start;
  for (let left = count; left > 0; left -= 1) {
    const { name, end } = readName(bytes, offset);
    need(bytes, end, 10);
    const record = {
      name,
      type: bytes.readUInt16BE(end),
      class: bytes.readUInt16BE(end + 2),
      ttl: bytes.readUInt32BE(end + 4),
      dataOffset: end + 10,
      dataLength: bytes.readUInt16BE(end + 8),
    };
    need(bytes, record.dataOffset, record.dataLength);
    checkData(bytes, record);
    records.push(record);
    offset = record.dataOffset + record.dataLength;
  }
  return { records, end: offset };
}

/** RDLENGTH must be what the type's RDATA takes, for the types that are used here. */
function checkData(bytes: Buffer, record: RecordPlace): void {
  if (record.dataLength !== expectedLength(bytes, record)) {
    throw new RangeError(
      `a record of type ${record.type} with ${record.dataLength} octets of data`,
    );
  }
}

function expectedLength(bytes: Buffer, record: RecordPlace): number {
  const { type, dataOffset, dataLength } = record;
  switch (type) {
    case typeA:
      return 4;
    case typeAaaa:
      return 16;
    case typeNs:
    case typeCname:
    case typePtr:
    case typeDname:
      return readName(bytes, dataOffset).end - dataOffset;
    case typeSoa:
      return readName(bytes, readName(bytes, dataOffset).end).end + 20 - dataOffset;
    default:
      return dataLength;
  }
}

function need(bytes: Buffer, offset: number, length: number): void {
  if (offset + length > bytes.length) throw new RangeError('cut short');
}
