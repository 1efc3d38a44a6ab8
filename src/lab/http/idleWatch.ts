import { monotonicNow } from '../clock.ts';
import { endConnection } from './connection.ts';
import type { Ending, LabConnection } from './connection.ts';
import type { SocketTap } from './socketTap.ts';

/** A connection on which nothing happens for this long is closed, in ms, unless the limits say otherwise. */
export const usualSilence = 60_000;

const idle: Ending = { by: 'server', reason: 'idle' };
const silent: Ending = { by: 'server', reason: 'silent' };

interface Watched {
  readonly connection: LabConnection;
  readonly tap: SocketTap;
  /** Bytes of both directions, and since when there have been no more. */
  bytes: number;
  since: number;
}

/** Closes connections that wait too long for a request, or on which nothing moves. */
export interface IdleWatch {
  add(connection: LabConnection, tap: SocketTap): void;
}

/**
 * Looks at all connections now and then: a timer that is set and cleared for each request, as Node's own are, costs a
 * twentieth of the request. `timeout`, in ms, is that between requests; it is exceeded by half a second at most.
 */
export function createIdleWatch(timeout: number, silence = usualSilence): IdleWatch {
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const now = monotonicNow();
    for (const one of watched) closeIfDue(one, { timeout, silence }, now);
  };
  return {
    add(connection, tap) {
      const one: Watched = { connection, tap, bytes: 0, since: monotonicNow() };
      watched.add(one);
      timer ??= setInterval(look, Math.min(250, timeout / 2)).unref();
      tap.stream.on('close', () => {
        watched.delete(one);
        if (watched.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
    },
  };
}

function closeIfDue(
  one: Watched, { timeout, silence }: { readonly timeout: number; readonly silence: number }, now: number,
): void {
  const { connection, tap } = one;
  const bytes = tap.stream.bytesRead + tap.stream.bytesWritten;
  if (bytes !== one.bytes) {
    one.bytes = bytes;
    one.since = now;
    return;
  }
  // What has begun to be a request has limits of its own.
  const isWaiting = connection.requests > 0 && tap.headAt === undefined && connection.responses.size === 0;
  if (now - one.since < (isWaiting ? timeout : silence)) return;
  endConnection(connection, isWaiting ? idle : silent);
  tap.stream.destroy();
}
