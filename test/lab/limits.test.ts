import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { createAcceptWatch } from '../../src/lab/http/acceptWatch.ts';
import type { AcceptFailure } from '../../src/lab/http/acceptWatch.ts';
import { listen } from '../../src/lab/http/listener.ts';
import type { RequestAccount, ServerEvent } from '../../src/lab/messages.ts';
import { createServerSideJoin } from '../../src/run/serverSide.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import { specOf } from '../wire/http/support.ts';
import { createBench, sendOne } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { call, fieldOf } from './calling.ts';
import { dial, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

const isWindows = process.platform === 'win32';

describe('the limits of a server', () => {
  let running: RunningLab;
  let bench: Bench;
  before(async () => {
    running = await runLab();
    bench = createBench();
  });
  after(async () => {
    await bench.close();
    await running.stop();
  });

  /** Where the lab leads to, full for so many ms. */
  async function led(name: string, time: number): Promise<URL> {
    const answer = await call(running, 'GET', `/faults/${name}?ms=${time}`);
    assert.equal(answer.statusCode, 307);
    return new URL(fieldOf(answer, 'location'));
  }
  async function ofPort(port: number | undefined): Promise<RequestAccount> {
    for (;;) {
      const found = running.accounts.find((account) => 'clientPort' in account && account.clientPort === port);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  /** What a server tells of the first request that it can answer. */
  async function answeredBy(at: URL): Promise<readonly ServerEvent[]> {
    const { field, traceId } = newTrace();
    for (let tries = 0; ; tries += 1) {
      const exchange = await sendOne(bench.client, specOf(`http://localhost:${at.port}/`, {
        headers: [['traceparent', field], ['connection', 'close']],
      }));
      if (exchange.response?.statusCode === 200) return running.account(traceId);
      assert.ok(tries < 100, JSON.stringify(exchange.failure));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('are, for connections, 503 and a server that tells why, and over with the first that goes', async () => {
    const at = await led('connection-limit', 1500);
    const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${at.port}/`));
    assert.equal(exchange.response?.statusCode, 503);
    const { events: [event, started], server } = await ofPort(exchange.connection?.localPort);
    assert.equal(started?.type === 'response-started' && started.statusCode, 503);
    assert.ok(event?.type === 'turned-away');
    assert.deepEqual([event.openConnections, event.limit, server], [4, 4, 'small server']);
    assert.equal((await answeredBy(at)).some(({ type }) => type === 'accept-failed'), false);
  });

  it('are shown with the exchange, by the port of its connection', async () => {
    const at = await led('connection-limit', 1500);
    const appended: ExchangeEvent[] = [];
    const join = createServerSideJoin((_, events) => appended.push(...events));
    const [exchange] = await bench.client.send(specOf(`http://127.0.0.1:${at.port}/`), {
      onConnection: ({ connectionId, events }) => join.sawConnection(connectionId, events),
      onExchange: ({ exchangeId, events }) => join.sawExchange(exchangeId, events),
    });
    join.sawServer({ type: 'events', ...await ofPort(exchange?.connection?.localPort) });
    assert.deepEqual(appended.map((event) => event.type === 'server' && event.event.type),
      ['turned-away', 'response-started', 'response-finished']);
    await answeredBy(at);
  });

  it('are, for descriptors, a connection that nobody hears of; the next request tells of the waits', async function () {
    if (isWindows) return this.skip();
    const at = await led('descriptor-limit', 1500);
    // The system accepts it, the library closes it, and no program sees it.
    const { text } = await dial(Number(at.port)).then((socket) => {
      socket.write(`GET / HTTP/1.1\r\nHost: ${at.host}\r\n\r\n`);
      return receive(socket);
    });
    assert.equal(text, '');
    const failed = (await answeredBy(at)).filter((event) => event.type === 'accept-failed');
    assert.deepEqual(failed.slice(0, 5).map(({ code, delay }) => [code, delay]),
      [5, 10, 20, 40, 80].map((delay) => ['EMFILE', delay]));
    // Told once.
    assert.equal((await answeredBy(at)).some(({ type }) => type === 'accept-failed'), false);
    const again = await led('descriptor-limit', 0);
    assert.equal(again.port, at.port);
    assert.deepEqual((await answeredBy(again)).map(({ type }) => type), ['listening', 'accepted', 'first-byte',
      'head-parsed', 'checked', 'routed', 'checked', 'handler-start', 'handler-end', 'response-started',
      'response-finished']);
  });

  it('are told by the trace of the request where it has one', async () => {
    const at = await led('connection-limit', 1500);
    const { field, traceId } = newTrace();
    await sendOne(bench.client, specOf(`http://127.0.0.1:${at.port}/`, { headers: [['traceparent', field]] }));
    assert.deepEqual((await running.account(traceId)).map(({ type }) => type),
      ['turned-away', 'response-started', 'response-finished']);
    await answeredBy(at);
  });

  it('are a reset for those who do not speak HTTP/1, or nothing', async () => {
    const at = await led('connection-limit', 1500);
    for (const first of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\x16\x03\x01', '']) {
      const socket = await dial(Number(at.port));
      const port = socket.localPort;
      const closed = receive(socket);
      if (first !== '') socket.write(Buffer.from(first, 'latin1'));
      const { text, error } = await closed;
      assert.deepEqual([text, error?.code], ['', 'ECONNRESET'], first);
      assert.deepEqual((await ofPort(port)).events.map(({ type }) => type), ['turned-away']);
    }
  });

  it('say what they take', async () => {
    for (const query of ['ms=-1', 'ms=5001', 'ms=x']) {
      assert.equal((await call(running, 'GET', `/faults/connection-limit?${query}`)).statusCode, 400, query);
    }
  });

  it('are waited out from 5 ms to 1 s, as Go does, and from 5 ms again once there was room', async () => {
    const failures: AcceptFailure[] = [];
    let code: string | undefined = 'EMFILE';
    const watch = createAcceptWatch((failure) => {
      failures.push(failure);
      if (failures.length === 10) code = undefined;
    }, () => code);
    watch.failed('EMFILE');
    watch.failed('EMFILE');
    while (code) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(failures.map(({ delay }) => delay), [5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
    for (const [index, { at }] of failures.entries()) {
      if (index > 0) assert.ok(at - failures[index - 1]!.at >= failures[index - 1]!.delay - 1);
    }
    await new Promise((resolve) => setTimeout(resolve, 1050));
    watch.failed('ENFILE');
    assert.deepEqual([failures.length, failures.at(-1)?.delay, failures.at(-1)?.code], [11, 5, 'ENFILE']);
    watch.close();
  });

  it('cost a descriptor for a moment when the table gets fuller than it was, and nothing else', async () => {
    let looks = 0;
    const failures: AcceptFailure[] = [];
    const watch = createAcceptWatch((failure) => failures.push(failure), () => {
      looks += 1;
      closeSync(openSync('/dev/null', 'r'));
      return undefined;
    });
    const listener = await listen(0, (socket) => {
      watch.accepted(socket);
      socket.end();
    });
    for (let count = 0; count < 20; count += 1) await dial(listener.port).then((socket) => receive(socket));
    await listener.close();
    assert.ok(isWindows ? looks === 0 : looks >= 1 && looks < 20, `${looks}`);
    assert.deepEqual(failures, []);
  });
});
