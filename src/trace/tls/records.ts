import { runsOf } from '../exchangeWire.ts';
import type { WireSegment, WireStream } from '../wireRecord.ts';

/** RFC 8446 §5.1: the head of a record. What is in `application_data` of TLS 1.3 may be of any type. */
export interface TlsRecord {
  readonly direction: WireSegment['direction'];
  /** When its first byte passed, ms. */
  readonly at: number;
  /** Bytes before it in its direction. */
  readonly offset: number;
  readonly type: number;
  readonly version: number;
  /** Of what the head is followed by, in bytes. */
  readonly length: number;
  /** More was to come than is here. */
  readonly isCut: boolean;
}

const headSize = 5;
const handshakeType = 22;
/** RFC 8446 §5.2, RFC 5246 §6.2.3. */
const longestRecord = 16_384 + 2048;

/** What a proxy was told before TLS takes few writes and reads. */
const mostBefore = 20;

/**
 * The records of a connection's encrypted bytes, in the order they began; reading ends where there are none. Before
 * them may be what a proxy was told.
 */
export function tlsRecords({ segments }: Pick<WireStream, 'segments'>): TlsRecord[] {
  const records = (['sent', 'received'] as const).flatMap((direction) => {
    const [first = []] = runsOf(segments, direction);
    for (let start = 0; start < Math.min(first.length, mostBefore); start++) {
      const records = recordsIn(first.slice(start));
      if (records.length > 0) return records;
    }
    return [];
  });
  return records.sort((a, b) => a.at - b.at);
}

/** What was written begins as TLS does, and no request of HTTP/1.1 can: a record of the handshake (RFC 8446 §5.1). */
export function beginsWithTls({ segments }: Pick<WireStream, 'segments'>): boolean {
  const first = segments.find(({ direction }) => direction === 'sent');
  return first !== undefined && first.offset === 0 && first.bytes[0] === handshakeType && first.bytes[1] === 3;
}

function recordsIn(run: readonly WireSegment[]): TlsRecord[] {
  const records: TlsRecord[] = [];
  const head: number[] = [];
  let at = 0;
  let offset = 0;
  let skip = 0;
  for (const { bytes, direction, ...segment } of run) {
    for (let index = 0; index < bytes.length;) {
      if (skip > 0) {
        const taken = Math.min(skip, bytes.length - index);
        skip -= taken;
        index += taken;
        continue;
      }
      if (head.length === 0) {
        at = segment.at;
        offset = segment.offset + index;
      }
      head.push(bytes[index++]!);
      if (head.length < headSize) continue;
      const [type = 0, major = 0, minor = 0, high = 0, low = 0] = head.splice(0);
      const length = high * 256 + low;
      // Something else than TLS.
      if (type < 20 || type > 24 || major !== 3 || length > longestRecord) return records;
      records.push({ direction, at, offset, type, version: major * 256 + minor, length, isCut: false });
      skip = length;
    }
  }
  const last = records.at(-1);
  if (last && skip > 0) records[records.length - 1] = { ...last, isCut: true };
  return records;
}

const typeNames = ['change_cipher_spec', 'alert', 'handshake', 'application_data', 'heartbeat'] as const;

/** RFC 8446 §5.1 */
export function recordTypeName(type: number): string {
  return typeNames[type - 20] ?? String(type);
}
