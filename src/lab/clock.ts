/**
 * The machine's monotonic clock in ms, the same axis in every process of the machine. Whole µs: what is finer is noise,
 * and has to be written down wherever it goes.
 */
export function monotonicNow(): number {
  return Math.round(Number(process.hrtime.bigint()) / 1e3) / 1e3;
}
