import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import { recordConnection } from '../../../src/trace/recordConnection.ts';
import { createClient } from '../../../src/wire/client.ts';
import { createResolver } from '../../../src/wire/dns/resolve.ts';
import { createSystemFacts, parseNsswitch } from '../../../src/wire/dns/systemFacts.ts';
import { debianOrSkip, skipped } from '../../support/debian.ts';
import { createFixtures, failureOf, look, outcome, until } from './lookups.ts';
import { both, rcodes, soa } from './nameServer.ts';

const fixtures = createFixtures();

describe('the operating system\'s resolver', () => {
  afterEach(() => fixtures.cleanUp());

  it('is described by its own files: each name that the search list makes, and where it was read', async () => {
    const resolvConf = fixtures.file('nameserver 192.0.2.53\nsearch a.test b.test\noptions ndots:2\n');
    const nsswitch = fixtures.file('hosts: files mdns4_minimal [NOTFOUND=return] dns # comment\n');
    const facts = createSystemFacts({ platform: 'linux', hostName: 'box', resolvConf, nsswitch });
    assert.deepEqual(await facts.factsOf('shop.in'), {
      call: { name: 'shop.in', family: 'AF_UNSPEC', socketType: 'SOCK_STREAM' },
      candidates: ['shop.in.a.test', 'shop.in.b.test', 'shop.in'], search: ['a.test', 'b.test'], ndots: 2,
      servers: ['192.0.2.53'], configuredIn: resolvConf, sources: ['files', 'mdns4_minimal', '[NOTFOUND=return]', 'dns'],
    });
    assert.deepEqual((await facts.factsOf('shop.in.')).candidates, ['shop.in']);
    assert.deepEqual(
      (await facts.factsOf('www.shop.in')).candidates, ['www.shop.in', 'www.shop.in.a.test', 'www.shop.in.b.test'],
    );
  });

  it('is said to be systemd-resolved only where its stub is configured', async () => {
    const resolvedConf = fixtures.file('nameserver 192.0.2.1\nnameserver 2001:db8::1\n');
    const files = { platform: 'linux', hostName: 'box', nsswitch: '/nonexistent', resolvedConf } as const;
    const stub = createSystemFacts({ ...files, resolvConf: fixtures.file('nameserver 127.0.0.53\n') });
    assert.deepEqual((await stub.factsOf('x')).stub, { upstream: ['192.0.2.1', '2001:db8::1'], configuredIn: resolvedConf });
    const plain = createSystemFacts({ ...files, resolvConf: fixtures.file('nameserver 192.0.2.53\n') });
    assert.equal((await plain.factsOf('x')).stub, undefined);
    const gone = createSystemFacts({
      ...files, resolvedConf: '/nonexistent', resolvConf: fixtures.file('nameserver 127.0.0.53\n'),
    });
    assert.equal((await gone.factsOf('x')).stub, undefined);
  });

  it('searches names of one label only where systemd-resolved answers in its place, and on macOS', async () => {
    const resolvConf = fixtures.file('search a.test\n');
    const resolvedConf = fixtures.file('nameserver 192.0.2.1\n');
    const candidates = async (hosts: string, files: { platform?: NodeJS.Platform; resolvedConf?: string } = {}) => {
      const nsswitch = fixtures.file(`hosts: ${hosts}\n`);
      const facts = createSystemFacts({ platform: 'linux', hostName: 'box', resolvConf, resolvedConf, nsswitch, ...files });
      return Promise.all(['shop', 'shop.in'].map(async (name) => (await facts.factsOf(name)).candidates.join(' ')));
    };
    const [shortOnly, all] = [['shop.a.test shop', 'shop.in'], ['shop.a.test shop', 'shop.in shop.in.a.test']];
    assert.deepEqual(await candidates('files resolve [!UNAVAIL=return] dns'), shortOnly);
    assert.deepEqual(await candidates('files resolve [!UNAVAIL=return] dns', { resolvedConf: '/nonexistent' }), all);
    assert.deepEqual(await candidates('files resolve dns'), all);
    assert.deepEqual(await candidates('files dns resolve [!UNAVAIL=return]'), all);
    assert.deepEqual(await candidates('files dns', { platform: 'darwin' }), shortOnly);
  });

  it('has no files on Windows, and nothing is made up where they cannot be read', async () => {
    assert.deepEqual(await createSystemFacts({ platform: 'win32', hostName: 'box' }).factsOf('x'),
      { call: { name: 'x', family: 'AF_UNSPEC', socketType: 'SOCK_STREAM' }, candidates: ['x'], search: [], ndots: 1, servers: [] });
    const without = createSystemFacts({
      platform: 'linux', hostName: 'box', resolvConf: '/nonexistent', nsswitch: '/nonexistent',
    });
    const { configuredIn, sources, stub, servers } = await without.factsOf('x');
    assert.deepEqual([configuredIn, sources, stub, servers], [undefined, undefined, undefined, []]);
  });

  it('reads nsswitch.conf of this machine as it stands', function () {
    let text: string;
    try {
      text = readFileSync('/etc/nsswitch.conf', 'utf8');
    } catch (error) {
      return skipped(this, (error as Error).message);
    }
    const line = text.split('\n').find((one) => one.startsWith('hosts:')) ?? 'hosts:';
    assert.equal(parseNsswitch(text).join(' '), line.slice(6).trim().split(/\s+/).join(' '));
  });

  it('is a step of its own when asked for, with what it was asked and without servers of ours', async () => {
    const server = await fixtures.server(both);
    const resolver = fixtures.resolver({
      servers: [server], resolvConf: fixtures.file('search a.test\n'), nsswitch: fixtures.file('hosts: files dns\n'),
      getaddrinfo: async () => [{ address: '192.0.2.9', family: 4 }, { address: '2001:db8::9', family: 6 }],
    });
    const looked = await look(resolver, 'shop', { dns: 'system' });
    assert.deepEqual(outcome(looked), ['192.0.2.9', '2001:db8::9']);
    assert.deepEqual(
      looked.steps.map(({ source, system }) => [source, system?.candidates]),
      [['getaddrinfo', ['shop.a.test', 'shop']]],
    );
    assert.equal(server.asked.length, 0);
  });

  it('is also described where it is asked after the servers', async () => {
    const server = await fixtures.server((_, send) => send({ rcode: rcodes.servfail }));
    const looked = await look(
      fixtures.resolver({ servers: [server], resolvConf: fixtures.file('search a.test\n') }), 'shop.test',
    );
    assert.equal(failureOf(looked).code, 'name-not-found');
    assert.deepEqual(looked.steps.at(-1)?.system?.search, ['a.test']);
  });

  it('says what getent says', async function () {
    const said = spawnSync(debianOrSkip(this, 'libc-bin', 'getent'), ['ahosts', 'localhost'], { encoding: 'utf8' });
    assert.equal(said.status, 0, said.stderr);
    const theirs = [...new Set(said.stdout.trim().split('\n').map((line) => line.split(/\s+/)[0]))];
    const looked = await look(createResolver(), 'localhost', { dns: 'system' });
    assert.deepEqual(outcome(looked), theirs);
  });
});

describe('the names of an address', () => {
  afterEach(() => fixtures.cleanUp());

  it('are those of the hosts file first, and nobody is asked', async () => {
    const server = await fixtures.server(both);
    const steps: DnsStep[] = [];
    const resolver = fixtures.resolver({ servers: [server], hostsFile: fixtures.file('127.0.0.1 localhost box\n') });
    assert.deepEqual(
      await resolver.reverse!('127.0.0.1', { onStep: (step) => steps.push(step) }), ['localhost', 'box'],
    );
    assert.deepEqual(steps.map(({ source, purpose }) => [source, purpose]), [['hosts', 'peer-name']]);
    assert.equal(server.asked.length, 0);
  });

  it('are asked of the configured servers, and of those of a zone', async () => {
    const ptr = (data: string) => fixtures.server(({ name, type }, send) => send(type === 'PTR'
      ? { answers: [{ type: 'PTR', name, ttl: 60, data }] } : { authorities: [soa('arpa', 60)] }));
    const [server, zone] = [await ptr('host.test'), await ptr('zone.test')];
    const resolver = fixtures.resolver({ servers: [server] });
    const zoneServers = [{ zone: '2.0.192.in-addr.arpa', servers: [zone] }];
    const onStep = (): void => {};
    assert.deepEqual(await resolver.reverse!('192.0.2.7', { onStep }), ['host.test']);
    assert.deepEqual(await resolver.reverse!('2001:db8::7', { onStep }), ['host.test']);
    assert.deepEqual(
      await fixtures.resolver({ servers: [server] }).reverse!('192.0.2.7', { zoneServers, onStep }), ['zone.test'],
    );
    assert.match(server.asked[1]?.name ?? '', /^7\.0\.0\..*8\.b\.d\.0\.1\.0\.0\.2\.ip6\.arpa$/);
  });

  it('are none where nobody tells any', async () => {
    const server = await fixtures.server((_, send) => send({ rcode: rcodes.nxdomain, authorities: [soa('arpa', 60)] }));
    assert.deepEqual(await fixtures.resolver({ servers: [server] }).reverse!('192.0.2.7', { onStep: () => {} }), []);
    assert.deepEqual(await fixtures.resolver({ servers: [] }).reverse!('192.0.2.7', { onStep: () => {} }), []);
  });

  it('are told beside an exchange, once for each connection, a reused one too, and delay nothing', async () => {
    const held: (() => void)[] = [];
    const names = await fixtures.server(({ name }, send) =>
      void held.push(() => send({ answers: [{ type: 'PTR', name, ttl: 60, data: 'host.test' }] })));
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const client = createClient({ resolver: fixtures.resolver({ servers: [names], timeout: 5000 }) });
    const seen: ConnectionEvent[] = [];
    const send = (peerName: boolean) => client.send({ id: 'x', method: 'GET', url, headers: [], options: { peerName } },
      { onExchange: () => {}, onConnection: ({ events }) => void seen.push(...events) });
    try {
      await send(false);
      const [exchange] = await send(true);
      // It is over while nobody has said anything about the name.
      assert.deepEqual(
        [exchange?.reused, exchange?.response?.statusCode, exchange?.connection?.peerName], [true, 200, undefined],
      );
      await until(() => held.length > 0);
      for (const answer of held) answer();
      await client.settled();
      await send(true);
      await client.settled();
      const told = seen.filter(({ type }) => type === 'peer-name');
      assert.equal(told.length, 1);
      const { peerName } = recordConnection('c', seen);
      assert.deepEqual([peerName?.address, peerName?.names, peerName?.steps.length], ['127.0.0.1', ['host.test'], 1]);
    } finally {
      await client.close();
      server.closeAllConnections();
      server.close();
    }
  });
});
