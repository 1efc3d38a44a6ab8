import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http2 from 'node:http2';
import { promisify } from 'node:util';
import type { FieldLine, RequestSpec } from '../../../src/trace/request.ts';
import { createAuthority } from '../../support/certificates.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { watchSockets } from '../../support/heldSockets.ts';
import { createHttpProxy, createScriptedProxy, join } from '../../support/proxyServer.ts';
import { assertComplete, assertFailure, bytes, contentOf, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

const run = promisify(execFile);

describe('the rest of HTTP', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  /** A server that keeps the heads it got and answers each with `answer`. */
  async function heads(answer: string, came: string[] = []): Promise<string> {
    const port = await bench.raw((socket) => onHead(socket, (head) => {
      came.push(head);
      socket.write(answer);
      if (!/content-length|chunked|101 /i.test(answer)) socket.end();
    }));
    return `http://127.0.0.1:${port}`;
  }
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

  describe('methods (RFC 9110 §9)', () => {
    const rows: [section: string, method: string, answer: string, status: number][] = [
      ['§9.3.2, HEAD has no content whatever it says', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n', 200],
      ['§9.3.2, HEAD of chunks', 'HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 200],
      ['§9.3.5, DELETE', 'DELETE', 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n', 204],
      ['§9.3.7, OPTIONS', 'OPTIONS', ok, 200], ['§9.3.8, TRACE', 'TRACE', ok, 200],
      ['§16.1, one of its own', 'FROBNICATE', ok, 200],
      ['§9.1, letters count', 'get', ok, 200], ['§5.6.2, every character of a token', "A!#$%&'*+-.^_`|~1", ok, 200],
    ];
    for (const [section, method, answer, status] of rows) {
      it(section, async () => {
        const came: string[] = [];
        const exchange = await sendOne(bench.client, specOf(`${await heads(answer, came)}/x`, { method }));
        assertComplete(exchange, status);
        assert.equal(came[0]!.split('\r\n', 1)[0], `${method} /x HTTP/1.1`);
        assert.equal(exchange.response!.bodySize, 0);
      });
    }

    for (const [what, method] of [
      ['a space', 'GE T'], ['nothing', ''], ['a line break', 'GET\r\n'], ['a letter beyond ASCII', 'GÉT'], ['a colon', 'a:b'],
    ]) {
      it(`§5.6.2: ${what} makes no token, and nothing is sent`, async () => {
        assertFailure(
          await sendOne(bench.client, specOf('http://127.0.0.1:9/', { method: method! })), 'blocked', 'invalid-request',
        );
      });
    }

    it('§9.3.6: CONNECT asks for a tunnel, and is refused with that reason', async () => {
      const failure = assertFailure(
        await sendOne(bench.client, specOf('http://127.0.0.1:9/', { method: 'CONNECT' })), 'blocked', 'unsupported',
      );
      assert.equal(failure.detail!['method'], 'CONNECT');
    });
  });

  describe('OPTIONS * (RFC 9112 §3.2.4)', () => {
    const asterisk = { method: 'OPTIONS', requestTarget: '*' } as const;

    it('is asked of the server as a whole', async () => {
      const came: string[] = [];
      assertComplete(await sendOne(bench.client, specOf(`${await heads(ok, came)}/`, asterisk)));
      assert.match(came[0]!, /^OPTIONS \* HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
    });

    it('is :path * in HTTP/2 (RFC 9113 §8.3.1)', async () => {
      const paths: unknown[] = [];
      const port = await bench.serve(
        http2.createServer((request, response) => { paths.push(request.headers[':path']); response.end(); }),
      );
      assertComplete(
        await sendOne(
          bench.client, specOf(`http://127.0.0.1:${port}/`, { ...asterisk, httpVersion: '2-prior-knowledge' }),
        ),
      );
      assert.deepEqual(paths, ['*']);
    });

    it('is an absolute form without a path for a proxy', async () => {
      const came: string[] = [];
      const proxy = await heads(ok, came);
      assertComplete(await sendOne(bench.client, specOf('http://far.test/', { ...asterisk, options: { proxy } })));
      assert.match(came[0]!, /^OPTIONS http:\/\/far\.test HTTP\/1\.1\r\n/);
    });
  });

  describe('another protocol (RFC 9110 §7.8)', () => {
    const upgrade = (token: string): Partial<RequestSpec> => ({
      headers: [['Connection', 'Upgrade'], ['Upgrade', token]],
    });

    for (const token of ['h2c', 'foo/2', 'TLS/1.0']) {
      it(`101 to ${token}: what comes then is kept, and the exchange ends in order`, async () => {
        const port = await bench.raw((socket) => onHead(socket, () => {
          socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${token}\r\n\r\nfirst `);
          setTimeout(() => socket.write('second'), 20);
        }));
        const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, upgrade(token)));
        assertComplete(exchange, 101);
        assert.deepEqual([exchange.switchedTo, exchange.response!.bodySize], [token.toLowerCase(), 12]);
        assert.equal(await contentOf(bench.client, exchange), 'first second');
      });
    }

    it('ends at once where the server ends it', async () => {
      const url = await heads('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n');
      const exchange = await sendOne(bench.client, specOf(url, upgrade('foo')));
      assert.deepEqual([assertComplete(exchange, 101).bodySize, exchange.switchedTo], [0, 'foo']);
    });

    it('a server need not (§7.8): its answer in HTTP/1.1 is the outcome', async () => {
      for (const status of [200, 426]) {
        const url = await heads(
          `HTTP/1.1 ${status} Status\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nno`,
        );
        const exchange = await sendOne(bench.client, specOf(url, upgrade('h2c')));
        assertComplete(exchange, status);
        assert.equal(exchange.switchedTo, undefined);
      }
    });

    it('101 that was not asked for ends in a failure, and leaves nothing behind', async () => {
      const left = watchSockets(bench.held);
      const url = await heads('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\nxyz');
      assertFailure(await sendOne(bench.client, specOf(url)), 'receive', 'malformed-response');
      assert.deepEqual(await left(), []);
    });

    it('cancelling ends it', async () => {
      const port = await bench.raw((socket) => onHead(socket, () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n');
        const timer = setInterval(() => socket.write('more'), 20);
        socket.on('close', () => clearInterval(timer));
      }));
      const controller = new AbortController();
      const [exchange] = await bench.client.send(specOf(`http://127.0.0.1:${port}/`, upgrade('foo')), {
        onConnection: () => undefined,
        onExchange: ({ events }) => { if (events.some(({ type }) => type === 'body-progress')) controller.abort(); },
      }, controller.signal);
      assert.equal(exchange!.failure?.code, 'cancelled');
      assert(exchange!.response!.bodySize > 0);
    });
  });

  describe('HTTP/1.0 (RFC 9112 §9.3, RFC 1945)', () => {
    const old = (url: string, change: Partial<RequestSpec> = {}) => specOf(url, { httpVersion: '1.0', ...change });

    it('is the same as curl sends it', async function () {
      const curl = debianOrSkip(this, 'curl', 'curl');
      const came: string[] = [];
      const url = await heads(ok, came);
      const headers: FieldLine[] = [
        ['User-Agent', 'same'], ['Accept', '*/*'], ['Accept-Encoding', 'gzip'], ['X-A', '1'],
      ];
      await sendOne(bench.client, old(`${url}/a?b`, { method: 'POST', headers, body: [bytes('abc')] }));
      await run(
        curl, [
          '-s', '--http1.0', '-A', 'same', '-H', 'Accept-Encoding: gzip', '-H', 'X-A: 1', '-H', 'Content-Type:', '-d',
          'abc', `${url}/a?b`,
        ],
      );
      const [ours, curls] = came.map((head) => head.toLowerCase().split('\r\n\r\n', 1)[0]!.split('\r\n').toSorted());
      assert.deepEqual(ours, curls);
    });

    it('ends a response without a length where the connection ends', async () => {
      const exchange = await sendOne(bench.client, old(await heads('HTTP/1.0 200 OK\r\n\r\nall of it')));
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), 'all of it');
    });

    it('a connection is kept only where both say keep-alive', async () => {
      const rows = [[
        'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', ['Connection', 'keep-alive'], true,
      ],
        ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', ['Connection', 'keep-alive'], false],
        ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', undefined, false]] as const;
      for (const [answer, field, kept] of rows) {
        const url = await heads(answer);
        const spec = () => old(url, { headers: field ? [field] : [] });
        assertComplete(await sendOne(bench.client, spec()));
        const second = await sendOne(bench.client, spec());
        assertComplete(second);
        assert.equal(second.reused, kept, answer);
      }
    });

    it('is never chunked: a body has its length', async () => {
      const came: string[] = [];
      const url = await heads(ok, came);
      await sendOne(bench.client, old(url, { method: 'PUT', body: [{ kind: 'file', path: import.meta.filename }] }));
      const [head = ''] = came[0]!.split('\r\n\r\n', 1);
      assert.match(head, /\r\ncontent-length: \d+$/i);
      assert.doesNotMatch(head, /transfer-encoding/i);
      const failure = assertFailure(
        await sendOne(
          bench.client, old(url, { method: 'PUT', headers: [['Transfer-Encoding', 'chunked']], body: [bytes('x')] }),
        ), 'blocked', 'invalid-request',
      );
      assert.equal(failure.detail!['part'], 'transfer-encoding');
    });
  });

  describe('HTTP/2 through proxies', () => {
    it('by ALPN and by prior knowledge, over CONNECT', async () => {
      const authority = await createAuthority();
      const issued = await authority.issue({ names: ['far.test'] });
      const secure = await bench.serve(http2.createSecureServer(issued, (_, response) => response.end('h2 over TLS')));
      const plain = await bench.serve(http2.createServer((_, response) => response.end('h2 in the clear')));
      const log = { said: [] as string[] };
      const proxy = `http://127.0.0.1:${await bench.serve(createHttpProxy(log))}`;
      const options = { proxy, trustAnchors: [{ pem: authority.pem, label: 'test' }] };
      const first = await sendOne(bench.client, specOf(`https://far.test:${secure}/`, { options }));
      const second = await sendOne(
        bench.client, specOf(`http://far.test:${plain}/`, { options, httpVersion: '2-prior-knowledge' }),
      );
      for (const [exchange, text] of [[first, 'h2 over TLS'], [second, 'h2 in the clear']] as const) {
        assertComplete(exchange);
        assert.deepEqual([exchange.request!.httpVersion, await contentOf(bench.client, exchange)], ['2', text]);
      }
      assert.deepEqual(
        log.said.map((head) => head.split('\r\n', 1)[0]),
        [`CONNECT far.test:${secure} HTTP/1.1`, `CONNECT far.test:${plain} HTTP/1.1`],
      );
    });

    it('by ALPN and by prior knowledge, through SOCKS 5', async () => {
      const authority = await createAuthority();
      const issued = await authority.issue({ names: ['far.test'] });
      const secure = await bench.serve(http2.createSecureServer(issued, (_, response) => response.end('h2 over TLS')));
      const plain = await bench.serve(http2.createServer((_, response) => response.end('h2 in the clear')));
      // RFC 1928: the greeting with one method, then CONNECT to a name of 8 characters.
      const script = [
        { wants: 3, says: [Buffer.from('0500', 'hex')] }, { wants: 7 + 8, says: [Buffer.from('05000001000000000000', 'hex')] },
      ];
      const socks = (port: number) => createScriptedProxy(script, (client, early) => {
        client.removeAllListeners('data').pause();
        join(client, port, '', early.toString('latin1'));
      });
      const through = async (port: number) => ({
        proxy: `socks5h://127.0.0.1:${await bench.serve(socks(port))}`,
        trustAnchors: [{ pem: authority.pem, label: 'test' }],
      });
      const first = await sendOne(
        bench.client, specOf(`https://far.test:${secure}/`, { options: await through(secure) }),
      );
      const second = await sendOne(
        bench.client,
        specOf(`http://far.test:${plain}/`, { options: await through(plain), httpVersion: '2-prior-knowledge' }),
      );
      for (const [exchange, text] of [[first, 'h2 over TLS'], [second, 'h2 in the clear']] as const) {
        assertComplete(exchange);
        assert.deepEqual([exchange.request!.httpVersion, await contentOf(bench.client, exchange)], ['2', text]);
        assert.equal(exchange.connection!.proxy!.kind, 'socks5h');
      }
    });
  });
});
