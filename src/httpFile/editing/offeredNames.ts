import type { OuterNames } from '../names/scope.ts';
import type { HttpFile } from '../syntax.ts';

/** So many names of a kind are offered at a time: more are nobody's list to choose from. */
const mostNames = 200;

/** Names to choose from; `isCut` says that there are more that fit what is typed. */
interface OfferedNames {
  readonly names: readonly string[];
  readonly isCut: boolean;
}

/** Of variables of the file, then of those that are not its own. */
export function offeredVariables(file: HttpFile, outer: OuterNames, typed: string): OfferedNames {
  return offered(() => namesOfVariables(file, outer), typed);
}

/** Of the file's requests and those in imported files. */
export function offeredRequests(file: HttpFile, imported: readonly string[], typed: string): OfferedNames {
  return offered(() => namesOfRequests(file, imported), typed);
}

function* namesOfVariables({ variables }: HttpFile, outer: OuterNames): Generator<string> {
  for (const { name } of variables) yield name;
  for (const { name } of outer.all?.() ?? []) if (!name.startsWith('$')) yield name;
}

function* namesOfRequests({ requests }: HttpFile, imported: readonly string[]): Generator<string> {
  for (const { name } of requests) if (name !== undefined) yield name;
  yield* imported;
}

/** All of them, the editor tells which fit; of too many, those in which the letters typed come one after another. */
function offered(all: () => Iterable<string>, typed: string): OfferedNames {
  const whole = firstOf(all(), '');
  return whole.isCut && typed !== '' ? { ...firstOf(all(), typed.toLowerCase()), isCut: true } : whole;
}

function firstOf(all: Iterable<string>, wanted: string): OfferedNames {
  const names = new Set<string>();
  for (const name of all) {
    if (!fits(name, wanted) || names.has(name)) continue;
    if (names.size === mostNames) return { names: [...names], isCut: true };
    names.add(name);
  }
  return { names: [...names], isCut: false };
}

/** `wanted` is in lower case. */
function fits(name: string, wanted: string): boolean {
  if (wanted === '') return true;
  const text = name.toLowerCase();
  let from = 0;
  for (const letter of wanted) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}
