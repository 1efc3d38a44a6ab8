/**
 * The word that a mistyped one is most likely to mean: at most two letters differ, and at most a third of them.
 * Undefined when none is so near, or the word is itself among them.
 */
export function nearestWord(written: string, words: Iterable<string>): string | undefined {
  const wanted = written.toLowerCase();
  const limit = Math.min(2, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const word of words) {
    if (word === written) return undefined;
    const far = distance(wanted, word.toLowerCase(), least);
    if (far < least) {
      best = word;
      least = far;
    }
  }
  return best;
}

/** Letters to put in, take out, exchange or swap with their neighbour; `limit` when there are that many or more. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let [before, above]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(above![j]! + 1, row[j - 1]! + 1, above![j - 1]! + same);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) least = Math.min(least, before![j - 2]! + 1);
      row.push(least);
    }
    [before, above] = [above!, row];
  }
  return Math.min(limit, above![b.length]!);
}
