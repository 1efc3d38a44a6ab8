import assert from 'node:assert/strict';
import { newTrace, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, kill, workerOf } from './workers.ts';
import type { Called, Wanted } from './workers.ts';

describe('lab cluster: books', () => {
  let running: RunningLab;
  let port = 0;
  before(async () => {
    running = await runLab();
    port = running.lab.addresses.parts.cluster!.port;
  });
  after(() => running.stop());

  const json = (method: string, body: unknown, headers: Record<string, string> = {}): Wanted =>
    ({ method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } });
  const alone = (path: string, wanted?: Wanted): Promise<Called> => call(running.lab.addresses.http.port, path, wanted);
  const book = (title: string) => ({ title, author: 'N. N.', year: 2001, language: 'en', tags: [] });
  const idOf = ({ content }: Called): string => (JSON.parse(content) as { id: string }).id;

  it('are the same, whichever worker is asked, and without a cluster', async () => {
    const created = await call(port, '/books', json('POST', book('Of many')));
    assert.equal(created.statusCode, 201);
    assert.match(String(created.headers['x-stored-in']), /; process=primary$/);
    const path = `/books/${idOf(created)}`;
    const seen = [await call(port, path), await call(port, path), await alone(path)];
    assert.deepEqual(seen.map(({ statusCode }) => statusCode), [200, 200, 200]);
    assert.equal(new Set(seen.map(({ content }) => content)).size, 1);
    assert.equal(new Set(seen.slice(0, 2).map(({ headers }) => headers['lab-worker'])).size, 2);
    const { traceId, field } = newTrace();
    await call(port, path, { headers: { traceparent: field } });
    const said = (await running.account(traceId)).find((event) => event.type === 'dialogue');
    assert.deepEqual([said?.protocol, said?.sent, said?.received], ['IPC', `GET ${path}`, '200'], 'the lane says whom the worker asks');
    assert.equal((await alone(path, { method: 'DELETE' })).statusCode, 204);
    assert.deepEqual([await call(port, path), await call(port, path)].map(({ statusCode }) => statusCode), [404, 404]);
  });

  it('are not changed twice on the same state, by two workers', async () => {
    const path = `/books/${idOf(await call(port, '/books', json('POST', book('Once'))))}`;
    const { headers: { etag } } = await call(port, path);
    const change = (title: string): Promise<Called> => call(port, path, json('PUT', book(title), { 'If-Match': String(etag) }));
    const both = await Promise.all([change('Mine'), change('Yours')]);
    assert.deepEqual(both.map(({ statusCode }) => statusCode).toSorted(), [200, 412]);
  });

  it('are added once for an Idempotency-Key, on whichever worker the second try ends up', async () => {
    const add = (): Promise<Called> => call(port, '/books', json('POST', book('Again'), { 'Idempotency-Key': 'k-1' }));
    const [first, second] = [await add(), await add()];
    assert.notEqual(first.headers['lab-worker'], second.headers['lab-worker']);
    assert.equal(second.headers['idempotency-replayed'], 'true');
    assert.equal(idOf(first), idOf(second));
  });

  it('get ids of their own when all workers add some', async () => {
    const added = await Promise.all(Array.from({ length: 20 }, (_, number) => call(port, '/books', json('POST', book(`No. ${number}`)))));
    assert.equal(new Set(added.map(idOf)).size, 20);
    assert.equal(new Set(added.map(({ headers }) => headers['lab-worker'])).size, 2);
  });

  it('are those of GraphQL, and of GET with a query, a range and a condition', async () => {
    const query = 'mutation { addBook(book: { title: "Asked", author: "N. N.", year: 2002, language: "en" }) { id } }';
    const added = await call(port, '/graphql', json('POST', { query }));
    const { data } = JSON.parse(added.content) as { data: { addBook: { id: string } } };
    const path = `/books/${data.addBook.id}`;
    const found = await call(port, path);
    assert.match(found.content, /Asked/);
    const fresh = await call(port, path, { headers: { 'If-None-Match': String(found.headers.etag) } });
    assert.equal(fresh.statusCode, 304);
    const part = await call(port, path, { headers: { Range: 'bytes=0-3' } });
    assert.deepEqual([part.statusCode, part.content.length], [206, 4]);
    assert.match((await call(port, '/books?q=asked', { headers: { Accept: 'text/csv' } })).content, /Asked/);
  });

  it('outlive the workers', async () => {
    const path = `/books/${idOf(await call(port, '/books', json('POST', book('Lasting'))))}`;
    await Promise.all([await workerOf(port), await workerOf(port)].map(({ pid }) => kill(pid)));
    assert.deepEqual([await call(port, path), await call(port, path)].map(({ statusCode }) => statusCode), [200, 200]);
  });
});
