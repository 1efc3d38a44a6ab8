import assert from 'node:assert/strict';
import http2 from 'node:http2';
import net from 'node:net';
import type { Server, Socket } from 'node:net';
import tls from 'node:tls';
import zlib from 'node:zlib';
import type { Exchange } from '../../../src/trace/exchange.ts';
import type { FieldLine, RequestSpec, SendOptions } from '../../../src/trace/request.ts';
import type { Client } from '../../../src/wire/client.ts';
import type { ContentStore } from '../../../src/wire/content/store.ts';
import type { ContentTaker, WriterOwner } from '../../../src/wire/content/writer.ts';
import { nobody } from '../../../src/wire/listener.ts';
import { createAuthority } from '../../support/certificates.ts';
import type { TestAuthority } from '../../support/certificates.ts';
import { createRandom } from '../../dialects/random.ts';
import type { Random } from '../../dialects/random.ts';
import { createBench, specOf } from './support.ts';
import type { Bench } from './support.ts';

// Whatever is held back, borrowed or handed on during an exchange has to be undone at its end, however it ends: the
// next one on the connection comes to know.

const exchanges = 100;
/** An exchange that takes longer has stopped for ever, ms. */
const patience = 10_000;
const noise = Buffer.from(Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * index) >> 7));

const codings: Record<string, (content: Buffer) => Buffer> = {
  gzip: zlib.gzipSync, deflate: zlib.deflateRawSync, br: (content) => zlib.brotliCompressSync(content, {
    params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 },
  }), zstd: zlib.zstdCompressSync,
};

/** What an exchange is asked to be; one to be cancelled may have ended before. */
interface Plan {
  readonly name: string;
  readonly outcome: 'whole' | 'cancelled' | 'broken' | 'too large' | 'allowed' | 'refused';
  readonly method: 'GET' | 'POST' | 'HEAD';
  readonly sent: Buffer;
  readonly content: Buffer;
  readonly fields: readonly FieldLine[];
  readonly body: Buffer;
  readonly framing: 'length' | 'chunked' | 'close';
  /** Until it is cancelled or answered, ms. */
  readonly delay: number;
}

const outcomes = ['whole', 'whole', 'whole', 'whole', 'cancelled', 'broken', 'too large', 'allowed', 'refused'] as const;

function planOf(random: Random, index: number): Plan {
  const outcome = random.pick(outcomes);
  const isBroken = outcome === 'broken';
  const size = random.pick([isBroken ? 10 : 0, 1, 2, 100, 5000, random.below(70_000), random.below(400_000), random.below(2_000_000)]);
  const content = noise.subarray(random.below(noise.length - size + 1)).subarray(0, size);
  const coding = random.pick(['', '', '', ...Object.keys(codings)]);
  const isStream = random.below(8) === 0;
  const method = random.pick(['GET', 'GET', 'GET', 'POST', isBroken ? 'GET' : 'HEAD'] as const);
  const framing = random.pick(['length', 'length', 'length', 'chunked', 'chunked', isBroken ? 'length' : 'close'] as const);
  return {
    name: [index, outcome, method, size, coding, framing, isStream ? 'stream' : ''].join(' '),
    outcome, method, content, framing, delay: random.below(4),
    sent: method === 'POST' ? noise.subarray(0, random.below(100_000)) : Buffer.alloc(0),
    fields: [
      ...(coding ? [['content-encoding', coding]] as const : []),
      ...(isStream ? [['content-type', 'text/event-stream']] as const : []),
    ],
    body: coding ? codings[coding]!(content) : content,
  };
}

/** Writes in pieces that are cut anywhere, some of them a while after the one before. */
async function writeInPieces(random: Random, bytes: Buffer, write: (piece: Buffer) => void): Promise<void> {
  const largest = random.pick([30, 3000, 70_000, 400_000]);
  const least = Math.floor(bytes.length / 40);
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + 1 + Math.max(random.below(largest), least);
    write(bytes.subarray(offset, end));
    offset = end;
    const pause = random.below(6);
    if (pause === 0) await new Promise((resolve) => setTimeout(resolve, random.below(3)));
    else if (pause < 3) await new Promise((resolve) => setImmediate(resolve));
  }
}

function responseOf(random: Random, { method, fields, framing, body }: Plan): Buffer {
  const framings = {
    length: `Content-Length: ${body.length}`, chunked: 'Transfer-Encoding: chunked', close: 'Connection: close',
  };
  const interim = random.below(5) === 0 ? 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n' : '';
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = Buffer.from(`${interim}HTTP/1.1 200 OK\r\n${lines}${framings[framing]}\r\n\r\n`);
  if (method === 'HEAD') return head;
  return Buffer.concat([head, framing === 'chunked' ? chunked(random, body) : body]);
}

function chunked(random: Random, body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let offset = 0; offset < body.length;) {
    const piece = body.subarray(offset, offset + 1 + random.below(40_000));
    pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
    offset += piece.length;
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\nSum: 1\r\n\r\n')]);
}

/** A store that takes what comes at its own pace, and what it took: of a memory what it was given, of a file a copy. */
function createPacedStore(random: Random): ContentStore & { readonly taken: Map<string, Buffer[]> } {
  const taken = new Map<string, Buffer[]>();
  const create = (exchangeId: string): ContentTaker => {
    let owner: WriterOwner | undefined;
    const chunks: Buffer[] = [];
    const often = random.pick([0, 0, 1, 2, 5]);
    const storedIn = random.pick(['memory', 'file'] as const);
    taken.set(exchangeId, chunks);
    const drain = (): void => owner?.onDrain();
    const writer = {
      set owner(one: WriterOwner) { owner = one; },
      size: 0, storedIn,
      append(chunk: Buffer) {
        writer.size += chunk.length;
        chunks.push(storedIn === 'memory' ? chunk : Buffer.from(chunk));
        if (often === 0 || random.below(often) > 0) return true;
        random.pick([setImmediate, queueMicrotask, (later: () => void) => setTimeout(later, random.below(3))])(drain);
        return false;
      },
      end(done: () => void) {
        owner = undefined;
        done();
      },
    };
    return writer;
  };
  return {
    taken, create,
    read: () => Promise.resolve(undefined), save: () => Promise.resolve(undefined),
    forget: () => Promise.resolve(), close: () => Promise.resolve(),
  };
}

describe('one exchange after another on a connection', () => {
  let bench: Bench;
  let authority: TestAuthority;
  let plans: Map<string, Plan>;
  before(async () => { authority = await createAuthority(); });
  beforeEach(() => {
    bench = createBench();
    plans = new Map();
  });
  afterEach(() => bench.close());

  const talk = (random: Random) => (socket: Socket): void => {
    let seen = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const head = seen.toString('latin1').split('\r\n\r\n', 1)[0]!;
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (seen.length < head.length + 4 + length) return;
      seen = seen.subarray(head.length + 4 + length);
      const plan = plans.get(head.split(' ')[1]!)!;
      const isBroken = plan.outcome === 'broken';
      const response = responseOf(random, plan);
      const bytes = isBroken ? response.subarray(0, random.below(response.length)) : response;
      void writeInPieces(random, bytes, (piece) => { if (socket.writable) socket.write(piece); })
        .then(() => { if (isBroken || plan.framing === 'close') socket.end(); });
    });
  };

  const answer = (random: Random) => (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void => {
    stream.on('error', () => {});
    stream.resume();
    stream.on('end', () => {
      const { fields, body, method, outcome } = plans.get(headers[':path']!)!;
      if (stream.destroyed) return;
      // Node ends a stream in order before it resets it: only the length says that something is missing.
      const promised = outcome === 'broken' ? { 'content-length': body.length } : {};
      stream.respond({ ':status': 200, ...Object.fromEntries(fields), ...promised }, { endStream: method === 'HEAD' });
      if (method === 'HEAD') return;
      const bytes = outcome === 'broken' ? body.subarray(0, random.below(body.length)) : body;
      void writeInPieces(random, bytes, (piece) => { if (stream.writable) stream.write(piece); }).then(() => {
        if (outcome === 'broken') stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
        else if (stream.writable) stream.end();
      });
    });
  };

  const serving: Record<string, (random: Random) => Promise<string>> = {
    'http 1.1': async (random) => `http://127.0.0.1:${await bench.serve(net.createServer({ noDelay: true }, talk(random)))}`,
    'https 1.1': async (random) => {
      const identity = await authority.issue({ names: ['127.0.0.1'] });
      return `https://127.0.0.1:${await bench.serve(tls.createServer({ ...identity, noDelay: true }, talk(random)))}`;
    },
    'http 2': async (random) => {
      const server = http2.createServer().on('stream', answer(random));
      return `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
    },
    'https 2': async (random) => {
      const identity = await authority.issue({ names: ['127.0.0.1'] });
      const server = http2.createSecureServer(identity).on('stream', answer(random));
      return `https://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
    },
  };

  async function run(client: Client, url: string, plan: Plan, more: Partial<RequestSpec>): Promise<Exchange> {
    const path = `/${plan.name.replaceAll(' ', '-')}`;
    plans.set(path, plan);
    const { outcome, content, delay } = plan;
    const isLimited = outcome === 'too large' || outcome === 'allowed' || outcome === 'refused';
    const options: SendOptions = {
      trustAnchors: [{ pem: authority.pem, label: 'test' }],
      ...(isLimited ? { contentLimits: { size: content.length >> 1 }, asksBeyondLimits: outcome !== 'too large' } : {}),
    };
    const body = plan.method === 'POST' ? [{ kind: 'bytes', bytes: plan.sent } as const] : undefined;
    const spec = specOf(url + path, { ...more, method: plan.method, options, ...(body ? { body } : {}) });
    const controller = new AbortController();
    const sent = client.send(spec, {
      ...nobody,
      onExchange({ exchangeId, events }) {
        for (const { type } of events) {
          if (type === 'content-held') setTimeout(() => client.release(exchangeId, outcome === 'allowed'), delay);
          if (type === 'request-start' && outcome === 'cancelled') setTimeout(() => controller.abort(), 2 * delay);
        }
      },
    }, controller.signal);
    const stopped = new Promise<never>((_resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${plan.name} never ended`)), patience);
      void sent.finally(() => clearTimeout(timer));
    });
    return (await Promise.race([sent, stopped]))[0]!;
  }

  /** What came of it is what was asked for. */
  function check(plan: Plan, exchange: Exchange, taken: readonly Buffer[]): void {
    const { outcome, method, content } = plan;
    const isEmpty = method === 'HEAD' || content.length === 0;
    const { failure, response } = exchange;
    if (outcome === 'broken') return assert.notEqual(failure, undefined, plan.name);
    if (outcome === 'cancelled') return assert.match(failure?.code ?? 'none', /^(none|cancelled)$/, plan.name);
    if ((outcome === 'too large' || outcome === 'refused') && !isEmpty)
      return assert.equal(failure?.code, 'content-too-large', plan.name);
    assert.equal(failure, undefined, `${plan.name}: ${JSON.stringify(failure)}`);
    assert.equal(response!.complete, true, plan.name);
    assert(Buffer.concat(taken).equals(method === 'HEAD' ? Buffer.alloc(0) : content), `${plan.name}: other content`);
  }

  const ways: readonly (readonly [name: string, server: string, atOnce: number, more: Partial<RequestSpec>])[] = [
    ['HTTP/1.1', 'http 1.1', 1, {}], ['HTTP/1.1 of node:http', 'http 1.1', 1, { headers: [['Host', 'x.test']] }],
    ['HTTPS', 'https 1.1', 1, {}], ['HTTPS of node:http', 'https 1.1', 1, { headers: [['Host', 'x.test']] }],
    ['HTTP/2', 'http 2', 3, { httpVersion: '2-prior-knowledge' }], ['HTTP/2 over TLS', 'https 2', 3, {}],
  ];
  for (const [seed, [name, server, atOnce, more]] of ways.entries()) {
    it(`ends as it must, whatever came before: ${name}`, async function () {
      this.timeout(60_000);
      const store = createPacedStore(createRandom(seed));
      const client = bench.newClient({ store });
      const random = createRandom(seed + ways.length);
      const url = await serving[server]!(createRandom(seed + 2 * ways.length));
      const done: { readonly plan: Plan; readonly exchange: Exchange }[] = [];
      while (done.length < exchanges) {
        const next = Array.from({ length: 1 + random.below(atOnce) }, (_, index) => planOf(random, done.length + index));
        const before = done.at(-1);
        const ended = await Promise.all(next.map((plan) => run(client, url, plan, more)));
        for (const [index, exchange] of ended.entries()) done.push({ plan: next[index]!, exchange });
        // Sent again, on another, where the one before proves closed.
        const isBroken = next[0]!.outcome === 'broken';
        const isKept = before && !isBroken && (server.endsWith('2') || (before.plan.framing !== 'close' && before.exchange.response?.complete));
        if (isKept) assert.equal(
          ended[0]!.connection!.id, before.exchange.connection!.id, `${next[0]!.name} after ${before.plan.name}`,
        );
      }
      for (const { plan, exchange } of done) check(plan, exchange, store.taken.get(exchange.id) ?? []);
    });
  }
});
