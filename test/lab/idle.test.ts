import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { skipped } from '../support/debian.ts';
import { converse, dial, receive } from './running.ts';

// Many connections on which nothing happens, in a process of their own: they cost memory, and nothing else.

const wanted = 10_000;
/** Descriptors that both ends need for other things. */
const spare = 200;

const lab = `
  import { startLab } from ${JSON.stringify(new URL('../../src/lab/lab.ts', import.meta.url).href)};
  const limits = { maxConnections: 20_000, keepAliveTimeout: 120_000, headTimeout: 60_000, requestTimeout: 60_000 };
  const { addresses } = await startLab({ limits });
  process.on('message', () => {
    globalThis.gc();
    process.send({ memory: process.memoryUsage().rss });
  });
  process.on('disconnect', () => process.exit());
  process.send({ port: addresses.http.port });
`;

describe('10,000 idle connections', () => {
  let child: ChildProcess;
  let port = 0;
  const sockets: Socket[] = [];
  before(async function () {
    const limit = process.platform === 'win32' ? 'unlimited' : execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
    if (limit !== 'unlimited' && Number(limit) < wanted + spare) {
      return skipped(this, `there are ${limit} descriptors, and it takes ${wanted + spare}`);
    }
    child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', lab], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    [{ port }] = await once(child, 'message') as [{ port: number }];
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    child?.kill('SIGKILL');
  });

  const get = (more = '') => `GET /json HTTP/1.1\r\nHost: lab.test:${port}\r\n${more}\r\n`;
  async function answered(socket: Socket): Promise<boolean> {
    const received = receive(socket, /\}\n$/);
    socket.write(get());
    return /^HTTP\/1\.1 200 OK\r\n/.test((await received).text);
  }
  async function memory(): Promise<number> {
    const told = once(child, 'message') as Promise<[{ memory: number }]>;
    child.send('memory');
    return (await told)[0].memory;
  }

  it('are held, cost little, and keep nobody from being answered', async function () {
    this.timeout(60_000);
    for (let warmUp = 0; warmUp < 200; warmUp += 1) await converse(port, get('Connection: close\r\n'));
    const before = await memory();
    while (sockets.length < wanted) {
      const some = await Promise.all(Array.from({ length: 200 }, () => dial(port)));
      assert.ok((await Promise.all(some.map(answered))).every(Boolean));
      sockets.push(...some);
    }
    const each = (await memory() - before) / wanted;
    console.log(`        ${(each / 1024).toFixed(1)} KiB of memory for each connection`);
    assert.ok(each < 48 * 1024, `${each} bytes`);
    assert.match((await converse(port, get('Connection: close\r\n'))).text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.ok(sockets.every((socket) => socket.readyState === 'open'));
    const some = sockets.filter((_, index) => index % 100 === 0);
    assert.ok((await Promise.all(some.map(answered))).every(Boolean));
  });
});
