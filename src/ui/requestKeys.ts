import type { HttpFile } from '../httpFile/syntax.ts';

/**
 * A key for each request of a file that stays while lines move: its name, else its title, else what
 * it asks for;
 * equal ones are counted. In the order of `file.requests`.
 */
export function requestKeys(file: HttpFile): string[] {
  const counts = new Map<string, number>();
  return file.requests.map((request) => {
    const base = request.name ?? request.title ?? `${request.method} ${request.url}`;
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return count === 0 ? base : `${base} (${count})`;
  });
}
