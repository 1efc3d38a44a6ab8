import assert from 'node:assert/strict';
import { formatJson } from '../../../src/httpFile/editing/formatJson.ts';

describe('formatJson', () => {
  const table: [string, string, string | undefined][] = [
    ['an object', '{"a":1,"b":[],"c":{}}', '{\n  "a": 1,\n  "b": [],\n  "c": {}\n}'],
    ['nested', '{"a":{"b":[{"c":1}]}}', '{\n  "a": {\n    "b": [\n      {\n        "c": 1\n      }\n    ]\n  }\n}'],
    ['an array of values on one line', '[1,2 , "a",null]', '[1, 2, "a", null]'],
    ['an array of values on several lines', '[1,\n2]', '[\n  1,\n  2\n]'],
    ['an array that is too wide', `[${'"aaaaaaaaaaaaaaaaaaaa",'.repeat(4)}1]`, `[\n${'  "aaaaaaaaaaaaaaaaaaaa",\n'.repeat(4)}  1\n]`],
    ['numbers and escapes as written', '{"a":1.50e+3,"b":"\\u00e9\\"","c":12345678901234567890}', '{\n  "a": 1.50e+3,\n  "b": "\\u00e9\\"",\n  "c": 12345678901234567890\n}'],
    ['names twice', '{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ['variables as values', '{"a":{{x}},"b":[{{y}},-{{ z }}],"c":{{a}}{{b}}}', '{\n  "a": {{x}},\n  "b": [{{y}}, -{{ z }}],\n  "c": {{a}}{{b}}\n}'],
    ['variables in strings, with quotes', '{"a":"{{x}}","b":"{{$datetime "YYYY"}}"}', '{\n  "a": "{{x}}",\n  "b": "{{$datetime "YYYY"}}"\n}'],
    ['variables with brackets', '{"a":{{x.response.body.$[0].a}}}', '{\n  "a": {{x.response.body.$[0].a}}\n}'],
    ['comments on their lines', '{ // a\n# b\n"c":1, // d\n// e\n"f":2 // g\n// h\n}', '{ // a\n  # b\n  "c": 1, // d\n  // e\n  "f": 2 // g\n  // h\n}'],
    ['comments around', '// a\n{"b":1}\n# c', '// a\n{\n  "b": 1\n}\n# c'],
    ['a comment alone', '{\n// a\n}', '{\n  // a\n}'],
    ['blank lines', '{\n\n"a":1\n\n,"b":2}', '{\n  "a": 1,\n  "b": 2\n}'],
    ['a value alone', '1', undefined],
    ['a variable alone', '{{x}}', undefined],
    ['text', 'a', undefined],
    ['two values', '{}{}', undefined],
    ['an open object', '{"a":1', undefined],
    ['a comma too many', '{"a":1,}', undefined],
    ['an array with a comma too many', '[1,]', undefined],
    ['no comma', '[1 2]', undefined],
    ['no name', '{1:2}', undefined],
    ['a variable as a name', '{{{x}}:2}', undefined],
    ['a variable as a member', '{"a":1,{{x}}}', undefined],
    ['single quotes', "{'a':1}", undefined],
    ['a string over two lines', '{"a":"b\nc"}', undefined],
    ['a literal that is none', '{"a":True}', undefined],
    ['a number that is none', '[01]', undefined],
    ['nothing', '', undefined],
    ['only a comment', '// a', undefined],
  ];
  for (const [title, text, expected] of table) {
    it(title, () => {
      assert.equal(formatJson(text, '  '), expected);
      if (expected !== undefined) assert.equal(formatJson(expected, '  '), expected, 'a second time');
    });
  }

  it('gives up on what is nested too deep', () => assert.equal(formatJson('['.repeat(100_000), '  '), undefined));
});
