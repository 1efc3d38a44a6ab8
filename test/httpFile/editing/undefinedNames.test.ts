import assert from 'node:assert/strict';
import { createDocument } from '../../../src/httpFile/document.ts';
import { createUndefinedSearch, mostUndefined } from '../../../src/httpFile/editing/undefinedNames.ts';
import type { LineSpan, UndefinedSearch } from '../../../src/httpFile/editing/undefinedNames.ts';
import type { HttpDocument } from '../../../src/httpFile/document.ts';

const view = { outer: { after: () => [] } };
const requests = (count: number): string =>
  Array.from({ length: count }, (_, at) => `###\nGET http://a.test/{{nope${at}}}\n\n`).join('');

/** Counts the lines that are read. */
function counted(document: HttpDocument): { lines: HttpDocument; read: Set<number> } {
  const read = new Set<number>();
  const lineAt = (line: number): string => {
    read.add(line);
    return document.lineAt(line);
  };
  return {
    lines: { ...document, file: document.file, lineCount: document.lineCount, edit: () => undefined, lineAt }, read,
  };
}

function all(search: UndefinedSearch, document: HttpDocument, visible: readonly LineSpan[] = []): string[] {
  search.begin(document.file, document, view, visible);
  assert.ok(search.goOn(() => false));
  return search.found().map(({ line, name }) => `${line} ${name}`);
}

describe('undefined names', () => {
  it('are found in the whole file, in its order, also outside of requests', () => {
    const document = createDocument(`@a = {{before}}\n\n${requests(60)}### \nimport ./{{after}}.http\n`);
    const found = all(createUndefinedSearch(), document, [{ first: 90, last: 120 }]);
    assert.equal(found.length, 62);
    assert.deepEqual([found[0], found[1], found[31], found[61]], ['0 before', '3 nope0', '93 nope30', '183 after']);
  });

  it('are found in the messages of a WebSocket, which are sent', () => {
    const document = createDocument(
      'WS wss://a.test\n\n{"a": "{{one}}"}\n=== wait-for-server\n{{two}}\n\n###\nGRPC a.test\n\n{{three}}\n',
    );
    assert.deepEqual(all(createUndefinedSearch(), document), ['2 one', '4 two']);
  });

  it('are looked for on the screen first, and as long as there is time', () => {
    const document = createDocument(requests(1000));
    const search = createUndefinedSearch();
    search.begin(document.file, document, view, [{ first: 1500, last: 1505 }]);
    let asked = 0;
    assert.equal(search.goOn(() => (asked += 1) === 4), false);
    assert.ok(search.found().some(({ line }) => line === 1501));
    assert.ok(search.found().every(({ line }) => line >= 1490 && line <= 1515));
    assert.equal(search.goOn(() => false), true);
    assert.equal(search.found().length, 1000);
  });

  it('stop in the middle of a long body', () => {
    const document = createDocument(`POST http://a.test/\n\n${'{{nope}}\n'.repeat(900)}`);
    const search = createUndefinedSearch();
    search.begin(document.file, document, view, []);
    let slices = 1;
    while (!search.goOn(() => true)) slices++;
    assert.ok(slices > 50, `${slices}`);
    assert.equal(search.found().length, 900);
  });

  it('are looked for again only in what was edited, and follow their lines', () => {
    const document = createDocument(requests(100));
    const search = createUndefinedSearch();
    assert.equal(all(search, document).length, 100);
    document.edit([
      { range: { start: { line: 31, character: 0 }, end: { line: 31, character: 0 } }, text: 'PUT /{{other}}\n' },
    ]);
    const { lines, read } = counted(document);
    search.begin(document.file, lines, view, []);
    assert.ok(search.goOn(() => false));
    const found = search.found().map(({ line, name }) => `${line} ${name}`);
    assert.deepEqual([found.includes('31 other'), found.at(-1)], [true, '299 nope99']);
    assert.ok(read.size < 120 && !read.has(200 + 99), `${read.size}`);
  });

  it('are looked for again everywhere once a name is defined, or said to have changed', () => {
    const document = createDocument(requests(100));
    const search = createUndefinedSearch();
    all(search, document);
    document.edit([
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '@nope99 = 1\n' },
    ]);
    assert.equal(all(search, document).at(-1), '296 nope98');
    const known = {
      ...view, outer: {
        after: (name: string) => [{ name, value: '1', secret: false, origin: { kind: 'process' } as const }],
      },
    };
    search.forget();
    search.begin(document.file, document, known, []);
    assert.ok(search.goOn(() => false));
    assert.deepEqual(search.found(), []);
  });

  it('are a thousand at most, those on the screen among them', () => {
    const document = createDocument(requests(3000));
    const found = all(createUndefinedSearch(), document, [{ first: 8000, last: 8010 }]);
    assert.equal(found.length, mostUndefined);
    assert.ok(found.includes('8002 nope2667'), found.at(-1));
  });
});
