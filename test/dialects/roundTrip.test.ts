import assert from 'node:assert/strict';
import { parse } from '../../src/httpFile/parse.ts';
import type { HttpFile, HttpRequest } from '../../src/httpFile/syntax.ts';
import { mutatedInput } from './mutate.ts';
import { checkTree, describeTree } from './roundTrip.ts';
import { caseInputs, fuzzSeeds, writtenFiles } from './seeds.ts';
import { snippets } from './snippets.ts';

const lineEnds: readonly [string, (text: string) => string][] = [
  ['as written', (text) => text], ['with CRLF', (text) => text.replace(/\r?\n/g, '\r\n')],
  ['with CR', (text) => text.replace(/\r?\n/g, '\r')], ['with a byte order mark', (text) => `\ufeff${text}`],
  ['without a last line end', (text) => text.replace(/\s+$/, '')],
  ['indented', (text) => text.replace(/^(?=[^\n])/gm, '    ')], ['twice', (text) => `${text}\n${text}`],
];

describe('a syntax tree and its text', () => {
  for (const [how, change] of lineEnds) {
    it(`account for each other: cases and snippets ${how}`, () => {
      for (const input of [...caseInputs(), ...snippets]) check(change(input));
    });
  }

  for (const { path, text } of writtenFiles()) {
    it(`account for each other: ${path}`, () => {
      for (const [, change] of lineEnds) check(change(text));
    });
  }

  it('account for each other wherever a file is cut off', () => {
    for (const input of snippets) for (let end = 0; end < input.length; end++) check(input.slice(0, end));
  });

  it('are the same again when the text is', () => {
    const seeds = fuzzSeeds();
    const inputs = Array.from({ length: 500 }, (_, seed) => mutatedInput(1_000_000 + seed, seeds));
    for (const input of [...seeds, ...inputs.filter((text) => text.length < 50_000)]) {
      assert.deepEqual(describeTree(parse(input)), describeTree(parse(input)));
    }
  });
});

function check(text: string): void {
  try {
    checkTree(text, parse(text));
  } catch (error) {
    throw new Error(`${JSON.stringify(text.slice(0, 2000))}: ${(error as Error).message}`, { cause: error });
  }
}

describe('the account of a tree', () => {
  const text = [
    '# @name first', '@host = a.lab.test', '', 'PUT https://{{host}}/x', '  ?a=1', 'Accept: */*', 'X-Fold: one',
    '  two', '',
    'before', '< ./file.txt', 'after', '', '?? status == 200', '', '@later = 1', '',
  ].join('\n');

  type Change = (request: HttpRequest, file: HttpFile) => [Partial<HttpRequest>, Partial<HttpFile>?];
  const losses: readonly [string, Change][] = [
    ['a header', ({ headers }) => [{ headers: headers.slice(1) }]],
    ['a header invented', ({ headers }) => [{ headers: [...headers, headers[0]!] }]],
    ['the order of headers', ({ headers }) => [{ headers: [...headers].reverse() }]],
    ['the body', () => [{ body: undefined }]],
    ['a piece of the body', ({ body = [] }) => [{ body: body.slice(0, -1) }]],
    ['an included file', ({ body = [] }) => [{ body: [body[0]!, body[2]!] }]],
    ['metadata', () => [{ metadata: [] }]],
    ['an element', () => [{ elements: [] }]],
    ['a piece of the URL', ({ urlPieces = [] }) => [{ urlPieces: urlPieces.slice(1) }]],
    ['the URL as it is written', () => [{ url: 'https://{{host}}/x?a=2' }]],
    ['the method as it is written', () => [{ method: 'POST' }]],
    ['the place of the method', () => [{ methodRange: undefined }]],
    ['a variable', (_, { variables }) => [{}, { variables: variables.slice(1) }]],
    ['the last variable', (_, { variables }) => [{}, { variables: variables.slice(0, 1) }]],
    ['a whole request', () => [{}, { requests: [] }]],
  ];

  it('is right for the file that the next ones are made from', () => checkTree(text, parse(text)));

  for (const [what, change] of losses) {
    it(`fails without ${what}`, () => {
      const file = parse(text);
      const [inRequest, inFile = {}] = change(file.requests[0]!, file);
      const request = over(file.requests[0]!, inRequest);
      assert.throws(() => checkTree(text, over(over(file, { requests: [request] }), inFile)), assert.AssertionError);
    });
  }
});

/** A node with some members replaced; the rest may be getters. */
function over<T extends object>(node: T, members: Partial<T>): T {
  return new Proxy(node, {
    get: (target, key) => Object.hasOwn(members, key) ? members[key as keyof T]
      : Reflect.get(target, key, target) as unknown,
  });
}
