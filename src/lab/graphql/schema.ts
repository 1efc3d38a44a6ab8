import { GraphQLError, namedType, writeType } from './document.ts';
import type { At, Type, ValueNode } from './document.ts';

/** An argument, or a field of an input object. */
export interface InputDefinition {
  readonly type: Type;
  readonly description: string;
  /** As a client would write it in JSON. */
  readonly defaultValue?: unknown;
}

export type Inputs = Readonly<Record<string, InputDefinition>>;
export type Values = Readonly<Record<string, unknown>>;

export interface FieldDefinition {
  readonly type: Type;
  readonly description: string;
  readonly args: Inputs;
  resolve(source: unknown, args: Values): unknown;
}

export type TypeDefinition = { readonly name: string; readonly description: string } & (
  /** `read` gives what a value of JSON means, or undefined for what is no such value. */
  | { readonly kind: 'SCALAR'; read(value: unknown): unknown }
  | { readonly kind: 'ENUM'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'OBJECT'; readonly fields: Readonly<Record<string, FieldDefinition>> }
  | { readonly kind: 'INPUT_OBJECT'; readonly fields: Inputs });

export interface Schema {
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly query: string;
  readonly mutation: string;
}

/** §3.5: `ID` takes numbers, too; `Int` has 32 bits. */
export const scalars: readonly TypeDefinition[] = [
  {
    kind: 'SCALAR', name: 'String', description: 'Text.',
    read: (value) => (typeof value === 'string' ? value : undefined),
  },
  {
    kind: 'SCALAR', name: 'Boolean', description: 'true or false.',
    read: (value) => (typeof value === 'boolean' ? value : undefined),
  },
  {
    kind: 'SCALAR', name: 'Int', description: 'A whole number of 32 bits.',
    read: (value) => (Number.isInteger(value) && value === ((value as number) | 0) ? value : undefined),
  },
  {
    kind: 'SCALAR', name: 'ID', description: 'What names a thing.',
    read: (value) => (typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : undefined),
  },
];

/** What variables stand for; `check` is called where one is used, with the type that is wanted there. */
export type Variables =
  | { readonly values: Values }
  | { check(name: string, wanted: Type, hasDefault: boolean, node: At): void };

/** The value that a literal means where `type` is wanted (§3.12); throws what is wrong with it. */
export function readLiteral(
  schema: Schema, type: Type, node: ValueNode, variables: Variables, hasDefault = false,
): unknown {
  if (node.kind === 'variable') {
    if ('check' in variables) return void variables.check(node.name, type, hasDefault, node);
    const value = variables.values[node.name];
    if (value == null && type.kind === 'non-null') throw wrong(type, '$' + node.name, node);
    return value;
  }
  if (type.kind === 'non-null') {
    if (node.kind === 'null') throw wrong(type, 'null', node);
    return readLiteral(schema, type.of, node, variables);
  }
  if (node.kind === 'null') return null;
  if (type.kind === 'list') {
    // §3.11: one value stands for a list of it.
    const items = node.kind === 'list' ? node.items : [node];
    return items.map((item) => readLiteral(schema, type.of, item, variables));
  }
  const definition = schema.types.get(type.name);
  if (definition?.kind === 'INPUT_OBJECT' && node.kind === 'object') {
    const given = uniquely(node.members);
    return readInputs(definition.fields, type.name, node, [...given.keys()], (name, wanted, isOptional) => {
      const member = given.get(name);
      return member && readLiteral(schema, wanted, member.value, variables, isOptional);
    }, (name) => isAbsent(given.get(name)?.value, variables));
  }
  const value = definition ? plainLiteral(definition, node) : undefined;
  if (value === undefined) throw wrong(type, describe(node), node);
  return value;
}

function plainLiteral(definition: TypeDefinition, node: ValueNode): unknown {
  if (definition.kind === 'ENUM') {
    return node.kind === 'enum' && Object.hasOwn(definition.values, node.value) ? node.value : undefined;
  }
  if (definition.kind !== 'SCALAR') return undefined;
  if (node.kind === 'string' || node.kind === 'boolean') return definition.read(node.value);
  return node.kind === 'int' ? definition.read(Number(node.value)) : undefined;
}

/** §6.4.1: a variable without a value is as if nothing was written. */
export function isAbsent(node: ValueNode | undefined, variables: Variables): boolean {
  return !node || (node.kind === 'variable' && 'values' in variables && !Object.hasOwn(variables.values, node.name));
}

/** Reads arguments or members against their definitions; `absent` ones have their default, if any. */
export function readInputs(
  inputs: Inputs, owner: string, node: At, given: readonly string[],
  read: (name: string, type: Type, hasDefault: boolean) => unknown, absent: (name: string) => boolean,
): Values {
  const unknown = given.find((name) => !Object.hasOwn(inputs, name));
  if (unknown !== undefined) {
    throw new GraphQLError(`${owner} has no ${JSON.stringify(unknown.slice(0, 100))}.`, node.at);
  }
  const entries = Object.entries(inputs).flatMap(([name, { type, defaultValue }]): [string, unknown][] => {
    if (!absent(name)) return [[name, read(name, type, defaultValue !== undefined)]];
    if (defaultValue !== undefined) return [[name, defaultValue]];
    if (type.kind !== 'non-null') return [];
    throw new GraphQLError(`${owner} needs ${name}: ${writeType(type)}.`, node.at);
  });
  return Object.fromEntries(entries);
}

/** By name; §5.4.2, §5.6.3: each once. */
export function uniquely<T extends At & { readonly name: string }>(items: readonly T[]): Map<string, T> {
  const byName = new Map<string, T>();
  for (const item of items) {
    if (byName.has(item.name)) throw new GraphQLError(`${item.name} is given more than once.`, item.at);
    byName.set(item.name, item);
  }
  return byName;
}

/** The value that JSON means where `type` is wanted, for variables (§6.1.2). */
export function readJson(schema: Schema, type: Type, value: unknown, name: string, node: At): unknown {
  if (type.kind === 'non-null') {
    if (value == null) throw wrong(type, name, node);
    return readJson(schema, type.of, value, name, node);
  }
  if (value == null) return null;
  if (type.kind === 'list') {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.map((item) => readJson(schema, type.of, item, name, node));
  }
  const definition = schema.types.get(type.name);
  if (definition?.kind === 'INPUT_OBJECT' && typeof value === 'object' && !Array.isArray(value)) {
    const members = value as Values;
    return readInputs(definition.fields, name, node, Object.keys(members),
      (member, wanted) => readJson(schema, wanted, members[member], `${name}.${member}`, node),
      (member) => !Object.hasOwn(members, member));
  }
  const isKnown = definition?.kind === 'ENUM' && typeof value === 'string' && Object.hasOwn(definition.values, value);
  const read = definition?.kind === 'SCALAR' ? definition.read(value) : isKnown ? value : undefined;
  if (read === undefined) throw wrong(type, name, node);
  return read;
}

/** §3.4.2 */
export function isInputType(schema: Schema, type: Type): boolean {
  const kind = schema.types.get(namedType(type))?.kind;
  return kind !== undefined && kind !== 'OBJECT';
}

function wrong(type: Type, what: string, node: At): GraphQLError {
  return new GraphQLError(`${what} is no ${writeType(type)}.`, node.at);
}

function describe(node: ValueNode): string {
  if (!('value' in node)) return `This ${node.kind}`;
  const value = String(node.value).slice(0, 50);
  return node.kind === 'string' ? JSON.stringify(value) : value;
}
