import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldLine, SendOptions } from '../../src/trace/request.ts';
import { nobody } from '../../src/wire/listener.ts';
import type { ExchangeUpdate } from '../../src/wire/listener.ts';
import { watchSockets } from '../support/heldSockets.ts';
import {
  assertComplete, assertFailure, assertInOrder, bytes, contentOf, createBench, onHead, sendOne, silent, specOf,
} from './http/support.ts';
import type { Bench } from './http/support.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('sending over HTTP/1.1', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  /** Heads received by a server that answers each with `answer`. */
  async function recording(
    answer: string | ((head: string, socket: Socket) => void),
  ): Promise<{ url: string; heads: string[] }> {
    const heads: string[] = [];
    const port = await bench.raw((socket) => onHead(socket, (head) => {
      heads.push(head);
      if (typeof answer === 'string') socket.write(answer, 'latin1');
      else answer(head, socket);
    }));
    return { url: `http://127.0.0.1:${port}`, heads };
  }

  /** What `request.headers` says must be what came out at the other end. */
  function linesOfHead(head: string): string[][] {
    return head.split('\r\n\r\n')[0]!.split('\r\n').slice(1).map((line) => /^([^:]*): ?(.*)$/.exec(line)!.slice(1));
  }

  describe('what goes out', () => {
    const cases: [name: string, headers: FieldLine[], client: 'undici' | 'node:http'][] = [
      ['nothing typed', [], 'undici'],
      ['fields in their order and case', [['X-b', '1'], ['x-A', '2'], ['X-B', '3'], ['Accept', 'text/plain']], 'undici'],
      ['user agent and encodings typed', [['User-Agent', 'me'], ['Accept-Encoding', 'identity']], 'undici'],
      ['a typed Host', [['Accept', 'a/b'], ['Host', 'other.test'], ['X-a', '1']], 'node:http'],
      ['Connection tokens', [['Connection', 'X-Hop, keep-alive'], ['X-Hop', '1']], 'node:http'],
      ['Upgrade', [['Upgrade', 'foo/2'], ['Connection', 'upgrade']], 'node:http'],
      ['Keep-Alive', [['Keep-Alive', 'timeout=3']], 'node:http'],
      ['two Hosts', [['Host', 'a.test'], ['Host', 'b.test']], 'node:http'],
      ['UTF-8', [['X-Name', '한글'], ['X-Accent', 'é']], 'undici'],
    ];
    for (const [name, headers, client] of cases) {
      it(`is recorded as it went: ${name}`, async () => {
        const { url, heads } = await recording(ok);
        const exchange = await sendOne(bench.client, specOf(`${url}/p?q=1#f`, { headers }));
        assertComplete(exchange);
        const request = exchange.request!;
        const octets = request.headers.map(([field, value]) => [field, Buffer.from(value).toString('latin1')]);
        assert.deepEqual(octets, linesOfHead(heads[0]!));
        assert.equal(heads[0]!.split('\r\n')[0], 'GET /p?q=1 HTTP/1.1');
        assert.equal(request.client, client);
        assert.equal(request.headSize, heads[0]!.length);
        assert.equal(request.requestTarget, '/p?q=1');
        const sent = request.headers.filter(([field]) => headers.some(([typed]) => typed === field));
        assert.deepEqual(sent, headers);
      });
    }

    it('has defaults for what was not typed', async () => {
      const { url } = await recording(ok);
      const { request } = await sendOne(bench.client, specOf(url));
      assert.deepEqual(request!.headers, [
        ['host', url.slice(7)], ['connection', 'keep-alive'], ['user-agent', 'roundtrip/0.1.0'],
        ['accept', '*/*'], ['accept-encoding', 'gzip, deflate, br, zstd'],
      ]);
    });

    it('has Basic credentials from the URL, and none in the target', async () => {
      const { url, heads } = await recording(ok);
      await sendOne(bench.client, specOf(`${url.replace('//', '//us%65r:p%40ss@')}/x`));
      assert.match(heads[0]!, /^GET \/x HTTP/);
      assert.match(heads[0]!, new RegExp(`authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}\r\n`));
    });

    for (const [typed, size] of [['5', '5'], ['7', '5'], ['0', '5']] as const) {
      it(`has a true Content-Length when ${typed} was typed for 5 bytes`, async () => {
        const { url, heads } = await recording(ok);
        const exchange = await sendOne(bench.client, specOf(url, {
          method: 'POST', headers: [['X-A', '1'], ['Content-LENGTH', typed], ['X-B', '2']], body: [bytes('hello')],
        }));
        assertComplete(exchange);
        assert(heads[0]!.includes(`X-A: 1\r\nContent-LENGTH: ${size}\r\nX-B: 2\r\n`), heads[0]);
        assert(heads[0]!.endsWith('\r\n\r\nhello'));
      });
    }

    it('says Content-Length: 0 where content is usual, and nothing where not', async () => {
      const { url, heads } = await recording(ok);
      for (const method of ['POST', 'PUT', 'PATCH', 'GET', 'DELETE', 'PURGE']) {
        await sendOne(bench.client, specOf(url, { method }));
        await sendOne(bench.client, specOf(url, { method, headers: [['Host', 'x']] }));
      }
      const lengths = heads.map((head) => /content-length: (\d+)|transfer-encoding/i.exec(head)?.[0]?.toLowerCase());
      assert.deepEqual(lengths.slice(0, 6), Array(6).fill('content-length: 0'));
      assert.deepEqual(lengths.slice(6), Array(6).fill(undefined));
    });

    it('keeps an unusual method and its case', async () => {
      const { url, heads } = await recording(ok);
      const plain = await sendOne(bench.client, specOf(url, { method: 'fetchIt' }));
      await sendOne(bench.client, specOf(url, { method: 'fetchIt', headers: [['Host', 'x']] }));
      assert.deepEqual(heads.map((head) => head.split(' ')[0]), ['fetchIt', 'fetchIt']);
      assert.equal(plain.request!.method, 'fetchIt');
    });

    it('is HTTP/1.0 when asked for', async () => {
      const { url, heads } = await recording((_head, socket) => socket.end('HTTP/1.0 200 Fine\r\nA: 1\r\n\r\nbody'));
      const exchange = await sendOne(bench.client, specOf(url, { httpVersion: '1.0' }));
      assert.match(heads[0]!, /^GET \/ HTTP\/1\.0\r\nHost: 127/);
      assert.equal(exchange.request!.httpVersion, '1.0');
      const response = assertComplete(exchange);
      assert.deepEqual([response.httpVersion, response.reasonPhrase], ['1.0', 'Fine']);
      assert.equal(await contentOf(bench.client, exchange), 'body');
    });

    it('is chunked when Transfer-Encoding is typed, without Content-Length', async () => {
      const seen: string[] = [];
      const port = await bench.serve(http.createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => { body += chunk; });
        request.on('end', () => {
          seen.push(`${request.headers['transfer-encoding']} ${request.headers['content-length']} ${body}`);
          response.end();
        });
      }));
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}`, {
        method: 'POST', headers: [['Transfer-Encoding', 'chunked'], ['Content-Length', '5']],
        body: [bytes('hel'), bytes('lo')],
      }));
      assertComplete(exchange);
      assert.deepEqual(seen, ['chunked undefined hello']);
      assert.equal(exchange.request!.client, 'node:http');
      assert.equal(exchange.request!.bodySize, 5);
    });

    it('waits for 100 Continue with the body', async () => {
      const order: string[] = [];
      const server = http.createServer();
      server.on('checkContinue', (request, response) => {
        order.push('asked');
        request.on('data', () => order.push('body'));
        request.on('end', () => response.end('thanks'));
        setTimeout(() => {
          order.push('continue');
          response.writeContinue();
        }, 30);
      });
      const port = await bench.serve(server);
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}`, {
        method: 'PUT', headers: [['Expect', '100-continue']], body: [bytes('x')],
      }));
      assertComplete(exchange);
      assert.deepEqual(order, ['asked', 'continue', 'body']);
      assert.deepEqual(exchange.response!.interimResponses.map(({ statusCode }) => statusCode), [100]);
      assertInOrder(exchange, 'request-start', 'interim-response', 'request-sent', 'first-byte');
    });

    it('keeps the body back when the answer to Expect is final', async () => {
      const { url, heads } = await recording((_head, socket) =>
        socket.end('HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
      const exchange = await sendOne(bench.client, specOf(url, {
        method: 'PUT', headers: [['Expect', '100-continue']], body: [bytes('secret')],
      }));
      assertComplete(exchange, 417);
      assert(!heads.join('').includes('secret'));
      assert.equal(exchange.events.some(({ type }) => type === 'request-sent'), false);
    });

    it('has a traceparent for hosts that are to be traced only', async () => {
      const { url, heads } = await recording(ok);
      const host = url.slice(7);
      for (const traceHosts of [[host], ['127.0.0.1'], ['0.0.1'], ['other.test'], [`${host}1`]]) {
        await sendOne(bench.client, specOf(url, { options: { traceHosts } }));
      }
      const traced = heads.map((head) => /traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-01\r\n/.test(head));
      assert.deepEqual(traced, [true, true, true, false, false]);
      assert.equal(new Set(heads.map((head) => /traceparent: (.*)\r/.exec(head)?.[1])).size, 4);
    });
  });

  describe('requests that cannot be sent', () => {
    const cases: [string, Parameters<typeof specOf>, 'invalid-request' | 'unsupported'][] = [
      ['no URL', ['not a url'], 'invalid-request'],
      ['another scheme', ['ftp://a.test/'], 'invalid-request'],
      ['a method that is no token', ['http://a.test/', { method: 'GE T' }], 'invalid-request'],
      ['a field name that is no token', ['http://a.test/', { headers: [['X A', '1']] }], 'invalid-request'],
      ['a line break in a field', ['http://a.test/', { headers: [['X', 'a\r\nB: c']] }], 'invalid-request'],
      ['CONNECT', ['http://a.test/', { method: 'CONNECT' }], 'unsupported'],
    ];
    for (const [name, spec, code] of cases) {
      it(`${name}: ${code}`, async () => {
        const exchange = await sendOne(bench.client, specOf(...spec));
        assertFailure(exchange, 'blocked', code);
        assert.equal(exchange.connection, undefined);
      });
    }
  });

  describe('bodies', () => {
    let directory: string;
    beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'body-test-')); });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    async function echo(): Promise<string> {
      const port = await bench.serve(http.createServer((request, response) => {
        response.setHeader('x-length', request.headers['content-length'] ?? 'none');
        request.pipe(response);
      }));
      return `http://127.0.0.1:${port}`;
    }

    it('of bytes and files arrive byte for byte', async () => {
      const url = await echo();
      const path = join(directory, 'part');
      const middle = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index * 7 & 0xff));
      writeFileSync(path, middle);
      for (const headers of [[], [['Host', 'x.test']]] as FieldLine[][]) {
        const exchange = await sendOne(bench.client, specOf(url, {
          method: 'POST', headers, body: [bytes('[\r\n'), { kind: 'file', path }, bytes(']')],
        }));
        assertComplete(exchange);
        assert.equal(exchange.request!.bodySize, 700_004);
        assert.deepEqual(exchange.response!.headers.find(([name]) => name === 'x-length'), ['x-length', '700004']);
        const window = await bench.client.readContent(exchange.id, 0, 1e6);
        assert(Buffer.concat([Buffer.from('[\r\n'), middle, Buffer.from(']')]).equals(window!.bytes));
      }
    });

    it('of a large file leave the connection sound though the answer follows the last byte at once', async () => {
      const port = await bench.serve(http.createServer((request, response) => {
        let left = Number(request.headers['content-length']);
        request.on('data', (chunk: Buffer) => {
          left -= chunk.length;
          if (left === 0) response.end('ok');
        });
      }));
      const path = join(directory, 'large');
      writeFileSync(path, Buffer.alloc(3_000_001, 7));
      for (let round = 0; round < 10; round++) {
        const exchange = await sendOne(
          bench.client, specOf(`http://127.0.0.1:${port}`, { method: 'POST', body: [{ kind: 'file', path }] }),
        );
        assertComplete(exchange);
        assert.equal(exchange.reused, round > 0);
        assert.equal(exchange.request!.bodySize, 3_000_001);
      }
    });

    it('of an empty file are empty', async () => {
      const url = await echo();
      const path = join(directory, 'empty');
      writeFileSync(path, '');
      const exchange = await sendOne(bench.client, specOf(url, { method: 'POST', body: [{ kind: 'file', path }] }));
      assert.equal(assertComplete(exchange).contentSize, 0);
    });

    it('of a file that cannot be read fail before anything is sent', async () => {
      const path = join(directory, 'missing');
      const exchange = await sendOne(
        bench.client, specOf('http://127.0.0.1:1', { method: 'POST', body: [{ kind: 'file', path }] }),
      );
      const failure = assertFailure(exchange, 'blocked', 'body-file-unreadable');
      assert.equal(failure.detail?.['path'], path);
      assert.equal(failure.cause?.code, 'ENOENT');
      const folder = await sendOne(
        bench.client, specOf('http://127.0.0.1:1', { method: 'POST', body: [{ kind: 'file', path: directory }] }),
      );
      assertFailure(folder, 'blocked', 'body-file-unreadable');
    });

    it('of 12 MB to a slow reader: the request is sent when the kernel has taken it, not before', async () => {
      const size = 12_000_000;
      let begun = 0;
      const port = await bench.raw((socket) => {
        socket.pause();
        let read = 0;
        const step = (): void => {
          if (read === 0) begun = 1;
          const chunk = socket.read() as Buffer | null;
          read += chunk?.length ?? 0;
          if (read >= size) socket.end(ok);
          else setTimeout(step, 2);
        };
        setTimeout(step, 300);
      });
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}`, {
        method: 'PUT', body: [bytes(Buffer.alloc(size, 'x'))],
      }));
      assertComplete(exchange);
      assert.equal(begun, 1);
      const at = (type: string): number => exchange.events.find((event) => event.type === type)!.at;
      assert(at('request-sent') - at('request-start') > 250, `${at('request-sent') - at('request-start')} ms`);
    });
  });

  describe('what comes back', () => {
    const responses: [name: string, response: string, expected: {
      status: number; content: string; interim?: number[]; trailers?: FieldLine[];
    }][] = [
      ['with a length', 'HTTP/1.1 200 OK\r\nA: 1\r\na:  2\r\nContent-Length: 5\r\n\r\nhello', { status: 200, content: 'hello' }],
      ['in chunks, with trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nT-a: 1\r\nT-a: 2\r\n\r\n', { status: 200, content: 'hello', trailers: [['T-a', '1'], ['T-a', '2']] }],
      ['up to the close', 'HTTP/1.1 200 OK\r\n\r\nhello', { status: 200, content: 'hello' }],
      ['after 100 unasked', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx', { status: 200, content: 'x', interim: [100] }],
      ['after 102, 103 and 100', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx', { status: 404, content: 'x', interim: [102, 103, 100] }],
      ['without content (204)', 'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n', { status: 204, content: '' }],
      ['not modified (304)', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', { status: 304, content: '' }],
      ['without a reason', 'HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n', { status: 299, content: '' }],
    ];

    for (const typed of [[], [['Host', 'x.test']]] as FieldLine[][]) {
      const through = typed.length === 0 ? 'undici' : 'node:http';
      for (const [name, response, expected] of responses) {
        it(`${name}, cut at every position, through ${through}`, async () => {
          const whole = Buffer.from(response, 'latin1');
          let cut = 0;
          const port = await bench.raw((socket) => onHead(socket, () => {
            socket.setNoDelay(true);
            socket.write(whole.subarray(0, cut));
            // The second part in a turn of its own, so that it is a read of its own.
            setTimeout(() => socket.end(whole.subarray(cut)), 2);
          }));
          const cuts = Array.from({ length: whole.length }, (_, index) => index);
          for (const one of cuts) {
            cut = one;
            const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}`, {
              headers: typed, options: { forceNewConnection: true },
            }));
            const seen = assertComplete(exchange, expected.status);
            assert.equal(exchange.request!.client, through);
            assert.equal(await contentOf(bench.client, exchange), expected.content, `cut at ${cut}`);
            assert.deepEqual(seen.interimResponses.map(({ statusCode }) => statusCode), expected.interim ?? []);
            assert.deepEqual(seen.trailers, expected.trailers ?? []);
            const headEnd = response.indexOf('\r\n\r\n', response.lastIndexOf('HTTP/1.1')) + 4;
            assert.equal(seen.headSize, headEnd - response.lastIndexOf('HTTP/1.1'), `cut at ${cut}`);
          }
        }).timeout(60_000);
      }
    }

    it('keeps fields in their order, with duplicates and case', async () => {
      const { url } = await recording(
        'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Z: 1\r\nset-cookie: b=2\r\nX-Name: \xed\x95\x9c\r\nX-Latin: caf\xe9\r\nContent-Length: 0\r\n\r\n',
      );
      const { response } = await sendOne(bench.client, specOf(url));
      assert.deepEqual(response!.headers, [
        ['Set-Cookie', 'a=1'], ['X-Z', '1'], ['set-cookie', 'b=2'], ['X-Name', '한'], ['X-Latin', 'café'], ['Content-Length', '0'],
      ]);
    });

    it('has no content after HEAD, and the connection stays', async () => {
      const { url, heads } = await recording('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n');
      for (const headers of [[], [['Host', 'x']], []] as FieldLine[][]) {
        const exchange = await sendOne(bench.client, specOf(url, { method: 'HEAD', headers }));
        assert.equal(assertComplete(exchange).contentSize, 0);
        assert.equal(exchange.reused, heads.length > 1);
      }
      assert.equal(heads.length, 3);
    });

    it('is 101 as it is, and the connection ends', async () => {
      const { url } = await recording(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\nfoo bytes',
      );
      const exchange = await sendOne(
        bench.client, specOf(url, { headers: [['Upgrade', 'foo'], ['Connection', 'upgrade']] }),
      );
      assertComplete(exchange, 101);
      assert.equal((await sendOne(bench.client, specOf(url))).reused, false);
    });

    it('tells of its progress, seldom', async () => {
      const { url } = await recording((_head, socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n');
        let sent = 0;
        const timer = setInterval(() => {
          socket.write('x');
          sent += 1;
          if (sent === 40) clearInterval(timer);
        }, 8);
      });
      const exchange = await sendOne(bench.client, specOf(url));
      assertComplete(exchange);
      const progress = exchange.events.filter((event) => event.type === 'body-progress');
      assert(progress.length >= 3, `${progress.length}`);
      for (const [index, event] of progress.entries()) {
        assert(index === 0 || event.at - progress[index - 1]!.at >= 50);
        assert(event.bodySize > 0 && event.bodySize <= 40);
      }
    });
  });

  describe('what goes wrong', () => {
    const malformed: [name: string, response: string][] = [
      ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
      ['no version', 'OK 200\r\n\r\n'],
      ['a version that is none', 'HTTP/9.9 200 OK\r\n\r\n'],
      ['a status that is none', 'HTTP/1.1 2x0 OK\r\n\r\n'],
      ['a field without a colon', 'HTTP/1.1 200 OK\r\nbad line\r\n\r\n'],
      ['a space before the colon', 'HTTP/1.1 200 OK\r\nA : b\r\n\r\n'],
      ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
      ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nx'],
      ['a length beside chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n'],
    ];
    for (const typed of [[], [['Host', 'x.test']]] as FieldLine[][]) {
      const through = typed.length === 0 ? 'undici' : 'node:http';
      for (const [name, response] of malformed) {
        it(`${name} is malformed, through ${through}`, async () => {
          const { url } = await recording(response);
          const exchange = await sendOne(bench.client, specOf(url, { headers: typed }));
          const failure = assertFailure(exchange, 'receive', 'malformed-response');
          assert.match(`${failure.cause?.code} ${failure.cause?.message}`, /HPE_|HTTP\/1.1 protocol|content-length/);
          assert.equal(exchange.events.filter(({ type }) => type === 'first-byte').length, 1);
        });
      }

      it(`a chunk size that is none is malformed, and what came before is kept, through ${through}`, async () => {
        const { url } = await recording('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nzz\r\n');
        const exchange = await sendOne(bench.client, specOf(url, { headers: typed }));
        assertFailure(exchange, 'receive', 'malformed-response');
        assert.equal(await contentOf(bench.client, exchange), 'hel');
      });

      const truncated: [name: string, response: string][] = [
        ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello'],
        ['a length, with Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhello'],
        ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
        ['a chunk, with Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nf\r\nhello'],
      ];
      for (const [name, response] of truncated) {
        it(`an end before ${name} is over is truncated, and what came is kept, through ${through}`, async () => {
          const { url } = await recording((_head, socket) => socket.end(response));
          const exchange = await sendOne(bench.client, specOf(url, { headers: typed }));
          assertFailure(exchange, 'receive', 'response-truncated');
          assert.equal(exchange.response!.complete, false);
          assert.equal(exchange.response!.contentSize, 5);
          assert.equal(await contentOf(bench.client, exchange), 'hello');
          assertInOrder(exchange, 'response-head', 'body-end', 'failed');
        });
      }

      it(`a reset in mid-body is a reset, through ${through}`, async () => {
        const { url } = await recording((_head, socket) => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello', () =>
            setTimeout(() => socket.resetAndDestroy(), 20));
        });
        const exchange = await sendOne(bench.client, specOf(url, { headers: typed }));
        assertFailure(exchange, 'receive', 'connection-reset');
        assert.equal(exchange.response!.complete, false);
      });

      it(`a close before the head, through ${through}`, async () => {
        const { url } = await recording((_head, socket) => socket.end());
        assertFailure(await sendOne(bench.client, specOf(url, { headers: typed })), 'wait', 'connection-closed');
      });

      it(`a close in the head, through ${through}`, async () => {
        const { url } = await recording((_head, socket) => socket.end('HTTP/1.1 200 OK\r\nA: '));
        const exchange = await sendOne(bench.client, specOf(url, { headers: typed }));
        assertFailure(exchange, 'receive', 'connection-closed');
        assert(exchange.events.some(({ type }) => type === 'first-byte'));
      });

      it(`a reset before the head, through ${through}`, async () => {
        const { url } = await recording((_head, socket) => socket.resetAndDestroy());
        assertFailure(await sendOne(bench.client, specOf(url, { headers: typed })), 'wait', 'connection-reset');
      });

      it(`a head beyond 64 KiB, in one field or without end, through ${through}`, async () => {
        for (const rest of ['\r\n\r\n', '']) {
          const { url } = await recording(`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(70_000)}${rest}`);
          const exchange = await sendOne(bench.client, specOf(url, { headers: typed }));
          const failure = assertFailure(exchange, 'receive', 'response-head-too-large');
          assert.equal(failure.detail?.['limit'], 65_536);
        }
      });

      it(`a head as large as the request allows, and no larger, through ${through}`, async () => {
        const head = `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(298)}B: ${'x'.repeat(700_000)}\r\nContent-Length: 0\r\n\r\n`;
        const { url } = await recording(head);
        const send = (headLimits: SendOptions['headLimits']) =>
          sendOne(bench.client, specOf(url, { headers: typed, options: { ...(headLimits && { headLimits }) } }));
        assertComplete(await send({ size: 1024 ** 2, fields: 300 }));
        assertComplete(await send({ size: head.length, fields: 300 }));
        const limitOf = async (headLimits: SendOptions['headLimits']): Promise<unknown> =>
          assertFailure(await send(headLimits), 'receive', 'response-head-too-large').detail?.['limit'];
        assert.equal(await limitOf({ size: head.length - 1, fields: 300 }), head.length - 1);
        assert.equal(await limitOf({ size: 1024 ** 2, fields: 299 }), 299);
        assert.equal(await limitOf({ size: 1024 ** 2 }), 256);
        assert.equal(await limitOf({ fields: 300 }), 65_536);
      });

      it(`a head of more than 256 fields, through ${through}`, async () => {
        const { url } = await recording(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(256)}Content-Length: 0\r\n\r\n`);
        const failure = assertFailure(
          await sendOne(bench.client, specOf(url, { headers: typed })), 'receive', 'response-head-too-large',
        );
        assert.deepEqual([failure.detail?.['fields'], failure.detail?.['limit']], [257, 256]);
        const { url: allowed } = await recording(
          `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(255)}Content-Length: 0\r\n\r\n`,
        );
        assertComplete(await sendOne(bench.client, specOf(allowed, { headers: typed })));
      });

      it(`interim responses without end, through ${through}`, async () => {
        const { url } = await recording('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(33));
        const failed = await sendOne(bench.client, specOf(url, { headers: typed }));
        const { detail } = assertFailure(failed, 'wait', 'malformed-response');
        assert.deepEqual(detail, { interimResponses: 33, limit: 32 });
      });

      it(`as many interim responses as the request allows, and no more, through ${through}`, async () => {
        const { url } = await recording(`${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(200)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`);
        const send = (interimResponses: number) =>
          sendOne(bench.client, specOf(url, { headers: typed, options: { headLimits: { interimResponses } } }));
        assert.equal(assertComplete(await send(200)).interimResponses.length, 200);
        const { detail } = assertFailure(await send(199), 'wait', 'malformed-response');
        assert.deepEqual(detail, { interimResponses: 200, limit: 199 });
      });
    }

    it('a connection refused', async () => {
      const exchange = await sendOne(bench.client, specOf('http://127.0.0.1:1/'));
      assertFailure(exchange, 'tcp', 'connection-refused');
      assert.equal(exchange.connection!.failure!.code, 'connection-refused');
    });
  });

  describe('connections', () => {
    it('are kept, and the reuse is told', async () => {
      const { url } = await recording(ok);
      const first = await sendOne(bench.client, specOf(url));
      const second = await sendOne(bench.client, specOf(url));
      assert.deepEqual([first.reused, second.reused], [false, true]);
      assert.equal(first.connection!.id, second.connection!.id);
      assert(second.idle! >= 0);
      assert.equal(first.idle, undefined);
    });

    it('used again tell of a request when it is sent, and not of its beginnings before', async () => {
      const { url } = await recording(ok);
      await sendOne(bench.client, specOf(url));
      const updates: string[][] = [];
      const onExchange = ({ events }: ExchangeUpdate): void => void updates.push(events.map(({ type }) => type));
      const listener = { ...nobody, onExchange };
      await bench.client.send(specOf(url), listener);
      assert.deepEqual(updates[0], ['queued', 'connection-assigned', 'request-start', 'request-sent']);
      updates.length = 0;
      await bench.client.send(specOf(url, { options: { forceNewConnection: true } }), listener);
      assert.deepEqual(updates[0], ['queued', 'connection-assigned'], 'while it is opened, that is told');
    });

    it('are new when asked for', async () => {
      const { url } = await recording(ok);
      const first = await sendOne(bench.client, specOf(url));
      const second = await sendOne(bench.client, specOf(url, { options: { forceNewConnection: true } }));
      assert.equal(second.reused, false);
      assert.notEqual(first.connection!.id, second.connection!.id);
    });

    it('wanted for one exchange each are kept no more of than there may be at once', async () => {
      const { url } = await recording(ok);
      const own = { forceNewConnection: true, maxConnections: 3 };
      const ids: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        ids.push((await sendOne(bench.client, specOf(url, { options: own }))).connection!.id);
      }
      const reused: (string | undefined)[] = [];
      await Promise.all(ids.map(async () => {
        const { connection } = await sendOne(bench.client, specOf(url, { options: { maxConnections: 3 } }));
        if (connection) reused.push(connection.id);
      }));
      assert.deepEqual([...new Set(reused)].sort(), ids.slice(-3).sort(), 'the oldest were closed');
    });

    it('are not kept when the server says close', async () => {
      const { url } = await recording((_head, socket) =>
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'));
      await sendOne(bench.client, specOf(url));
      assert.equal((await sendOne(bench.client, specOf(url))).reused, false);
    });

    it('that the server closed meanwhile are not used', async () => {
      const { url } = await recording((_head, socket) => socket.end(ok));
      assertComplete(await sendOne(bench.client, specOf(url)));
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal((await sendOne(bench.client, specOf(url))).reused, false);
    });

    /** Answers the first request of each connection, and closes at the second. */
    function closingAtSecond(): Promise<{ url: string; heads: string[] }> {
      const seen = new WeakSet<Socket>();
      return recording((_head, socket) => {
        if (seen.has(socket)) socket.destroy();
        else socket.write(ok);
        seen.add(socket);
      });
    }

    it('that prove closed when used again: an idempotent request is sent anew, as the same exchange', async () => {
      const { url, heads } = await closingAtSecond();
      await sendOne(bench.client, specOf(url));
      const exchange = await sendOne(bench.client, specOf(url, { method: 'PUT', body: [bytes('x')] }));
      assertComplete(exchange);
      assert.equal(heads.length, 3);
      assert.equal(exchange.reused, false);
      assertInOrder(
        exchange, 'connection-assigned', 'request-start', 'request-sent', 'connection-assigned', 'request-start',
        'request-sent', 'first-byte',
      );
    });

    it('that prove closed when used again: a POST fails, and is not sent twice', async () => {
      const { url, heads } = await closingAtSecond();
      await sendOne(bench.client, specOf(url));
      const exchange = await sendOne(bench.client, specOf(url, { method: 'POST', body: [bytes('x')] }));
      assertFailure(exchange, 'wait', 'connection-closed');
      assert.equal(heads.length, 2);
    });

    it('are six to one origin, and further exchanges wait', async () => {
      let open = 0;
      let most = 0;
      const port = await bench.serve(http.createServer((_request, response) => {
        open += 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open -= 1;
          response.end('x');
        }, 30);
      }));
      const url = `http://127.0.0.1:${port}`;
      const exchanges = await Promise.all(Array.from({ length: 14 }, () => sendOne(bench.client, specOf(url))));
      exchanges.forEach((exchange) => assertComplete(exchange));
      assert.equal(most, 6);
      assert.equal(new Set(exchanges.map(({ connection }) => connection!.id)).size, 6);
      const client = bench.newClient({ maxConnections: 14 });
      most = 0;
      await Promise.all(Array.from({ length: 14 }, () => sendOne(client, specOf(url))));
      assert.equal(most, 14);
    });

    it('are waited for, and an exchange says so', async () => {
      const waiting: http.ServerResponse[] = [];
      const port = await bench.serve(http.createServer((_request, response) => {
        waiting.push(response);
        if (waiting.length === 2) for (const one of waiting) one.end('x');
        else if (waiting.length > 2) response.end('x');
      }));
      const url = `http://127.0.0.1:${port}`;
      const exchanges = await Promise.all(Array.from({ length: 5 }, () =>
        sendOne(bench.client, specOf(url, { options: { maxConnections: 2 } }))));
      exchanges.forEach((exchange) => assertComplete(exchange));
      assert.equal(new Set(exchanges.map(({ connection }) => connection!.id)).size, 2);
      assert.deepEqual(exchanges.map(({ waited }) => waited && [waited.for, waited.limit, waited.ahead]), [
        undefined, undefined, ['connection', 2, 0], ['connection', 2, 1], ['connection', 2, 2],
      ]);
      for (const { waited, reused, startAt, events } of exchanges.slice(2)) {
        assert.ok(reused);
        assert.ok(waited!.since >= startAt && waited!.until > waited!.since);
        assert.equal(waited!.until, events.find(({ type }) => type === 'connection-assigned')!.at);
      }
    });

    it('are closed on demand', async () => {
      const left = watchSockets(bench.held);
      const { url } = await recording(ok);
      await sendOne(bench.client, specOf(url));
      bench.client.closeConnections();
      assert.deepEqual(await left(), []);
      assert.equal((await sendOne(bench.client, specOf(url))).reused, false);
    });

    it('on which something comes unasked are given up', async () => {
      const { url } = await recording((_head, socket) => {
        socket.write(ok);
        setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'), 10);
      });
      for (const headers of [[], [['Host', 'x']]] as FieldLine[][]) {
        await sendOne(bench.client, specOf(url, { headers }));
        await new Promise((resolve) => setTimeout(resolve, 40));
        const second = await sendOne(bench.client, specOf(url, { headers }));
        assert.equal(second.reused, false);
        assert.equal(await contentOf(bench.client, second), 'ok');
      }
    });

    it('through a proxy get the absolute form', async () => {
      const { url, heads } = await recording(ok);
      const exchange = await sendOne(
        bench.client, specOf('http://a.test:81/x?y', { options: { proxy: url.replace('//', '//user:pass@') } }),
      );
      assertComplete(exchange);
      assert.match(heads[0]!, /^GET http:\/\/a\.test:81\/x\?y HTTP\/1\.1\r\nhost: a\.test:81\r\n/);
      assert.match(heads[0]!, /proxy-authorization: Basic /);
      assert.equal(exchange.request!.url, 'http://a.test:81/x?y');
    });
  });

  it('goes on after a rest that is longer than the server\'s Keep-Alive', async () => {
    const { url } = await recording('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok');
    assertComplete(await sendOne(bench.client, specOf(url)));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const next = await sendOne(bench.client, specOf(url));
    assertComplete(next);
    assert.equal(next.reused, false, 'its connection was closed before the server would');
  });

  describe('many at once', () => {
    it('all end, mixed with failures, and leave nothing behind', async () => {
      const left = watchSockets(bench.held);
      const port = await bench.serve(http.createServer((request, response) => {
        if (request.url === '/close') request.socket.destroy();
        else if (request.url === '/slow') setTimeout(() => response.end('slow'), 20);
        else response.end('fine');
      }));
      const paths = ['/', '/close', '/slow'];
      const exchanges = await Promise.all(Array.from({ length: 60 }, (_, index) =>
        bench.client.send(specOf(`http://127.0.0.1:${port}${paths[index % 3]}`, { method: index % 2 ? 'POST' : 'GET' }), silent)));
      for (const [index, [exchange]] of exchanges.entries()) {
        if (index % 3 !== 1) assertComplete(exchange!);
        else assertFailure(exchange!, 'wait', 'connection-closed');
      }
      bench.client.closeConnections();
      assert.deepEqual(await left(), []);
    });
  });
});
