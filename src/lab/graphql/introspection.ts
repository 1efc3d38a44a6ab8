import { writeType } from './document.ts';
import type { Type } from './document.ts';
import { parseType } from './parse.ts';
import { scalars } from './schema.ts';
import type { FieldDefinition, InputDefinition, Inputs, Schema, TypeDefinition, Values } from './schema.ts';

// What a schema says of itself (§4).

/** A schema of own types, with the scalars and the types of introspection. */
export function createSchema(query: string, mutation: string, own: readonly TypeDefinition[]): Schema {
  const types = new Map<string, TypeDefinition>();
  const schema: Schema = { types, query, mutation };
  for (const type of [...own, ...scalars, ...metaTypes(schema)]) types.set(type.name, type);
  return schema;
}

/** A field of an object type, also those that every object or the query has besides (§4.1, §4.2). */
export function fieldOf(schema: Schema, owner: string, name: string): FieldDefinition | undefined {
  const definition = schema.types.get(owner);
  if (definition?.kind !== 'OBJECT') return undefined;
  if (name === '__typename') return field('String!', 'The type of this object.', () => owner);
  if (owner === schema.query && name === '__schema') return field('__Schema!', 'The schema.', () => schema);
  if (owner === schema.query && name === '__type') {
    return field('__Type', 'A type of the schema.', (_, args) =>
      (schema.types.has(args.name as string) ? { kind: 'named', name: args.name } : null), {
      name: { type: parseType('String!'), description: 'Its name.' },
    });
  }
  return Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
}

/** A field whose type is given as it is written; arguments are none unless given. */
export function field(
  type: string, description: string, resolve: (source: never, args: Values) => unknown, args: Inputs = {},
): FieldDefinition {
  return { type: parseType(type), description, args, resolve: resolve as FieldDefinition['resolve'] };
}

interface Named<T> {
  readonly name: string;
  readonly definition: T;
}

function metaTypes(schema: Schema): readonly TypeDefinition[] {
  const named = (name: string): Type => ({ kind: 'named', name });
  const withDeprecated: Inputs = {
    includeDeprecated: { type: parseType('Boolean'), description: 'Nothing is deprecated.', defaultValue: false },
  };
  const object = (name: string, fields: Readonly<Record<string, FieldDefinition>>): TypeDefinition =>
    ({ kind: 'OBJECT', name, description: `Of introspection: ${name.slice(2)}.`, fields });
  const never = {
    isDeprecated: field('Boolean!', 'Never.', () => false),
    deprecationReason: field('String', 'None.', () => null),
  };
  return [
    object('__Schema', {
      description: field('String', 'About it.', () => 'The books of the lab.'),
      types: field('[__Type!]!', 'All types.', () => [...schema.types.keys()].map(named)),
      queryType: field('__Type!', 'Of queries.', () => named(schema.query)),
      mutationType: field('__Type', 'Of mutations.', () => named(schema.mutation)),
      subscriptionType: field('__Type', 'None.', () => null),
      directives: field('[__Directive!]!', 'All directives.', () => directives),
    }),
    object('__Type', typeFields(schema, withDeprecated)),
    object('__Field', {
      name: field('String!', 'Its name.', ({ name }: Named<unknown>) => name),
      description: field('String', 'About it.', ({ definition }: Named<FieldDefinition>) => definition.description),
      args: field('[__InputValue!]!', 'Arguments.', ({ definition }: Named<FieldDefinition>) =>
        entries(definition.args), withDeprecated),
      type: field('__Type!', 'Its type.', ({ definition }: Named<FieldDefinition>) => definition.type),
      ...never,
    }),
    object('__InputValue', {
      name: field('String!', 'Its name.', ({ name }: Named<unknown>) => name),
      description: field('String', 'About it.', ({ definition }: Named<InputDefinition>) => definition.description),
      type: field('__Type!', 'Its type.', ({ definition }: Named<InputDefinition>) => definition.type),
      defaultValue: field('String', 'As it is written.', ({ definition: { defaultValue } }: Named<InputDefinition>) =>
        (defaultValue === undefined ? null : JSON.stringify(defaultValue))),
      ...never,
    }),
    object('__EnumValue', {
      name: field('String!', 'Its name.', ({ name }: Named<unknown>) => name),
      description: field('String', 'About it.', ({ definition }: Named<string>) => definition),
      ...never,
    }),
    object('__Directive', {
      name: field('String!', 'Its name.', ({ name }: typeof directives[number]) => name),
      description: field('String', 'About it.', ({ description }: typeof directives[number]) => description),
      locations: field('[__DirectiveLocation!]!', 'Where it stands.', () =>
        ['FIELD', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT']),
      args: field('[__InputValue!]!', 'Arguments.', () => entries(directiveArguments), withDeprecated),
      isRepeatable: field('Boolean!', 'Never.', () => false),
    }),
    enumeration('__TypeKind', ['SCALAR', 'OBJECT', 'INTERFACE', 'UNION', 'ENUM', 'INPUT_OBJECT', 'LIST', 'NON_NULL']),
    enumeration('__DirectiveLocation', [
      'QUERY', 'MUTATION', 'SUBSCRIPTION', 'FIELD', 'FRAGMENT_DEFINITION', 'FRAGMENT_SPREAD', 'INLINE_FRAGMENT',
      'VARIABLE_DEFINITION', 'SCHEMA', 'SCALAR', 'OBJECT', 'FIELD_DEFINITION', 'ARGUMENT_DEFINITION', 'INTERFACE',
      'UNION', 'ENUM', 'ENUM_VALUE', 'INPUT_OBJECT', 'INPUT_FIELD_DEFINITION',
    ]),
  ];
}

/** §3.13: the two that an executor must know. */
export const directives = [
  { name: 'skip', description: 'Leaves out what it stands at if the argument is true.' },
  { name: 'include', description: 'Leaves out what it stands at unless the argument is true.' },
] as const;

export const directiveArguments: Inputs = { if: { type: parseType('Boolean!'), description: 'The condition.' } };

function enumeration(name: string, values: readonly string[]): TypeDefinition {
  const described = Object.fromEntries(values.map((value) => [value, '']));
  return { kind: 'ENUM', name, description: `Of introspection: ${name.slice(2)}.`, values: described };
}

function entries<T>(record: Readonly<Record<string, T>>): Named<T>[] {
  return Object.entries(record).map(([name, definition]) => ({ name, definition }));
}

/** §4.5.1: a type is either named, or wraps another. */
function typeFields(schema: Schema, withDeprecated: Inputs): Readonly<Record<string, FieldDefinition>> {
  const definitionOf = (type: Type) => (type.kind === 'named' ? schema.types.get(type.name) : undefined);
  const kinds = { 'list': 'LIST', 'non-null': 'NON_NULL' } as const;
  return {
    kind: field('__TypeKind!', 'Its kind.', (type: Type) =>
      (type.kind === 'named' ? definitionOf(type)?.kind : kinds[type.kind])),
    name: field('String', 'Its name, if it has one.', (type: Type) => (type.kind === 'named' ? writeType(type) : null)),
    description: field('String', 'About it.', (type: Type) => definitionOf(type)?.description),
    specifiedByURL: field('String', 'None.', () => null),
    fields: field('[__Field!]', 'Of an object.', (type: Type) => {
      const definition = definitionOf(type);
      return definition?.kind === 'OBJECT' ? entries(definition.fields) : null;
    }, withDeprecated),
    interfaces: field('[__Type!]', 'None.', (type: Type) => (definitionOf(type)?.kind === 'OBJECT' ? [] : null)),
    possibleTypes: field('[__Type!]', 'None.', () => null),
    enumValues: field('[__EnumValue!]', 'Of an enumeration.', (type: Type) => {
      const definition = definitionOf(type);
      return definition?.kind === 'ENUM' ? entries(definition.values) : null;
    }, withDeprecated),
    inputFields: field('[__InputValue!]', 'Of an input object.', (type: Type) => {
      const definition = definitionOf(type);
      return definition?.kind === 'INPUT_OBJECT' ? entries(definition.fields) : null;
    }, withDeprecated),
    ofType: field('__Type', 'What it wraps.', (type: Type) => (type.kind === 'named' ? null : type.of)),
    isOneOf: field('Boolean', 'Never.', (type: Type) => (definitionOf(type)?.kind === 'INPUT_OBJECT' ? false : null)),
  };
}
