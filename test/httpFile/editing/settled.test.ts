import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { lineTyped, settledProblems } from '../../../src/httpFile/editing/settled.ts';

describe('problems of a line that is being typed', () => {
  const text = 'GET https://a.test/\nAccept: */*\n\nfine\n###\nGET https://b.test/\nAcc\nAlso\nB: c\n';

  const lines = (typed: number | undefined) => settledProblems(createDocument(text).file.problems, typed)
    .filter(({ code }) => code === 'header-without-colon').map(({ range }) => range.start.line);

  it('wait until it is left, and only those of that line', () => {
    assert.deepEqual(lines(undefined), [6, 7]);
    assert.deepEqual(lines(6), [7]);
    assert.deepEqual(lines(7), [6]);
    assert.deepEqual(lines(8), [6, 7]);
  });

  it('are gone when the line is finished, and stay when it is left as it is', () => {
    const document = createDocument('GET https://a.test/\n\n');
    for (const letter of 'Accept') {
      const character = document.lineAt(1).length;
      const change = { range: { start: { line: 1, character }, end: { line: 1, character } }, text: letter };
      document.edit([change]);
      assert.equal(lineTyped([change]), 1);
      assert.deepEqual(settledProblems(document.file.problems, lineTyped([change])), []);
    }
    assert.deepEqual(settledProblems(document.file.problems, 2).map(({ code }) => code), ['header-without-colon']);
    document.edit([{ range: { start: { line: 1, character: 6 }, end: { line: 1, character: 6 } }, text: ': */*' }]);
    assert.deepEqual(settledProblems(document.file.problems, undefined), []);
  });

  it('wait with a variable until its line is left', () => {
    const { problems } = createDocument('@host\nGET https://a.test/{{ho\n').file;
    const left = (typed: number) => settledProblems(problems, typed).map(({ code }) => code);
    assert.deepEqual([left(0), left(1)], [['variable-unclosed'], ['variable-equals-missing']]);
  });

  it('are told at once of several edits at a time', () => {
    const at = (line: number, text: string) => ({ range: { start: { line } }, text });
    assert.equal(lineTyped([at(3, 'a\nb')]), 4);
    assert.equal(lineTyped([at(3, 'a'), at(5, 'a')]), undefined);
    assert.equal(lineTyped([]), undefined);
  });
});
