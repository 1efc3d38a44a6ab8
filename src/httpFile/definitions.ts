import type { FileVariable, HttpFile } from './syntax.ts';

const indexes = new WeakMap<readonly FileVariable[], ReadonlyMap<string, readonly FileVariable[]>>();

/** The file's variables by name, each list in the order written; made once for a file. */
export function definitionsIn(file: HttpFile): ReadonlyMap<string, readonly FileVariable[]> {
  const { variables } = file;
  const known = indexes.get(variables);
  if (known) return known;
  const definitions = new Map<string, FileVariable[]>();
  for (const variable of variables) {
    const list = definitions.get(variable.name);
    if (list) list.push(variable);
    else definitions.set(variable.name, [variable]);
  }
  indexes.set(variables, definitions);
  return definitions;
}

/** So many names are looked for one by one before a file is indexed: making the index costs as much. */
const mostScans = 8;

/** What was found before the index was made. */
const scanned = new WeakMap<readonly FileVariable[], Map<string, readonly FileVariable[]>>();

/**
 * Finds a file's variables by name, each list in the order written. One request needs a few names only, and after each
 * edit the variables may be others: the index of {@link definitionsIn} is made when many names are asked for.
 */
export function definitionFinder(file: HttpFile): (name: string) => readonly FileVariable[] | undefined {
  const { variables } = file;
  const found = scanned.get(variables) ?? new Map<string, readonly FileVariable[]>();
  scanned.set(variables, found);
  return (name) => {
    const isMany = found.size >= mostScans && !found.has(name);
    const index = indexes.get(variables) ?? (isMany ? definitionsIn(file) : undefined);
    if (index) return index.get(name);
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
