import { identityOf, NodeIndex } from './nodeIndex.ts';
import type { FileVariable, HttpFile } from '../syntax.ts';

/** Gives a file's variables of a name, in the order written. */
export type DefinitionsOf = (name: string) => readonly FileVariable[] | undefined;

const indexes = new WeakMap<object, NodeIndex<FileVariable>>();

/** Finds variables by an index of all of them, which is kept and follows the file's edits. */
export function indexedDefinitions(file: HttpFile): DefinitionsOf {
  const { variables } = file;
  const index = indexOf(file);
  return (name) => {
    index.follow(variables);
    return index.get(name);
  };
}

function indexOf(file: HttpFile): NodeIndex<FileVariable> {
  const identity = identityOf(file);
  const known = indexes.get(identity);
  if (known) return known;
  const index = new NodeIndex<FileVariable>({
    keysOf: ({ name }) => [name],
    hasSameKeys: (a, b) => a.name === b.name,
    isAbove: (a, b) => a.range.start.line < b.range.start.line,
  });
  indexes.set(identity, index);
  return index;
}

/** The definitions that override one above them, in the order of the file; kept while the variables stay the same. */
const overriding = new WeakMap<readonly FileVariable[], readonly FileVariable[]>();

/** How many definitions up to a line override one above them: from lines with the same number, names mean the same. */
export function overridesAbove(file: HttpFile, line: number): number {
  const { variables } = file;
  let known = overriding.get(variables);
  if (!known) {
    const index = indexOf(file);
    index.follow(variables);
    known = [...index.repeated].flatMap((name) => index.get(name)!.slice(1))
      .sort((a, b) => a.range.start.line - b.range.start.line);
    overriding.set(variables, known);
  }
  return countAbove(known, line);
}

/** So many names are looked for one by one before a file is indexed: making the index costs as much. */
const mostScans = 8;

/** An index that would have to put in and take out more is as good as none. */
const mostSteps = 1000;

/** What was found before the index was made. */
const scanned = new WeakMap<readonly FileVariable[], Map<string, readonly FileVariable[]>>();

/**
 * Like {@link indexedDefinitions}; but one request needs a few names only: the index is made when many are asked for.
 */
export function definitionFinder(file: HttpFile): DefinitionsOf {
  const { variables } = file;
  const indexed = indexedDefinitions(file);
  const found = scanned.get(variables) ?? new Map<string, readonly FileVariable[]>();
  scanned.set(variables, found);
  let isIndexed = indexOf(file).follow(variables, mostSteps);
  return (name) => {
    isIndexed ||= found.size >= mostScans && !found.has(name);
    if (isIndexed) return indexed(name);
    let list = found.get(name);
    if (!list) found.set(name, list = named(variables, name));
    return list.length > 0 ? list : undefined;
  };
}

function named(variables: readonly FileVariable[], name: string): FileVariable[] {
  const list: FileVariable[] = [];
  for (const variable of variables) if (variable.name === name) list.push(variable);
  return list;
}

/** How many of a list stand at or above a line. */
function countAbove(list: readonly FileVariable[], line: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]!.range.start.line <= line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first that counts and is not being evaluated. A variable that names itself means its own earlier definition. */
export function nearest(
  list: readonly FileVariable[], line: number, last: boolean, isOnPath: (key: unknown) => boolean,
): FileVariable | undefined {
  for (let at = last ? list.length : countAbove(list, line); at > 0; at--) {
    if (!isOnPath(list[at - 1])) return list[at - 1];
  }
  return list.some(isOnPath) ? undefined : list[0];
}

/** Those of a name, at most `most`: the nearest above first, upwards; then those below, downwards. */
export function ordered(
  list: readonly FileVariable[], line: number, last: boolean, most: number,
): readonly FileVariable[] {
  const above = last ? list.length : countAbove(list, line);
  return [...list.slice(Math.max(0, above - most), above).reverse(), ...list.slice(above, above + most)];
}
