import type { ProblemCode } from './problem.ts';
import type { FileVariable, HttpFile } from './syntax.ts';
import { expandEscapes, referencesIn, substitute } from './variables.ts';

/** Why a name has no value. */
export interface Fault {
  readonly code: ProblemCode;
  readonly places: Record<string, string>;
}

/** A fault and the part of the text it concerns. */
export interface PlacedFault extends Fault {
  readonly offset: number;
  readonly length: number;
}

/** Names that are not of the file, such as `$guid`: their value, why they have none, or undefined. */
export type OtherNames = (name: string) => string | Fault | undefined;

/** Replaces the names of one request. */
export type Resolve = (text: string) => { text: string; faults: PlacedFault[] };

/** Variables in variables: at most this deep. */
const deepest = 32;

/** A variable's value after substitution: at most 1 MiB. */
const largest = 1024 * 1024;

/** What all variables add to one text: at most 16 MiB. */
const largestText = 16 * largest;

/**
 * Resolves names as seen from a line (counting from 0): of a file's variables the nearest definition at or
 * above it, else the first below; then what `others` knows. `{{%name}}` percent-encodes the value.
 */
export function createScope(file: HttpFile, line: number, others: OtherNames): Resolve {
  const definitions = definitionsByName(file.variables);
  const values = new Map<FileVariable, string | Fault>();

  const valueOf = (name: string, path: readonly FileVariable[]): string | Fault => {
    const candidates = definitions.get(name);
    if (!candidates) return others(name) ?? undefinedFault(name, path.at(-1));
    const definition = nearest(candidates, line, path);
    if (!definition) return { code: 'variable-cycle', places: { path: cyclePath(path, name) } };
    const known = values.get(definition);
    if (known !== undefined) return known;
    const value = evaluate(definition, path);
    values.set(definition, value);
    return value;
  };

  const evaluate = (definition: FileVariable, path: readonly FileVariable[]): string | Fault => {
    if (path.length >= deepest) {
      return { code: 'variable-too-deep', places: { name: definition.name, limit: `${deepest}` } };
    }
    let fault: Fault | undefined;
    let size = 0;
    const inner = [...path, definition];
    const { text } = substitute(expandEscapes(definition.value), (name) => {
      const value = fault ?? encodedOr(name, (bare) => valueOf(bare, inner));
      size += typeof value === 'string' ? value.length : 0;
      if (size > largest) fault ??= { code: 'variable-too-large', places: { name: definition.name } };
      if (typeof value !== 'string') fault ??= value;
      return fault ? '' : value as string;
    });
    return fault ?? text;
  };

  return (text) => resolveText(text, (name) => encodedOr(name, (bare) => valueOf(bare, [])));
}

function resolveText(
  text: string, valueOf: (name: string) => string | Fault,
): { text: string; faults: PlacedFault[] } {
  const causes: Fault[] = [];
  let size = 0;
  const { text: resolved, unresolved } = substitute(text, (name) => {
    const value = valueOf(name);
    size += typeof value === 'string' ? value.length : 0;
    if (typeof value === 'string' && size <= largestText) return value;
    causes.push(typeof value === 'string' ? { code: 'variable-too-large', places: { name } } : value);
    return undefined;
  });
  const faults = unresolved.map(({ offset, length }, index) => ({ ...causes[index]!, offset, length }));
  return { text: resolved, faults };
}

function encodedOr(name: string, valueOf: (name: string) => string | Fault): string | Fault {
  if (!name.startsWith('%')) return valueOf(name);
  const value = valueOf(name.slice(1).trim());
  return typeof value === 'string' ? percentEncode(value) : value;
}

/** RFC 3986 §2.1 for everything that is not unreserved (§2.3); a lone surrogate becomes U+FFFD. */
export function percentEncode(value: string): string {
  return encodeURIComponent(value.replace(/[\ud800-\udfff]/g, (unit, at: number) =>
    isPaired(value, at) ? unit : '\ufffd'));
}

function isPaired(value: string, at: number): boolean {
  const code = value.charCodeAt(at);
  return code < 0xdc00
    ? (value.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    : (value.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

function undefinedFault(name: string, inside: FileVariable | undefined): Fault {
  return inside
    ? { code: 'variable-undefined-inside', places: { name, variable: inside.name } }
    : { code: 'variable-undefined', places: { name } };
}

function definitionsByName(variables: readonly FileVariable[]): Map<string, FileVariable[]> {
  const definitions = new Map<string, FileVariable[]>();
  for (const variable of variables) {
    const list = definitions.get(variable.name);
    if (list) list.push(variable);
    else definitions.set(variable.name, [variable]);
  }
  return definitions;
}

/** A variable that names itself means its own earlier definition: `@v = {{v}}/2`. */
function nearest(
  candidates: readonly FileVariable[], line: number, path: readonly FileVariable[],
): FileVariable | undefined {
  const above = candidates.findLast((candidate) =>
    candidate.range.start.line <= line && !path.includes(candidate));
  if (above) return above;
  return candidates.some((candidate) => path.includes(candidate)) ? undefined : candidates[0];
}

function cyclePath(path: readonly FileVariable[], name: string): string {
  const start = path.findIndex((variable) => variable.name === name);
  return [...path.slice(start).map((variable) => variable.name), name].join(' → ');
}

/** The file's variables that need themselves, once for each cycle, with the way back: `a → b → a`. */
export function cyclesIn(file: HttpFile): { variable: FileVariable; path: string }[] {
  if (!file.variables.some((variable) => variable.value.includes('{{'))) return [];
  const definitions = definitionsByName(file.variables);
  const done = new Set<string>();
  return [...definitions.keys()].flatMap((name) => {
    const path = done.has(name) ? undefined : cycleFrom(name, definitions, done);
    return path ? [{ variable: definitions.get(path[0]!)![0]!, path: path.join(' → ') }] : [];
  });
}

/** Depth first along the names; a name that is still on the way closes a cycle. */
function cycleFrom(
  start: string, definitions: ReadonlyMap<string, FileVariable[]>, done: Set<string>,
): string[] | undefined {
  const way = [{ name: start, next: namesNeeded(start, definitions) }];
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
    } else if (!done.has(name) && definitions.has(name)) {
      way.push({ name, next: namesNeeded(name, definitions) });
      onWay.add(name);
    }
  }
  return undefined;
}

/** A name defined more than once may mean its own earlier definition, which is no cycle. */
function namesNeeded(name: string, definitions: ReadonlyMap<string, FileVariable[]>): string[] {
  const list = definitions.get(name) ?? [];
  if (list.length !== 1) return [];
  return referencesIn(list[0]!.value).map((reference) => reference.name.replace(/^%\s*/, ''));
}
