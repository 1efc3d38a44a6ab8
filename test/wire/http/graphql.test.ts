import assert from 'node:assert/strict';
import http from 'node:http';
import { assertComplete, createBench, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

describe('errors of a GraphQL response (GraphQL §7.1.2)', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  /** Answers with an error, and data so that the content has this many bytes. */
  async function answering(size: number): Promise<string> {
    const head = '{"errors":[{"message":"No name"}],"data":"';
    const content = `${head}${'x'.repeat(size - head.length - 2)}"}`;
    return `http://127.0.0.1:${await bench.serve(http.createServer((_request, response) => response.end(content)))}/`;
  }

  it('are found up to 1 MiB, and beyond it is said that nobody looked', async () => {
    const limit = 1024 * 1024;
    const found = await sendOne(bench.client, specOf(await answering(limit), { graphql: true }));
    assertComplete(found);
    assert.deepEqual([found.graphql?.errors[0]?.message, found.graphqlUnread], ['No name', undefined]);

    const unread = await sendOne(bench.client, specOf(await answering(limit + 1), { graphql: true }));
    assertComplete(unread);
    assert.deepEqual([unread.graphql, unread.graphqlUnread], [undefined, { size: limit + 1, limit }]);

    const other = await sendOne(bench.client, specOf(await answering(limit + 1)));
    assert.equal(other.graphqlUnread, undefined);
  });
});
