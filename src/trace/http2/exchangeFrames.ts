import type { Exchange } from '../exchange.ts';
import type { Http2Frame } from './frame.ts';
import { frameFlag, frameType } from './frameNames.ts';

/**
 * Which frames: of the exchange's stream; with those of the connection while the exchange lasted; of everything that is
 * known.
 */
export type FrameScope = 'stream' | 'exchange' | 'connection';

/**
 * Frames in the order they passed. Of an exchange that opened the connection, those before it count as its own.
 * `others` are exchanges that may have used the same connection.
 */
export function framesOf(exchange: Exchange, scope: FrameScope, others: readonly Exchange[] = []): Http2Frame[] {
  const { connection, request } = exchange;
  const own = exchange.frames?.told ?? [];
  const shared = connection?.frames?.told ?? [];
  if (scope === 'stream') {
    const stream = request?.stream ?? own[0]?.stream;
    return inOrder([...own, ...shared.filter((frame) => frame.stream === stream && stream !== undefined)]);
  }
  if (scope === 'exchange') return inOrder([...own, ...shared.filter((frame) => isWithin(exchange, frame))]);
  const same = others.filter((other) => other.id !== exchange.id && other.connection?.id === connection?.id);
  // The latest account of a connection holds all earlier ones.
  const fullest = [exchange, ...same].map((one) => one.connection?.frames?.told ?? [])
    .reduce((a, b) => (b.length > a.length ? b : a));
  return inOrder([...own, ...fullest, ...same.flatMap((other) => other.frames?.told ?? [])]);
}

/** How many frames are not told, of the exchange and of its connection. */
export function omittedFrames({ frames, connection }: Exchange): number {
  return (frames?.omitted ?? 0) + (connection?.frames?.omitted ?? 0);
}

function isWithin({ events, reused, endAt }: Exchange, { at }: Http2Frame): boolean {
  const from = reused ? events.findLast(({ type }) => type === 'connection-assigned')?.at ?? 0 : 0;
  return at >= from && at <= (endAt ?? Infinity);
}

function inOrder(frames: Http2Frame[]): Http2Frame[] {
  return frames.sort((a, b) => a.at - b.at || (a.direction === b.direction ? a.offset - b.offset : 0));
}

/** A sender that had sent all it might, ms: from its last DATA to the WINDOW_UPDATE that let it go on. */
export interface Stall {
  readonly direction: Http2Frame['direction'];
  readonly stream: number;
  /** Whose window was used up (RFC 9113 §5.2.1). */
  readonly window: 'stream' | 'connection';
  readonly startAt: number;
  /** Absent while it goes on. */
  readonly endAt?: number;
}

/** Where DATA had to wait for the other side, as the windows told with the frames say. */
export function stallsOf(frames: readonly Http2Frame[]): Stall[] {
  const stalls: Stall[] = [];
  for (const [index, { type, flags, window: left, direction, stream, endAt }] of frames.entries()) {
    if (type !== frameType.data || flags & frameFlag.endStream || !left) continue;
    const isStream = left.stream !== undefined && left.stream <= 0;
    if (!isStream && left.connection > 0) continue;
    const whose = isStream ? stream : 0;
    const update = frames.find((frame, later) => (
      later > index && frame.type === frameType.windowUpdate && frame.direction !== direction
      && frame.stream === whose));
    stalls.push({
      direction, stream, window: isStream ? 'stream' : 'connection', startAt: endAt,
      ...(update ? { endAt: update.at } : {}),
    });
  }
  return stalls;
}
