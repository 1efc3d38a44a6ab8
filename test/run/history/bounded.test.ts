import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHistory } from '../../../src/run/history/history.ts';
import { createClient } from '../../../src/wire/client.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are used, on the heap and of buffers outside of it. */
async function used(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('a long session', () => {
  it('takes the same memory after 4,000 exchanges with contents and events as after 1,000', async function () {
    this.timeout(120_000);
    const content = Buffer.alloc(20_000, 'content ');
    const server = http.createServer((_request, response) => response.end(content));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const client = createClient({ inquire: false });
    const history = createHistory({ limit: 100, onForget: (ids, connections) => void client.forget(ids, connections) });
    const send = async (index: number): Promise<void> => {
      const spec = { id: `send-${index}`, method: 'GET', url, headers: [], options: {} };
      history.begin(spec);
      await client.send(spec, history);
      history.finish(spec.id);
    };
    try {
      for (let index = 0; index < 1000; index += 1) await send(index);
      const before = await used();
      for (let index = 1000; index < 4000; index += 1) await send(index);
      const grown = await used() - before;
      assert.equal(history.sends().length, 100);
      assert(grown < 8 * 1024 * 1024, `${(grown / 1024 ** 2).toFixed(1)} MiB more`);
      const [oldest] = history.sends();
      assert.equal((await client.readContent(oldest!.exchangeIds[0]!, 0, 10))?.total, content.length);
    } finally {
      await client.close();
      server.close();
    }
  });
});
