import assert from 'node:assert/strict';
import { assertComplete, contentOf, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

describe('folded lines of a response (RFC 9112 §5.2)', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const ways = [['undici', []], ['node:http', [['Connection', 'keep-alive']]]] as const;
  for (const [client, headers] of ways) {
    it(`are read as one, again and again, through ${client}`, async () => {
      const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a>,\r\n </b>\r\n\r\n';
      const head = 'HTTP/1.1 200 OK\r\nX: one\r\n two\r\n\tthree\r\nContent-Length: \r\n 9\r\n\r\n';
      const port = await bench.raw((socket) => onHead(socket, () => socket.write(`${interim}${head}folds\r\n x`)));
      const ids = new Set<string>();
      for (let round = 0; round < 3; round += 1) {
        const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, { headers }));
        const response = assertComplete(exchange);
        assert.deepEqual(response.headers, [['X', 'one   two   three'], ['Content-Length', '9']]);
        assert.equal(response.headSize, head.length);
        assert.deepEqual(response.interimResponses[0]!.headers, [['Link', '</a>,   </b>']]);
        assert.equal(await contentOf(bench.client, exchange), 'folds\r\n x');
        assert.equal(exchange.request!.client, client);
        ids.add(exchange.connection!.id);
      }
      assert.equal(ids.size, 1, 'the connection is kept');
    });

    it(`that come in pieces are no different from whole ones, through ${client}`, async () => {
      const bytes = Buffer.from('HTTP/1.1 200 OK\r\nX: one\r\n two\r\nY: \r\n\r\nuntil the end');
      const port = await bench.raw((socket) => onHead(socket, async () => {
        for (const byte of bytes) {
          socket.write(Buffer.from([byte]));
          await new Promise((resolve) => void setTimeout(resolve, 1));
        }
        socket.end();
      }));
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, { headers }));
      assert.deepEqual(assertComplete(exchange).headers, [['X', 'one   two'], ['Y', '']]);
      assert.equal(await contentOf(bench.client, exchange), 'until the end');
    });
  }
});
