import assert from 'node:assert/strict';
import net from 'node:net';
import type { Failure } from '../../../src/trace/failure.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { http1Faults, http1Oddities } from '../../support/http1Faults.ts';
import { assertOutcome, cancelledAfter, wardForEach } from '../../support/suffering.ts';
import { assertComplete, assertFailure, bytes, contentOf, onHead, sendOne } from '../http/support.ts';

type Way = 'undici' | 'node:http';
const ways: readonly Way[] = ['undici', 'node:http'];
/** A typed `Host` goes by node:http. */
const more = (way: Way): Partial<RequestSpec> => way === 'undici' ? {} : { headers: [['Host', 'x.test']] };

describe('faults of HTTP/1.1', () => {
  const ward = wardForEach();

  const serve = (talk: (socket: net.Socket) => void): Promise<number> =>
    ward.bench.raw((socket) => onHead(socket, () => talk(socket)));

  const outcomes: readonly (readonly [keyof typeof http1Faults, Failure['phase'], Failure['code']])[] = [
    ['reset before the head', 'wait', 'connection-reset'],
    ['reset within the head', 'receive', 'connection-reset'],
    ['reset within the body', 'receive', 'connection-reset'],
    ['end before the head', 'wait', 'connection-closed'],
    ['end within the status line', 'receive', 'connection-closed'],
    ['end within the head', 'receive', 'connection-closed'],
    ['end within the body', 'receive', 'response-truncated'],
    ['end within a chunk', 'receive', 'response-truncated'],
    ['no last chunk', 'receive', 'response-truncated'],
    ['end within the trailers', 'receive', 'response-truncated'],
    ['a chunk size that is none', 'receive', 'malformed-response'],
    ['a chunk size beyond 64 bits', 'receive', 'malformed-response'],
    ['a negative chunk size', 'receive', 'malformed-response'],
    ['a chunk longer than it says', 'receive', 'malformed-response'],
    ['a chunk extension without end', 'receive', 'malformed-response'],
    ['trailers without end', 'receive', 'trailers-too-large'],
    ['two lengths', 'receive', 'malformed-response'],
    ['a length and chunks', 'receive', 'malformed-response'],
    ['a length that is none', 'receive', 'malformed-response'],
    ['a negative length', 'receive', 'malformed-response'],
    ['a length beyond 64 bits', 'receive', 'malformed-response'],
    ['a NUL in a field', 'receive', 'malformed-response'],
    ['a carriage return in a field', 'receive', 'malformed-response'],
    ['a field without a name', 'receive', 'malformed-response'],
    ['a space before the colon', 'receive', 'malformed-response'],
    ['a line without a colon', 'receive', 'malformed-response'],
    ['a head without end', 'receive', 'response-head-too-large'],
    ['one field without end', 'receive', 'response-head-too-large'],
    ['a reason phrase without end', 'receive', 'response-head-too-large'],
    ['too many fields', 'receive', 'response-head-too-large'],
    ['a head in drips', 'receive', 'head-timeout'],
    ['nothing at all', 'wait', 'head-timeout'],
    ['a body that stops', 'receive', 'idle-timeout'],
    ['a status line that is none', 'receive', 'malformed-response'],
    ['a status of two digits', 'receive', 'malformed-response'],
    ['a status of four digits', 'receive', 'malformed-response'],
    ['a status below 100', 'receive', 'malformed-response'],
    ['a status of letters', 'receive', 'malformed-response'],
    ['HTTP/0.9', 'receive', 'malformed-response'],
    ['HTTP/3.0 in words', 'receive', 'malformed-response'],
    ['TLS in answer to HTTP', 'receive', 'malformed-response'],
    ['HTTP/2 in answer to HTTP/1.1', 'receive', 'malformed-response'],
    ['mail in answer to HTTP', 'receive', 'malformed-response'],
    ['interim responses without end', 'wait', 'malformed-response'],
    ['an upgrade unasked', 'receive', 'malformed-response'],
    // RFC 9112 §2.2, RFC 9110 §8.6: may be refused.
    ['lines that end in LF only', 'receive', 'malformed-response'],
    ['the same length twice', 'receive', 'malformed-response'],
    ['a fold before the first field', 'receive', 'malformed-response'],
    ['a gzip that is cut', 'receive', 'response-truncated'],
    ['a gzip that is none', 'receive', 'decoding-failed'],
    ['a gzip with more behind it', 'receive', 'decoding-failed'],
    ['a gzip with a wrong sum', 'receive', 'decoding-failed'],
    ['a gzip bomb', 'receive', 'content-too-large'],
    ['six codings', 'receive', 'decoding-failed'],
  ];

  for (const way of ways) {
    describe(`by ${way}`, () => {
      for (const [name, phase, code] of outcomes) {
        it(`${name}: ${code}`, async () => {
          const port = await serve(http1Faults[name]);
          const exchange = await sendOne(ward.bench.client, ward.spec(port, more(way)));
          assertOutcome(exchange, { phase, code });
          assert.equal(exchange.failure!.port, port);
          await ward.assertUsable();
        });
      }

      const texts: Partial<Record<keyof typeof http1Oddities, string>> = { 'a 204 with a body': '', 'a 304 with a length': '' };
      const statuses: Partial<Record<keyof typeof http1Oddities, number>> = { 'a 204 with a body': 204, 'a 304 with a length': 304 };
      for (const name of Object.keys(http1Oddities) as (keyof typeof http1Oddities)[]) {
        it(`${name}: taken`, async () => {
          const port = await serve(http1Oddities[name]);
          const exchange = await sendOne(ward.bench.client, ward.spec(port, more(way)));
          assertComplete(exchange, statuses[name] ?? 200);
          assert.equal(await contentOf(ward.bench.client, exchange), texts[name] ?? 'ok');
          await ward.assertUsable();
        });
      }

    });
  }

  it('a port that nobody listens on: refused', async () => {
    const server = net.createServer();
    const port = await ward.bench.serve(server);
    await new Promise((resolve) => server.close(resolve));
    const exchange = await sendOne(ward.bench.client, ward.spec(port));
    assertOutcome(exchange, { phase: 'tcp', code: 'connection-refused' });
    await ward.assertUsable();
  });

  it('a HEAD with a body: the body belongs to nobody', async () => {
    const port = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    for (let round = 0; round < 2; round++) {
      const exchange = await sendOne(ward.bench.client, ward.spec(port, { method: 'HEAD' }));
      assert.equal(assertComplete(exchange).contentSize, 0);
      assert.equal(exchange.reused, false, 'what came behind it is no answer to another request');
    }
  });

  it('an answer while the request is being sent: taken, though the rest is not', async () => {
    const port = await ward.bench.raw((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno'));
    });
    const exchange = await sendOne(ward.bench.client, ward.spec(port, { method: 'PUT', body: [bytes(Buffer.alloc(20_000_000))] }));
    assertComplete(exchange, 413);
    await ward.assertUsable();
  });

  it('an upload that nobody reads: idle-timeout', async () => {
    const port = await ward.bench.raw((socket) => socket.pause());
    const exchange = await sendOne(ward.bench.client, ward.spec(port, { method: 'PUT', body: [bytes(Buffer.alloc(30_000_000))] }));
    assertOutcome(exchange, { phase: 'send', code: 'idle-timeout' });
    await ward.assertUsable();
  });

  it('an answer to nothing, on an idle connection: never taken for the next answer', async () => {
    const port = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      setImmediate(() => socket.write('HTTP/1.1 500 Poisoned\r\nContent-Length: 3\r\n\r\nbad'));
    });
    for (let round = 0; round < 5; round++) {
      assertComplete(await sendOne(ward.bench.client, ward.spec(port)));
      await new Promise((resolve) => void setTimeout(resolve, 10));
    }
  });

  const unanswered: readonly (readonly [string, string, boolean])[] = [['GET', 'sent again', true], ['POST', 'not sent again', false]];
  for (const [method, what, isSent] of unanswered) {
    it(`a kept connection that ends under a ${method}: ${what}`, async () => {
      let requests = 0;
      const port = await serve((socket) => {
        requests += 1;
        if (requests === 2) socket.end();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
      assertComplete(await sendOne(ward.bench.client, ward.spec(port)));
      const exchange = await sendOne(ward.bench.client, ward.spec(port, { method }));
      if (isSent) assertComplete(exchange);
      else assertOutcome(exchange, { phase: 'wait', code: 'connection-closed' });
      assert.equal(requests, isSent ? 3 : 2);
      await ward.assertUsable();
    });
  }

  it('a hundred faults at once leave nothing', async () => {
    const quick = outcomes.filter(([name]) => !/without end|drips|nothing|stops|bomb/.test(name));
    const servers = await Promise.all(quick.map(async (outcome) => ({ outcome, port: await serve(http1Faults[outcome[0]]) })));
    const ends = await Promise.all([...servers, ...servers, ...servers].map(async ({ outcome, port }) =>
      ({ outcome, exchange: await sendOne(ward.bench.client, ward.spec(port)) })));
    assert(ends.length > 100);
    for (const { outcome, exchange: { failure } } of ends) {
      assert.deepEqual([outcome[0], failure?.phase, failure?.code], outcome);
    }
    await ward.assertUsable();
  });

  const stages: readonly (readonly [string, Failure['phase'], (socket: net.Socket) => void])[] = [
    ['the head is awaited', 'wait', http1Faults['nothing at all']],
    ['the head drips', 'receive', http1Faults['a head in drips']],
    ['the body is awaited', 'receive', http1Faults['a body that stops']],
    ['a chunk extension floods in', 'receive', http1Faults['a chunk extension without end']],
  ];
  for (const [name, phase, talk] of stages) {
    it(`is cancelled at once while ${name}`, async () => {
      const port = await serve(talk);
      const spec = ward.spec(port, { options: { timeouts: { head: 30_000, idle: 30_000 } } });
      const seen = phase === 'wait' ? 'request-sent' : 'first-byte';
      assertFailure(await cancelledAfter(ward.bench.client, spec, seen), phase, 'cancelled');
      await ward.assertUsable();
    });
  }
});
