/** The same values in random order; `random` gives a whole number below its argument, from 0. */
export function shuffled<T>(values: readonly T[], random: (limit: number) => number): T[] {
  const all = [...values];
  for (let left = all.length; left > 1; left -= 1) {
    const index = random(left);
    [all[left - 1], all[index]] = [all[index] as T, all[left - 1] as T];
  }
  return all;
}
