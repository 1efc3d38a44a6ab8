import { joinedBytes, runsOf } from '../exchangeWire.ts';
import type { WireSegment, WireStream } from '../wireRecord.ts';
import { frameRequest, frameResponse } from './framing.ts';
import type { Piece } from './framing.ts';

/** The part of a piece that is in one segment. */
export interface FramedPart {
  readonly bytes: Uint8Array;
  /** Absent where the bytes follow a gap: what they are is not known. */
  readonly piece?: Piece;
  /** The piece's first, and its last bytes are here. */
  readonly begins: boolean;
  readonly ends: boolean;
}

/** A write or a read, and what its bytes are. */
export interface FramedSegment {
  readonly segment: WireSegment;
  readonly parts: readonly FramedPart[];
  /** Bytes of its direction right before it that were not kept. */
  readonly gap?: number;
}

/**
 * The bytes of one HTTP/1.1 exchange in both directions, in the order they passed, divided by what they are (RFC 9112).
 * `stream` holds the bytes of this exchange alone.
 */
export function frameHttp1(stream: WireStream): FramedSegment[] {
  const [request = [], ...moreSent] = runsOf(stream.segments, 'sent');
  const [response = [], ...moreReceived] = runsOf(stream.segments, 'received');
  const { method = 'GET' } = frameRequest(joinedBytes(request));
  const received = frameResponse(joinedBytes(response), method);
  const sent = frameRequest(joinedBytes(request), received.isSwitched);
  const framed = new Map<WireSegment, FramedSegment>();
  divide(request, sent.pieces, framed);
  divide(response, received.pieces, framed);
  for (const [runs, first] of [[moreSent, request], [moreReceived, response]] as const) noteGaps(first, runs, framed);
  return stream.segments.map((segment) => framed.get(segment)!);
}

function divide(run: readonly WireSegment[], pieces: readonly Piece[], framed: Map<WireSegment, FramedSegment>): void {
  let start = 0;
  let index = 0;
  for (const segment of run) {
    const end = start + segment.bytes.length;
    const parts: FramedPart[] = [];
    for (let piece = pieces[index]; piece && piece.start < end; piece = pieces[index]) {
      const from = Math.max(piece.start, start);
      const to = Math.min(piece.end, end);
      const ends = piece.end <= end;
      const bytes = segment.bytes.subarray(from - start, to - start);
      parts.push({ bytes, piece, begins: piece.start >= start, ends });
      if (!ends) break;
      index += 1;
    }
    framed.set(segment, { segment, parts });
    start = end;
  }
}

function noteGaps(
  first: readonly WireSegment[], runs: readonly WireSegment[][], framed: Map<WireSegment, FramedSegment>,
): void {
  let last = first.at(-1);
  for (const run of runs) {
    for (const segment of run) {
      const gap = last ? segment.offset - last.offset - last.bytes.length : 0;
      const parts = [{ bytes: segment.bytes, begins: true, ends: true }];
      framed.set(segment, { segment, parts, ...(gap > 0 ? { gap } : {}) });
      last = segment;
    }
  }
}
