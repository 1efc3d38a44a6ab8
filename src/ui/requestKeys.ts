import type { HttpFile, HttpRequest } from '../httpFile/syntax.ts';

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

/**
 * The request whose block holds a line (counted from 0), else the nearest one above it, else the
 * first.
 */
export function requestAt(file: HttpFile, line: number): HttpRequest | undefined {
  return (
    file.requests.find(({ range }) => range.start.line <= line && line <= range.end.line) ??
    file.requests.findLast(({ range }) => range.start.line <= line) ??
    file.requests[0]
  );
}
