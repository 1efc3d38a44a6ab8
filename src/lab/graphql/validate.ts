import { GraphQLError, namedType, writeType } from './document.ts';
import type {
  At, Directive, Document, Field, Fragment, Operation, Selection, Type, VariableDefinition,
} from './document.ts';
import { directiveArguments, directives as known, fieldOf } from './introspection.ts';
import { isInputType, readInputs, readLiteral, uniquely } from './schema.ts';
import type { Inputs, Schema } from './schema.ts';

/** Levels of fields, fragments unfolded; the introspection that tools send has 15. */
const maxDepth = 16;
/** Selections, fragments unfolded. */
const maxSelections = 5000;

/** What is wrong with a document (§5); none: it can be executed. */
export function validate(schema: Schema, document: Document): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const attempt = (check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      errors.push(error);
    }
  };
  const { operations, fragments } = document;
  attempt(() => checkNames(operations));
  const walks = new Map<Operation | Fragment, Walk>();
  for (const definition of [...operations, ...fragments.values()]) {
    const walk = new Walk(schema, document, attempt);
    walks.set(definition, walk);
    attempt(() => walk.definition(definition));
  }
  if (errors.length > 0) return errors;
  attempt(() => checkFragments(document, walks));
  if (errors.length > 0) return errors;
  for (const operation of operations) {
    attempt(() => checkVariables(schema, operation, reached(operation, document, walks)));
    attempt(() => new Measure(schema, document).selections(rootOf(schema, operation), [operation.selections], 1));
  }
  return errors;
}

/** The type that an operation begins at. */
export function rootOf(schema: Schema, operation: Operation): string {
  return operation.kind === 'mutation' ? schema.mutation : schema.query;
}

function checkNames(operations: readonly Operation[]): void {
  const [first, second] = operations;
  if (!first) throw new GraphQLError('The document has no operation.');
  const nameless = operations.find(({ name }) => name === undefined);
  if (nameless && second) throw new GraphQLError('An operation without a name must be the only one.', nameless.at);
  uniquely(operations.map(({ name = '', at }) => ({ name, at })));
}

interface Use extends At {
  readonly name: string;
  readonly wanted: Type;
  readonly hasDefault: boolean;
}

/** One definition, without what its spreads lead to. */
class Walk {
  readonly uses: Use[] = [];
  readonly spreads: string[] = [];
  readonly #schema: Schema;
  readonly #document: Document;
  readonly #attempt: (check: () => void) => void;

  constructor(schema: Schema, document: Document, attempt: (check: () => void) => void) {
    this.#schema = schema;
    this.#document = document;
    this.#attempt = attempt;
  }

  definition(definition: Operation | Fragment): void {
    if ('kind' in definition && definition.kind === 'subscription') {
      throw new GraphQLError('The schema has no subscriptions.', definition.at);
    }
    const [directive] = definition.directives;
    if (directive) throw new GraphQLError(`@${directive.name} cannot stand here.`, directive.at);
    const parent = 'on' in definition ? definition.on : rootOf(this.#schema, definition);
    this.#checkObject(parent, definition);
    this.#selections(parent, definition.selections);
  }

  #checkObject(name: string, node: At): void {
    if (this.#schema.types.get(name)?.kind === 'OBJECT') return;
    throw new GraphQLError(`${name} is no type of objects.`, node.at);
  }

  #selections(parent: string, selections: readonly Selection[]): void {
    for (const selection of selections) this.#attempt(() => this.#selection(parent, selection));
  }

  #selection(parent: string, selection: Selection): void {
    this.#directives(selection.directives);
    if (selection.kind === 'field') return this.#field(parent, selection);
    const on = selection.kind === 'inline' ? selection.on ?? parent : this.#spread(selection.name, selection);
    if (selection.kind === 'inline') this.#checkObject(on, selection);
    // §5.5.2.3: there are neither interfaces nor unions here.
    if (on !== parent) throw new GraphQLError(`${parent} is never ${on}.`, selection.at);
    if (selection.kind === 'inline') this.#selections(on, selection.selections);
  }

  #spread(name: string, node: At): string {
    const fragment = this.#document.fragments.get(name);
    if (!fragment) throw new GraphQLError(`There is no fragment ${name}.`, node.at);
    this.spreads.push(name);
    return fragment.on;
  }

  #field(parent: string, selected: Field): void {
    const definition = fieldOf(this.#schema, parent, selected.name);
    if (!definition) throw new GraphQLError(`${parent} has no field ${selected.name}.`, selected.at);
    this.#arguments(definition.args, `${parent}.${selected.name}`, selected);
    const type = namedType(definition.type);
    const isObject = this.#schema.types.get(type)?.kind === 'OBJECT';
    if (isObject && selected.selections.length === 0) {
      throw new GraphQLError(`${selected.name} is of type ${type}: say which of its fields.`, selected.at);
    }
    if (!isObject && selected.selections.length > 0) throw new GraphQLError(`${type} has no fields.`, selected.at);
    this.#selections(type, selected.selections);
  }

  #directives(directives: readonly Directive[]): void {
    uniquely(directives);
    for (const directive of directives) {
      if (!known.some(({ name }) => name === directive.name)) {
        throw new GraphQLError(`There is no directive @${directive.name}.`, directive.at);
      }
      this.#arguments(directiveArguments, `@${directive.name}`, directive);
    }
  }

  #arguments(inputs: Inputs, owner: string, node: Field | Directive): void {
    const given = uniquely(node.args);
    readInputs(inputs, owner, node, [...given.keys()], (name, type, isOptional) => {
      const argument = given.get(name);
      const check = (variable: string, wanted: Type, hasDefault: boolean, { at }: At) =>
        void this.uses.push({ name: variable, wanted, hasDefault, at });
      return argument && readLiteral(this.#schema, type, argument.value, { check }, isOptional);
    }, (name) => !given.has(name));
  }
}

/** §5.5.1.4, §5.5.2.2: every fragment is used, and none in itself. */
function checkFragments({ operations, fragments }: Document, walks: ReadonlyMap<Operation | Fragment, Walk>): void {
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]) => {
    const fragment = fragments.get(name);
    if (!fragment) return;
    if (above.includes(name)) throw new GraphQLError(`The fragment ${name} contains itself.`, fragment.at);
    if (done.has(name)) return;
    for (const below of walks.get(fragment)?.spreads ?? []) visit(below, [...above, name]);
    done.add(name);
  };
  for (const operation of operations) for (const name of walks.get(operation)?.spreads ?? []) visit(name, []);
  const unused = [...fragments.values()].find(({ name }) => !done.has(name));
  if (unused) throw new GraphQLError(`The fragment ${unused.name} is not used.`, unused.at);
}

/** The uses of variables in an operation and in all fragments that it leads to. */
function reached(
  operation: Operation, { fragments }: Document, walks: ReadonlyMap<Operation | Fragment, Walk>,
): readonly Use[] {
  const definitions = new Set<Operation | Fragment>([operation]);
  for (const definition of definitions) {
    for (const name of walks.get(definition)?.spreads ?? []) definitions.add(fragments.get(name) as Fragment);
  }
  return [...definitions].flatMap((definition) => walks.get(definition)?.uses ?? []);
}

/** §5.8 */
function checkVariables(schema: Schema, { variables }: Operation, uses: readonly Use[]): void {
  const defined = uniquely(variables);
  for (const variable of variables) {
    if (!isInputType(schema, variable.type)) {
      throw new GraphQLError(`${writeType(variable.type)} is no type of a variable.`, variable.at);
    }
    if (variable.defaultValue) readLiteral(schema, variable.type, variable.defaultValue, { values: {} });
    if (!uses.some(({ name }) => name === variable.name)) {
      throw new GraphQLError(`The variable $${variable.name} is not used.`, variable.at);
    }
  }
  for (const use of uses) {
    const variable = defined.get(use.name);
    if (!variable) throw new GraphQLError(`There is no variable $${use.name}.`, use.at);
    if (!mayStand(variable, use)) {
      throw new GraphQLError(
        `$${use.name} is of type ${writeType(variable.type)}, and ${writeType(use.wanted)} is wanted.`, use.at);
    }
  }
}

/** §5.8.5 */
function mayStand({ type, defaultValue }: VariableDefinition, { wanted, hasDefault }: Use): boolean {
  const hasValue = hasDefault || (defaultValue !== undefined && defaultValue.kind !== 'null');
  if (wanted.kind === 'non-null' && type.kind !== 'non-null' && hasValue) return fits(type, wanted.of);
  return fits(type, wanted);
}

function fits(type: Type, wanted: Type): boolean {
  if (wanted.kind === 'non-null') return type.kind === 'non-null' && fits(type.of, wanted.of);
  if (type.kind === 'non-null') return fits(type.of, wanted);
  if (wanted.kind === 'list') return type.kind === 'list' && fits(type.of, wanted.of);
  return type.kind === 'named' && type.name === wanted.name;
}

/** Unfolds an operation as its execution will: how deep, how much, and whether equal names mean the same (§5.3.2). */
class Measure {
  readonly #schema: Schema;
  readonly #document: Document;
  #seen = 0;

  constructor(schema: Schema, document: Document) {
    this.#schema = schema;
    this.#document = document;
  }

  selections(parent: string, sets: readonly (readonly Selection[])[], depth: number): void {
    const groups = new Map<string, Field[]>();
    const visited = new Set<string>();
    for (const set of sets) this.#collect(set, groups, visited);
    for (const [first, ...others] of groups.values()) {
      if (!first) continue;
      if (depth > maxDepth) throw new GraphQLError(`A query is at most ${maxDepth} fields deep.`, first.at);
      const other = others.find((one) => one.name !== first.name || written(one) !== written(first));
      if (other) throw new GraphQLError(`${first.alias} stands for two different fields: use aliases.`, other.at);
      const type = fieldOf(this.#schema, parent, first.name)?.type;
      if (type) this.selections(namedType(type), [first, ...others].map((one) => one.selections), depth + 1);
    }
  }

  #collect(selections: readonly Selection[], groups: Map<string, Field[]>, visited: Set<string>): void {
    for (const selection of selections) {
      this.#seen += 1;
      if (this.#seen > maxSelections) {
        throw new GraphQLError(`A query selects at most ${maxSelections} times.`, selection.at);
      }
      if (selection.kind === 'field') {
        const group = groups.get(selection.alias);
        if (group) group.push(selection);
        else groups.set(selection.alias, [selection]);
      } else if (selection.kind === 'inline') this.#collect(selection.selections, groups, visited);
      else if (!visited.has(selection.name)) {
        visited.add(selection.name);
        this.#collect(this.#document.fragments.get(selection.name)?.selections ?? [], groups, visited);
      }
    }
  }
}

/** Arguments without their places, in any order. */
function written({ args }: Field): string {
  const sorted = args.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return JSON.stringify(sorted, (key, value: unknown) => (key === 'at' ? undefined : value));
}
