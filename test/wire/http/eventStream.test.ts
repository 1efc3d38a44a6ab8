import assert from 'node:assert/strict';
import http from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ExchangeUpdate } from '../../../src/wire/client.ts';
import { assertComplete, assertFailure, createBench, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

describe('a stream of events', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  async function serve(
    talk: (response: http.ServerResponse) => void, headers: http.OutgoingHttpHeaders = {},
  ): Promise<string> {
    const port = await bench.serve(http.createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', ...headers });
      talk(response);
    }));
    return `http://127.0.0.1:${port}/`;
  }

  it('tells each event when it has come, before the next one is sent', async () => {
    let next: (() => void) | undefined;
    const url = await serve((response) => {
      let count = 0;
      next = () => {
        count += 1;
        if (count > 3) response.end();
        else response.write(`id: ${count}\ndata: event ${count}\n\n`);
      };
      next();
    });
    const seen: string[] = [];
    const listener = {
      onConnection: () => undefined,
      onExchange: ({ events }: ExchangeUpdate) => {
        for (const event of events) {
          if (event.type !== 'stream-event') continue;
          seen.push(event.event.data);
          // The server goes on only now.
          next!();
        }
      },
    };
    const [exchange] = await bench.client.send(specOf(url), listener);
    assertComplete(exchange!);
    assert.deepEqual(seen, ['event 1', 'event 2', 'event 3']);
    const { events, ended } = exchange!.stream!;
    assert.deepEqual([events.map(({ id }) => id), ended], [['1', '2', '3'], false]);
    const times = [exchange!.startAt, ...events.map(({ at }) => at), exchange!.endAt!];
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
  });

  it('is ended by whoever listens, which is no failure', async () => {
    let closed = false;
    const url = await serve((response) => {
      response.on('close', () => { closed = true; });
      response.write('data: one\n\n');
    });
    const controller = new AbortController();
    const listener = {
      onConnection: () => undefined,
      onExchange: ({ events }: ExchangeUpdate) => {
        if (events.some(({ type }) => type === 'stream-event')) controller.abort();
      },
    };
    const [exchange] = await bench.client.send(specOf(url), listener, controller.signal);
    assert.equal(exchange!.failure, undefined);
    assert.deepEqual(
      [exchange!.stream!.events.length, exchange!.stream!.ended, exchange!.response!.complete], [1, true, false],
    );
    assert.equal((await bench.client.readContent(exchange!.id, 0, 100))!.total, 11);
    while (!closed) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('may be silent for longer than other contents', async () => {
    const url = await serve((response) => {
      response.write('data: a\n\n');
      setTimeout(() => response.end('data: b\n\n'), 600);
    });
    const exchange = await sendOne(bench.client, specOf(url, { options: { timeouts: { idle: 100 } } }));
    assertComplete(exchange);
    assert.equal(exchange.stream!.events.length, 2);
  });

  it('counts what it does not tell', async () => {
    const url = await serve((response) => response.end('data: x\n\n'.repeat(1500)));
    const { stream } = await sendOne(bench.client, specOf(url));
    assert.deepEqual([stream!.events.length, stream!.count, stream!.ended], [1000, 1500, false]);
  });

  it('is read after its content coding', async () => {
    const url = await serve((response) => response.end(gzipSync('data: zipped\n\n')), { 'Content-Encoding': 'gzip' });
    const exchange = await sendOne(bench.client, specOf(url));
    assert.deepEqual(exchange.stream!.events.map(({ data }) => data), ['zipped']);
  });

  it('that breaks off is a failure, with the events that came', async () => {
    const url = await serve((response) =>
      response.write('data: a\n\n', () => setTimeout(() => response.destroy(), 20)));
    const exchange = await sendOne(bench.client, specOf(url));
    assertFailure(exchange, 'receive', 'response-truncated');
    assert.equal(exchange.stream!.events.length, 1);
  });

  it('is none for another type or status', async () => {
    for (const [status, type] of [
      [200, 'text/event-stream-x'], [200, 'text/plain'], [404, 'text/event-stream'],
    ] as const) {
      const port = await bench.serve(
        http.createServer((_, response) => response.writeHead(status, { 'Content-Type': type }).end('data: a\n\n')),
      );
      assert.equal((await sendOne(bench.client, specOf(`http://127.0.0.1:${port}`))).stream, undefined);
    }
  });
});
