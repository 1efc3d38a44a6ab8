import assert from 'node:assert/strict';
import type { Answer } from 'dns-packet';
import { once } from 'node:events';
import * as http2 from 'node:http2';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { recordConnection } from '../../../src/trace/recordConnection.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import type { ServiceDecision } from '../../../src/trace/serviceBinding.ts';
import type { Resolution, ResolveOptions } from '../../../src/wire/connection.ts';
import { createClient } from '../../../src/wire/client.ts';
import type { ResolverOptions } from '../../../src/wire/dns/means.ts';
import { parseServiceRecord } from '../../../src/wire/dns/serviceRecord.ts';
import { createAuthority } from '../../support/certificates.ts';
import { createFixtures, failureOf, look, lines, manualSchedule, outcome, settle, until } from './lookups.ts';
import { a, aaaa, cname, soa } from './nameServer.ts';
import type { Asked, NameServer, Send } from './nameServer.ts';

const fixtures = createFixtures();

type Parameters_ = readonly (readonly [key: number, value: Buffer])[];

function labels(name: string): Buffer {
  const parts = name === '.' ? [] : name.split('.');
  return Buffer.concat([
    ...parts.map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])), Buffer.from([0]),
  ]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** An HTTPS record (RFC 9460 §2.2). */
function https(name: string, priority: number, target: string, parameters: Parameters_ = []): Answer {
  const data = Buffer.concat([
    uint16(priority), labels(target),
    ...parameters.flatMap(([key, value]) => [uint16(key), uint16(value.length), value]),
  ]);
  return { type: 'UNKNOWN_65', name, ttl: 60, data } as unknown as Answer;
}

const mandatory = (...keys: number[]): [number, Buffer] => [0, Buffer.concat(keys.map(uint16))];
const alpn = (...ids: string[]): [number, Buffer] =>
  [1, Buffer.concat(ids.map((id) => Buffer.concat([Buffer.from([id.length]), Buffer.from(id)])))];
const noDefault: [number, Buffer] = [2, Buffer.alloc(0)];
const port = (value: number): [number, Buffer] => [3, uint16(value)];
const hint4 = (...addresses: string[]): [number, Buffer] => [
  4, Buffer.from(addresses.flatMap((one) => one.split('.').map(Number))),
];

type Records = Readonly<Record<string, readonly Answer[]>>;

/** Records by `TYPE name`; everything else has none. */
async function serverOf(records: Records): Promise<NameServer> {
  return fixtures.server(({ name, type }: Asked, send: Send) => {
    const answers = records[`${type === 'UNKNOWN_65' ? 'HTTPS' : type} ${name}`];
    send(answers ? { answers: [...answers] } : { authorities: [soa('test', 60)] });
  });
}

const shop = { 'A shop.test': [a('shop.test', '192.0.2.7')] };

async function find(
  records: Records, more: Partial<ResolveOptions> = {}, options: ResolverOptions = {},
): Promise<{ resolution: Resolution; decisions: ServiceDecision[]; server: NameServer; looked: Awaited<ReturnType<typeof look>> }> {
  const server = await serverOf(records);
  const decisions: ServiceDecision[] = [];
  // No test depends on how fast the machine is.
  const resolver = fixtures.resolver({ servers: [server], resolutionDelay: 4000, ...options });
  const looked = await look(resolver, 'shop.test', {
    service: { scheme: 'https', port: 443 }, onService: (decision) => decisions.push(decision), ...more,
  });
  return { resolution: looked.resolution, decisions, server, looked };
}

function endpoints(resolution: Resolution): (readonly [string, number, string])[] {
  assert.ok(resolution.ok);
  return (resolution.service?.choices ?? []).map(({ endpoint, addresses }) =>
    [endpoint.target, endpoint.port, addresses.map(({ address }) => address).join()] as const);
}

function reasons(decision: ServiceDecision | undefined): (readonly [string, string])[] {
  return (decision?.considered ?? []).map(({ value, used, reason }) =>
    [value.split(' ').slice(0, 2).join(' '), used ? 'used' : reason ?? '?'] as const);
}

describe('HTTPS records (RFC 9460)', function () {
  this.timeout(20_000);
  afterEach(() => fixtures.cleanUp());

  it('are asked for beside A and AAAA, and lead to a port', async () => {
    const { resolution, decisions, looked } = await find({
      ...shop, 'HTTPS shop.test': [https('shop.test', 1, '.', [alpn('h2'), port(8443)])],
    });
    assert.deepEqual(endpoints(resolution), [['shop.test', 8443, '192.0.2.7']]);
    assert.deepEqual(outcome(looked), ['192.0.2.7']);
    assert.deepEqual(reasons(decisions[0]), [['1 .', 'used']]);
    assert.deepEqual(decisions[0]?.endpoint?.protocols, ['h2', 'http/1.1']);
    assert.deepEqual(lines(looked.steps, 'HTTPS'), ['name-server HTTPS udp answered']);
    assert.equal(looked.steps.find(({ question }) => question.type === 'HTTPS')?.purpose, 'service');
  });

  it('are looked for at the port of the URL (§2.3), and not at all for http or when switched off', async () => {
    const { server } = await find(shop, { service: { scheme: 'https', port: 8080 } });
    assert.deepEqual(
      server.asked.map(({ name, type }) => `${type} ${name}`).sort(),
      ['A shop.test', 'AAAA shop.test', 'UNKNOWN_65 _8080._https.shop.test'],
    );
    for (const more of [{ service: { scheme: 'http', port: 80 } }, { httpsRecords: 'off' }] as const) {
      const other = await find(shop, more);
      assert.deepEqual(other.server.asked.map(({ type }) => type).sort(), ['A', 'AAAA'], JSON.stringify(more));
    }
  });

  it('are only shown where the settings say so', async () => {
    const { resolution, decisions } = await find(
      { ...shop, 'HTTPS shop.test': [https('shop.test', 1, '.', [port(8443)])] }, { httpsRecords: 'show' });
    await settle();
    assert.ok(resolution.ok && resolution.service === undefined);
    assert.deepEqual(reasons(decisions[0]), [['1 .', 'only-shown']]);
    assert.equal(decisions[0]?.endpoint, undefined);
  });

  it('are tried by priority, at the addresses of their targets', async () => {
    const { resolution, decisions } = await find({
      ...shop, 'A near.test': [a('near.test', '192.0.2.8')], 'AAAA near.test': [aaaa('near.test', '2001:db8::8')],
      'HTTPS shop.test': [https('shop.test', 2, '.'), https('shop.test', 1, 'near.test', [port(444)])],
    });
    assert.deepEqual(
      endpoints(resolution), [['near.test', 444, '2001:db8::8,192.0.2.8'], ['shop.test', 443, '192.0.2.7']],
    );
    assert.deepEqual(reasons(decisions[0]), [['1 near.test.', 'used'], ['2 .', 'priority']]);
  });

  it('of one priority are tried in random order (§2.4.1), and of several aliases one is drawn (§2.4.2)', async () => {
    const names = ['a.test', 'b.test', 'c.test'];
    const addresses = Object.fromEntries(names.map((name, index) => [`A ${name}`, [a(name, `192.0.2.${index}`)]]));
    const tried = async (random: (limit: number) => number) => {
      const records = [...names.map((name) => https('shop.test', 2, name)), https('shop.test', 1, '.')];
      const { resolution, decisions } = await find({ ...shop, ...addresses, 'HTTPS shop.test': records.slice(0, 3) }, {}, { random });
      const sorted = await find({ ...shop, ...addresses, 'HTTPS shop.test': records }, {}, { random });
      const aliases = names.map((name) => https('shop.test', 0, name));
      const alias = await find({ ...shop, ...addresses, 'HTTPS shop.test': aliases }, {}, { random });
      assert.equal(endpoints(sorted.resolution)[0]?.[0], 'shop.test');
      assert.deepEqual(reasons(sorted.decisions[0]).map(([, reason]) => reason), ['used', 'priority', 'priority', 'priority']);
      assert.deepEqual(reasons(decisions[0]).map(([, reason]) => reason), ['used', 'drawn', 'drawn']);
      assert.deepEqual(reasons(alias.decisions[0]).map(([, reason]) => reason), ['drawn', 'drawn', 'used']);
      return [endpoints(resolution).map(([target]) => target).join(), alias.decisions[0]?.aliases.join()];
    };
    assert.deepEqual(await tried(() => 0), ['b.test,c.test,a.test', 'b.test']);
    assert.deepEqual(await tried((limit) => limit - 1), ['a.test,b.test,c.test', 'a.test']);
  });

  it('are waited for as long as for one question where there is no address', async () => {
    const time = manualSchedule();
    let asked = 0;
    const server = await fixtures.server(({ name, type }, send) => {
      if (type !== 'UNKNOWN_65') return send({ authorities: [soa('test', 60)] });
      asked += 1;
      // The second question is never answered.
      if (asked === 1) send({ answers: [https(name, 0, 'pool.test')] });
    });
    const resolver = fixtures.resolver({ servers: [server], schedule: time.schedule, timeout: 700, tries: 2 });
    const looking = look(resolver, 'shop.test', { service: { scheme: 'https', port: 443 } });
    await until(() => asked === 2 && time.pending().includes(1400));
    time.fire(1400);
    assert.equal(failureOf(await looking).code, 'name-without-address');
  });

  it('of AliasMode are followed, to records and to addresses alone (§2.4.2)', async () => {
    const chain = await find({
      ...shop, 'A cdn.test': [a('cdn.test', '192.0.2.9')],
      'HTTPS shop.test': [https('shop.test', 0, 'pool.test')], 'HTTPS pool.test': [https('pool.test', 0, 'cdn.test')],
      'HTTPS cdn.test': [https('cdn.test', 1, '.', [alpn('h2')])],
    });
    assert.deepEqual(endpoints(chain.resolution), [['cdn.test', 443, '192.0.2.9']]);
    assert.deepEqual(chain.decisions[0]?.aliases, ['pool.test', 'cdn.test']);
    const plain = await find({
      ...shop, 'HTTPS shop.test': [https('shop.test', 0, 'cdn.test')], 'A cdn.test': [a('cdn.test', '192.0.2.9')],
    });
    assert.deepEqual(endpoints(plain.resolution), [['cdn.test', 443, '192.0.2.9']]);
  });

  it('of AliasMode may stand where there is no address (an apex), and are waited for then', async () => {
    const { resolution } = await find({
      'HTTPS shop.test': [https('shop.test', 0, 'cdn.test')], 'A cdn.test': [a('cdn.test', '192.0.2.9')],
    });
    assert.ok(resolution.ok);
    assert.deepEqual(resolution.addresses, []);
    assert.deepEqual(endpoints(resolution), [['cdn.test', 443, '192.0.2.9']]);
  });

  it('of AliasMode without end, or to nowhere, change nothing', async () => {
    const loop = await find({
      ...shop, 'HTTPS shop.test': [https('shop.test', 0, 'b.test')], 'HTTPS b.test': [https('b.test', 0, 'c.test')],
      'HTTPS c.test': [https('c.test', 0, 'b.test')],
    });
    assert.deepEqual(endpoints(loop.resolution), []);
    assert.equal(reasons(loop.decisions[0]).at(-1)?.[1], 'alias-loop');
    const root = await find({ ...shop, 'HTTPS shop.test': [https('shop.test', 0, '.')] });
    assert.deepEqual([endpoints(root.resolution), reasons(root.decisions[0])], [[], [['0 .', 'no-address']]]);
    const none = await find({ 'HTTPS shop.test': [https('shop.test', 0, 'gone.test')] });
    assert.equal(failureOf({ ...none.looked }).code, 'name-without-address');
  });

  it('at a CNAME are those of its target', async () => {
    const { resolution } = await find({
      'A shop.test': [cname('shop.test', 'real.test'), a('real.test', '192.0.2.7')],
      'A real.test': [a('real.test', '192.0.2.7')],
      'HTTPS shop.test': [cname('shop.test', 'real.test'), https('real.test', 1, '.', [port(8443)])],
    });
    assert.deepEqual(endpoints(resolution), [['real.test', 8443, '192.0.2.7']]);
  });

  const refusals: [title: string, parameters: Parameters_, reason: string, about: string | undefined][] = [
    ['a key that must be understood and is not (§8)', [mandatory(5), alpn('h2'), [5, Buffer.from('x')]], 'mandatory', 'ech'],
    ['a mandatory key that is not there (§2.4.3)', [mandatory(1, 4), alpn('h2')], 'inconsistent', 'ipv4hint'],
    ['no-default-alpn without alpn (§2.4.3, §7.1.1)', [noDefault], 'inconsistent', 'alpn'],
    ['protocols of which none is spoken over TCP (§7.1.2)', [alpn('h3'), noDefault], 'protocols', 'h3'],
    ['port 0', [port(0)], 'port', '0'],
  ];
  for (const [title, parameters, reason, about] of refusals) {
    it(`are not used with ${title}`, async () => {
      const { resolution, decisions } = await find({
        ...shop, 'HTTPS shop.test': [https('shop.test', 1, '.', parameters)],
      });
      assert.deepEqual(endpoints(resolution), []);
      const [one] = decisions[0]?.considered ?? [];
      assert.deepEqual([one?.used, one?.reason, one?.about], [false, reason, about]);
      assert.equal(resolution.ok && resolution.addresses[0]?.address, '192.0.2.7');
    });
  }

  it('with h3 alone and the default are for TCP too', async () => {
    const { decisions } = await find({ ...shop, 'HTTPS shop.test': [https('shop.test', 1, '.', [alpn('h3')])] });
    assert.deepEqual(decisions[0]?.endpoint?.protocols, ['h3', 'http/1.1']);
  });

  for (const [title, parameters] of [
    ['a list of no protocol', [[1, Buffer.alloc(0)]]],
    ['no-default-alpn with a value', [alpn('h2'), [2, Buffer.from('x')]]],
    ['mandatory keys out of order', [mandatory(4, 1), alpn('h2'), hint4('192.0.2.1')]],
    ['mandatory in its own list', [mandatory(0)]],
  ] as const satisfies readonly (readonly [string, Parameters_])[]) {
    it(`are malformed with ${title} (§2.2)`, async () => {
      const { decisions } = await find({ ...shop, 'HTTPS shop.test': [https('shop.test', 1, '.', parameters)] });
      assert.deepEqual(decisions[0]?.considered.map(({ used, reason }) => [used, reason]), [[false, 'malformed']]);
    });
  }

  it('are not used at all when one of the set is malformed (§2.2)', async () => {
    const broken = {
      type: 'UNKNOWN_65', name: 'shop.test', ttl: 60, data: Buffer.from([0, 2, 0, 0, 3, 0, 9]),
    } as unknown as Answer;
    const { resolution, decisions } = await find({ ...shop, 'HTTPS shop.test': [https('shop.test', 1, '.'), broken] });
    assert.deepEqual(
      [endpoints(resolution), reasons(decisions[0]).map(([, reason]) => reason)], [[], ['malformed', 'malformed']],
    );
  });

  it('have hints for a target without addresses only (§7.3)', async () => {
    const record = https('shop.test', 1, 'near.test', [hint4('192.0.2.44')]);
    const without = await find({ ...shop, 'HTTPS shop.test': [record] });
    assert.deepEqual(endpoints(without.resolution), [['near.test', 443, '192.0.2.44']]);
    assert.deepEqual(without.decisions[0]?.endpoint?.hinted, [4]);
    const answered = await find({ ...shop, 'HTTPS shop.test': [record], 'A near.test': [a('near.test', '192.0.2.8')] });
    assert.deepEqual(endpoints(answered.resolution), [['near.test', 443, '192.0.2.8']]);
    assert.deepEqual(answered.decisions[0]?.endpoint?.hinted, []);
  });

  it('are waited for no longer than the resolution delay, and for a while not at all', async () => {
    const time = manualSchedule();
    const held: (() => void)[] = [];
    const server = await fixtures.server(({ name, type }, send) => {
      if (type === 'UNKNOWN_65') held.push(() => send({ answers: [https(name, 1, '.', [port(8443)])] }));
      else send(type === 'A' ? { answers: [a(name, '192.0.2.7')] } : { authorities: [soa('test', 60)] });
    });
    const decisions: ServiceDecision[] = [];
    const resolver = fixtures.resolver({ servers: [server], schedule: time.schedule, now: () => 1000 });
    const ask = (name: string) => look(resolver, name, {
      service: { scheme: 'https', port: 443 }, onService: (one) => decisions.push(one),
    });
    const first = ask('shop.test');
    await until(() => time.pending().filter((each) => each === 50).length === 1 && held.length === 1);
    time.fire(50);
    const { resolution } = await first;
    assert.ok(resolution.ok && resolution.service === undefined);
    held[0]!();
    await until(() => decisions.length === 1);
    assert.deepEqual(reasons(decisions[0]), [['1 .', 'late']]);
    const second = ask('other.test');
    await until(() => time.pending().includes(0));
    time.fire(0);
    assert.ok((await second).resolution.ok);
    held[1]!();
    await until(() => decisions.length === 2);
  });

  it('are kept for their TTL like addresses', async () => {
    const server = await serverOf({ ...shop, 'HTTPS shop.test': [https('shop.test', 1, '.', [port(8443)])] });
    let now = 0;
    const resolver = fixtures.resolver({ servers: [server], now: () => now, resolutionDelay: 4000 });
    const ask = () => look(resolver, 'shop.test', { service: { scheme: 'https', port: 443 } });
    await ask();
    now = 23_000;
    const { steps } = await ask();
    assert.deepEqual(lines(steps, 'HTTPS'), ['cache HTTPS answered']);
    assert.deepEqual(steps.filter(({ source }) => source === 'cache').map(({ ttlLeft }) => ttlLeft), [37, 37, 37]);
    assert.equal(server.asked.length, 3);
  });

  const readings: [text: string, expected: object | undefined][] = [
    ['0 cdn.test.', { priority: 0, target: 'cdn.test', protocols: ['http/1.1'], keys: [] }],
    ['1 . alpn=h2,h3 port=8443', { priority: 1, target: '', protocols: ['h2', 'h3', 'http/1.1'], port: 8443, keys: ['alpn', 'port'] }],
    ['1 . alpn=a\\\\,b,c no-default-alpn', { protocols: ['a\\\\,b', 'c'] }],
    ['1 . no-default-alpn', { needed: ['alpn'], protocols: [] }], ['x .', undefined], ['1 target', undefined], ['\\# 3 000102', undefined], ['', undefined],
  ];
  for (const [text, expected] of readings) {
    it(`read ${text || 'nothing'}`, () => {
      const found = parseServiceRecord(text);
      if (expected === undefined) return assert.equal(found, undefined);
      assert.deepEqual({ ...found, ...expected }, found);
    });
  }
});

describe('a connection by HTTPS records', function () {
  this.timeout(20_000);
  const events: ConnectionEvent[] = [];
  let authority: Awaited<ReturnType<typeof createAuthority>>;
  let server: http2.Http2SecureServer;
  let listening = 0;
  before(async () => {
    authority = await createAuthority('Services');
    const issued = await authority.issue({ names: ['shop.test'] });
    server = http2.createSecureServer({ key: issued.key, cert: issued.cert, allowHTTP1: true }, (request, response) => {
      response.end(`${request.authority ?? request.headers.host}`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    listening = (server.address() as AddressInfo).port;
  });
  afterEach(() => fixtures.cleanUp());
  after(() => server.close());

  async function send(records: Records, url: string): Promise<Exchange | undefined> {
    return (await sendEach(records, url, [undefined]))[0];
  }

  /** One after another, by one client. */
  async function sendEach(
    records: Records, url: string, settings: readonly SendOptions['httpsRecords'][],
  ): Promise<Exchange[]> {
    events.length = 0;
    const names = await serverOf(records);
    const client = createClient({
      resolver: fixtures.resolver({ servers: [names], resolutionDelay: 4000 }), inquire: false,
    });
    const exchanges: Exchange[] = [];
    try {
      for (const httpsRecords of settings) {
        exchanges.push(...await client.send({
          id: 'x', method: 'GET', url, headers: [], options: {
            trustAnchors: [{ pem: authority.pem, label: 'test' }], ...(httpsRecords ? { httpsRecords } : {}),
          },
        }, { onExchange: () => {}, onConnection: (update) => void events.push(...update.events) }));
      }
      return exchanges;
    } finally {
      await client.close();
    }
  }

  const local = { 'A shop.test': [a('shop.test', '127.0.0.1')] };

  it('goes to the port of the record, with the name and offer of the URL', async () => {
    const exchange = await send(
      { ...local, 'HTTPS shop.test': [https('shop.test', 1, '.', [port(listening)])] }, 'https://shop.test/',
    );
    assert.equal(exchange?.response?.statusCode, 200);
    const { connection, request } = exchange;
    assert.deepEqual([connection?.peerPort, connection?.port, request?.authority], [listening, 443, 'shop.test']);
    // §7.1.2: the set of the record, http/1.1 alone, does not narrow the offer.
    assert.deepEqual([connection?.tls?.alpnOffered, connection?.tls?.facts?.alpn], [['h2', 'http/1.1'], 'h2']);
    assert.equal(connection?.service?.endpoint?.port, listening);
  });

  it('is not one for requests that go by them otherwise', async () => {
    const exchanges = await sendEach(local, `https://shop.test:${listening}/`, [undefined, 'on', 'off', 'off', 'show']);
    assert.deepEqual(exchanges.map(({ reused }) => reused), [false, true, false, true, false]);
  });

  it('falls back to the origin when nobody answers there (§3.1), every attempt told', async () => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const free = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    const owner = `_${listening}._https.shop.test`;
    const exchange = await send(
      { ...local, [`HTTPS ${owner}`]: [https(owner, 1, '.', [port(free)])] }, `https://shop.test:${listening}/`);
    assert.equal(exchange?.response?.statusCode, 200);
    const { attempts, service } = recordConnection('c', events);
    assert.deepEqual(
      attempts.map(({ port: at, outcome: came }) => [at, came]), [[free, 'failed'], [listening, 'connected']],
    );
    assert.deepEqual(service?.considered.map(({ used, reason }) => [used, reason]), [[false, 'unreachable']]);
    assert.equal(service?.endpoint, undefined);
  });

  it('fails as the origin does when that cannot be reached either', async () => {
    const exchange = await send(
      { ...local, 'HTTPS _1._https.shop.test': [https('_1._https.shop.test', 1, '.', [port(1)])] }, 'https://shop.test:1/');
    assert.deepEqual(
      [exchange?.failure?.phase, exchange?.failure?.code, exchange?.failure?.port], ['tcp', 'connection-refused', 1],
    );
  });
});
