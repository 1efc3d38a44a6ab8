import assert from 'node:assert/strict';
import { call, fieldOf } from './calling.ts';
import type { Called } from './calling.ts';
import { curl, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

const own = 'application/graphql-response+json';

interface Answered {
  readonly data?: any;
  readonly errors?: readonly { message: string; locations?: object[]; path?: unknown[]; extensions?: any }[];
}

describe('books over GraphQL', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());
  beforeEach(() => call(running, 'POST', '/books/reset'));

  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Called> =>
    call(running, 'POST', '/graphql', { 'Content-Type': 'application/json', ...headers },
      typeof body === 'string' ? body : JSON.stringify(body));
  const ask = async (query: string, variables?: object, operationName?: string): Promise<Answered> =>
    JSON.parse((await post({ query, variables, operationName })).content) as Answered;
  const data = async (query: string, variables?: object, operationName?: string) => {
    const answered = await ask(query, variables, operationName);
    assert.equal(answered.errors, undefined, JSON.stringify(answered.errors));
    return answered.data as unknown;
  };
  const message = async (query: string, variables?: object) => (await ask(query, variables)).errors?.[0]?.message ?? '';

  it('gives what was asked for, in that order and under those names', async () => {
    const query = `query Travel($tag: String!, $more: Boolean = false) {
      books(tag: $tag, sort: [YEAR_DOWN], size: 2) { total books { ...Short language @include(if: $more) } }
      first: book(id: 1) { ...Short like { id } __typename }
      none: book(id: "nothing") { id }
    } fragment Short on Book { title, year }`;
    assert.deepEqual(await data(query, { tag: 'travel' }), {
      books: {
        total: 4,
        books: [{ title: 'The Time Machine', year: 1895 }, { title: 'Around the World in Eighty Days', year: 1872 }],
      },
      first: { title: 'Frankenstein', year: 1818, like: [{ id: '2' }, { id: '3' }, { id: '5' }], __typename: 'Book' },
      none: null,
    });
    assert.deepEqual(await data('{ book(id: 4) { author title } book(id: 4) { year } }'),
      { book: { author: '박지원', title: '열하일기', year: 1780 } });
    assert.deepEqual(await data('query A { a: __typename } query B { b: __typename }', {}, 'B'), { b: 'Query' });
    assert.deepEqual(await data('{ books(q: "\\u0041lice") { total } block: books(q: """\n  Time\n  """) { total } }'),
      { books: { total: 1 }, block: { total: 1 } });
  });

  it('changes the books that REST shows', async () => {
    const added = await data('mutation($book: BookInput!) { addBook(book: $book) { id tags } }',
      { book: { title: 'Emma', author: 'Jane Austen', year: 1815, language: 'en' } });
    assert.deepEqual(added, { addBook: { id: '13', tags: [] } });
    await data('mutation { a: changeBook(id: 13, change: { note: "lent" }) { id } b: changeBook(id: 13, change: { year: 1816 }) { id } }');
    const shown = await call(running, 'GET', '/books/13');
    assert.deepEqual(JSON.parse(shown.content),
      { id: '13', title: 'Emma', author: 'Jane Austen', year: 1816, language: 'en', tags: [], note: 'lent' });
    assert.deepEqual(await data('mutation { changeBook(id: 13, change: { note: null }) { note } }'), { changeBook: { note: null } });
    assert.deepEqual(await data('mutation { a: deleteBook(id: 13) b: deleteBook(id: 13) }'), { a: true, b: false });
    await data('mutation { deleteBook(id: 1) }');
    assert.deepEqual(await data('mutation { resetBooks }'), { resetBooks: true });
    assert.equal((await call(running, 'GET', '/books/1')).statusCode, 200);
  });

  it('says where an error is, and keeps the rest', async () => {
    const { data: kept, errors = [] } = await ask('mutation {\n  a: deleteBook(id: 5)\n  b: changeBook(id: 12, change: { year: 1 }) { id }\n}');
    assert.deepEqual(kept, { a: true, b: null });
    assert.deepEqual(errors.map(({ path, locations, extensions }) => ({ path, locations, extensions })),
      [{ path: ['b'], locations: [{ line: 3, column: 3 }], extensions: { code: 'GUARDED' } }]);
    const bubbled = await ask('mutation { a: deleteBook(id: 5) deleteBook(id: 12) }');
    assert.deepEqual([bubbled.data, bubbled.errors?.[0]?.path], [null, ['deleteBook']]);
    const invalid = await ask('mutation { addBook(book: { title: "", author: "A", year: 1, language: "en" }) { id } }');
    assert.equal(invalid.errors?.[0]?.extensions.errors[0].pointer, '/title');
    const syntax = await ask('{\n  books {');
    assert.deepEqual([syntax.data, syntax.errors?.[0]?.locations], [undefined, [{ line: 2, column: 10 }]]);
  });

  it('refuses what is not valid', async () => {
    const cases: [string, RegExp, object?][] = [
      ['{ nope }', /Query has no field nope/], ['{ book { id } }', /needs id: ID!/], ['{ book(id: 1) }', /say which of its fields/],
      ['{ book(id: 1) { id { x } } }', /ID has no fields/], ['{ books(sort: ["YEAR"]) { total } }', /"YEAR" is no Order/],
      ['{ books(page: 3000000000) { total } }', /is no Int/], ['{ books(x: 1) { total } }', /has no "x"/],
      ['query($a: ID) { book(id: $a) { id } }', /\$a is of type ID, and ID! is wanted/],
      ['query($a: ID!) { book(id: $a) { id } }', /\$a needs a value/],
      ['query($a: ID!) { book(id: $a) { id } }', /\$a is no ID/, { a: { b: 1 } }],
      ['query($a: Int) { books { total } }', /not used/], ['{ book(id: $a) { id } }', /no variable \$a/],
      ['{ books { ...F } } fragment F on BookPage { total ...F }', /contains itself/],
      ['{ books { ...F } }', /no fragment F/], ['{ books { total } } fragment F on Book { id }', /not used/],
      ['{ a: book(id: 1) { id } a: book(id: 2) { id } }', /use aliases/], ['{ books @deprecated { total } }', /no directive/],
      ['query A { __typename } query B { __typename }', /operationName/], ['subscription { books { total } }', /no subscriptions/],
      ['{ books(page: 0) { total } }', /1 or more/],
    ];
    for (const [query, wanted, variables] of cases) assert.match(await message(query, variables), wanted, query);
  });

  it('bounds what a query may cost', async () => {
    const like = (levels: number) => `${'{ like '.repeat(levels)}{ id }${' }'.repeat(levels)}`;
    assert.match(await message(`{ book(id: 1) ${like(16)} }`), /16 fields deep/);
    assert.match(await message(`{ book(id: 1) ${like(40)} }`), /levels deep/);
    const doubled = Array.from({ length: 13 }, (_, level) =>
      `fragment F${level} on Book { a: like { ...F${level + 1} } b: like { ...F${level + 1} } }`).join('\n');
    assert.match(await message(`{ book(id: 1) { ...F0 } } ${doubled} fragment F13 on Book { id }`), /selects at most/);
    assert.match(await message(`{ books(size: 100) { books ${like(8)} } }`), /more than 10000 fields/);
    assert.match(await message(`{ ${'a '.repeat(2001)} }`), /2000 tokens/);
    assert.equal((await post({ query: ' '.repeat(16_385) })).statusCode, 413);
    assert.equal((await post('['.repeat(20_000))).statusCode, 400);
  });

  it('tells of its types', async () => {
    const seen = await data(`{ __schema { queryType { name } mutationType { name } subscriptionType { name } types { name kind } }
      __type(name: "Book") { kind fields { name type { kind name ofType { kind name ofType { kind name } } } } }
      input: __type(name: "BookInput") { inputFields { name defaultValue type { kind } } }
      none: __type(name: "Nothing") { name } }`) as any;
    assert.deepEqual([seen.__schema.queryType, seen.__schema.mutationType, seen.__schema.subscriptionType, seen.none],
      [{ name: 'Query' }, { name: 'Mutation' }, null, null]);
    assert.ok(seen.__schema.types.some((type: object) => JSON.stringify(type) === '{"name":"__TypeKind","kind":"ENUM"}'));
    assert.deepEqual(seen.__type.fields.find(({ name }: { name: string }) => name === 'tags').type,
      { kind: 'NON_NULL', name: null, ofType: { kind: 'LIST', name: null, ofType: { kind: 'NON_NULL', name: null } } });
    assert.equal(seen.input.inputFields.find(({ name }: { name: string }) => name === 'tags').defaultValue, '[]');
  });

  it('follows GraphQL over HTTP', async () => {
    const query = '{ books { total } }';
    const answers: [Promise<Called>, number, string][] = [
      [post({ query }), 200, own], [post({ query }, { Accept: 'application/json' }), 200, 'application/json'],
      [post({ query: '{' }), 400, own], [post({ query: '{' }, { Accept: 'application/json' }), 200, 'application/json'],
      [post({ query: '{ nope }' }, { Accept: own }), 400, own],
      [post({ query }, { Accept: 'text/html' }), 406, 'application/problem+json'],
      [post({ query }, { 'Content-Type': 'text/plain' }), 415, 'application/problem+json'],
      [post({}), 400, 'application/problem+json'], [post('{'), 400, 'application/problem+json'],
      [post({ query, variables: [] }), 400, 'application/problem+json'],
      [call(running, 'GET', `/graphql?query=${encodeURIComponent(query)}`), 200, own],
      [call(running, 'GET', `/graphql?query=${encodeURIComponent('mutation { resetBooks }')}`), 405, 'application/problem+json'],
      [post({ query }, { Origin: 'http://evil.test' }), 403, 'application/problem+json'],
      [call(running, 'PUT', '/graphql'), 405, 'application/problem+json'],
    ];
    for (const [index, [answered, statusCode, type]] of answers.entries()) {
      const seen = await answered;
      assert.deepEqual([seen.statusCode, fieldOf(seen, 'content-type').split(';')[0]], [statusCode, type], `case ${index}`);
    }
    const variables = encodeURIComponent('{"id":"4"}');
    const got = await call(running, 'GET',
      `/graphql?query=${encodeURIComponent('query Q($id:ID!){book(id:$id){title}}')}&operationName=Q&variables=${variables}`);
    assert.deepEqual(JSON.parse(got.content), { data: { book: { title: '열하일기' } } });
    const { stdout } = await curl(running, '--json', JSON.stringify({ query }), `${running.lab.addresses.origins.https}/graphql`);
    assert.deepEqual(JSON.parse(stdout.toString()), { data: { books: { total: 12 } } });
  });
});
