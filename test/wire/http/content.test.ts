import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { codingsOf } from '../../../src/wire/content/decoder.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import type { Client, ExchangeUpdate } from '../../../src/wire/client.ts';
import { nobody } from '../../../src/wire/listener.ts';
import { assertComplete, assertFailure, contentOf, createBench, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

const text = 'Roundtrip 한글 '.repeat(4000);

const encoders: Record<string, (input: Buffer) => Buffer> = {
  gzip: zlib.gzipSync, 'x-gzip': zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
};

describe('content', () => {
  let bench: Bench;
  let directory: string;
  beforeEach(() => {
    bench = createBench();
    directory = mkdtempSync(join(tmpdir(), 'content-test-'));
  });
  afterEach(async () => {
    await bench.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A server that answers with these bytes and fields. */
  async function answering(body: Buffer, headers: Record<string, string>, end = body.length): Promise<string> {
    const port = await bench.serve(http.createServer((_request, response) => {
      response.writeHead(200, { 'content-length': String(body.length), ...headers });
      if (end === body.length) response.end(body);
      else response.write(body.subarray(0, end), () => setImmediate(() => response.socket!.end()));
    }));
    return `http://127.0.0.1:${port}/`;
  }

  describe('codings (RFC 9110 §8.4)', () => {
    for (const [coding, encode] of Object.entries(encoders)) {
      it(`${coding} is undone`, async () => {
        const body = encode(Buffer.from(text));
        const exchange = await sendOne(bench.client, specOf(await answering(body, { 'content-encoding': coding })));
        const response = assertComplete(exchange);
        assert.equal(response.bodySize, body.length);
        assert.equal(response.contentSize, Buffer.byteLength(text));
        assert.equal(await contentOf(bench.client, exchange), text);
      });

      it(`${coding} that ends too early is truncated, and what came is kept`, async () => {
        const body = encode(Buffer.from(randomText(600_000)));
        const cut = body.subarray(0, body.length - 20);
        const exchange = await sendOne(bench.client, specOf(await answering(cut, { 'content-encoding': coding })));
        const failure = assertFailure(exchange, 'receive', 'response-truncated');
        assert.equal(failure.detail?.['where'], 'content-coding');
        assert.equal(exchange.response!.complete, false);
        assert.equal(exchange.response!.bodySize, cut.length);
        assert(exchange.response!.contentSize > 0, 'nothing kept');
      });

      it(`${coding} cut off by the connection is truncated too`, async () => {
        const body = encode(Buffer.from(randomText(600_000)));
        const url = await answering(body, { 'content-encoding': coding }, body.length >> 1);
        const exchange = await sendOne(bench.client, specOf(url));
        assertFailure(exchange, 'receive', 'response-truncated');
        assert(exchange.response!.contentSize > 10_000, `${exchange.response!.contentSize} kept`);
      });

      it(`${coding} that is none fails to decode`, async () => {
        const exchange = await sendOne(
          bench.client, specOf(await answering(Buffer.from('not compressed at all'), { 'content-encoding': coding })),
        );
        assertFailure(exchange, 'receive', 'decoding-failed');
      });
    }

    it('deflate without the zlib format is undone as well', async () => {
      const url = await answering(zlib.deflateRawSync(Buffer.from(text)), { 'content-encoding': 'deflate' });
      assert.equal(await contentOf(bench.client, await sendOne(bench.client, specOf(url))), text);
    });

    it('are undone in reverse, up to five', async () => {
      const body = encoders['br']!(
        encoders['zstd']!(encoders['deflate']!(encoders['gzip']!(encoders['gzip']!(Buffer.from(text))))),
      );
      const url = await answering(body, { 'content-encoding': 'gzip, x-gzip, deflate, ZSTD, identity, br' });
      const exchange = await sendOne(bench.client, specOf(url));
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), text);
    });

    it('more than five are refused', async () => {
      const url = await answering(Buffer.from('x'), { 'content-encoding': 'gzip, gzip, gzip, gzip, gzip, gzip' });
      const failure = assertFailure(await sendOne(bench.client, specOf(url)), 'receive', 'decoding-failed');
      assert.deepEqual(failure.detail, { codings: 6, limit: 5 });
    });

    it('that are unknown stay', async () => {
      const body = encoders['gzip']!(Buffer.from('left as it is'));
      const exchange = await sendOne(
        bench.client, specOf(await answering(body, { 'content-encoding': 'secret, gzip' })),
      );
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), 'left as it is');
      assert.deepEqual(codingsOf(['secret, gzip']), { undone: ['gzip'], unknown: 'secret', count: 2 });
    });

    it('of nothing decode to nothing', async () => {
      const exchange = await sendOne(
        bench.client, specOf(await answering(Buffer.alloc(0), { 'content-encoding': 'gzip' })),
      );
      assert.equal(assertComplete(exchange).contentSize, 0);
    });
  });

  describe('limits', () => {
    it('a bomb is given up soon after 10 MiB', async () => {
      const body = zlib.brotliCompressSync(Buffer.alloc(64 * 1024 * 1024));
      assert(body.length * 1000 < 64 * 1024 * 1024);
      const exchange = await sendOne(bench.client, specOf(await answering(body, { 'content-encoding': 'br' })));
      const failure = assertFailure(exchange, 'receive', 'content-too-large');
      assert.equal(failure.detail?.['expansion'], 1000);
      assert(exchange.response!.contentSize <= 10 * 1024 * 1024);
    });

    it('much that is honest is no bomb', async () => {
      const body = zlib.gzipSync(Buffer.alloc(12 * 1024 * 1024, 'a'), { level: 1 });
      const exchange = await sendOne(bench.client, specOf(await answering(body, { 'content-encoding': 'gzip' })));
      assert.equal(assertComplete(exchange).contentSize, 12 * 1024 * 1024);
    });

    it('a content beyond the limit stops', async () => {
      const client = bench.newClient({ maxContentSize: 3_000_000, contentDirectory: directory });
      const exchange = await sendOne(client, specOf(await answering(Buffer.alloc(4_000_000), {})));
      const failure = assertFailure(exchange, 'receive', 'content-too-large');
      assert.equal(failure.detail?.['limit'], 3_000_000);
      assert(exchange.response!.contentSize <= 3_000_000);
    });
  });

  describe('limits somebody is asked about', () => {
    const body = Buffer.from(randomText(3_000_000));

    /** Sends with a limit of 1 MB and answers its question. */
    async function asked(url: string, answer: (client: Client, exchangeId: string) => void, options: SendOptions = {}) {
      const client = bench.newClient({ contentDirectory: directory });
      const listener = {
        ...nobody,
        onExchange: ({ exchangeId, events }: ExchangeUpdate): void => {
          if (events.some(({ type }) => type === 'content-held')) setTimeout(answer, 30, client, exchangeId);
        },
      };
      const spec = specOf(url, { options: { asksBeyondLimits: true, contentLimits: { size: 1_000_000 }, ...options } });
      const [exchange] = await client.send(spec, listener);
      return { client, exchange: exchange! };
    }

    const goOn = (client: Client, id: string): void => void client.release(id, true);
    const stop = (client: Client, id: string): void => void client.release(id, false);

    it('an announced length is asked about before anything is taken, and all of it comes after a yes', async () => {
      const { client, exchange } = await asked(await answering(body, {}), goOn);
      assert.equal(assertComplete(exchange).contentSize, body.length);
      const held = exchange.events.find((event) => event.type === 'content-held');
      assert.deepEqual({ ...held, at: 0 }, {
        type: 'content-held', at: 0, limit: 'size', allowed: 1_000_000, bodySize: 0, contentSize: 0, announced: body.length,
      });
      assert.equal(exchange.held, undefined);
      assert(body.equals((await client.readContent(exchange.id, 0, body.length))!.bytes));
    });

    it('one that is not announced is asked about where it goes beyond', async () => {
      const url = await answering(zlib.gzipSync(body), { 'content-encoding': 'gzip' });
      const { client, exchange } = await asked(url, goOn);
      assert.equal(assertComplete(exchange).contentSize, body.length);
      assert(body.equals((await client.readContent(exchange.id, 0, body.length))!.bytes));
    });

    it('expansion is another question', async () => {
      const bomb = zlib.brotliCompressSync(Buffer.alloc(24 * 1024 * 1024));
      const limits: string[] = [];
      const { exchange } = await asked(await answering(bomb, { 'content-encoding': 'br' }), goOn, {
        contentLimits: { size: 12_000_000 },
      });
      for (const event of exchange.events) if (event.type === 'content-held') limits.push(event.limit);
      assert.deepEqual(limits, ['expansion', 'size']);
      assert.equal(assertComplete(exchange).contentSize, 24 * 1024 * 1024);
    });

    it('a no ends it with a failure that names the limit', async () => {
      const { exchange } = await asked(await answering(body, {}), stop);
      const failure = assertFailure(exchange, 'receive', 'content-too-large');
      assert.deepEqual(failure.detail, {
        limit: 1_000_000, bodySize: 0, contentSize: 0, announced: body.length, asked: true,
      });
    });

    it('HEAD promises the length of a content that does not come', async () => {
      const { client } = await asked(await answering(Buffer.from('x'), {}), goOn);
      const url = await answering(body, {});
      const spec = specOf(url, { method: 'HEAD', options: { contentLimits: { size: 10 } } });
      assertComplete((await client.send(spec, nobody))[0]!);
    });

    it('the connection is kept, and used again', async () => {
      const url = await answering(body, {});
      const { client, exchange } = await asked(url, goOn);
      const [next] = await client.send(specOf(url), nobody);
      assert.equal(next!.connection!.id, exchange.connection!.id);
      assert(next!.reused);
    });

    for (const size of [5_000, 20_000]) {
      it(`the limit of time does not count meanwhile, and counts after a yes: ${size} bytes with a coding`, async () => {
        const coded = zlib.gzipSync(randomBytes(size));
        const url = await answering(coded, { 'content-encoding': 'gzip', 'content-length': String(2 * size) });
        const { exchange } = await asked(url, (client, id) => setTimeout(goOn, 300, client, id), {
          contentLimits: { size: 1000 }, timeouts: { idle: 100 },
        });
        assertFailure(exchange, 'receive', 'idle-timeout');
        assert(exchange.events.some((event) => event.type === 'content-released' && event.goOn));
      });
    }

    it('cancelling does not wait for an answer', async () => {
      const client = bench.newClient({ contentDirectory: directory });
      const controller = new AbortController();
      const listener = {
        ...nobody,
        onExchange: ({ events }: ExchangeUpdate): void => {
          if (events.some(({ type }) => type === 'content-held')) setImmediate(() => controller.abort());
        },
      };
      const spec = specOf(await answering(body, {}), {
        options: { asksBeyondLimits: true, contentLimits: { size: 10 } },
      });
      const [exchange] = await client.send(spec, listener, controller.signal);
      assertFailure(exchange!, 'receive', 'cancelled');
      assert.equal(client.release(exchange!.id, true), false);
    });

    it('a server that went away meanwhile is noticed after the answer', async () => {
      const port = await bench.serve(http.createServer((_request, response) => {
        response.writeHead(200, { 'content-length': String(body.length) });
        response.write(body.subarray(0, 1000), () => setTimeout(() => response.socket!.destroy(), 50));
      }));
      const { exchange } = await asked(`http://127.0.0.1:${port}/`, (client, id) => setTimeout(goOn, 100, client, id));
      assertFailure(exchange, 'receive', 'response-truncated');
      assert.equal(exchange.held, undefined);
    });
  });

  describe('storage', () => {
    const large = Buffer.from(randomText(3_500_000));

    it('up to 1 MiB is in memory', async () => {
      const client = bench.newClient({ contentDirectory: directory });
      const exchange = await sendOne(client, specOf(await answering(large.subarray(0, 1024 * 1024), {})));
      assert.equal(assertComplete(exchange).storedIn, 'memory');
      assert.deepEqual(readdirSync(directory), []);
    });

    it('beyond it is in a file of its own, read in windows', async () => {
      const client = bench.newClient({ contentDirectory: directory });
      const exchange = await sendOne(client, specOf(await answering(large, {})));
      assert.equal(assertComplete(exchange).storedIn, 'file');
      const [name] = readdirSync(directory);
      assert.equal(statSync(join(directory, name!)).mode & 0o777, 0o600);
      const whole = await client.readContent(exchange.id, 0, large.length + 10);
      assert.equal(whole!.total, large.length);
      assert(large.equals(whole!.bytes));
      const window = await client.readContent(exchange.id, 2_000_000, 1000);
      assert(large.subarray(2_000_000, 2_001_000).equals(window!.bytes));
      assert.equal((await client.readContent(exchange.id, large.length + 5, 10))!.bytes.length, 0);
    });

    it('how much is in memory is settable', async () => {
      const client = bench.newClient({ contentDirectory: directory });
      const spec = specOf(await answering(large.subarray(0, 2000), {}), {
        options: { contentLimits: { memory: 1000 } },
      });
      assert.equal(assertComplete((await client.send(spec, nobody))[0]!).storedIn, 'file');
    });

    it('in memory together are 64 MiB: the oldest move to files, and are read as before', async () => {
      const client = bench.newClient({ contentDirectory: directory });
      const url = await answering(large.subarray(0, 1024 * 1024), {});
      const ids: string[] = [];
      for (let index = 0; index < 70; index += 1) ids.push((await client.send(specOf(url), nobody))[0]!.id);
      for (const id of [ids[0]!, ids[5]!, ids[69]!]) {
        const { bytes, total } = (await client.readContent(id, 1000, 500))!;
        assert.equal(total, 1024 * 1024);
        assert(large.subarray(1000, 1500).equals(bytes));
      }
      while (readdirSync(directory).length < 6) await new Promise((resolve) => setTimeout(resolve, 10));
      assert(readdirSync(directory).length <= 6);
      await client.forget(ids);
      assert.deepEqual(readdirSync(directory), []);
    });

    it('what is forgotten is deleted', async () => {
      const client = bench.newClient({ contentDirectory: directory });
      const exchange = await sendOne(client, specOf(await answering(large, {})));
      assert.equal(readdirSync(directory).length, 1);
      await client.forget([exchange.id]);
      assert.deepEqual(readdirSync(directory), []);
      assert.equal(await client.readContent(exchange.id, 0, 10), undefined);
    });

    it('closing deletes everything, and leaves a directory that was given', async () => {
      const client = bench.newClient({ contentDirectory: directory });
      const url = await answering(large, {});
      await Promise.all([sendOne(client, specOf(url)), sendOne(client, specOf(url))]);
      assert.equal(readdirSync(directory).length, 2);
      await client.close();
      assert.deepEqual(readdirSync(directory), []);
      assert(existsSync(directory));
    });

    it('a directory that cannot be made fails the exchange, not the process', async () => {
      const client = bench.newClient({ contentDirectory: join(import.meta.filename, 'below') });
      const exchange = await sendOne(client, specOf(await answering(large, {})));
      assertFailure(exchange, 'receive', 'content-not-stored');
    });
  });
});

/** Text that does not compress to nothing. */
function randomText(length: number): string {
  let state = 12345;
  let result = '';
  while (result.length < length) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    result += state.toString(36);
  }
  return result.slice(0, length);
}
