import assert from 'node:assert/strict';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createResolver } from '../../../src/wire/dns/resolve.ts';
import type { ResolverOptions } from '../../../src/wire/dns/means.ts';
import { watchSockets } from '../../support/heldSockets.ts';
import { createFixtures, failureOf, lines, look, manualSchedule, outcome, settle, until } from './lookups.ts';
import { both, nothing } from './nameServer.ts';

const fixtures = createFixtures();
const { resolver } = fixtures;

describe('the time of a lookup', () => {
  afterEach(() => fixtures.cleanUp());

  describe('the resolution delay (RFC 8305 §3)', () => {
    it('ends the wait for AAAA 50 ms after A; the late answer is told and kept', async () => {
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

    it('is over when AAAA is there in time', async () => {
      const timers = manualSchedule();
      let answerLate = (): void => {};
      const server = await fixtures.server((asked, send) => {
        if (asked.type === 'A') both(asked, send);
        else answerLate = () => both(asked, send);
      });
      const looking = look(resolver({ servers: [server], schedule: timers.schedule }), 'shop.test');
      await until(() => timers.pending().includes(50) && server.asked.length === 2);
      answerLate();
      assert.deepEqual(outcome(await looking), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(timers.pending(), []);
    });

    it('is none when AAAA is there first: its addresses are gone by at once, those for A come later', async () => {
      let answerLate = (): void => {};
      const server = await fixtures.server((asked, send) => {
        if (asked.type === 'AAAA') both(asked, send);
        else answerLate = () => both(asked, send);
      });
      const steps: DnsStep[] = [];
      const resolution = await resolver({ servers: [server] }).resolve('shop.test', {
        onStep: (step) => steps.push(step),
      });
      assert.ok(resolution.ok);
      assert.deepEqual(resolution.addresses.map(({ address }) => address), ['2001:db8::7']);
      assert.deepEqual(lines(steps, 'A'), []);
      await until(() => server.asked.length === 2);
      answerLate();
      assert.deepEqual((await resolution.more)?.map(({ address }) => address), ['192.0.2.7']);
    });

    it('leaves addresses out that never come', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server((asked, send) => {
        if (asked.type === 'AAAA') both(asked, send);
      });
      const resolution = await resolver({
        servers: [server], schedule: timers.schedule, tries: 1,
      }).resolve('shop.test', { onStep: () => {} });
      assert.ok(resolution.ok && resolution.more);
      timers.fire(5000);
      assert.deepEqual(await resolution.more, []);
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
      const looked = await look(resolver({ servers: [server] }), 'shop.test', {
        signal: AbortSignal.abort(),
      });
      assert.deepEqual([outcome(looked), looked.steps, server.asked], ['cancelled', [], []]);
    });

    it('ends UDP, TCP and getaddrinfo at once and leaves no timer', async () => {
      const silent = await fixtures.server(() => {});
      const cut = await fixtures.server(
        ({ transport }, send) => transport === 'udp' && send({ truncated: true }),
      );
      const hang = (): Promise<never> => new Promise(() => {});
      const cases: [ResolverOptions, started: (pending: number[]) => boolean][] = [
        [{ servers: [silent] }, () => silent.asked.length === 2],
        [
          { servers: [cut] },
          () => cut.asked.filter(({ transport }) => transport === 'tcp').length === 2,
        ],
        [{ servers: [], getaddrinfo: hang }, (pending) => pending.includes(10_000)],
      ];
      for (const [options, started] of cases) {
        const timers = manualSchedule();
        const controller = new AbortController();
        const looking = look(resolver({ ...options, schedule: timers.schedule }), 'shop.test', {
          signal: controller.signal,
        });
        await until(() => started(timers.pending()));
        controller.abort();
        const failure = failureOf(await looking);
        assert.deepEqual(failure, {
          phase: 'dns',
          code: 'cancelled',
          confidence: 'certain',
          host: 'shop.test',
        });
        assert.deepEqual(timers.pending(), []);
      }
    });
  });

  describe('the end of a lookup', () => {
    it('lets the process end while an answer is late', async () => {
      const server = await fixtures.server(
        (asked, send) => asked.type === 'A' && both(asked, send),
      );
      const module = new URL('../../../src/wire/dns/resolve.ts', import.meta.url).href;
      const program = `
        import { createResolver } from ${JSON.stringify(module)};
        const servers = [{ address: '127.0.0.1', port: ${server.port} }];
        const names = createResolver({ servers, hostsFile: '/nonexistent', timeout: 600_000 });
        const { addresses } = await names.resolve('shop.test', { onStep() {} });
        console.log(addresses[0].address);`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
      });
      const killer = setTimeout(() => child.kill(), 15_000);
      const [code] = await once(child, 'close');
      clearTimeout(killer);
      assert.deepEqual([code, output], [0, '192.0.2.7\n']);
    });

    it('closes every socket', async () => {
      const server = await fixtures.server((asked, send) =>
        asked.transport === 'tcp' || asked.type === 'AAAA'
          ? both(asked, send)
          : send({ truncated: true }),
      );
      // As the kernel counts them: Node leaves out those that are unreferenced.
      const left = watchSockets();
      await look(createResolver({ hostsFile: fixtures.file('# empty\n'), servers: [server] }), 'shop.test');
      // The test server's side of the TCP connection goes with ours.
      assert.deepEqual(await left(), []);
    });
  });
});
