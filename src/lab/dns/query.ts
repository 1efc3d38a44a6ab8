/** A validated query (RFC 1035 §4.1). */
export interface Query {
  readonly id: number;
  readonly recursionDesired: boolean;
  /** The word of the header that has them (RFC 1035 §4.1.1). */
  readonly flags: number;
  /** The name in the letters in which it was asked. */
  readonly spelled: string;
  /**
   * In lower case without the root's dot; what is no letter, digit, hyphen or underscore as `\DDD`.
   */
  readonly name: string;
  /** The labels contained nothing but letters, digits, hyphens and underscores. */
  readonly isHostName: boolean;
  readonly type: number;
  readonly class: number;
  /** The question as it came, to be echoed byte for byte: some clients vary the case as a nonce. */
  readonly question: Buffer;
  /** The client's EDNS(0) record, if it sent one (RFC 6891 §6.1). */
  readonly edns?: { readonly udpSize: number; readonly version: number };
}

/** A query, or why it cannot be read, with the response code that says so: none for what must not be answered. */
export type ReadQuery =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly reason: 'too-short' | 'response'; readonly id?: number; readonly rcode?: undefined }
  | { readonly ok: false; readonly reason: 'opcode' | 'format'; readonly id: number; readonly rcode: 'FORMERR' | 'NOTIMP' };

const optType = 41;

/**
 * Reads a message by hand, because dns-packet joins labels with dots and cannot tell
 * `www\.lab.test` from `www.lab.test`. Responses and messages shorter than a header are not
 * answered, so that no two servers can be made to talk to each other for ever.
 */
export function readQuery(message: Buffer): ReadQuery {
  if (message.length < 2) return { ok: false, reason: 'too-short' };
  const id = message.readUInt16BE(0);
  if (message.length < 12) return { ok: false, reason: 'too-short', id };
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return { ok: false, reason: 'response', id };
  if ((flags & 0x7800) !== 0) return { ok: false, reason: 'opcode', id, rcode: 'NOTIMP' };
  try {
    const recursionDesired = (flags & 0x0100) !== 0;
    return { ok: true, query: { id, recursionDesired, flags, ...readSections(message) } };
  } catch {
    return { ok: false, reason: 'format', id, rcode: 'FORMERR' };
  }
}

type Sections = Omit<Query, 'id' | 'recursionDesired' | 'flags'>;

/** Exactly one question, and nothing but an OPT record after it. Reading past the end throws. */
function readSections(message: Buffer): Sections {
  const counts = [4, 6, 8, 10].map((offset) => message.readUInt16BE(offset));
  const [questions = 0, answers = 0, authorities = 0, additionals = 0] = counts;
  if (questions !== 1 || answers !== 0 || authorities !== 0) throw new RangeError('sections');
  const name = readName(message, 12);
  const end = name.end + 4;
  const spelled = name.labels.map(escapeLabel).join('.');
  const question: Sections = {
    spelled, name: spelled.toLowerCase(),
    isHostName: name.labels.every((label) => /^[a-z0-9_-]+$/i.test(label)),
    type: message.readUInt16BE(name.end),
    class: message.readUInt16BE(name.end + 2),
    question: Buffer.from(message.subarray(12, end)),
  };
  const edns = readEdns(message, end, additionals);
  return edns ? { ...question, edns } : question;
}

/** RFC 1035 §5.1: so that a dot inside a label is no separator. */
function escapeLabel(label: string): string {
  return label.replace(/[^a-z0-9_-]/gi, (character) =>
    `\\${String(character.charCodeAt(0)).padStart(3, '0')}`);
}

/** Labels of at most 63 bytes, a name of at most 255; a question has no reason for compression. */
function readName(message: Buffer, start: number): { labels: string[]; end: number } {
  const labels: string[] = [];
  let offset = start;
  for (;;) {
    const length = message.readUInt8(offset);
    offset += 1;
    if (length === 0) break;
    if (length > 63 || offset + length > message.length) throw new RangeError('label');
    labels.push(message.toString('latin1', offset, offset + length));
    offset += length;
  }
  if (offset - start > 255) throw new RangeError('name');
  return { labels, end: offset };
}

function readEdns(message: Buffer, start: number, count: number): Query['edns'] {
  let offset = start;
  let edns: Query['edns'];
  for (let index = 0; index < count; index += 1) {
    const { end } = readName(message, offset);
    const length = message.readUInt16BE(end + 8);
    if (end + 10 + length > message.length) throw new RangeError('rdata');
    if (message.readUInt16BE(end) === optType) {
      // RFC 6891 §6.1.1: more than one OPT is a format error.
      if (edns || end !== offset + 1) throw new RangeError('OPT');
      edns = { udpSize: message.readUInt16BE(end + 2), version: message.readUInt8(end + 5) };
    }
    offset = end + 10 + length;
  }
  if (offset !== message.length) throw new RangeError('trailing bytes');
  return edns;
}
