import type { Problem, Severity } from '../syntax.ts';

const bySeverity: readonly Severity[] = ['error', 'warning', 'information'];

/** The problems to show when there is room for so many: the most severe ones, in the order they stand in. */
export function mostSevere(problems: readonly Problem[], limit: number): readonly Problem[] {
  if (problems.length <= limit) return problems;
  let room = limit;
  const rooms = new Map(bySeverity.map((severity) => {
    const count = Math.min(room, problems.reduce((sum, one) => sum + (one.severity === severity ? 1 : 0), 0));
    room -= count;
    return [severity, count];
  }));
  return problems.filter(({ severity }) => {
    const left = rooms.get(severity) ?? 0;
    rooms.set(severity, left - 1);
    return left > 0;
  });
}
