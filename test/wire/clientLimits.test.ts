import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import type { Server, Socket } from 'node:net';
import type { Failure } from '../../src/trace/failure.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { phasesOf } from '../../src/trace/phases.ts';
import { watchSockets } from '../support/heldSockets.ts';
import { assertComplete, assertFailure, bytes, createBench, onHead, sendOne, silent, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

/** A place where an exchange stands still, and the phase it is in there. */
interface Standstill {
  readonly name: string;
  readonly phase: Failure['phase'];
  readonly code: Failure['code'] | undefined;
  readonly limits: RequestSpec['options']['timeouts'];
  make(bench: Bench): Promise<{ spec: RequestSpec; close?: () => Promise<void> }>;
}

const head = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n';

const standstills: readonly Standstill[] = [
  {
    name: 'a name server that does not answer', phase: 'dns', code: undefined, limits: undefined,
    async make() {
      const server = createSocket('udp4');
      server.bind(0, '127.0.0.1');
      await once(server, 'listening');
      const zoneServers = [{ zone: 'still.test', servers: [{ address: '127.0.0.1', port: server.address().port }] }];
      const close = async (): Promise<void> => {
        server.close();
        await once(server, 'close');
      };
      return { spec: specOf('http://www.still.test/', { options: { zoneServers } }), close };
    },
  },
  {
    name: 'a handshake that is not answered', phase: 'tls', code: 'tls-timeout', limits: { tls: 80 },
    async make(bench) {
      return { spec: specOf(`https://127.0.0.1:${await bench.raw((socket) => socket.resume())}/`) };
    },
  },
  {
    name: 'an upload that is not read', phase: 'send', code: 'idle-timeout', limits: { idle: 80 },
    async make(bench) {
      const port = await bench.raw((socket) => socket.pause());
      return { spec: specOf(`http://127.0.0.1:${port}/`, { method: 'PUT', body: [bytes(Buffer.alloc(30_000_000))] }) };
    },
  },
  {
    name: 'a request that is not answered', phase: 'wait', code: 'head-timeout', limits: { head: 80 },
    async make(bench) {
      return { spec: specOf(`http://127.0.0.1:${await bench.raw((socket) => socket.resume())}/`) };
    },
  },
  {
    name: 'a request through node:http that is not answered', phase: 'wait', code: 'head-timeout', limits: { head: 80 },
    async make(bench) {
      const port = await bench.raw((socket) => socket.resume());
      return { spec: specOf(`http://127.0.0.1:${port}/`, { headers: [['Host', 'x.test']] }) };
    },
  },
  {
    name: 'a request on a stream that is not answered', phase: 'wait', code: 'head-timeout', limits: { head: 80 },
    async make(bench) {
      const server = http2.createServer();
      server.on('stream', (stream) => stream.on('error', () => {}));
      server.on('sessionError', () => {});
      return {
        spec: specOf(`http://127.0.0.1:${await bench.serve(server as unknown as Server)}/`, {
          httpVersion: '2-prior-knowledge',
        }),
      };
    },
  },
  {
    name: 'a head that does not end', phase: 'receive', code: 'head-timeout', limits: { head: 80 },
    async make(bench) {
      const port = await bench.raw((socket) => onHead(socket, () => socket.write('HTTP/1.1 200 OK\r\nX: ')));
      return { spec: specOf(`http://127.0.0.1:${port}/`) };
    },
  },
  {
    name: 'a body that does not go on', phase: 'receive', code: 'idle-timeout', limits: { idle: 80 },
    async make(bench) {
      const port = await bench.raw((socket) => onHead(socket, () => socket.write(`${head}hel`)));
      return { spec: specOf(`http://127.0.0.1:${port}/`) };
    },
  },
  {
    name: 'a body that drips', phase: 'receive', code: undefined, limits: undefined,
    async make(bench) {
      const port = await bench.raw((socket) => onHead(socket, () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 5);
        socket.once('close', () => clearInterval(timer));
      }));
      return { spec: specOf(`http://127.0.0.1:${port}/`) };
    },
  },
];

describe('limits of time, and cancelling', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  for (const { name, phase, code, limits, make } of standstills) {
    it(`${name}: cancelled at once, in the phase ${phase}`, async () => {
      const { spec, close } = await make(bench);
      const left = watchSockets(bench.held);
      const controller = new AbortController();
      const standing = bench.client.send(spec, silent, controller.signal);
      await new Promise((resolve) => setTimeout(resolve, 120));
      const at = performance.now();
      controller.abort();
      const [exchange] = await standing;
      assert(performance.now() - at < 300, `${performance.now() - at} ms`);
      assertFailure(exchange!, phase, 'cancelled');
      assert(phasesOf(exchange!).some((one) => one.name === phase && one.failed), JSON.stringify(phasesOf(exchange!)));
      if (exchange!.response) assert.equal(exchange!.response.complete, false);
      bench.client.closeConnections();
      assert.deepEqual(await left(), []);
      await close?.();
    });

    it(`${name}: the limit of the whole is kept, in the phase ${phase}`, async () => {
      const { spec, close } = await make(bench);
      const exchange = await sendOne(bench.client, { ...spec, options: { ...spec.options, timeouts: { total: 120 } } });
      const failure = assertFailure(exchange, phase, 'total-timeout');
      assert.deepEqual(failure.detail, { limit: 120 });
      await close?.();
    });

    if (!code) continue;
    it(`${name}: ${code}`, async () => {
      const { spec } = await make(bench);
      const exchange = await sendOne(bench.client, { ...spec, options: { ...spec.options, timeouts: limits ?? {} } });
      assertFailure(exchange, phase, code);
      const took = exchange.endAt! - exchange.startAt;
      assert(took >= 75 && took < 2000, `${took} ms`);
    });
  }

  it('what moves is not idle', async () => {
    const port = await bench.raw((socket) => onHead(socket, () => {
      socket.write(head);
      let left = 10;
      const timer = setInterval(() => {
        socket.write('x');
        left -= 1;
        if (left === 0) clearInterval(timer);
      }, 40);
    }));
    assertComplete(
      await sendOne(
        bench.client, specOf(`http://127.0.0.1:${port}/`, { options: { timeouts: { idle: 150, head: 150 } } }),
      ),
    );
  });

  it('limits of 0 are the defaults, and Infinity is none', async () => {
    const port = await bench.raw((socket) =>
      onHead(socket, () => setTimeout(() => socket.write(`${head}0123456789`), 30)));
    const timeouts = { connect: 0, tls: 0, head: Infinity, idle: Infinity, total: 0 };
    assertComplete(await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, { options: { timeouts } })));
  });

  it('a send that was cancelled before it began ends so', async () => {
    const exchange = await sendOne(bench.client, specOf('http://127.0.0.1:1/'), AbortSignal.abort());
    assertFailure(exchange, 'blocked', 'cancelled');
  });

  it('cancelled while waiting for a connection, the exchange leaves its place to the next', async () => {
    const sockets: Socket[] = [];
    const port = await bench.serve(net.createServer((socket) => {
      sockets.push(socket);
      onHead(socket, () => setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), 100));
    }));
    const client = bench.newClient({ maxConnections: 1 });
    const url = `http://127.0.0.1:${port}/`;
    const controller = new AbortController();
    const first = sendOne(client, specOf(url));
    const second = sendOne(client, specOf(url), controller.signal);
    const third = sendOne(client, specOf(url));
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    const cancelled = await second;
    assertFailure(cancelled, 'blocked', 'cancelled');
    assertComplete(await first);
    assertComplete(await third);
    assert.equal(sockets.length, 1);
    assert((phasesOf(await third).find(({ name }) => name === 'blocked')?.duration ?? 0) >= 60);
  });

  it('a cancelled connection closes, and the next exchange has a new one', async () => {
    let connections = 0;
    const port = await bench.raw((socket) => {
      connections += 1;
      const isFirst = connections === 1;
      onHead(socket, () => { if (!isFirst) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'); });
    });
    const left = watchSockets(bench.held);
    const controller = new AbortController();
    const sending = sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`), controller.signal);
    setTimeout(() => controller.abort(), 50);
    assertFailure(await sending, 'wait', 'cancelled');
    assert.deepEqual(await left(), []);
    const next = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`));
    assertComplete(next);
    assert.deepEqual([next.reused, connections], [false, 2]);
  });

  it('a cancelled stream leaves the others on its connection alone', async () => {
    const server = http2.createServer();
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      if (headers[':path'] === '/stuck') return;
      setTimeout(() => {
        stream.respond({ ':status': 200 });
        stream.end('x');
      }, 80);
    });
    const url = `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
    const controller = new AbortController();
    const first = sendOne(bench.client, specOf(url, { httpVersion: '2-prior-knowledge' }));
    const stuck = sendOne(
      bench.client, specOf(`${url}/stuck`, { httpVersion: '2-prior-knowledge' }), controller.signal,
    );
    setTimeout(() => controller.abort(), 40);
    assertFailure(await stuck, 'wait', 'cancelled');
    assertComplete(await first);
    const after = await sendOne(bench.client, specOf(url, { httpVersion: '2-prior-knowledge' }));
    assertComplete(after);
    assert.equal(after.reused, true);
  });

  it('closing the client ends what is under way, connecting, waiting, and what comes later', async () => {
    const client = bench.newClient({ maxConnections: 1 });
    const port = await bench.raw((socket) => socket.resume());
    const [plain, secure] = [specOf(`http://127.0.0.1:${port}/`), specOf(`https://127.0.0.1:${port}/`)];
    const sendings = [plain, plain, secure, secure].map((spec) => sendOne(client, spec));
    await new Promise((resolve) => setTimeout(resolve, 80));
    await client.close();
    const codes = (await Promise.all(sendings)).map(({ failure }) => failure?.code);
    assert.deepEqual(codes, ['connection-closed', 'cancelled', 'cancelled', 'cancelled']);
    assertFailure(await sendOne(client, plain), 'blocked', 'cancelled');
  });
});
