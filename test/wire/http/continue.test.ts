import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { phasesOf } from '../../../src/trace/phases.ts';
import { assertComplete, assertFailure, assertInOrder, bytes, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

describe('interim responses (RFC 9110 §15.2)', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const expecting = (url: string, change: Partial<RequestSpec> = {}): RequestSpec =>
    specOf(url, { method: 'PUT', headers: [['Expect', '100-continue']], body: [bytes('the body')], ...change });

  /** What a server does when a head has come: says to go on, nothing, or no. */
  type Manner = 'continue' | 'silent' | 'hints-then-continue' | 'refuse' | 'final';

  async function serve1(manner: Manner, bodies: string[]): Promise<string> {
    const server = http.createServer();
    const take = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => { bodies.push(body); response.end('done'); });
    };
    server.on('checkContinue', (request, response) => {
      if (manner === 'refuse') return void response.writeHead(417).end('no');
      if (manner === 'final') return void response.writeHead(401).end('who');
      if (manner === 'hints-then-continue') response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      if (manner !== 'silent') response.writeContinue();
      take(request, response);
    });
    return `http://127.0.0.1:${await bench.serve(server)}/`;
  }

  async function serve2(manner: Manner, bodies: string[]): Promise<string> {
    const server = http2.createServer();
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      if (manner === 'refuse' || manner === 'final') {
        stream.respond({ ':status': manner === 'refuse' ? 417 : 401 });
        return void stream.end('no');
      }
      if (manner === 'hints-then-continue') stream.additionalHeaders({
        ':status': 103, link: '</style.css>; rel=preload',
      });
      if (manner !== 'silent') stream.additionalHeaders({ ':status': 100 });
      let body = '';
      stream.on('data', (chunk) => { body += chunk; });
      stream.on('end', () => { bodies.push(body); stream.respond({ ':status': 200 }); stream.end('done'); });
    });
    // Without this Node answers 100 by itself.
    server.on('checkContinue', () => undefined);
    return `http://127.0.0.1:${await bench.serve(server)}/`;
  }

  const versions = [['HTTP/1.1', serve1, {}], ['HTTP/2', serve2, { httpVersion: '2-prior-knowledge' }]] as const;
  for (const [version, serve, change] of versions) {
    describe(`in ${version}`, () => {
      it('the body follows 100 Continue, and the wait is told', async () => {
        const bodies: string[] = [];
        const exchange = await sendOne(bench.client, expecting(await serve('continue', bodies), change));
        assertComplete(exchange);
        assert.deepEqual(bodies, ['the body']);
        assert.equal(exchange.request!.continueWait!.outcome, 'continued');
        assertInOrder(exchange, 'request-start', 'interim-response', 'continue-awaited', 'request-sent', 'first-byte');
      });

      it('103 Early Hints come before it, with their fields', async () => {
        const bodies: string[] = [];
        const exchange = await sendOne(bench.client, expecting(await serve('hints-then-continue', bodies), change));
        const { interimResponses } = assertComplete(exchange);
        assert.deepEqual(interimResponses.map(({ statusCode }) => statusCode), [103, 100]);
        assert.deepEqual(
          interimResponses[0]!.headers.map(([name, value]) => [name.toLowerCase(), value]),
          [['link', '</style.css>; rel=preload']],
        );
        assert.deepEqual(bodies, ['the body']);
      });

      it('a server that says nothing gets the body after a while (§10.1.1)', async () => {
        const bodies: string[] = [];
        const exchange = await sendOne(
          bench.client, expecting(await serve('silent', bodies), { ...change, options: { continueTimeout: 120 } }),
        );
        assertComplete(exchange);
        assert.deepEqual(bodies, ['the body']);
        const { outcome, startAt, endAt } = exchange.request!.continueWait!;
        assert.equal(outcome, 'timeout');
        assert(endAt! - startAt >= 119, `${endAt! - startAt}`);
      });

      it('the wait may be longer than the limit for idle, which counts again from its end', async () => {
        const bodies: string[] = [];
        const options = { continueTimeout: 1000, timeouts: { idle: 400 } };
        const spec = expecting(await serve('silent', bodies), { ...change, options });
        assertComplete(await sendOne(bench.client, spec));
        assert.deepEqual(bodies, ['the body']);

        const port = await bench.raw((socket) => void socket.pause());
        const body = [bytes(Buffer.alloc(30_000_000))];
        const stalled = await sendOne(bench.client, expecting(`http://127.0.0.1:${port}/`, { ...change, options, body }));
        assertFailure(stalled, 'send', 'idle-timeout');
        assert.equal(stalled.request!.continueWait!.outcome, 'timeout');
      });

      for (const [manner, status] of [['refuse', 417], ['final', 401]] as const) {
        it(`${status} spares the body`, async () => {
          const bodies: string[] = [];
          const exchange = await sendOne(bench.client, expecting(await serve(manner, bodies), change));
          assertComplete(exchange, status);
          assert.deepEqual(
            [bodies, exchange.request!.continueWait!.outcome, exchange.request!.bodySize], [[], 'answered', undefined],
          );
          const phases = phasesOf(exchange).map(({ name }) => name);
          assert(phases.includes('wait') && phases.includes('receive'), phases.join());
          assert(phasesOf(exchange).every(({ duration }) => duration !== undefined));
          // The connection is closed or good for another one; either way the next request is answered.
          const bodiesNext: string[] = [];
          assertComplete(await sendOne(bench.client, expecting(await serve('continue', bodiesNext), change)));
        });
      }

      it('cancelling ends the wait', async () => {
        const controller = new AbortController();
        const spec = expecting(await serve('silent', []), { ...change, options: { continueTimeout: 60_000 } });
        const [exchange] = await bench.client.send(spec, {
          onConnection: () => undefined,
          onExchange: ({ events }) => { if (events.some(({ type }) => type === 'request-start')) controller.abort(); },
        }, controller.signal);
        assert.equal(exchange!.failure?.code, 'cancelled');
      });
    });
  }

  it('another expectation, an empty body and HTTP/1.0 wait for nothing', async () => {
    for (const change of [
      { headers: [['Expect', 'something']] as const }, { body: [] }, { httpVersion: '1.0' as const },
    ]) {
      const port = await bench.raw((socket) =>
        onHead(socket, () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')));
      const exchange = await sendOne(
        bench.client, expecting(`http://127.0.0.1:${port}/`, { ...change, options: { continueTimeout: 60_000 } }),
      );
      assertComplete(exchange);
      assert.equal(exchange.request!.continueWait, undefined);
    }
  });
});
