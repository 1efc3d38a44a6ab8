import assert from 'node:assert/strict';
import { mostHints, shortened, valueHintsIn } from '../../../src/httpFile/editing/inlayHints.ts';
import { semanticTokensIn } from '../../../src/httpFile/editing/semanticTokens.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import type { OuterNames } from '../../../src/httpFile/names/scope.ts';
import { linesOf } from './cursor.ts';

const outer: OuterNames = {
  after: (name) => {
    if (name === '$guid') return [{ name, origin: { kind: 'dynamic' }, value: 'abc', secret: false }];
    if (name === '$lab.http') return [{ name, origin: { kind: 'lab' }, value: 'http://127.0.0.1:1', secret: false }];
    if (name === '$lab.https') {
      return [{ name, origin: { kind: 'lab' }, value: { code: 'lab-not-running', places: { name } }, secret: false }];
    }
    if (name.startsWith('late.response.')) {
      const value = { code: 'response-not-sent', places: { name, request: 'late' } } as const;
      return [{ name, origin: { kind: 'response', request: 'late' }, value, secret: false }];
    }
    if (name !== 'key') return [];
    return [{
      name, value: 'secret', written: 'secret', secret: true,
      origin: { kind: 'environment', layer: 'private', environment: 'dev', source: '/x', line: 1 },
    }];
  },
};

/** `text type`, one for each token. */
function tokens(text: string, first = 0, last = Infinity): string[] {
  const lines = linesOf(text);
  const end = Math.min(last, lines.lineCount - 1);
  return semanticTokensIn(parse(text), lines, first, end, { outer, importedNames: ['shop', 'late'] })
    .map(({ line, character, length, type }) => `${lines.lineAt(line).slice(character, character + length)} ${type}`);
}

function hints(text: string): string[] {
  const lines = linesOf(text);
  return valueHintsIn(parse(text), lines, 0, lines.lineCount - 1, { outer })
    .map(({ position, text: value }) => `${position.line}:${position.character} ${value ?? 'secret'}`);
}

const cases: [text: string, ...expected: string[]][] = [
  ['get http://a.test\nAccept: x', 'get httpMethod', 'Accept httpHeader'],
  ['@a = 1\n@b = {{a}}{{c}}\nGET {{a}}/{{b}}', 'a resolvedVariable', 'c unresolvedVariable', 'GET httpMethod', 'a resolvedVariable', 'b unresolvedVariable'],
  ['{{m}} http://a.test\nX-{{n}}: {{ key }}', 'm unresolvedVariable', 'n unresolvedVariable', ' key  resolvedVariable'],
  ['# @name one\n# @no-redirect\n# words\nGET http://a.test', 'name httpMetadata', 'no-redirect httpMetadata', 'GET httpMethod'],
  ['# @prompt who\nGET /{{who}}/{{$guid}}/{{$lab.http}}/{{%key}}/{{$input x}}', 'prompt httpMetadata', 'GET httpMethod',
    'who dynamicVariable', '$guid dynamicVariable', '$lab.http dynamicVariable', '%key resolvedVariable', '$input x dynamicVariable'],
  ['GET {{shop.response.status}}{{nope.response.status}}', 'GET httpMethod', 'shop.response.status responseReference', 'nope.response.status unresolvedVariable'],
  // What is known when it is sent is not missing.
  ['@a = {{$lab.https}}\n@b = {{shop.response.body.$.id}}{{a}}\nGET {{a}}/{{b}}', '$lab.https dynamicVariable',
    'shop.response.body.$.id responseReference', 'a resolvedVariable', 'GET httpMethod', 'a resolvedVariable', 'b resolvedVariable'],
  ['@a = {{late.response.body.$.id}}\nGET {{a}}', 'late.response.body.$.id responseReference', 'GET httpMethod', 'a resolvedVariable'],
  ['POST http://a.test\n\n{"a": "{{key}}",\n# {{no}}\n"b": 1}', 'POST httpMethod', 'key resolvedVariable'],
  ['POST http://a.test\nContent-Type: text/plain\n\nx\n# {{key}}\ny', 'POST httpMethod', 'Content-Type httpHeader', 'key resolvedVariable'],
  ['GET http://a.test\n\n> {%\n{{key}}\n%}', 'GET httpMethod'],
  ['HTTP/1.1 200 OK\nA: {{key}}'],
  ['@global.a = 1\nGET {{a}}/{{global.a}}', 'GET httpMethod', 'a resolvedVariable', 'global.a resolvedVariable'],
  // Escaped braces are no name.
  ['@a = \\{\\{b\\}\\}\nGET http://a.test/\\{\\{c\\}\\}\nX: \\{\\{d\\}\\}{{key}}\n\n\\{\\{e\\}\\}', 'GET httpMethod', 'X httpHeader', 'key resolvedVariable'],
  ['###\nwords and words'],
];

describe('semantic tokens', () => {
  it('ends a method of a curl command with its line', () => {
    assert.deepEqual(tokens("curl -X 'PO\nST' https://a.test\n"), ["'PO httpMethod"]);
  });

  for (const [text, ...expected] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(tokens(text), expected));
  }

  it('are those of the lines asked for', () => {
    const text = 'GET http://a.test\nA: {{key}}\nB: {{key}}\nC: {{key}}';
    assert.deepEqual(
      tokens(text, 1, 2), ['A httpHeader', 'key resolvedVariable', 'B httpHeader', 'key resolvedVariable'],
    );
  });

  it('cost the same wherever the lines are in a large file', () => {
    const text = '###\nGET http://{{a}}.test/x\nAccept: */*\n\n{"a": "{{b}}"}\n\n'.repeat(20_000);
    const file = parse(text);
    const lines = linesOf(text);
    let seen = 0;
    const counting = { lineCount: lines.lineCount, lineAt: (line: number) => { seen++; return lines.lineAt(line); } };
    assert.ok(semanticTokensIn(file, counting, 60_000, 60_059, { outer }).length > 30);
    assert.ok(seen < 2000, `${seen} lines looked at`);
  });
});

describe('value hints', () => {
  it('stand behind names in request lines, headers, bodies and definitions', () => {
    assert.deepEqual(hints(
      '@a = http://b.test\n@c = {{a}}/x\nGET {{c}}\nX: {{key}}\nY: {{gone}}\nZ: {{$guid}}\nL: {{$lab.http}}\n\n{{a}}',
    ), [
      '1:10 http://b.test', '2:9 http://b.test/x', '3:10 secret', '6:16 http://127.0.0.1:1', '8:5 http://b.test',
    ]);
    assert.deepEqual(hints('@a = 1\nPOST http://b.test\n\n{\n  // {{a}}\n  "b": "{{a}}{{gone}}"\n}'), ['5:13 1']);
  });

  it('are not without end', () => {
    assert.equal(hints(`@a = 1\nPOST http://b.test\n\n${'{{a}}\n'.repeat(3000)}`).length, mostHints);
  });

  it('are short and on one line', () => {
    assert.equal(shortened('a\n  b', 10), 'a b');
    assert.equal(shortened('abcdef', 3), 'abc…');
    assert.equal(shortened('😀😀😀😀', 3), '😀😀😀…');
    assert.equal(shortened('x'.repeat(100_000), 3), 'xxx…');
  });
});
