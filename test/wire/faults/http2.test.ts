import assert from 'node:assert/strict';
import net from 'node:net';
import type { Failure } from '../../../src/trace/failure.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { errorCodes, greetings, http2Faults, http2Oddities, resets, talkHttp2 } from '../../support/http2Faults.ts';
import { assertOutcome, cancelledAfter, wardForEach } from '../../support/suffering.ts';
import { assertComplete, assertFailure, bytes, contentOf, sendOne } from '../http/support.ts';

describe('faults of HTTP/2', () => {
  const ward = wardForEach();

  const spec = (port: number, more: Partial<RequestSpec> = {}): RequestSpec =>
    ward.spec(port, { httpVersion: '2-prior-knowledge', ...more });
  const serve = (talk: (socket: net.Socket) => void): Promise<number> => ward.bench.raw(talk);

  const outcomes: readonly (readonly [string, Failure['phase'], Failure['code']])[] = [
    ['silence', 'wait', 'head-timeout'],
    ['a body that stops', 'receive', 'idle-timeout'],
    ['an end before the head', 'wait', 'connection-closed'],
    ['an end within the head', 'wait', 'connection-closed'],
    ['an end within the body', 'receive', 'response-truncated'],
    ['a reset of TCP before the head', 'wait', 'connection-reset'],
    ['a reset of TCP within the body', 'receive', 'connection-reset'],
    ['GOAWAY before the head', 'wait', 'goaway'],
    ['GOAWAY within the body', 'receive', 'goaway'],
    ['a frame larger than allowed', 'receive', 'malformed-response'],
    ['a frame of settings of five octets', 'wait', 'malformed-response'],
    ['settings for push', 'wait', 'malformed-response'],
    ['a window beyond 31 bits in the settings', 'wait', 'malformed-response'],
    ['frames smaller than allowed in the settings', 'wait', 'malformed-response'],
    ['an index that is not in the table', 'wait', 'malformed-response'],
    ['index zero', 'wait', 'malformed-response'],
    ['a block that is cut', 'wait', 'malformed-response'],
    ['a table larger than allowed', 'wait', 'malformed-response'],
    ['a compression bomb', 'wait', 'response-head-too-large'],
    ['too many fields', 'receive', 'response-head-too-large'],
    // Our settings forbid it, but this server has not acknowledged them; the stream it promises is nothing to us.
    ['a push', 'wait', 'head-timeout'],
    ['a flood of PING', 'wait', 'malformed-response'],
    ['a flood of SETTINGS', 'wait', 'malformed-response'],
    ['a flood of CONTINUATION', 'wait', 'malformed-response'],
    ['a flood of empty CONTINUATION', 'wait', 'malformed-response'],
    ['a flood of empty DATA', 'receive', 'malformed-response'],
    ['a flood of interim responses', 'wait', 'malformed-response'],
    ['a flood of RST_STREAM', 'wait', 'malformed-response'],
    ['a flood of unknown frames', 'wait', 'malformed-response'],
    ['DATA before HEADERS', 'wait', 'malformed-response'],
    ['HEADERS on stream 0', 'wait', 'malformed-response'],
    ['HEADERS on a stream of the server', 'wait', 'malformed-response'],
    ['HEADERS on a stream that is idle', 'wait', 'malformed-response'],
    ['DATA on stream 0', 'wait', 'malformed-response'],
    ['another frame within a field block', 'wait', 'malformed-response'],
    ['CONTINUATION without HEADERS', 'wait', 'malformed-response'],
    ['padding longer than its frame', 'receive', 'malformed-response'],
    ['a window update of nothing', 'receive', 'malformed-response'],
    ['a window beyond 31 bits', 'wait', 'malformed-response'],
    ['a length that is longer than the body', 'receive', 'malformed-response'],
    ['a length that is shorter than the body', 'receive', 'malformed-response'],
    ['trailers with a pseudo-header field', 'receive', 'malformed-response'],
    ['a second head without the end', 'receive', 'malformed-response'],
    ['a field in upper case', 'wait', 'malformed-response'],
    ['no status', 'wait', 'malformed-response'],
    ['two statuses', 'wait', 'malformed-response'],
    ['a status behind a field', 'wait', 'malformed-response'],
    ['a status of two digits', 'wait', 'malformed-response'],
    ['a status of letters', 'wait', 'malformed-response'],
    ['a pseudo-header field of requests', 'wait', 'malformed-response'],
    ['a field of the connection', 'wait', 'malformed-response'],
    ['a transfer coding', 'wait', 'malformed-response'],
  ];

  for (const [name, phase, code] of outcomes) {
    it(`${name}: ${code}`, async () => {
      const port = await serve(talkHttp2(http2Faults[name]!));
      const exchange = await sendOne(ward.bench.client, spec(port));
      assertOutcome(exchange, { phase, code });
      assert.equal(exchange.failure!.port, port);
      await ward.assertUsable();
    });
  }

  for (const name of Object.keys(http2Oddities)) {
    it(`${name}: taken`, async () => {
      const port = await serve(talkHttp2(http2Oddities[name]!));
      const exchange = await sendOne(ward.bench.client, spec(port));
      assertComplete(exchange);
      assert.equal(await contentOf(ward.bench.client, exchange), 'ok');
      await ward.assertUsable();
    });
  }

  for (const fault of ['a line break in a field', 'a field without a name']) {
    it(`${fault}: the field is left out (RFC 9113 §8.2.1)`, async () => {
      const port = await serve(talkHttp2(http2Faults[fault]!));
      const response = assertComplete(await sendOne(ward.bench.client, spec(port)));
      assert.deepEqual(response.headers, []);
    });
  }

  for (const [code, name] of errorCodes.entries()) {
    it(`RST_STREAM(${name}) before the head and within the body`, async () => {
      for (const [withHalf, phase] of [[false, 'wait'], [true, 'receive']] as const) {
        const port = await serve(talkHttp2(resets(code, withHalf)));
        const exchange = await sendOne(ward.bench.client, spec(port));
        assertOutcome(exchange, { phase, code: 'stream-reset' });
        assert.equal(exchange.failure!.detail!['code'], name);
      }
      await ward.assertUsable();
    });
  }

  const openings: readonly (readonly [keyof typeof greetings, Failure['phase'], Failure['code']])[] = [
    ['none', 'wait', 'malformed-response'],
    ['HTTP/1.1', 'wait', 'malformed-response'],
    ['noise', 'wait', 'malformed-response'],
  ];
  for (const [name, phase, code] of openings) {
    it(`a greeting that is ${name}: ${code}`, async () => {
      const port = await serve(talkHttp2(http2Faults['no SETTINGS first']!, greetings[name]));
      assertOutcome(await sendOne(ward.bench.client, spec(port)), { phase, code });
      await ward.assertUsable();
    });
  }

  it('no window for the body, ever: idle-timeout while sending', async () => {
    const port = await serve(talkHttp2(http2Faults['silence']!, greetings['no window for bodies']));
    const exchange = await sendOne(ward.bench.client, spec(port, { method: 'PUT', body: [bytes(Buffer.alloc(200_000))] }));
    assertOutcome(exchange, { phase: 'send', code: 'idle-timeout' });
    await ward.assertUsable();
  });

  it('an upload that nobody reads: idle-timeout while sending', async () => {
    const port = await serve(talkHttp2((_write, _stream, socket) => void socket.pause(), greetings['a window for everything']));
    const exchange = await sendOne(ward.bench.client, spec(port, { method: 'PUT', body: [bytes(Buffer.alloc(30_000_000))] }));
    assertOutcome(exchange, { phase: 'send', code: 'idle-timeout' });
    await ward.assertUsable();
  });

  it('a connection on which nothing comes any more: the next request has another', async () => {
    let connections = 0;
    const port = await serve((socket) => {
      connections += 1;
      talkHttp2((connections === 1 ? http2Faults['silence'] : http2Oddities['trailers'])!)(socket);
    });
    assertOutcome(await sendOne(ward.bench.client, spec(port)), { phase: 'wait', code: 'head-timeout' });
    const next = await sendOne(ward.bench.client, spec(port));
    assertComplete(next);
    assert.equal(next.reused, false);
  });

  it('no streams allowed, ever: head-timeout, on a connection each', async () => {
    const port = await serve(talkHttp2(http2Faults['silence']!, greetings['no streams']));
    const exchanges = [await sendOne(ward.bench.client, spec(port)), await sendOne(ward.bench.client, spec(port))];
    for (const exchange of exchanges) assertOutcome(exchange, { phase: 'wait', code: 'head-timeout' });
    assert.deepEqual(exchanges.map(({ reused }) => reused), [false, false]);
    await ward.assertUsable();
  });

  it('other streams going on do not keep a stalled one alive', async () => {
    let first: number | undefined;
    const port = await serve(talkHttp2((write, stream) => {
      first ??= stream;
      if (stream !== first) return http2Oddities['trailers']!(write, stream, undefined as never);
      http2Faults['a body that stops']!(write, stream, undefined as never);
    }));
    const stalled = sendOne(ward.bench.client, spec(port));
    let isOver = false;
    void stalled.then(() => { isOver = true; });
    for (let round = 0; !isOver && round < 2_000; round++) {
      assertComplete(await sendOne(ward.bench.client, spec(port)));
      await new Promise((resolve) => void setTimeout(resolve, 5));
    }
    assertOutcome(await stalled, { phase: 'receive', code: 'idle-timeout' });
  });

  it('other streams going on do not keep a stalled upload alive either', async () => {
    const port = await serve(talkHttp2((write, stream) => {
      if (stream > 1) http2Oddities['trailers']!(write, stream, undefined as never);
    }, greetings['no window for bodies']));
    const put = { method: 'PUT', body: [bytes(Buffer.alloc(200_000))], options: { timeouts: { idle: 400 } } };
    const stalled = sendOne(ward.bench.client, spec(port, put));
    let isOver = false;
    void stalled.then(() => { isOver = true; });
    for (let round = 0; !isOver && round < 2_000; round++) {
      assertComplete(await sendOne(ward.bench.client, spec(port)));
      await new Promise((resolve) => void setTimeout(resolve, 5));
    }
    assertOutcome(await stalled, { phase: 'send', code: 'idle-timeout' });
  });

  it('a fault on one stream leaves the others of its connection alone', async () => {
    const port = await serve(talkHttp2((write, stream) => {
      const fault = stream % 4 === 1 ? resets(2, true) : http2Oddities['trailers']!;
      fault(write, stream, undefined as never);
    }));
    assert((await sendOne(ward.bench.client, spec(port))).failure);
    const exchanges = await Promise.all(Array.from({ length: 8 }, () => sendOne(ward.bench.client, spec(port))));
    assert.equal(exchanges.filter(({ failure }) => failure?.code === 'stream-reset').length, 4);
    assert.equal(new Set(exchanges.map(({ connection }) => connection!.id)).size, 1);
  });

  const stages: readonly (readonly [string, Failure['phase'], string])[] = [
    ['the head is awaited', 'wait', 'silence'], ['the body is awaited', 'receive', 'a body that stops'],
  ];
  for (const [name, phase, fault] of stages) {
    it(`is cancelled at once while ${name}`, async () => {
      const port = await serve(talkHttp2(http2Faults[fault]!));
      const limits = { head: 30_000, idle: 30_000 };
      const seen = phase === 'wait' ? 'request-sent' : 'first-byte';
      assertFailure(await cancelledAfter(ward.bench.client, spec(port, { options: { timeouts: limits } }), seen), phase, 'cancelled');
      await ward.assertUsable();
    });
  }
});
