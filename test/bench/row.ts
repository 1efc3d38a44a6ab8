/** One figure of a benchmark. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Half of what was measured lies between the two. */
  readonly spread?: readonly [low: number, high: number];
  /** It must not exceed this. */
  readonly limit?: number;
  /** It must reach this. */
  readonly atLeast?: number;
}

/** The quarter and the three quarters of some figures. */
export function spread(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[Math.floor((sorted.length - 1) / 4)]!, sorted[Math.ceil((sorted.length - 1) * 3 / 4)]!];
}

/** The middle of some figures; of an even number the upper of the middle two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
