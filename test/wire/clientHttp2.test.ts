import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Server } from 'node:net';
import { parse } from '../../src/httpFile/parse.ts';
import { prepare } from '../../src/run/prepare/prepare.ts';
import type { SendOptions } from '../../src/trace/request.ts';
import { createAuthority } from '../support/certificates.ts';
import type { TestAuthority } from '../support/certificates.ts';
import {
  assertComplete, assertFailure, assertInOrder, bytes, contentOf, createBench, sendOne, specOf,
} from './http/support.ts';
import type { Bench } from './http/support.ts';

const { constants } = http2;

describe('sending over HTTP/2', () => {
  let bench: Bench;
  let authority: TestAuthority;
  let options: SendOptions;
  before(async () => { authority = await createAuthority(); });
  beforeEach(() => {
    bench = createBench();
    options = { trustAnchors: [{ pem: authority.pem, label: 'test' }] };
  });
  afterEach(() => bench.close());

  type Answer = (stream: ServerHttp2Stream, headers: Record<string, string>, rawHeaders: string[]) => void;

  /** Cleartext, by prior knowledge. */
  async function cleartext(answer: Answer, settings: http2.Settings = {}): Promise<string> {
    const server = http2.createServer({ settings });
    server.on('stream', (stream, headers, _flags, raw) => {
      stream.on('error', () => {});
      answer(stream, headers as Record<string, string>, raw as unknown as string[]);
    });
    server.on('sessionError', () => {});
    return `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
  }

  const h2c = { httpVersion: '2-prior-knowledge' } as const;

  async function encrypted(make: (identity: { cert: string; key: string }) => Server): Promise<string> {
    const identity = await authority.issue({ names: ['localhost', '127.0.0.1'] });
    return `https://127.0.0.1:${await bench.serve(make(identity))}`;
  }

  const hello: Answer = (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' });
    stream.end('hello');
  };

  it('is from fields as a browser shows them, too, whose authority is the one that is sent', async () => {
    const url = await cleartext((stream, headers) =>
      stream.respond({ ':status': 200, authority: headers[':authority'] }, { endStream: true }));
    const pasted = `GET ${url}/x HTTP/2\n:authority: else.test\n:method: GET\n:path: /x\n:scheme: http\nAccept: a/b\n`;
    const file = parse(pasted);
    const prepared = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory: '/', trusted: true, newId: () => crypto.randomUUID(), options: {},
    });
    assert(prepared.ok);
    const exchange = await sendOne(bench.client, prepared.spec);
    assert.equal(exchange.request!.httpVersion, '2');
    assert.deepEqual(exchange.response!.headers.find(([name]) => name === 'authority'), ['authority', 'else.test']);
  });

  it('is by prior knowledge where there is no TLS to agree on it (RFC 9113 §3.3)', async () => {
    const exchange = await sendOne(bench.client, specOf(await cleartext(hello), { httpVersion: '2' }));
    assertComplete(exchange);
    assert.equal(exchange.request!.httpVersion, '2');
  });

  it('records what was sent, in order, and on which stream', async () => {
    const seen: string[][] = [];
    const url = await cleartext((stream, headers, raw) => {
      seen.push(raw);
      hello(stream, headers, raw);
    });
    const exchange = await sendOne(bench.client, specOf(`${url}/p?q`, {
      ...h2c,
      headers: [
        ['X-B', '1'], ['Connection', 'X-Hop'], ['X-Hop', '1'], ['Keep-Alive', 'x'], ['Transfer-Encoding', 'chunked'], ['Upgrade', 'x'],
        ['Proxy-Connection', 'x'], ['TE', 'trailers'], ['x-a', '2'], ['X-B', '한'],
      ],
    }));
    assertComplete(exchange);
    const request = exchange.request!;
    assert.deepEqual(request.headers, [
      ['x-b', '1'], ['te', 'trailers'], ['x-a', '2'], ['x-b', '한'],
      ['user-agent', 'roundtrip/0.1.0'], ['accept', '*/*'], ['accept-encoding', 'gzip, deflate, br, zstd'],
    ]);
    const flat = request.headers.flatMap(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
    assert.deepEqual(seen[0]!.slice(8), flat);
    assert.deepEqual(
      seen[0]!.slice(0, 8), [':method', 'GET', ':scheme', 'http', ':authority', url.slice(7), ':path', '/p?q'],
    );
    assert.deepEqual(
      [request.httpVersion, request.client, request.stream, request.requestTarget], ['2', 'node:http2', 1, '/p?q'],
    );
    assert(request.headSize! > 9);
  });

  it('sends fields as often as they are typed, and those of a connection never; its neighbours go on', async () => {
    const seen: string[][] = [];
    const waiting = Promise.withResolvers<void>();
    let answerFirst: (() => void) | undefined;
    const url = await cleartext((stream, headers, raw) => {
      if (!answerFirst) {
        answerFirst = () => hello(stream, headers, raw);
        return waiting.resolve();
      }
      seen.push(raw);
      hello(stream, headers, raw);
    });
    const neighbour = sendOne(bench.client, specOf(url, h2c));
    await waiting.promise;
    const twice = ['User-Agent', 'Referer', 'Authorization', 'From', 'If-Match', 'Max-Forwards', 'Expires'];
    const exchange = await sendOne(bench.client, specOf(url, {
      ...h2c, headers: [...twice.flatMap((name) => [[name, '1'], [name, '2']] as const), ['HTTP2-Settings', 'AAMAAABkAAQAAP__']],
    }));
    answerFirst!();
    assertComplete(await neighbour);
    assertComplete(exchange);
    assert.equal(exchange.connection!.id, (await neighbour).connection!.id);
    const lines = twice.flatMap((name) => [name.toLowerCase(), '1', name.toLowerCase(), '2']);
    assert.deepEqual(seen[0]!.slice(8, 8 + lines.length), lines);
    assert(!seen[0]!.includes('http2-settings'));
    assert(!exchange.request!.headers.some(([name]) => name === 'http2-settings'));
  });

  it('sends a typed Host as :authority', async () => {
    const url = await cleartext((stream, headers) => {
      stream.respond({ ':status': 200 });
      stream.end(headers[':authority'] + String(headers['host']));
    });
    const exchange = await sendOne(bench.client, specOf(url, { ...h2c, headers: [['Host', 'other.test']] }));
    assert.equal(await contentOf(bench.client, exchange), 'other.testundefined');
    assert.equal(exchange.request!.authority, 'other.test');
  });

  it('shares one connection, many at once, each exchange with its own events', async () => {
    const url = await cleartext((stream, headers) => {
      setTimeout(() => {
        stream.respond({ ':status': 200 });
        stream.end(headers[':path']);
      }, 5 + Math.random() * 20);
    });
    const exchanges = await Promise.all(
      Array.from({ length: 40 }, (_, index) => sendOne(bench.client, specOf(`${url}/${index}`, h2c))),
    );
    for (const [index, exchange] of exchanges.entries()) {
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), `/${index}`);
      assertInOrder(
        exchange, 'queued', 'connection-assigned', 'request-start', 'request-sent', 'first-byte', 'response-head',
        'body-end',
      );
      const times = exchange.events.map(({ at }) => at);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
    }
    assert.equal(new Set(exchanges.map(({ connection }) => connection!.id)).size, 1);
    assert.equal(new Set(exchanges.map(({ request }) => request!.stream)).size, 40);
    assert.deepEqual(exchanges.map(({ reused }) => reused), [false, ...Array(39).fill(true)]);
  });

  it('waits where the server allows few streams', async () => {
    let open = 0;
    let most = 0;
    const url = await cleartext((stream) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        stream.respond({ ':status': 200 });
        stream.end('x');
      }, 20);
    }, { maxConcurrentStreams: 3 });
    await sendOne(bench.client, specOf(url, h2c));
    const exchanges = await Promise.all(Array.from({ length: 9 }, () => sendOne(bench.client, specOf(url, h2c))));
    exchanges.forEach((exchange) => assertComplete(exchange));
    assert(most <= 3, `${most}`);
    assert.deepEqual(exchanges.map(({ waited }) => waited && [waited.for, waited.limit, waited.ahead]), [
      undefined, undefined, undefined, ...Array.from({ length: 6 }, (_, ahead) => ['stream', 3, ahead]),
    ]);
    assert.equal(new Set(exchanges.map(({ connection }) => connection!.id)).size, 1);
  });

  for (const [what, settings, limit] of [
    ['the server allows', { maxConcurrentStreams: 130 }, 130], ['may be open before it has said so', {}, undefined],
  ] as const) {
    it(`of more at first than ${what} wait for that, and no longer to learn the version`, async () => {
      const url = await cleartext((stream) => setTimeout(() => {
        stream.respond({ ':status': 200 });
        stream.end('x');
      }, 30), settings);
      const exchanges = await Promise.all(Array.from({ length: 140 }, () => sendOne(bench.client, specOf(url, h2c))));
      exchanges.forEach((exchange) => assertComplete(exchange));
      const waits = exchanges.map(({ waited }) => waited && `${waited.for} ${waited.limit}`);
      assert.deepEqual([...new Set(waits)], [undefined, 'version 6', ...(limit ? [`stream ${limit}`] : [])]);
      if (limit) assert.equal(waits.filter((wait) => wait?.startsWith('stream')).length, 140 - limit);
    });
  }

  it('sees interim responses and trailers', async () => {
    const url = await cleartext((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>' });
      stream.respond({ ':status': 200, 'x-b': '1' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42' }));
      stream.end('hello');
    });
    const response = assertComplete(await sendOne(bench.client, specOf(url, h2c)));
    assert.deepEqual(response.interimResponses, [{ statusCode: 103, headers: [['link', '</a>']] }]);
    assert.deepEqual(response.trailers, [['x-sum', '42']]);
    assert.deepEqual(response.headers[0], ['x-b', '1']);
    assert.deepEqual([response.reasonPhrase, response.httpVersion], ['', '2']);
  });

  it('has no content after HEAD and with 204', async () => {
    const url = await cleartext((stream, headers) =>
      stream.respond({ ':status': headers[':method'] === 'HEAD' ? 200 : 204 }, { endStream: true }));
    assert.equal(assertComplete(await sendOne(bench.client, specOf(url, { ...h2c, method: 'HEAD' }))).contentSize, 0);
    assert.equal(assertComplete(await sendOne(bench.client, specOf(url, h2c)), 204).contentSize, 0);
  });

  it('carries bodies of bytes and files, and much content, byte for byte', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'http2-test-'));
    try {
      const path = join(directory, 'part');
      const middle = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index * 7 & 0xff));
      writeFileSync(path, middle);
      const url = await cleartext((stream) => {
        stream.respond({ ':status': 200 });
        stream.pipe(stream);
      });
      const exchange = await sendOne(
        bench.client, specOf(url, { ...h2c, method: 'POST', body: [bytes('['), { kind: 'file', path }, bytes(']')] }),
      );
      const response = assertComplete(exchange);
      assert.equal(response.bodySize, 3_000_002);
      assert.equal(exchange.request!.bodySize, 3_000_002);
      assert.deepEqual(
        exchange.request!.headers.find(([name]) => name === 'content-length'), ['content-length', '3000002'],
      );
      const window = await bench.client.readContent(exchange.id, 0, 4e6);
      assert(Buffer.concat([Buffer.from('['), middle, Buffer.from(']')]).equals(window!.bytes));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  describe('what goes wrong', () => {
    it('a stream reset before the head', async () => {
      const url = await cleartext((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
      const failure = assertFailure(
        await sendOne(bench.client, specOf(url, { ...h2c, method: 'POST' })), 'wait', 'stream-reset',
      );
      assert.deepEqual(failure.detail, { code: 'INTERNAL_ERROR', stream: 1 });
    });

    // In bytes of its own: node:http2's server ends a stream in order before it resets it.
    for (const [code, name] of [
      [constants.NGHTTP2_CANCEL, 'CANCEL'], [constants.NGHTTP2_NO_ERROR, 'NO_ERROR'], [0x77, '0x77'],
    ] as const) {
      it(`a stream reset in mid-body by ${name} is no end, also where node:http2 takes it for one`, async () => {
        const port = await bench.raw((socket) => socket.once('data', () => {
          const indexed200 = Buffer.from([0x88]);
          socket.write(
            Buffer.concat([
              frame(4, 0, 0), frame(4, 1, 0), frame(1, 4, 1, indexed200), frame(0, 0, 1, Buffer.from('hel')),
            ]),
          );
          const reason = Buffer.alloc(4);
          reason.writeUInt32BE(code);
          setTimeout(() => socket.write(frame(3, 0, 1, reason)), 20);
        }));
        const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, h2c));
        const failure = assertFailure(exchange, 'receive', 'stream-reset');
        assert.equal(failure.detail?.['code'], name);
        assert.equal(exchange.response!.complete, false);
        assert.equal(await contentOf(bench.client, exchange), 'hel');
      });
    }

    it('GOAWAY while waiting', async () => {
      const url = await cleartext((stream) => {
        const session = stream.session as ServerHttp2Session;
        session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 1);
        setTimeout(() => session.destroy(), 20);
      });
      const failure = assertFailure(
        await sendOne(bench.client, specOf(url, { ...h2c, method: 'POST' })), 'wait', 'goaway',
      );
      assert.equal(failure.detail?.['code'], 'ENHANCE_YOUR_CALM');
    });

    it('a closed connection, and a reset one', async () => {
      const sockets: import('node:net').Socket[] = [];
      const server = http2.createServer();
      server.on('connection', (socket) => sockets.push(socket));
      server.on('stream', (stream, headers) => {
        stream.on('error', () => {});
        if (headers[':path'] === '/reset') sockets.at(-1)!.resetAndDestroy();
        else sockets.at(-1)!.destroy();
      });
      server.on('sessionError', () => {});
      const url = `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
      assertFailure(await sendOne(bench.client, specOf(url, { ...h2c, method: 'POST' })), 'wait', 'connection-closed');
      assertFailure(
        await sendOne(bench.client, specOf(`${url}/reset`, { ...h2c, method: 'POST' })), 'wait', 'connection-reset',
      );
    });

    it('a server that speaks HTTP/1.1 to prior knowledge', async () => {
      const port = await bench.raw((socket) =>
        socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')));
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}`, h2c));
      assert.equal(exchange.failure?.code, 'malformed-response', JSON.stringify(exchange.failure));
    });

    it('a head of more than 256 fields', async () => {
      const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x-${index}`, '1']));
      const url = await cleartext((stream) => {
        stream.respond({ ':status': 200, ...many });
        stream.end('x');
      });
      const failure = assertFailure(
        await sendOne(bench.client, specOf(url, h2c)), 'receive', 'response-head-too-large',
      );
      assert.equal(failure.detail?.['limit'], 256);
    });

    it('a head as large as the request allows, and no larger', async () => {
      const many = Object.fromEntries(Array.from({ length: 299 }, (_, index) => [`x-${index}`, 'y'.repeat(330)]));
      const server = http2.createServer({ maxSendHeaderBlockLength: 1024 ** 2 });
      server.on('stream', (stream) => stream.respond({ ':status': 200, ...many }, { endStream: true }));
      const url = `http://127.0.0.1:${await bench.serve(server)}/`;
      const send = (headLimits: SendOptions['headLimits']) =>
        sendOne(bench.client, specOf(url, { ...h2c, options: { headLimits: headLimits! } }));
      assertComplete(await send({ size: 512 * 1024, fields: 300 }));
      const failed = await send({ size: 80 * 1024, fields: 300 });
      assert.deepEqual([failed.failure?.code, failed.failure?.detail?.['limit']], ['response-head-too-large', 81_920]);
      assert.equal((await send({ size: 512 * 1024 })).failure?.detail?.['limit'], 256);
    });

    it('as many interim responses as the request allows, and no more', async () => {
      const url = await cleartext((stream) => {
        for (let count = 0; count < 40; count += 1) stream.additionalHeaders({ ':status': 102 });
        stream.respond({ ':status': 200 }, { endStream: true });
      });
      const send = (headLimits?: SendOptions['headLimits']) =>
        sendOne(bench.client, specOf(url, { ...h2c, options: { ...(headLimits && { headLimits }) } }));
      assert.equal(assertComplete(await send({ interimResponses: 40 })).interimResponses.length, 40);
      for (const [headLimits, limit] of [[undefined, 32], [{ interimResponses: 39 }, 39]] as const) {
        const { failure } = await send(headLimits);
        assert.deepEqual([failure?.code, failure?.detail], ['malformed-response', { interimResponses: limit + 1, limit }]);
      }
    });

    it('a connection that proves closed when used again: sent anew, as the same exchange', async () => {
      const sessions: ServerHttp2Session[] = [];
      const url = await cleartext((stream, headers, raw) => {
        const session = stream.session as ServerHttp2Session;
        if (sessions.includes(session)) return session.destroy();
        sessions.push(session);
        hello(stream, headers, raw);
      });
      assertComplete(await sendOne(bench.client, specOf(url, h2c)));
      const exchange = await sendOne(bench.client, specOf(url, h2c));
      assertComplete(exchange);
      assert.equal(exchange.reused, false);
      assert.equal(exchange.events.filter(({ type }) => type === 'connection-assigned').length, 2);
    });
  });

  describe('by ALPN (RFC 7301)', () => {
    const both = (identity: { cert: string; key: string }) => {
      const server = http2.createSecureServer({ ...identity, allowHTTP1: true }, (request, response) =>
        response.end(request.httpVersion));
      return server as unknown as Server;
    };

    it('HTTP/2 is chosen where the server speaks it, and shared by exchanges that came before it was known', async () => {
      const url = await encrypted(both);
      const exchanges = await Promise.all(
        Array.from({ length: 10 }, () => sendOne(bench.client, specOf(url, { options }))),
      );
      for (const exchange of exchanges) {
        assertComplete(exchange);
        assert.equal(exchange.request!.httpVersion, '2');
      }
      assert.equal(new Set(exchanges.map(({ connection }) => connection!.id)).size, 1);
      assert.equal(exchanges[0]!.connection!.tls!.facts!.alpn, 'h2');
    });

    it('HTTP/1.1 is spoken when asked for', async () => {
      const url = await encrypted(both);
      const exchange = await sendOne(bench.client, specOf(url, { options, httpVersion: '1.1' }));
      assert.equal(await contentOf(bench.client, exchange), '1.1');
      assert.deepEqual(exchange.connection!.tls!.alpnOffered, ['http/1.1']);
    });

    it('HTTP/1.1 is spoken where the server knows nothing else, by many at once', async () => {
      const url = await encrypted((identity) =>
        https.createServer(identity, (request, response) => response.end(request.httpVersion)));
      const exchanges = await Promise.all(
        Array.from({ length: 10 }, () => sendOne(bench.client, specOf(url, { options }))),
      );
      for (const exchange of exchanges) assert.equal(await contentOf(bench.client, exchange), '1.1');
    });

    it('HTTP/2 asked for and not spoken is a failure', async () => {
      const url = await encrypted((identity) => https.createServer(identity, (_request, response) => response.end()));
      assertFailure(await sendOne(bench.client, specOf(url, { options, httpVersion: '2' })), 'tls', 'alpn-refused');
    });
  });
});

/** RFC 9113 §4.1. */
function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
