import assert from 'node:assert/strict';
import http2 from 'node:http2';
import { explainFailure } from '../../../src/explain/failure.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { assertComplete, assertFailure, bytes, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

// `# @raw-headers`: what is typed goes out, true or not (RFC 9110 §8.6 has it true).

describe('a Content-Length that is not that of the body', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const wrong = (length: string, body: string): Partial<RequestSpec> => ({
    method: 'POST', headers: [['content-LENGTH', length]], body: [bytes(body)], wrongLength: true,
  });

  it('is sent where there is more than it says, and the connection is not used again', async () => {
    const seen: string[] = [];
    const port = await bench.raw((socket) => {
      let come = '';
      socket.on('data', (chunk) => {
        come += chunk.toString('latin1');
        if (!/\r\n\r\n(?:abcdef)?$/.test(come) || (come.startsWith('POST') && !come.endsWith('abcdef'))) return;
        seen.push(come);
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    const url = `http://127.0.0.1:${port}/`;
    const exchange = await sendOne(bench.client, specOf(url, wrong('3', 'abcdef')));
    assertComplete(exchange);
    assert.match(seen[0]!, /^POST \/ HTTP\/1\.1\r\n[^]*content-LENGTH: 3\r\n[^]*\r\n\r\nabcdef$/);
    assert.deepEqual(exchange.request!.headers.find(([name]) => /content-length/i.test(name)), ['content-LENGTH', '3']);
    assert.equal((await sendOne(bench.client, specOf(url))).reused, false);
  });

  it('is sent where there is less, and what becomes of that says so', async () => {
    const heads: string[] = [];
    const port = await bench.raw((socket) => onHead(socket, (head) => heads.push(head)));
    const options = { timeouts: { head: 100 } };
    const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, { ...wrong('9', 'abc'), options }));
    const failure = assertFailure(exchange, 'wait', 'head-timeout');
    assert.match(heads[0]!, /\r\ncontent-LENGTH: 9\r\n/);
    assert.match(explainFailure(failure, exchange, 'en').text, /a `Content-Length` that is not that of its body/);
  });

  it('is sent over HTTP/2, where a server resets the stream (RFC 9113 §8.1.1)', async () => {
    const server = http2.createServer();
    server.on('stream', (stream) => { stream.on('error', () => {}); stream.resume(); });
    const port = await bench.serve(server);
    const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, {
      ...wrong('9', 'abc'), httpVersion: '2-prior-knowledge', options: { timeouts: { head: 2000 } },
    }));
    assert.equal(exchange.failure?.code, 'stream-reset');
    assert.equal(exchange.failure.detail?.['code'], 'PROTOCOL_ERROR');
  });
});
