import type { ProblemCode } from '../problem.ts';
import { definitionFinder, nearest, ordered } from './definitions.ts';
import { globalName, withoutGlobal } from './globalName.ts';
import { missingName } from './missingName.ts';
import type { Definition, Fault, PlacedFault } from './origin.ts';
import { bareName, percentEncode } from './percent.ts';
import type { FileVariable, HttpFile } from '../syntax.ts';
import { expandEscapes, substitute } from './variables.ts';

/** Replaces the names of one request. */
type Resolve = (text: string) => { text: string; faults: PlacedFault[] };

/**
 * Names that are not the file's own. A definition with `written` is a template: the scope puts names into it (after
 * expanding escapes when its origin is a file) and its `value` is not read. One without has its value as it is.
 */
export interface OuterNames {
  /** Arguments and prompts, which count before the file's variables (C9). */
  before?(name: string): Definition | undefined;
  /** What counts after them, the highest precedence first; none when nobody knows the name. */
  after(name: string): readonly Definition[];
  /** Every name that can be listed, for completion. */
  all?(): readonly Definition[];
  /** The names that `{{$processEnv NAME}}` and `{{$dotenv NAME}}` may ask for, without their values. */
  keys?(of: 'process' | 'dotenv'): readonly string[];
}

/** No names but the file's. */
export const noOuterNames: OuterNames = { after: () => [] };

export interface ScopeOptions {
  /** A name that nobody knows stays as it is written and is no fault. */
  readonly keepUndefined?: boolean;
  /** Of a file's variables the last definition counts wherever it stands, as in REST Client. */
  readonly last?: boolean;
  /** Whether `\n` and its like in a file's values stand for other characters (C37); they do by default. */
  readonly escapes?: boolean;
}

/** Names as seen from one place of a file. */
export interface Scope {
  /** Puts the names into a text; `{{%name}}` percent-encodes the value (C35). */
  readonly resolve: Resolve;
  /** The definition that counts; undefined when the name is unknown. */
  definitionOf(name: string): Definition | undefined;
  /** The definition that counts, then those it shadows; none when the name is unknown. */
  definitionsOf(name: string): readonly Definition[];
  /**
   * The lines of a text in which variables of the file itself are put in, and in them; other names stay in their
   * braces. Only so may a value make several header lines (C1).
   */
  splitLines(text: string): readonly string[];
  /** Values of secret definitions that went into a text so far. */
  secretsUsed(): readonly string[];
}

/** Variables in variables: at most this deep. */
const deepest = 32;

/** A variable's value after substitution: at most 1 MiB. */
const largest = 1024 * 1024;

/** Of one name, the definition that counts and those it shadows: at most this many. */
const mostShown = 16;

/** What all variables add to one text: at most 16 MiB. */
const largestText = 16 * largest;

/** A value and whether a secret went into it. */
interface Evaluated {
  readonly value: string | Fault;
  readonly secret: boolean;
}

/** A definition that is being evaluated; `key` tells it from others of its name. */
interface Step {
  readonly name: string;
  readonly key: unknown;
  /** It is not being evaluated, but shadows the one that is. */
  readonly shadowing?: true;
}

/** What may define a name: the definition, and what tells it apart while it is evaluated. */
interface Candidate {
  readonly key: unknown;
  readonly definition: Definition;
}

/**
 * Resolves names as seen from a line (counting from 0). The order is that of C9: `outer.before`, the file's
 * variables, `outer.after`. Of the file's own the nearest definition at or above the line counts, else the first
 * below (C8); `global.name` when none has the name itself. A definition that names itself means the one it shadows.
 */
export function createScope(
  file: HttpFile, line: number, outer: OuterNames, options: ScopeOptions = {},
): Scope {
  const values = new Map<unknown, Evaluated>();
  const secrets = new Set<string>();
  const find = definitionFinder(file);
  const ownOf = (name: string) => find(name) ?? find(globalName(name));
  const unescaped = options.escapes === false ? (text: string) => text : expandEscapes;
  const last = options.last === true;

  /** In the order in which they count, at most {@link mostShown}. */
  const candidatesOf = (name: string): Candidate[] => {
    const before = outer.before?.(name);
    const own = ordered(ownOf(name) ?? [], line, last, mostShown);
    return [
      ...(before ? [{ key: `before ${name}`, definition: before }] : []),
      ...own.map((variable) => ({ key: variable, definition: ofFile(variable) })),
      ...outer.after(name).map((definition, at) => ({ key: `${at} ${name}`, definition })),
    ].slice(0, mostShown);
  };

  /** Like the first of {@link candidatesOf}, without making the others; a name inside itself skips those above it. */
  const countingOf = (name: string, path: readonly Step[]): Candidate | undefined => {
    const isOnPath = (key: unknown) => path.some((step) => step.key === key && !step.shadowing);
    const isInItself = isSameName(path.at(-1)?.name, name);
    const isSkipped = (key: unknown) => isInItself && path.some((step) => step.key === key);
    const before = outer.before?.(name);
    if (before) return { key: `before ${name}`, definition: before };
    const own = ownOf(name);
    const variable = own && nearest(own, line, last, isSkipped);
    if (variable) return isOnPath(variable) ? undefined : { key: variable, definition: ofFile(variable) };
    const after = outer.after(name);
    const at = after.findIndex((_, place) => !isSkipped(`${place} ${name}`));
    return at < 0 || isOnPath(`${at} ${name}`) ? undefined : { key: `${at} ${name}`, definition: after[at]! };
  };

  const valueOf = (name: string, path: readonly Step[]): Evaluated => {
    const counting = countingOf(name, path);
    return counting ? evaluated(counting, path) : { value: missing(name, path), secret: false };
  };

  const evaluated = ({ key, definition }: Candidate, path: readonly Step[]): Evaluated => {
    const { written, secret, name, origin } = definition;
    if (written === undefined) return noted({ value: definition.value, secret }, secret);
    const known = values.get(key);
    if (known) return known;
    const text = origin.kind === 'file' ? unescaped(written) : written;
    const inside = expanded(text, name, [...path, { name, key }]);
    const result = noted({ value: inside.value, secret: secret || inside.secret }, secret);
    // Too deep or circular it may be only as seen from where it is needed.
    const isOfWay = typeof result.value !== 'string' && wayFaults.has(result.value.code);
    if (!isOfWay || path.every((step) => step.shadowing)) values.set(key, result);
    return result;
  };

  const noted = (result: Evaluated, isSecret: boolean): Evaluated => {
    if (isSecret && typeof result.value === 'string') secrets.add(result.value);
    return result;
  };

  const expanded = (written: string, name: string, path: readonly Step[]): Evaluated => {
    if (path.filter((step) => !step.shadowing).length > deepest) {
      return { value: { code: 'variable-too-deep', places: { name, limit: `${deepest}` } }, secret: false };
    }
    let fault: Fault | undefined;
    let secret = false;
    let size = 0;
    const { text } = substitute(written, (inner) => {
      if (fault) return null;
      const found = encodedOr(inner, (bare) => valueOf(bare, path));
      secret ||= found.secret;
      if (typeof found.value !== 'string') {
        if (!isKept(found.value)) fault = found.value;
        return undefined;
      }
      size += found.value.length;
      if (size > largest) fault = { code: 'variable-too-large', places: { name } };
      return found.value;
    }, true);
    return { value: fault ?? text, secret };
  };

  const isKept = ({ code }: Fault): boolean => options.keepUndefined === true && undefinedFaults.has(code);

  return {
    resolve: (text) => {
      const result = resolveText(text, (name) => encodedOr(name, (bare) => valueOf(bare, [])).value);
      return options.keepUndefined ? { ...result, faults: result.faults.filter((one) => !isKept(one)) } : result;
    },
    definitionOf: (name) => {
      const counting = countingOf(bareName(name), []);
      return counting && { ...counting.definition, ...evaluated(counting, []) };
    },
    definitionsOf: (name) => {
      const candidates = candidatesOf(bareName(name));
      const steps = candidates.map(({ key, definition }): Step =>
        ({ name: definition.name, key, shadowing: true }));
      return candidates.map((candidate, at) =>
        ({ ...candidate.definition, ...evaluated(candidate, steps.slice(0, at)) }));
    },
    splitLines: (text) => {
      if (!text.includes('{{')) return [text];
      const choose = (name: string, path: readonly FileVariable[]) => {
        const own = outer.before?.(name) ? undefined : ownOf(name);
        const isInItself = isSameName(path.at(-1)?.name, name);
        const isSkipped = (key: unknown) => isInItself && path.includes(key as FileVariable);
        const variable = own && nearest(own, line, last, isSkipped);
        return variable && !path.includes(variable) ? variable : undefined;
      };
      return expandOwn(text, choose, unescaped).split(/\r\n|\n|\r/);
    },
    secretsUsed: () => [...secrets],
  };
}

/** Faults that depend on the way that led to a definition. */
const wayFaults: ReadonlySet<ProblemCode> = new Set(['variable-too-deep', 'variable-cycle']);

/** Nobody knows the name; a name that is known and has no value (a prompt, a response) remains a fault. */
const undefinedFaults: ReadonlySet<ProblemCode> = new Set([
  'variable-undefined', 'variable-undefined-inside', 'variable-undefined-itself', 'variable-undefined-expression',
  'variable-undefined-builtin',
]);

function ofFile(variable: FileVariable): Definition {
  const { name, value } = variable;
  return { name, origin: { kind: 'file', variable }, written: value, value, secret: false };
}

/** C1: variables of the file and in them, as far as they are small and not circular; the rest stays as written. */
function expandOwn(
  text: string, choose: (name: string, path: readonly FileVariable[]) => FileVariable | undefined,
  unescaped: (text: string) => string,
): string {
  let size = 0;
  const expand = (part: string, path: readonly FileVariable[]): string => substitute(part, (name) => {
    const variable = path.length < deepest && size <= largest ? choose(name, path) : undefined;
    if (!variable) return undefined;
    size += variable.value.length;
    return expand(unescaped(variable.value), [...path, variable]);
  }).text;
  return expand(text, []);
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
  }, true);
  const faults = unresolved.map(({ offset, length }, index) => ({ ...causes[index]!, offset, length }));
  return { text: resolved, faults };
}

function isSameName(one: string | undefined, name: string): boolean {
  return one !== undefined && withoutGlobal(one) === withoutGlobal(name);
}

function encodedOr(name: string, valueOf: (name: string) => Evaluated): Evaluated {
  const found = valueOf(bareName(name));
  if (!name.startsWith('%') || typeof found.value !== 'string') return found;
  return { ...found, value: percentEncode(found.value) };
}

/**
 * Nobody knows the name, or nobody but the file's variable that names itself; or only definitions being evaluated do.
 */
function missing(name: string, path: readonly Step[]): Fault {
  const last = path.at(-1);
  if (last?.name === name && typeof last.key === 'object') return {
    code: 'variable-undefined-itself', places: { name },
  };
  if (path.some((step) => step.name === name && !step.shadowing)) {
    return { code: 'variable-cycle', places: { path: cyclePath(path, name) } };
  }
  const fault = missingName(name);
  return last && fault.code === 'variable-undefined'
    ? { code: 'variable-undefined-inside', places: { name, variable: last.name } } : fault;
}

function cyclePath(path: readonly Step[], name: string): string {
  const names = path.filter((step) => !step.shadowing).map((step) => step.name);
  return [...names.slice(names.indexOf(name)), name].join(' → ');
}
