import assert from 'node:assert/strict';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import type { RootServers } from '../../../src/trace/request.ts';
import { createFixtures, failureOf, look, outcome, until } from './lookups.ts';
import type { Looked } from './lookups.ts';
import { a, cname, ns, rcodes, soa } from './nameServer.ts';
import type { Asked, NameServer, Reply, Send } from './nameServer.ts';

// The walk against servers that err, lie or say nothing. One server stands for all.

const fixtures = createFixtures();

/** A referral to this server itself. */
function referral(zone: string, ...more: NonNullable<Reply['additionals']>): Reply {
  return {
    authoritative: false, authorities: [ns(zone, `ns.${zone}`)], additionals: [a(`ns.${zone}`, '127.0.0.1'), ...more],
  };
}

function lower({ name }: Pick<Asked, 'name'>): string {
  return name.toLowerCase();
}

/** Knows `shop.test` in the zone `test` and refers to it from the root. */
function honest(asked: Asked, send: Send): void {
  if (lower(asked) === 'test') return send(referral('test'));
  if (asked.type === 'A') return send({ answers: [a(asked.name, '192.0.2.7')] });
  send({ authorities: [soa('test', 60)] });
}

async function walk(server: NameServer, name = 'shop.test', more: Parameters<typeof look>[2] = {}): Promise<Looked> {
  const rootServers: RootServers[] = [{ servers: [server] }];
  let odd = 0;
  // Every other letter is large, the order of servers stays.
  const random = (limit: number): number => limit === 2 ? (odd += 1) % 2 : limit - 1;
  return look(fixtures.resolver({ timeout: 300, random }), name, { dns: 'trace', rootServers, ...more });
}

function steps({ steps: all }: Looked): DnsStep[] {
  return all.filter(({ source }) => source === 'name-server');
}

describe('the walk past servers that err', () => {
  afterEach(() => fixtures.cleanUp());

  it('asks in mixed letters, each time from another port with another id', async () => {
    const server = await fixtures.server(honest);
    assert.deepEqual(outcome(await walk(server)), ['192.0.2.7']);
    assert.deepEqual(server.asked.filter(({ name, written }) => name !== written).length, 3);
    assert.equal(new Set(server.asked.map(({ fromPort }) => fromPort)).size, 3);
  });

  it('asks a server that does not keep letters again over TCP', async () => {
    const server = await fixtures.server((asked, send) => honest(asked, (reply) =>
      send({ ...reply as Reply, question: { name: lower(asked), type: asked.type as 'A' } })));
    const looked = await walk(server);
    assert.deepEqual(outcome(looked), ['192.0.2.7']);
    assert.deepEqual(steps(looked).slice(0, 2).map(({ transport, outcome: came }) => [transport, came]),
      [['udp', 'malformed'], ['tcp', 'referral']]);
  });

  it('asks in plain letters when such a server speaks no TCP', async () => {
    const server = await fixtures.server((asked, send) => {
      if (asked.transport === 'tcp') return send(Buffer.alloc(12), 1, true);
      honest(asked, (reply) => send({ ...reply as Reply, question: { name: lower(asked), type: asked.type as 'A' } }));
    });
    const looked = await walk(server);
    assert.deepEqual(outcome(looked), ['192.0.2.7']);
    assert.deepEqual(steps(looked).slice(0, 3).map(({ transport, outcome: came }) => [transport, came]),
      [['udp', 'malformed'], ['tcp', 'error'], ['udp', 'referral']]);
  });

  it('asks without EDNS a server that does not know it', async () => {
    const server = await fixtures.server((asked, send) =>
      asked.edns ? send({ rcode: rcodes.formerr, withoutQuestion: true }) : honest(asked, send));
    assert.deepEqual(outcome(await walk(server)), ['192.0.2.7']);
  });

  for (const rcode of ['nxdomain', 'refused', 'servfail', 'notimp'] as const) {
    it(`asks for the whole name where a shorter one gives ${rcode}`, async () => {
      const server = await fixtures.server((asked, send) => {
        if (lower(asked) === 'b.test') return send({ rcode: rcodes[rcode], authorities: [soa('test', 60)] });
        honest(asked, send);
      });
      const looked = await walk(server, 'a.b.test');
      assert.deepEqual(outcome(looked), ['192.0.2.7']);
      assert.equal(steps(looked).findLast(({ question }) => question.type === 'A')?.question.name, 'a.b.test');
    });
  }

  it('takes no glue from outside the bailiwick, and no answers beside the question', async () => {
    const server = await fixtures.server((asked, send) => {
      const name = lower(asked);
      if (name === 'test') return send(referral('test'));
      // test. speaks of a server of another zone and gives an address for it: a lie.
      if (name === 'shop.test') {
        return send({
          authoritative: false, authorities: [ns('shop.test', 'ns.victim')],
          additionals: [a('ns.victim', '127.0.0.77')],
        });
      }
      send({ rcode: rcodes.nxdomain, authorities: [soa('', 60)] });
    });
    const looked = await walk(server, 'www.shop.test');
    assert.equal(outcome(looked), 'name-server-failed');
    const told = steps(looked).find(({ referral: to }) => to?.zone === 'shop.test')?.referral;
    assert.deepEqual(told, { zone: 'shop.test', servers: ['ns.victim'], glue: [] });
    assert.ok(steps(looked).every(({ server: asked }) => !asked?.includes('127.0.0.77')));
    assert.ok(server.asked.some((asked) => lower(asked) === 'victim'), 'the address is looked up instead');
  });

  it('does not follow an alias with records that the zone does not cover', async () => {
    const server = await fixtures.server((asked, send) => {
      const name = lower(asked);
      if (name === 'test' || name === 'bank') return send(referral(name));
      if (name === 'shop.test') {
        return send({ answers: [cname(asked.name, 'www.bank'), a('www.bank', '203.0.113.66')] });
      }
      honest(asked, send);
    });
    assert.deepEqual(outcome(await walk(server)), ['192.0.2.7']);
  });

  it('goes neither up nor sideways', async () => {
    for (const zone of ['', 'test', 'elsewhere']) {
      const server = await fixtures.server((asked, send) => {
        if (lower(asked) === 'test') return send(referral('test'));
        send({ authoritative: false, authorities: [ns(zone, 'ns.test')], additionals: [a('ns.test', '127.0.0.1')] });
      });
      const looked = await walk(server);
      assert.equal(outcome(looked), 'name-server-failed');
      assert.deepEqual(steps(looked).map(({ outcome: came }) => came), ['referral', 'lame', 'lame']);
      await fixtures.cleanUp();
    }
  });

  it('asks at most sixty questions, whatever it is told', async () => {
    // Every server has a name in a zone of its own, without glue.
    let count = 0;
    const server = await fixtures.server((asked, send) => {
      count += 1;
      const zone = lower(asked);
      send({
        authoritative: false, authorities: Array.from({ length: 20 }, (_, index) => ns(zone, `ns.z${count}x${index}`)),
      });
    });
    const looked = await walk(server);
    assert.equal(outcome(looked), 'name-server-failed');
    assert.ok(server.asked.length <= 60 && server.asked.length > 25, `${server.asked.length} questions`);
    assert.ok(steps(looked).every(({ referral: to }) => to === undefined || to.servers.length <= 13));
    assert.match(String(failureOf(looked).detail?.['reason']), /more than (60 queries|32 referrals)/);
  });

  it('follows at most sixteen aliases', async () => {
    const server = await fixtures.server((asked, send) => {
      const name = lower(asked);
      if (/^t\d*$/.test(name)) return send(referral(name));
      const [, digits = '0'] = /t(\d*)$/.exec(name) ?? [];
      send({ answers: [cname(asked.name, `shop.t${Number(digits) + 1}`)] });
    });
    const looked = await walk(server, 'shop.t1');
    assert.equal(outcome(looked), 'name-server-failed');
    assert.match(String(failureOf(looked).detail?.['reason']), /more than (16 CNAME|32 ref|60 q)/);
    assert.ok(server.asked.length <= 60);
  });

  it('asks a silent server three times and says so', async () => {
    const server = await fixtures.server(() => {});
    const looked = await walk(server);
    assert.equal(outcome(looked), 'name-timeout');
    assert.deepEqual(steps(looked).map(({ outcome: came }) => came), ['timeout', 'timeout', 'timeout']);
  });

  it('ends when it is cancelled', async () => {
    const server = await fixtures.server(() => {});
    const controller = new AbortController();
    const looking = walk(server, 'shop.test', { signal: controller.signal });
    await until(() => server.asked.length > 0);
    controller.abort();
    assert.equal(outcome(await looking), 'cancelled');
  });

  it('does not wait for an HTTPS record', async () => {
    const server = await fixtures.server((asked, send) => {
      if (asked.type !== 'UNKNOWN_65') honest(asked, send);
    });
    const looked = await walk(server, 'shop.test', { service: { scheme: 'https', port: 443 } });
    assert.deepEqual(outcome(looked), ['192.0.2.7']);
    assert.ok(looked.steps.every(({ purpose }) => purpose !== 'service'));
  });

  it('begins at the servers of a zone that has its own', async () => {
    const server = await fixtures.server(honest);
    const looked = await walk(server, 'shop.test', {
      rootServers: [], zoneServers: [{ zone: 'test', servers: [server] }],
    });
    assert.deepEqual(outcome(looked), ['192.0.2.7']);
    assert.deepEqual(
      steps(looked).map(({ zone, question }) => [zone, question.name]), [['test', 'shop.test'], ['test', 'shop.test']],
    );
  });

  it('asks nobody for a name that the hosts file has', async () => {
    const server = await fixtures.server(honest);
    const resolver = fixtures.resolver({ hostsFile: fixtures.file('192.0.2.1 shop.test\n') });
    const looked = await look(resolver, 'shop.test', { dns: 'trace', rootServers: [{ servers: [server] }] });
    assert.deepEqual([outcome(looked), server.asked], [['192.0.2.1'], []]);
  });

  describe('the name of the peer', () => {
    it('is looked up from the root', async () => {
      const server = await fixtures.server((asked, send) => {
        if (lower(asked) === 'arpa') return send(referral('arpa'));
        send(asked.type === 'PTR'
          ? { answers: [{ type: 'PTR', name: asked.name, ttl: 60, data: 'host.test' }] }
          : { authorities: [soa('arpa', 60)] });
      });
      const told: DnsStep[] = [];
      const resolver = fixtures.resolver({});
      await resolver.reverse?.('192.0.2.7', {
        dns: 'trace', rootServers: [{ servers: [server] }], onStep: (step) => told.push(step),
      });
      const last = told.at(-1);
      assert.deepEqual(
        [last?.purpose, last?.question.name, last?.records?.[0]?.value], ['peer-name', '7.2.0.192.in-addr.arpa', 'host.test.'],
      );
      assert.ok(told.length < 10);
    });

    it('is not asked of the Internet for a private address', async () => {
      const told: DnsStep[] = [];
      for (const address of ['127.0.0.1', '10.1.2.3', '192.168.1.1', '::1', 'fd00::1', 'fe80::1']) {
        await fixtures.resolver({}).reverse?.(address, { dns: 'trace', onStep: (step) => told.push(step) });
      }
      assert.deepEqual(told, []);
    });
  });
});
