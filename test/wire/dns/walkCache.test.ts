import assert from 'node:assert/strict';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import type { Resolver } from '../../../src/wire/connection.ts';
import { createFixtures, look, outcome } from './lookups.ts';
import { a, cname, ns, rcodes, soa } from './nameServer.ts';
import type { Asked, NameServer, Reply, Send } from './nameServer.ts';

// What a walk has learnt is used by the next one for as long as TTLs allow. One server stands for all.

const fixtures = createFixtures();

function referral(zone: string, ttl: number): Reply {
  return {
    authoritative: false, authorities: [ns(zone, `ns.${zone}`, ttl)], additionals: [a(`ns.${zone}`, '127.0.0.1', ttl)],
  };
}

/**
 * `test` for 100 s, `shop.test` for 30 s, its address for 10 s; `www` is an alias of it; nothing else is there, for 20
 * s.
 */
function server({ name, type }: Asked, send: Send): void {
  const asked = name.toLowerCase();
  if (asked === 'test') return send(referral('test', 100));
  if (asked === 'shop.test' && type === 'A') return send({ answers: [a(name, '192.0.2.7', 10)] });
  if (asked === 'www.test' && type === 'A') return send({ answers: [cname(name, 'shop.test', 15)] });
  if (asked === 'shop.test' || asked === 'www.test') return send({ authorities: [soa('test', 20, 20)] });
  send({ rcode: rcodes.nxdomain, authorities: [soa('test', 20, 20)] });
}

describe('the memory of walks', () => {
  afterEach(() => fixtures.cleanUp());

  let now = 0;
  let root: NameServer;
  let resolver: Resolver;
  beforeEach(async () => {
    now = 0;
    root = await fixtures.server(server);
    resolver = fixtures.resolver({ timeout: 500, random: () => 0, now: () => now });
  });

  async function walk(name: string, dns = 'trace'): Promise<{
    came: readonly string[] | string; steps: DnsStep[]; asked: number;
  }> {
    const before = root.asked.length;
    const looked = await look(resolver, name, { dns, rootServers: [{ servers: [root] }] });
    const steps = looked.steps.filter(({ source }) => source !== 'hosts');
    return { came: outcome(looked), steps, asked: root.asked.length - before };
  }

  const shown = (
    steps: readonly DnsStep[],
  ): string[] => steps.map(({ source, question, outcome: came, ttlLeft, zone }) =>
    `${source} ${zone} ${question.type} ${question.name} ${came} ${ttlLeft ?? ''}`.trim());

  it('gives delegations and answers again, each with the seconds it may still be used', async () => {
    assert.equal((await walk('shop.test')).asked, 3);
    now = 3_000;
    const again = await walk('shop.test');
    assert.deepEqual([again.came, again.asked], [['192.0.2.7'], 0]);
    assert.deepEqual(shown(again.steps), [
      'cache . NS shop.test referral 97', 'cache test A shop.test answered 7', 'cache test AAAA shop.test no-data 17',
    ]);
    assert.deepEqual(again.steps[0]?.referral?.servers, ['ns.test']);
    assert.deepEqual(again.steps[0]?.records?.map(({ type, ttl }) => [type, ttl]), [['NS', 97], ['A', 97]]);
    assert.equal(again.steps[1]?.records?.[0]?.ttl, 7);
  });

  it('asks again for what has run out, and no more than that', async () => {
    await walk('shop.test');
    now = 12_000;
    const later = await walk('shop.test');
    assert.deepEqual(shown(later.steps).sort(), [
      'cache . NS shop.test referral 88', 'cache test AAAA shop.test no-data 8',
      'name-server test A shop.test answered',
    ]);
    now = 200_000;
    const all = await walk('shop.test');
    assert.deepEqual([all.asked, all.steps.every(({ source }) => source === 'name-server')], [3, true]);
  });

  it('serves other names of the zones met', async () => {
    await walk('shop.test');
    const other = await walk('other.test');
    assert.deepEqual([other.came, other.asked], ['name-not-found', 2]);
    assert.deepEqual(shown(other.steps).sort(), [
      'cache . NS other.test referral 100', 'name-server test A other.test name-error',
      'name-server test AAAA other.test name-error',
    ]);
  });

  it('keeps that a name is not there (RFC 2308)', async () => {
    await walk('gone.test');
    now = 19_000;
    const again = await walk('gone.test');
    assert.deepEqual([again.came, again.asked, again.steps.at(-1)?.ttlLeft], ['name-not-found', 0, 1]);
    now = 21_000;
    assert.equal((await walk('gone.test')).asked, 2);
  });

  it('keeps aliases, and what they lead to for its own time', async () => {
    assert.deepEqual((await walk('www.test')).came, ['192.0.2.7']);
    now = 12_000;
    const again = await walk('www.test');
    assert.deepEqual([again.came, again.asked], [['192.0.2.7'], 1]);
    assert.equal(again.steps.find(({ alias }) => alias === 'shop.test')?.source, 'cache');
  });

  it('is left alone by a walk that asks for everything anew', async () => {
    await walk('shop.test');
    const fresh = await walk('shop.test', 'trace fresh');
    assert.deepEqual([fresh.asked, fresh.steps.every(({ source }) => source === 'name-server')], [3, true]);
  });

  it('is told apart from what the walk itself has learnt', async () => {
    // Two zones whose one server is of a third: its address is looked up for each.
    root = await fixtures.server(({ name, type }, send) => {
      const asked = name.toLowerCase();
      if (asked === 'one.test' || asked === 'two.test') return send({ authoritative: false, authorities: [ns(asked, 'ns.shop.test')] });
      if (asked === 'www.one.test') return send({ answers: [cname(name, 'www.two.test', 15)] });
      if (asked === 'www.two.test' && type === 'A') return send({ answers: [a(name, '192.0.2.8', 15)] });
      if (asked === 'ns.shop.test' && type === 'A') return send({ answers: [a(name, '127.0.0.1', 15)] });
      server({ name, type } as Asked, send);
    });
    const known = (steps: readonly DnsStep[]): unknown[] => steps.filter(({ source }) => source === 'cache')
      .map(({ question, learntHere }) => [question.type, question.name, learntHere ?? false]);
    const first = await walk('www.one.test');
    assert.deepEqual(first.came, ['192.0.2.8']);
    assert.deepEqual([...new Set(known(first.steps).map(String))], ['A,ns.shop.test,true']);
    assert.ok(known((await walk('www.one.test')).steps).every((one) => Array.isArray(one) && one[2] === false));
  });

  it('asks nothing of a name twice to find a zone that is not there', async () => {
    const told: DnsStep[] = [];
    await look(resolver, 'www.test', {
      dns: 'trace', rootServers: [{ servers: [root] }], service: { scheme: 'https', port: 8443 },
    }).then(({ steps }) => told.push(...steps));
    assert.ok(told.some(({ question }) => question.name === '_8443._https.www.test'));
    assert.deepEqual(told.filter(({ purpose, question }) => purpose === 'minimised' && question.name === 'www.test'), []);
  });

  describe('of servers that have moved', () => {
    /** Gives `test` another server than the one that answers for it, until it has moved. */
    let moved: boolean;
    let old: NameServer;
    let oldAnswers: typeof server | undefined;
    beforeEach(async () => {
      moved = false;
      oldAnswers = server;
      old = await fixtures.server((asked, send) => oldAnswers?.(asked, send));
      root = await fixtures.server((asked, send) => {
        const to = moved ? 'ns2.test' : 'ns1.test';
        if (asked.name !== 'test') return server(asked, send);
        send({ authoritative: false, authorities: [ns('test', to, 100)], additionals: [a(to, '127.0.0.1', 100)] });
      });
    });
    const walkOn = async (name: string) => {
      const ports = { 'ns1.test': old.port, 'ns2.test': root.port };
      const looked = await look(resolver, name, { dns: 'trace', rootServers: [{ servers: [root], ports }] });
      return { came: outcome(looked), steps: looked.steps.filter(({ source }) => source !== 'hosts') };
    };
    const told = (steps: readonly DnsStep[]): string[] =>
      [...new Set(steps.map(({ source, zone, serverName, outcome: came, forgotten }) =>
        [source, zone, serverName, came, forgotten].filter(Boolean).join(' ')))];

    const faults: [what: string, answers: typeof server | undefined, came: string][] = [
      ['say nothing', undefined, 'timeout'],
      ['refuse', (_, send) => send({ rcode: rcodes.refused }), 'refused'],
      ['do not serve the zone any more', (_, send) => send({ authoritative: false }), 'lame'],
    ];
    for (const [what, answers, came] of faults) {
      it(`asks the zone above again when they ${what}`, async () => {
        assert.deepEqual((await walkOn('shop.test')).came, ['192.0.2.7']);
        now = 12_000;
        moved = true;
        oldAnswers = answers;
        const again = await walkOn('shop.test');
        assert.deepEqual(again.came, ['192.0.2.7']);
        assert.deepEqual(told(again.steps.filter(({ question }) => question.type === 'A')), [
          `name-server test ns1.test ${came}`, 'name-server . referral test', 'name-server test ns2.test answered',
        ]);
        // What is learnt now is remembered in its place.
        now = 23_000;
        assert.deepEqual(told((await walkOn('shop.test')).steps.filter(({ question }) => question.type === 'A')),
          ['name-server test ns2.test answered']);
      });
    }

    it('asks nobody twice that the zone above names again', async () => {
      await walkOn('shop.test');
      now = 12_000;
      oldAnswers = (_, send) => send({ rcode: rcodes.refused });
      const again = await walkOn('shop.test');
      assert.equal(again.came, 'name-server-failed');
      assert.deepEqual(told(again.steps.filter(({ question }) => question.type === 'A')),
        ['name-server test ns1.test refused', 'name-server . referral test']);
    });
  });

  it('is not that of walks from other servers', async () => {
    await walk('shop.test');
    const other = await fixtures.server(server);
    await look(resolver, 'shop.test', { dns: 'trace', rootServers: [{ servers: [other] }] });
    assert.equal(other.asked.length, 3);
  });

  it('has nothing of servers that failed or said nothing', async () => {
    const failing = await fixtures.server((_, send) => send({ rcode: rcodes.servfail }));
    const ask = () => look(resolver, 'shop.test', { dns: 'trace', rootServers: [{ servers: [failing] }] });
    await ask();
    const before = failing.asked.length;
    await ask();
    assert.equal(failing.asked.length, 2 * before);
  });
});
