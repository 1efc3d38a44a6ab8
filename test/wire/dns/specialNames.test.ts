import assert from 'node:assert/strict';
import { explainFailure } from '../../../src/explain/failure.ts';
import { scenarios } from '../../browser/fixtures/scenarios.ts';
import { createFixtures, failureOf, isolatedResolver, line, look, outcome } from './lookups.ts';
import { both, nxdomain } from './nameServer.ts';

// Names that are not for name servers.

const fixtures = createFixtures();

describe('names of .onion (RFC 7686)', () => {
  afterEach(() => fixtures.cleanUp());

  for (const dns of [undefined, 'system', 'trace', 'server'] as const) {
    it(`are asked of nobody, ${dns ?? 'by default'}`, async () => {
      const server = await fixtures.server(both);
      let calls = 0;
      const resolver = fixtures.resolver({
        servers: [server],
        getaddrinfo: async () => {
          calls += 1;
          return [{ address: '192.0.2.9', family: 4 }];
        },
      });
      const rootServers = [{ servers: [server] }];
      const options = dns === undefined ? {} : { dns: dns === 'server' ? `127.0.0.1:${server.port}` : dns, rootServers };
      const { code, confidence, detail } = failureOf(await look(resolver, 'Example.ONION.', options));
      assert.deepEqual([code, confidence, detail], ['name-not-found', 'certain', { notAsked: 'onion' }]);
      assert.deepEqual([server.asked.length, calls], [0, 0]);
    });
  }

  it('have addresses where the hosts file or the request gives some', async () => {
    const resolver = isolatedResolver({ servers: [], hostsFile: fixtures.file('192.0.2.5 a.onion\n') });
    assert.deepEqual(outcome(await look(resolver, 'a.onion')), ['192.0.2.5']);
    const given = [{ host: 'b.onion', port: 80, addresses: ['192.0.2.6'] }];
    assert.deepEqual(outcome(await look(resolver, 'b.onion', { given, port: 80 })), ['192.0.2.6']);
  });

  it('are told apart from names that do not exist, with what to do', () => {
    const [refused] = scenarios.refused.exchanges;
    const exchange = { ...refused!, spec: { ...refused!.spec, url: 'http://a.onion/' } };
    const failure = {
      phase: 'dns', code: 'name-not-found', confidence: 'certain', host: 'a.onion', detail: { notAsked: 'onion' },
    } as const;
    const { title, text, steps } = explainFailure(failure, exchange, 'en');
    assert.equal(title, 'A name of the Tor network.');
    assert.match(text, /^`a\.onion` can be reached through Tor only\. Nobody was asked/);
    assert.deepEqual(steps.map((step) => /socks5h/.test(step.text)), [true]);
  });
});

describe('names of .local (RFC 6762)', () => {
  afterEach(() => fixtures.cleanUp());

  const orders: [hosts: string, platform: NodeJS.Platform, isAsked: boolean][] = [
    ['files mdns4_minimal [NOTFOUND=return] dns', 'linux', false],
    ['files resolve [!UNAVAIL=return] dns', 'linux', false],
    ['files dns', 'linux', true],
    ['files dns mdns4', 'linux', true],
    ['files', 'darwin', false],
    ['files', 'win32', false],
  ];
  for (const [hosts, platform, isAsked] of orders) {
    it(`are asked of ${isAsked ? 'name servers' : 'the system alone'} on ${platform} with “${hosts}”`, async () => {
      const server = await fixtures.server(both);
      const resolver = fixtures.resolver({
        servers: [server], platform, nsswitch: fixtures.file(`hosts: ${hosts}\n`),
        getaddrinfo: async () => [{ address: '192.0.2.9', family: 4 }],
      });
      const looked = await look(resolver, 'printer.local');
      assert.equal(server.asked.length > 0, isAsked);
      if (!isAsked) {
        assert.deepEqual(looked.steps.map(line), ['hosts A, AAAA not-listed', 'getaddrinfo A, AAAA answered']);
        assert.deepEqual(outcome(looked), ['192.0.2.9']);
      }
    });
  }

  it('are asked of servers that were chosen, or given for a zone', async () => {
    const server = await fixtures.server(nxdomain);
    const resolver = fixtures.resolver({ servers: [], nsswitch: fixtures.file('hosts: mdns dns\n') });
    const { code } = failureOf(await look(resolver, 'a.local', { dns: `127.0.0.1:${server.port}` }));
    assert.deepEqual([code, server.asked.length], ['name-not-found', 2]);
    // Other sources of the system may know it, after the servers.
    const found = fixtures.resolver({
      servers: [server], nsswitch: fixtures.file('hosts: dns mdns\n'),
      getaddrinfo: async () => [{ address: '192.0.2.9', family: 4 }],
    });
    assert.deepEqual(outcome(await look(found, 'c.local')), ['192.0.2.9']);
    server.asked.length = 2;
    await look(resolver, 'b.local', { zoneServers: [{ zone: 'local', servers: [server] }] });
    assert.equal(server.asked.length, 4);
  });
});
