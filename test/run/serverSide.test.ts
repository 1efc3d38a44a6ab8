import assert from 'node:assert/strict';
import { createServerSideJoin, createServerSides } from '../../src/run/serverSide.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import type { ExchangeEvent } from '../../src/trace/event.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { addServerEvents } from '../../src/trace/record.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const finished: ServerEvent = { type: 'response-finished', at: 9, bodySize: 2 };

const account = { type: 'events', traceId, parentId, server: 'lab', events: [finished] } as const;

function started(headers: readonly (readonly [string, string])[]): ExchangeEvent {
  return {
    type: 'request-start',
    at: 1,
    method: 'GET',
    requestTarget: '/',
    authority: 'lab.test',
    scheme: 'http',
    httpVersion: '1.1',
    headers,
    client: 'undici',
  };
}
const traced = started([
  ['Host', 'lab.test'],
  ['Traceparent', `00-${traceId}-${parentId}-01`],
]);

describe("joining the server's side", () => {
  function join() {
    const appended: [string, readonly ExchangeEvent[]][] = [];
    return { appended, ...createServerSideJoin((id, events) => appended.push([id, events])) };
  }
  const expected = ['e1', [{ type: 'server', at: 9, server: 'lab', event: finished }]];

  it('adds an account to the exchange that carried its traceparent', () => {
    const { appended, sawExchange, sawServer } = join();
    sawExchange('e0', [started([])]);
    sawExchange('e1', [traced]);
    sawServer(account);
    assert.deepEqual(appended, [expected]);
  });

  it('keeps an account that comes first', () => {
    const { appended, sawExchange, sawServer } = join();
    sawServer(account);
    assert.deepEqual(appended, []);
    sawExchange('e1', [traced]);
    assert.deepEqual(appended, [expected]);
  });

  it('adds each part of an account once', () => {
    const { appended, sawExchange, sawServer } = join();
    sawServer(account);
    sawExchange('e1', [traced]);
    sawExchange('e1', [{ type: 'first-byte', at: 3 }]);
    sawServer(account);
    assert.deepEqual(appended, [expected, expected]);
  });

  it("takes no other request's account", () => {
    const { appended, sawExchange, sawServer } = join();
    sawExchange('e1', [traced]);
    sawServer({ ...account, parentId: 'b7ad6b7169203332' });
    sawExchange('e2', [started([['traceparent', 'nonsense']])]);
    assert.deepEqual(appended, []);
  });

  it('forgets the oldest of many accounts that nobody asks for', () => {
    const { appended, sawExchange, sawServer } = join();
    const idOf = (n: number) => n.toString(16).padStart(16, '0');
    for (let n = 0; n < 300; n += 1) sawServer({ ...account, parentId: idOf(n) });
    sawExchange('old', [started([['traceparent', `00-${traceId}-${idOf(0)}-01`]])]);
    sawExchange('new', [started([['traceparent', `00-${traceId}-${idOf(299)}-01`]])]);
    assert.deepEqual(
      appended.map(([id]) => id),
      ['new'],
    );
  });
});

describe("the name servers' side of a lookup", () => {
  const question: ServerEvent = {
    type: 'question', startAt: 2, at: 3, transport: 'udp', peerPort: 4711, id: 7, name: 'lab.test', recordType: 'A',
    queryFlags: [], querySize: 26, rule: 'record', rcode: 'NOERROR', answerFlags: ['qr'], answerSize: 42,
  };
  const asked: DnsStep = {
    startAt: 1, at: 4, source: 'name-server', server: '127.0.0.1:5353', question: { name: 'lab.test', type: 'A' },
    outcome: 'answered', localPort: 4711, queryId: 7,
  };
  const told = { type: 'events', queryPort: 4711, queryId: 7, server: 'dns', events: [question] } as const;
  const assigned = { type: 'connection-assigned', at: 0, connectionId: 'c1', reused: false } as const;
  const looked = (steps: readonly DnsStep[]): Exchange => ({
    events: [], connection: { lookup: { steps } }, spec: { options: {} }, failure: { phase: 'dns' },
  } as unknown as Exchange);

  it('goes to the exchange that opened the connection, whichever is heard first', () => {
    const order = ['question', 'step', 'assigned'] as const;
    for (const first of order) {
      const appended: [string, readonly ExchangeEvent[]][] = [];
      const join = createServerSideJoin((id, events) => appended.push([id, events]));
      const hear = {
        question: () => join.sawServer(told),
        step: () => join.sawConnection('c1', [{ type: 'dns-step', at: 4, step: asked }]),
        assigned: () => join.sawExchange('e1', [assigned]),
      };
      for (const one of [first, ...order.filter((other) => other !== first)]) hear[one]();
      assert.deepEqual(appended, [['e1', [{ type: 'server', at: 3, server: 'dns', event: question }]]], first);
    }
  });

  it('is found for the name of the peer as well, and for no other question', () => {
    const appended: string[] = [];
    const join = createServerSideJoin((id) => appended.push(id));
    join.sawExchange('e1', [assigned]);
    join.sawConnection('c1', [{ type: 'peer-name', startAt: 1, at: 4, address: '::1', names: [], steps: [asked] }]);
    join.sawServer({ ...told, queryId: 8 });
    join.sawServer({ ...told, queryPort: 4712 });
    join.sawServer({ type: 'events', clientPort: 4711, server: 'proxy', events: [finished] });
    assert.deepEqual(appended, []);
    join.sawServer(told);
    assert.deepEqual(appended, ['e1']);
  });

  it('does not take the place of requests that are waited for, however many questions nobody asked', () => {
    const appended: string[] = [];
    const join = createServerSideJoin((id) => appended.push(id));
    join.sawServer(account);
    for (let id = 0; id < 5000; id += 1) join.sawServer({ ...told, queryId: id });
    join.sawExchange('e1', [traced]);
    assert.deepEqual(appended, ['e1']);
    join.sawExchange('e2', [assigned]);
    join.sawConnection('c1', [{ type: 'dns-step', at: 4, step: asked }]);
    assert.deepEqual(appended, ['e1']);
  });

  it('is waited for where the lookup failed, and not for what another resolver was asked', async () => {
    const sides = createServerSides();
    let count = 0;
    const all = sides.finished(looked([asked])).then((events) => { count = events.length; });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(count, 0);
    sides.add(told);
    await all;
    assert.equal(count, 1);
    for (const server of ['127.0.0.53:53', '192.0.2.1:5353']) {
      assert.deepEqual(await sides.finished(looked([{ ...asked, server, queryId: 9 }])), []);
    }
  });
});

describe("the server's side of a request that was sent again", () => {
  const accepted = (connection: number, request: number): ServerEvent =>
    ({ type: 'accepted', at: connection, server: 'lab', connection, openConnections: 1, peerPort: 1, request });
  const tried = { type: 'events', traceId, parentId, server: 'lab' } as const;
  const broken: ServerEvent = { type: 'broken', at: 1, fault: 'reset' };
  const exchange = {
    events: [traced, traced], response: { complete: true }, spec: { options: {} },
    request: { headers: traced.type === 'request-start' ? traced.headers : [] },
  } as unknown as Exchange;

  it('is waited for until the server that answered has told', async () => {
    const sides = createServerSides();
    let count = 0;
    const told = sides.finished(exchange).then((events) => { count = events.length; });
    sides.add({ ...tried, events: [accepted(1, 2), broken] });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(count, 0);
    sides.add({ ...tried, events: [accepted(2, 1), finished] });
    await told;
    assert.equal(count, 4);
  });

  it('tells the times apart, and knows which one goes on', async () => {
    const sides = createServerSides();
    sides.add({ ...tried, events: [accepted(1, 2), broken] });
    sides.add({ ...tried, events: [accepted(2, 1), finished] });
    sides.add({ ...tried, visit: '1.2', events: [{ type: 'closed', at: 3, by: 'server', reason: 'fault', requests: 2 }] });
    const { servers } = addServerEvents(exchange, await sides.finished(exchange));
    assert.deepEqual(servers?.map(({ events }) => events.map(({ type }) => type)),
      [['accepted', 'broken', 'closed'], ['accepted', 'response-finished']]);
  });
});

describe("the server's side of a request that no proxy let through", () => {
  const refused: ServerEvent = { type: 'refused', at: 3, reason: 'not-own', target: 'x:1' };
  const accepted: ServerEvent = {
    type: 'accepted', at: 1, server: 'proxy', connection: 1, openConnections: 1, peerPort: 4711, request: 1,
  };
  const failed: Exchange = {
    events: [], failure: { phase: 'proxy' }, connection: { localPort: 4711, peerAddress: '127.0.0.1' },
    spec: { options: { proxyDecision: { proxy: 'http://lab.test:1' } } },
  } as unknown as Exchange;

  it('is waited for until the proxy has said what became of it', async () => {
    const sides = createServerSides();
    const seen: unknown[] = [];
    const told = sides.finished(failed).then((events) => seen.push(...events.map(({ event }) => event)));
    sides.add({ type: 'events', clientPort: 4711, server: 'proxy', events: [accepted] });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seen, []);
    sides.add({ type: 'events', clientPort: 4711, server: 'proxy', events: [refused] });
    await told;
    assert.deepEqual(seen, [accepted, refused]);
  });

  it('is waited for where TLS failed, until the server has closed', async () => {
    const sides = createServerSides();
    const direct = { ...failed, failure: { phase: 'tls' }, spec: { options: {} } } as unknown as Exchange;
    const told = sides.finished(direct);
    const closed: ServerEvent = { type: 'closed', at: 4, by: 'client', reason: 'ended', requests: 0 };
    sides.add({ type: 'events', clientPort: 4711, server: 'lab', events: [accepted, closed] });
    assert.deepEqual((await told).map(({ event }) => event), [accepted, closed]);
  });

  it('is waited for where the connection was closed, until a name server has said that it read no question', async () => {
    const direct = { ...failed, failure: { phase: 'wait', code: 'connection-closed' }, spec: { options: {} } };
    const sides = createServerSides();
    const told = sides.finished(direct as unknown as Exchange);
    const unreadable: ServerEvent = {
      type: 'unreadable', startAt: 2, at: 3, transport: 'tcp', peerPort: 4711, size: 18_245, reason: 'too-long',
    };
    sides.add({ type: 'events', clientPort: 4711, server: 'dns', events: [unreadable] });
    assert.deepEqual((await told).map(({ event }) => event), [unreadable]);
  });

  it('is waited for with that of the request, where a proxy made a tunnel', async () => {
    const sides = createServerSides();
    const through = {
      events: [traced], request: { headers: traced.type === 'request-start' ? traced.headers : [] },
      connection: { ...failed.connection, proxies: [{}] }, spec: failed.spec,
    } as unknown as Exchange;
    let count = 0;
    const told = sides.finished(through).then((events) => { count = events.length; });
    sides.add({ type: 'events', traceId, parentId, server: 'lab', events: [finished] });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(count, 0);
    const forwarded: ServerEvent = { type: 'forwarded', startAt: 1, at: 2, to: 'lab.test:1', reused: false };
    sides.add({ type: 'events', clientPort: 4711, server: 'proxy', events: [accepted, forwarded] });
    await told;
    assert.equal(count, 3);
  });

  it('is not waited for where no proxy was, or none of this machine', async () => {
    const direct = { ...failed, spec: { ...failed.spec, options: {} } } as Exchange;
    assert.deepEqual(await createServerSides().finished(direct), []);
    const connection = { ...failed.connection!, peerAddress: '192.0.2.1' };
    assert.deepEqual(await createServerSides().finished({ ...failed, connection }), []);
  });
});
