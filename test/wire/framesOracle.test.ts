import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionEvent, ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { Http2Frame } from '../../src/trace/http2/frame.ts';
import { frameType } from '../../src/trace/http2/frameNames.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { issueSelfSigned } from '../support/certificates.ts';
import { debianOrSkip, requireDebian, skipped } from '../support/debian.ts';
import { startNginx, type Nginx } from '../support/nginx.ts';
import { assertComplete, bytes, createBench, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

type Direction = Http2Frame['direction'];

/** What is compared: of one direction, in order. DATA of one stream is taken together, as it is told. */
interface Account {
  readonly frames: readonly (readonly (number | string)[])[];
  readonly fields: readonly string[];
  readonly settings: readonly string[];
  readonly increments: readonly number[];
  readonly errors: readonly number[];
  readonly pings: readonly string[];
}

const columns = [
  'tcp.srcport', 'http2.type', 'http2.flags', 'http2.streamid', 'http2.length', 'http2.header.name',
  'http2.header.value',
  'http2.settings.id', 'http2.settings.initial_window_size', 'http2.window_update.window_size_increment',
  'http2.rst_stream.error', 'http2.goaway.error', 'http2.ping', 'http2.pong',
] as const;

/** Runs of DATA on one stream become one: what is between them in the other direction divides ours, and not theirs. */
function together(
  frames: readonly (readonly [type: number, flags: number, stream: number, length: number, count: number])[],
): Account['frames'] {
  const result: (number | string)[][] = [];
  for (const [type, flags, stream, length, count] of frames) {
    const last = result.at(-1);
    if (type === frameType.data && last?.[0] === 'DATA' && last[1] === stream) {
      last[2] = (last[2] as number) + length;
      last[3] = (last[3] as number) + count;
      last[4] = flags;
    } else result.push(type === frameType.data ? ['DATA', stream, length, count, flags] : [type, flags, stream, length]);
  }
  return result;
}

/** `all` are those told to the exchanges and to the connection. CONTINUATION frames here do not follow each other. */
function ours(all: readonly Http2Frame[], direction: Direction): Account {
  const told = all.filter((frame) => frame.direction === direction).sort((a, b) => a.offset - b.offset);
  return {
    frames: together(told.map(({ type, flags, stream, length, count = 1 }) => [type, flags, stream, length, count])),
    fields: told.flatMap(({ fields = [] }) => fields.map(({ name, value }) => `${name}: ${value}`)),
    settings: told.flatMap(({ settings = [] }) => settings.map(([identifier]) => String(identifier))),
    increments: told.flatMap(({ increment }) => increment === undefined ? [] : [increment]),
    errors: told.flatMap(({ errorCode }) => errorCode === undefined ? [] : [errorCode]),
    pings: told.flatMap(({ type, opaque }) => type === frameType.ping ? [opaque!] : []),
  };
}

function theirs(rows: readonly string[], isOfDirection: (port: number) => boolean): Account {
  const all = Object.fromEntries(columns.map((column) => [column, [] as string[]]));
  for (const row of rows) {
    const cells = row.split('\t');
    if (!isOfDirection(Number(cells[0]))) continue;
    for (const [index, column] of columns.entries()) all[column]!.push(
      ...cells[index]!.split('\x1f').filter((value, _, { length }) => length > 1 || value !== ''),
    );
  }
  const of = (column: (typeof columns)[number]): string[] => all[column]!;
  const lengths = of('http2.length').map(Number);
  const types = of('http2.type').map(Number);
  return {
    frames: together(
      types.map((type, index) => [type, Number(of('http2.flags')[index]), Number(of('http2.streamid')[index]), lengths[index]!, 1]),
    ),
    fields: of('http2.header.name').map((name, index) => `${name}: ${of('http2.header.value')[index]}`),
    settings: of('http2.settings.id').map((id) => String(Number(id))),
    increments: of('http2.window_update.window_size_increment').map(Number),
    errors: [...of('http2.rst_stream.error'), ...of('http2.goaway.error')].map(Number),
    pings: [...of('http2.ping'), ...of('http2.pong')].map((octets) => octets.replaceAll(':', '')),
  };
}

describe('HTTP/2 frames as tshark tells them', function () {
  this.timeout(120_000);
  let bench: Bench;
  let directory: string;
  let program: string;
  let nginx: Nginx<never> | undefined;
  let frames: Http2Frame[];
  const children: ChildProcess[] = [];

  before(function () {
    debianOrSkip(this, 'tshark', 'tshark');
    program = debianOrSkip(this, 'nginx-light', 'nginx');
    if (process.getuid?.() !== 0) skipped(this, 'packets of the loopback interface can be seen by root only');
  });
  beforeEach(() => {
    bench = createBench();
    frames = [];
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-frames-'));
  });
  afterEach(async () => {
    await bench.close();
    for (const child of children.splice(0)) await end(child);
    await nginx?.stop();
    nginx = undefined;
    rmSync(directory, { recursive: true });
  });

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGINT');
    await once(child, 'exit');
  }

  /** Packets of a port, while `use` goes on: one row for each packet with frames. */
  async function watched(port: number, use: () => Promise<void>): Promise<string[]> {
    const path = join(directory, 'x.pcapng');
    const dumpcap = spawn(requireDebian('tshark', 'dumpcap'), ['-q', '-B', '64', '-i', 'lo', '-f', `tcp port ${port}`, '-w', path]);
    children.push(dumpcap);
    let noise = '';
    dumpcap.stderr.on('data', (chunk) => { noise += chunk; });
    while (!noise.includes('File:') && dumpcap.exitCode === null) await wait(20);
    await wait(300);
    await use();
    await wait(500);
    await end(dumpcap);
    assert.ok(existsSync(path), noise);
    const { stdout, status, stderr } = spawnSync('tshark', [
      '-n', '-r', path, '-d', `tcp.port==${port},http2`, '-Y', 'http2.type', '-T', 'fields', '-E', 'occurrence=a', '-E',
      'aggregator=\x1f',
      '-o', 'tcp.desegment_tcp_streams:TRUE', ...columns.flatMap((column) => ['-e', column]),
    ], { encoding: 'utf8', maxBuffer: 1e9 });
    assert.equal(status, 0, stderr);
    return stdout.split('\n').filter(Boolean);
  }

  function send(spec: RequestSpec): Promise<Exchange> {
    const note = ({ events }: { readonly events: readonly (ExchangeEvent | ConnectionEvent)[] }): void => {
      for (const event of events) if (event.type === 'http2-frames') frames.push(...event.frames);
    };
    return bench.client.send(spec, { onExchange: note, onConnection: note }).then(([exchange]) => exchange!);
  }

  function assertSame(rows: readonly string[], port: number): void {
    for (const [direction, isOfDirection] of [
      ['sent', (from: number) => from !== port], ['received', (from: number) => from === port],
    ] as const) {
      const [seen, expected] = [ours(frames, direction), theirs(rows, isOfDirection)];
      assert.ok(expected.frames.length > 4);
      assert.deepEqual(seen.frames, expected.frames);
      assert.deepEqual(seen.fields, expected.fields);
      assert.deepEqual(seen.settings, expected.settings);
      assert.deepEqual(seen.increments, expected.increments);
      assert.deepEqual(seen.errors, expected.errors);
      assert.deepEqual(seen.pings, expected.pings);
    }
  }

  const h2c = { httpVersion: '2-prior-knowledge' } as const;

  it('with a server that does everything', async () => {
    const server = http2.createServer({ settings: { maxConcurrentStreams: 50, initialWindowSize: 30_000 } });
    server.on('session', (session) => session.ping(() => {}));
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      if (headers[':path'] === '/reset') return stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
      stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
      stream.respond(
        { ':status': 200, 'set-cookie': ['a=1', 'b=2'], 'x-large': 'z'.repeat(17_000) }, { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc' }));
      stream.pipe(stream);
    });
    const port = await bench.serve(server as unknown as Server);
    const url = `http://127.0.0.1:${port}`;
    const exchanges: Exchange[] = [];
    const rows = await watched(port, async () => {
      const post = {
        ...h2c, method: 'POST', headers: [['X-Twice', 'a'], ['X-Twice', 'b'], ['Authorization', 'Bearer 0123456789']],
      } as const;
      for (const size of [10, 200_000, 1_500_000]) {
        exchanges.push(await send(specOf(`${url}/${size}`, { ...post, body: [bytes('b'.repeat(size))] })));
      }
      exchanges.push(...(await Promise.all(
        Array.from({ length: 10 }, (_, index) => send(specOf(`${url}/many/${index}`, { ...post, body: [bytes('c'.repeat(40_000))] }))))));
      exchanges.push(await send(specOf(`${url}/reset`, h2c)));
    });
    for (const exchange of exchanges.slice(0, -1)) assertComplete(exchange);
    assert.equal(exchanges.at(-1)!.failure?.code, 'stream-reset');
    assertSame(rows, port);
  });

  it('with nginx', async () => {
    nginx = await startNginx({
      program, variables: [], identity: await issueSelfSigned({ names: ['localhost'] }), plainHttp2: true,
      server: 'location /hi { add_header X-Nginx yes; return 200 "hi"; }',
    });
    writeFileSync(join(nginx.directory, 'file.txt'), 'n'.repeat(300_000));
    const port = Number(new URL(nginx.origins.http).port);
    const exchanges: Exchange[] = [];
    const rows = await watched(port, async () => {
      for (const path of ['/hi', '/file.txt', '/missing', '/hi']) {
        exchanges.push(
          await send(
            specOf(`http://127.0.0.1:${port}${path}`, {
              ...h2c, headers: [['User-Agent', 'Roundtrip'], ['Accept', '*/*']],
            }),
          ),
        );
      }
    });
    assert.deepEqual(exchanges.map(({ response }) => response?.statusCode), [200, 200, 404, 200]);
    assertSame(rows, port);
  });
});
