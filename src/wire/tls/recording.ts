import type { StreamCapture } from '../tap/streamCapture.ts';
import type { Passing } from '../tap/transportTap.ts';

/** A TLS record as it passed (RFC 8446 §5.1), or bytes that came in place of one. */
export interface PassedRecord {
  readonly direction: 'sent' | 'received';
  /** Which of its direction it is, from 0: records that were not kept are counted too. */
  readonly index: number;
  /** When its last byte passed, monotonic ms. */
  readonly at: number;
  /** One of {@link recordTypes}; undefined for what is no record. */
  readonly type: number | undefined;
  /** The header of a record, which encryption covers too (RFC 8446 §5.2). */
  readonly header: Uint8Array;
  readonly fragment: Uint8Array;
}

/** RFC 8446 §5.1, RFC 6520 §3. */
export const recordTypes = {
  changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24,
} as const;

/** Bytes of fragments kept until the handshake is over, and how long a record may be that is kept after it. */
const handshakeRoom = 256 * 1024;
export const shortRecord = 64;
/**
 * Records that are kept from then on, whatever they hold: our last flight is still to be sent, and a server of TLS 1.3
 * begins with its tickets, which look like application data.
 */
const firstRecords = { sent: 6, received: 4 };
/** At most so many records are kept until they are taken. */
const maxRecords = 1024;
/** Of what is no TLS, so many bytes are kept. */
const strangeRoom = 1024;

/** As long as so little has passed, in pieces and bytes, it is left for later: it is kept elsewhere. */
const leftForLater = { pieces: 64, bytes: 64 * 1024 } as const;

/** What a record takes besides its fragment. */
const recordCost = 256;

const headerSize = 5;
/** RFC 5246 §6.2.3: 2¹⁴ bytes, and 2048 for what encryption adds. */
const maxFragment = 2 ** 14 + 2048;

/** A record, its header and fragment in one, until somebody wants to read it. */
interface Kept {
  readonly direction: PassedRecord['direction'];
  readonly index: number;
  readonly at: number;
  readonly whole: Buffer;
}

function recordOf({ direction, index, at, whole }: Kept): PassedRecord {
  const [header, fragment] = [whole.subarray(0, headerSize), whole.subarray(headerSize)];
  return { direction, index, at, type: header[0]!, header, fragment };
}

/**
 * The records of a TLS connection, both directions in the order they were complete, out of pieces of any size. The
 * handshake is kept whole; of what follows only what may be a message of TLS itself. As long as `kept` keeps what
 * passes anyway, nothing is done: most connections of a load test end before, and nobody ever reads them.
 */
export class TlsRecording implements Passing {
  #kept: StreamCapture | undefined;
  /** What `kept` had kept before: pieces and bytes. */
  readonly #before: { readonly pieces: number; readonly bytes: number };
  /** Pieces that are left for later, and how many of them came before the handshake was over. */
  #pieces = 0;
  #piecesOfHandshake = Infinity;
  #records: Kept[] = [];
  #size = 0;
  #room = handshakeRoom;
  readonly #firstLeft = { ...firstRecords };
  #isOver = false;
  #readers: { readonly sent: RecordReader; readonly received: RecordReader } | undefined;

  /** `kept` keeps the pieces that passed before this is told of them. */
  constructor(kept?: StreamCapture) {
    this.#kept = kept;
    this.#before = { pieces: kept?.count ?? 0, bytes: kept ? kept.sentSize + kept.receivedSize : 0 };
  }

  sent(bytes: Uint8Array, at: number): void {
    if (!this.#isLeft()) this.#reader('sent').read(bytes, at);
  }

  received(bytes: Uint8Array, at: number): void {
    if (!this.#isLeft()) this.#reader('received').read(bytes, at);
  }

  /** Whether the piece that has just passed can be looked at later; if not, those before it are now. */
  #isLeft(): boolean {
    const kept = this.#kept;
    if (!kept) return false;
    const bytes = kept.sentSize + kept.receivedSize - this.#before.bytes;
    if (!kept.isWhole || this.#pieces === leftForLater.pieces || bytes > leftForLater.bytes) {
      this.readLeft();
      return false;
    }
    this.#pieces += 1;
    return true;
  }

  #reader(direction: PassedRecord['direction']): RecordReader {
    this.#readers ??= { sent: new RecordReader('sent', this), received: new RecordReader('received', this) };
    return this.#readers[direction];
  }

  /** Looks at what was left for later, and from here on at once at what passes. */
  readLeft(): void {
    const kept = this.#kept;
    if (!kept) return;
    this.#kept = undefined;
    let place = -this.#before.pieces;
    for (const { direction, bytes, at } of kept.segments()) {
      if (place === this.#pieces) break;
      if (place === this.#piecesOfHandshake) this.#isOver = true;
      if (place >= 0) this.#reader(direction).read(bytes, at);
      place += 1;
    }
    if (this.#piecesOfHandshake <= this.#pieces) this.#isOver = true;
    this.#pieces = 0;
  }

  /** The peer sent something that is no TLS. */
  get isStrange(): boolean {
    this.readLeft();
    return this.#readers?.received.isStrange === true;
  }

  /** Memory that what was not taken yet takes, roughly, in bytes; what is left for later is none of it. */
  get size(): number {
    const { sent, received } = this.#readers ?? {};
    return this.#pieces * recordCost + this.#size + (sent?.strangeLeft ?? 0) + (received?.strangeLeft ?? 0);
  }

  /** From here on there is data. */
  handshakeOver(): void {
    if (this.#kept) this.#piecesOfHandshake = this.#pieces;
    else this.#isOver = true;
  }

  /** The records since the last call. */
  take(): readonly PassedRecord[] {
    this.readLeft();
    const records = this.#records.map(recordOf);
    this.#records = [];
    this.#size = 0;
    for (const reader of [this.#readers?.sent, this.#readers?.received]) {
      const strange = reader?.takeStrange();
      if (strange) records.push(strange);
    }
    return records;
  }

  add(record: Kept): void {
    this.#size += record.whole.length + recordCost;
    this.#records.push(record);
  }

  /** Whether a record of data is let pass without another look: most are. */
  passes(direction: PassedRecord['direction'], size: number): boolean {
    return this.#isOver && size > shortRecord && this.#firstLeft[direction] <= 0;
  }

  /** Whether a record is to be kept. */
  wants(direction: PassedRecord['direction'], type: number, size: number): boolean {
    if (this.#records.length >= maxRecords) return false;
    const isFirst = !this.#isOver || this.#firstLeft[direction]-- > 0;
    if (!isFirst) return type !== recordTypes.applicationData || size <= shortRecord;
    this.#room -= size;
    return this.#room >= 0;
  }
}

/** One direction: finds where records begin and end. */
class RecordReader {
  readonly #direction: PassedRecord['direction'];
  readonly #recording: TlsRecording;
  readonly #header = new Uint8Array(headerSize);
  #headerFilled = 0;
  #index = 0;
  /** Of the record under way: bytes still to come, and what is kept of it. */
  #left = 0;
  #whole: Buffer | undefined;
  #filled = 0;
  /** Once something that is no record has come, nothing after it is one. */
  #strange: number[] | undefined;
  #strangeAt = 0;
  #strangeTaken = 0;

  constructor(direction: PassedRecord['direction'], recording: TlsRecording) {
    this.#direction = direction;
    this.#recording = recording;
  }

  read(bytes: Uint8Array, at: number): void {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#strange) return this.#addStrange(bytes.subarray(offset), at);
      const passed = this.#headerFilled === 0 ? this.#sizeOfPassing(bytes, offset) : 0;
      if (passed > 0) {
        offset += passed;
        this.#index += 1;
      } else offset = this.#headerFilled < headerSize
        ? this.#readHeader(bytes, offset, at) : this.#readFragment(bytes, offset, at);
    }
  }

  /** Of a whole record at `offset` that is not to be kept; 0 for any other. */
  #sizeOfPassing(bytes: Uint8Array, offset: number): number {
    if (bytes.length - offset <= headerSize || bytes[offset] !== recordTypes.applicationData) return 0;
    const size = bytes[offset + 3]! * 256 + bytes[offset + 4]!;
    const isWhole = bytes[offset + 1] === 3 && size <= maxFragment && offset + headerSize + size <= bytes.length;
    return isWhole && this.#recording.passes(this.#direction, size) ? headerSize + size : 0;
  }

  #readHeader(bytes: Uint8Array, offset: number, at: number): number {
    const end = Math.min(bytes.length, offset + headerSize - this.#headerFilled);
    let next = offset;
    while (next < end) this.#header[this.#headerFilled++] = bytes[next++]!;
    if (!isRecordStart(this.#header, this.#headerFilled)) {
      this.#strange = [];
      this.#addStrange(this.#header.subarray(0, this.#headerFilled), at);
    } else if (this.#headerFilled === headerSize) this.#begin(at);
    return next;
  }

  #begin(at: number): void {
    const size = this.#header[3]! * 256 + this.#header[4]!;
    this.#left = size;
    if (this.#recording.wants(this.#direction, this.#header[0]!, size)) {
      // Of Node's pool: small ones of their own would cost more to collect than to fill.
      this.#whole = Buffer.allocUnsafe(headerSize + size);
      this.#whole.set(this.#header);
      this.#filled = headerSize;
    }
    if (size === 0) this.#end(at);
  }

  #readFragment(bytes: Uint8Array, offset: number, at: number): number {
    const size = Math.min(this.#left, bytes.length - offset);
    if (this.#whole) {
      this.#whole.set(bytes.subarray(offset, offset + size), this.#filled);
      this.#filled += size;
    }
    this.#left -= size;
    if (this.#left === 0) this.#end(at);
    return offset + size;
  }

  #end(at: number): void {
    const index = this.#index++;
    const whole = this.#whole;
    this.#headerFilled = 0;
    this.#whole = undefined;
    if (whole) this.#recording.add({ direction: this.#direction, index, at, whole });
  }

  #addStrange(bytes: Uint8Array, at: number): void {
    const strange = this.#strange!;
    if (strange.length === 0) this.#strangeAt = at;
    for (const byte of bytes.subarray(0, strangeRoom - strange.length)) strange.push(byte);
  }

  get isStrange(): boolean {
    return this.#strange !== undefined;
  }

  /** How much of what is no record was not taken yet. */
  get strangeLeft(): number {
    return this.#strange ? this.#strange.length - this.#strangeTaken : 0;
  }

  /** What is no record, as far as it has come since it was asked for last. */
  takeStrange(): PassedRecord | undefined {
    if (!this.#strange || this.#strange.length === this.#strangeTaken) return undefined;
    const fragment = Uint8Array.from(this.#strange.slice(this.#strangeTaken));
    this.#strangeTaken = this.#strange.length;
    const [direction, index, at] = [this.#direction, this.#index, this.#strangeAt];
    return { direction, index, at, type: undefined, header: new Uint8Array(), fragment };
  }
}

/** As far as the header has come: a known type, version 3.x (SSL 3.0 to TLS 1.3), and a length that is allowed. */
function isRecordStart(header: Uint8Array, filled: number): boolean {
  if (filled > 0 && (header[0]! < recordTypes.changeCipherSpec || header[0]! > recordTypes.heartbeat)) return false;
  if (filled > 1 && header[1] !== 3) return false;
  return filled < headerSize || header[3]! * 256 + header[4]! <= maxFragment;
}
