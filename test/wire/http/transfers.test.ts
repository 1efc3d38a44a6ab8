import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync,
} from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import type { Writable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { progressOf } from '../../../src/explain/progress.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { record } from '../../../src/trace/record.ts';
import type { FieldLine, RequestSpec } from '../../../src/trace/request.ts';
import type { ContentStore } from '../../../src/wire/content/store.ts';
import type { WriterOwner } from '../../../src/wire/content/writer.ts';
import { createAuthority } from '../../support/certificates.ts';
import { assertComplete, assertFailure, contentOf, createBench, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

const size = 9_000_001;

/** Keeps nothing, and after each second chunk takes no more for some ms. */
function slowStore(delay: number): ContentStore {
  return {
    create() {
      let owner: WriterOwner | undefined;
      let hasRoom = true;
      const writer = {
        set owner(one: WriterOwner) { owner = one; },
        size: 0,
        storedIn: 'memory' as const,
        append(chunk: Buffer) {
          writer.size += chunk.length;
          hasRoom = !hasRoom;
          if (!hasRoom) setTimeout(() => owner!.onDrain(), delay);
          return hasRoom;
        },
        end: (done: () => void) => done(),
      };
      return writer;
    },
    read: () => Promise.resolve(undefined),
    save: () => Promise.resolve(undefined),
    forget: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Ways to send: by undici, by node:http, by node:http2. */
const ways: readonly (readonly [name: string, client: string, more: Partial<RequestSpec>])[] = [
  ['HTTP/1.1', 'undici', {}],
  ['HTTP/1.1 with a typed Host', 'node:http', { headers: [['Host', 'x.test']] as FieldLine[] }],
  ['HTTP/1.1 in chunks', 'node:http', { headers: [['Transfer-Encoding', 'chunked']] as FieldLine[] }],
  ['HTTP/1.1 with trailers', 'node:http', { trailers: [['X-Sum', '0123456789abcdef']] as FieldLine[] }],
  ['HTTP/2', 'node:http2', { httpVersion: '2-prior-knowledge' }],
];

describe('long bodies', () => {
  let bench: Bench;
  let directory: string;
  let path: string;
  beforeEach(() => {
    bench = createBench();
    directory = mkdtempSync(join(tmpdir(), 'transfer-test-'));
    path = join(directory, 'sent');
  });
  afterEach(async () => {
    await bench.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Answers with the SHA-256 of what came; `slow` waits after each chunk, ms. */
  async function hashing(isHttp2: boolean, slow = 0): Promise<string> {
    const answer = (
      request: IncomingMessage | http2.Http2ServerRequest, response: ServerResponse | http2.Http2ServerResponse,
    ): void => {
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        if (slow === 0) return;
        request.pause();
        setTimeout(() => request.resume(), slow);
      });
      request.on('end', () => response.end(hash.digest('hex')));
      request.on('error', () => {});
    };
    const server = isHttp2 ? http2.createServer(answer) : http.createServer(answer);
    return `http://127.0.0.1:${await bench.serve(server as unknown as Server)}/`;
  }

  for (const [name, client, more] of ways) {
    it(`from a file arrive byte for byte, and tell how far they are: ${name}`, async function () {
      this.timeout(30_000);
      const content = randomBytes(size);
      writeFileSync(path, content);
      const url = await hashing(client === 'node:http2', 2);
      const exchange = await sendOne(
        bench.client, specOf(url, { method: 'PUT', body: [{ kind: 'file', path }], ...more }),
      );
      assertComplete(exchange);
      assert.equal(exchange.request!.client, client);
      assert.equal(await contentOf(bench.client, exchange), createHash('sha256').update(content).digest('hex'));
      const told = exchange.events.flatMap((event) => event.type === 'request-progress' ? [event.bodySize] : []);
      assert(told.length > 1, `told ${told.length} times`);
      assert.deepEqual(told, told.toSorted((a, b) => a - b));
      assert(told.every((one) => one >= 0 && one <= size));
      assert.equal(exchange.request!.bodySize, size);
    });

    for (const [change, make] of [
      ['shrinks', (): void => truncateSync(path, 2_000_000)], ['grows', (): void => appendFileSync(path, 'more')],
      ['is written over', (): void => writeFileSync(path, randomBytes(size))],
    ] as const) {
      it(`from a file that ${change} meanwhile are broken off: ${name}`, async function () {
        this.timeout(30_000);
        writeFileSync(path, randomBytes(size));
        const url = await hashing(client === 'node:http2', 2);
        const spec = specOf(url, { method: 'PUT', body: [{ kind: 'file', path }], ...more });
        let isChanged = false;
        const [exchange] = await bench.client.send(spec, {
          onConnection: () => undefined,
          onExchange: ({ events }) => {
            if (isChanged || !events.some(({ type }) => type === 'request-progress')) return;
            isChanged = true;
            make();
          },
        });
        const failure = assertFailure(exchange!, 'send', 'body-file-changed');
        assert.equal(failure.detail?.['path'], path);
        assert.equal(failure.detail?.['size'], size);
      });
    }
  }

  it('that are received tell how far they are, with the rate and what is left', async () => {
    const chunk = randomBytes(100_000);
    const port = await bench.serve(http.createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 20 * chunk.length });
      let left = 20;
      const more = (): void => {
        response.write(chunk);
        if (--left > 0) setTimeout(more, 20);
        else response.end();
      };
      more();
    }));
    const spec = specOf(`http://127.0.0.1:${port}/`);
    const seen: Exchange['events'][number][] = [];
    const [exchange] = await bench.client.send(spec, {
      onConnection: () => undefined, onExchange: ({ events }) => void seen.push(...events),
    });
    assertComplete(exchange!);
    const last = seen.findLastIndex(({ type }) => type === 'body-progress');
    const progress = progressOf(record({ id: 'x', spec, events: seen.slice(0, last + 1) }))!;
    assert.equal(progress.direction, 'received');
    assert.equal(progress.total, 2_000_000);
    assert(progress.size > 0 && progress.size <= 2_000_000);
    // 100,000 bytes each 20 ms, or slower on a busy machine, and never much faster.
    assert(progress.rate! > 0 && progress.rate! < 7_000_000, `${progress.rate} bytes a second`);
    assert(Math.abs(progress.left! - ((2_000_000 - progress.size) * 1000) / progress.rate!) < 0.001);
    assert.equal(progressOf(exchange!), undefined);
  });

  it('that are received together, beside short ones, are each whole', async function () {
    this.timeout(60_000);
    const long = randomBytes(40_000_000);
    const port = await bench.serve(http.createServer((request, response) => {
      if (request.url !== '/long') return response.end(`short ${request.url}`);
      response.writeHead(200, { 'content-length': long.length });
      response.end(long);
    }));
    const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
    const longs = [1, 2, 3].map(() => sendOne(bench.client, specOf(url('/long'))));
    let left = 3;
    for (const one of longs) void one.then(() => { left -= 1; });
    for (let count = 0; left > 0; count += 1) {
      const exchange = await sendOne(bench.client, specOf(url(`/${count}`)));
      assert.equal(await contentOf(bench.client, exchange), `short /${count}`);
    }
    const hash = createHash('sha256').update(long).digest('hex');
    for (const exchange of await Promise.all(longs)) {
      assertComplete(exchange);
      await bench.client.saveContent(exchange.id, path);
      assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), hash);
    }
    // And the connections go on.
    assert.equal(await contentOf(bench.client, await sendOne(bench.client, specOf(url('/after')))), 'short /after');
  });

  it('leave those that follow on the connection whole', async function () {
    this.timeout(60_000);
    const chunk = randomBytes(1_000_000);
    const contents = { '/long': Array<Buffer>(20).fill(chunk), '/short': [chunk.subarray(0, 700_000)] };
    const port = await bench.serve(http.createServer((request, response) => {
      const pieces = contents[request.url as keyof typeof contents];
      response.writeHead(200, { 'content-length': pieces.reduce((sum, { length }) => sum + length, 0) });
      // A long one takes long enough to be read as long ones are.
      const write = (index: number): void => {
        if (index === pieces.length) return void response.end();
        response.write(pieces[index], () => setTimeout(write, 10, index + 1));
      };
      write(0);
    }));
    for (const [index, path] of (['/short', '/long', '/short', '/short'] as const).entries()) {
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}${path}`));
      assert.equal(exchange.reused, index > 0);
      const window = await bench.client.readContent(exchange.id, 0, 30_000_000);
      assert(Buffer.concat(contents[path]).equals(window!.bytes), path);
    }
  });

  for (const [name, client, more] of ways) {
    it(`whose end comes while nothing is read leave a connection that goes on: ${name}`, async () => {
      const slow = bench.newClient({ store: slowStore(2) });
      const answer = (request: IncomingMessage | http2.Http2ServerRequest, response: Writable): void =>
        void response.end(Buffer.alloc(Number(request.url!.slice(1)), 'x'));
      const server = client === 'node:http2' ? http2.createServer(answer) : http.createServer(answer);
      const url = `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
      for (let count = 1; count <= 12; count += 1) {
        const exchange = await sendOne(slow, specOf(`${url}/${count * 40_000}`, more));
        assert.equal(assertComplete(exchange).contentSize, count * 40_000);
        assert.deepEqual([exchange.reused, exchange.request!.client], [count > 1, client]);
      }
    });
  }

  it('of another protocol are read to the end, also where they wait for long in between', async () => {
    const port = await bench.raw((socket) => socket.once('data', () => {
      const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n';
      socket.write(head + 'x'.repeat(200_000));
    }));
    const headers: FieldLine[] = [['Connection', 'Upgrade'], ['Upgrade', 'foo']];
    const slow = bench.newClient({ store: slowStore(700) });
    const exchange = await sendOne(slow, specOf(`http://127.0.0.1:${port}/`, { headers }));
    assert.equal(assertComplete(exchange, 101).contentSize, 200_000);
  });

  it('that are too long, behind which the connection ended while nothing was read, fail and nothing else', async () => {
    const authority = await createAuthority();
    const server = tls.createServer(await authority.issue({ names: ['127.0.0.1'] }), (socket) => {
      const part = 'x'.repeat(1000);
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${part}`, () => socket.end(part)));
    });
    const url = `https://127.0.0.1:${await bench.serve(server)}/`;
    const options = { trustAnchors: [{ pem: authority.pem, label: 'test' }], contentLimits: { size: 1500 } };
    const slow = bench.newClient({ store: slowStore(50) });
    for (let count = 0; count < 3; count += 1) {
      assertFailure(await sendOne(slow, specOf(url, { options })), 'receive', 'content-too-large');
      // What is wrong may come to light behind the exchange.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  describe('saved to a file', () => {
    const target = (): string => join(directory, 'saved');

    for (const [where, length] of [['memory', 1000], ['a file', 3_000_000]] as const) {
      it(`are what was received, from ${where}`, async () => {
        const content = randomBytes(length);
        const port = await bench.serve(http.createServer((_request, response) => response.end(content)));
        const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`));
        writeFileSync(target(), 'what was there before');
        assert.equal(await bench.client.saveContent(exchange.id, target()), length);
        assert(content.equals(readFileSync(target())));
        assert.deepEqual(readdirSync(directory), ['saved']);
        // It can be read and saved again.
        assert.equal(await bench.client.saveContent(exchange.id, target()), length);
      });
    }

    it('are not where there is none', async () => {
      assert.equal(await bench.client.saveContent('nobody', target()), undefined);
      assert(!existsSync(target()));
    });

    it('leave nothing half where the file cannot be written', async () => {
      const port = await bench.serve(http.createServer((_request, response) => response.end('x')));
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`));
      await assert.rejects(
        bench.client.saveContent(exchange.id, join(directory, 'missing', 'file')), { code: 'ENOENT' },
      );
      assert.deepEqual(readdirSync(directory), []);
    });
  });
});
