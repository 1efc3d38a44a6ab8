import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FromLab } from '../../src/lab/messages.ts';
import { dial, isOf, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, cookieOf, isThere, kill, login, workerOf } from './workers.ts';
import type { Called } from './workers.ts';

describe('lab cluster', () => {
  let running: RunningLab;
  let port = 0;
  before(async () => {
    running = await runLab();
    port = running.lab.addresses.parts.cluster!.port;
  });
  after(() => running.stop());

  it('takes connections in turn, and says which worker served', async () => {
    const seen: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { headers, content } = await call(port, '/worker');
      assert.equal(headers['lab-worker'], String((JSON.parse(content) as { worker: number }).worker));
      seen.push(String(headers['lab-worker']));
    }
    assert.equal(seen[0], seen[2]);
    assert.equal(seen[1], seen[3]);
    assert.deepEqual(seen.slice(0, 2).toSorted(), ['1', '2']);
    const [one, other] = [await workerOf(port), await workerOf(port)];
    assert.equal(new Set([one.pid, other.pid, process.pid]).size, 3);
  });

  it('uses the processor for as long as it is asked to, within bounds', async () => {
    const { headers, content } = await call(port, '/compute/20');
    const { worker, computed, hashes } = JSON.parse(content) as Record<string, number>;
    assert.deepEqual([String(worker), computed], [headers['lab-worker'], 20]);
    const none = JSON.parse((await call(port, '/compute/0')).content) as { hashes: number };
    assert.ok(none.hashes === 0 && hashes! > 0);
    for (const path of ['/compute/201', '/compute/-1', '/compute/x']) {
      assert.equal((await call(port, path)).statusCode, 400, path);
    }
    const evil = { 'Sec-Fetch-Site': 'cross-site' };
    assert.equal((await call(port, '/compute/1', { headers: evil })).statusCode, 403);
  });

  it('keeps a connection with one worker', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const served = new Set<number>();
    for (let index = 0; index < 4; index += 1) served.add((await workerOf(port, { agent })).worker);
    agent.destroy();
    assert.equal(served.size, 1);
  });

  it('has the account of the worker', async () => {
    const { traceId, field } = newTrace();
    const { headers } = await call(port, '/json', { headers: { traceparent: field } });
    const events = await running.account(traceId);
    const { server } = running.accounts.find((account) => isOf(account, traceId))!;
    assert.equal(server, `worker ${String(headers['lab-worker'])}`);
    assert.deepEqual(events.map(({ type }) => type),
      ['listening', 'accepted', 'first-byte', 'head-parsed', 'checked', 'routed', 'checked', 'handler-start', 'handler-end',
        'response-started', 'response-finished']);
  });

  it('answers what the lab answers, and refuses what it refuses', async () => {
    assert.match((await call(port, '/echo', { method: 'POST', body: 'x'.repeat(500_000) })).content, /x{1000}/);
    assert.equal((await call(port, '/json', { headers: { Host: 'evil.example' } })).statusCode, 421);
    const evil = { Origin: 'https://evil.example' };
    assert.equal((await call(port, '/faults/exit', { method: 'POST', headers: evil })).statusCode, 403);
    assert.equal((await call(port, '/faults/exit')).statusCode, 405);
    assert.equal((await call(running.lab.addresses.http.port, '/faults/exit', { method: 'POST' })).statusCode, 404);
    const half = await dial(port);
    half.end(`GET /json HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
    assert.match((await receive(half)).text, /^HTTP\/1\.1 200 /);
  });

  it('issues certificates that the primary signs', async () => {
    const { statusCode, content } = await call(port, '/client-certificate?name=Ada');
    assert.equal(statusCode, 200);
    assert.match(content, /BEGIN CERTIFICATE/);
  });

  it('forgets a login on the other worker', async () => {
    const loggedIn = await login(port, 'lab.test');
    const home = loggedIn.headers['lab-worker'];
    const statuses = new Map<string, number>();
    for (let index = 0; index < 2; index += 1) {
      const { traceId, field } = newTrace();
      const fields = { Cookie: cookieOf(loggedIn), traceparent: field };
      const { headers, statusCode } = await call(port, '/me', { headers: fields });
      const load = (await running.account(traceId)).find((event) => event.type === 'session-loaded');
      assert.deepEqual([load?.outcome, load?.store], [statusCode === 200 ? 'found' : 'unknown', 'memory']);
      statuses.set(String(headers['lab-worker']), statusCode);
    }
    assert.equal(statuses.size, 2);
    for (const [worker, status] of statuses) assert.equal(status, worker === home ? 200 : 401);
  });

  it('knows a shared login everywhere, also when every worker was killed', async () => {
    const Cookie = cookieOf(await login(port, 'shared.lab.test'));
    const me = (): Promise<Called> => call(port, '/me', { host: 'shared.lab.test', headers: { Cookie } });
    for (let index = 0; index < 2; index += 1) assert.equal((await me()).statusCode, 200);
    const pids = [await workerOf(port), await workerOf(port)].map(({ pid }) => pid);
    await Promise.all(pids.map(kill));
    const served = [await me(), await me()];
    assert.deepEqual(served.map(({ statusCode }) => statusCode), [200, 200]);
    const later = [await workerOf(port), await workerOf(port)];
    assert.deepEqual(later.map(({ worker }) => worker).toSorted(), [1, 2]);
    assert.ok(later.every(({ pid }) => !pids.includes(pid)));
    const out = await call(port, '/logout', { method: 'POST', host: 'shared.lab.test', headers: { Cookie } });
    assert.equal(out.statusCode, 204);
    for (let index = 0; index < 2; index += 1) assert.equal((await me()).statusCode, 401);
  });

  it('loses what was in flight when a worker is killed, and nothing else', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { pid } = await workerOf(port, { agent });
    const inFlight = assert.rejects(call(port, '/delay/9000', { agent }),
      (error: NodeJS.ErrnoException) => error.code === 'ECONNRESET');
    const socket = await dial(port);
    socket.write(`POST /echo HTTP/1.1\r\nHost: lab.test:${port}\r\nContent-Length: 2\r\n\r\nx`);
    await kill(pid);
    await inFlight;
    const rest = receive(socket, /HTTP\/1\.1 200 /);
    socket.write('y');
    assert.match((await rest).text, /HTTP\/1\.1 200 /);
    socket.destroy();
    agent.destroy();
    assert.notEqual((await workerOf(port)).pid, pid);
  });

  it('dies when asked to, having told what it did', async () => {
    const { traceId, field } = newTrace();
    await assert.rejects(call(port, '/faults/exit', { method: 'POST', headers: { traceparent: field } }),
      /socket hang up|ECONNRESET/);
    assert.equal((await running.account(traceId)).find((event) => event.type === 'broken')?.fault, 'exit');
    assert.equal((await call(port, '/json')).statusCode, 200);
  });

  it('ends with the lab, whether that is asked or killed', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const lab = fork(fileURLToPath(new URL('../../src/lab/main.ts', import.meta.url)), [],
        { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      const [ready] = await once(lab, 'message') as [FromLab];
      assert.ok(ready.type === 'ready');
      const own = ready.addresses.parts.cluster!.port;
      const pids = [await workerOf(own), await workerOf(own)].map(({ pid }) => pid);
      assert.equal(new Set(pids).size, 2);
      lab.kill(signal);
      await once(lab, 'exit');
      for (const pid of pids) while (await isThere(pid)) await sleep(10);
    }
  }).timeout(60_000);
});
