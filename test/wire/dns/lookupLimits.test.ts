import assert from 'node:assert/strict';
import type { LookupLimits } from '../../../src/trace/request.ts';
import { createClient } from '../../../src/wire/client.ts';
import { nobody } from '../../../src/wire/listener.ts';
import { freePort } from '../../support/sockets.ts';
import { createFixtures, failureOf, look, outcome, unanswered } from './lookups.ts';
import { a, aaaa, cname, ns, soa } from './nameServer.ts';
import type { Asked, Reply, Send } from './nameServer.ts';

// The limits of SAFETY.md as a request sets them: below the defaults they hold sooner, above them later.

const fixtures = createFixtures();

/** A chain of `length` aliases from `n0.test`, an address at its end. */
function chain(length: number): (asked: Asked, send: Send) => void {
  return ({ name, type }, send) => {
    const index = Number(/^n(\d+)\./i.exec(name)?.[1] ?? length);
    if (index < length) return send({ answers: [cname(name, `n${index + 1}.test`, 0)] });
    send({ answers: [type === 'A' ? a(name, '192.0.2.7', 0) : aaaa(name, '2001:db8::7', 0)] });
  };
}

/** The root, `test` and `shop.test` on one server, each with so many name servers; two have glue. */
function zones(servers: number): (asked: Asked, send: Send) => void {
  return ({ name, type }, send) => {
    const zone = name.toLowerCase();
    if (zone === 'test' || zone === 'shop.test') return send(referral(zone, servers));
    send(type === 'A' ? { answers: [a(name, '192.0.2.7')] } : { authorities: [soa('shop.test', 60)] });
  };
}

function referral(zone: string, servers: number): Reply {
  return {
    authoritative: false, authorities: Array.from({ length: servers }, (_, index) => ns(zone, `ns${index}.${zone}`)),
    additionals: [a(`ns0.${zone}`, '127.0.0.1'), a(`ns1.${zone}`, '127.0.0.1')],
  };
}

describe('the limits of a lookup', () => {
  afterEach(() => fixtures.cleanUp());

  async function walk(
    respond: (asked: Asked, send: Send) => void, name: string, limits: Partial<LookupLimits>,
  ): ReturnType<typeof look> {
    const server = await fixtures.server(respond);
    const resolver = fixtures.resolver({ random: (limit) => limit === 2 ? 0 : limit - 1 });
    return look(resolver, name, { dns: 'trace', rootServers: [{ servers: [server] }], limits });
  }

  for (const [most, kind] of [[2, 'name-server-failed'], [20, 'found']] as const) {
    it(`of ${most} aliases to a name with 17`, async () => {
      const server = await fixtures.server(chain(17));
      const resolver = fixtures.resolver({ servers: [server], getaddrinfo: unanswered });
      const looked = await look(resolver, 'n0.test', { limits: { aliases: most } });
      if (kind === 'found') return assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.equal(outcome(looked), kind);
      assert.equal(failureOf(looked).detail?.['reason'], `more than ${most} CNAME records`);
    });
  }

  it('of aliases, on a walk from the root', async () => {
    const zone: (asked: Asked, send: Send) => void = (asked, send) =>
      asked.name.toLowerCase() === 'test' ? send(referral('test', 1)) : chain(3)(asked, send);
    assert.equal(failureOf(await walk(zone, 'n0.test', { aliases: 2 })).detail?.['reason'], 'more than 2 CNAME records');
    assert.deepEqual(outcome(await walk(zone, 'n0.test', { aliases: 3 })), ['2001:db8::7', '192.0.2.7']);
  });

  it('of referrals', async () => {
    const looked = await walk(zones(1), 'www.shop.test', { referrals: 1 });
    assert.equal(failureOf(looked).detail?.['reason'], 'more than 1 referrals');
  });

  it('of questions', async () => {
    const looked = await walk(zones(1), 'www.shop.test', { queries: 2 });
    assert.equal(failureOf(looked).detail?.['reason'], 'more than 2 queries');
    assert.equal(looked.steps.filter(({ transport }) => transport !== undefined).length, 2);
  });

  it('of name servers of a zone, and tells how many it leaves out', async () => {
    const told = async (limits: Partial<LookupLimits>): Promise<unknown[]> => {
      const { steps } = await walk(zones(14), 'www.shop.test', limits);
      return steps.flatMap(({ referral: to }) => to ? [[to.zone, to.servers.length, to.leftOut]] : []);
    };
    assert.deepEqual(await told({}), [['test', 13, 1], ['shop.test', 13, 1]]);
    assert.deepEqual(await told({ nameServers: 2 }), [['test', 2, 12], ['shop.test', 2, 12]]);
    assert.deepEqual(await told({ nameServers: 14 }), [['test', 14, undefined], ['shop.test', 14, undefined]]);
  });

  it('of tries, before what resolv.conf says', async () => {
    const resolvConf = fixtures.file('nameserver 127.0.0.1\noptions attempts:4\n');
    for (const tries of [1, 2]) {
      const server = await fixtures.server(() => {});
      const resolver = fixtures.resolver({ resolvConf, serverPort: server.port, getaddrinfo: unanswered });
      const looked = await look(resolver, 'shop.test', { timeout: 20, limits: { tries } });
      assert.equal(outcome(looked), 'name-timeout');
      assert.deepEqual(server.asked.map(({ type }) => type).sort(), [...Array(tries).fill('A'), ...Array(tries).fill('AAAA')]);
    }
  });

  it('of tries, on a walk from the root', async () => {
    const server = await fixtures.server(() => {});
    const looked = await look(
      fixtures.resolver({}), 'shop.test',
      { dns: 'trace', rootServers: [{ servers: [server] }], timeout: 20, limits: { tries: 1 } },
    );
    assert.equal(outcome(looked), 'name-timeout');
    assert.equal(server.asked.length, 1);
  });
});

describe('many addresses of a name', () => {
  afterEach(() => fixtures.cleanUp());

  it('are all known; no more than 32 of a family cost a socket to order', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `192.0.2.${index}`);
    const server = await fixtures.server(({ name, type }, send) => send({
      answers: type === 'A' ? many.map((address) => a(name, address)) : [aaaa(name, '2001:db8::7')],
    }));
    let sources = 0;
    const sourceOf = async ({ address }: { address: string }): Promise<string> => {
      sources += 1;
      return address;
    };
    const found = outcome(await look(fixtures.resolver({ servers: [server], sourceOf }), 'shop.test'));
    assert.deepEqual(new Set(found), new Set(['2001:db8::7', ...many]));
    assert.deepEqual(found.slice(-8), many.slice(-8));
    assert.ok(sources <= 33, `${sources} sockets`);
  });
});

describe('the limit of addresses of a connection', () => {
  it('is the one of the request, whose failure names it', async function () {
    // Elsewhere loopback has one address.
    if (process.platform !== 'linux') return this.skip();
    const client = createClient({ inquire: false });
    const port = await freePort();
    const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
    const detailOf = async (lookupLimits: Partial<LookupLimits>): Promise<unknown> => {
      const [exchange] = await client.send({
        id: 'x', method: 'GET', url: `http://shop.test:${port}/`, headers: [],
        options: { resolve: [{ host: 'shop.test', port, addresses }], lookupLimits },
      }, nobody);
      assert.equal(exchange?.failure?.code, 'connection-refused');
      return exchange.failure.detail;
    };
    try {
      assert.deepEqual(await detailOf({}), { attempts: 3, addresses });
      assert.deepEqual(
        await detailOf({ addresses: 2 }), { attempts: 2, addresses: addresses.slice(0, 2), untried: 1, maxAttempts: 2 },
      );
    } finally {
      await client.close();
    }
  });
});
