/** The machine's monotonic clock in ms, one axis for all processes of the machine. */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
