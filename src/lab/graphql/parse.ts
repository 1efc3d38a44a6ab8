import { GraphQLError } from './document.ts';
import type {
  Argument, Directive, Document, Fragment, Operation, Selection, Type, ValueNode, VariableDefinition,
} from './document.ts';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Levels of selections, values and lists of types: nothing here recurses deeper. */
const maxDepth = 32;

/** Reads an executable document (§2); throws a {@link GraphQLError} that says where it is wrong. */
export function parseDocument(source: string): Document {
  const reader = new Reader(tokensOf(source));
  const operations: Operation[] = [];
  const fragments = new Map<string, Fragment>();
  do {
    if (!reader.isNext('fragment')) operations.push(reader.operation());
    else {
      const fragment = reader.fragment();
      if (fragments.has(fragment.name)) {
        throw new GraphQLError(`There is more than one fragment ${fragment.name}.`, fragment.at);
      }
      fragments.set(fragment.name, fragment);
    }
  } while (!reader.isAtEnd());
  return { operations, fragments };
}

/** Reads a type, such as `[Book!]!`. */
export function parseType(source: string): Type {
  return new Reader(tokensOf(source)).type();
}

class Reader {
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get #next(): Token {
    return this.#tokens[this.#index] as Token;
  }

  isAtEnd(): boolean {
    return this.#next.kind === 'end';
  }

  /** Whether a punctuator or keyword comes next. */
  isNext(text: string): boolean {
    const { kind, text: next } = this.#next;
    return (kind === 'punctuator' || kind === 'name') && next === text;
  }

  #take(text: string): boolean {
    if (!this.isNext(text)) return false;
    this.#index += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected(JSON.stringify(text));
  }

  #unexpected(wanted: string): GraphQLError {
    const { kind, text, at } = this.#next;
    const found = kind === 'end' ? text : JSON.stringify(text.slice(0, 50));
    return new GraphQLError(`Syntax error: expected ${wanted}, found ${found}.`, at);
  }

  #name(): string {
    const { kind, text } = this.#next;
    if (kind !== 'name') throw this.#unexpected('a name');
    this.#index += 1;
    return text;
  }

  /** What stands between two brackets, at least once. */
  #between<T>(open: string, read: () => T, close: string): T[] {
    this.#expect(open);
    const items = [read()];
    while (!this.#take(close)) items.push(read());
    return items;
  }

  #deeper<T>(read: () => T): T {
    if (this.#depth >= maxDepth) {
      throw new GraphQLError(`A document is at most ${maxDepth} levels deep.`, this.#next.at);
    }
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  operation(): Operation {
    const { at } = this.#next;
    const isShort = this.isNext('{');
    const kind = (['query', 'mutation', 'subscription'] as const).find((one) => !isShort && this.#take(one));
    if (!kind && !isShort) throw this.#unexpected('query, mutation, fragment or "{"');
    const name = kind && this.#next.kind === 'name' ? { name: this.#name() } : {};
    const variables = this.isNext('(') ? this.#between('(', () => this.#variable(), ')') : [];
    const directives = this.#directives();
    return { kind: kind ?? 'query', ...name, at, variables, directives, selections: this.#selections() };
  }

  fragment(): Fragment {
    const { at } = this.#next;
    this.#expect('fragment');
    if (this.isNext('on')) throw this.#unexpected('a name other than on');
    const name = this.#name();
    this.#expect('on');
    return { name, on: this.#name(), at, directives: this.#directives(), selections: this.#selections() };
  }

  #variable(): VariableDefinition {
    const { at } = this.#next;
    this.#expect('$');
    const name = this.#name();
    this.#expect(':');
    const type = this.type();
    const defaultValue = this.#take('=') ? { defaultValue: this.#value(true) } : {};
    const [directive] = this.#directives();
    if (directive) throw new GraphQLError(`@${directive.name} cannot stand at a variable.`, directive.at);
    return { name, type, at, ...defaultValue };
  }

  type(): Type {
    const type = this.#deeper((): Type => {
      if (!this.#take('[')) return { kind: 'named', name: this.#name() };
      const of = this.type();
      this.#expect(']');
      return { kind: 'list', of };
    });
    return this.#take('!') ? { kind: 'non-null', of: type } : type;
  }

  #selections(): Selection[] {
    return this.#deeper(() => this.#between('{', () => this.#selection(), '}'));
  }

  #selection(): Selection {
    const { at } = this.#next;
    if (this.#take('...')) {
      if (this.#next.kind === 'name' && !this.isNext('on')) {
        return { kind: 'spread', name: this.#name(), at, directives: this.#directives() };
      }
      const on = this.#take('on') ? { on: this.#name() } : {};
      return { kind: 'inline', ...on, at, directives: this.#directives(), selections: this.#selections() };
    }
    const alias = this.#name();
    const name = this.#take(':') ? this.#name() : alias;
    const args = this.#arguments(false);
    const directives = this.#directives();
    return { kind: 'field', alias, name, at, args, directives, selections: this.isNext('{') ? this.#selections() : [] };
  }

  #arguments(isConstant: boolean): Argument[] {
    return this.isNext('(') ? this.#between('(', () => this.#argument(isConstant), ')') : [];
  }

  #argument(isConstant: boolean): Argument {
    const { at } = this.#next;
    const name = this.#name();
    this.#expect(':');
    return { name, at, value: this.#value(isConstant) };
  }

  #directives(): Directive[] {
    const directives: Directive[] = [];
    for (let { at } = this.#next; this.#take('@'); { at } = this.#next) {
      directives.push({ name: this.#name(), at, args: this.#arguments(false) });
    }
    return directives;
  }

  #value(isConstant: boolean): ValueNode {
    return this.#deeper(() => this.#valueHere(isConstant));
  }

  #valueHere(isConstant: boolean): ValueNode {
    const { kind, text, at } = this.#next;
    if (!isConstant && this.#take('$')) return { kind: 'variable', name: this.#name(), at };
    if (this.#take('[')) {
      const items: ValueNode[] = [];
      while (!this.#take(']')) items.push(this.#value(isConstant));
      return { kind: 'list', items, at };
    }
    if (this.#take('{')) {
      const members: Argument[] = [];
      while (!this.#take('}')) members.push(this.#argument(isConstant));
      return { kind: 'object', members, at };
    }
    if (kind === 'punctuator' || kind === 'end') throw this.#unexpected('a value');
    this.#index += 1;
    if (kind !== 'name') return { kind, value: text, at };
    if (text === 'null') return { kind: 'null', at };
    if (text === 'true' || text === 'false') return { kind: 'boolean', value: text === 'true', at };
    return { kind: 'enum', value: text, at };
  }
}
