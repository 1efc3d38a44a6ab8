import assert from 'node:assert/strict';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { assertComplete, assertFailure, contentOf, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

// A head that came before is not parsed again: only what frames the body is. Nothing of that may be seen.

const others = 'Content-Type: text/plain\r\nX-Other: 1\r\nX-other: 2\r\nKeep-Alive: timeout=60\r\n';

interface Case {
  readonly method?: string;
  readonly response: string;
  readonly content: string;
  readonly statusCode?: number;
  /** By default it is. */
  readonly isKept?: boolean;
}

const cases: Readonly<Record<string, Case>> = {
  'a length': { response: `HTTP/1.1 200 OK\r\n${others}Content-Length: 5\r\n\r\nhello`, content: 'hello' },
  'a length, and that the connection stays': {
    response: `HTTP/1.1 200 Fine\r\nConnection: keep-alive\r\n${others}Content-Length: 5\r\n\r\nhello`, content: 'hello',
  },
  'a length twice': {
    response: `HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive, X-Other\r\n${others}\r\nhello`, content: 'hello',
  },
  'chunks': {
    response: `HTTP/1.1 200 OK\r\n${others}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: 1\r\n\r\n`,
    content: 'hello',
  },
  'no content': { response: `HTTP/1.1 204 No Content\r\n${others}\r\n`, content: '', statusCode: 204 },
  'the end of the connection': {
    response: `HTTP/1.1 200 OK\r\n${others}Connection: close\r\nContent-Length: 5\r\n\r\nhello`, content: 'hello', isKept: false,
  },
  'the end of the connection, as old proxies say it': {
    response: `HTTP/1.1 200 OK\r\n${others}Proxy-Connection: close\r\nContent-Length: 5\r\n\r\nhello`, content: 'hello',
    isKept: false,
  },
  'HTTP/1.0': { response: `HTTP/1.0 200 OK\r\n${others}Content-Length: 5\r\n\r\nhello`, content: 'hello', isKept: false },
  'HTTP/1.0 whose connection stays': {
    response: `HTTP/1.0 200 OK\r\n${others}Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello`, content: 'hello',
  },
  'the answer to HEAD': {
    method: 'HEAD', response: `HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n${others}Content-Length: 5\r\n\r\n`, content: '',
  },
  'a long body': {
    response: `HTTP/1.1 200 OK\r\n${others}Content-Length: 20000\r\n\r\n${'x'.repeat(20_000)}`, content: 'x'.repeat(20_000),
  },
};

describe('the same head again', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const serving = async (responseTo: (index: number) => readonly string[]): Promise<string> => {
    let count = 0;
    const port = await bench.raw((socket) => {
      socket.setNoDelay(true);
      onHead(socket, () => {
        const pieces = responseTo(count++);
        for (const [index, piece] of pieces.entries()) setTimeout(() => socket.write(piece), 15 * index);
      });
    });
    return `http://127.0.0.1:${port}/`;
  };
  const answered = ({ response }: Exchange): unknown => ({ ...response, storedIn: undefined });

  for (const [name, { method = 'GET', response, content, statusCode = 200, isKept = true }] of Object.entries(cases)) {
    it(`says the same: ${name}`, async () => {
      const url = await serving(() => [response]);
      const first = await sendOne(bench.client, specOf(url, { method }));
      assertComplete(first, statusCode);
      assert.equal(first.response!.headers.filter(([field]) => /^x-other$/i.test(field)).length, 2);
      for (let again = 0; again < 3; again += 1) {
        const exchange = await sendOne(bench.client, specOf(url, { method }));
        assert.deepEqual(answered(exchange), answered(first));
        assert.equal(exchange.reused, isKept);
        assert.equal(await contentOf(bench.client, exchange), content);
        const { segments } = bench.client.readWire(exchange.connection!.id)!.transport;
        const received = segments.filter(({ direction }) => direction === 'received').map(({ bytes }) => Buffer.from(bytes));
        assert.ok(Buffer.concat(received).toString('latin1').endsWith(response), 'what passed is kept as it passed');
      }
    });
  }

  it('is the same however it is cut', async () => {
    const { response } = cases['chunks']!;
    const cuts = Array.from({ length: response.length - 1 }, (_, index) => index + 1).filter((cut) => cut % 7 === 0);
    const url = await serving((index) => {
      const cut = cuts[index - 1];
      return cut === undefined ? [response] : [response.slice(0, cut), response.slice(cut)];
    });
    const first = await sendOne(bench.client, specOf(url));
    for (const cut of cuts) {
      const exchange = await sendOne(bench.client, specOf(url));
      assert.deepEqual(answered(exchange), answered(first), `cut at ${cut}`);
      assert.equal(exchange.reused, true);
    }
  });

  it('with less behind it is cut off, and with more behind it nothing goes on', async () => {
    const { response } = cases['a length']!;
    const url = await serving((index) => [[response, `${response}more`, response, response.slice(0, -1)][index]!]);
    for (const isReused of [false, true, false]) {
      const exchange = await sendOne(bench.client, specOf(url));
      assertComplete(exchange);
      assert.equal(exchange.reused, isReused);
    }
    const limits = { timeouts: { connect: 5000, tls: 5000, head: 5000, idle: 200, total: Infinity } };
    assertFailure(await sendOne(bench.client, specOf(url, { options: limits })), 'receive', 'idle-timeout');
  });
});
