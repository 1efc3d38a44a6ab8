import assert from 'node:assert/strict';
import { indexedDefinitions, overridesAbove } from '../../../src/httpFile/names/definitions.ts';
import { createDocument } from '../../../src/httpFile/document.ts';
import { requestCalled, requestNameFor } from '../../../src/httpFile/names/requestNames.ts';
import type { HttpFile } from '../../../src/httpFile/syntax.ts';
import { createRandom } from '../../dialects/random.ts';

const names = ['a', 'b', 'a-b', 'a.b', 'aB', 'a_b', 'c'];

/** All that the indexes say of a file. */
function found(file: HttpFile, lineCount: number): unknown {
  const definitionsOf = indexedDefinitions(file);
  return {
    variables: names.map((name) => definitionsOf(name)?.map(({ value, range }) => `${value} ${range.start.line}`)),
    overrides: Array.from({ length: lineCount }, (_, line) => overridesAbove(file, line)),
    requests: names.map((name) => requestCalled(file, name)?.index),
    imported: names.map((name) => requestNameFor(file, ['c', 'a.b', 'x-y'], name)),
  };
}

describe('indexes of variables and requests', () => {
  const random = createRandom(7);
  const piece = (): string => {
    const name = random.pick(names);
    return random.pick([
      `@${name} = ${random.below(100)}\n`, `### ${name}\nGET http://a.test/\n`,
      `###\n# @name ${name}\nGET http://a.test/\n\n`, '\n', 'text\n',
    ]);
  };

  it('say after each edit what they say of the text read anew', () => {
    for (let text = 0; text < 40; text++) {
      const document = createDocument(Array.from({ length: 30 }, piece).join(''));
      found(document.file, document.lineCount);
      for (let edit = 0; edit < 12; edit++) {
        const line = random.below(document.lineCount);
        const last = Math.min(document.lineCount - 1, line + random.pick([0, 0, 1, 5]));
        const range = { start: { line, character: 0 }, end: { line: last, character: 0 } };
        document.edit([{ range, text: random.pick([piece(), piece() + piece(), '']) }]);
        if (random.below(3) === 0) continue;
        const whole = Array.from({ length: document.lineCount }, (_, at) => document.lineAt(at)).join('\n');
        const { lineCount } = document;
        assert.deepEqual(
          found(document.file, lineCount), found(createDocument(whole).file, lineCount), `text ${text}, edit ${edit}`,
        );
      }
    }
  });

  it('find a request by each form of its name, the exact one first and the last of several', () => {
    const { file } = createDocument(
      '# @name a-b\nGET /1\n###\n# @name aB\nGET /2\n###\n# @name aB\nGET /3\n### title one\nGET /4\n',
    );
    assert.deepEqual(
      ['a-b', 'aB', 'a_b', 'title one', 'titleOne', 'no'].map((name) => requestCalled(file, name)?.url), ['/1', '/3', '/1', '/4', '/4', undefined],
    );
    assert.deepEqual(
      ['aB', 'a_b', 'titleOne', 'xY', 'x-y'].map((name) => requestNameFor(file, ['x-y'], name)), ['aB', 'a-b', undefined, 'x-y', 'x-y'],
    );
  });
});
