import assert from 'node:assert/strict';
import { failureMessage } from '../../src/explain/failure.ts';
import { serverPhaseNote } from '../../src/explain/serverPhases.ts';
import { waterfallOf } from '../../src/explain/waterfall.ts';
import type { RequestAccount, ServerEvent } from '../../src/lab/messages.ts';
import { createServerSideJoin } from '../../src/run/serverSide.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { serverPhasesOf } from '../../src/trace/phases.ts';
import { addServerEvents } from '../../src/trace/record.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { assertFailure, createBench, sendOne, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { dial, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, kill, workerOf } from './workers.ts';

type Closed = Extract<ServerEvent, { type: 'closed' }>;

describe('a worker that is killed', () => {
  let running: RunningLab;
  let bench: Bench;
  let port = 0;
  beforeEach(async () => {
    bench = createBench();
    running = await runLab();
    port = running.lab.addresses.parts.cluster!.port;
    // From now on both workers are there.
    await workerOf(port);
    await workerOf(port);
    await until(async () => await serving() === undefined);
  });
  afterEach(async () => {
    await bench.close();
    await running.stop();
  });

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!await isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  interface Serving {
    readonly number: number;
    readonly pid: number;
  }

  /** The worker that has a connection. */
  async function serving(): Promise<Serving | undefined> {
    const { number, pid } = (await running.lab.report()).workers.find(({ connections }) => connections > 0) ?? {};
    return number === undefined || pid === undefined ? undefined : { number, pid };
  }

  /** The worker that serves by now; it has told what there was to tell, since it has answered others after that. */
  async function busy(): Promise<Serving> {
    await until(async () => await serving() !== undefined);
    const found = await serving();
    assert.ok(found);
    await Promise.all([1, 2].map(() => call(port, '/json')));
    return found;
  }

  interface Killed {
    readonly exchange: Exchange;
    /** With what was joined to it. */
    readonly joined: Exchange;
    readonly pid: number;
  }

  /** Sends, and has the worker killed. */
  async function sentAndKilled(spec: RequestSpec): Promise<Killed> {
    const joined: ExchangeEvent[] = [];
    const join = createServerSideJoin((_, events) => joined.push(...events));
    const sent = bench.client.send(spec, {
      onConnection: ({ connectionId, events }) => join.sawConnection(connectionId, events),
      onExchange: ({ exchangeId, events }) => join.sawExchange(exchangeId, events),
    });
    const { number, pid } = await busy();
    const before = running.accounts.length;
    assert.equal(await running.lab.act({ do: 'kill-worker', worker: number }), undefined);
    const [exchange] = await sent;
    await until(() => running.accounts.slice(before).some(isOfDeath));
    for (const account of running.accounts.slice(before)) join.sawServer({ type: 'events', ...account });
    const events = joined.filter((event) => event.type === 'server');
    return { exchange: exchange!, joined: addServerEvents(exchange!, events), pid };
  }

  const isOfDeath = ({ events }: RequestAccount): boolean =>
    events.some((event) => event.type === 'closed' && event.reason === 'died');

  const rowsOf = (exchange: Exchange): string[][] => (exchange.servers ?? []).flatMap((side) =>
    serverPhasesOf(exchange, side).map((phase) => [side.server, phase.name, serverPhaseNote(phase, side, 'en')]));

  function assertExplained({ exchange, joined }: Killed): void {
    const failure = assertFailure(exchange, 'wait', 'connection-closed');
    assert.match(failureMessage(failure, joined, 'en'), /worker process that served the request died in the middle of it/);
    assert.match(failureMessage(failure, joined, 'ko'), /요청을 처리하던 워커 프로세스가 도중에 종료되었습니다/);
  }

  const traced = (path: string): RequestSpec =>
    specOf(`http://127.0.0.1:${port}${path}`, { headers: [['traceparent', newTrace().field]] });

  it('in the middle of a request is told of in its lane, and in the explanation of the failure', async () => {
    const killed = await sentAndKilled(traced('/delay/9000'));
    const { joined, pid } = killed;
    const rows = rowsOf(joined);
    assert.match(rows[0]?.[0] ?? '', /^worker [12]$/);
    assert.deepEqual(rows.map(([, name]) => name), ['accept', 'check', 'route', 'handler', 'fault', 'connection']);
    assert.equal(rows.find(([, name]) => name === 'fault')?.[2], 'the worker process died in the middle of the request');
    assert.equal(rows.at(-1)?.[2], `the process that served it, ${pid}, died [SIGKILL]`);
    const korean = waterfallOf(joined, 'ko').rows.map(({ note }) => note);
    assert.ok(korean.includes('요청을 처리하던 워커 프로세스가 종료됨'), korean.join());
    assert.ok(korean.includes(`처리하던 프로세스 ${pid}번이 종료되어 끊김 [SIGKILL]`), korean.join());
    assertExplained(killed);
  });

  it('when it has begun to respond is told of as far as it came', async () => {
    const { field, traceId } = newTrace();
    const socket = await dial(port);
    // By the second event the worker has told of its response.
    const seen = receive(socket, /\nid: 2\n/);
    socket.write(`GET /events?count=100&interval=50 HTTP/1.1\r\nHost: lab.test:${port}\r\ntraceparent: ${field}\r\n\r\n`);
    await seen;
    await kill((await serving())!.pid);
    const types = (await running.account(traceId)).map(({ type }) => type);
    assert.deepEqual(types.slice(types.indexOf('handler-start')),
      ['handler-start', 'handler-end', 'response-started', 'broken', 'closed']);
    socket.destroy();
  });

  it('while a body was awaited is told of, too', async () => {
    const { field, traceId } = newTrace();
    const socket = await dial(port);
    socket.on('error', () => {});
    socket.write(`POST /echo HTTP/1.1\r\nHost: lab.test:${port}\r\ntraceparent: ${field}\r\nContent-Length: 2\r\n\r\nx`);
    const { pid } = await busy();
    await kill(pid);
    const events = await running.account(traceId);
    assert.deepEqual(events.map(({ type }) => type).filter((type) => type !== 'checked'),
      ['listening', 'accepted', 'first-byte', 'head-parsed', 'routed', 'broken', 'closed']);
    socket.destroy();
  });

  it('is told by the port of the client where the request names no trace', async () => {
    const killed = await sentAndKilled(specOf(`http://127.0.0.1:${port}/delay/9000`));
    assert.deepEqual(rowsOf(killed.joined).map(([, ...row]) => row),
      [['connection', `the process that served it, ${killed.pid}, died [SIGKILL]`]]);
    assertExplained(killed);
  });

  it('between two requests ends a connection whose last request says so, and no other', async () => {
    const { field, traceId } = newTrace();
    const spec = specOf(`http://127.0.0.1:${port}/json`, { headers: [['traceparent', field]] });
    assert.equal((await sendOne(bench.client, spec)).response?.statusCode, 200);
    const { pid } = (await serving())!;
    await kill(pid);
    await until(() => running.accounts.some(isOfDeath));
    const told = running.accounts.filter(isOfDeath);
    assert.deepEqual(told.map((account) => 'traceId' in account && account.traceId), [traceId]);
    assert.match(told[0]?.visit ?? '', /^\d+\.1$/);
    const [closed] = told[0]?.events as readonly Closed[];
    assert.deepEqual([closed?.pid, closed?.requests, closed?.code], [pid, 1, 'SIGKILL']);
  });

  it('is none where the cluster was stopped: its connections say that', async () => {
    const sent = sendOne(bench.client, traced('/delay/9000'));
    await busy();
    await running.lab.act({ do: 'stop', server: 'cluster' });
    assertFailure(await sent, 'wait', 'connection-closed');
    const closings = (): Closed[] => running.accounts.flatMap(({ events }) =>
      events.filter((event): event is Closed => event.type === 'closed' && event.reason === 'stopped'));
    await until(() => closings().length > 0);
    assert.equal(running.accounts.some(isOfDeath), false);
    assert.equal(running.accounts.some(({ events }) => events.some(({ type }) => type === 'broken')), false);
  });
});
