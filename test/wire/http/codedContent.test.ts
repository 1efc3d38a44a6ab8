import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { assertComplete, assertFailure, contentOf, createBench, onHead, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

const encoders: Record<string, (input: string) => Buffer> = {
  'gzip': zlib.gzipSync, 'deflate': zlib.deflateSync, 'br': zlib.brotliCompressSync, 'zstd': zlib.zstdCompressSync,
  'deflate without zlib': zlib.deflateRawSync,
};

/** RFC 8878 §3.1.2. */
const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

describe('what is coded and its end', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  /** Answers each request with the next of these bodies, in pieces that go out one by one. */
  async function answering(coding: string, ...bodies: Buffer[][]): Promise<string> {
    let turn = 0;
    const port = await bench.raw((socket) => onHead(socket, () => void send(socket, coding, bodies[turn++]!)));
    return `http://127.0.0.1:${port}/`;
  }

  async function send(socket: Socket, coding: string, pieces: Buffer[]): Promise<void> {
    const length = Buffer.concat(pieces).length;
    const [first, ...later] = pieces;
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${length}\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), first!]));
    for (const piece of later) {
      await new Promise((sent) => setTimeout(sent, 2));
      if (!socket.write(piece)) await once(socket, 'drain');
    }
  }

  for (const [name, encode] of Object.entries(encoders)) {
    const coding = name.split(' ')[0]!;
    const coded = encode('the whole content');
    const more = Buffer.from('and more');
    const ways: Record<string, Buffer[]> = {
      'with it': [Buffer.concat([coded, more])],
      'later': [coded, more],
      'later, and the end later still': [coded, more.subarray(0, 3), more.subarray(3)],
      'begun with it': [Buffer.concat([coded, more.subarray(0, 3)]), more.subarray(3)],
    };

    for (const [way, pieces] of Object.entries(ways)) {
      it(`${name}: bytes behind its end that come ${way} are told, and what was before them is kept`, async () => {
        const url = await answering(coding, pieces, [coded]);
        const exchange = await sendOne(bench.client, specOf(url));
        const failure = assertFailure(exchange, 'receive', 'decoding-failed');
        assert.deepEqual(failure.detail, { codings: [coding], excess: more.length });
        assert.equal(exchange.response!.complete, false);
        assert.equal(exchange.response!.bodySize, coded.length + more.length);
        assert.equal(await contentOf(bench.client, exchange), 'the whole content');
        const next = await sendOne(bench.client, specOf(url));
        assertComplete(next);
        assert.equal(next.reused, true);
      });
    }
  }

  it('zeroes that pad a gzip are told too', async () => {
    const coded = zlib.gzipSync('text');
    const exchange = await sendOne(bench.client, specOf(await answering('gzip', [coded, Buffer.alloc(512)])));
    assert.equal(assertFailure(exchange, 'receive', 'decoding-failed').detail?.['excess'], 512);
    assert.equal(await contentOf(bench.client, exchange), 'text');
  });

  it('bytes behind a coding within another are told', async () => {
    const inner = Buffer.concat([zlib.deflateSync('text'), Buffer.from('more')]);
    const exchange = await sendOne(
      bench.client, specOf(await answering('deflate, gzip', [zlib.gzipSync(inner)])),
    );
    assert.equal(assertFailure(exchange, 'receive', 'decoding-failed').detail?.['excess'], 4);
    assert.equal(await contentOf(bench.client, exchange), 'text');
  });

  it('a large content with bytes behind it is whole', async () => {
    const text = 'Roundtrip '.repeat(300_000);
    for (const [name, encode] of Object.entries(encoders)) {
      const url = await answering(name.split(' ')[0]!, [Buffer.concat([encode(text), Buffer.from('more')])]);
      const exchange = await sendOne(bench.client, specOf(url));
      assert.equal(assertFailure(exchange, 'receive', 'decoding-failed').detail?.['excess'], 4, name);
      assert.equal(await contentOf(bench.client, exchange), text, name);
    }
  });

  const one = 'the first, ';
  const two = 'the second';
  const several: Record<string, [string, Buffer]> = {
    'frames of zstd (RFC 8878 §3.1)': ['zstd', Buffer.concat([zlib.zstdCompressSync(one), zlib.zstdCompressSync(two)])],
    'frames of zstd that say their sum and no size': ['zstd', Buffer.concat([summed(one), summed(two)])],
    'skippable frames of zstd': ['zstd', Buffer.concat([
      skippable, zlib.zstdCompressSync(one), skippable, zlib.zstdCompressSync(two), skippable,
    ])],
    'members of gzip (RFC 1952 §2.2)': ['gzip', Buffer.concat([zlib.gzipSync(one), zlib.gzipSync(two)])],
    'members of gzip that are empty': ['gzip', Buffer.concat([
      zlib.gzipSync(''), zlib.gzipSync(one), zlib.gzipSync(''), zlib.gzipSync(two), zlib.gzipSync(''),
    ])],
    'members of gzip with all a header may hold (RFC 1952 §2.3)': ['gzip', Buffer.concat([full(one), full(two)])],
  };
  for (const [name, [coding, body]] of Object.entries(several)) {
    it(`${name} are one content, wherever they are cut`, async () => {
      const cuts = Array.from({ length: body.length }, (_, at) => [body.subarray(0, at), body.subarray(at)].filter(
        ({ length }) => length > 0));
      for (const pieces of [...cuts, Array.from(body, (byte) => Buffer.from([byte]))]) {
        const url = await answering(coding, pieces);
        const exchange = await sendOne(bench.client, specOf(url));
        assertComplete(exchange);
        assert.equal(await contentOf(bench.client, exchange), one + two, String(pieces[0]!.length));
      }
    }).timeout(60_000);
  }

  it('what gzip(1) makes of two files, with their names, is one content', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'coded-test-'));
    try {
      const paths = [one, two].map((text, index) => {
        const path = join(directory, `file ${index}.txt`);
        writeFileSync(path, text);
        return path;
      });
      const body = execFileSync('gzip', ['--stdout', '--name', ...paths]);
      assert(body.includes('file 1.txt\0'));
      const exchange = await sendOne(bench.client, specOf(await answering('gzip', [body])));
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), one + two);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('large frames and members are taken one after another', async () => {
    const text = Array.from({ length: 200_000 }, (_, index) => index * 7919 % 100_003).join(' ');
    for (const coding of ['gzip', 'zstd']) {
      const url = await answering(coding, [Buffer.concat(Array.from({ length: 5 }, () => encoders[coding]!(text)))]);
      const exchange = await sendOne(bench.client, specOf(url));
      assert.equal(assertComplete(exchange).contentSize, 5 * text.length);
    }
  });

  const cutOff: Record<string, [string, Buffer]> = {
    'the second member of a gzip': ['gzip', Buffer.concat([zlib.gzipSync(one), zlib.gzipSync(two).subarray(0, -3)])],
    'the header of the second member': ['gzip', Buffer.concat([zlib.gzipSync(one), zlib.gzipSync(two).subarray(0, 6)])],
    'the second frame of a zstd': ['zstd', Buffer.concat([zlib.zstdCompressSync(one), zlib.zstdCompressSync(two).subarray(0, -3)])],
  };
  for (const [name, [coding, body]] of Object.entries(cutOff)) {
    it(`${name} that ends too early is truncated, and the first is kept`, async () => {
      const exchange = await sendOne(bench.client, specOf(await answering(coding, [body])));
      const failure = assertFailure(exchange, 'receive', 'response-truncated');
      assert.equal(failure.detail?.['where'], 'content-coding');
      assert((await contentOf(bench.client, exchange)).startsWith(one));
    });
  }

  const damaged: Record<string, (member: Buffer) => void> = {
    'data': (member) => { member[20]! ^= 0x55; },
    'sum': (member) => { member[member.length - 8]! ^= 1; },
    'length': (member) => { member[member.length - 4]! ^= 1; },
    'method': (member) => { member[2] = 7; },
    'flags': (member) => { member[3]! |= 0x80; },
    'sum of its header': (member) => { member[4]! ^= 1; },
  };
  for (const [what, damage] of Object.entries(damaged)) {
    it(`a gzip whose ${what} is wrong fails to decode`, async () => {
      const member = what === 'sum of its header' ? full(one) : zlib.gzipSync('content '.repeat(9) + one);
      damage(member);
      const failure = assertFailure(
        await sendOne(bench.client, specOf(await answering('gzip', [member]))), 'receive', 'decoding-failed',
      );
      assert.equal(failure.detail?.['excess'], undefined);
      assert.equal(failure.cause?.code, 'Z_DATA_ERROR');
    });
  }

  for (const [name, encode] of Object.entries(encoders)) {
    it(`${name} that is none leaves a connection that goes on`, async () => {
      const coding = name.split(' ')[0]!;
      const plain = Buffer.from('plain text that is none');
      const url = await answering(coding, [plain], [encode('text')]);
      assertFailure(await sendOne(bench.client, specOf(url)), 'receive', 'decoding-failed');
      const next = await sendOne(bench.client, specOf(url));
      assertComplete(next);
      assert.equal(next.reused, true);
    });
  }

  it('a gzip whose header has no end fails to decode', async () => {
    const head = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(300_000, 'a')]);
    const exchange = await sendOne(bench.client, specOf(await answering('gzip', [head])));
    assert.equal(assertFailure(exchange, 'receive', 'decoding-failed').cause?.message, 'header too long');
  });
});

/** A member with FEXTRA, FNAME, FCOMMENT and FHCRC. */
function full(text: string): Buffer {
  const head = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3, 5, 0]), Buffer.from('extra'),
    Buffer.from('name.txt\0and a comment\0'),
  ]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(zlib.crc32(head) & 0xffff);
  return Buffer.concat([head, sum, zlib.gzipSync(text).subarray(10)]);
}

function summed(text: string): Buffer {
  const { ZSTD_c_checksumFlag: sum, ZSTD_c_contentSizeFlag: size } = zlib.constants;
  return zlib.zstdCompressSync(text, { params: { [sum]: 1, [size]: 0 } });
}
