// What a GraphQL document consists of (specification of October 2021, §2): executable definitions only.

/** From 1, as error messages count. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

export interface At {
  readonly at: Location;
}

export type ValueNode = At & (
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'int' | 'float' | 'string' | 'enum'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'list'; readonly items: readonly ValueNode[] }
  | { readonly kind: 'object'; readonly members: readonly Argument[] });

/** `Book`, `[Book]` or `Book!` */
export type Type =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'non-null'; readonly of: Type };

/** Also the member of an input object. */
export interface Argument extends At {
  readonly name: string;
  readonly value: ValueNode;
}

export interface Directive extends At {
  readonly name: string;
  readonly args: readonly Argument[];
}

export interface Field extends At {
  readonly kind: 'field';
  readonly alias: string;
  readonly name: string;
  readonly args: readonly Argument[];
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
}

export interface Spread extends At {
  readonly kind: 'spread';
  readonly name: string;
  readonly directives: readonly Directive[];
}

export interface InlineFragment extends At {
  readonly kind: 'inline';
  readonly on?: string;
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
}

export type Selection = Field | Spread | InlineFragment;

export interface VariableDefinition extends At {
  readonly name: string;
  readonly type: Type;
  readonly defaultValue?: ValueNode;
}

export interface Operation extends At {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly name?: string;
  readonly variables: readonly VariableDefinition[];
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
}

export interface Fragment extends At {
  readonly name: string;
  readonly on: string;
  readonly directives: readonly Directive[];
  readonly selections: readonly Selection[];
}

export interface Document {
  readonly operations: readonly Operation[];
  readonly fragments: ReadonlyMap<string, Fragment>;
}

/** What is wrong with a request or a field (§7.1.2). */
export class GraphQLError extends Error {
  readonly at: Location | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, at?: Location, extensions?: Readonly<Record<string, unknown>>) {
    super(message);
    this.at = at;
    this.extensions = extensions;
  }
}

/** A type as it is written. */
export function writeType(type: Type): string {
  switch (type.kind) {
    case 'named': return type.name;
    case 'list': return `[${writeType(type.of)}]`;
    case 'non-null': return `${writeType(type.of)}!`;
  }
}

/** The name within lists and `!`. */
export function namedType(type: Type): string {
  return type.kind === 'named' ? type.name : namedType(type.of);
}
