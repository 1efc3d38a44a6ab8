import { indexedDefinitions } from './definitions.ts';
import type { DefinitionsOf } from './definitions.ts';
import { bareName } from './percent.ts';
import type { FileVariable, HttpFile } from '../syntax.ts';
import { referencesIn } from './variables.ts';

/** The file's variables that need themselves, once for each cycle, with the way back: `a → b → a`. */
export function cyclesIn(file: HttpFile): { variable: FileVariable; path: string }[] {
  if (!file.variables.some((variable) => variable.value.includes('{{'))) return [];
  const definitionsOf = indexedDefinitions(file);
  const done = new Set<string>();
  return file.variables.flatMap(({ name }) => {
    const path = done.has(name) ? undefined : cycleFrom(name, definitionsOf, done);
    return path ? [{ variable: definitionsOf(path[0]!)![0]!, path: path.join(' → ') }] : [];
  });
}

/** Depth first along the names; a name that is still on the way closes a cycle. */
function cycleFrom(
  start: string, definitionsOf: DefinitionsOf, done: Set<string>,
): string[] | undefined {
  const way = [{ name: start, next: namesNeeded(start, definitionsOf) }];
  const onWay = new Set([start]);
  for (let step = way.at(-1); step; step = way.at(-1)) {
    const name = step.next.pop();
    if (name === undefined) {
      done.add(step.name);
      onWay.delete(step.name);
      way.pop();
    } else if (onWay.has(name)) {
      for (const { name: passed } of way) done.add(passed);
      return [...way.slice(way.findIndex((passed) => passed.name === name)).map((one) => one.name), name];
    } else if (!done.has(name) && definitionsOf(name)) {
      way.push({ name, next: namesNeeded(name, definitionsOf) });
      onWay.add(name);
    }
  }
  return undefined;
}

/**
 * A name defined more than once may mean its own earlier definition, which is no cycle. Nor is it one when a variable
 * names itself: it means what it shadows (C9), of an environment perhaps.
 */
function namesNeeded(name: string, definitionsOf: DefinitionsOf): string[] {
  const list = definitionsOf(name) ?? [];
  if (list.length !== 1) return [];
  return referencesIn(list[0]!.value).map((reference) => bareName(reference.name)).filter((needed) => needed !== name);
}
