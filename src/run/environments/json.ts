import { getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { Fault } from '../../httpFile/names/origin.ts';
import type { AuthEntry } from '../authentication/oauth/configuration.ts';
import type { EnvironmentProblem } from './environment.ts';
import { problemOf } from './files.ts';

/** A name and its value where a file defines it; `line` counts from 1. */
export interface Value {
  readonly name: string;
  readonly value: string;
  readonly line: number;
  /** Why there is no value that could be used. */
  readonly fault?: Fault;
}

/** What stands where a value is wanted: a list, an object or null, and how to reach a part of it. */
export interface Shape {
  readonly kind: 'list' | 'object' | 'null';
  readonly part: string;
}

/** What a file says of one environment. */
export interface Section {
  readonly values: readonly Value[];
  /** Names that stand for no single value. */
  readonly shapes?: ReadonlyMap<string, Shape>;
  /** `SSLConfiguration.verifyHostCertificate`. */
  readonly verify?: boolean;
  /** `SSLConfiguration.clientCertificate` with its key, as written. */
  readonly certificate?: SectionCertificate;
  /** `Security.Auth`: how tokens are got, by id. */
  readonly auth?: ReadonlyMap<string, AuthEntry>;
}

/** Paths are relative to the file. */
interface SectionCertificate {
  readonly cert: string;
  readonly key?: string;
  readonly asksPassphrase: boolean;
}

/** Environments by name, as one file has them. */
interface Sections {
  readonly sections: ReadonlyMap<string, Section>;
  readonly problems: readonly EnvironmentProblem[];
}

/** Objects and arrays in a value: at most this deep. */
const deepest = 32;

/** A name that is longer cannot be written in a request. */
const longestName = 1000;

/**
 * Reads `{ "dev": { "name": value, … }, … }`, with comments and trailing commas (JSONC). Objects are reached by
 * dots, elements of arrays by number; numbers stay as written; `null` is no value (C55).
 *
 * @param source what messages call the text.
 * @param member of the text's object, the member that holds the environments, such as `environments` in .httpyac.json.
 */
export function readSections(text: string, source: string, member?: string): Sections {
  const reader = createReader(text, source);
  const root = reader.tree();
  const holder = member === undefined ? root : memberOf(root, member);
  if (member !== undefined && !holder) return { sections: new Map(), problems: reader.problems };
  const sections = new Map<string, Section>();
  for (const [name, node, key] of membersOf(holder)) {
    if (name === '$schema') continue;
    if (name.startsWith('$') && !sharedNames.has(name)) reader.report('environment-key-ignored', key, { key: name });
    else if (node.type !== 'object') reader.report('environment-not-object', node, { name });
    else sections.set(name, reader.section(node));
  }
  if (root && holder?.type !== 'object') reader.report('environment-not-object', holder ?? root, { name: source });
  return { sections, problems: reader.problems };
}

/** A member of the text's object as a value; undefined when there is none, or the text is no JSON. */
export function memberIn(text: string, name: string): unknown {
  if (!text.includes(name)) return undefined;
  try {
    const node = memberOf(parseTree(text, [], { allowTrailingComma: true }), name);
    return node && getNodeValue(node) as unknown;
  } catch {
    return undefined;
  }
}

/** Layers that count for every environment, below it (C51). */
export const sharedNames: ReadonlySet<string> = new Set(['$shared', '$default', '$kulalaShared']);

function createReader(text: string, source: string) {
  const problems: EnvironmentProblem[] = [];
  const placeOf = placesIn(text);
  const report = (
    code: EnvironmentProblem['code'], { offset }: { offset: number }, places: Record<string, string>,
  ) => {
    problems.push(problemOf(code, source, places, placeOf(offset)));
  };

  const tree = (): Node | undefined => {
    const errors: ParseError[] = [];
    try {
      const root = parseTree(text, errors, { allowTrailingComma: true });
      const [first] = errors;
      if (first) report('environment-file-invalid', first, { reason: printParseErrorCode(first.error) });
      return root;
    } catch {
      // The parser calls itself for each level, and a text of brackets alone has too many.
      report('environment-file-invalid', { offset: 0 }, { reason: 'TooDeep' });
      return undefined;
    }
  };

  const section = (object: Node): Section => {
    const values: Value[] = [];
    const shapes = new Map<string, Shape>();
    let verify: boolean | undefined;
    let auth: ReadonlyMap<string, AuthEntry> | undefined;
    let certificate: SectionCertificate | undefined;
    for (const [name, node, key] of membersOf(object)) {
      if (!reservedNames.has(name)) collect(name, node, 0, { values, shapes });
      else if (name === 'SSLConfiguration' && (verifyIn(node) !== undefined || certificateIn(node))) {
        verify = verifyIn(node) ?? verify;
        certificate = certificateIn(node) ?? certificate;
      }
      else if (name === 'Security' && authIn(node).size > 0) auth = authIn(node);
      else report('environment-key-ignored', key, { key: name });
    }
    return {
      values, ...(shapes.size > 0 ? { shapes } : {}), ...(verify === undefined ? {} : { verify }),
      ...(auth === undefined ? {} : { auth }), ...(certificate === undefined ? {} : { certificate }),
    };
  };

  const collect = (name: string, node: Node, depth: number, found: Found): void => {
    if (name.length > longestName || depth > deepest) return;
    const { values, shapes } = found;
    const shape = shapeOf(name, node);
    if (shape) shapes.set(name, shape);
    if (node.type === 'null') return;
    const { line } = placeOf(node.offset);
    const provider = providerOf(node);
    if (provider !== undefined) {
      const places = { name, provider };
      report('environment-provider-unsupported', node, places);
      values.push({ name, value: '', line, fault: { code: 'environment-provider-unsupported', places } });
    } else if (node.type === 'object') {
      for (const [key, inner] of membersOf(node)) collect(`${name}.${key}`, inner, depth + 1, found);
    } else if (node.type === 'array') {
      for (const [at, inner] of (node.children ?? []).entries()) collect(`${name}.${at}`, inner, depth + 1, found);
    } else {
      values.push({ name, line, value: writtenValue(text, node) });
    }
  };

  return { problems, report, tree, section };
}

interface Found {
  readonly values: Value[];
  readonly shapes: Map<string, Shape>;
}

/** C55: elements of a list are reached by their index, members of an object by their names. */
function shapeOf(name: string, node: Node): Shape | undefined {
  if (node.type === 'null') return { kind: 'null', part: name };
  if (node.type === 'array') return { kind: 'list', part: `${name}[0]` };
  return node.type === 'object' ? { kind: 'object', part: `${name}.${membersOf(node)[0]?.[0] ?? 'name'}` } : undefined;
}

/** JetBrains' settings beside the variables of an environment. */
const reservedNames: ReadonlySet<string> = new Set(['SSLConfiguration', 'Security']);

/** Of each id the settings as they are written; at most 100 of each. */
function authIn(security: Node): Map<string, AuthEntry> {
  const entries = membersOf(memberOf(security, 'Auth')).filter(([, node]) => node.type === 'object').slice(0, 100);
  return new Map(entries.map(([id, node]): [string, AuthEntry] => {
    const members = membersOf(node).slice(0, 100);
    return [id, Object.fromEntries(members.map(([key, value]) => [key, getNodeValue(value) as unknown]))];
  }));
}

function verifyIn(node: Node): boolean | undefined {
  const value = memberOf(node, 'verifyHostCertificate');
  return value?.type === 'boolean' ? value.value as boolean : undefined;
}

/** A path, or JetBrains' `{ "path": …, "format": … }`; which format it is shows when it is read. */
function certificateIn(node: Node): SectionCertificate | undefined {
  const pathOf = (name: string): string | undefined => {
    const value = memberOf(node, name);
    const path = value?.type === 'object' ? memberOf(value, 'path') : value;
    return path?.type === 'string' && path.value !== '' ? path.value as string : undefined;
  };
  const cert = pathOf('clientCertificate');
  const key = pathOf('clientCertificateKey');
  if (cert === undefined) return undefined;
  const asksPassphrase = memberOf(node, 'hasCertificatePassphrase')?.value === true;
  return { cert, asksPassphrase, ...(key === undefined ? {} : { key }) };
}

/** Visual Studio's `{ "provider": "AzureKeyVault", … }`. */
function providerOf(node: Node): string | undefined {
  const value = node.type === 'object' ? memberOf(node, 'provider') : undefined;
  const isSecret = value?.type === 'string' && knownProviders.has((value.value as string).toLowerCase());
  return isSecret ? value.value as string : undefined;
}

const knownProviders: ReadonlySet<string> = new Set(['aspnetusersecrets', 'azurekeyvault', 'encrypted']);

function writtenValue(text: string, node: Node): string {
  return node.type === 'string' ? node.value as string : text.slice(node.offset, node.offset + node.length);
}

function memberOf(object: Node | undefined, wanted: string): Node | undefined {
  return membersOf(object).findLast(([name]) => name === wanted)?.[1];
}

/** Names, values and where the names stand; a member without a value, as while typing, is left out. */
function membersOf(object: Node | undefined): [name: string, value: Node, key: Node][] {
  if (object?.type !== 'object') return [];
  return (object.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return key && value ? [[key.value as string, value, key] as [string, Node, Node]] : [];
  });
}

/** Offsets to lines and characters, which count from 1. Found by halving. */
function placesIn(text: string): (offset: number) => { line: number; character: number } {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, character: offset - starts[low]! + 1 };
  };
}
