import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { mapped } from '../../../src/httpFile/editing/mapped.ts';
import { mostSevere } from '../../../src/httpFile/editing/mostSevere.ts';
import { createSymbols } from '../../../src/httpFile/editing/symbols.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import { problem } from '../../../src/httpFile/problem.ts';

describe('the outline', () => {
  it('names variables and requests, and says where they are', () => {
    const symbols = createSymbols()(
      parse('@a = 1\n### T\nGET http://a.test/\n\n###\n# @name n\nPOST http://b.test/\n\n###\nhttp://c.test/\n'),
    );
    assert.deepEqual(symbols.map(({ kind, name, detail, range, selectionRange }) =>
      [kind, name, detail, range.start.line, range.end.line, selectionRange.start.line]), [
      ['variable', 'a', '1', 0, 0, 0],
      ['request', 'T', 'GET http://a.test/', 1, 2, 2],
      ['request', 'n', 'POST http://b.test/', 4, 6, 6],
      ['request', 'GET http://c.test/', '', 8, 9, 9],
    ]);
  });

  it('keeps the entries of what an edit leaves alone, and they move', () => {
    const symbolsOf = createSymbols();
    const document = createDocument(
      'GET http://a.test/\n\n###\nGET http://b.test/\n\n###\nGET http://c.test/\n\n###\nGET http://d.test/\n',
    );
    const before = symbolsOf(document.file);
    const start = { line: 3, character: 4 };
    document.edit([{ range: { start, end: start }, text: '\n' }]);
    const after = symbolsOf(document.file);
    assert.deepEqual(after.map((symbol, index) => symbol === before[index]), [true, false, true, true]);
    assert.equal(after[3]!.range.start.line, 9);
  });
});

describe('values made of nodes', () => {
  it('are made once for a node, wherever others come and go', () => {
    let count = 0;
    const valuesOf = mapped((node: number) => `${node}/${++count}`);
    assert.deepEqual(valuesOf([1, 2, 3]), ['1/1', '2/2', '3/3']);
    assert.deepEqual(valuesOf([1, 4, 3]), ['1/1', '4/4', '3/3']);
    assert.deepEqual(valuesOf([4, 3]), ['4/4', '3/3']);
    assert.deepEqual(valuesOf([4, 3, 3]), ['4/4', '3/3', '3/5']);
    assert.deepEqual(valuesOf([]), []);
    assert.deepEqual(valuesOf([1]), ['1/6']);
  });
});

describe('the most severe problems', () => {
  it('are chosen when there is no room for all, and keep their order', () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const problems = (['url-space', 'loose-request-line', 'url-missing', 'url-space', 'url-missing'] as const)
      .map((code) => problem(code, range));
    const chosen = (limit: number) => mostSevere(problems, limit).map((one) => problems.indexOf(one));
    assert.deepEqual(chosen(5), [0, 1, 2, 3, 4]);
    assert.deepEqual(chosen(4), [0, 1, 2, 4]);
    assert.deepEqual(chosen(2), [2, 4]);
    assert.deepEqual(chosen(1), [2]);
  });
});
