import type { Exchange } from '../trace/exchange.ts';
import type { PhaseName } from '../trace/failure.ts';
import { durationOf, phasesOf } from '../trace/phases.ts';
import { wasRetried } from './phases.ts';

/** Time of an exchange that none of its steps on the network accounts for. */
export interface OwnTime {
  /** ms, all such stretches together. */
  readonly duration: number;
  /** The step that follows the longest stretch; absent when the stretch is the last. */
  readonly before?: PhaseName;
}

/** A stretch of time in ms. */
interface Stretch {
  readonly start: number;
  readonly duration: number;
}

/** What is left of `from`…`to` (ms) outside all stretches, which may overlap and have any order. */
export function uncovered(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  let at = from;
  const gaps: Stretch[] = [];
  for (const { start, duration } of stretches.toSorted((a, b) => a.start - b.start)) {
    const next = Math.min(start, to);
    if (next > at) gaps.push({ start: at, duration: next - at });
    at = Math.max(at, start + duration);
  }
  return to > at ? [...gaps, { start: at, duration: to - at }] : gaps;
}

/** The sum of the stretches' durations in ms. */
export function sumOfStretches(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { duration }) => sum + duration, 0);
}

/**
 * How long a finished exchange was in Roundtrip's own hands: before, between and after its steps on
 * the network. The wait on a connection that was open already counts as a step, for others may have
 * had it; so does the time of a first try.
 */
export function ownTimeOf(exchange: Exchange): OwnTime {
  const total = durationOf(exchange) ?? 0;
  const isStep = exchange.reused || wasRetried(exchange) || exchange.waited !== undefined;
  const steps = phasesOf(exchange)
    .filter((phase) => phase.name !== 'blocked' || isStep)
    .map((phase) => ({ ...phase, duration: phase.duration ?? total - phase.start }));
  const gaps = uncovered(steps, 0, total);
  const longest = gaps.toSorted((a, b) => b.duration - a.duration)[0];
  const end = longest === undefined ? total : longest.start + longest.duration;
  const next = steps.toSorted((a, b) => a.start - b.start).find((step) => step.start >= end);
  return { duration: sumOfStretches(gaps), ...(next === undefined ? {} : { before: next.name }) };
}
