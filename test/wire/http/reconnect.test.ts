import assert from 'node:assert/strict';
import http from 'node:http';
import type { Exchange } from '../../../src/trace/exchange.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import { createBench, silent, specOf } from './support.ts';
import type { Bench } from './support.ts';

/** What a server does with the n-th request. */
type Turn = (response: http.ServerResponse, request: http.IncomingMessage) => void;

describe('a stream of events that is asked for again', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const events = (text: string, end: 'end' | 'break' = 'end'): Turn => (response) => {
    // On a connection of its own each time: a kept one that proves closed is tried anew within its exchange.
    response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'close' });
    response.write(`retry: 15\n${text}`, () =>
      setTimeout(() => end === 'end' ? response.end() : response.destroy(), 5));
  };

  async function follow(
    turns: readonly Turn[], reconnect: number, asked: (string | undefined)[] = [], options: SendOptions = {},
  ): Promise<readonly Exchange[]> {
    let turn = 0;
    const port = await bench.serve(http.createServer((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      turns[Math.min(turn++, turns.length - 1)]!(response, request);
    }));
    return bench.client.send(specOf(`http://127.0.0.1:${port}/`, { options: { reconnect, ...options } }), silent);
  }

  it('begins with the last id, waits as the server says, and links each try to the one before', async () => {
    const asked: (string | undefined)[] = [];
    const exchanges = await follow(
      [events('id: 7\ndata: a\n\ndata: b\n\n'), events('data: c\n\n', 'break'), events('id\ndata: d\n\n'), events('data: e\n\n')], 3, asked,
    );
    assert.deepEqual(asked, [undefined, '7', '7', undefined]);
    assert.deepEqual(
      exchanges.map(({ stream }) => stream!.events.map(({ data }) => data)), [['a', 'b'], ['c'], ['d'], ['e']],
    );
    assert.deepEqual(exchanges.map(({ reconnect }) => [reconnect?.because, reconnect?.delay, reconnect?.lastEventId]),
      [['ended', 15, '7'], ['failed', 15, '7'], ['ended', 15, undefined], [undefined, undefined, undefined]]);
    for (const [index, exchange] of exchanges.entries()) {
      assert.equal(exchange.resendOf, exchanges[index - 1]?.id);
      if (index === 0) continue;
      assert.equal(exchanges[index - 1]!.reconnect!.exchangeId, exchange.id);
      assert(exchange.startAt - exchanges[index - 1]!.endAt! >= 14, 'before its time');
    }
  });

  const ends: [what: string, turn: Turn][] = [
    ['204', (response) => response.writeHead(204).end()],
    ['another type', (response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end('x')],
    ['an error', (response) => response.writeHead(500).end()],
  ];
  for (const [what, turn] of ends) {
    it(`is over with ${what}`, async () => {
      const exchanges = await follow([events('data: a\n\n'), turn, events('data: never\n\n')], 5);
      assert.deepEqual(exchanges.map(({ stream }) => stream?.events.length), [1, undefined]);
    });
  }

  it('is not when nothing says so, nor beyond the count', async () => {
    assert.equal((await follow([events('data: a\n\n')], 0)).length, 1);
    assert.equal((await follow([events('data: a\n\n')], 2)).length, 3);
  });

  const moved: Turn = (response, request) =>
    response.writeHead(307, { Location: `${request.url}x`, Connection: 'close' }).end();

  it('is not redirected by being asked for again, and each try may be as often as the first', async () => {
    const stream = events('data: a\n\n');
    const turns = [stream, stream, stream, stream, moved, moved, stream, moved, moved, moved];
    const exchanges = await follow(turns, 5, [], { maxRedirects: 2 });
    assert.deepEqual(exchanges.map(({ response, failure }) => failure?.code ?? response!.statusCode),
      [200, 200, 200, 200, 307, 307, 200, 307, 307, 'too-many-redirects']);
  });

  it('is asked for as often as was said, whatever is redirected in between', async () => {
    const asked: (string | undefined)[] = [];
    const stream = events('id: 7\ndata: a\n\n');
    const quiet = events('data: b\n\n');
    await follow([stream, moved, quiet, moved, stream, moved, stream], 3, asked);
    assert.deepEqual(asked, [undefined, '7', '7', '7', '7', '7', '7']);
  });

  it('answers a challenge each time', async () => {
    const challenge = (nonce: string): Turn => (response) => response.writeHead(401, {
      'WWW-Authenticate': `Digest realm="a", nonce="${nonce}", qop="auth", stale=true`, Connection: 'close',
    }).end();
    const authentication = { scheme: 'digest', user: 'me', password: 's3cret' } as const;
    const stream = events('data: a\n\n');
    const exchanges = await follow([challenge('1'), stream, challenge('2'), stream], 1, [], { authentication });
    assert.deepEqual(exchanges.map(({ response }) => response!.statusCode), [401, 200, 401, 200]);
    assert.deepEqual(exchanges.map(({ authorization: made }) => made?.scheme === 'digest' && [made.nonce, made.because]),
      [false, ['1', 'challenge'], ['1', 'known'], ['2', 'stale']]);
  });

  it('is tried again when nobody is there for a moment, but not the first time', async () => {
    const asked: (string | undefined)[] = [];
    const exchanges = await follow(
      [events('id: 3\ndata: a\n\n'), (_, request) => request.socket.destroy(), events('data: b\n\n')], 2, asked,
    );
    assert.deepEqual(exchanges.map(({ failure }) => failure?.code), [undefined, 'connection-closed', undefined]);
    assert.equal(asked.at(-1), '3');
    const [first, ...more] = await follow([(_, request) => request.socket.destroy()], 2);
    assert.deepEqual([first!.failure?.code, more.length], ['connection-closed', 0]);
  });

  it('is given up while it waits, at once', async () => {
    const controller = new AbortController();
    let port = 0;
    port = await bench.serve(http.createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end('retry: 50000\ndata: a\n\n');
    }));
    const exchanges = await bench.client.send(specOf(`http://127.0.0.1:${port}/`, { options: { reconnect: 3 } }), {
      onConnection: () => undefined,
      onExchange: ({ events: told }) => {
        if (told.some(({ type }) => type === 'reconnecting')) setImmediate(() => controller.abort());
      },
    }, controller.signal);
    assert.equal(exchanges.length, 1);
    assert.equal(exchanges[0]!.reconnect!.delay, 50_000);
  });
});
