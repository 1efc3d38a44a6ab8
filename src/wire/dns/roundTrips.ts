import type { Server } from './exchange.ts';

// How far away name servers are, as measured, so that the nearest of those that say the same is asked.

/** Round trips of servers by address and port, ms. */
export interface RoundTrips {
  /** Smoothed; undefined for a server that was not heard of lately. */
  of(server: Server): number | undefined;
  /** A query was answered after so long, or was not in that time. */
  note(server: Server, milliseconds: number, isAnswered: boolean): void;
}

// Ways change, and a server that was slow once gets another chance.
const lifetime = 15 * 60_000;
const serverLimit = 1000;

/** Nothing measured yet; `now` in ms, on an axis that only grows. */
export function createRoundTrips(now: () => number): RoundTrips {
  const known = new Map<string, { readonly smoothed: number; readonly until: number }>();
  const keyOf = ({ address, port }: Server): string => `${address} ${port}`;
  const of = (server: Server): number | undefined => {
    const entry = known.get(keyOf(server));
    return entry && entry.until > now() ? entry.smoothed : undefined;
  };
  return {
    of,
    note(server, milliseconds, isAnswered) {
      const before = of(server);
      known.delete(keyOf(server));
      known.set(keyOf(server), { smoothed: smooth(before, milliseconds, isAnswered), until: now() + lifetime });
      const [oldest] = known.keys();
      if (known.size > serverLimit && oldest !== undefined) known.delete(oldest);
    },
  };
}

/** RFC 6298 §2 smooths so; whoever was silent for a time is no nearer than that. */
function smooth(before: number | undefined, milliseconds: number, isAnswered: boolean): number {
  if (!isAnswered) return Math.max(milliseconds, before ?? 0);
  return before === undefined ? milliseconds : before * 7 / 8 + milliseconds / 8;
}
