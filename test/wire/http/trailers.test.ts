import assert from 'node:assert/strict';
import http from 'node:http';
import http2 from 'node:http2';
import { explainFailure } from '../../../src/explain/failure.ts';
import { isForbiddenTrailer } from '../../../src/trace/trailers.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { defaultHeadLimits } from '../../../src/trace/request.ts';
import type { FieldLine, RequestSpec } from '../../../src/trace/request.ts';
import { assertComplete, assertFailure, bytes, contentOf, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

describe('trailers', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const trailers: readonly FieldLine[] = [
    ['Digest', 'sha-256=abc'], ['X-Count', '2'], ['x-count', '3'], ['X-Name', '안녕'],
  ];

  const bodies: [what: string, change: Partial<RequestSpec>, content: string][] = [
    ['a body of bytes', { body: [bytes('one '), bytes('two')] }, 'one two'],
    ['a file', { body: [{ kind: 'file', path: import.meta.filename }] }, 'import assert'],
    ['no body', {}, ''],
  ];
  for (const [what, change, content] of bodies) {
    it(`follow ${what} in HTTP/1.1, in chunks and announced (RFC 9112 §7.1.2)`, async () => {
      let raw = '';
      const seen = Promise.withResolvers<{ request: http.IncomingMessage; body: string }>();
      const server = http.createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => { body += chunk; });
        request.on('end', () => { seen.resolve({ request, body }); response.end(); });
      });
      const port = await bench.serve(server);
      server.on('connection', (socket) => socket.on('data', (chunk: Buffer) => { raw += chunk.toString('latin1'); }));
      const spec = specOf(`http://127.0.0.1:${port}/`, { method: 'POST', trailers, ...change });
      const exchange = await sendOne(bench.client, spec);
      assertComplete(exchange);
      const { request, body } = await seen.promise;
      assert(body.startsWith(content));
      const octets = Buffer.from('안녕').toString('latin1');
      assert.deepEqual(
        request.rawTrailers, ['Digest', 'sha-256=abc', 'X-Count', '2', 'x-count', '3', 'X-Name', octets],
      );
      assert.equal(request.headers.trailer, 'Digest, X-Count, x-count, X-Name');
      assert.deepEqual(
        [request.headers.te, request.headers.connection, request.headers['content-length']], ['trailers', 'TE', undefined],
      );
      assert.equal(exchange.request!.client, 'node:http');
      assert.deepEqual(exchange.request!.trailers, trailers);
    });

    it(`follow ${what} in HTTP/2, in a field block of their own (RFC 9113 §8.1)`, async () => {
      const server = http2.createServer();
      const seen = Promise.withResolvers<{
        trailers: http2.IncomingHttpHeaders; headers: http2.IncomingHttpHeaders; body: string;
      }>();
      server.on('stream', (stream, headers) => {
        let body = '';
        let came: http2.IncomingHttpHeaders = {};
        stream.on('trailers', (fields) => { came = fields; });
        stream.on('data', (chunk) => { body += chunk; });
        stream.on('end', () => { seen.resolve({ trailers: came, headers, body }); stream.respond({ ':status': 204 }, { endStream: true }); });
      });
      const port = await bench.serve(server);
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, {
        method: 'POST', httpVersion: '2-prior-knowledge', trailers, ...change,
      }));
      assertComplete(exchange, 204);
      const got = await seen.promise;
      assert(got.body.startsWith(content));
      assert.deepEqual(Object.fromEntries(Object.entries(got.trailers)), {
        digest: 'sha-256=abc', 'x-count': '2, 3', 'x-name': Buffer.from('안녕').toString('latin1'),
      });
      assert.deepEqual(
        [got.headers.te, got.headers.trailer, got.headers['transfer-encoding']], ['trailers', 'Digest, X-Count, x-count, X-Name', undefined],
      );
      assert.notEqual(exchange.request!.bodySize, undefined);
    });
  }

  it('of one name are sent as often as they are typed, over HTTP/2 too', async () => {
    const server = http2.createServer();
    const raw = Promise.withResolvers<string[]>();
    server.on('stream', (stream) => {
      stream.on('trailers', (_fields, _flags, lines) => raw.resolve(lines as unknown as string[]));
      stream.on('end', () => { stream.respond({ ':status': 204 }, { endStream: true }); }).resume();
    });
    const url = `http://127.0.0.1:${await bench.serve(server)}/`;
    assertComplete(await sendOne(bench.client, specOf(url, {
      method: 'POST', httpVersion: '2-prior-knowledge', trailers: [['ETag', '"a"'], ['etag', '"b"']],
    })), 204);
    assert.deepEqual(await raw.promise, ['etag', '"a"', 'etag', '"b"']);
  });

  it('leave typed fields as they are', async () => {
    const heads: string[] = [];
    const port = await bench.raw((socket) =>
      onHead(socket, (head) => { heads.push(head); socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'); }));
    await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, {
      method: 'PUT',
      headers: [['trailer', 'Digest'], ['TE', 'trailers;q=0.5'], ['transfer-encoding', 'chunked'], ['Content-Length', '3']],
      trailers: [['Digest', 'x']], body: [bytes('abc')],
    }));
    assert.match(heads[0]!, /trailer: Digest\r\nTE: trailers;q=0\.5\r\ntransfer-encoding: chunked\r\n/);
    assert.doesNotMatch(heads[0]!, /content-length|connection: te/i);
  });

  // RFC 9110 §6.5.1.
  const forbidden: [group: string, names: string[]][] = [
    ['framing', ['Transfer-Encoding', 'Content-Length', 'Trailer', 'TE', 'Connection', 'Upgrade', 'HTTP2-Settings']], ['routing', ['Host', 'Max-Forwards']],
    ['modifiers of the request', ['Cache-Control', 'Expect', 'Range', 'If-Match', 'If-Range', 'If-None-Match']],
    ['authentication', ['Authorization', 'WWW-Authenticate', 'Cookie', 'Set-Cookie', 'Proxy-Authorization']],
    ['control of the response', ['Age', 'Date', 'Expires', 'Location', 'Retry-After', 'Vary']],
    ['the content\'s format', ['Content-Encoding', 'Content-Type', 'Content-Range']],
  ];
  for (const [group, names] of forbidden) {
    it(`of ${group} are not sent (RFC 9110 §6.5.1)`, async () => {
      for (const name of names) {
        assert(isForbiddenTrailer(name) && isForbiddenTrailer(name.toLowerCase()), name);
        const failure = assertFailure(
          await sendOne(
            bench.client, specOf('http://127.0.0.1:9/', { trailers: [[name, 'x']] }),
          ), 'blocked', 'invalid-request',
        );
        assert.deepEqual([failure.detail!['part'], failure.detail!['name']], ['trailer', name]);
      }
    });
  }

  it('that are no fields, and those of HTTP/1.0, are not sent', async () => {
    for (const [change, name] of [
      [{ trailers: [['a b', 'x']] }, 'a b'], [{ trailers: [['A', 'x\r\nB: y']] }, 'A'], [{ trailers: [['A', 'x']], httpVersion: '1.0' }, undefined],
    ] as const) {
      const failure = assertFailure(
        await sendOne(bench.client, specOf('http://127.0.0.1:9/', change)), 'blocked', 'invalid-request',
      );
      assert.equal(failure.detail!['name'], name);
    }
    for (const name of ['Digest', 'ETag', 'Server-Timing', 'grpc-status', 'X-Anything']) assert.equal(
      isForbiddenTrailer(name), false,
    );
  });

  for (const [client, headers] of [['undici', []], ['node:http', [['Connection', 'keep-alive']]]] as const) {
    it(`of a response may be four times as long as a head, through ${client}`, async () => {
      const { size } = defaultHeadLimits;
      for (const [limit, headLimits] of [[4 * size, { size: 1024 }], [4 * size, {}], [8 * size, { size: 2 * size }]] as const) {
        const send = async (length: number): Promise<Exchange> => {
          const port = await bench.raw((socket) => onHead(socket, () => socket.write(
            `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: ${'x'.repeat(length)}\r\n\r\n`)));
          return sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, { headers, options: { headLimits } }));
        };
        assertComplete(await send(limit - 2_000));
        const exchange = await send(limit + 2_000);
        const failure = assertFailure(exchange, 'receive', 'trailers-too-large');
        assert.deepEqual(failure.detail, { limit });
        assert.equal(await contentOf(bench.client, exchange), 'ok');
        assert.match(explainFailure(failure, exchange, 'en').text, /behind the content went over the limit of \d/);
      }
    });
  }

  it('of a response over HTTP/2 that are too long are told', async () => {
    const server = http2.createServer({ maxSendHeaderBlockLength: 1024 ** 2 });
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers(Object.fromEntries(
        Array.from({ length: 7 }, (_, index) => [`x-${index}`, 'x'.repeat(10_000)]))));
      stream.end('ok');
    });
    const url = `http://127.0.0.1:${await bench.serve(server)}/`;
    const exchange = await sendOne(bench.client, specOf(url, { httpVersion: '2-prior-knowledge' }));
    const failure = assertFailure(exchange, 'receive', 'trailers-too-large');
    assert.equal(failure.detail?.['limit'], defaultHeadLimits.size);
  });

  it('of a response are told, those of HTTP/1.1 and of HTTP/2', async () => {
    const one = await bench.serve(http.createServer((_, response) => {
      response.writeHead(200, { Trailer: 'Server-Timing' });
      response.write('x');
      response.addTrailers({ 'Server-Timing': 'db;dur=5', 'Content-Type': 'no/place' });
      response.end();
    }));
    const server = http2.createServer((_, response) => { response.write('x'); response.addTrailers({ 'server-timing': 'db;dur=5' }); response.end(); });
    const two = await bench.serve(server);
    const first = assertComplete(await sendOne(bench.client, specOf(`http://127.0.0.1:${one}/`)));
    const second = assertComplete(
      await sendOne(bench.client, specOf(`http://127.0.0.1:${two}/`, { httpVersion: '2-prior-knowledge' })),
    );
    assert.deepEqual(first.trailers, [['Server-Timing', 'db;dur=5'], ['Content-Type', 'no/place']]);
    assert.deepEqual(second.trailers, [['server-timing', 'db;dur=5']]);
  });
});
