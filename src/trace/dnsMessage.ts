// DNS messages (RFC 1035 §4.1) octet by octet, as far as they can be read: for showing them, not for resolving names.

/** Where something stands: from `start` to before `end`. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Names keep their letters: `wWw.lab.test.` */
export interface PlacedQuestion extends Place {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface PlacedRecord extends PlacedQuestion {
  readonly section: 'answer' | 'authority' | 'additional';
  readonly ttl: number;
  readonly dataStart: number;
}

/** The numbers of a header, and what follows it as far as it makes sense. */
export interface PlacedMessage {
  readonly id: number;
  readonly flags: number;
  /** Questions, answers, authorities and additional records that there should be. */
  readonly counts: readonly [number, number, number, number];
  readonly questions: readonly PlacedQuestion[];
  readonly records: readonly PlacedRecord[];
  /** Where what could be read ends. */
  readonly end: number;
  /** Why not all that is counted could be read: the message ends before, or a name is none. */
  readonly problem?: 'cut-short' | 'bad-name';
}

export const typeOpt = 41;
export const headerSize = 12;
/** RFC 1035 §3.1. */
const longestName = 255;

/** Reads a message; undefined where there is not even a header. Never throws. */
export function placedMessage(bytes: Uint8Array): PlacedMessage | undefined {
  if (bytes.length < headerSize) return undefined;
  const [id, flags, ...counts] = Array.from({ length: 6 }, (_, index) => number16(bytes, index * 2)) as
    [number, number, number, number, number, number];
  const questions: PlacedQuestion[] = [];
  const records: PlacedRecord[] = [];
  const [questionCount, ...others] = counts;
  const head = { id, flags, counts, questions, records };
  let end = headerSize;
  for (let left = questionCount; left > 0; left -= 1) {
    const question = questionAt(bytes, end);
    if (typeof question === 'string') return { ...head, end, problem: question };
    questions.push(question);
    ({ end } = question);
  }
  for (const [index, section] of (['answer', 'authority', 'additional'] as const).entries()) {
    for (let left = others[index]!; left > 0; left -= 1) {
      const record = recordAt(bytes, end, section);
      if (typeof record === 'string') return { ...head, end, problem: record };
      records.push(record);
      ({ end } = record);
    }
  }
  return { ...head, end };
}

type Problem = NonNullable<PlacedMessage['problem']>;

function questionAt(bytes: Uint8Array, start: number): PlacedQuestion | Problem {
  const name = nameAt(bytes, start);
  if (typeof name === 'string') return name;
  if (name.end + 4 > bytes.length) return 'cut-short';
  return {
    name: name.text, type: number16(bytes, name.end), class: number16(bytes, name.end + 2), start, end: name.end + 4,
  };
}

function recordAt(bytes: Uint8Array, start: number, section: PlacedRecord['section']): PlacedRecord | Problem {
  const owner = questionAt(bytes, start);
  if (typeof owner === 'string') return owner;
  const dataStart = owner.end + 6;
  if (dataStart > bytes.length) return 'cut-short';
  const ttl = number16(bytes, owner.end) * 0x1_0000 + number16(bytes, owner.end + 2);
  const end = dataStart + number16(bytes, owner.end + 4);
  return end > bytes.length ? 'cut-short' : { ...owner, section, ttl, dataStart, end };
}

/** A name and where it ends; compression (RFC 1035 §4.1.4) leads towards the start only. */
function nameAt(bytes: Uint8Array, start: number): { readonly text: string; readonly end: number } | Problem {
  let text = '';
  let size = 1;
  let end: number | undefined;
  for (let offset = start;;) {
    const length = bytes[offset];
    if (length === undefined) return 'cut-short';
    if (length === 0) return { text: text === '' ? '.' : text, end: end ?? offset + 1 };
    if (length >= 0xc0) {
      if (offset + 1 >= bytes.length) return 'cut-short';
      const target = number16(bytes, offset) & 0x3fff;
      if (target >= offset) return 'bad-name';
      end ??= offset + 2;
      offset = target;
      continue;
    }
    size += length + 1;
    if (length > 63 || size > longestName) return 'bad-name';
    if (offset + length >= bytes.length) return 'cut-short';
    text += `${presentLabel(bytes.subarray(offset + 1, offset + 1 + length))}.`;
    offset += length + 1;
  }
}

/** RFC 1035 §5.1: `\.` and `\\` for those two, `\DDD` for what cannot be printed; letters stay as they are. */
export function presentLabel(label: Uint8Array): string {
  let text = '';
  for (const octet of label) {
    if (octet === 0x2e || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else if (octet <= 0x20 || octet >= 0x7f) text += `\\${String(octet).padStart(3, '0')}`;
    else text += String.fromCharCode(octet);
  }
  return text;
}

function number16(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! * 256 + bytes[offset + 1]!;
}

/** The data of a record: an address or a name as such, all else as octets. */
export function placedData(bytes: Uint8Array, { type, dataStart, end }: PlacedRecord): string {
  const data = bytes.subarray(dataStart, end);
  if (type === 1 && data.length === 4) return data.join('.');
  if (type === 28 && data.length === 16) return ipv6Text(data);
  // NS, CNAME, PTR and DNAME.
  const name = [2, 5, 12, 39].includes(type) ? nameAt(bytes, dataStart) : 'bad-name';
  if (typeof name !== 'string' && name.end === end) return name.text;
  return presentOctets(data);
}

/** RFC 3597 §5: data of a type or a form that is not known, as octets. */
export function presentOctets(octets: Uint8Array): string {
  return octets.length === 0 ? '\\# 0' : `\\# ${octets.length} ${hexText(octets)}`;
}

/** RFC 5952 §4, as a URL is written. */
function ipv6Text(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) => number16(octets, index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** What EDNS (RFC 6891 §6.1) says in its record. */
export interface Edns {
  /** The largest answer over UDP that is taken. */
  readonly udpSize: number;
  readonly version: number;
  /** RFC 3225: DNSSEC records are welcome. */
  readonly dnssecOk: boolean;
  readonly options: readonly { readonly code: number; readonly hex: string }[];
}

/** Reads an OPT record, whose class and TTL have another meaning. */
export function ednsOf(
  bytes: Uint8Array, { class: udpSize, ttl, dataStart, end }: Pick<PlacedRecord, 'class' | 'ttl' | 'dataStart' | 'end'>,
): Edns {
  const options: { code: number; hex: string }[] = [];
  for (let offset = dataStart; offset + 4 <= end;) {
    const next = Math.min(end, offset + 4 + number16(bytes, offset + 2));
    options.push({ code: number16(bytes, offset), hex: hexText(bytes.subarray(offset + 4, next)) });
    offset = next;
  }
  return { udpSize, version: (ttl >>> 16) & 0xff, dnssecOk: (ttl & 0x8000) !== 0, options };
}

function hexText(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

// --- names that IANA gives to numbers ----------------------------------------------------------------

/** RFC 1035 §4.1.1, RFC 4035 §3: the bits of the header from the left, as dig writes them. */
export function flagNames(flags: number): string[] {
  const bits: readonly [number, string][] = [
    [0x8000, 'qr'], [0x0400, 'aa'], [0x0200, 'tc'], [0x0100, 'rd'], [0x0080, 'ra'], [0x0020, 'ad'], [0x0010, 'cd'],
  ];
  return bits.flatMap(([bit, name]) => (flags & bit) === 0 ? [] : [name]);
}

const rcodeNames: Readonly<Record<number, string>> = {
  0: 'NOERROR', 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED', 6: 'YXDOMAIN', 7: 'YXRRSET',
  8: 'NXRRSET', 9: 'NOTAUTH', 10: 'NOTZONE', 16: 'BADVERS', 23: 'BADCOOKIE',
};

/** The name of an rcode, or `RCODE n`. */
export function rcodeName(rcode: number): string {
  return rcodeNames[rcode] ?? `RCODE ${rcode}`;
}

const opcodeNames: Readonly<Record<number, string>> = { 0: 'QUERY', 1: 'IQUERY', 2: 'STATUS', 4: 'NOTIFY', 5: 'UPDATE' };

/** The name of the opcode in a header's flags, or `OPCODE n`. */
export function opcodeName(flags: number): string {
  const opcode = (flags >>> 11) & 0xf;
  return opcodeNames[opcode] ?? `OPCODE ${opcode}`;
}

const typeNames: Readonly<Record<number, string>> = {
  1: 'A', 2: 'NS', 5: 'CNAME', 6: 'SOA', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA', 33: 'SRV', 39: 'DNAME', 41: 'OPT',
  43: 'DS', 46: 'RRSIG', 47: 'NSEC', 48: 'DNSKEY', 50: 'NSEC3', 64: 'SVCB', 65: 'HTTPS', 257: 'CAA',
};

/** The name of a record's type, or `TYPEn` (RFC 3597 §5). */
export function typeName(type: number): string {
  return typeNames[type] ?? `TYPE${type}`;
}

const classNames: Readonly<Record<number, string>> = { 1: 'IN', 3: 'CH', 4: 'HS', 254: 'NONE', 255: 'ANY' };

/** The name of a class, or `CLASSn` (RFC 3597 §5). */
export function className(number: number): string {
  return classNames[number] ?? `CLASS${number}`;
}

const optionNames: Readonly<Record<number, string>> = {
  3: 'NSID', 8: 'ECS', 9: 'EXPIRE', 10: 'COOKIE', 11: 'TCP-KEEPALIVE', 12: 'PADDING', 15: 'EDE',
};

/** The name of an option of EDNS, or `OPTION n`. */
export function optionName(code: number): string {
  return optionNames[code] ?? `OPTION ${code}`;
}
