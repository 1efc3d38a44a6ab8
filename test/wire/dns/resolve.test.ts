import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { utimesSync, writeFileSync } from 'node:fs';
import { systemGetaddrinfo } from '../../../src/wire/dns/getaddrinfo.ts';
import { createResolver } from '../../../src/wire/dns/resolve.ts';
import type { ResolverOptions } from '../../../src/wire/dns/resolve.ts';
import type { Resolver } from '../../../src/wire/connection.ts';
import type { Failure } from '../../../src/trace/failure.ts';
import { createFixtures, line, lines, look, manualSchedule, outcome, until } from './lookups.ts';
import type { Looked } from './lookups.ts';
import { a, aaaa, buildReply, cname, ns, rcodes, soa, startNameServer } from './nameServer.ts';
import type { Asked, NameServer, Send } from './nameServer.ts';

const fixtures = createFixtures();
let noHosts: string;

/** A resolver that is cut off from the machine's own configuration. */
function resolver(options: ResolverOptions): Resolver {
  const getaddrinfo = async (): Promise<never> => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  };
  // With sources for every address the order does not depend on the machine.
  return createResolver({
    hostsFile: noHosts, platform: 'linux', getaddrinfo, sourceOf: async ({ address }) => address, ...options,
  });
}

function failureOf({ resolution }: Looked): Failure {
  assert.ok(!resolution.ok, 'a failure was expected');
  return resolution.failure;
}

/** A server with one address per family for every name. */
const both = ({ name, type }: Asked, send: Send): void =>
  send({ answers: [type === 'A' ? a(name, '192.0.2.7') : aaaa(name, '2001:db8::7')] });

const nothing = (_: Asked, send: Send): void => send({ authorities: [soa('test', 60)] });

function nxdomain({ name }: Pick<Asked, 'name'>, send: Send): void {
  send({ rcode: rcodes.nxdomain, authorities: [soa(name.split('.').slice(-1)[0] ?? '', 60)] });
}

describe('resolve', () => {
  beforeEach(() => {
    noHosts = fixtures.file('# empty\n');
  });
  afterEach(() => fixtures.cleanUp());

  describe('without a question', () => {
    for (const [address, type] of [['192.0.2.1', 'A'], ['2001:db8::1', 'AAAA']] as const) {
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

    it('goes on without a hosts file', async () => {
      const server = await fixtures.server(both);
      const looked = await look(resolver({ hostsFile: '/nonexistent/hosts', servers: [server] }), 'shop.test');
      assert.equal(looked.steps[0]?.outcome, 'not-listed');
      assert.equal(looked.steps[0]?.message, 'ENOENT');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    });

    for (const name of ['localhost', 'LOCALHOST.', 'shop.localhost']) {
      it(`takes ${name} for loopback and asks nobody (RFC 6761)`, async () => {
        const server = await fixtures.server(both);
        const looked = await look(resolver({ servers: [server] }), name);
        assert.deepEqual(outcome(looked), ['::1', '127.0.0.1']);
        assert.deepEqual(looked.steps.map(line), ['hosts A, AAAA not-listed', 'literal A, AAAA answered']);
        assert.equal(server.asked.length, 0);
      });
    }

    it('believes the hosts file about localhost first', async () => {
      const hostsFile = fixtures.file('127.0.0.9 localhost\n');
      assert.deepEqual(outcome(await look(resolver({ hostsFile, servers: [] }), 'localhost')), ['127.0.0.9']);
    });

    for (const [name, problem] of [['a..test', 'empty-label'], [`${'x'.repeat(64)}.test`, 'label-too-long']] as const) {
      it(`never asks for a name with ${problem}`, async () => {
        const server = await fixtures.server(both);
        const failure = failureOf(await look(resolver({ servers: [server] }), name));
        assert.deepEqual([failure.code, failure.phase, failure.host, failure.detail], ['name-not-found', 'dns', name, { invalidName: problem }]);
        assert.equal(server.asked.length, 0);
      });
    }
  });

  describe('one server', () => {
    it('is asked for A and AAAA, each from a port of its own with an id of its own', async () => {
      const server = await fixtures.server(both);
      const looked = await look(resolver({ servers: [server] }), 'Shop.Test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(server.asked.map(({ type }) => type).sort(), ['A', 'AAAA']);
      assert.equal(new Set(server.asked.map(({ fromPort }) => fromPort)).size, 2);
      const step = looked.steps.find(({ question }) => question.type === 'A');
      assert.ok(step);
      const { startAt, at, ...facts } = step;
      assert.ok(at >= startAt);
      assert.deepEqual(facts, {
        source: 'name-server',
        question: { name: 'shop.test', type: 'A' },
        server: `127.0.0.1:${server.port}`,
        transport: 'udp',
        outcome: 'answered',
        rcode: 'NOERROR',
        truncated: false,
        authoritative: true,
        records: [{ section: 'answer', name: 'shop.test', type: 'A', ttl: 60, value: '192.0.2.7' }],
        querySize: 38,
        answerSize: 52,
      });
    });

    it('may speak IPv6', async function () {
      const server = await fixtures.server(both, '::1').catch(() => this.skip());
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.equal(looked.steps[1]?.server, `[::1]:${server.port}`);
    });

    it('takes as long as the step says', async () => {
      const server = await fixtures.server((asked, send) => void setTimeout(() => both(asked, send), 40));
      const { steps } = await look(resolver({ servers: [server] }), 'shop.test');
      for (const { startAt, at } of steps.slice(1)) assert.ok(at - startAt >= 39);
    });

    it('that has no EDNS is asked without it', async () => {
      for (const rcode of [rcodes.formerr, rcodes.notimp]) {
        const server = await fixtures.server((asked, send) =>
          asked.edns ? send({ rcode, withoutQuestion: true }) : both(asked, send));
        const looked = await look(resolver({ servers: [server] }), 'shop.test');
        assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
        assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp error', 'name-server A udp answered']);
      }
    });

    it('that cut its answer off is asked over TCP, and the rest of the cut one is not used', async () => {
      const server = await fixtures.server((asked, send) => asked.transport === 'tcp'
        ? both(asked, send)
        : send({ truncated: true, answers: asked.type === 'A' ? [a(asked.name, '192.0.2.66')] : [] }));
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp answered', 'name-server A tcp answered']);
      assert.equal(looked.steps.find(({ transport }) => transport === 'udp')?.truncated, true);
    });

    it('may split its TCP answer at any byte', async () => {
      const size = buildReply({ id: 1, name: 'shop.test', type: 'A' }, { answers: [a('shop.test', '192.0.2.7')] }).length + 2;
      let split = 1;
      const server = await fixtures.server(({ name, type, transport }, send) => {
        if (type === 'AAAA') return nothing({} as Asked, send);
        if (transport === 'udp') return send({ truncated: true });
        send({ answers: [a(name, '192.0.2.7')] }, split);
      });
      for (; split < size; split += 1) {
        const looked = await look(resolver({ servers: [server] }), 'shop.test');
        assert.deepEqual(outcome(looked), ['192.0.2.7'], `split at ${split}`);
      }
    });

    it('that ends TCP in the middle of its answer has failed', async () => {
      for (const split of [0, 1, 2, 20]) {
        const server = await fixtures.server(({ transport }, send) =>
          transport === 'udp' ? send({ truncated: true }) : send({}, split, true));
        const looked = await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test');
        assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp answered', 'name-server A tcp error']);
        assert.equal(looked.steps.findLast(({ transport }) => transport === 'tcp')?.message,
          `closed after ${split} bytes, before a whole answer`);
        assert.equal(failureOf(looked).code, 'name-server-failed');
      }
    });

    it('is waited for while datagrams with a wrong id, question or direction come', async () => {
      const server = await fixtures.server((asked, send) => {
        const forged = { answers: [a(asked.name, '192.0.2.66'), aaaa(asked.name, '2001:db8::66')] };
        send({ ...forged, id: asked.id ^ 1 });
        send({ ...forged, question: { name: 'other.test', type: 'A' } });
        send(Buffer.from('garbage'));
        send(Buffer.alloc(0));
        both(asked, send);
      });
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp answered']);
    });

    it('is not believed when another address answers for it', async () => {
      const stranger = createSocket('udp4').bind(0, '127.0.0.1');
      await once(stranger, 'listening');
      const server = await fixtures.server((asked, send) => {
        const forged = buildReply(asked, { answers: [a(asked.name, '192.0.2.66'), aaaa(asked.name, '2001:db8::66')] });
        stranger.send(forged, asked.fromPort, '127.0.0.1', () => both(asked, send));
      });
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      stranger.close();
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    });

    it('that says what was ignored when time ran out', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server((asked, send) => send({ id: asked.id ^ 1 }));
      const looking = look(resolver({ servers: [server], tries: 1, schedule: timers.schedule }), 'shop.test');
      // The datagrams are read in the turn of the loop after they are sent.
      await until(() => server.asked.length === 2);
      await settle();
      timers.fire(5000);
      const looked = await looking;
      const [message] = looked.steps.flatMap((step) => step.outcome === 'timeout' ? step.message ?? [] : []);
      assert.equal(message, 'no answer in 5000 ms; ignored 1: another id');
    });

    it('that sends a broken answer is malformed, not a crash', async () => {
      const server = await fixtures.server((asked, send) => {
        const bytes = buildReply(asked, { answers: [a(asked.name, '192.0.2.7')] });
        bytes[bytes.length - 5] = 200;
        send(bytes);
      });
      const looked = await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test');
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp malformed']);
      assert.equal(failureOf(looked).code, 'name-server-failed');
    });

    it('that only refers to others is no use', async () => {
      const server = await fixtures.server((_, send) =>
        send({ authoritative: false, authorities: [ns('test', 'ns.test')] }));
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp error']);
    });
  });

  describe('several servers', () => {
    for (const [what, rcode, step] of [['fails', rcodes.servfail, 'server-failure'], ['refuses', rcodes.refused, 'refused']] as const) {
      it(`go on to the next when one ${what}`, async () => {
        const first = await fixtures.server((_, send) => send({ rcode }));
        const second = await fixtures.server(both);
        const looked = await look(resolver({ servers: [first, second] }), 'shop.test');
        assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
        assert.deepEqual(lines(looked.steps, 'A'), [`name-server A udp ${step}`, 'name-server A udp answered']);
      });
    }

    it('go on at once when one has no server on its port', async () => {
      const gone = await startNameServer(both);
      await gone.close();
      const second = await fixtures.server(both);
      const looked = await look(resolver({ servers: [gone, second] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp error', 'name-server A udp answered']);
      assert.match(looked.steps.find((step) => step.outcome === 'error')?.message ?? '', /ECONNREFUSED/);
    });

    it('are asked three times in all, the silent ones again', async () => {
      const timers = manualSchedule();
      const servers = [await fixtures.server(() => {}), await fixtures.server(() => {})] as const;
      const looking = look(resolver({ servers, schedule: timers.schedule }), 'shop.test');
      for (let tries = 1; tries <= 3; tries += 1) {
        await until(() => servers[0].asked.length + servers[1].asked.length === 2 * tries);
        timers.fire(5000);
      }
      const looked = await looking;
      const asked = looked.steps.filter(({ question }) => question.type === 'A').map(({ server }) => server);
      assert.deepEqual(asked, [0, 1, 0].map((index) => `127.0.0.1:${servers[index as 0 | 1].port}`));
      const failure = failureOf(looked);
      // getaddrinfo of this test says that there is no such name.
      assert.deepEqual([failure.code, failure.confidence], ['name-not-found', 'likely']);
      assert.deepEqual(timers.pending(), []);
    });

    it('that are no addresses are not looked up', async () => {
      const looked = await look(resolver({ servers: [{ address: 'localhost', port: 53 }, { address: '127.0.0.1', port: 0 }] }), 'shop.test');
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp error', 'name-server A udp error']);
    });
  });

  describe('aliases', () => {
    it('in one answer are followed', async () => {
      const server = await fixtures.server(({ name, type }, send) => send({ answers: [
        type === 'A' ? a('Two.test', '192.0.2.7') : aaaa('two.test', '2001:db8::7'),
        cname('one.TEST', 'two.test'), cname(name, 'one.test'),
      ] }));
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.equal(server.asked.length, 2);
    });

    it('whose target was left out are asked for', async () => {
      const server = await fixtures.server((asked, send) => asked.name === 'shop.test'
        ? send({ answers: [cname('shop.test', 'origin.test')] }) : both(asked, send));
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(looked.steps.filter(({ question }) => question.type === 'A').map(({ question }) => question.name),
        ['shop.test', 'origin.test']);
    });

    it('to a name without addresses are name-without-address', async () => {
      const server = await fixtures.server(({ name }, send) =>
        send({ answers: [cname(name, 'origin.test')], authorities: [soa('test', 60)] }));
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp no-data']);
      assert.equal(outcome(looked), 'name-without-address');
    });

    it('to a name that is not there are name-not-found', async () => {
      const server = await fixtures.server(({ name }, send) =>
        send({ rcode: rcodes.nxdomain, answers: [cname(name, 'gone.test')], authorities: [soa('test', 60)] }));
      assert.equal(outcome(await look(resolver({ servers: [server] }), 'shop.test')), 'name-not-found');
    });

    it('in a loop end, in one answer and over several', async () => {
      const inOne = await fixtures.server(({ name }, send) =>
        send({ answers: [cname(name, 'two.test'), cname('two.test', name)] }));
      const over = await fixtures.server(({ name }, send) =>
        send({ answers: [cname(name, name === 'shop.test' ? 'two.test' : 'shop.test')] }));
      for (const server of [inOne, over]) {
        const failure = failureOf(await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test'));
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
      const failure = failureOf(await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test'));
      assert.match(String(failure.detail?.['reason']), /cannot be asked/);
      assert.deepEqual(new Set(server.asked.map(({ name }) => name)), new Set(['shop.test']));
    });
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
      assert.deepEqual(looked.steps.map(line), ['hosts A, AAAA not-listed', 'cache A answered', 'cache AAAA answered']);
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
      const looked = await look(names, 'shop.test', { zoneServers: [{ zone: 'test', servers: [two] }] });
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

  describe('zones', () => {
    it('are asked at their own servers, the longest first, others at the configured ones', async () => {
      const at = (address: string) => ({ name, type }: Asked, send: Send): void =>
        type === 'A' ? send({ answers: [a(name, address)] }) : nothing({} as Asked, send);
      const [configured, zone, inner] = [
        await fixtures.server(at('192.0.2.1')), await fixtures.server(at('192.0.2.2')), await fixtures.server(at('192.0.2.3')),
      ];
      const zoneServers = [{ zone: 'Lab.test.', servers: [zone] }, { zone: 'inner.lab.test', servers: [inner] }];
      const names = resolver({ servers: [configured] });
      const cases = [
        ['example.test', '192.0.2.1'], ['collab.test', '192.0.2.1'], ['lab.test', '192.0.2.2'],
        ['shop.LAB.test', '192.0.2.2'], ['a.inner.lab.test', '192.0.2.3'],
      ];
      for (const [name = '', address] of cases) {
        assert.deepEqual(outcome(await look(names, name, { zoneServers })), [address], name);
      }
    });

    it('never leak: what their servers do not know or do not say is asked nowhere else', async () => {
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
        ['name-server-failed', await fixtures.server((_, send) => send({ rcode: rcodes.servfail }))],
        ['name-server-failed', gone],
      ];
      for (const [code, server] of cases) {
        const names = resolver({ servers: [configured], getaddrinfo, platform: 'win32' });
        const failure = failureOf(await look(names, 'shop.lab.test', { zoneServers: [{ zone: 'lab.test', servers: [server] }] }));
        assert.equal(failure.code, code);
        assert.equal(failure.detail?.['zone'], 'lab.test');
        assert.deepEqual(failure.detail?.['servers'], [`127.0.0.1:${server.port}`]);
      }
      const empty = failureOf(await look(resolver({ servers: [configured], getaddrinfo }), 'lab.test', { zoneServers: [{ zone: 'lab.test', servers: [] }] }));
      assert.equal(empty.code, 'name-server-failed');
      assert.deepEqual([configured.asked, system], [[], []]);
    });

    it('are asked about an alias into them, whatever the first server says about it', async () => {
      const zone = await fixtures.server(both);
      const configured = await fixtures.server(({ name }, send) => send({ answers: [
        cname(name, 'shop.lab.test'), a('shop.lab.test', '192.0.2.66'), aaaa('shop.lab.test', '2001:db8::66'),
      ] }));
      const looked = await look(resolver({ servers: [configured] }), 'www.test', { zoneServers: [{ zone: 'lab.test', servers: [zone] }] });
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(new Set(zone.asked.map(({ name }) => name)), new Set(['shop.lab.test']));
    });

    it('may have aliases out of them', async () => {
      const zone = await fixtures.server(({ name }, send) => send({ answers: [cname(name, 'www.test')] }));
      const configured = await fixtures.server(both);
      const looked = await look(resolver({ servers: [configured] }), 'shop.lab.test', { zoneServers: [{ zone: 'lab.test', servers: [zone] }] });
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(new Set(configured.asked.map(({ name }) => name)), new Set(['www.test']));
    });
  });

  describe('resolv.conf', () => {
    it('is read again when it changes, with its search list', async () => {
      const server = await fixtures.server((asked, send) =>
        asked.name === 'box.lab.example' ? both(asked, send) : nxdomain(asked, send));
      const resolvConf = fixtures.file('');
      const names = resolver({ resolvConf, serverPort: server.port });
      const before = await look(names, 'box');
      assert.deepEqual(before.steps.map(line), ['hosts A, AAAA not-listed', 'getaddrinfo A, AAAA name-error']);
      writeFileSync(resolvConf, 'nameserver 127.0.0.1\nsearch corp.example lab.example\n');
      const looked = await look(names, 'box');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(looked.steps.filter(({ question }) => question.type === 'A').map(({ question }) => question.name),
        ['box.corp.example', 'box.lab.example']);
      await look(names, 'box.');
      assert.equal(server.asked.at(-1)?.name, 'box');
    });

    it('sets time and tries', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server(() => {});
      const resolvConf = fixtures.file('nameserver 127.0.0.1\noptions timeout:2 attempts:1\n');
      const looking = look(resolver({ resolvConf, serverPort: server.port, schedule: timers.schedule }), 'shop.test');
      await until(() => server.asked.length === 2);
      timers.fire(2000);
      assert.deepEqual(lines((await looking).steps, 'A'), ['name-server A udp timeout']);
    });

    it('names every candidate in the failure', async () => {
      const server = await fixtures.server(nxdomain);
      const resolvConf = fixtures.file('nameserver 127.0.0.1\nsearch corp.example\n');
      const failure = failureOf(await look(resolver({ resolvConf, serverPort: server.port }), 'box'));
      assert.equal(failure.code, 'name-not-found');
      assert.deepEqual(failure.detail, {
        servers: [`127.0.0.1:${server.port}`], rcode: 'NXDOMAIN', names: ['box.corp.example', 'box'], getaddrinfo: 'ENOTFOUND',
      });
    });
  });

  describe('getaddrinfo', () => {
    const found = async (): Promise<{ address: string; family: 4 }[]> => [{ address: '192.0.2.8', family: 4 }];

    it('is asked when no server is configured', async () => {
      const looked = await look(resolver({ servers: [], getaddrinfo: found }), 'shop.test');
      assert.deepEqual(outcome(looked), ['192.0.2.8']);
      assert.deepEqual(looked.steps.map(line), ['hosts A, AAAA not-listed', 'getaddrinfo A, AAAA answered']);
      assert.deepEqual(looked.steps[1]?.records, [{ section: 'answer', name: 'shop.test', type: 'A', value: '192.0.2.8' }]);
    });

    it('is asked when every server failed', async () => {
      const server = await fixtures.server((_, send) => send({ rcode: rcodes.servfail }));
      const looked = await look(resolver({ servers: [server], getaddrinfo: found }), 'shop.test');
      assert.deepEqual(outcome(looked), ['192.0.2.8']);
      assert.equal(looked.steps.at(-1)?.source, 'getaddrinfo');
    });

    const cases: [name: string, platform: NodeJS.Platform, asked: boolean][] = [
      ['shop.test', 'linux', false], ['printer.local', 'linux', true], ['box', 'linux', true],
      ['shop.test', 'darwin', true], ['shop.test', 'win32', true],
    ];
    for (const [name, platform, asked] of cases) {
      it(`is ${asked ? '' : 'not '}asked after NXDOMAIN for ${name} on ${platform}`, async () => {
        const server = await fixtures.server(nxdomain);
        const looked = await look(resolver({ servers: [server], getaddrinfo: found, platform }), name);
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
      const looking = look(resolver({ servers: [], getaddrinfo: () => new Promise(() => {}), schedule: timers.schedule }), 'shop.test');
      await until(() => timers.pending().includes(10_000));
      timers.fire(10_000);
      assert.equal(outcome(await looking), 'name-timeout');
    });
  });

  describe('failures', () => {
    it('say name-timeout when nobody said anything', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server(() => {});
      const looking = look(resolver({ servers: [server], tries: 1, schedule: timers.schedule, getaddrinfo: unanswered }), 'shop.test');
      await until(() => server.asked.length === 2);
      timers.fire(5000);
      const failure = failureOf(await looking);
      assert.deepEqual(failure, {
        phase: 'dns', code: 'name-timeout', confidence: 'certain', host: 'shop.test', cause: { message: 'EAI_AGAIN' },
        detail: { servers: [`127.0.0.1:${server.port}`], getaddrinfo: 'EAI_AGAIN' },
      });
    });

    it('say name-server-failed with the rcode', async () => {
      const server = await fixtures.server((_, send) => send({ rcode: rcodes.refused }));
      const failure = failureOf(await look(resolver({ servers: [server], getaddrinfo: unanswered }), 'shop.test'));
      assert.equal(failure.code, 'name-server-failed');
      assert.equal(failure.detail?.['rcode'], 'REFUSED');
    });

    it('say name-without-address when one family is not there and the other is NXDOMAIN', async () => {
      const server = await fixtures.server((asked, send) => asked.type === 'A' ? nothing(asked, send) : nxdomain(asked, send));
      assert.equal(outcome(await look(resolver({ servers: [server] }), 'shop.test')), 'name-without-address');
    });
  });

  describe('the resolution delay (RFC 8305 §3)', () => {
    it('ends the wait for AAAA 50 ms after A, and the late answer is still told and kept', async () => {
      const timers = manualSchedule();
      let answerLate = (): void => {};
      const server = await fixtures.server((asked, send) => {
        if (asked.type === 'A') both(asked, send);
        else answerLate = () => both(asked, send);
      });
      const names = resolver({ servers: [server], schedule: timers.schedule });
      const looking = look(names, 'shop.test');
      await until(() => timers.pending().includes(50) && server.asked.length === 2);
      timers.fire(50);
      const looked = await looking;
      assert.deepEqual(outcome(looked), ['192.0.2.7']);
      assert.deepEqual(lines(looked.steps, 'AAAA'), []);
      answerLate();
      await until(() => lines(looked.steps, 'AAAA').length > 0);
      assert.deepEqual(lines(looked.steps, 'AAAA'), ['name-server AAAA udp answered']);
      assert.deepEqual(timers.pending(), []);
      assert.deepEqual(outcome(await look(names, 'shop.test')), ['2001:db8::7', '192.0.2.7']);
    });

    it('does not begin when A has no address, nor when AAAA is there first', async () => {
      const timers = manualSchedule();
      let answerLate = (): void => {};
      const server = await fixtures.server((asked, send) => {
        if (asked.type === 'AAAA') answerLate = () => both(asked, send);
        else nothing(asked, send);
      });
      const looking = look(resolver({ servers: [server], schedule: timers.schedule }), 'shop.test');
      await until(() => server.asked.length === 2);
      await settle();
      assert.deepEqual(new Set(timers.pending()), new Set([5000]));
      answerLate();
      assert.deepEqual(outcome(await looking), ['2001:db8::7']);
    });
  });

  describe('cancelling', () => {
    it('before the start asks nobody', async () => {
      const server = await fixtures.server(both);
      const looked = await look(resolver({ servers: [server] }), 'shop.test', { signal: AbortSignal.abort() });
      assert.deepEqual([outcome(looked), looked.steps, server.asked], ['cancelled', [], []]);
    });

    it('ends UDP, TCP and getaddrinfo at once and leaves no timer', async () => {
      const silent = await fixtures.server(() => {});
      const cut = await fixtures.server(({ transport }, send) => transport === 'udp' && send({ truncated: true }));
      const hang = (): Promise<never> => new Promise(() => {});
      const cases: [ResolverOptions, started: (pending: number[]) => boolean][] = [
        [{ servers: [silent] }, () => silent.asked.length === 2],
        [{ servers: [cut] }, () => cut.asked.filter(({ transport }) => transport === 'tcp').length === 2],
        [{ servers: [], getaddrinfo: hang }, (pending) => pending.includes(10_000)],
      ];
      for (const [options, started] of cases) {
        const timers = manualSchedule();
        const controller = new AbortController();
        const looking = look(resolver({ ...options, schedule: timers.schedule }), 'shop.test', { signal: controller.signal });
        await until(() => started(timers.pending()));
        controller.abort();
        const failure = failureOf(await looking);
        assert.deepEqual(failure, { phase: 'dns', code: 'cancelled', confidence: 'certain', host: 'shop.test' });
        assert.deepEqual(timers.pending(), []);
      }
    });
  });

  it('lets the process end while an answer is late', async () => {
    const server = await fixtures.server((asked, send) => asked.type === 'A' && both(asked, send));
    const program = `
      import { createResolver } from ${JSON.stringify(new URL('../../../src/wire/dns/resolve.ts', import.meta.url).href)};
      const servers = [{ address: '127.0.0.1', port: ${server.port} }];
      const names = createResolver({ servers, hostsFile: ${JSON.stringify(noHosts)}, timeout: 600_000 });
      const { addresses } = await names.resolve('shop.test', { onStep() {} });
      console.log(addresses[0].address);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => { output += String(chunk); });
    const killer = setTimeout(() => child.kill(), 15_000);
    const [code] = await once(child, 'close');
    clearTimeout(killer);
    assert.deepEqual([code, output], [0, '192.0.2.7\n']);
  });

  it('closes every socket', async () => {
    const server = await fixtures.server((asked, send) =>
      asked.transport === 'tcp' || asked.type === 'AAAA' ? both(asked, send) : send({ truncated: true }));
    const open = (): number => process.getActiveResourcesInfo().filter((kind) => /UDP|TCPSocketWrap/.test(kind)).length;
    const before = open();
    await look(createResolver({ hostsFile: noHosts, servers: [server] }), 'shop.test');
    // The test server's side of the TCP connection goes with ours.
    await until(() => open() <= before);
  });
});

async function unanswered(): Promise<never> {
  throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
}

/** Lets datagrams that are on their way be read. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
