import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createFixtures, failureOf, line, lines, look, manualSchedule, outcome, unanswered, until } from './lookups.ts';
import { a, aaaa, both, buildReply, cname, nothing, nxdomain, rcodes, soa, startNameServer } from './nameServer.ts';
import type { Asked, NameServer, Send } from './nameServer.ts';

const fixtures = createFixtures();
const { resolver } = fixtures;

describe('aliases, zones and search lists', () => {
  afterEach(() => fixtures.cleanUp());

  describe('aliases', () => {
    it('in one answer are followed', async () => {
      const server = await fixtures.server(({ name, type }, send) =>
        send({
          answers: [
            type === 'A' ? a('Two.test', '192.0.2.7') : aaaa('two.test', '2001:db8::7'),
            cname('one.TEST', 'two.test'),
            cname(name, 'one.test'),
          ],
        }),
      );
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.equal(server.asked.length, 2);
    });

    it('whose target was left out are asked for', async () => {
      const server = await fixtures.server((asked, send) =>
        asked.name === 'shop.test'
          ? send({ answers: [cname('shop.test', 'origin.test')] })
          : both(asked, send),
      );
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(
        looked.steps
          .filter(({ question }) => question.type === 'A')
          .map(({ question }) => question.name),
        ['shop.test', 'origin.test'],
      );
    });

    it('to a name without addresses are name-without-address', async () => {
      const server = await fixtures.server(({ name }, send) =>
        send({ answers: [cname(name, 'origin.test')], authorities: [soa('test', 60)] }),
      );
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp no-data']);
      assert.equal(outcome(looked), 'name-without-address');
    });

    it('to a name that is not there are name-not-found', async () => {
      const server = await fixtures.server(({ name }, send) =>
        send({
          rcode: rcodes.nxdomain,
          answers: [cname(name, 'gone.test')],
          authorities: [soa('test', 60)],
        }),
      );
      assert.equal(
        outcome(await look(resolver({ servers: [server] }), 'shop.test')),
        'name-not-found',
      );
    });

    it('in a loop end, in one answer and over several', async () => {
      const inOne = await fixtures.server(({ name }, send) =>
        send({ answers: [cname(name, 'two.test'), cname('two.test', name)] }),
      );
      const over = await fixtures.server(({ name }, send) =>
        send({ answers: [cname(name, name === 'shop.test' ? 'two.test' : 'shop.test')] }),
      );
      for (const server of [inOne, over]) {
        const failure = failureOf(
          await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test'),
        );
        assert.equal(failure.code, 'name-server-failed');
        assert.match(String(failure.detail?.['reason']), /a loop of CNAME records/);
      }
    });

    it('are followed sixteen times and no more', async () => {
      let length = 16;
      const server = await fixtures.server(({ name, type }, send) => {
        const index = Number(name.split('.')[0]?.slice(1));
        if (index < length) return send({ answers: [cname(name, `n${index + 1}.test`, 0)] });
        send({ answers: [type === 'A' ? a(name, '192.0.2.7', 0) : aaaa(name, '2001:db8::7', 0)] });
      });
      const names = resolver({ servers: [server], getaddrinfo: unanswered });
      assert.deepEqual(outcome(await look(names, 'n0.test')), ['2001:db8::7', '192.0.2.7']);
      length = 17;
      const failure = failureOf(await look(names, 'n0.test'));
      assert.match(String(failure.detail?.['reason']), /more than 16 CNAME records/);
    });

    it('with a target that cannot be asked fail', async () => {
      const server = await fixtures.server((asked, send) => {
        const bytes = buildReply(asked, { answers: [cname(asked.name, 'wwwxvictim.test')] });
        bytes[bytes.indexOf('wwwxvictim') + 3] = 0x2e;
        send(bytes);
      });
      const failure = failureOf(
        await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test'),
      );
      assert.match(String(failure.detail?.['reason']), /cannot be asked/);
      assert.deepEqual(new Set(server.asked.map(({ name }) => name)), new Set(['shop.test']));
    });
  });

  describe('zones', () => {
    it('are asked at their own servers, the longest zone first', async () => {
      const at =
        (address: string) =>
        ({ name, type }: Asked, send: Send): void =>
          type === 'A' ? send({ answers: [a(name, address)] }) : nothing(undefined, send);
      const [configured, zone, inner] = [
        await fixtures.server(at('192.0.2.1')),
        await fixtures.server(at('192.0.2.2')),
        await fixtures.server(at('192.0.2.3')),
      ];
      const zoneServers = [
        { zone: 'Lab.test.', servers: [zone] },
        { zone: 'inner.lab.test', servers: [inner] },
      ];
      const names = resolver({ servers: [configured] });
      const cases = [
        ['example.test', '192.0.2.1'],
        ['collab.test', '192.0.2.1'],
        ['lab.test', '192.0.2.2'],
        ['shop.LAB.test', '192.0.2.2'],
        ['a.inner.lab.test', '192.0.2.3'],
      ];
      for (const [name = '', address] of cases) {
        assert.deepEqual(outcome(await look(names, name, { zoneServers })), [address], name);
      }
    });

    it('never leak: what their servers do not say is asked nowhere else', async () => {
      const system: string[] = [];
      const getaddrinfo = async (name: string): Promise<never> => {
        system.push(name);
        throw new Error('asked');
      };
      const configured = await fixtures.server(both);
      const gone = await startNameServer(both);
      await gone.close();
      const cases: [code: string, server: NameServer][] = [
        ['name-not-found', await fixtures.server(nxdomain)],
        ['name-without-address', await fixtures.server(nothing)],
        [
          'name-server-failed',
          await fixtures.server((_, send) => send({ rcode: rcodes.servfail })),
        ],
        ['name-server-failed', gone],
      ];
      for (const [code, server] of cases) {
        const names = resolver({ servers: [configured], getaddrinfo, platform: 'win32' });
        const failure = failureOf(
          await look(names, 'shop.lab.test', {
            zoneServers: [{ zone: 'lab.test', servers: [server] }],
          }),
        );
        assert.equal(failure.code, code);
        assert.equal(failure.detail?.['zone'], 'lab.test');
        assert.deepEqual(failure.detail?.['servers'], [`127.0.0.1:${server.port}`]);
      }
      const empty = failureOf(
        await look(resolver({ servers: [configured], getaddrinfo }), 'lab.test', {
          zoneServers: [{ zone: 'lab.test', servers: [] }],
        }),
      );
      assert.equal(empty.code, 'name-server-failed');
      assert.deepEqual([configured.asked, system], [[], []]);
    });

    it('are asked about an alias into them, whatever the first server says about it', async () => {
      const zone = await fixtures.server(both);
      const configured = await fixtures.server(({ name }, send) =>
        send({
          answers: [
            cname(name, 'shop.lab.test'),
            a('shop.lab.test', '192.0.2.66'),
            aaaa('shop.lab.test', '2001:db8::66'),
          ],
        }),
      );
      const looked = await look(resolver({ servers: [configured] }), 'www.test', {
        zoneServers: [{ zone: 'lab.test', servers: [zone] }],
      });
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(new Set(zone.asked.map(({ name }) => name)), new Set(['shop.lab.test']));
    });

    it('may have aliases out of them', async () => {
      const zone = await fixtures.server(({ name }, send) =>
        send({ answers: [cname(name, 'www.test')] }),
      );
      const configured = await fixtures.server(both);
      const looked = await look(resolver({ servers: [configured] }), 'shop.lab.test', {
        zoneServers: [{ zone: 'lab.test', servers: [zone] }],
      });
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(new Set(configured.asked.map(({ name }) => name)), new Set(['www.test']));
    });
  });

  describe('resolv.conf', () => {
    it('is read again when it changes, with its search list', async () => {
      const server = await fixtures.server((asked, send) =>
        asked.name === 'box.lab.example' ? both(asked, send) : nxdomain(asked, send),
      );
      const resolvConf = fixtures.file('');
      const names = resolver({ resolvConf, serverPort: server.port });
      const before = await look(names, 'box');
      assert.deepEqual(before.steps.map(line), [
        'hosts A, AAAA not-listed',
        'getaddrinfo A, AAAA name-error',
      ]);
      writeFileSync(resolvConf, 'nameserver 127.0.0.1\nsearch corp.example lab.example\n');
      const looked = await look(names, 'box');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(
        looked.steps
          .filter(({ question }) => question.type === 'A')
          .map(({ question }) => question.name),
        ['box.corp.example', 'box.lab.example'],
      );
      await look(names, 'box.');
      assert.equal(server.asked.at(-1)?.name, 'box');
    });

    it('sets time and tries', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server(() => {});
      const resolvConf = fixtures.file('nameserver 127.0.0.1\noptions timeout:2 attempts:1\n');
      const looking = look(
        resolver({ resolvConf, serverPort: server.port, schedule: timers.schedule }),
        'shop.test',
      );
      await until(() => server.asked.length === 2);
      timers.fire(2000);
      assert.deepEqual(lines((await looking).steps, 'A'), ['name-server A udp timeout']);
    });

    it('names every candidate in the failure', async () => {
      const server = await fixtures.server(nxdomain);
      const resolvConf = fixtures.file('nameserver 127.0.0.1\nsearch corp.example\n');
      const failure = failureOf(
        await look(resolver({ resolvConf, serverPort: server.port }), 'box'),
      );
      assert.equal(failure.code, 'name-not-found');
      assert.deepEqual(failure.detail, {
        servers: [`127.0.0.1:${server.port}`],
        rcode: 'NXDOMAIN',
        names: ['box.corp.example', 'box'],
        getaddrinfo: 'ENOTFOUND',
      });
    });
  });
});
