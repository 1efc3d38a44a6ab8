import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { parse } from '../../src/httpFile/parse.ts';

interface Rule {
  include?: string;
  match?: string;
  begin?: string;
  end?: string;
  while?: string;
  patterns?: Rule[];
  captures?: Record<string, Rule>;
  beginCaptures?: Record<string, Rule>;
  endCaptures?: Record<string, Rule>;
}

interface Grammar {
  scopeName: string;
  patterns: Rule[];
  repository: Record<string, Rule>;
  injections: Record<string, Rule>;
}

const root = new URL('../../', import.meta.url);
const grammar = JSON.parse(await readFile(new URL('media/syntaxes/http.tmLanguage.json', root), 'utf8')) as Grammar;

function* rulesIn(rule: Rule): Generator<Rule> {
  yield rule;
  const captures = [rule.captures, rule.beginCaptures, rule.endCaptures].flatMap((one) => Object.values(one ?? {}));
  for (const inner of [...rule.patterns ?? [], ...captures]) yield* rulesIn(inner);
}

const rules = [
  { patterns: grammar.patterns }, ...Object.values(grammar.repository), ...Object.values(grammar.injections),
]
  .flatMap((rule) => [...rulesIn(rule)]);

/**
 * An expression of the editor's engine as one of this language: they differ in how characters are written by number,
 * and case is left alone.
 */
function compiled(text: string): RegExp {
  const numbered = text.replace(/\\x\{([0-9a-f]{1,4})\}/gi, (_, digits: string) => `\\u${digits.padStart(4, '0')}`);
  return new RegExp(numbered.replaceAll(/\(\?-?i\)/g, ''), numbered.includes('(?i)') ? 'i' : '');
}

/** A rule of the grammar as a regular expression. */
function expression(name: string): RegExp {
  const { begin, match } = grammar.repository[name]!;
  return compiled(begin ?? match!);
}

describe('the grammar that colours request files', () => {
  it('includes only what it has, and uses all it has', () => {
    const included = new Set(rules.flatMap(({ include }) => include?.startsWith('#') ? [include.slice(1)] : []));
    assert.deepEqual([...included].sort(), Object.keys(grammar.repository).sort());
  });

  it('has expressions that compile', () => {
    for (const rule of rules) {
      for (const text of [rule.match, rule.begin, rule.end, rule.while]) if (text !== undefined) compiled(text);
    }
  });

  const lines: [string, string][] = [
    ['request', 'GET https://a.test/ HTTP/1.1'], ['request', 'get https://a.test/'], ['request', 'https://a.test/'], ['request', 'PURGE /x'],
    ['request', 'GET {{host}}/x'], ['request', '{{host}}/x'], ['request', '{{method}} https://a.test/'], ['request', 'GET localhost:80/x'],
    ['header', 'Accept: a'], ['header', '{{name}}: a'], ['header', 'A:b'], ['separator', '### a'], ['separator', '####'],
    ['metadata', '# @name a'], ['metadata', '//@name=a'], ['comment', '# a'], ['comment', '// a'], ['fileVariable', '@a = b'],
    ['include', '< ./a.json'], ['include', '<@latin1 ./a.txt'], ['script', '> {% a %}'], ['response', 'HTTP/1.1 200 OK'],
  ];
  for (const [name, line] of lines) it(`takes ${line} for a ${name}`, () => assert.match(line, expression(name)));

  it('colours the request lines that are sent, in all samples', async () => {
    const folder = new URL('samples/', root);
    const names = (await readdir(folder)).filter((name) => /^\d\d-.*\.http$/.test(name));
    for (const name of names) {
      const text = await readFile(new URL(name, folder), 'utf8');
      const lines = text.split('\n');
      const { requests } = parse(text);
      const isStart = (line: string) => expression('request').test(line) || expression('curl').test(line);
      for (const { line } of requests) assert.ok(isStart(lines[line - 1]!), `${name}: ${lines[line - 1]}`);
      const coloured = lines.filter((line) => isStart(line) && !/^\s*(?:#|\/\/|@)/.test(line));
      assert.equal(coloured.length, requests.length, name);
    }
  });
});
