import { GraphQLError } from './document.ts';
import type { Location } from './document.ts';

/** §2.1.7; a string has its value, what is written otherwise itself. */
export interface Token {
  readonly kind: 'punctuator' | 'name' | 'int' | 'float' | 'string' | 'end';
  readonly text: string;
  readonly at: Location;
}

/** More would be no question of a person. */
const maxTokens = 2000;

const ignored = /(?:[\ufeff\t ,\r\n]|#[^\r\n]*)*/y;
const token = new RegExp([
  '(?<punctuator>\\.\\.\\.|[!$&():=@[\\]{|}])', '(?<name>[A-Za-z_]\\w*)',
  '(?<float>-?(?:0|[1-9]\\d*)(?:\\.\\d+(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)(?![\\w.]))',
  '(?<int>-?(?:0|[1-9]\\d*)(?![\\w.]))',
  '"""(?<block>(?:\\\\"""|(?!""")[^])*)"""',
  '(?<string>"(?:[^"\\\\\\r\\n]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*")',
].join('|'), 'y');

/** Takes a document apart; throws a {@link GraphQLError} for what is no token. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const lines = [0, ...[...source.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
  let line = 0;
  let index = 0;
  const locate = (): Location => {
    while ((lines[line + 1] ?? Infinity) <= index) line += 1;
    return { line: line + 1, column: index - (lines[line] ?? 0) + 1 };
  };
  for (;;) {
    ignored.lastIndex = index;
    index += ignored.exec(source)?.[0].length ?? 0;
    const at = locate();
    if (index >= source.length) return [...tokens, { kind: 'end', text: 'the end', at }];
    token.lastIndex = index;
    const match = token.exec(source);
    if (!match) throw new GraphQLError(`Syntax error: ${JSON.stringify(source[index])} cannot stand here.`, at);
    tokens.push({ ...read(match.groups ?? {}), at });
    if (tokens.length > maxTokens) throw new GraphQLError(`A document has at most ${maxTokens} tokens.`, at);
    index += match[0].length;
  }
}

function read({ punctuator, name, int, float, block, string }: Record<string, string>): Omit<Token, 'at'> {
  if (punctuator !== undefined) return { kind: 'punctuator', text: punctuator };
  if (name !== undefined) return { kind: 'name', text: name };
  if (float !== undefined) return { kind: 'float', text: float };
  if (int !== undefined) return { kind: 'int', text: int };
  if (block !== undefined) return { kind: 'string', text: dedent(block.replaceAll('\\"""', '"""')) };
  // A tab may stand in a string of GraphQL, but not of JSON.
  return { kind: 'string', text: JSON.parse((string ?? '""').replaceAll('\t', '\\t')) as string };
}

/** §2.9.4: without the indentation that all lines but the first have in common, and without blank ends. */
function dedent(block: string): string {
  const lines = block.split(/\r\n|\n|\r/);
  const isFull = (line: string) => /[^\t ]/.test(line);
  const indents = lines.slice(1).filter(isFull).map((line) => line.search(/[^\t ]/));
  const common = indents.length > 0 ? Math.min(...indents) : 0;
  const moved = lines.map((line, index) => (index === 0 ? line : line.slice(common)));
  return moved.slice(Math.max(0, moved.findIndex(isFull)), moved.findLastIndex(isFull) + 1).join('\n');
}
