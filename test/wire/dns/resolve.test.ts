import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { utimesSync, writeFileSync } from 'node:fs';
import { systemGetaddrinfo } from '../../../src/wire/dns/getaddrinfo.ts';
import { createFixtures, failureOf, line, lines, look, manualSchedule, outcome, unanswered, until } from './lookups.ts';
import { both, nothing, nxdomain, rcodes } from './nameServer.ts';

const fixtures = createFixtures();
const { resolver } = fixtures;

describe('resolve', () => {
  afterEach(() => fixtures.cleanUp());

  describe('without a question', () => {
    for (const [address, type] of [
      ['192.0.2.1', 'A'],
      ['2001:db8::1', 'AAAA'],
    ] as const) {
      it(`gives ${address} back`, async () => {
        const looked = await look(resolver({ servers: [] }), address);
        assert.deepEqual(outcome(looked), [address]);
        assert.deepEqual(looked.steps.map(line), [`literal ${type} answered`]);
        assert.equal(looked.steps[0]?.records?.[0]?.ttl, undefined);
      });
    }

    it('finds a name in the hosts file, and again when the file has changed', async () => {
      const hostsFile = fixtures.file('192.0.2.1 box\n');
      const names = resolver({ hostsFile, servers: [] });
      assert.deepEqual(outcome(await look(names, 'BOX')), ['192.0.2.1']);
      writeFileSync(hostsFile, '192.0.2.2 box\n::1 box\n');
      utimesSync(hostsFile, 1, 1);
      const looked = await look(names, 'box');
      assert.deepEqual(new Set(outcome(looked)), new Set(['192.0.2.2', '::1']));
      const [step] = looked.steps;
      assert.equal(step && line(step), 'hosts A, AAAA answered');
      assert.equal(step?.server, hostsFile);
      assert.deepEqual(step?.records, [
        { section: 'answer', name: 'box', type: 'A', value: '192.0.2.2' },
        { section: 'answer', name: 'box', type: 'AAAA', value: '::1' },
      ]);
    });

    it('gives a cached name without a word from the thread pool', async () => {
      const server = await fixtures.server(both);
      const names = resolver({ servers: [server], hostsFile: fixtures.file('192.0.2.1 box\n') });
      await look(names, 'shop.test');
      const begun: string[] = [];
      const hook = createHook({ init: (_id, type) => void begun.push(type) }).enable();
      const { steps } = await look(names, 'shop.test');
      hook.disable();
      assert.deepEqual(steps.map(({ source }) => source), ['hosts', 'cache', 'cache']);
      assert.deepEqual(begun.filter((type) => /^FS|^GETADDRINFO/.test(type)), []);
    });

    it('goes on without a hosts file', async () => {
      const server = await fixtures.server(both);
      const looked = await look(
        resolver({ hostsFile: '/nonexistent/hosts', servers: [server] }),
        'shop.test',
      );
      assert.equal(looked.steps[0]?.outcome, 'not-listed');
      assert.equal(looked.steps[0]?.message, 'ENOENT');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    });

    for (const name of ['localhost', 'LOCALHOST.', 'shop.localhost']) {
      it(`takes ${name} for loopback and asks nobody (RFC 6761)`, async () => {
        const server = await fixtures.server(both);
        const looked = await look(resolver({ servers: [server] }), name);
        assert.deepEqual(outcome(looked), ['::1', '127.0.0.1']);
        assert.deepEqual(looked.steps.map(line), [
          'hosts A, AAAA not-listed',
          'literal A, AAAA answered',
        ]);
        assert.equal(server.asked.length, 0);
      });
    }

    it('believes the hosts file about localhost first', async () => {
      const hostsFile = fixtures.file('127.0.0.9 localhost\n');
      assert.deepEqual(outcome(await look(resolver({ hostsFile, servers: [] }), 'localhost')), [
        '127.0.0.9',
      ]);
    });

    for (const [name, problem] of [
      ['a..test', 'empty-label'],
      [`${'x'.repeat(64)}.test`, 'label-too-long'],
    ] as const) {
      it(`never asks for a name with ${problem}`, async () => {
        const server = await fixtures.server(both);
        const failure = failureOf(await look(resolver({ servers: [server] }), name));
        assert.deepEqual(
          [failure.code, failure.phase, failure.host, failure.detail],
          ['name-not-found', 'dns', name, { invalidName: problem }],
        );
        assert.equal(server.asked.length, 0);
      });
    }
  });

  describe('the cache', () => {
    it('answers for the TTL, with what is left of it', async () => {
      let now = 0;
      const server = await fixtures.server(both);
      const names = resolver({ servers: [server], now: () => now });
      await look(names, 'shop.test');
      now = 20_000;
      const looked = await look(names, 'SHOP.test.');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(looked.steps.map(line), [
        'hosts A, AAAA not-listed',
        'cache A answered',
        'cache AAAA answered',
      ]);
      assert.equal(looked.steps[1]?.records?.[0]?.ttl, 40);
      now = 60_000;
      await look(names, 'shop.test');
      assert.equal(server.asked.length, 4);
    });

    it('keeps what is not there, by the minimum of the SOA', async () => {
      let now = 0;
      const server = await fixtures.server(nxdomain);
      const names = resolver({ servers: [server], now: () => now });
      await look(names, 'gone.test');
      now = 59_999;
      const looked = await look(names, 'gone.test');
      assert.equal(outcome(looked), 'name-not-found');
      assert.deepEqual(lines(looked.steps, 'A'), ['cache A name-error']);
      now = 60_000;
      await look(names, 'gone.test');
      assert.equal(server.asked.length, 4);
    });

    it('does not keep failures', async () => {
      const server = await fixtures.server((_, send) => send({ rcode: rcodes.servfail }));
      const names = resolver({ servers: [server] });
      await look(names, 'shop.test');
      await look(names, 'shop.test');
      assert.equal(server.asked.length, 4);
    });

    it('does not answer for other servers', async () => {
      const [one, two] = [await fixtures.server(both), await fixtures.server(nxdomain)];
      const names = resolver({ servers: [one] });
      await look(names, 'shop.test');
      const looked = await look(names, 'shop.test', {
        zoneServers: [{ zone: 'test', servers: [two] }],
      });
      assert.equal(outcome(looked), 'name-not-found');
    });

    it('gives way to the hosts file', async () => {
      const server = await fixtures.server(both);
      const hostsFile = fixtures.file('');
      const names = resolver({ servers: [server], hostsFile });
      await look(names, 'shop.test');
      writeFileSync(hostsFile, '192.0.2.99 shop.test\n');
      assert.deepEqual(outcome(await look(names, 'shop.test')), ['192.0.2.99']);
    });
  });

  describe('getaddrinfo', () => {
    const found = async (): Promise<{ address: string; family: 4 }[]> => [
      { address: '192.0.2.8', family: 4 },
    ];

    it('is asked when no server is configured', async () => {
      const looked = await look(resolver({ servers: [], getaddrinfo: found }), 'shop.test');
      assert.deepEqual(outcome(looked), ['192.0.2.8']);
      assert.deepEqual(looked.steps.map(line), [
        'hosts A, AAAA not-listed',
        'getaddrinfo A, AAAA answered',
      ]);
      assert.deepEqual(looked.steps[1]?.records, [
        { section: 'answer', name: 'shop.test', type: 'A', value: '192.0.2.8' },
      ]);
    });

    it('is asked when every server failed', async () => {
      const server = await fixtures.server((_, send) => send({ rcode: rcodes.servfail }));
      const looked = await look(resolver({ servers: [server], getaddrinfo: found }), 'shop.test');
      assert.deepEqual(outcome(looked), ['192.0.2.8']);
      assert.equal(looked.steps.at(-1)?.source, 'getaddrinfo');
    });

    const cases: [name: string, platform: NodeJS.Platform, asked: boolean][] = [
      ['shop.test', 'linux', false],
      ['printer.local', 'linux', true],
      ['box', 'linux', true],
      ['shop.test', 'darwin', true],
      ['shop.test', 'win32', true],
    ];
    for (const [name, platform, asked] of cases) {
      it(`is ${asked ? '' : 'not '}asked after NXDOMAIN for ${name} on ${platform}`, async () => {
        const server = await fixtures.server(nxdomain);
        const looked = await look(
          resolver({ servers: [server], getaddrinfo: found, platform }),
          name,
        );
        assert.deepEqual(outcome(looked), asked ? ['192.0.2.8'] : 'name-not-found');
      });
    }

    it('of the system answers in its own order', async () => {
      const addresses = await systemGetaddrinfo('localhost');
      assert.ok(addresses.length > 0);
      for (const { address, family } of addresses) {
        assert.ok(family === 6 ? address === '::1' : address.startsWith('127.'), address);
      }
    });

    it('that hangs is given up after ten seconds', async () => {
      const timers = manualSchedule();
      const looking = look(
        resolver({
          servers: [],
          getaddrinfo: () => new Promise(() => {}),
          schedule: timers.schedule,
        }),
        'shop.test',
      );
      await until(() => timers.pending().includes(10_000));
      timers.fire(10_000);
      assert.equal(outcome(await looking), 'name-timeout');
    });
  });

  describe('failures', () => {
    it('wait for each try as long as the lookup asks, before what resolv.conf says', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server(() => {});
      const resolvConf = fixtures.file('nameserver 127.0.0.1\noptions timeout:2 attempts:1\n');
      for (const given of [{ servers: [server] }, { resolvConf, serverPort: server.port }]) {
        const before = server.asked.length;
        const options = { tries: 1, schedule: timers.schedule, getaddrinfo: unanswered };
        const looking = look(resolver({ ...given, ...options }), 'shop.test', { timeout: 1234 });
        await until(() => server.asked.length === before + 2);
        assert.ok(timers.pending().includes(1234), timers.pending().join());
        timers.fire(1234);
        assert.equal(outcome(await looking), 'name-timeout');
      }
    });

    it('say name-timeout when nobody said anything', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server(() => {});
      const looking = look(
        resolver({
          servers: [server],
          tries: 1,
          schedule: timers.schedule,
          getaddrinfo: unanswered,
        }),
        'shop.test',
      );
      await until(() => server.asked.length === 2);
      timers.fire(5000);
      const failure = failureOf(await looking);
      assert.deepEqual(failure, {
        phase: 'dns',
        code: 'name-timeout',
        confidence: 'certain',
        host: 'shop.test',
        cause: { message: 'EAI_AGAIN' },
        detail: { servers: [`127.0.0.1:${server.port}`], getaddrinfo: 'EAI_AGAIN' },
      });
    });

    it('say name-server-failed with the rcode', async () => {
      const server = await fixtures.server((_, send) => send({ rcode: rcodes.refused }));
      const failure = failureOf(
        await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test'),
      );
      assert.equal(failure.code, 'name-server-failed');
      assert.equal(failure.detail?.['rcode'], 'REFUSED');
    });

    it('say name-without-address when only one family is NXDOMAIN', async () => {
      const server = await fixtures.server((asked, send) =>
        asked.type === 'A' ? nothing(asked, send) : nxdomain(asked, send),
      );
      assert.equal(
        outcome(await look(resolver({ servers: [server] }), 'shop.test')),
        'name-without-address',
      );
    });
  });
});
