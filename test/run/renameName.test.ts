import assert from 'node:assert/strict';
import { environmentRename } from '../../src/run/environments/renameName.ts';

/** The text after a rename; undefined when there is none. */
function renamed(text: string, name: string, newName: string, member?: string): string | undefined {
  const pieces = environmentRename(text, name, newName, member);
  return pieces && [...pieces].sort((a, b) => b.offset - a.offset).reduce((result, piece) =>
    result.slice(0, piece.offset) + piece.text + result.slice(piece.offset + piece.length), text);
}

describe('renaming in a file of environments', () => {
  const table: [string, string, string, string, string | undefined, string?][] = [
    ['every environment', '{ "$shared": { "a": 1 }, "dev": { "a": 2, "b": 3 } }', 'a', 'c', '{ "$shared": { "c": 1 }, "dev": { "c": 2, "b": 3 } }'],
    ['comments and commas stay', '{\n\t// a\n\t"dev": {"a" : "x", /* a */ },\n}', 'a', 'c', '{\n\t// a\n\t"dev": {"c" : "x", /* a */ },\n}'],
    ['names in values', '{ "dev": { "a": 1, "b": "{{a}}/{{ %a }}/{{ab}}/a", "c": [{ "d": "{{a}}" }] } }', 'a', 'x', '{ "dev": { "x": 1, "b": "{{x}}/{{ %x }}/{{ab}}/a", "c": [{ "d": "{{x}}" }] } }'],
    ['not the environment, nor what is nested', '{ "a": { "b": { "a": 1 } } }', 'a', 'c', '{ "a": { "b": { "a": 1 } } }'],
    ['not what is no environment', '{ "$schema": "a", "$x": { "a": 1 }, "dev": { "a": 1 } }', 'a', 'c', '{ "$schema": "a", "$x": { "a": 1 }, "dev": { "c": 1 } }'],
    ['httpYac’s file', '{ "a": 1, "environments": { "dev": { "a": 2 } } }', 'a', 'c', '{ "a": 1, "environments": { "dev": { "c": 2 } } }', 'environments'],
    ['no name that is taken', '{ "dev": { "a": 1 }, "prod": { "c": 1 } }', 'a', 'c', undefined],
    ['no name of many values', '{ "dev": { "a": 1 }, "prod": { "a": [1] } }', 'a', 'c', undefined],
    ['nothing that is not JSON', '{ "dev": { "a": 1 ', 'a', 'c', undefined],
    ['nothing too deep', '['.repeat(100_000), 'a', 'c', undefined],
    ['quotes', '{ "dev": { "a": "{{a}}" } }', 'a', 'c"d', '{ "dev": { "c\\"d": "{{c\\"d}}" } }'],
  ];
  for (const [title, text, name, newName, expected, member] of table) {
    it(title, () => assert.equal(renamed(text, name, newName, member), expected));
  }
});
