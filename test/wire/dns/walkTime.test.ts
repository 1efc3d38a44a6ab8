import assert from 'node:assert/strict';
import type { RootServers } from '../../../src/trace/request.ts';
import type { ResolverOptions } from '../../../src/wire/dns/means.ts';
import { createFixtures, look, outcome, until } from './lookups.ts';
import type { Looked } from './lookups.ts';
import { a, aaaa, both, ns } from './nameServer.ts';
import type { Asked, NameServer, Reply, Send } from './nameServer.ts';

// Whom the walk asks first, and what it asks at once.

describe('the time of a walk', () => {
  const fixtures = createFixtures();
  afterEach(() => fixtures.cleanUp());

  /** The zone `test`, served by `near.test` and `far.test`. */
  const twoServers: Reply = {
    authoritative: false, authorities: [ns('test', 'near.test'), ns('test', 'far.test')],
    additionals: [a('near.test', '127.0.0.1'), a('far.test', '127.0.0.1')],
  };

  interface Served {
    readonly near: NameServer;
    readonly far: NameServer;
    walk(name: string, dns?: string): Promise<Looked>;
  }

  async function serve(
    near: (asked: Asked, send: Send) => void, far: (asked: Asked, send: Send) => void, options: ResolverOptions,
  ): Promise<Served> {
    const root = await fixtures.server((_, send) => send(twoServers));
    const servers = { near: await fixtures.server(near), far: await fixtures.server(far) };
    const rootServers: RootServers[] = [{
      servers: [root], ports: { 'near.test': servers.near.port, 'far.test': servers.far.port },
    }];
    const resolver = fixtures.resolver({ timeout: 300, random: () => 0, ...options });
    return { ...servers, walk: (name, dns = 'trace') => look(resolver, name, { dns, rootServers }) };
  }

  /** Who was asked for a name. */
  function askedFor(name: string, { near, far }: Served): string[] {
    const asks = ({ asked }: NameServer): boolean => asked.some((one) => one.name === name);
    return [...asks(near) ? ['near'] : [], ...asks(far) ? ['far'] : []];
  }

  it('is spent at the nearest server, once each of them was heard', async () => {
    let now = 0;
    const served = await serve(
      (asked, send) => { now += 1; both(asked, send); }, (asked, send) => { now += 100; both(asked, send); },
      { now: () => now },
    );
    for (const name of ['one.test', 'two.test', 'three.test', 'four.test']) await served.walk(name);
    assert.deepEqual([...askedFor('one.test', served), ...askedFor('two.test', served)].sort(), ['far', 'near']);
    assert.deepEqual([askedFor('three.test', served), askedFor('four.test', served)], [['near'], ['near']]);
    // What was measured holds for a while.
    now += 16 * 60_000;
    for (const name of ['five.test', 'six.test']) await served.walk(name);
    assert.deepEqual([...askedFor('five.test', served), ...askedFor('six.test', served)].sort(), ['far', 'near']);
  });

  it('is not spent again at a server that said nothing', async () => {
    const served = await serve(both, () => {}, {});
    const names = ['one.test', 'two.test', 'three.test'];
    for (const name of names) assert.deepEqual(outcome(await served.walk(name)), ['2001:db8::7', '192.0.2.7']);
    assert.equal(names.filter((name) => askedFor(name, served).includes('far')).length, 1);
  });

  it('goes by nothing that was measured when the walk is to be fresh', async () => {
    const served = await serve(both, () => {}, {});
    const names = ['one.test', 'two.test', 'three.test'];
    for (const name of names) await served.walk(name, 'trace fresh');
    assert.deepEqual(names.map((name) => askedFor(name, served).includes('far')), [true, true, true]);
  });

  it('is that of one question for A and AAAA, the zones being asked for once', async () => {
    const held: (() => void)[] = [];
    const server = await fixtures.server((asked, send) => {
      if (asked.name === 'test') {
        return send({ authoritative: false, authorities: [ns('test', 'ns.test')], additionals: [a('ns.test', '127.0.0.1')] });
      }
      held.push(() => both(asked, send));
      // Neither is answered before both have come.
      if (held.length === 2) for (const answer of held) answer();
    });
    const resolver = fixtures.resolver({ timeout: 5000 });
    const looked = await look(resolver, 'shop.test', { dns: 'trace', rootServers: [{ servers: [server] }] });
    assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    assert.deepEqual(server.asked.map(({ name, type }) => `${type} ${name}`).sort(), ['A shop.test', 'A test', 'AAAA shop.test']);
  });

  it('does not hold the addresses of one family back for those of the other', async () => {
    let release = (): void => {};
    const server = await fixtures.server((asked, send) => {
      if (asked.type === 'A') send({ answers: [a(asked.name, '192.0.2.7')] });
      else release = () => send({ answers: [aaaa(asked.name, '2001:db8::7')] });
    });
    const resolver = fixtures.resolver({ timeout: 5000 });
    const zoneServers = [{ zone: 'test', servers: [server] }];
    const { resolution } = await look(resolver, 'shop.test', { dns: 'trace', zoneServers });
    assert.ok(resolution.ok && resolution.more);
    assert.deepEqual(resolution.addresses.map(({ address }) => address), ['192.0.2.7']);
    await until(() => server.asked.some(({ type }) => type === 'AAAA'));
    release();
    assert.deepEqual((await resolution.more).map(({ address }) => address), ['2001:db8::7']);
  });
});
