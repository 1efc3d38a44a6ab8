import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { Client } from '../../src/wire/client.ts';
import { createAuthority } from '../support/certificates.ts';
import { fields, frame } from '../support/http2Faults.ts';
import { assertComplete, contentOf, createBench, onHead, sendOne, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

// Rules of SAFETY that no other test holds by itself.

describe('safety of the wire', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  /** What was seen, without when, and without how often progress was told. */
  function seen({ events }: Exchange): unknown[] {
    const told: readonly ExchangeEvent['type'][] = [
      'interim-response', 'first-byte', 'response-head', 'body-end', 'cookies-received', 'failed',
    ];
    return events.filter(({ type }) => told.includes(type)).map(({ at: _at, ...event }) => event);
  }

  async function inTwo(socket: Socket, bytes: Buffer, at: number): Promise<void> {
    await new Promise((resolve) => void socket.write(bytes.subarray(0, at), resolve));
    // A turn in which the client reads.
    await new Promise((resolve) => void setTimeout(resolve, 2));
    socket.write(bytes.subarray(at));
  }

  describe('every split of the same bytes gives the same events (rule 9)', function () {
    this.timeout(60_000);
    const zipped = gzipSync('안녕, zipped content');
    const answers: readonly (readonly [string, Buffer])[] = [
      ['interim responses, fields in UTF-8, a length', Buffer.from(
        'HTTP/1.1 103 Early Hints\r\nLink: </한>\r\n\r\nHTTP/1.1 200 좋음\r\nX-Name: 안녕\r\nSet-Cookie: a=1\r\nContent-Length: 6\r\n\r\n안녕')],
      ['folded lines', Buffer.from(
        'HTTP/1.1 103 Early Hints\r\nLink: </a>,\r\n </b>\r\n\r\nHTTP/1.1 200 OK\r\nX: one\r\n\ttwo\r\n  \r\n three\r\nContent-Length:\r\n 7\r\n\r\na\r\n b\r\n')],
      ['chunks and trailers', Buffer.from(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3;ext="a"\r\n안\r\n3\r\n녕\r\n0\r\nX-Sum: 6\r\n\r\n')],
      ['a content coding', Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`), zipped])],
      ['a fault', Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n')],
    ];
    for (const [name, bytes] of answers) {
      for (const headers of [[], [['Host', 'x.test']]] as const) {
        it(`HTTP/1.1 by ${headers.length === 0 ? 'undici' : 'node:http'}: ${name}`, async () => {
          const port = await bench.raw((socket) => onHead(socket, () => void socket.write(bytes)));
          const spec = { headers, options: { useCookieJar: false } };
          const told = async (client: Client, to: number): Promise<string> => {
            const exchange = await sendOne(client, specOf(`http://127.0.0.1:${to}/`, spec));
            assert(seen(exchange).length >= 3);
            return JSON.stringify([...seen(exchange), await contentOf(client, exchange)]).replaceAll(/"port":\d+/g, '');
          };
          const whole = await told(bench.client, port);
          const split = await Promise.all(Array.from({ length: bytes.length - 1 }, async (_, index) => {
            // Each connection has its own place of the cut.
            const cutPort = await bench.raw((socket) => onHead(socket, () => void inTwo(socket, bytes, index + 1)));
            return told(bench.newClient({}), cutPort);
          }));
          for (const [index, one] of split.entries()) assert.equal(one, whole, `cut after ${index + 1} bytes`);
        });
      }
    }

    it('HTTP/2: frames', async () => {
      const block = fields([':status', '200'], ['x-name', 'a'], ['content-length', '4']);
      const bytes = Buffer.concat([
        frame(4, 0, 0), frame(1, 4, 1, fields([':status', '103'], ['link', '</a>'])),
        frame(1, 0, 1, block.subarray(0, 7)),
        frame(9, 4, 1, block.subarray(7)), frame(0, 0, 1, 'ab'), frame(0, 0, 1, 'cd'),
        frame(1, 5, 1, fields(['x-sum', '4'])),
      ]);
      const exchanges = await Promise.all(Array.from({ length: bytes.length }, async (_, at) => {
        const port = await bench.raw((socket) => void socket.once('data', () => void inTwo(socket, bytes, at)));
        return sendOne(bench.newClient({}), specOf(`http://127.0.0.1:${port}/`, { httpVersion: '2-prior-knowledge' }));
      }));
      assertComplete(exchanges[0]!);
      const [first, ...others] = exchanges.map((exchange) => JSON.stringify(seen(exchange)));
      for (const [at, other] of others.entries()) assert.equal(other, first, `cut after ${at + 1} bytes`);
    });

    it('TLS: records, byte by byte in both directions', async () => {
      const authority = await createAuthority();
      const server = https.createServer(await authority.issue({ names: ['127.0.0.1'] }), (_request, response) =>
        response.end('whole'));
      const behind = await bench.serve(server);
      const dripping = await bench.serve(net.createServer({ noDelay: true }, (client) => {
        const far = net.connect({ port: behind, host: '127.0.0.1', noDelay: true });
        drip(client, far);
        drip(far, client);
      }));
      const options = { trustAnchors: [{ pem: authority.pem, label: 'test' }] };
      const direct = await sendOne(bench.client, specOf(`https://127.0.0.1:${behind}/`, { options }));
      const exchange = await sendOne(bench.client, specOf(`https://127.0.0.1:${dripping}/`, { options }));
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), 'whole');
      const facts = (one: Exchange): unknown => {
        const { version, cipher, group, alpn, certificateChain, verified } = one.connection!.tls!.facts!;
        return {
          version, cipher, group, alpn, verified, chain: certificateChain.map(({ fingerprint256 }) => fingerprint256),
        };
      };
      assert.deepEqual(facts(exchange), facts(direct));
    });

    /** Each byte a write of its own, in a turn of its own. */
    function drip(from: Socket, to: Socket): void {
      let queue = Promise.resolve();
      from.on('data', (chunk: Buffer) => {
        for (const byte of chunk) {
          queue = queue.then(() => new Promise((resolve) => to.destroyed ? resolve() : void to.write(Buffer.of(byte), () => setImmediate(resolve))));
        }
      });
      from.on('error', () => to.destroy());
      from.on('close', () => void queue.then(() => to.end()));
    }
  });

  it('TLS sockets are asked for facts in two files only, on `secureConnect` (rule 1)', async () => {
    const asking = /\.(?:getProtocol|getCipher|getPeerCertificate|getPeerX509Certificate|getEphemeralKeyInfo|getSharedSigalgs|getTLSTicket)\(/;
    const found: string[] = [];
    for await (const path of glob(
      'src/{wire,engine,cli,run,ui}/**/*.ts',
    )) if (asking.test(readFileSync(path, 'utf8'))) found.push(path);
    assert.deepEqual(found.sort(), ['src/wire/tls/certificate.ts', 'src/wire/tls/handshake.ts']);
    const handshake = readFileSync('src/wire/tls/handshake.ts', 'utf8');
    assert.equal(handshake.match(/readFacts\(/g)?.length, 2, 'read in one place');
    assert.match(handshake, /once\('secureConnect', \(\) => \{[^]{0,400}readFacts\(socket/);
  });

  it('content codings are undone whatever the status (rule 3)', async () => {
    const port = await bench.serve(http.createServer((_request, response) =>
      response.writeHead(500, { 'content-encoding': 'gzip' }).end(gzipSync('what went wrong'))));
    const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`));
    assertComplete(exchange, 500);
    assert.equal(await contentOf(bench.client, exchange), 'what went wrong');
  });

  it('a 407 of an origin server is a response like others (rule 3)', async () => {
    const port = await bench.serve(http.createServer((_request, response) =>
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="x"' }).end('who?')));
    const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`));
    assertComplete(exchange, 407);
    assert.equal(await contentOf(bench.client, exchange), 'who?');
  });

  it('no header can be added by a value: line breaks are refused before anything is sent', async () => {
    let connections = 0;
    const port = await bench.raw(() => { connections += 1; });
    for (const headers of [[['X', 'a\r\nY: b']], [['X\r\nY', 'a']], [['X', 'a\nb']], [['X', 'a\0b']]] as const) {
      const { failure } = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, { headers }));
      assert.equal(failure?.code, 'invalid-request');
    }
    const { failure } = await sendOne(
      bench.client, specOf(`http://127.0.0.1:${port}/`, { method: 'GET / HTTP/1.1\r\nX: y' }),
    );
    assert.equal(failure?.code, 'invalid-request');
    assert.equal(connections, 0);
  });
});
