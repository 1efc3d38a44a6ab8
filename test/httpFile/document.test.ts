import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createDocument } from '../../src/httpFile/document.ts';
import type { HttpDocument } from '../../src/httpFile/document.ts';
import type { TextChange } from '../../src/httpFile/textChange.ts';
import { parse } from '../../src/httpFile/parse.ts';
import type { Position } from '../../src/httpFile/syntax.ts';
import { requestFile } from '../bench/parse.ts';

const dialect = JSON.parse(
  readFileSync(new URL('../cases/dialect.json', import.meta.url), 'utf8'),
) as { cases: { input: string }[] };
const samples = new URL('../../samples/', import.meta.url);
const seeds = [
  ...dialect.cases.map(({ input }) => input),
  ...readdirSync(samples).filter((name) => name.endsWith('.http'))
    .map((name) => readFileSync(new URL(name, samples), 'utf8')),
  requestFile(6),
  '### a\nPOST http://a.test/\nContent-Type: text/markdown\n\n# a\n#### b\n# c\n#### d\nGET http://b.test/\n### e\n# c\n\n### f\n',
  'GET http://a.test/1\n\nGET http://a.test/2\n/* a\nGET http://a.test/3\n*/\n\nGET http://a.test/4\n  ### b\n# c\nGET http://a.test/5\n',
  '@a = {{b}}\n###\n# @name x\nGET {{a}}/1\n###\n# @name x\nGET {{a}}/2\n\n@b = 1\n###\n@b = {{a}}\n# @name y\nGET {{a}}/3\n',
];

const pieces = [
  '\n', '\r\n', '\n\n', ' ', '\t', '###', '#', '\n###\n', '\n### x\n', '\n####\n', '\n  ### x\n', '//', '/*', '*/',
  '@a=', '\n@a = 1\n', '\n@b = {{a}}\n',
  '{{', '}}', '\n{{\n', '\n}}\n', '> {%', '\n> {%\n', '%}', '\n%}\n', '\n< {%\n', '\n< ./a\n', '?', '\n  &a=b\n',
  '\nA: b\n', '\n  fold\n',
  'HTTP/1.1', '\nHTTP/1.1 200 OK\n', 'GET ', '\nGET http://b.test/\n', '\n\nPOST http://c.test/\n\n{}\n',
  '\ncurl http://a.test/\n', '\ud83d\udc4b',
  '\ufeff', '\n# @name x\n', '\n# @name y\n', '\n// c\n', '\nContent-Type: text/markdown\n',
  '\nContent-Type: text/plain\n', '{', '"', '\n>> ./a\n', '\nimport ./a.http\n',
];

/** The text of a document, as what follows a byte order mark: one that is typed is text. */
function textOf(document: HttpDocument): string {
  return `\ufeff${Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line)).join('\n')}`;
}

function assertReadAlike(document: HttpDocument, history: () => string, largest?: number): void {
  const expected = JSON.stringify(parse(textOf(document), { largest }));
  if (JSON.stringify(document.file) === expected) return;
  assert.equal(
    JSON.stringify(document.file, undefined, 1), JSON.stringify(JSON.parse(expected), undefined, 1), history(),
  );
}

/** A small generator with a seed, so that a failure can be repeated. */
function picker(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

function randomChange(document: HttpDocument, pick: (limit: number) => number): TextChange {
  const start = randomPosition(document, pick, 0);
  const far = pick(20) === 0;
  const end = pick(2) === 0
    ? start : randomPosition(document, pick, start.line, far ? document.lineCount : start.line + 3);
  const ordered = end.line > start.line || end.character >= start.character ? end : start;
  return { range: { start, end: ordered }, text: pick(3) === 0 ? '' : pieces[pick(pieces.length)]! };
}

function randomPosition(
  document: HttpDocument, pick: (limit: number) => number, from: number, to = document.lineCount,
): Position {
  const line = from + pick(Math.min(to, document.lineCount) - from);
  return { line, character: pick(document.lineAt(line).length + 1) };
}

const at = (line: number, character: number, text: string, endLine = line, endCharacter = character): TextChange =>
  ({ range: { start: { line, character }, end: { line: endLine, character: endCharacter } }, text });

describe('an open document', () => {
  it('reads after thousands of edits what a parse of its text reads', function () {
    this.timeout(60_000);
    const pick = picker(20261121);
    for (let round = 0; round < 400; round++) {
      const text = Array.from({ length: 1 + pick(6) }, () =>
        seeds[pick(seeds.length)]!).join(pick(2) ? '\n' : '\n###\n');
      const document = createDocument(text);
      const done: TextChange[][] = [];
      for (let edit = 0; edit < 12; edit++) {
        const changes = [randomChange(document, pick)];
        done.push(changes);
        document.edit(changes);
        assertReadAlike(document, () => JSON.stringify({ text, done }));
      }
    }
  });

  it('takes several changes at once, one after another', () => {
    const pick = picker(7);
    for (const count of [2, 5, 40]) {
      const document = createDocument(requestFile(30));
      const other = createDocument(requestFile(30));
      const changes: TextChange[] = [];
      for (let change = 0; change < count; change++) {
        changes.push(randomChange(other, pick));
        other.edit([changes.at(-1)!]);
      }
      document.edit(changes);
      assert.equal(textOf(document), textOf(other));
      assertReadAlike(document, () => JSON.stringify(changes));
    }
  });

  it('shares the nodes of blocks that were not touched, and moves their ranges', () => {
    const document = createDocument(requestFile(100));
    const before = document.file;
    const line = before.requests[50]!.line;
    const lastLine = before.requests[99]!.range.end.line;
    document.edit([at(line - 1, 3, '\n\n')]);
    const { requests } = document.file;
    assert.notEqual(document.file, before);
    assert.equal(requests[49], before.requests[49]);
    assert.equal(requests[48], before.requests[48]);
    assert.notEqual(requests[50], before.requests[50]);
    assert.equal(requests[51], before.requests[51]);
    assert.equal(requests[99], before.requests[99]);
    assert.equal(document.file.variables, before.variables);
    assert.equal(requests[99]!.range.end.line, lastLine + 2);
    assertReadAlike(document, () => 'a line break');
  });

  it('says of names and variables in other blocks what holds after the edit', () => {
    const document = createDocument(
      '@a = 1\n# @name x\nGET http://a.test/\n###\n\n###\n# @name x\nGET http://b.test/\n',
    );
    const codes = () => document.file.problems.map(({ code, range, places }) =>
      `${code} ${range.start.line} ${places.line ?? ''}`.trim());
    assert.deepEqual(codes(), ['name-duplicate 7 3']);
    document.edit([at(0, 0, '\n')]);
    assert.deepEqual(codes(), ['name-duplicate 8 4']);
    document.edit([at(2, 8, 'z', 2, 9)]);
    assert.deepEqual(codes(), []);
    document.edit([at(5, 0, '@a = 2')]);
    assert.deepEqual(codes(), ['variable-redefined 5 2']);
    document.edit([at(1, 0, '\n'), at(6, 0, '@b = {{c}}\n@c = {{b}}\n')]);
    assert.deepEqual(codes(), ['variable-cycle 6', 'variable-redefined 8 3']);
    document.edit([at(7, 5, '0', 7, 10)]);
    assert.deepEqual(codes(), ['variable-redefined 8 3']);
  });

  it('keeps its lines, whatever ends them', () => {
    const document = createDocument('\ufeffa\r\nb\rc\nd');
    const lines = () => Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line));
    assert.deepEqual(lines(), ['a', 'b', 'c', 'd']);
    document.edit([at(1, 0, 'x\r\ny\rz', 2, 1)]);
    assert.deepEqual(lines(), ['a', 'x', 'y', 'z', 'd']);
    document.edit([at(0, 0, '', 99, 0)]);
    assert.deepEqual(lines(), ['']);
    document.edit([at(5, 5, 'GET http://a.test/')]);
    assert.deepEqual(lines(), ['GET http://a.test/']);
    assert.equal(document.file.requests.length, 1);
    assert.equal(document.lineAt(-1), '');
    assert.equal(document.lineAt(1), '');
  });

  it('stops reading when the text grows too large, and starts again when it has shrunk', () => {
    const largest = 3000;
    const pick = picker(5);
    const document = createDocument(requestFile(6), { largest });
    const sizes = new Set<boolean>();
    for (let edit = 0; edit < 300; edit++) {
      const { size, lines } = { size: textOf(document).length, lines: document.lineCount };
      const change = size > largest + 500 && lines > 20 ? at(0, 0, '', 20, 0) : randomChange(document, pick);
      document.edit([
        edit % 3 === 0 ? at(pick(lines), 0, `### é${edit}\nGET http://a.test/${'x'.repeat(pick(90))}\n`) : change,
      ]);
      assertReadAlike(document, () => `${edit}`, largest);
      sizes.add(document.file.requests.length > 0);
    }
    assert.deepEqual([...sizes].sort(), [false, true]);
  });
});
