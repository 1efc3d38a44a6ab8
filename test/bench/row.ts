/** One figure of a benchmark. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** It must not exceed this. */
  readonly limit?: number;
  /** It must reach this. */
  readonly atLeast?: number;
}

/** The middle of some figures; of an even number the upper of the middle two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
