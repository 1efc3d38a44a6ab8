import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerEvent } from '../../src/lab/messages.ts';
import { isOf, newTrace, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, cookieOf, kill, login, workerOf } from './workers.ts';
import type { Called, Wanted } from './workers.ts';

type Balanced = Extract<ServerEvent, { type: 'balanced' }>;

describe('lab balancer', () => {
  let running: RunningLab;
  let port = 0;
  before(async () => {
    running = await runLab();
    port = running.lab.addresses.parts.balancer!.port;
  });
  after(() => running.stop());

  const traced = async (
    path: string, { headers, ...wanted }: Wanted = {},
  ): Promise<{ called: Called; balanced: Balanced | undefined; events: readonly ServerEvent[] }> => {
    const { traceId, field } = newTrace();
    const called = await call(port, path, { ...wanted, headers: { traceparent: field, ...headers } });
    const own = () => running.accounts.find((account) => account.server === 'balancer' && isOf(account, traceId));
    while (!own()) await sleep(2);
    const { events } = own()!;
    return { called, balanced: events.find((event) => event.type === 'balanced'), events };
  };
  const workers = async (count: number, wanted?: Wanted): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) seen.push((await workerOf(port, wanted)).worker);
    return seen;
  };
  /** Until both answer; what is left out is looked at again and again. */
  const bothAnswer = async (): Promise<void> => {
    while (new Set(await workers(2)).size < 2) await sleep(20);
  };

  it('tells how long it waited for a worker that had to start first', async () => {
    const { events, balanced } = await traced('/json');
    const types = events.map(({ type }) => type);
    assert.equal(types[types.indexOf('start-awaited') + 1], 'balanced');
    const awaited = events.find((event) => event.type === 'start-awaited')!;
    assert.deepEqual([awaited.of, awaited.ready], [balanced?.to, true]);
    const head = events.find(({ type }) => type === 'head-parsed')!;
    assert.ok(head.at <= awaited.startAt && awaited.startAt < awaited.at && awaited.at <= balanced!.at);
    await bothAnswer();
    const { events: later } = await traced('/json');
    assert.equal(later.some(({ type }) => type === 'start-awaited'), false);
  });

  it('goes round, and tells those behind who asked', async () => {
    const { called, balanced } = await traced('/headers');
    assert.match(called.content, /for=.*proto=http/);
    assert.match(called.content, /1\.1 balancer\.lab\.test/);
    assert.equal(called.headers.via, '1.1 balancer.lab.test');
    const { at: _, ...choice } = balanced!;
    const worker = String(called.headers['lab-worker']);
    assert.deepEqual(choice,
      { type: 'balanced', to: `worker ${worker}`, strategy: 'round-robin', reason: 'next', backEnds: 2 });
    const seen = await workers(4, { host: 'round-robin.lab.test' });
    assert.deepEqual(seen.slice(0, 2).toSorted(), [1, 2]);
    assert.deepEqual(seen.slice(2), seen.slice(0, 2));
    assert.notEqual(String(seen[0]), worker);
  });

  it('chooses the one with the fewest requests under way', async () => {
    await bothAnswer();
    const host = 'least.lab.test';
    const slow = await Promise.all([traced('/delay/3000', { host }), (async () => {
      await sleep(300);
      return workers(4, { host });
    })()]);
    const [{ called, balanced }, others] = slow;
    const busy = Number(called.headers['lab-worker']);
    assert.deepEqual([balanced?.strategy, balanced?.reason], ['least-connections', 'fewest']);
    assert.deepEqual(others, Array<number>(4).fill(busy === 1 ? 2 : 1));
  });

  it('stays with the one that a cookie names', async () => {
    const host = 'sticky.lab.test';
    const { called, balanced } = await traced('/json', { host });
    assert.equal(balanced?.reason, 'no-cookie');
    const cookie = cookieOf(called);
    assert.equal(cookie, `lab-back-end=${String(called.headers['lab-worker'])}`);
    const again = await workers(4, { host, headers: { Cookie: cookie } });
    assert.deepEqual(again.map(String), Array<unknown>(4).fill(called.headers['lab-worker']));
    const kept = await traced('/json', { host, headers: { Cookie: cookie } });
    assert.equal(kept.balanced?.reason, 'cookie');
    assert.equal(kept.called.headers['set-cookie'], undefined);
    const unknown = await traced('/json', { host, headers: { Cookie: 'lab-back-end=99' } });
    assert.equal(unknown.balanced?.reason, 'no-cookie');
  });

  it('leaves out one that died, and takes it in again when it answers', async () => {
    const doomed = await workerOf(port);
    const bound = { host: 'sticky.lab.test', headers: { Cookie: `lab-back-end=${doomed.worker}` } };
    const inFlight = traced('/delay/9000', bound);
    await sleep(500);
    await kill(doomed.pid);
    const { called, balanced } = await inFlight;
    assert.equal(called.statusCode, 502);
    assert.equal(balanced?.to, `worker ${doomed.worker}`);
    const lost = await traced('/json', bound);
    assert.deepEqual([lost.called.statusCode, lost.balanced?.reason, lost.balanced?.backEnds], [200, 'left-out', 1]);
    assert.notEqual(lost.balanced?.to, `worker ${doomed.worker}`);
    await bothAnswer();
  });

  it('leaves out one that does not answer any more, though it lives, and takes it in again', async () => {
    const [one, other] = [await workerOf(port), await workerOf(port)];
    const boundTo = (worker: number) => ({ host: 'sticky.lab.test', headers: { Cookie: `lab-back-end=${worker}` } });
    process.kill(one.pid, 'SIGSTOP');
    try {
      const inFlight = traced('/json', boundTo(one.worker));
      while ((await traced('/json', boundTo(other.worker))).balanced?.backEnds !== 1) await sleep(50);
      const elsewhere = await traced('/json', boundTo(one.worker));
      assert.deepEqual([elsewhere.called.statusCode, elsewhere.balanced?.reason], [200, 'left-out']);
      process.kill(one.pid, 'SIGCONT');
      assert.equal((await inFlight).called.statusCode, 200, 'what had waited for it is answered');
      while ((await traced('/json', boundTo(one.worker))).balanced?.reason !== 'cookie') await sleep(50);
    } finally {
      process.kill(one.pid, 'SIGCONT');
    }
  });

  it('says so when there is none that answers', async () => {
    const all = [await workerOf(port), await workerOf(port)];
    await Promise.all(all.map(({ pid }) => kill(pid)));
    const { called, balanced } = await traced('/json');
    assert.deepEqual([called.statusCode, called.headers['retry-after'], balanced], [503, '1', undefined]);
    while ((await call(port, '/json')).statusCode !== 200) await sleep(20);
    await bothAnswer();
  });

  it('does not lose a shared login between the workers', async () => {
    const shared = cookieOf(await login(port, 'shared.lab.test'));
    const memory = cookieOf(await login(port, 'lab.test'));
    const statuses = async (host: string, Cookie: string): Promise<number[]> =>
      [await call(port, '/me', { host, headers: { Cookie } }), await call(port, '/me', { host, headers: { Cookie } })]
        .map(({ statusCode }) => statusCode).toSorted();
    assert.deepEqual(await statuses('shared.lab.test', shared), [200, 200]);
    assert.deepEqual(await statuses('lab.test', memory), [200, 401]);
  });

  it('refuses foreign hosts, and what goes in a circle', async () => {
    assert.equal((await call(port, '/json', { headers: { Host: 'evil.example' } })).statusCode, 421);
    assert.equal((await call(port, '/json', { headers: { Via: '1.1 balancer.lab.test' } })).statusCode, 508);
    const evil = { Origin: 'https://evil.example' };
    assert.equal((await call(port, '/faults/exit', { method: 'POST', headers: evil })).statusCode, 403);
  });
});
