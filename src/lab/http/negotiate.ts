import type { RequestHead } from './requestHead.ts';

interface Weighted {
  readonly word: string;
  readonly weight: number;
}

/** The media type that the request likes best, the first of equals; undefined: none of them is acceptable. */
export function preferredType<T extends string>(head: RequestHead, offered: readonly T[]): T | undefined {
  const accepted = weights(head, 'accept');
  if (accepted.length === 0) return offered[0];
  return best(offered, (type) => {
    // RFC 9110 §12.5.1: the most specific range that fits counts, whatever its weight.
    const ranges = [type, `${type.split('/')[0] ?? ''}/*`, '*/*'];
    return ranges.map((range) => weightOf(accepted, range)).find((weight) => weight !== undefined) ?? 0;
  });
}

/** The content coding that the request likes best among those offered; `identity` when there is none. */
export function preferredCoding(head: RequestHead, offered: readonly string[]): string {
  const accepted = weights(head, 'accept-encoding');
  // RFC 9110 §12.5.3: what is not named is not wanted, but for identity.
  return best(offered, (coding) => weightOf(accepted, coding) ?? weightOf(accepted, '*') ?? 0) ?? 'identity';
}

function best<T extends string>(offered: readonly T[], weigh: (one: T) => number): T | undefined {
  let [chosen, most]: [T | undefined, number] = [undefined, 0];
  for (const one of offered) {
    const weight = weigh(one);
    if (weight > most) [chosen, most] = [one, weight];
  }
  return chosen;
}

function weightOf(items: readonly Weighted[], wanted: string): number | undefined {
  return items.find(({ word }) => word === wanted)?.weight;
}

/** RFC 9110 §12.4.2; parameters besides the weight are of no account here. */
function weights(head: RequestHead, field: string): Weighted[] {
  const items = head.all(field).join(',').split(',').filter((item) => item.trim() !== '').slice(0, 64);
  return items.map((item) => {
    const [word = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return { word, weight: /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0 };
  });
}
