import type { Exchange } from './exchange.ts';
import { framesOf } from './http2/exchangeFrames.ts';
import { frameType } from './http2/frameNames.ts';
import { clientPreface, frameHeadSize } from './http2/frameReader.ts';
import { createSecretMask } from './secretValues.ts';
import type { SecretMask } from './secretValues.ts';
import type { ShownWireRecord, WireRecord, WireSegment, WireStream } from './wireRecord.ts';

/**
 * The part of a connection's bytes that is the exchange's. Of the exchange that opened the connection it begins with
 * the connection; of a later one when its request began to be written. It ends with the exchange, together with
 * whatever still came before the next request was written. On HTTP/2 it is the frames of its stream, and those of the
 * connection while it lasted.
 */
export function wireOfExchange(record: WireRecord, exchange: Exchange): ShownWireRecord {
  const { connectionId, transport } = record;
  const plain = record.plain ?? insideTunnel(transport, exchange);
  const times = timesOf(exchange);
  const part = (stream: WireStream): WireStream => (
    exchange.connection?.httpVersion === '2' ? framesPart(stream, exchange) : partOf(stream, times));
  return plain
    ? { connectionId, transport: partOf(transport, times), plain: part(plain) }
    : { connectionId, transport: part(transport) };
}

/**
 * Without TLS: what passed after the last proxy was told where to go, counted from there. Undefined without a tunnel.
 */
function insideTunnel(transport: WireStream, { connection }: Exchange): WireStream | undefined {
  const from = connection?.proxies?.at(-1)?.endAt;
  const before = transport.segments.filter(({ at }) => from !== undefined && at < from);
  if (before.length === 0) return undefined;
  const sizes = { sent: 0, received: 0 };
  for (const { direction, offset, bytes } of before) sizes[direction] = offset + bytes.length;
  return {
    segments: transport.segments.slice(before.length)
      .map((segment) => ({ ...segment, offset: segment.offset - sizes[segment.direction] })),
    sentSize: transport.sentSize - sizes.sent, receivedSize: transport.receivedSize - sizes.received,
  };
}

interface Times {
  readonly from: number;
  readonly to: number;
}

/** From the exchange's own events, ms; an exchange that goes on has no end. */
function timesOf({ events, reused }: Exchange): Times {
  let from = -Infinity;
  let to = Infinity;
  for (const { type, at } of events) {
    if (reused && (type === 'connection-assigned' || type === 'request-start')) from = at;
    if (type === 'body-end' || type === 'failed') to = at;
    // An answer may be complete before its request is.
    else if (type === 'request-sent' && to !== Infinity) to = Math.max(to, at);
  }
  return { from, to };
}

function partOf({ segments, sentSize, receivedSize }: WireStream, { from, to }: Times): WireStream {
  const start = segments.findIndex(({ at }) => at >= from);
  if (start === -1) return { segments: [], sentSize, receivedSize };
  const next = segments.findIndex(({ at, direction }, index) => index >= start && at > to && direction === 'sent');
  return { segments: segments.slice(start, next === -1 ? segments.length : next), sentSize, receivedSize };
}

/** Octets of a direction from `start` to before `end`. */
interface Range {
  readonly direction: WireSegment['direction'];
  readonly start: number;
  readonly end: number;
}

function framesPart(stream: WireStream, exchange: Exchange): WireStream {
  const ranges: Range[] = framesOf(exchange, 'exchange').map(({ direction, offset, length, count = 1 }) => (
    { direction, start: offset, end: offset + length + frameHeadSize * count }));
  if (!exchange.reused) ranges.push({ direction: 'sent', start: 0, end: clientPreface });
  return { ...stream, segments: within(stream.segments, ranges) };
}

/** The parts of segments that are in a range; what is side by side stays together. */
function within(segments: readonly WireSegment[], ranges: readonly Range[]): WireSegment[] {
  const inOrder = joinedRanges(ranges);
  return segments.flatMap((segment) => inOrder.flatMap(({ direction, start, end }) => {
    const from = Math.max(start, segment.offset);
    const to = Math.min(end, segment.offset + segment.bytes.length);
    if (direction !== segment.direction || from >= to) return [];
    return [{ ...segment, offset: from, bytes: segment.bytes.subarray(from - segment.offset, to - segment.offset) }];
  }));
}

function joinedRanges(ranges: readonly Range[]): Range[] {
  const joined: { direction: Range['direction']; start: number; end: number }[] = [];
  for (const range of ranges.toSorted((a, b) => a.direction.localeCompare(b.direction) || a.start - b.start)) {
    const last = joined.at(-1);
    if (last?.direction === range.direction && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else joined.push({ ...range });
  }
  return joined;
}

/**
 * The same with each octet of a secret of the request as `*`, also of one that two segments of a direction share. In
 * HTTP/2 a secret may be in Huffman code: of a field block that holds one, nothing is shown.
 */
export function maskWire(record: ShownWireRecord, exchange: Exchange): ShownWireRecord {
  const masker = createSecretMask(exchange.spec.secrets ?? []);
  if (!masker) return record;
  const { plain, transport } = record;
  const hidden = secretBlocks(exchange, masker);
  const masked = (stream: WireStream): WireStream => maskedStream(withoutBlocks(stream, hidden), masker);
  if (!plain) return { ...record, transport: masked(transport) };
  // Below may be what a proxy was told, in the clear; and a tunnel without TLS hides nothing.
  const shift = { sent: transport.sentSize - plain.sentSize, received: transport.receivedSize - plain.receivedSize };
  const below = exchange.connection?.tls ? [] : hidden.map(({ direction, start, end }) => (
    { direction, start: start + shift[direction], end: end + shift[direction] }));
  return { ...record, transport: maskedStream(withoutBlocks(transport, below), masker), plain: masked(plain) };
}

function secretBlocks(exchange: Exchange, masker: SecretMask): Range[] {
  const frames = framesOf(exchange, 'exchange');
  return frames.flatMap((frame) => {
    const { direction, offset, length, fields = [] } = frame;
    if (!fields.some(({ name, value }) => masker.text(value) !== value || masker.text(name) !== name)) return [];
    const end = offset + frameHeadSize + length;
    const rest = frames.find((one) => (
      one.type === frameType.continuation && one.direction === direction && one.offset === end));
    const restSize = rest ? rest.length + frameHeadSize * (rest.count ?? 1) : 0;
    return [{ direction, start: offset + frameHeadSize, end: end + restSize }];
  });
}

function withoutBlocks(stream: WireStream, hidden: readonly Range[]): WireStream {
  if (hidden.length === 0) return stream;
  const segments = stream.segments.map((segment) => {
    const bytes = segment.bytes.slice();
    for (const { direction, start, end } of hidden) {
      if (direction !== segment.direction) continue;
      bytes.fill(asterisk, Math.max(0, start - segment.offset), Math.max(0, end - segment.offset));
    }
    return { ...segment, bytes };
  });
  return { ...stream, segments };
}

const asterisk = 0x2a;

function maskedStream(stream: WireStream, masker: SecretMask): WireStream {
  const masked = new Map<WireSegment, Uint8Array>();
  for (const direction of ['sent', 'received'] as const) {
    for (const run of runsOf(stream.segments, direction)) maskRun(run, masker, masked);
  }
  const segments = stream.segments.map((segment) => ({ ...segment, bytes: masked.get(segment) ?? segment.bytes }));
  return { ...stream, segments };
}

/** Segments that follow each other without a gap. */
export function runsOf(segments: readonly WireSegment[], direction: WireSegment['direction']): WireSegment[][] {
  const runs: WireSegment[][] = [];
  let end: number | undefined;
  for (const segment of segments) {
    if (segment.direction !== direction) continue;
    if (segment.offset === end) runs.at(-1)!.push(segment);
    else runs.push([segment]);
    end = segment.offset + segment.bytes.length;
  }
  return runs;
}

function maskRun(run: readonly WireSegment[], masker: SecretMask, masked: Map<WireSegment, Uint8Array>): void {
  const bytes = masker.inPlace(joinedBytes(run));
  let at = 0;
  for (const segment of run) {
    masked.set(segment, bytes.subarray(at, at + segment.bytes.length));
    at += segment.bytes.length;
  }
}

/** The same over one piece of memory for each layer, which is sent between processes as it is. */
export function compactWire(record: ShownWireRecord): ShownWireRecord {
  const { plain, transport } = record;
  return { ...record, transport: compactStream(transport), ...(plain ? { plain: compactStream(plain) } : {}) };
}

function compactStream(stream: WireStream): WireStream {
  const all = joinedBytes(stream.segments);
  let at = 0;
  const segments = stream.segments.map((segment) => {
    const bytes = all.subarray(at, at += segment.bytes.length);
    return { ...segment, bytes };
  });
  return { ...stream, segments };
}

/** The bytes of segments, one after another. */
export function joinedBytes(segments: readonly WireSegment[]): Uint8Array {
  const joined = new Uint8Array(segments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of segments) {
    joined.set(bytes, at);
    at += bytes.length;
  }
  return joined;
}
