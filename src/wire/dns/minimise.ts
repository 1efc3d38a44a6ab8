import { countDots } from './name.ts';

// RFC 9156: each server is told no more of a name than it needs to refer to the next one.

/** RFC 9156 §2.3: MINIMISE_ONE_LAB and MAX_MINIMISE_COUNT. */
const oneLabelQueries = 4;
const minimisedQueries = 10;

/**
 * Takes a canonical name, the labels of it that are known to lie above the next zone cut, and how many
 * minimised questions were asked so far; gives the name to ask next, which may be the whole one.
 */
export function minimisedName(name: string, knownLabels: number, asked: number): string {
  const total = labelCount(name);
  const left = total - knownLabels;
  const added = asked < oneLabelQueries ? 1 : Math.ceil(left / Math.max(1, minimisedQueries - asked));
  return lastLabels(name, Math.min(total, knownLabels + added));
}

/** The root has none. */
export function labelCount(name: string): number {
  return name === '' ? 0 : countDots(name) + 1;
}

function lastLabels(name: string, count: number): string {
  return name.split('.').slice(-count).join('.');
}
