import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngineClient } from '../../src/run/engineClient.ts';
import type { EngineClient } from '../../src/run/engineClient.ts';
import { createHistory } from '../../src/run/history/history.ts';
import type { History } from '../../src/run/history/history.ts';
import type { RequestSpec } from '../../src/trace/request.ts';

// What the host makes of an engine's messages and of its end. The child here speaks the protocol
// and does what the
// request's path says; the engine itself is tested in test/engine.test.ts.
const script = `
const at = () => Number(process.hrtime.bigint()) / 1e6;
const events = (batch, specs) => process.send({ type: 'events', batch, specs });
const queued = () => ({ type: 'queued', at: at(), startedAt: Date.now() });
const bodyEnd = () => ({
  type: 'body-end', at: at(), bodySize: 0, contentSize: 0, trailers: [], complete: true,
  storedIn: 'memory',
});
const failed = 'about to end\\n    at somewhere';

function readContent({ readId, exchangeId }) {
  if (exchangeId === 'last-words') process.exit(9);
  const known = exchangeId.startsWith('e-');
  const found = known ? { bytes: new Uint8Array([1, 2, 3]), total: 3 } : { total: 0 };
  process.send({ type: 'content', readId, ...found });
}

function readWire({ readId, connectionId }) {
  if (connectionId === 'last-words') process.exit(9);
  const record = { connectionId, transport: { segments: [], sentSize: 1, receivedSize: 2 } };
  process.send({ type: 'wire', readId, ...(connectionId === 'c' ? { record } : {}) });
}

function send(spec) {
  const specId = spec.id;
  const exchangeId = 'e-' + specId;
  const next = exchangeId + '-2';
  const path = new URL(spec.url).pathname;
  if (path === '/exit-at-once') process.exit(7);
  const assigned = { type: 'connection-assigned', at: at(), connectionId: 'c', reused: false };
  events([{ exchangeId, specId, events: [queued(), assigned] }]);
  if (path === '/wait') return;
  const opened = { type: 'opened', at: at(), origin: '', host: '', port: 1 };
  const handshake = { type: 'tls-start', at: at(), alpnOffered: [] };
  events([{ connectionId: 'c', events: [opened, handshake] }]);
  if (path === '/exit-in-tls') {
    return process.send({ type: 'content', readId: -1, total: 0 }, () => process.exit(8));
  }
  events([{ exchangeId, specId, events: [bodyEnd()] }]);
  events([{ exchangeId: next, specId, resendOf: exchangeId, events: [queued()] }],
    { [next]: { ...spec, url: 'http://a.test/next' } });
  if (path === '/exit-in-redirect') {
    return process.send({ type: 'failed', message: failed }, () => process.exit(8));
  }
  process.send({ type: 'sent', specId, exchangeIds: [exchangeId, next] });
}

process.send({ type: 'ready', node: process.versions.node, openssl: '', undici: '' });
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  const { type, specId } = message;
  if (type === 'send') send(message.spec);
  if (type === 'read-content') readContent(message);
  if (type === 'read-wire') readWire(message);
  if (type === 'cancel') process.send({ type: 'sent', specId, exchangeIds: ['e-' + specId] });
});
`;

describe("the engine's client", () => {
  let directory: string;
  let modulePath: string;
  let engine: EngineClient;
  let history: History;
  let exits: string[];
  let sent = 0;

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'roundtrip-engine-'));
    modulePath = path.join(directory, 'engine.cjs');
    await writeFile(modulePath, script);
  });
  after(() => rm(directory, { recursive: true, force: true }));
  beforeEach(() => {
    history = createHistory({ limit: 10 });
    exits = [];
    engine = createEngineClient({
      modulePath,
      listener: history,
      newId: () => 'made',
      onExit: ({ expected, message }) => {
        if (!expected) exits.push(message);
      },
    });
  });
  afterEach(() => engine.end());

  async function send(pathname: string): Promise<{ spec: RequestSpec; ids: readonly string[] }> {
    const spec: RequestSpec = {
      id: `s${(sent += 1)}`,
      method: 'GET',
      url: `http://a.test${pathname}`,
      headers: [],
      options: {},
    };
    history.begin(spec);
    const ids = await engine.send(spec);
    history.finish(spec.id);
    return { spec, ids };
  }

  it('starts nothing before the first send', async () => {
    assert.equal(engine.pid, undefined);
    assert.equal(await engine.readContent('e-1', 0, 10), undefined);
    engine.clearCookies();
    assert.equal(engine.pid, undefined);
    await send('/');
    assert.ok(engine.pid);
  });

  it('gives the exchanges of a send, each with what it really asked for', async () => {
    const { spec, ids } = await send('/');
    assert.deepEqual(ids, [`e-${spec.id}`, `e-${spec.id}-2`]);
    assert.deepEqual(
      ids.map((id) => history.exchange(id)?.spec.url),
      ['http://a.test/', 'http://a.test/next'],
    );
    assert.equal(history.exchange(ids[1]!)?.resendOf, ids[0]);
  });

  it('reads windows of contents', async () => {
    const { ids } = await send('/');
    assert.deepEqual(await engine.readContent(ids[0]!, 0, 3), {
      bytes: new Uint8Array([1, 2, 3]),
      total: 3,
    });
    assert.equal(await engine.readContent('unknown', 0, 3), undefined);
  });

  it('reads the bytes of connections', async () => {
    assert.equal(await engine.readWire('c'), undefined);
    assert.equal(engine.startedAt, undefined);
    const before = Date.now();
    await send('/');
    assert.ok(engine.startedAt! >= before);
    assert.equal((await engine.readWire('c'))?.transport.receivedSize, 2);
    assert.equal(await engine.readWire('unknown'), undefined);
    assert.equal(await engine.readWire('last-words'), undefined);
  });

  it('cancels', async () => {
    const under = send('/wait');
    engine.cancel(`s${sent}`);
    assert.deepEqual((await under).ids, [`e-s${sent}`]);
  });

  it('ends an exchange in the phase it was in when the engine ends', async () => {
    const { ids } = await send('/exit-in-tls');
    const { failure, startedAt } = history.exchange(ids[0]!) ?? {};
    assert.equal(failure?.code, 'engine-ended');
    assert.equal(failure?.phase, 'tls');
    assert.match(failure?.cause?.message ?? '', /exit code 8/);
    assert.ok(startedAt);
    assert.deepEqual(exits, ['exit code 8']);
  });

  it('tells what the engine said before it ended', async () => {
    const { ids } = await send('/exit-in-redirect');
    assert.equal(history.exchange(ids[1]!)?.failure?.cause?.message, 'about to end');
  });

  it('leaves exchanges that were over as they were', async () => {
    const { ids } = await send('/exit-in-redirect');
    assert.deepEqual(
      ids.map((id) => history.exchange(id)?.failure?.code),
      [undefined, 'engine-ended'],
    );
    assert.equal(history.exchange(ids[1]!)?.failure?.phase, 'blocked');
  });

  it('makes an exchange of a send of which nothing was seen', async () => {
    const { ids } = await send('/exit-at-once');
    assert.deepEqual(ids, ['made']);
    const exchange = history.exchange('made');
    assert.equal(exchange?.failure?.code, 'engine-ended');
    assert.ok(exchange?.startedAt);
    assert.equal(exchange?.endAt, exchange?.startAt);
  });

  it('starts again after the engine ended', async () => {
    await send('/exit-at-once');
    assert.equal(engine.pid, undefined);
    const { ids } = await send('/');
    assert.equal(history.exchange(ids[0]!)?.failure, undefined);
  });

  it('answers reads that were under way', async () => {
    await send('/');
    assert.equal(await engine.readContent('last-words', 0, 3), undefined);
  });

  it('ends sends when it is ended itself', async () => {
    const under = send('/wait');
    await engine.end();
    const { ids } = await under;
    assert.equal(history.exchange(ids[0]!)?.failure?.code, 'engine-ended');
    assert.deepEqual(exits, []);
  });

  it('says so when there is no such Node', async () => {
    engine = createEngineClient({
      modulePath,
      listener: history,
      newId: () => 'made',
      execPath: () => path.join(directory, 'no-node'),
    });
    const { ids } = await send('/');
    assert.match(history.exchange(ids[0]!)?.failure?.cause?.message ?? '', /ENOENT/);
  });
});
