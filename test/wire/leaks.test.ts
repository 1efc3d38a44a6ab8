import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import http2 from 'node:http2';
import type { Server, Socket } from 'node:net';
import tls from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Client } from '../../src/wire/client.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { createAuthority } from '../support/certificates.ts';
import type { TestAuthority } from '../support/certificates.ts';
import { freePort } from '../support/sockets.ts';
import { createBench, silent, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

/** As the editor does with what its history lets go of. */
const forgottenTogether = 200;
const MiB = 1024 * 1024;

/** MiB: ten times what was seen, and 200 bytes for each of 10,000 exchanges. */
const tolerance = 2;

interface Way {
  readonly name: string;
  readonly server: 'http' | 'https' | 'http2';
  readonly count: number;
  readonly atOnce: number;
  readonly isKept: boolean;
}

describe('after many exchanges', () => {
  let bench: Bench;
  let authority: TestAuthority;
  before(async () => { authority = await createAuthority(); });
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  async function serve(server: Way['server']): Promise<string> {
    const identity = await authority.issue({ names: ['127.0.0.1'] });
    switch (server) {
      case 'http': return `http://127.0.0.1:${await bench.raw(answerAll)}/`;
      case 'https': return `https://127.0.0.1:${await bench.serve(tls.createServer(identity, answerAll))}/`;
      case 'http2': {
        const http2Server = http2.createSecureServer(identity, answerOne) as unknown as Server;
        return `https://127.0.0.1:${await bench.serve(http2Server)}/`;
      }
    }
  }

  const ways: readonly Way[] = [
    { name: 'on a kept connection', server: 'http', count: 10_000, atOnce: 1, isKept: true },
    { name: 'each on a connection of its own', server: 'http', count: 10_000, atOnce: 20, isKept: false },
    { name: 'on a kept connection with TLS', server: 'https', count: 10_000, atOnce: 1, isKept: true },
    { name: 'each on a connection with TLS of its own', server: 'https', count: 1000, atOnce: 20, isKept: false },
    { name: 'on streams of a connection with TLS', server: 'http2', count: 10_000, atOnce: 20, isKept: true },
  ];
  for (const { name, server, count, atOnce, isKept } of ways) {
    it(`${count} ${name}, memory and descriptors are what they were`, async function () {
      if (process.platform !== 'linux') this.skip();
      this.timeout(120_000);
      const options = {
        trustAnchors: [{ pem: authority.pem, label: 'test' }], ...(isKept ? {} : { forceNewConnection: true }),
      };
      const spec = specOf(await serve(server), { options });
      await sendMany(bench.client, spec, Math.min(1000, count / 2), atOnce);
      const before = await settled(bench.client);
      await sendMany(bench.client, spec, count, atOnce);
      await assertAsBefore(bench.client, before);
    });
  }

  it('5000 that as many origins refused, memory and descriptors are what they were', async function () {
    if (process.platform !== 'linux') this.skip();
    this.timeout(120_000);
    const port = await freePort();
    // Every address of 127.0.0.0/8 is this machine.
    const refused = async (from: number, count: number): Promise<void> => {
      for (let index = from; index < from + count; index++) {
        const [exchange] = await bench.client.send(specOf(`http://127.1.${index >> 8}.${index % 256}:${port}/`), silent);
        assert.equal(exchange!.failure?.code, 'connection-refused');
        await bench.client.forget([exchange!.id], [exchange!.connection!.id]);
      }
    };
    await refused(0, 500);
    const before = await settled(bench.client);
    await refused(500, 5000);
    await assertAsBefore(bench.client, before);
  });
});

const answer = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"message":"hello"}', 'latin1');

/** One answer for each request, none of which has a body. */
function answerAll(socket: Socket): void {
  socket.on('data', (chunk: Buffer) => {
    if (chunk.subarray(-4).toString('latin1') === '\r\n\r\n') socket.write(answer);
  });
  socket.on('end', () => socket.end());
}

function answerOne(_request: unknown, response: http2.Http2ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{"message":"hello"}');
}

async function sendMany(client: Client, spec: RequestSpec, requests: number, atOnce: number): Promise<void> {
  let left = requests;
  let done: { readonly exchanges: string[]; readonly connections: string[] } = { exchanges: [], connections: [] };
  const forget = (): Promise<void> => {
    const { exchanges, connections } = done;
    done = { exchanges: [], connections: [] };
    return client.forget(exchanges, connections);
  };
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const [exchange] = await client.send(spec, silent);
      assert.equal(exchange!.failure, undefined);
      done.exchanges.push(exchange!.id);
      if (!exchange!.reused) done.connections.push(exchange!.connection!.id);
      if (done.exchanges.length >= forgottenTogether) await forget();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await forget();
}

/** Bytes and descriptors held once everything that ends by itself has ended. */
interface Held {
  /** Bytes. */
  readonly memory: number;
  readonly descriptors: number;
}

/** What others have left may be collected only before the second look. */
async function assertAsBefore(client: Client, before: Held): Promise<void> {
  const { memory, descriptors } = await settled(client);
  assert.ok(descriptors <= before.descriptors, `${descriptors} descriptors, not ${before.descriptors}`);
  const isMore = memory - before.memory > tolerance * MiB;
  const grown = ((isMore ? await settled(client) : { memory }).memory - before.memory) / MiB;
  assert.ok(grown <= tolerance, `${grown.toFixed(1)} MiB more`);
}

async function settled(client: Client): Promise<Held> {
  client.closeConnections();
  await client.settled();
  let descriptors = Infinity;
  // Closing takes both ends a few turns of the event loop.
  for (let turn = 0; turn < 200; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const open = readdirSync('/proc/self/fd').length;
    if (open === descriptors && turn > 10) break;
    descriptors = open;
  }
  collectGarbage();
  // Not what the process occupies as a whole: what is freed stays there, for 10,000 connections 100 MiB and more.
  const { heapUsed, external } = process.memoryUsage();
  return { memory: heapUsed + external, descriptors };
}

function collectGarbage(): void {
  setFlagsFromString('--expose_gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
}
