import type { ShownWireRecord } from '../wireRecord.ts';

/** Bytes that TLS was given, and did not write yet. */
export interface HeldWrite {
  /** When it was given them, and when it wrote next; ms. */
  readonly at: number;
  readonly leftAt: number;
  readonly bytes: number;
}

/** Below this many ms nobody would ask. */
const leastHold = 5;

/** Bytes that a kernel takes from a connection at once, whatever the network does: behind more, TLS may wait for it. */
const surelyTaken = 8192;

/**
 * The longest time between a write above TLS and the first one below it from then on: so long at least it was still in
 * this process, and no network had it. Undefined where each left at once, or what is below was not kept.
 */
export function longestHold({ plain, transport }: ShownWireRecord): HeldWrite | undefined {
  const sent = transport.segments.filter(({ direction }) => direction === 'sent');
  const first = sent[0]?.offset ?? 0;
  const below = sent.filter(({ offset }) => offset - first < surelyTaken).map(({ at }) => at);
  let longest: HeldWrite | undefined;
  let bytes = 0;
  let left = -1;
  for (const { direction, at, bytes: written } of plain?.segments ?? []) {
    if (direction !== 'sent') continue;
    const next = below.findIndex((one) => one >= at);
    const leftAt = below[next];
    if (leftAt === undefined) continue;
    bytes = next === left ? bytes + written.length : written.length;
    left = next;
    const since = longest?.leftAt === leftAt ? longest.at : at;
    const least = Math.max(leastHold, longest ? longest.leftAt - longest.at : 0);
    if (leftAt - since >= least) longest = { at: since, leftAt, bytes };
  }
  return longest;
}
