/** The machine's monotonic clock in ms, the same axis in every process of the machine. */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
