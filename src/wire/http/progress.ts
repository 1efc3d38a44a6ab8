/** Progress of a body is told at most this often, ms, and at last once a second: a long one must not tell for ever. */
const interval = { least: 50, most: 1000, share: 1 / 100 } as const;

/** How long to wait after progress was told, ms, where the body has been on its way for `elapsed` ms. */
export function progressInterval(elapsed: number): number {
  return Math.min(interval.most, Math.max(interval.least, elapsed * interval.share));
}
