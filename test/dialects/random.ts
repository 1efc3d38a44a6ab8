/** A stream of numbers that is the same for the same seed, so that a find can be had again. */
export interface Random {
  /** From 0 up to but not including 1. */
  number(): number;
  /** A whole number from 0 up to but not including `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Marsaglia's xorshift on 32 bits after a scramble of the seed, so that neighbouring seeds differ at once. */
export function createRandom(seed: number): Random {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bf03635) | 0 || 1;
  const number = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
  for (let warmUp = 0; warmUp < 8; warmUp++) number();
  const below = (limit: number): number => Math.floor(number() * limit);
  return { number, below, pick: (from) => from[below(from.length)]! };
}
