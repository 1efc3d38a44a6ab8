import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { foldsIn } from '../../../src/httpFile/editing/folding.ts';

/** Folds as `first-last kind`, lines counted from 0. */
function check(text: string, ...expected: string[]): void {
  const document = createDocument(text);
  const folds = foldsIn(document.file, document);
  assert.deepEqual(folds.map(({ start, end, kind }) => `${start}-${end}${kind ? ` ${kind}` : ''}`), expected);
}

describe('folding', () => {
  it('blocks up to their last line', () =>
    check('### a\nGET http://x/\n\n\n### b\nGET http://x/\n', '0-1', '4-5'));
  it('a block before the first separator, and one without a request', () =>
    check('@a = 1\n@b = 2\n\n### b\n@c = 3\n\n### c\n', '0-1', '3-4'));
  it('header sections and bodies, with what is in them', () =>
    check('### a\nPOST http://x/\nA: 1\nB: 2\n\n{\n  "a": {\n    "b": 1\n  },\n  "c": 2\n}\n',
      '0-10', '1-3', '5-10', '5-9', '6-7'));
  it('an indented body of text', () => check('POST http://x/\n\na\n  b\n\n  c\nd\n', '0-6', '2-6', '2-5'));
  it('scripts', () => check('### a\n< {%\n  a();\n%}\nGET http://x/\n\n> {%\n  b();\n%}\n', '0-8', '1-3', '1-2', '6-8', '6-7'));
  it('runs of comments, not single ones', () =>
    check('# a\n// b\n# c\n\n# d\n### x\n# @name y\nGET http://x/\n', '0-4', '0-2 comment', '5-7'));
  it('block comments', () => check('/* a\n b */\nGET http://x/\n', '0-2', '0-1 comment'));
  it('an open block comment ends with its block', () => check('/* a\n b\n###\nGET http://x/\n', '0-1', '2-3'));
  it('regions, one in another', () =>
    check('# region A\n@a = 1\n// #region B\n@b = 1\n# endregion\n#endregion\n', '0-5 region', '2-4 region'));
  it('imports', () => check('import a.http\nimport b.http\n\nGET http://x/\n', '0-3', '0-1 imports'));
  it('a pasted response', () => check('GET http://x/\n\nHTTP/1.1 200 OK\nA: 1\n\n{}\n', '0-5', '2-5'));
  it('hashes in a Markdown body are text', () =>
    check('POST http://x/\nContent-Type: text/markdown\n\n#### a\nb\n', '0-4', '0-1', '3-4'));
  it('no comments in a text body', () =>
    check('POST http://x/\nContent-Type: text/plain\n\n# a\n# b\nc\n', '0-5', '0-1', '3-5'));
});
