import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { createServerSideJoin } from '../../src/run/serverSide.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import { createBench, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { dial, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call } from './workers.ts';

describe('the limit of a server in front', () => {
  let running: RunningLab;
  before(async () => { running = await runLab({ limits: { maxConnections: 2 } }); });
  after(() => running.stop());

  const http1 = 'GET /json HTTP/1.1\r\nHost: lab.test\r\n\r\n';
  const first = { relay: http1, proxy: http1, blindRelay: http1, httpsProxy: '\x16\x03\x01', socks: '\x05\x01\x00' };
  for (const [id, bytes] of Object.entries(first)) {
    it(`is told by ${id} to the client and in its lane`, async () => {
      const port = running.lab.addresses.parts[id as keyof typeof first]!.port;
      const open = [await dial(port), await dial(port)];
      for (;;) {
        const { servers } = await running.lab.report();
        if (servers.find((server) => server.id === id)?.connections === 2) break;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const socket = await dial(port);
      const own = socket.localPort;
      const rest = receive(socket);
      socket.write(Buffer.from(bytes, 'latin1'));
      const { text, error } = await rest;
      if (bytes === http1) assert.match(text, /^HTTP\/1\.1 503 [^]*as there may be: 2\./);
      else assert.deepEqual([text, error?.code], ['', 'ECONNRESET']);
      const account = running.accounts.find((one) => 'clientPort' in one && one.clientPort === own);
      const [turned] = account?.events ?? [];
      assert.ok(turned?.type === 'turned-away');
      assert.deepEqual([account?.server, turned.openConnections, turned.limit], [id, 2, 2]);
      for (const one of open) one.destroy();
    });
  }
});

describe('the limit of the cluster', () => {
  let running: RunningLab;
  let bench: Bench;
  let port = 0;
  const open: Socket[] = [];
  before(async () => {
    running = await runLab({ limits: { maxConnections: 2 } });
    port = running.lab.addresses.parts.cluster!.port;
    bench = createBench();
  });
  after(async () => {
    for (const socket of open) socket.destroy();
    await bench.close();
    await running.stop();
  });

  const connections = async (): Promise<readonly number[]> =>
    (await running.lab.report()).workers.map((worker) => worker.connections);

  async function fillUp(each: number): Promise<void> {
    for (;;) {
      const counts = await connections();
      if (counts.every((count) => count === each)) return;
      if (counts.reduce((sum, count) => sum + count, 0) < counts.length * each) open.push(await held());
      else await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** A connection whose request is being served. */
  async function held(): Promise<Socket> {
    const socket = await dial(port);
    socket.on('error', () => {});
    const seen = receive(socket, /HTTP\/1\.1 200 /);
    socket.write(`GET /events?count=100&interval=1000 HTTP/1.1\r\nHost: lab.test:${port}\r\n\r\n`);
    assert.match((await seen).text, /HTTP\/1\.1 200 /);
    return socket;
  }

  it('is what each worker may have, and beyond it HTTP/1 is answered with 503 and the client’s lane tells why', async () => {
    await fillUp(2);
    const appended: ExchangeEvent[] = [];
    const join = createServerSideJoin((_, events) => appended.push(...events));
    const { field, traceId } = newTrace();
    const spec = specOf(`http://127.0.0.1:${port}/json`, { headers: [['traceparent', field]] });
    const [exchange] = await bench.client.send(spec, {
      onConnection: ({ connectionId, events }) => join.sawConnection(connectionId, events),
      onExchange: ({ exchangeId, events }) => join.sawExchange(exchangeId, events),
    });
    assert.equal(exchange?.response?.statusCode, 503);
    await running.account(traceId);
    for (const account of running.accounts) join.sawServer({ type: 'events', ...account });
    const [turned] = appended.flatMap((event) => event.type === 'server' && event.event.type === 'turned-away' ? [event] : []);
    assert.ok(turned?.event.type === 'turned-away');
    assert.deepEqual([turned.server, turned.event.openConnections, turned.event.limit], ['cluster', 4, 4]);
    assert.match((await call(port, '/json')).content, /As many connections are open as there may be: 4\./);
  });

  it('is told of a connection that speaks something else, which is reset', async () => {
    await fillUp(2);
    const socket = await dial(port);
    const own = socket.localPort;
    const closed = receive(socket);
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    assert.equal((await closed).error?.code, 'ECONNRESET');
    const account = running.accounts.find((one) => 'clientPort' in one && one.clientPort === own);
    assert.deepEqual(account?.events.map(({ type }) => type), ['turned-away']);
  });

  it('grows with each worker', async () => {
    await fillUp(2);
    assert.equal((await call(port, '/json')).statusCode, 503);
    assert.equal(await running.lab.act({ do: 'add-worker' }), undefined);
    await fillUp(2);
    assert.equal((await connections()).length, 3);
    assert.match((await call(port, '/json')).content, /as there may be: 6\./);
  });
});
