import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Client } from '../../src/wire/client.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { createBench, silent, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

const count = 10_000;
/** As the editor does with what its history lets go of. */
const forgottenTogether = 200;
const MiB = 1024 * 1024;

describe('after 10,000 exchanges', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  const ways: readonly [name: string, options: RequestSpec['options'], atOnce: number][] = [
    ['one after another on a kept connection', {}, 1],
    ['each on a connection of its own', { forceNewConnection: true }, 20],
  ];
  for (const [name, options, atOnce] of ways) {
    it(`${name}, memory and descriptors are what they were`, async function () {
      if (process.platform !== 'linux') this.skip();
      this.timeout(120_000);
      const port = await bench.raw(answerAll);
      const spec = specOf(`http://127.0.0.1:${port}/`, { options });
      await sendMany(bench.client, spec, 1000, atOnce);
      const before = await settled(bench.client);
      await sendMany(bench.client, spec, count, atOnce);
      const after = await settled(bench.client);
      assert.ok(after.descriptors <= before.descriptors, `${after.descriptors} descriptors, not ${before.descriptors}`);
      const grown = (after.memory - before.memory) / MiB;
      assert.ok(grown <= 20, `${grown.toFixed(1)} MiB more`);
    });
  }
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
async function settled(client: Client): Promise<{ memory: number; descriptors: number }> {
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
  const { heapUsed, external } = process.memoryUsage();
  return { memory: heapUsed + external, descriptors };
}

function collectGarbage(): void {
  setFlagsFromString('--expose_gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
}
