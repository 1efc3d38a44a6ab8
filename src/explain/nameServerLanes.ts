import { sumOfStretches, uncovered } from './ownTime.ts';
import type { Row } from './waterfall.ts';

/** The lanes of several name servers as one. */
export interface NameServerLanes {
  /** Their titles, in the order in which the first question came to each. */
  readonly servers: readonly string[];
  readonly rows: readonly Row[];
  /** ms in which at least one question was at one of them; absent when none of their rows has a place in time. */
  readonly total?: number;
}

/** The lanes of the name servers, which stand together; undefined where there are fewer than two. */
export function nameServerLanes(all: readonly Row[]): NameServerLanes | undefined {
  const rows = all.filter(({ ofNameServer }) => ofNameServer);
  const servers = [...new Set(rows.flatMap(({ server }) => server ?? []))];
  if (servers.length < 2) return undefined;
  const stretches = rows.flatMap(({ start, duration = 0 }) => start === undefined ? [] : [{ start, duration }]);
  if (stretches.length === 0) return { servers, rows };
  const from = Math.min(...stretches.map(({ start }) => start));
  const to = Math.max(...stretches.map(({ start, duration }) => start + duration));
  return { servers, rows, total: to - from - sumOfStretches(uncovered(stretches, from, to)) };
}
