import type { Exchange } from './exchange.ts';
import { createSecretMask } from './secretValues.ts';
import type { SecretMask } from './secretValues.ts';
import type { ShownWireRecord, WireRecord, WireSegment, WireStream } from './wireRecord.ts';

/**
 * The part of a connection's bytes that is the exchange's. Of the exchange that opened the connection it begins with
 * the connection; of a later one when its request began to be written. It ends with the exchange, together with
 * whatever still came before the next request was written. On HTTP/2 others may have passed in between.
 */
export function wireOfExchange(record: WireRecord, exchange: Exchange): ShownWireRecord {
  const { connectionId, transport, plain } = record;
  const times = timesOf(exchange);
  return {
    connectionId, transport: partOf(transport, times),
    ...(plain ? { plain: partOf(plain, times) } : {}),
  };
}

interface Times {
  readonly from: number;
  readonly to: number;
}

/** From the exchange's own events, ms; an exchange that goes on has no end. */
export function timesOf({ events, reused }: Exchange): Times {
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

/** The same with each octet of a secret as `*`, also of one that two segments of a direction share. */
export function maskWire(record: ShownWireRecord, secrets: readonly string[] = []): ShownWireRecord {
  const masker = createSecretMask(secrets);
  if (!masker) return record;
  const { plain, transport } = record;
  // With TLS the transport is encrypted: it holds nothing that could be read.
  return plain ? { ...record, plain: maskedStream(plain, masker) } : { ...record, transport: maskedStream(transport, masker) };
}

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
