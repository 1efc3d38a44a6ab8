import assert from 'node:assert/strict';
import { parse } from '../../../src/httpFile/parse.ts';
import { createScope } from '../../../src/httpFile/names/scope.ts';
import type { Definition } from '../../../src/httpFile/names/origin.ts';
import { substitute } from '../../../src/httpFile/names/variables.ts';

describe('substitute', () => {
  const values: Record<string, string> = { a: '1', 'b c': '2', e: '', x: '{{a}}' };
  const table: [string, string, string[]][] = [
    ['', '', []], ['no names', 'no names', []], ['{{a}}', '1', []], ['{{ a }}{{e}}{{b c}}', '12', []],
    ['{{{a}}}', '{1}', []], ['{"a":{"b":{{a}}}}', '{"a":{"b":1}}', []], ['{{x}}', '{{a}}', []],
    ['{{no}} {{a}} {{no2}}', '{{no}} 1 {{no2}}', ['no@0+6', 'no2@13+7']],
    ['{{a', '{{a', []], ['}}{{a}}', '}}1', []], ['{{}}{{ }}', '{{}}{{ }}', []], ['{{\na}}', '{{\na}}', []],
    ['{{ {{a}} }}', '{{ 1 }}', []], ['{{{{a}}}}', '{{1}}', []],
  ];
  for (const [text, expected, unresolved] of table) {
    it(JSON.stringify(text), () => {
      const result = substitute(text, (name) => values[name]);
      assert.equal(result.text, expected);
      assert.deepEqual(result.unresolved.map(({ name, offset, length }) => `${name}@${offset}+${length}`), unresolved);
    });
  }
});

describe('a scope', () => {
  /** What a text means at a line of a file (from 0), or the codes of why it means nothing. */
  function check(file: string, line: number, text: string, expected: string): void {
    const other: Definition = { name: '$other', origin: { kind: 'dynamic' }, value: 'other', secret: false };
    const outer = { after: (name: string) => name === '$other' ? [other] : [] };
    const result = createScope(parse(file), line, outer).resolve(text);
    const codes = result.faults.map(({ code, places }) => `${code}(${Object.values(places).join()})`);
    assert.equal(codes.length > 0 ? codes.join(' ') : result.text, expected);
  }

  const table: [string, string, number, string, string][] = [
    ['the nearest definition above', '@v = 1\n###\n@v = 2\n###\n@v = 3', 3, '{{v}}', '2'],
    ['the first below when none is above', '###\n###\n@v = 1\n@v = 2', 0, '{{v}}', '1'],
    ['nested names', '@a = x{{b}}\n@b = y{{c}}\n@c = z', 3, '{{a}}', 'xyz'],
    ['a name of its own', '@v = 1\n@v = {{v}}2\n@v = {{v}}3', 3, '{{v}}', '123'],
    ['escapes', '@v = a\\n\\tb\\\\n\\c', 1, '{{v}}', 'a\n\tb\\n\\c'],
    ['percent-encoding', '@v = a b/가', 1, '{{%v}}', 'a%20b%2F%EA%B0%80'],
    ['names of others', '@v = {{$other}}', 1, '{{v}} {{$other}}', 'other other'],
    ['the file before others', '@$other = mine', 1, '{{$other}}', 'mine'],
    ['nothing for an undefined name', '', 0, '{{v}}', 'variable-undefined(v)'],
    ['nothing for one inside', '@a = {{b}}', 1, '{{a}}', 'variable-undefined-inside(b,a)'],
    ['nothing for a cycle', '@a = {{b}}\n@b = {{a}}', 2, '{{a}}', 'variable-cycle(a → b → a)'],
  ];
  for (const [title, file, line, text, expected] of table) it(`gives ${title}`, () =>
    check(file, line, text, expected));

  it('stops at 32 levels and at 1 MiB, in bounded time', () => {
    const chain = Array.from({ length: 40 }, (_, at) => `@v${at} = {{v${at + 1}}}`);
    check(`${chain.join('\n')}\n@v40 = end`, 41, '{{v10}}', 'end');
    check(`${chain.join('\n')}\n@v40 = end`, 41, '{{v0}}', 'variable-too-deep(v32,32)');
    const laughs = Array.from({ length: 30 }, (_, at) => `@v${at} = ${`{{v${at + 1}}}`.repeat(10)}`);
    check(`${laughs.join('\n')}\n@v30 = lol`, 31, '{{v20}}', 'variable-too-large(v24)');
    check(`@v = ${'x'.repeat(1000)}\n@w = ${'{{v}}'.repeat(1000)}`, 2, '{{w}}'.repeat(20),
      Array(4).fill('variable-too-large(w)').join(' '));
  });
});
