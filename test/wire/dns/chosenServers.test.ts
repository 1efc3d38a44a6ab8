import assert from 'node:assert/strict';
import { parseChosenServers } from '../../../src/wire/dns/chosenServers.ts';
import { createFixtures, failureOf, lines, look, outcome } from './lookups.ts';
import type { Looked } from './lookups.ts';
import { a, both, nothing, nxdomain, rcodes } from './nameServer.ts';
import type { NameServer } from './nameServer.ts';

// `# @dns 192.0.2.53`: servers that are chosen, over UDP and TCP.

describe('chosen name servers', () => {
  const fixtures = createFixtures();
  afterEach(() => fixtures.cleanUp());

  /** Looks up `shop.test` with the system's server beside those that were chosen. */
  async function ask(dns: string, system: NameServer, name = 'shop.test'): Promise<Looked> {
    const resolvConf = fixtures.file('search lab.test\nnameserver 127.0.0.1\n');
    const resolver = fixtures.resolver({
      resolvConf, serverPort: system.port, timeout: 300, tries: 1,
      getaddrinfo: async () => [{ address: '192.0.2.66', family: 4 }],
    });
    return look(resolver, name, { dns });
  }

  it('are asked over UDP, and nobody else is', async () => {
    const [chosen, system] = [await fixtures.server(both), await fixtures.server(both)];
    const looked = await ask(`127.0.0.1:${chosen.port}`, system);
    assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp answered']);
    assert.deepEqual([...new Set(looked.steps.flatMap(({ server, transport }) => transport ? [server] : []))],
      [`127.0.0.1:${chosen.port}`]);
    assert.deepEqual([chosen.asked.length, system.asked], [2, []]);
  });

  it('are asked over TCP for what is cut off', async () => {
    const system = await fixtures.server(both);
    const chosen = await fixtures.server((query, send) =>
      query.type !== 'A' ? nothing(query, send)
        : query.transport === 'udp' ? send({ truncated: true }) : send({ answers: [a(query.name, '192.0.2.7')] }));
    const looked = await ask(`udp://127.0.0.1:${chosen.port}`, system);
    assert.deepEqual(outcome(looked), ['192.0.2.7']);
    assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp answered', 'name-server A tcp answered']);
  });

  it('are asked in their order until one answers', async () => {
    const system = await fixtures.server(both);
    const silent = await fixtures.server(() => {});
    const failing = await fixtures.server((_, send) => send({ rcode: rcodes.servfail }));
    const last = await fixtures.server(both);
    const dns = [silent, failing, last].map(({ port }) => `127.0.0.1:${port}`).join(', ');
    const looked = await ask(dns, system);
    assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    assert.deepEqual(lines(looked.steps, 'A').map((line) => line.split(' ').at(-1)), ['timeout', 'server-failure', 'answered']);
    assert.deepEqual(system.asked, []);
  });

  it('have the last word, and the search list is not theirs', async () => {
    const system = await fixtures.server(both);
    for (const [answer, code] of [
      [nxdomain, 'name-not-found'], [nothing, 'name-without-address'], [() => {}, 'name-timeout'],
      [(_: unknown, send: (reply: object) => void) => send({ rcode: rcodes.refused }), 'name-server-failed'],
    ] as const) {
      const chosen = await fixtures.server(answer);
      const looked = await ask(`127.0.0.1:${chosen.port}`, system, 'shop');
      assert.equal(failureOf(looked).code, code);
      assert.deepEqual([...new Set(chosen.asked.map(({ name }) => name.toLowerCase()))], ['shop']);
      assert.ok(looked.steps.every(({ source }) => source !== 'getaddrinfo'));
    }
    assert.deepEqual(system.asked, []);
  });

  it('are told of in the failure when there are none', async () => {
    const system = await fixtures.server(both);
    const { code, detail } = failureOf(await ask('nobody', system));
    assert.deepEqual([code, detail], ['invalid-request', { part: 'dns', value: 'nobody' }]);
    assert.deepEqual(system.asked, []);
  });

  const plain = (...servers: [address: string, port: number][]): ReturnType<typeof parseChosenServers> =>
    ({ kind: 'plain', servers: servers.map(([address, port]) => ({ address, port })) });
  const readings: [text: string, expected: ReturnType<typeof parseChosenServers>][] = [
    ['192.0.2.53', plain(['192.0.2.53', 53])], ['192.0.2.53:5353', plain(['192.0.2.53', 5353])],
    ['2001:db8::53', plain(['2001:db8::53', 53])], ['[2001:db8::53]', plain(['2001:db8::53', 53])],
    ['[2001:db8::53]:5353', plain(['2001:db8::53', 5353])], ['udp://192.0.2.53', plain(['192.0.2.53', 53])],
    ['UDP://[::1]:5353', plain(['::1', 5353])],
    ['192.0.2.53, [::1]:54  127.0.0.1', plain(['192.0.2.53', 53], ['::1', 54], ['127.0.0.1', 53])],
    ...[
      '', ',', 'dns.test', '192.0.2.53:0', '192.0.2.53:65536', '192.0.2.256', '[192.0.2.53]:53', '192.0.2.53/',
      'udp://dns.test', 'tcp://192.0.2.53', '192.0.2.53, tls://192.0.2.53', '127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.5',
    ].map((text): [string, undefined] => [text, undefined]),
  ];
  for (const [text, expected] of readings) {
    it(`reads “${text}”`, () => assert.deepEqual(parseChosenServers(text), expected));
  }

  it('reads servers over TLS and HTTPS beside each other', () => {
    const chosen = parseChosenServers('tls://192.0.2.53#a.test, https://b.test/dns-query');
    assert.equal(chosen?.kind, 'secure');
    assert.deepEqual(chosen?.servers.map((server) => 'text' in server && server.text),
      ['tls://192.0.2.53#a.test', 'https://b.test/dns-query']);
  });
});
