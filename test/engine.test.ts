import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { ToEngine } from '../src/protocol.ts';
import { createEngineClient } from '../src/run/engineClient.ts';
import type { ConnectionEvent } from '../src/trace/event.ts';
import type { Exchange } from '../src/trace/exchange.ts';
import type { ZoneServers } from '../src/trace/request.ts';
import { buildEngine, startEngine } from './support/engineProcess.ts';
import type { BuiltEngine, EngineProcess } from './support/engineProcess.ts';
import { assertComplete, assertFailure, createBench, specOf } from './wire/http/support.ts';
import { startNameServer } from './wire/dns/nameServer.ts';
import type { Bench } from './wire/http/support.ts';

describe('the engine process', () => {
  let built: BuiltEngine;
  let bench: Bench;
  let directory: string;
  const engines: EngineProcess[] = [];

  before(async function () {
    this.timeout(60_000);
    built = await buildEngine();
  });
  after(() => built.remove());
  beforeEach(() => {
    bench = createBench();
    directory = mkdtempSync(join(tmpdir(), 'engine-contents-'));
  });
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.end();
    await bench.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function start(): EngineProcess {
    const engine = startEngine(built.path, [directory]);
    engines.push(engine);
    return engine;
  }

  async function serving(): Promise<string> {
    const port = await bench.serve(http.createServer((request, response) => {
      if (request.url === '/slow') return;
      if (request.url === '/hop') return void response.writeHead(302, { location: '/', 'set-cookie': 'a=1' }).end();
      if (request.url === '/large') return void response.end(Buffer.alloc(2_000_000, 'x'));
      response.end(`hello ${request.headers.cookie ?? ''}`);
    }));
    return `http://127.0.0.1:${port}`;
  }

  /** Looks up an address with the servers of a zone, which know the name of every address. */
  async function lookUp(
    peer: { readonly address: string; readonly host?: string }, zone: Omit<ZoneServers, 'servers'>,
  ): Promise<Extract<ConnectionEvent, { type: 'peer-name' }>> {
    const nameServer = await startNameServer(({ name, type }, send) => send({
      answers: type === 'PTR' ? [{ type: 'PTR', name, ttl: 60, data: 'host.test' }] : [],
    }));
    try {
      const engine = start();
      const { address, port } = nameServer;
      const zoneServers = [{ ...zone, servers: [{ address, port }] }];
      engine.post({ type: 'look-up-peer', connectionId: 'c1', ...peer, options: { zoneServers } });
      const { batch } = await engine.next('events');
      const [entry] = batch;
      const event = entry && 'connectionId' in entry ? entry.events[0] : undefined;
      assert.ok(event?.type === 'peer-name');
      return event;
    } finally {
      await nameServer.close();
    }
  }

  it('looks up the names of an address on demand, and tells them of the connection', async () => {
    const event = await lookUp({ address: '192.0.2.7' }, { zone: '2.0.192.in-addr.arpa' });
    assert.deepEqual([event.address, event.names, event.steps.length], ['192.0.2.7', ['host.test'], 1]);
  });

  it('asks the servers of the host for them, whatever the hosts file says', async () => {
    const zone = { zone: 'lab.test', reverse: ['127.in-addr.arpa'] };
    const event = await lookUp({ address: '127.0.0.1', host: 'shop.lab.test' }, zone);
    assert.deepEqual([event.address, event.names, event.steps.length], ['127.0.0.1', ['host.test'], 1]);
  });

  describe('with a file of cookies', () => {
    const withJar = (): EngineProcess => {
      const engine = startEngine(built.path, [directory, `--cookie-jar=${join(directory, 'jar', 'cookies.json')}`]);
      engines.push(engine);
      return engine;
    };

    it('has them again after its end, and after its death', async () => {
      const url = await serving();
      const first = withJar();
      await first.send(specOf(`${url}/hop`));
      first.post({ type: 'list-cookies', readId: 1 });
      const { cookies } = await first.next('cookies');
      assert.deepEqual(cookies.map(({ name, value, domain }) => [name, value, domain]), [['a', '1', '127.0.0.1']]);
      assert.equal(await first.end(), 0);
      const second = withJar();
      const [exchange] = await second.send(specOf(url));
      assert.deepEqual(exchange!.cookies.sent.map(({ name, accepted }) => [name, accepted]), [['a', true]]);
      second.child.kill('SIGKILL');
      await once(second.child, 'exit');
      engines.splice(engines.indexOf(second), 1);
      const [again] = await withJar().send(specOf(url));
      assert.equal(again!.cookies.sent.length, 1);
    });

    it('says when it is damaged, and goes on', async () => {
      mkdirSync(join(directory, 'jar'));
      writeFileSync(join(directory, 'jar', 'cookies.json'), '{"half');
      const engine = withJar();
      const [exchange] = await engine.send(specOf(await serving()));
      assertComplete(exchange!);
      const { notice } = await engine.next('cookie-file');
      assert(notice.kind === 'damaged' && existsSync(notice.keptAs));
    });

    it('is listed and cleared by the host before anything is sent', async () => {
      const url = await serving();
      const first = withJar();
      await first.send(specOf(`${url}/hop`));
      await first.end();
      const client = createEngineClient({
        modulePath: built.path, cookieFile: () => join(directory, 'jar', 'cookies.json'), newId: () => 'id',
        listener: { onExchange: () => undefined, onConnection: () => undefined },
      });
      try {
        assert.deepEqual((await client.listCookies()).map(({ name }) => name), ['a']);
        const later = Date.now() + 1;
        const of = (host: string, startedAt: number) =>
          client.otherCookies({ spec: specOf(`http://${host}/`), startedAt } as Exchange);
        assert.deepEqual((await of('elsewhere.test', later))!.cookies.map(({ name, value, reason }) =>
          [name, value, reason]), [['a', '', 'domain']]);
        assert.deepEqual(await of('elsewhere.test', 1), { cookies: [], total: 0 });
        assert.deepEqual(await of('127.0.0.1', later), { cookies: [], total: 0 });
        assert.deepEqual(await of('', later), { cookies: [], total: 0 });
        client.removeCookies({ domain: 'elsewhere.test' });
        assert.equal((await client.listCookies()).length, 1);
        client.removeCookies({ domain: '127.0.0.1', path: '/', name: 'a' });
        assert.deepEqual(await client.listCookies(), []);
      } finally {
        await client.end();
      }
      const without = createEngineClient({
        modulePath: built.path, newId: () => 'id',
        listener: { onExchange: () => undefined, onConnection: () => undefined },
      });
      assert.deepEqual(await without.listCookies(), []);
      const exchange = { spec: specOf('http://a.test/'), startedAt: 1 } as Exchange;
      assert.equal(await without.otherCookies(exchange), undefined);
      assert.equal(without.pid, undefined, 'nothing is started for what cannot be there');
    });
  });

  it('says that it is ready, with its versions', async () => {
    const ready = await start().next('ready');
    assert.match(ready.node, /^\d+\.\d+/);
    assert.match(ready.openssl, /^\d/);
    assert.equal(ready.undici.split('.')[0], '8');
  });

  it('sends, tells the events in batches and then the end, and gives the content', async () => {
    const engine = start();
    const [exchange] = await engine.send(specOf(await serving()));
    assertComplete(exchange!);
    assert.equal(exchange!.connection!.peerAddress, '127.0.0.1');
    assert(engine.messages.filter(({ type }) => type === 'events').length < 10);
    engine.post({ type: 'read-content', readId: 7, exchangeId: exchange!.id, offset: 1, length: 3 });
    const content = await engine.next('content', ({ readId }) => readId === 7);
    assert.equal(Buffer.from(content.bytes!).toString(), 'ell');
    assert.equal(content.total, 6);
    engine.post({ type: 'read-content', readId: 8, exchangeId: 'unknown', offset: 0, length: 3 });
    const none = await engine.next('content', ({ readId }) => readId === 8);
    assert.deepEqual([none.bytes, none.total], [undefined, 0]);
  });

  it('reads the bytes of connections, and lets go of them', async () => {
    const url = await serving();
    const engine = start();
    const [exchange] = await engine.send(specOf(url));
    const connectionId = exchange!.connection!.id;
    engine.post({ type: 'read-wire', readId: 9, connectionId });
    const { readId, record } = await engine.next('wire');
    assert.equal(readId, 9);
    assert.match(Buffer.from(record!.transport.segments[0]!.bytes).toString(), /^GET \/ HTTP\/1.1\r\n/);
    assert.equal(record!.transport.segments.at(-1)!.direction, 'received');
    engine.post({ type: 'forget', exchangeIds: [exchange!.id], connectionIds: [connectionId] });
    engine.post({ type: 'read-wire', readId: 10, connectionId });
    assert.deepEqual(await engine.next('wire', (one) => one.readId === 10), { type: 'wire', readId: 10 });
  });

  it('sends what a redirect asks for as an exchange with a spec of its own', async () => {
    const engine = start();
    const url = await serving();
    const [first, second] = await engine.send(specOf(`${url}/hop`));
    assert.equal(first!.redirect!.exchangeId, second!.id);
    assert.equal(second!.resendOf, first!.id);
    assert.equal(second!.spec.url, `${url}/`);
    assert.deepEqual(second!.request!.headers.find(([name]) => name === 'cookie'), ['cookie', 'a=1']);
    engine.post({ type: 'clear-cookies' });
    const [third] = await engine.send(specOf(url));
    assert.equal(third!.cookies.sent.length, 0);
  });

  it('cancels', async () => {
    const engine = start();
    const spec = specOf(`${await serving()}/slow`);
    const sending = engine.send(spec);
    await engine.next('events', ({ batch }) =>
      batch.some((entry) => entry.events.some(({ type }) => type === 'request-sent')));
    engine.post({ type: 'cancel', specId: spec.id });
    const [exchange] = await sending;
    assertFailure(exchange!, 'wait', 'cancelled');
  });

  it('keeps large contents in its directory, forgets them, and closes connections', async () => {
    const engine = start();
    const url = await serving();
    const [exchange] = await engine.send(specOf(`${url}/large`));
    assert.equal(assertComplete(exchange!).storedIn, 'file');
    assert.equal(readdirSync(directory).length, 1);
    engine.post({ type: 'forget', exchangeIds: [exchange!.id] });
    engine.post({ type: 'close-connections' });
    const [after] = await engine.send(specOf(url));
    assert.equal(after!.reused, false);
    assert.deepEqual(readdirSync(directory), []);
  });

  it('takes messages and goodbyes for a WebSocket while it is open', async () => {
    const engine = start();
    const sockets = new WebSocketServer({ noServer: true });
    const server = http.createServer();
    server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head, (one) =>
      one.on('message', (data, isBinary) => one.send(data, { binary: isBinary }))));
    const spec = specOf(`ws://127.0.0.1:${await bench.serve(server)}/`, { webSocket: { steps: [] } });
    const ended = engine.send(spec);
    const { batch } = await engine.next('events', (message) =>
      message.batch.some((entry) => 'exchangeId' in entry && entry.events.some(({ type }) => type === 'web-socket-open')));
    const exchangeId = batch.flatMap((entry) => 'exchangeId' in entry ? [entry.exchangeId] : [])[0]!;
    engine.post({ type: 'stream-send', exchangeId, content: 'hello' });
    engine.post({ type: 'stream-send', exchangeId, content: new Uint8Array([0, 255]) });
    engine.post({ type: 'stream-close', exchangeId, code: 3999, reason: 'done' });
    const [exchange] = await ended;
    assert.deepEqual(exchange!.webSocket!.messages.filter(({ direction }) => direction === 'received').map(({ kind, text, bytes, code }) => [kind, text ?? (bytes && [...bytes]) ?? code]),
      [['text', 'hello'], ['binary', [0, 255]], ['close', 3999]]);
    assert.deepEqual(exchange!.webSocket!.end, { by: 'client', code: 3999, reason: 'done', clean: true });
  });

  it('drops what it does not know', async () => {
    const engine = start();
    engine.post({ type: 'nonsense' } as unknown as ToEngine);
    assertComplete((await engine.send(specOf(await serving())))[0]!);
  });

  it('ends when the channel closes, in the middle of a send, and leaves no contents', async () => {
    const engine = start();
    const url = await serving();
    await engine.send(specOf(`${url}/large`));
    engine.post({ type: 'send', spec: specOf(`${url}/slow`) });
    await engine.next('events', ({ batch }) =>
      batch.some((entry) => 'exchangeId' in entry && entry.events.some(({ type }) => type === 'request-start')));
    assert.equal(await engine.end(), 0);
    assert(existsSync(directory));
    assert.deepEqual(readdirSync(directory), []);
  });

  it('says what broke it, and ends with 1', async () => {
    const engine = start();
    await engine.next('ready');
    engine.post({ type: 'send', spec: { id: 'broken' } } as unknown as ToEngine);
    const { message } = await engine.next('failed');
    assert.match(message, /TypeError/);
    if (engine.child.exitCode === null) await once(engine.child, 'exit');
    assert.equal(engine.child.exitCode, 1);
  });
});
