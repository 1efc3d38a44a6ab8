import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { devNull } from 'node:os';
import { monotonicNow } from '../clock.ts';
import type { ServerEvent } from '../messages.ts';

export type AcceptFailure = Extract<ServerEvent, { type: 'accept-failed' }>;

/** Knows when no more connections can be accepted. */
export interface AcceptWatch {
  /** A connection came in. */
  accepted(socket: Socket): void;
  /** The platform said that one could not, by this code. */
  failed(code: string): void;
  close(): void;
}

/** ms until the first try after a failure, doubled by each further one up to the longest, as Go's Serve has it. */
const delays = { first: 5, longest: 1000 } as const;

/**
 * Node does not say that it has no descriptor for a connection: libuv keeps one in reserve, with which it accepts what
 * waits and closes it unread, and no event tells. So a descriptor is asked for whenever the table gets fuller than it
 * was, and again after the waits, until there is one.
 *
 * @param probe gives the code for which there is no descriptor; undefined: there is one.
 */
export function createAcceptWatch(
  onFailure: (failure: AcceptFailure) => void, probe: () => string | undefined = descriptorProblem,
): AcceptWatch {
  let highest = -1;
  let full = Infinity;
  let delay = 0;
  let timer: NodeJS.Timeout | undefined;
  const failed = (code: string): void => {
    if (timer) return;
    delay = delay === 0 ? delays.first : Math.min(delay * 2, delays.longest);
    timer = setTimeout(() => {
      timer = undefined;
      look();
    }, delay).unref();
    onFailure({ type: 'accept-failed', at: monotonicNow(), code, delay });
  };
  const look = (): void => {
    const code = probe();
    if (code === undefined) delay = 0;
    else failed(code);
  };
  return {
    accepted(socket) {
      const descriptor = descriptorOf(socket);
      // Descriptors are given out from the lowest that is free: below these nothing is new.
      if (timer || (descriptor <= highest && descriptor < full)) return;
      highest = Math.max(highest, descriptor);
      look();
      if (timer) full = descriptor;
    },
    failed,
    close: () => clearTimeout(timer),
  };
}

/** The number behind a socket, which is not part of Node's public interface; -1 where there is none, as on Windows. */
function descriptorOf(socket: Socket): number {
  return (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd ?? -1;
}

function descriptorProblem(): string | undefined {
  try {
    closeSync(openSync(devNull, 'r'));
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EMFILE' || code === 'ENFILE' ? code : undefined;
  }
}
