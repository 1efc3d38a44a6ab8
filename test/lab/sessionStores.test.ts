import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import type { ServerEvent } from '../../src/lab/messages.ts';
import { parseStoreSetting, publicName } from '../../src/lab/shop/storeSetting.ts';
import { isSessionStore } from '../../src/run/labClient.ts';
import { startRedis } from '../support/redisServer.ts';
import type { RedisServer } from '../support/redisServer.ts';
import { newTrace, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, cookieOf, kill, login, workerOf } from './workers.ts';
import type { Called, Wanted } from './workers.ts';

type Loaded = Extract<ServerEvent, { type: 'session-loaded' }>;

/** A request, and what became of its session. */
async function ask(
  { account }: RunningLab, port: number, path: string, { headers, ...wanted }: Wanted = {},
): Promise<Called & { readonly loaded: Loaded | undefined }> {
  const { traceId, field } = newTrace();
  const called = await call(port, path, { ...wanted, headers: { traceparent: field, ...headers } });
  return { ...called, loaded: (await account(traceId)).find((event) => event.type === 'session-loaded') };
}

function detailOf({ content }: Called): string {
  return (JSON.parse(content) as { detail: string }).detail;
}

describe('the setting of the session store', () => {
  it('is memory, shared or the URL of a Redis', () => {
    for (const kind of ['memory', 'shared'] as const) assert.deepEqual(parseStoreSetting(kind), { kind });
    for (const url of ['redis://127.0.0.1', 'rediss://ada:lovelace@redis.example:7000/2']) {
      assert.deepEqual(parseStoreSetting(url), { kind: 'redis', url });
      assert.ok(isSessionStore(url));
    }
    const wrongs = [
      '', 'Memory', 'disk', 'redis://', 'http://127.0.0.1', 'redis:6379', 'mysql://x', 'redis://x/y', 'redis://:99999',
    ];
    for (const wrong of wrongs) {
      assert.equal(parseStoreSetting(wrong), undefined, wrong);
      assert.equal(isSessionStore(wrong), false, wrong);
    }
  });

  it('is told without user and password', () => {
    assert.equal(publicName('rediss://ada:lovelace@redis.example:7000/2'), 'rediss://redis.example:7000');
    assert.equal(publicName('redis://:lovelace@[::1]'), 'redis://[::1]:6379');
  });
});

describe('sessions without a Redis', () => {
  let running: RunningLab;
  before(async () => { running = await runLab({ sessionStore: { kind: 'shared' } }); });
  after(() => running.stop());

  it('are shared where that is set, and still a worker’s own under the name of memory', async () => {
    const port = running.lab.addresses.parts.cluster!.port;
    const Cookie = cookieOf(await login(port, 'lab.test'));
    const seen = [];
    for (let index = 0; index < 2; index += 1) {
      const { statusCode, loaded } = await ask(running, port, '/me', { headers: { Cookie } });
      seen.push([statusCode, loaded?.outcome, loaded?.store, loaded?.worker]);
    }
    assert.deepEqual(seen, Array<unknown>(2).fill([200, 'found', 'shared', undefined]));
    const own = cookieOf(await login(port, 'memory.lab.test'));
    const found = [];
    for (let index = 0; index < 2; index += 1) {
      const { loaded } = await ask(running, port, '/me', { host: 'memory.lab.test', headers: { Cookie: own } });
      assert.deepEqual([loaded?.store, typeof loaded?.worker], ['memory', 'number']);
      found.push(loaded?.outcome);
    }
    assert.deepEqual(found.toSorted(), ['found', 'unknown']);
  });

  it('are known to the lab’s own server, too, where they are shared', async () => {
    const { parts, http } = running.lab.addresses;
    const Cookie = cookieOf(await login(parts.cluster!.port, 'lab.test'));
    const { statusCode, loaded } = await ask(running, http.port, '/me', { headers: { Cookie } });
    assert.deepEqual([statusCode, loaded?.store], [200, 'shared']);
  });

  it('are refused under the name of Redis, with what to do', async () => {
    for (const port of [running.lab.addresses.http.port, running.lab.addresses.parts.cluster!.port]) {
      const Cookie = `sid=${'A'.repeat(43)}.${'A'.repeat(43)}`;
      const me = await ask(running, port, '/me', { host: 'redis.lab.test', headers: { Cookie } });
      assert.deepEqual([me.statusCode, me.loaded?.outcome, me.loaded?.failure], [503, 'failed', 'not-set']);
      assert.match(detailOf(me), /roundtrip\.lab\.sessionStore/);
      assert.equal((await login(port, 'redis.lab.test')).statusCode, 503);
      assert.equal((await call(port, '/me', { host: 'redis.lab.test' })).statusCode, 401);
    }
  });
});

describe('sessions in Redis', () => {
  const password = 'a-password-that-nobody-may-see';
  let redis: RedisServer;
  let running: RunningLab;
  let http = 0;
  let cluster = 0;
  before(async function start() {
    this.timeout(120_000);
    redis = await startRedis(this, password);
    running = await runLab({ sessionStore: { kind: 'redis', url: `redis://:${password}@127.0.0.1:${redis.port}` } });
    http = running.lab.addresses.http.port;
    cluster = running.lab.addresses.parts.cluster!.port;
  });
  after(async () => {
    await running?.stop();
    await redis?.stop();
  });

  const me = (Cookie: string, port = http): ReturnType<typeof ask> =>
    ask(running, port, '/me', { headers: { Cookie } });
  /** The first answer when Redis is used again, as each worker finds out by itself; bounded by the test's own time. */
  const backAgain = async (Cookie: string, port?: number): ReturnType<typeof me> => {
    for (;;) {
      const answer = await me(Cookie, port);
      if (answer.statusCode !== 503) return answer;
      await sleep(20);
    }
  };

  it('are known everywhere, and outlive every worker', async () => {
    const Cookie = cookieOf(await login(cluster, 'lab.test'));
    for (const port of [cluster, cluster, http]) {
      const { statusCode, loaded } = await me(Cookie, port);
      assert.deepEqual([statusCode, loaded?.outcome, loaded?.store, loaded?.user], [200, 'found', 'redis', 'ada']);
    }
    await Promise.all([await workerOf(cluster), await workerOf(cluster)].map(({ pid }) => kill(pid)));
    assert.equal((await me(Cookie, cluster)).statusCode, 200);
    const out = await ask(running, cluster, '/logout', { method: 'POST', headers: { Cookie } });
    assert.deepEqual([out.statusCode, out.loaded?.outcome], [204, 'ended']);
    const after = await me(Cookie);
    assert.deepEqual([after.statusCode, after.loaded?.outcome], [401, 'unknown']);
  });

  it('are answered 503 while it is away, and are there again when it is back', async () => {
    const Cookie = cookieOf(await login(http, 'lab.test'));
    await redis.kill();
    const requests = [['/me', 'GET'], ['/session', 'GET'], ['/logout', 'POST'], ['/order', 'POST']] as const;
    for (const [path, method] of requests) {
      const answer = await ask(running, http, path, { method, headers: { Cookie } });
      assert.equal(answer.statusCode, 503, path);
      assert.equal(answer.headers['retry-after'], '1');
      const named = new RegExp(`redis://127\\.0\\.0\\.1:${redis.port} cannot be used now.*Start Redis`);
      assert.match(detailOf(answer), named);
      assert.deepEqual([answer.loaded?.outcome, answer.loaded?.failure], ['failed', 'unreachable']);
    }
    assert.equal((await login(http, 'lab.test')).statusCode, 503);
    assert.equal((await call(http, '/me')).statusCode, 401);
    assert.equal((await call(http, '/json')).statusCode, 200);
    await redis.restart();
    const { statusCode, loaded } = await backAgain(Cookie);
    assert.deepEqual([statusCode, loaded?.user], [200, 'ada']);
    assert.equal((await backAgain(Cookie, cluster)).statusCode, 200);
  });

  it('are there again, all that were begun, however many are under way when it goes', async () => {
    const begun: string[] = [];
    const statuses = new Set<number>();
    let isOver = false;
    const logIn = async (port: number): Promise<void> => {
      while (!isOver) {
        const answer = await login(port, 'lab.test');
        statuses.add(answer.statusCode);
        if (answer.statusCode === 200) begun.push(cookieOf(answer));
      }
    };
    const clients = [http, http, cluster, cluster].map(logIn);
    for (let time = 0; time < 3; time += 1) {
      const count = begun.length;
      while (begun.length < count + 10) await sleep(10);
      await redis.kill();
      await redis.restart();
    }
    isOver = true;
    await Promise.all(clients);
    assert.deepEqual([...statuses].toSorted().at(0), 200);
    assert.ok([...statuses].every((status) => status === 200 || status === 503), [...statuses].join());
    for (const port of [http, cluster]) await backAgain(begun[0]!, port);
    for (const Cookie of begun) assert.equal((await me(Cookie)).statusCode, 200);
  });

  it('wait for a silent one no longer than for an answer of their own', async () => {
    const Cookie = cookieOf(await login(http, 'lab.test'));
    process.kill(redis.pid, 'SIGSTOP');
    try {
      const answers = await Promise.all([me(Cookie), me(Cookie), login(http, 'lab.test')]);
      assert.deepEqual(answers.map(({ statusCode }) => statusCode), [503, 503, 503]);
      assert.equal(answers[0].loaded?.failure, 'timeout');
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    await backAgain(Cookie);
    assert.equal((await me(Cookie)).statusCode, 200);
  });

  it('are ended by Redis itself, which tells the time that is left', async () => {
    const client = createClient({ url: `redis://:${password}@127.0.0.1:${redis.port}` });
    await client.connect();
    try {
      await client.flushAll();
      const begun = await call(http, '/session?idle=1&lifetime=1', { method: 'POST' });
      const [key = ''] = (await client.keys('roundtrip:lab:session:*'));
      const left = await client.pTTL(key);
      assert.ok(left > 0 && left <= 1000, String(left));
      while (await client.exists(key) === 1) await sleep(20);
      const { statusCode, loaded } = await me(cookieOf(begun));
      assert.deepEqual([statusCode, loaded?.outcome], [401, 'unknown']);
      const used = cookieOf(await call(http, '/session?idle=60&lifetime=30', { method: 'POST' }));
      const [other = ''] = (await client.keys('roundtrip:lab:session:*'));
      await me(used);
      assert.ok(await client.pTTL(other) <= 30_000);
      await client.set(other, '{"user":7}');
      assert.equal((await me(used)).loaded?.outcome, 'unknown');
    } finally {
      client.destroy();
    }
  });

  it('keep what they are signed with for another lab, also when all was deleted before', async () => {
    const Cookie = cookieOf(await login(http, 'lab.test'));
    const url = `redis://:${password}@127.0.0.1:${redis.port}`;
    const other = await runLab({ sessionStore: { kind: 'redis', url } });
    try {
      const { statusCode } = await ask(other, other.lab.addresses.http.port, '/me', { headers: { Cookie } });
      assert.equal(statusCode, 200);
    } finally {
      await other.stop();
    }
  });

  it('say so when Redis wants another password', async () => {
    const url = `redis://:wrong-${password}@127.0.0.1:${redis.port}`;
    const other = await runLab({ sessionStore: { kind: 'redis', url } });
    try {
      const answer = await login(other.lab.addresses.http.port, 'lab.test');
      assert.equal(answer.statusCode, 503);
      assert.match(detailOf(answer), /refuses the connection \(WRONGPASS\)\. Check user and password/);
    } finally {
      await other.stop();
    }
  });

  it('are counted and cleared with all others, and not while it is away', async () => {
    const { lab } = running;
    const Cookie = cookieOf(await login(http, 'lab.test'));
    const own = cookieOf(await login(http, 'memory.lab.test'));
    const countOf = async (): Promise<number | undefined> =>
      (await lab.report()).servers.find(({ id }) => id === 'http')?.sessions;
    assert.ok((await countOf() ?? 0) >= 2);
    await redis.kill();
    assert.equal(await countOf(), undefined);
    assert.equal(await lab.act({ do: 'clear-sessions' }), 'store-away');
    await redis.restart();
    await backAgain(Cookie);
    assert.equal((await me(Cookie)).statusCode, 200);
    assert.equal(await lab.act({ do: 'clear-sessions' }), undefined);
    assert.equal(await countOf(), 0);
    assert.equal((await me(Cookie)).loaded?.outcome, 'unknown');
    const { loaded } = await ask(running, http, '/me', { host: 'memory.lab.test', headers: { Cookie: own } });
    assert.equal(loaded?.outcome, 'unknown');
  });

  it('never tell the password', async () => {
    const report = JSON.stringify([running.accounts, running.lab.addresses, await running.lab.report()]);
    assert.ok(!report.includes(password));
    assert.ok(report.includes('"redis"'));
  });
}).timeout(60_000);
