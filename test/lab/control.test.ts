import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type {
  FromLab, LabAction, LabServerId, LabServerState, LabState, LabWorkerState, ToLab,
} from '../../src/lab/messages.ts';
import { LabStartError, startLab } from '../../src/lab/lab.ts';
import { parts } from '../../src/lab/parts.ts';
import { dial, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';
import { call, login, workerOf } from './workers.ts';

async function serverOf(running: RunningLab, id: LabServerId): Promise<LabServerState> {
  return (await running.lab.report()).servers.find((server) => server.id === id)!;
}

/** Looks again until it is so; mocha's patience is the limit. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(20);
  }
}

const refused = { code: 'ECONNREFUSED' };

describe('control of the lab', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  it('knows every server, where it listens, and what is open there', async () => {
    const { servers } = await running.lab.report();
    assert.deepEqual(servers.map(({ id }) => id), [
      'http', 'https', 'dns', 'topDns', 'rootDns', 'slowDns', 'silentDns', ...parts.map(({ id }) => id),
    ]);
    assert.deepEqual(new Set(servers.map(({ state }) => state)), new Set(['running']));
    const { http, parts: { relay } } = running.lab.addresses;
    const socket = await dial(http.port);
    await until(async () => (await serverOf(running, 'http')).connections === 1 || undefined);
    assert.deepEqual(await serverOf(running, 'relay'), { id: 'relay', state: 'running', ...relay, connections: 0 });
    socket.destroy();
    await until(async () => (await serverOf(running, 'http')).connections === 0 || undefined);
  });

  it('stops each server with its connections, and starts it where it was', async () => {
    const before = JSON.stringify(running.lab.addresses);
    for (const { id, port } of (await running.lab.report()).servers) {
      const open = await dial(port!);
      const ended = receive(open);
      await running.lab.act({ do: 'stop', server: id });
      await ended;
      await assert.rejects(dial(port!), refused, id);
      const stopped = await serverOf(running, id);
      assert.deepEqual([stopped.state, stopped.port, stopped.connections], ['stopped', port, 0]);
      await running.lab.act({ do: 'start', server: id });
      (await dial(port!)).destroy();
      assert.equal((await serverOf(running, id)).state, 'running');
    }
    assert.equal(JSON.stringify(running.lab.addresses), before);
    assert.equal((await call(running.lab.addresses.parts.relay!.port, '/json')).statusCode, 200);
  });

  it('is stopped and restarted as a whole', async () => {
    const { port } = running.lab.addresses.parts.balancer!;
    await running.lab.act({ do: 'stop' });
    assert.deepEqual(new Set((await running.lab.report()).servers.map(({ state }) => state)), new Set(['stopped']));
    await assert.rejects(dial(port), refused);
    await running.lab.act({ do: 'restart' });
    assert.equal((await call(port, '/worker')).statusCode, 200);
  });

  it('does one thing after another, and nothing twice', async () => {
    const { port } = running.lab.addresses.parts.relay!;
    const actions: LabAction[] = [
      { do: 'stop', server: 'relay' }, { do: 'start', server: 'relay' }, { do: 'start', server: 'relay' },
      { do: 'restart', server: 'relay' }, { do: 'stop', server: 'relay' }, { do: 'stop', server: 'relay' },
    ];
    await Promise.all(actions.map((action) => running.lab.act(action)));
    await assert.rejects(dial(port), refused);
    await running.lab.act({ do: 'start', server: 'relay' });
    (await dial(port)).destroy();
  });

  it('forwards nothing to the port of a server that was stopped: it may be another’s now', async () => {
    const { http, parts: { proxy, relay, blindRelay, reverseProxy, ftpGateway } } = running.lab.addresses;
    await running.lab.act({ do: 'stop', server: 'http' });
    const stranger = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nstranger'))
      .listen({ port: http.port, host: '127.0.0.1' });
    await once(stranger, 'listening');
    const Host = `lab.test:${http.port}`;
    const through = await call(proxy!.port, `http://${Host}/json`, { headers: { Host } });
    assert.equal(through.statusCode, 403);
    for (const { port } of [relay!, reverseProxy!]) assert.equal((await call(port, '/json')).statusCode, 502);
    await assert.rejects(call(blindRelay!.port, '/json'), /socket hang up|ECONNRESET/);
    stranger.close();
    await once(stranger, 'close');
    await running.lab.act({ do: 'start', server: 'http' });
    assert.equal((await call(relay!.port, '/json')).statusCode, 200);
    assert.equal((await call(ftpGateway!.port, '/')).statusCode, 200);
    await running.lab.act({ do: 'stop', server: 'ftp' });
    assert.equal((await call(ftpGateway!.port, '/')).statusCode, 502);
    await running.lab.act({ do: 'start', server: 'ftp' });
  });

  it('leaves out a part whose port is taken, and says so of the web server', async () => {
    const taken = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const other = await runLab({ ports: { relay: port } });
    assert.deepEqual(['relay', 'blindRelay'].map((id) => Object.hasOwn(other.lab.addresses.parts, id)), [false, true]);
    const { state, problem } = await serverOf(other, 'relay');
    assert.deepEqual([state, problem?.code, problem?.port], ['failed', 'EADDRINUSE', port]);
    await assert.rejects(startLab({ ports: { https: port } }), (error) =>
      error instanceof LabStartError && error.server === 'https' && error.problem.port === port);
    taken.close();
    await once(taken, 'close');
    await other.lab.act({ do: 'start', server: 'relay' });
    assert.equal(other.lab.addresses.parts.relay?.port, port);
    assert.equal((await call(port, '/json')).statusCode, 200);
    await other.lab.act({ do: 'restart', server: 'relay', ports: {} });
    assert.equal(other.lab.addresses.parts.relay?.port, port, 'it keeps what it has');
    await other.stop();
  });

  it('starts elsewhere when the port was taken in the meantime', async () => {
    const { port } = running.lab.addresses.parts.socks!;
    await running.lab.act({ do: 'stop', server: 'socks' });
    const stranger = createServer().listen({ port, host: '127.0.0.1' });
    await once(stranger, 'listening');
    await running.lab.act({ do: 'start', server: 'socks' });
    assert.notEqual(running.lab.addresses.parts.socks?.port, port);
    stranger.close();
  });
});

describe('control of the cluster', () => {
  let running: RunningLab;
  let port = 0;
  before(async () => {
    running = await runLab();
    port = running.lab.addresses.parts.cluster!.port;
  });
  after(() => running.stop());

  const workers = async (): Promise<readonly LabWorkerState[]> => (await running.lab.report()).workers;
  const settled = (): Promise<readonly LabWorkerState[]> => until(async () => {
    const all = await workers();
    return all.every(({ state }) => state === 'running') ? all : undefined;
  });

  it('has workers that wait until they are needed', async () => {
    assert.deepEqual((await workers()).map(({ number, state }) => [number, state]), [[1, 'idle'], [2, 'idle']]);
    assert.equal(await running.lab.act({ do: 'kill-worker', worker: 1 }), 'no-such-worker');
  });

  it('counts what each has served, and its sessions', async () => {
    for (let index = 0; index < 4; index += 1) await call(port, '/json');
    const home = Number((await login(port, 'lab.test')).headers['lab-worker']);
    await login(port, 'shared.lab.test');
    const all = await until(async () => {
      const told = await settled();
      return told.reduce((sum, { requests }) => sum + requests, 0) === 6 ? told : undefined;
    });
    assert.deepEqual(all.map(({ sessions }) => sessions), home === 1 ? [1, 0] : [0, 1]);
    assert.deepEqual(all.map(({ connections }) => connections), [0, 0]);
    assert.equal((await serverOf(running, 'cluster')).sessions, 2);
  });

  it('adds workers, which serve, up to a limit', async () => {
    assert.equal(await running.lab.act({ do: 'add-worker' }), undefined);
    await settled();
    const served = new Set<number>();
    for (let index = 0; index < 3; index += 1) served.add((await workerOf(port)).worker);
    assert.deepEqual([...served].toSorted(), [1, 2, 3]);
    const { port: front } = running.lab.addresses.parts.balancer!;
    const balanced = new Set<number>();
    for (let index = 0; index < 3; index += 1) balanced.add((await workerOf(front)).worker);
    assert.deepEqual([...balanced].toSorted(), [1, 2, 3]);
    for (let count = 3; count < 8; count += 1) assert.equal(await running.lab.act({ do: 'add-worker' }), undefined);
    assert.equal(await running.lab.act({ do: 'add-worker' }), 'too-many-workers');
    assert.equal((await workers()).length, 8);
  }).timeout(60_000);

  it('kills one, and another takes its place', async () => {
    const pid = (await settled())[2]!.pid;
    assert.equal(await running.lab.act({ do: 'kill-worker', worker: 3 }), undefined);
    const replaced = await settled();
    assert.equal(replaced.length, 8);
    assert.notEqual(replaced[2]!.pid, pid);
    assert.equal(replaced[2]!.requests, 0);
  }).timeout(60_000);

  it('clears the sessions of everybody', async () => {
    await login(running.lab.addresses.http.port, 'lab.test');
    await login(port, 'lab.test');
    assert.deepEqual([(await serverOf(running, 'http')).sessions, (await serverOf(running, 'https')).sessions], [1, 1]);
    await running.lab.act({ do: 'clear-sessions' });
    await until(async () => (await serverOf(running, 'cluster')).sessions === 0 || undefined);
    assert.equal((await serverOf(running, 'http')).sessions, 0);
  });

  it('is stopped after each worker that it ever had was killed', async () => {
    const other = await runLab();
    const { port: own } = other.lab.addresses.parts.cluster!;
    for (let index = 0; index < 2; index += 1) await call(own, '/json');
    for (const worker of [1, 2]) await other.lab.act({ do: 'kill-worker', worker });
    await other.lab.act({ do: 'restart', server: 'cluster' });
    assert.equal((await call(own, '/json')).statusCode, 200);
    await other.stop();
  });

  it('ends with its front door, and begins anew with it', async () => {
    const pids = (await settled()).map(({ pid }) => pid!);
    await running.lab.act({ do: 'stop', server: 'cluster' });
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.equal(await running.lab.act({ do: 'add-worker' }), 'cluster-stopped');
    assert.equal((await call(running.lab.addresses.parts.balancer!.port, '/json')).statusCode, 503);
    await running.lab.act({ do: 'start', server: 'cluster' });
    assert.equal((await call(port, '/json')).statusCode, 200);
  }).timeout(60_000);
});

describe('control over the lab’s channel', () => {
  let child: ChildProcess;
  const heard: FromLab[] = [];
  const say = (message: ToLab): unknown => child.send(message);
  const states = (): LabState[] => heard.flatMap((message) => message.type === 'state' ? [message.state] : []);
  before(async () => {
    child = fork(fileURLToPath(new URL('../../src/lab/main.ts', import.meta.url)), [],
      { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', (message: FromLab) => heard.push(message));
    await until(async () => heard.find(({ type }) => type === 'ready'));
  });
  after(async () => {
    const gone = once(child, 'exit');
    say({ type: 'stop' });
    await gone;
  });
  const addresses = () => heard.flatMap((message) => message.type === 'ready' ? [message.addresses] : [])[0]!;

  it('says nothing to nobody', async () => {
    for (let index = 0; index < 3; index += 1) await call(addresses().http.port, '/json');
    await sleep(1200);
    assert.deepEqual(states(), []);
  });

  it('tells its state at once, and again only when it has changed, seldom', async () => {
    say({ type: 'watch', isWatched: true });
    await until(async () => states()[0]);
    await sleep(1200);
    assert.equal(states().length, 1, 'nothing has changed');
    const sockets = [];
    const from = performance.now();
    for (let index = 0; index < 30; index += 1) {
      sockets.push(await dial(addresses().http.port));
      await sleep(50);
    }
    await until(async () => states().find(({ servers }) => servers[0]!.connections === 30));
    const most = Math.ceil((performance.now() - from) / 500) + 1;
    assert.ok(states().length - 1 <= most, `${states().length - 1} states, at most ${most}`);
    for (const socket of sockets) socket.destroy();
    say({ type: 'watch', isWatched: false });
  });

  it('answers each action with what came of it, before that where servers are now', async () => {
    say({ type: 'control', id: 7, action: { do: 'stop', server: 'relay' } });
    say({ type: 'control', id: 8, action: { do: 'kill-worker', worker: 5 } });
    const done = await until(async () => heard.find((message) => message.type === 'done' && message.id === 8));
    assert.ok(done.type === 'done');
    assert.equal(done.problem, 'no-such-worker');
    assert.equal(done.state.servers.find(({ id }) => id === 'relay')?.state, 'stopped');
    assert.ok(heard.findIndex((message) => message.type === 'done' && message.id === 7) < heard.indexOf(done));
    const free = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    say({ type: 'control', id: 9, action: { do: 'start', server: 'relay', ports: { relay: port } } });
    await until(async () => heard.find((message) => message.type === 'done' && message.id === 9));
    const [moved, last] = heard.slice(-2);
    assert.deepEqual([moved?.type, last?.type], ['addresses', 'done']);
    assert.equal(moved?.type === 'addresses' && moved.addresses.parts.relay?.port, port);
  });
});
