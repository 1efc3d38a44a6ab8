/** CPU milliseconds this process spent on some work, the least of up to `rounds` tries; fewer when `enough` is met. */
export function leastCpu(work: () => unknown, rounds: number, enough = 0): number {
  let least = Infinity;
  for (let round = 0; round < rounds && least > enough; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
