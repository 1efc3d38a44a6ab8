import type { Problem } from '../../httpFile/syntax.ts';
import type { Origin } from '../../run/history/history.ts';

/** Requests whose last *Send* sent nothing, and the problem that kept them back. */
export interface Unsent {
  set(origin: Origin, problem: Problem): void;
  /** The request is sent again. */
  clear(origin: Origin): void;
  /** The file was edited or closed: what was wrong there may be right now. */
  clearFile(uri: string): void;
  of(origin: Origin): Problem | undefined;
  /** The keys of the requests of a file that have a problem. */
  keys(uri: string): Iterable<string>;
  /** Called after each change. Gives the way to stop listening. */
  onChange(listener: () => void): () => void;
}

/** In memory only: a problem lasts until the next send or edit. */
export function createUnsent(): Unsent {
  const files = new Map<string, Map<string, Problem>>();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    set: ({ uri, key }, problem) => {
      const problems = files.get(uri) ?? new Map<string, Problem>();
      files.set(uri, problems.set(key, problem));
      tell();
    },
    clear: ({ uri, key }) => {
      if (files.get(uri)?.delete(key)) tell();
    },
    clearFile: (uri) => {
      if (files.delete(uri)) tell();
    },
    of: ({ uri, key }) => files.get(uri)?.get(key),
    keys: (uri) => files.get(uri)?.keys() ?? [],
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
