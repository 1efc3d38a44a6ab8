import assert from 'node:assert/strict';
import { jsonPatch, mergePatch, readDocument } from '../../src/lab/collection/documents.ts';
import { createCollection, maxBooks, storedIn } from '../../src/lab/collection/store.ts';
import type { Collection } from '../../src/lab/collection/store.ts';
import { parseHttpDate } from '../../src/lab/http/httpDate.ts';
import { multipartRanges, readRanges } from '../../src/lab/http/ranges.ts';
import { call, fieldOf } from './calling.ts';
import type { Called } from './calling.ts';
import { curl, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

const novel = { title: 'Emma', author: 'Jane Austen', year: 1815, language: 'en', tags: ['novel'] };

describe('books over REST', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());
  beforeEach(() => ask('POST', '/books/reset'));

  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Called> =>
    call(running, method, path, { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  const detail = ({ content }: Called) => (JSON.parse(content) as { detail: string }).detail;
  const title = ({ content }: Called) => (JSON.parse(content) as { title: string }).title;

  it('gives lists by page, with links to the others that lead through all of them', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/books?size=5&sort=title';
    let pages = 0;
    while (path !== undefined && pages < 10) {
      const page: Called = await ask('GET', path);
      assert.equal(page.statusCode, 200);
      assert.equal(fieldOf(page, 'x-total-count'), '12');
      seen.push(...(JSON.parse(page.content) as { title: string }[]).map((book) => book.title));
      path = /<([^>]+)>; rel="next"/.exec(fieldOf(page, 'link'))?.[1];
      pages += 1;
    }
    assert.equal(pages, 3);
    assert.equal(seen.length, 12);
    assert.deepEqual(seen, seen.toSorted());
    const last = await ask('GET', '/books?size=5&page=3');
    assert.match(fieldOf(last, 'link'), /page=1>; rel="first", <[^>]*page=2>; rel="prev", <[^>]*page=3>; rel="last"$/);
  });

  it('filters and sorts', async () => {
    const ids = async (query: string) =>
      (JSON.parse((await ask('GET', `/books?${query}`)).content) as { id: string }[]).map(({ id }) => id).join(' ');
    assert.equal(await ids('tag=travel&sort=-year'), '7 3 10 4');
    assert.equal(await ids('language=ko&tag=novel&sort=year'), '2 6 8');
    assert.equal(await ids('q=austen'), '5');
    assert.equal(await ids('q=%EB%8C%80%EB%8F%99'), '10');
    assert.equal(await ids('year=1800'), '');
    for (const query of ['colour=red', 'sort=id', 'page=0', 'size=101', 'size=x']) {
      assert.equal((await ask('GET', `/books?${query}`)).statusCode, 400, query);
    }
  });

  it('makes, shows, replaces, changes and deletes a book', async () => {
    const made = await ask('POST', '/books', {}, novel);
    assert.deepEqual([made.statusCode, fieldOf(made, 'location')], [201, '/books/13']);
    const got = await ask('GET', '/books/13');
    assert.deepEqual(JSON.parse(got.content), { id: '13', ...novel });
    assert.equal(fieldOf(got, 'etag'), fieldOf(made, 'etag'));
    assert.equal(fieldOf(got, 'x-stored-in'), storedIn);
    const head = await ask('HEAD', '/books/13');
    assert.deepEqual([head.content, fieldOf(head, 'content-length')], ['', String(Buffer.byteLength(got.content))]);
    assert.equal((await ask('PUT', '/books/13', {}, { ...novel, year: 1816 })).statusCode, 200);
    const merged = await ask('PATCH', '/books/13', { 'Content-Type': 'application/merge-patch+json' },
      { title: 'Emma, again', note: 'lent', tags: null });
    assert.deepEqual(JSON.parse(merged.content),
      { id: '13', ...novel, year: 1816, title: 'Emma, again', tags: [], note: 'lent' });
    const patched = await ask('PATCH', '/books/13', { 'Content-Type': 'application/json-patch+json' },
      [{ op: 'test', path: '/year', value: 1816 }, { op: 'add', path: '/tags/-', value: 'x' }, { op: 'remove', path: '/note' }]);
    assert.deepEqual(JSON.parse(patched.content), { id: '13', ...novel, year: 1816, title: 'Emma, again', tags: ['x'] });
    assert.equal((await ask('DELETE', '/books/13')).statusCode, 204);
    assert.equal((await ask('GET', '/books/13')).statusCode, 404);
    assert.equal((await ask('DELETE', '/books/13')).statusCode, 404);
    const put = await ask('PUT', '/books/emma', {}, novel);
    assert.deepEqual([put.statusCode, fieldOf(put, 'location')], [201, '/books/emma']);
  });

  it('answers once to an Idempotency-Key, however often it is asked', async () => {
    const first = await ask('POST', '/books', { 'Idempotency-Key': '"k1"' }, novel);
    const second = await ask('POST', '/books', { 'Idempotency-Key': '"k1"' }, novel);
    assert.deepEqual([second.statusCode, second.content], [201, first.content]);
    assert.deepEqual([fieldOf(first, 'idempotency-replayed'), fieldOf(second, 'idempotency-replayed')], ['', 'true']);
    assert.equal((await ask('POST', '/books', { 'Idempotency-Key': '"k1"' }, { ...novel, year: 1 })).statusCode, 422);
    assert.equal(fieldOf(await ask('POST', '/books', {}, novel), 'location'), '/books/14');
    assert.equal((await ask('POST', '/books', { 'Idempotency-Key': 'a"b' }, novel)).statusCode, 400);
  });

  it('goes by conditions in the order of the RFC', async () => {
    const got = await ask('GET', '/books/1');
    const [etag, date] = [fieldOf(got, 'etag'), fieldOf(got, 'last-modified')];
    const longAgo = 'Sun, 06 Nov 1994 08:49:37 GMT';
    const cases: [string, Record<string, string>, number][] = [
      ['GET', { 'If-None-Match': etag }, 304],
      ['HEAD', { 'If-None-Match': `"other", W/${etag}` }, 304],
      ['GET', { 'If-None-Match': '*' }, 304],
      ['GET', { 'If-None-Match': '"other"', 'If-Modified-Since': date }, 200],
      ['GET', { 'If-Modified-Since': date }, 304],
      ['GET', { 'If-Modified-Since': longAgo }, 200],
      ['GET', { 'If-Modified-Since': 'yesterday' }, 200],
      ['GET', { 'If-Match': '"other"' }, 412],
      ['GET', { 'If-Match': `W/${etag}` }, 412],
      ['GET', { 'If-Match': etag, 'If-Unmodified-Since': longAgo }, 200],
      ['GET', { 'If-Unmodified-Since': longAgo }, 412],
      ['PUT', { 'If-Match': '"other"' }, 412],
      ['PUT', { 'If-None-Match': '*' }, 412],
      ['PUT', { 'If-Unmodified-Since': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 412],
      ['PUT', { 'If-Unmodified-Since': 'Sun Nov  6 08:49:37 1994' }, 412],
      ['PUT', { 'If-Match': `"x", ${etag}` }, 200],
    ];
    for (const [method, headers, wanted] of cases) {
      const answer = await ask(method, '/books/1', headers, method === 'PUT' ? novel : undefined);
      assert.equal(answer.statusCode, wanted, `${method} ${JSON.stringify(headers)}`);
      if (wanted === 304) assert.deepEqual([answer.content, fieldOf(answer, 'etag'), fieldOf(answer, 'vary')], ['', etag, 'Accept']);
      if (wanted === 412) assert.equal(title(answer), 'Precondition Failed');
    }
    assert.equal((await ask('PUT', '/books/new', { 'If-Match': '*' }, novel)).statusCode, 412);
    assert.equal((await ask('PUT', '/books/new', { 'If-None-Match': '*' }, novel)).statusCode, 201);
  });

  it('wants a condition for a guarded book', async () => {
    assert.equal((await ask('DELETE', '/books/12')).statusCode, 428);
    const csv = await ask('GET', '/books/12', { Accept: 'text/csv' });
    assert.equal((await ask('DELETE', '/books/12', { 'If-Match': fieldOf(csv, 'etag') })).statusCode, 204);
  });

  it('gives ranges: one, several, from the end, none', async () => {
    const whole = (await ask('GET', '/books/4')).content;
    const bytes = Buffer.from(whole);
    const range = (value: string, more = {}) => ask('GET', '/books/4', { Range: value, ...more });
    const one = await range('bytes=2-9');
    assert.deepEqual([one.statusCode, one.content, fieldOf(one, 'content-range')],
      [206, bytes.subarray(2, 10).toString(), `bytes 2-9/${bytes.length}`]);
    assert.equal((await range('bytes=-3')).content, bytes.subarray(-3).toString());
    assert.equal((await range(`bytes=${bytes.length - 2}-`)).content, bytes.subarray(-2).toString());
    const none = await range('bytes=9999-');
    assert.deepEqual([none.statusCode, fieldOf(none, 'content-range')], [416, `bytes */${bytes.length}`]);
    const parts = await range('bytes=0-1,-2');
    const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(fieldOf(parts, 'content-type'))?.[1] ?? '';
    assert.equal(parts.content, `--${boundary}\r\nContent-Type: application/json\r\nContent-Range: bytes 0-1/${bytes.length}`
      + `\r\n\r\n{\n\r\n--${boundary}\r\nContent-Type: application/json\r\n`
      + `Content-Range: bytes ${bytes.length - 2}-${bytes.length - 1}/${bytes.length}\r\n\r\n}\n\r\n--${boundary}--\r\n`);
    for (const ignored of ['lines=1-2', 'bytes=5-2', 'bytes=0-5,3-8', 'bytes=x']) {
      assert.deepEqual([(await range(ignored)).statusCode, (await range(ignored)).content], [200, whole], ignored);
    }
    assert.equal((await range('bytes=0-1', { 'If-Range': fieldOf(one, 'etag') })).statusCode, 206);
    assert.equal((await range('bytes=0-1', { 'If-Range': '"old"' })).statusCode, 200);
    assert.equal((await range('bytes=0-1', { 'If-Range': 'Sun, 06 Nov 1994 08:49:37 GMT' })).statusCode, 200);
  });

  it('negotiates the form', async () => {
    const type = async (accept: string) => fieldOf(await ask('GET', '/books/4', { Accept: accept }), 'content-type').split(';')[0];
    assert.equal(await type('*/*'), 'application/json');
    assert.equal(await type('text/*'), 'text/csv');
    assert.equal(await type('application/json;q=0.2, application/xml;q=0.7'), 'application/xml');
    assert.equal(await type('application/json;q=0, */*;q=0.1'), 'text/csv');
    assert.equal(await type('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'), 'text/html');
    const none = await ask('GET', '/books', { Accept: 'image/png' });
    assert.deepEqual([none.statusCode, fieldOf(none, 'content-type')], [406, 'application/problem+json']);
    const hostile = { ...novel, title: '<script>"a", b</script>' };
    assert.equal((await ask('PUT', '/books/x', {}, hostile)).statusCode, 201);
    assert.match((await ask('GET', '/books/x', { Accept: 'text/html' })).content, /<td>&#60;script&#62;&#34;a&#34;, b/);
    assert.match((await ask('GET', '/books/x', { Accept: 'text/csv' })).content, /\r\nx,"<script>""a"", b<\/script>",Jane/);
    assert.match((await ask('GET', '/books/x', { Accept: 'application/xml' })).content, /<title>&#60;script&#62;/);
  });

  it('says what is wrong, and where', async () => {
    const wrong = await ask('POST', '/books', {}, { title: '', year: 1.5, author: 'A\u0000', language: 'en', '__proto__x': 1 });
    assert.equal(wrong.statusCode, 422);
    const { errors, status } = JSON.parse(wrong.content) as { errors: { pointer: string }[]; status: number };
    assert.deepEqual([status, errors.map(({ pointer }) => pointer)], [422, ['/__proto__x', '/title', '/author', '/year']]);
    assert.equal((await ask('POST', '/books', {}, '{')).statusCode, 400);
    assert.equal((await ask('POST', '/books', {}, '['.repeat(30_000))).statusCode, 400);
    assert.equal((await ask('POST', '/books', {}, ' '.repeat(70_000))).statusCode, 413);
    const media = await ask('POST', '/books', { 'Content-Type': 'text/plain' }, novel);
    assert.deepEqual([media.statusCode, fieldOf(media, 'accept-post')], [415, 'application/json']);
    const patch = await ask('PATCH', '/books/1', {}, {});
    assert.deepEqual([patch.statusCode, fieldOf(patch, 'accept-patch')],
      [415, 'application/merge-patch+json, application/json-patch+json']);
    assert.equal((await ask('PUT', '/books/No', {}, novel)).statusCode, 400);
    assert.equal((await ask('PUT', '/books/a', { 'Content-Range': 'bytes 0-1/2' }, novel)).statusCode, 400);
    assert.match(detail(await ask('GET', '/books/77')), /no book 77/);
    const method = await ask('POST', '/books/1', {}, novel);
    assert.deepEqual([method.statusCode, fieldOf(method, 'allow')], [405, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT']);
    const all = await ask('OPTIONS', '/books');
    assert.deepEqual([all.statusCode, fieldOf(all, 'allow')], [204, 'GET, HEAD, OPTIONS, POST']);
  });

  it('takes no writes from other sites', async () => {
    for (const [method, path] of [['POST', '/books'], ['PUT', '/books/1'], ['DELETE', '/books/1'], ['POST', '/books/reset']] as const) {
      assert.equal((await ask(method, path, { Origin: 'http://evil.test' }, novel)).statusCode, 403, method);
    }
    assert.equal((await ask('GET', '/books/1')).statusCode, 200);
  });

  it('does for curl what curl expects', async () => {
    const { origins } = running.lab.addresses;
    for (const origin of [origins.http, origins.https]) {
      const part = await curl(running, '-r', '0-1', '-w', ' %{http_code}', `${origin}/books/4`);
      assert.equal(part.stdout.toString(), '{\n 206');
      const file = `${running.directory}/etag`;
      await curl(running, '-o', '/dev/null', '--etag-save', file, `${origin}/books/4`);
      const again = await curl(running, '--etag-compare', file, '-w', '%{http_code}', `${origin}/books/4`);
      assert.equal(again.stdout.toString(), '304');
      const date = fieldOf(await ask('GET', '/books/4'), 'last-modified');
      const since = await curl(running, '-z', date, '-w', '%{http_code}', `${origin}/books/4`);
      assert.equal(since.stdout.toString(), '304');
    }
  });
});

describe('the shelf', () => {
  const kinds = storedIn === 'memory' ? ['memory' as const] : ['memory', 'node:sqlite'] as const;
  for (const kind of kinds) {
    it(`keeps books in ${kind}, and not too many`, () => {
      let time = 1_000_000;
      const books: Collection = createCollection(kind, () => time);
      assert.deepEqual([books.storedIn, books.all().length, books.modifiedAt], [kind, 12, 1_000_000]);
      time += 5000;
      books.put({ id: '13', ...novel });
      books.put({ id: '2', ...novel, title: "O'Hara; DROP TABLE book" });
      assert.deepEqual(books.get('2'), { book: { id: '2', ...novel, title: "O'Hara; DROP TABLE book" }, modifiedAt: time });
      assert.deepEqual(books.all().slice(0, 3).map(({ book }) => book.id), ['1', '2', '3']);
      assert.equal(books.nextId(), '14');
      for (let number = 0; number < maxBooks; number += 1) books.put({ id: `x-${number}`, ...novel });
      assert.equal(books.all().length, maxBooks);
      assert.equal(books.get('1'), undefined);
      books.reset();
      assert.deepEqual([books.all().length, books.nextId()], [12, '13']);
    });
  }
});

describe('documents', () => {
  it('merge as in appendix A of RFC 7396', () => {
    const cases: [unknown, unknown, unknown][] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }], [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }], [{ a: 'b' }, { a: null }, {}],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }], [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [['a', 'b'], ['c', 'd'], ['c', 'd']], [{ a: 'foo' }, null, null], [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [[1, 2], { a: 'b', c: null }, { a: 'b' }], [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [target, patch, wanted] of cases) assert.deepEqual(mergePatch(target, patch), wanted);
  });

  it('are patched as in appendix A of RFC 6902', () => {
    const value = (target: unknown, ...operations: unknown[]) => {
      const patched = jsonPatch(target, operations);
      return patched.outcome === 'patched' ? patched.value : patched.statusCode;
    };
    assert.deepEqual(value({ foo: ['bar', 'baz'] }, { op: 'add', path: '/foo/1', value: 'q' }), { foo: ['bar', 'q', 'baz'] });
    assert.deepEqual(value({ foo: [1, 2, 3] }, { op: 'remove', path: '/foo/1' }), { foo: [1, 3] });
    assert.deepEqual(value({ a: 1, b: 2 }, { op: 'replace', path: '/a', value: 3 }), { a: 3, b: 2 });
    assert.deepEqual(value({ foo: { bar: 1 }, q: { c: 2 } }, { op: 'move', from: '/foo/bar', path: '/q/t' }), { foo: {}, q: { c: 2, t: 1 } });
    assert.deepEqual(value({ foo: [1, 2, 3] }, { op: 'move', from: '/foo/0', path: '/foo/2' }), { foo: [2, 3, 1] });
    assert.deepEqual(value({ a: [1] }, { op: 'copy', from: '/a', path: '/b' }), { a: [1], b: [1] });
    assert.deepEqual(value({ '/': 9, '~1': 10 }, { op: 'test', path: '/~01', value: 10 }), { '/': 9, '~1': 10 });
    assert.deepEqual(value({ foo: 1 }, { op: 'add', path: '', value: [2] }), [2]);
    assert.equal(value({ baz: 'q' }, { op: 'test', path: '/baz', value: 'bar' }), 409);
    assert.equal(value({ foo: 'bar' }, { op: 'add', path: '/baz/bat', value: 'q' }), 409);
    assert.equal(value({ a: [1] }, { op: 'remove', path: '/a/01' }), 409);
    assert.equal(value({ a: 1 }, { op: 'replace', path: '/b', value: 1 }), 409);
    assert.equal(value({ a: {} }, { op: 'move', from: '/a', path: '/a/b' }), 422);
    assert.equal(value({ a: 1 }, { op: 'add', path: '/b' }), 400);
    assert.equal(value({ a: 'x' }, ...Array.from({ length: 100 }, () => ({ op: 'copy', from: '', path: '/a' }))), 422);
    const polluted = value({}, { op: 'add', path: '/__proto__', value: { isAdmin: true } }) as object;
    assert.deepEqual([Object.keys(polluted), ({} as { isAdmin?: true }).isAdmin], [['__proto__'], undefined]);
    assert.equal(typeof readDocument(Buffer.from([0x22, 0xff, 0x22])), 'string');
  });
});

describe('parts of HTTP', () => {
  it('reads the three forms of dates, and no others', () => {
    const at = Date.UTC(1994, 10, 6, 8, 49, 37);
    for (const date of ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994']) {
      assert.equal(parseHttpDate(date), at, date);
    }
    for (const date of ['1994-11-06', 'Sun, 06 Nov 1994 08:49:37 +0900', '0', '']) assert.equal(parseHttpDate(date), undefined, date);
  });

  it('reads ranges within bounds', () => {
    assert.deepEqual(readRanges('bytes=0-0, 5-', 10), [[0, 0], [5, 9]]);
    assert.deepEqual(readRanges('bytes=-0', 10), []);
    assert.deepEqual(readRanges('bytes=0-', 0), []);
    assert.equal(readRanges(`bytes=${Array.from({ length: 17 }, (_, index) => `${index * 2}-${index * 2}`).join()}`, 99), undefined);
    assert.equal(readRanges('bytes=-', 10), undefined);
    assert.match(multipartRanges(Buffer.from('abc'), 'text/plain', [[0, 0], [2, 2]]).body.toString(), /\r\n\r\na\r\n--/);
  });
});
