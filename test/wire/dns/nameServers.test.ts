import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  createFixtures,
  failureOf,
  lines,
  look,
  manualSchedule,
  octetsOf,
  outcome,
  settle,
  unanswered,
  until,
} from './lookups.ts';
import { skipped } from '../../support/debian.ts';
import { a, aaaa, both, buildReply, ns, nothing, rcodes, startNameServer } from './nameServer.ts';

const fixtures = createFixtures();
const { resolver } = fixtures;

describe('name servers', () => {
  afterEach(() => fixtures.cleanUp());

  describe('one server', () => {
    it('is asked for A and AAAA, each from a port of its own with an id of its own', async () => {
      const server = await fixtures.server(both);
      const looked = await look(resolver({ servers: [server] }), 'Shop.Test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(server.asked.map(({ type }) => type).sort(), ['A', 'AAAA']);
      assert.equal(new Set(server.asked.map(({ fromPort }) => fromPort)).size, 2);
      const step = looked.steps.find(({ question }) => question.type === 'A');
      assert.ok(step);
      const { startAt, at, localAddress, localPort, queryId, queryBytes, answerBytes, ...facts } = step;
      assert.ok(at >= startAt);
      const query = server.asked.find(({ type }) => type === 'A');
      assert.deepEqual([localAddress, localPort, queryId], ['127.0.0.1', query?.fromPort, query?.id]);
      assert.deepEqual([octetsOf(queryBytes)?.length, octetsOf(answerBytes)?.length], [38, 52]);
      assert.deepEqual(facts, {
        source: 'name-server',
        question: { name: 'shop.test', type: 'A' },
        server: `127.0.0.1:${server.port}`,
        transport: 'udp',
        outcome: 'answered',
        rcode: 'NOERROR',
        truncated: false,
        authoritative: true,
        flags: ['qr', 'aa', 'rd', 'ra'],
        records: [{ section: 'answer', name: 'shop.test', type: 'A', ttl: 60, value: '192.0.2.7' }],
        querySize: 38,
        answerSize: 52,
      });
    });

    it('may speak IPv6', async function () {
      const server = await fixtures.server(both, '::1').catch(() => skipped(this, 'there is no IPv6 here'));
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.equal(looked.steps[1]?.server, `[::1]:${server.port}`);
    });

    it('takes as long as the step says', async () => {
      const server = await fixtures.server(
        (asked, send) => void setTimeout(() => both(asked, send), 40),
      );
      const { steps } = await look(resolver({ servers: [server] }), 'shop.test');
      for (const { startAt, at } of steps.slice(1)) assert.ok(at - startAt >= 39);
    });

    it('that has no EDNS is asked without it', async () => {
      for (const rcode of [rcodes.formerr, rcodes.notimp]) {
        const server = await fixtures.server((asked, send) =>
          asked.edns ? send({ rcode, withoutQuestion: true }) : both(asked, send),
        );
        const looked = await look(resolver({ servers: [server] }), 'shop.test');
        assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
        assert.deepEqual(lines(looked.steps, 'A'), [
          'name-server A udp error',
          'name-server A udp answered',
        ]);
      }
    });

    it('that cut its answer off is asked over TCP, and what was left is not used', async () => {
      const server = await fixtures.server((asked, send) =>
        asked.transport === 'tcp'
          ? both(asked, send)
          : send({
              truncated: true,
              answers: asked.type === 'A' ? [a(asked.name, '192.0.2.66')] : [],
            }),
      );
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(lines(looked.steps, 'A'), [
        'name-server A udp answered',
        'name-server A tcp answered',
      ]);
      assert.equal(looked.steps.find(({ transport }) => transport === 'udp')?.truncated, true);
    });

    it('may split its TCP answer at any byte', async () => {
      const size =
        buildReply(
          { id: 1, name: 'shop.test', type: 'A' },
          { answers: [a('shop.test', '192.0.2.7')] },
        ).length + 2;
      let split = 1;
      const server = await fixtures.server(({ name, type, transport }, send) => {
        if (type === 'AAAA') return nothing(undefined, send);
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
          transport === 'udp' ? send({ truncated: true }) : send({}, split, true),
        );
        const looked = await look(
          resolver({ servers: [server], getaddrinfo: unanswered }),
          'shop.test',
        );
        assert.deepEqual(lines(looked.steps, 'A'), [
          'name-server A udp answered',
          'name-server A tcp error',
        ]);
        assert.equal(
          looked.steps.findLast(({ transport }) => transport === 'tcp')?.message,
          `closed after ${split} bytes, before a whole answer`,
        );
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
        const forged = buildReply(asked, {
          answers: [a(asked.name, '192.0.2.66'), aaaa(asked.name, '2001:db8::66')],
        });
        stranger.send(forged, asked.fromPort, '127.0.0.1', () => both(asked, send));
      });
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      stranger.close();
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    });

    it('that says what was ignored when time ran out', async () => {
      const timers = manualSchedule();
      const server = await fixtures.server((asked, send) => send({ id: asked.id ^ 1 }));
      const looking = look(
        resolver({ servers: [server], tries: 1, schedule: timers.schedule }),
        'shop.test',
      );
      // The datagrams are read in the turn of the loop after they are sent.
      await until(() => server.asked.length === 2);
      await settle();
      timers.fire(5000);
      const looked = await looking;
      const [message] = looked.steps.flatMap((step) =>
        step.outcome === 'timeout' ? (step.message ?? []) : [],
      );
      assert.equal(message, 'no answer in 5000 ms; ignored 1: another id');
    });

    it('that sends a broken answer is malformed, not a crash', async () => {
      const server = await fixtures.server((asked, send) => {
        const bytes = buildReply(asked, { answers: [a(asked.name, '192.0.2.7')] });
        bytes[bytes.length - 5] = 200;
        send(bytes);
      });
      const looked = await look(
        resolver({ servers: [server], getaddrinfo: unanswered }),
        'shop.test',
      );
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp malformed']);
      assert.equal(failureOf(looked).code, 'name-server-failed');
    });

    it('that only refers to others is no use', async () => {
      const server = await fixtures.server((_, send) =>
        send({ authoritative: false, authorities: [ns('test', 'ns.test')] }),
      );
      const looked = await look(resolver({ servers: [server] }), 'shop.test');
      assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp error']);
    });
  });

  describe('several servers', () => {
    for (const [what, rcode, step] of [
      ['fails', rcodes.servfail, 'server-failure'],
      ['refuses', rcodes.refused, 'refused'],
    ] as const) {
      it(`go on to the next when one ${what}`, async () => {
        const first = await fixtures.server((_, send) => send({ rcode }));
        const second = await fixtures.server(both);
        const looked = await look(resolver({ servers: [first, second] }), 'shop.test');
        assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
        assert.deepEqual(lines(looked.steps, 'A'), [
          `name-server A udp ${step}`,
          'name-server A udp answered',
        ]);
      });
    }

    it('go on at once when one has no server on its port', async () => {
      const second = await fixtures.server(both);
      const gone = await startNameServer(both);
      await gone.close();
      const looked = await look(resolver({ servers: [gone, second] }), 'shop.test');
      assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
      assert.deepEqual(lines(looked.steps, 'A'), [
        'name-server A udp error',
        'name-server A udp answered',
      ]);
      assert.match(
        looked.steps.find((step) => step.outcome === 'error')?.message ?? '',
        /ECONNREFUSED/,
      );
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
      const asked = looked.steps
        .filter(({ question }) => question.type === 'A')
        .map(({ server }) => server);
      assert.deepEqual(
        asked,
        [0, 1, 0].map((index) => `127.0.0.1:${servers[index as 0 | 1].port}`),
      );
      const failure = failureOf(looked);
      // getaddrinfo of this test says that there is no such name.
      assert.deepEqual([failure.code, failure.confidence], ['name-not-found', 'likely']);
      assert.deepEqual(timers.pending(), []);
    });

    it('that are no addresses are not looked up', async () => {
      const looked = await look(
        resolver({
          servers: [
            { address: 'localhost', port: 53 },
            { address: '127.0.0.1', port: 0 },
          ],
        }),
        'shop.test',
      );
      assert.deepEqual(lines(looked.steps, 'A'), [
        'name-server A udp error',
        'name-server A udp error',
      ]);
      assert.ok(looked.steps.some(({ message }) => message === 'not an IP address: localhost'));
      assert.ok(looked.steps.some(({ message }) => message === 'not a port: 0'));
    });
  });
});
