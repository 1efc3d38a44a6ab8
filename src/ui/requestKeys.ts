import { Labels } from '../httpFile/tree/labels.ts';
import type { HttpFile, HttpRequest } from '../httpFile/syntax.ts';

const made = new WeakMap<HttpFile, Labels>();

/** The parser's own index of a file's requests, which follows edits; one made here for a file that has none. */
function labelsOf(file: HttpFile): Labels {
  const { labels } = file as { readonly labels?: Labels };
  const known = labels ?? made.get(file) ?? new Labels(file.requests);
  if (!labels) made.set(file, known);
  return known;
}

/**
 * A key of a request that stays while lines move: its name, else its title, else what it asks for;
 * equal ones are counted.
 */
export function keyOf(file: HttpFile, request: HttpRequest): string {
  return labelsOf(file).keyOf(request);
}

/** The request of a key, if it is still there. */
export function requestOfKey(file: HttpFile, key: string): HttpRequest | undefined {
  return labelsOf(file).find(key);
}

/** The keys of all requests, in the order of `file.requests`. */
export function requestKeys(file: HttpFile): string[] {
  return file.requests.map((request) => keyOf(file, request));
}
