import { GraphQLError } from './document.ts';
import type { Directive, Document, Field, Location, Operation, Selection, Type } from './document.ts';
import { fieldOf } from './introspection.ts';
import { isAbsent, readInputs, readJson, readLiteral, uniquely } from './schema.ts';
import type { Schema, Values } from './schema.ts';
import { rootOf } from './validate.ts';

type Path = readonly (string | number)[];

/** An error as a response has it (§7.1.2). */
export interface ErrorEntry {
  readonly message: string;
  readonly locations?: readonly Location[];
  readonly path?: Path;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Result {
  readonly errors?: readonly ErrorEntry[];
  readonly data: unknown;
}

/** No more fields are resolved for one request, whatever lists it walks through. */
const maxFields = 10_000;

/** The values of an operation's variables (§6.1.2); throws for the first that is wrong. */
export function readVariables(schema: Schema, { variables }: Operation, given: Values): Values {
  return Object.fromEntries(variables.flatMap((variable): [string, unknown][] => {
    const { name, type, defaultValue } = variable;
    if (Object.hasOwn(given, name)) return [[name, readJson(schema, type, given[name], `$${name}`, variable)]];
    if (defaultValue) return [[name, readLiteral(schema, type, defaultValue, { values: {} })]];
    if (type.kind === 'non-null') throw new GraphQLError(`The variable $${name} needs a value.`, variable.at);
    return [];
  }));
}

/** Executes an operation of a valid document (§6). */
export function execute(schema: Schema, document: Document, operation: Operation, variables: Values): Result {
  const run = new Execution(schema, document, variables);
  const data = run.begin(rootOf(schema, operation), operation.selections);
  return { ...(run.errors.length > 0 ? { errors: run.errors } : {}), data };
}

/** For the errors of a response. */
export function entryOf({ message, at, extensions }: GraphQLError, path?: Path): ErrorEntry {
  const place = { ...(at ? { locations: [at] } : {}), ...(path ? { path } : {}) };
  return { message, ...place, ...(extensions ? { extensions } : {}) };
}

/** On its way to the nearest field that may be null (§6.4.4). */
class FieldError extends Error {
  readonly entry: ErrorEntry;
  /** Of the whole request. */
  readonly isFatal: boolean;

  constructor(entry: ErrorEntry, isFatal = false) {
    super(entry.message);
    this.entry = entry;
    this.isFatal = isFatal;
  }
}

function located({ message, at, extensions }: GraphQLError, place: Location | undefined, path: Path): FieldError {
  return new FieldError(entryOf(new GraphQLError(message, at ?? place, extensions), path));
}

class Execution {
  readonly errors: ErrorEntry[] = [];
  readonly #schema: Schema;
  readonly #document: Document;
  readonly #variables: { readonly values: Values };
  #resolved = 0;

  constructor(schema: Schema, document: Document, values: Values) {
    this.#schema = schema;
    this.#document = document;
    this.#variables = { values };
  }

  begin(type: string, selections: readonly Selection[]): unknown {
    try {
      return this.#object(type, [selections], {}, []);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      this.errors.push(error.entry);
      return null;
    }
  }

  #object(type: string, sets: readonly (readonly Selection[])[], source: unknown, path: Path): unknown {
    const groups = new Map<string, Field[]>();
    const visited = new Set<string>();
    for (const set of sets) this.#collect(set, groups, visited);
    return Object.fromEntries([...groups].map(([alias, fields]) =>
      [alias, this.#field(type, fields, source, [...path, alias])]));
  }

  #collect(selections: readonly Selection[], groups: Map<string, Field[]>, visited: Set<string>): void {
    for (const selection of selections) {
      if (!this.#isWanted(selection.directives)) continue;
      if (selection.kind === 'field') groups.set(selection.alias, [...groups.get(selection.alias) ?? [], selection]);
      else if (selection.kind === 'inline') this.#collect(selection.selections, groups, visited);
      else if (!visited.has(selection.name)) {
        visited.add(selection.name);
        this.#collect(this.#document.fragments.get(selection.name)?.selections ?? [], groups, visited);
      }
    }
  }

  /** §3.13 */
  #isWanted(directives: readonly Directive[]): boolean {
    return directives.every(({ name, args }) => {
      const [condition] = args;
      const type: Type = { kind: 'non-null', of: { kind: 'named', name: 'Boolean' } };
      return condition && readLiteral(this.#schema, type, condition.value, this.#variables) === (name === 'include');
    });
  }

  #field(parent: string, fields: readonly Field[], source: unknown, path: Path): unknown {
    const [first] = fields;
    const definition = first && fieldOf(this.#schema, parent, first.name);
    if (!definition) throw new Error(`${parent} has no such field`);
    return this.#guard(definition.type, first, path, () => {
      this.#resolved += 1;
      if (this.#resolved > maxFields) {
        throw new FieldError({ message: `The answer has more than ${maxFields} fields.`, path }, true);
      }
      const given = uniquely(first.args);
      const args = readInputs(definition.args, first.name, first, [...given.keys()], (name, type) => {
        const argument = given.get(name);
        return argument && readLiteral(this.#schema, type, argument.value, this.#variables);
      }, (name) => isAbsent(given.get(name)?.value, this.#variables));
      return this.#complete(definition.type, fields, definition.resolve(source, args), path);
    });
  }

  #complete(type: Type, fields: readonly Field[], value: unknown, path: Path): unknown {
    if (type.kind === 'non-null') {
      const completed = this.#complete(type.of, fields, value, path);
      if (completed === null) throw new GraphQLError(`${path.at(-1)} cannot be null.`);
      return completed;
    }
    if (value === null || value === undefined) return null;
    if (type.kind === 'list') {
      return (value as readonly unknown[]).map((item, index) => {
        const place = [...path, index];
        return this.#guard(type.of, fields[0], place, () => this.#complete(type.of, fields, item, place));
      });
    }
    const isObject = this.#schema.types.get(type.name)?.kind === 'OBJECT';
    return isObject ? this.#object(type.name, fields.map(({ selections }) => selections), value, path) : value;
  }

  /** An error makes the field null where it may be, and else what it is in. */
  #guard(type: Type, field: Field | undefined, path: Path, run: () => unknown): unknown {
    try {
      return run();
    } catch (error) {
      const failed = error instanceof GraphQLError ? located(error, field?.at, path) : error;
      if (!(failed instanceof FieldError)) throw error;
      if (failed.isFatal || type.kind === 'non-null') throw failed;
      this.errors.push(failed.entry);
      return null;
    }
  }
}
