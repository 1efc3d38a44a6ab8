import assert from 'node:assert/strict';
import http2 from 'node:http2';
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import net from 'node:net';
import type { Server } from 'node:net';
import { phaseNote } from '../../../src/explain/phases.ts';
import type { ExchangeEvent } from '../../../src/trace/event.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { phasesOf } from '../../../src/trace/phases.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import { createAuthority } from '../../support/certificates.ts';
import type { TestAuthority } from '../../support/certificates.ts';
import { frame, talkHttp2 } from '../../support/http2Faults.ts';
import { assertComplete, assertFailure, bytes, contentOf, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

const { constants } = http2;
const h2c = { httpVersion: '2-prior-knowledge' } as const;

describe('what a server has not processed', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  type Assigned = Extract<ExchangeEvent, { type: 'connection-assigned' }>;
  const assignments = ({ events }: Exchange): Assigned[] => events.filter((event) => event.type === 'connection-assigned');

  const firstNote = (exchange: Exchange): string => phaseNote(phasesOf(exchange)[0]!, exchange, 'en');

  const refusals: Record<string, Buffer> = {
    'REFUSED_STREAM': frame(3, 0, 1, Buffer.from([0, 0, 0, 7])),
    // No stream was processed; NO_ERROR.
    'GOAWAY': frame(7, 0, 0, Buffer.alloc(8)),
  };
  for (const [because, refusal] of Object.entries(refusals)) {
    it(`is sent anew on a new connection after ${because}, whatever its method (RFC 9113 §6.8, §8.7)`, async () => {
      let count = 0;
      const port = await bench.serve(net.createServer(talkHttp2((write) => {
        count += 1;
        write(count === 1 ? refusal : frame(1, 5, 1, Buffer.from([0x88])));
      })));
      const spec = specOf(`http://127.0.0.1:${port}/`, { ...h2c, method: 'POST', body: [bytes('once')] });
      const exchange = await sendOne(bench.client, spec);
      assertComplete(exchange);
      assert.deepEqual(assignments(exchange).map(({ because }) => because), [undefined, because]);
      assert.equal(new Set(assignments(exchange).map(({ connectionId }) => connectionId)).size, 2);
      assert.match(firstNote(exchange), /first try, which the server had not processed/);
    });
  }

  it('is sent anew once', async () => {
    let count = 0;
    const port = await bench.serve(net.createServer(talkHttp2((write) => {
      count += 1;
      write(refusals['REFUSED_STREAM']!);
    })));
    assertFailure(await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, h2c)), 'wait', 'stream-reset');
    assert.equal(count, 2);
  });

  let authority: TestAuthority;
  let options: SendOptions;
  before(async () => {
    authority = await createAuthority();
    options = { trustAnchors: [{ pem: authority.pem, label: 'test' }] };
  });

  /** Requires HTTP/1.1 (RFC 9113 §7) and says how many requests came in HTTP/2. */
  async function requiring(require: (stream: ServerHttp2Stream) => void): Promise<{ url: string; count: () => number }> {
    let count = 0;
    const identity = await authority.issue({ names: ['127.0.0.1'] });
    const server = http2.createSecureServer({ ...identity, allowHTTP1: true }, (request, response) => {
      if (request.httpVersion !== '2.0') return void request.pipe(response);
      count += 1;
      require(request.stream);
    });
    return { url: `https://127.0.0.1:${await bench.serve(server as unknown as Server)}/`, count: () => count };
  }

  const requires: Record<string, (stream: ServerHttp2Stream) => void> = {
    'a stream': (stream) => stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED),
    'a connection': (stream) => (stream.session as ServerHttp2Session).goaway(constants.NGHTTP2_HTTP_1_1_REQUIRED, 1),
  };
  for (const [what, require] of Object.entries(requires)) {
    it(`goes over HTTP/1.1 where the server requires it for ${what}`, async () => {
      const { url, count } = await requiring(require);
      const spec = specOf(url, { options, method: 'POST', body: [bytes('again')] });
      for (const total of [1, 2]) {
        const exchange = await sendOne(bench.client, spec);
        assertComplete(exchange);
        assert.equal(exchange.request!.httpVersion, '1.1');
        assert.equal(await contentOf(bench.client, exchange), 'again');
        assert.deepEqual(assignments(exchange).map(({ because }) => because), [undefined, 'HTTP_1_1_REQUIRED']);
        assert.match(firstNote(exchange), /where the server requires HTTP\/1\.1/);
        assert.deepEqual([count(), exchange.reused], [total, total > 1]);
      }
    });
  }

  it('may be what came to a kept connection; how long that was idle is not said of the new one', async () => {
    let count = 0;
    const port = await bench.raw((socket) => onHead(socket, () => {
      count += 1;
      if (count === 2) socket.destroy();
      else socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    }));
    const url = `http://127.0.0.1:${port}/`;
    assertComplete(await sendOne(bench.client, specOf(url)), 204);
    const exchange = await sendOne(bench.client, specOf(url));
    assertComplete(exchange, 204);
    const [first, second] = assignments(exchange);
    assert.deepEqual([first!.reused, second!.reused, second!.because], [true, false, undefined]);
    assert(first!.idle !== undefined);
    assert.deepEqual([exchange.reused, exchange.idle], [false, undefined]);
    assert.match(firstNote(exchange), /a kept connection, which gave no response/);
  });

  it('is not sent over HTTP/1.1 where HTTP/2 was asked for', async () => {
    const { url, count } = await requiring(requires['a stream']!);
    const exchange = await sendOne(bench.client, specOf(url, { options, httpVersion: '2' }));
    assert.equal(assertFailure(exchange, 'wait', 'stream-reset').detail?.['code'], 'HTTP_1_1_REQUIRED');
    assert.equal(count(), 1);
  });
});
