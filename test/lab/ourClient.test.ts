import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LabPartId } from '../../src/lab/messages.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { assertComplete, assertFailure, bytes, contentOf, createBench, sendOne, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { opening } from '../wire/http/webSocket/support.ts';
import { runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, cookieOf, kill, login, workerOf } from './workers.ts';

describe('lab gateways and cluster, as our own client sees them', () => {
  let running: RunningLab;
  let bench: Bench;
  before(async () => { running = await runLab(); });
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());
  after(() => running.stop());

  const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;
  const at = (id: LabPartId, path: string, more?: Partial<RequestSpec>): RequestSpec =>
    specOf(`http://127.0.0.1:${portOf(id)}${path}`, more);

  for (const id of ['reverseProxy', 'balancer'] as const) {
    it(`hints, 100 and trailers come through the ${id}`, async () => {
      const hinted = assertComplete(await sendOne(bench.client, at(id, '/early-hints')));
      assert.deepEqual(hinted.interimResponses.map(({ statusCode }) => statusCode), [103]);
      const trailing = await sendOne(bench.client, at(id, '/echo/trailers', {
        method: 'POST', headers: [['Expect', '100-continue']], body: [bytes('the body')], trailers: [['X-Sum', '42']],
      }));
      const response = assertComplete(trailing);
      assert.deepEqual(response.interimResponses.map(({ statusCode }) => statusCode), [100]);
      assert.deepEqual(response.trailers.map(([name, value]) => [name.toLowerCase(), value]), [['x-sum', '42'], ['x-received', '8']]);
      assert.equal(await contentOf(bench.client, trailing), 'the body');
    });

    it(`WebSockets go through the ${id}`, async () => {
      const exchange = await sendOne(bench.client, opening(`ws://127.0.0.1:${portOf(id)}/ws/count?count=3&interval=5`));
      assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
      assert.equal(exchange.response?.statusCode, 101);
      const texts = exchange.webSocket?.messages.filter(({ kind }) => kind === 'text').map(({ text }) => text);
      assert.deepEqual(texts?.map((text) => (JSON.parse(text ?? '') as { message: number }).message), [1, 2, 3]);
    });
  }

  it('a worker that is killed is a connection that closed while the answer was awaited; what was shared is still there', async () => {
    const cookie = cookieOf(await login(portOf('cluster'), 'shared.lab.test'));
    const { pid } = await workerOf(portOf('cluster'));
    await call(portOf('cluster'), '/json');
    const sent = sendOne(bench.client, at('cluster', '/delay/9000'));
    await sleep(500);
    await kill(pid);
    const failure = assertFailure(await sent, 'wait', 'connection-closed');
    assert.equal(failure.confidence, 'certain');
    const replaced = [await workerOf(portOf('cluster')), await workerOf(portOf('cluster'))];
    assert.deepEqual(replaced.map(({ worker }) => worker).toSorted(), [1, 2]);
    assert.ok(replaced.every((one) => one.pid !== pid));
    for (let times = 0; times < 2; times += 1) {
      const me = await call(portOf('cluster'), '/me', { host: 'shared.lab.test', headers: { Cookie: cookie } });
      assert.equal(me.statusCode, 200);
    }
  });
});
