import assert from 'node:assert/strict';
import { createFixtures, lines, look, outcome } from './lookups.ts';
import { a, both, buildReply } from './nameServer.ts';
import type { Asked, Reply, Send } from './nameServer.ts';

// The letters of a question (draft-vixie-dnsext-dns0x20) in lookups that ask one server for the whole answer.

describe('the letters of a question', () => {
  const fixtures = createFixtures();
  afterEach(() => fixtures.cleanUp());

  /** Every other letter is large. */
  function alternately(): (limit: number) => number {
    let odd = 0;
    return () => (odd += 1) % 2;
  }

  /** Answers in small letters, whatever it was asked in. */
  function small(asked: Asked, send: Send): void {
    both(asked, (reply) => send({ ...reply as Reply, question: { name: asked.name, type: asked.type as 'A' } }));
  }

  it('are mixed over UDP, of configured servers and of those of a zone', async () => {
    const [server, zone] = [await fixtures.server(both), await fixtures.server(both)];
    const resolver = fixtures.resolver({ servers: [server], random: alternately() });
    const zoneServers = [{ zone: 'lab.test', servers: [zone] }];
    const looked = [await look(resolver, 'shop.test'), await look(resolver, 'shop.lab.test', { zoneServers })];
    assert.deepEqual(looked.map(outcome), [['2001:db8::7', '192.0.2.7'], ['2001:db8::7', '192.0.2.7']]);
    for (const { asked } of [server, zone]) {
      assert.deepEqual(asked.map(({ name, written, transport }) => [name !== written, transport]), [[true, 'udp'], [true, 'udp']]);
    }
    assert.deepEqual(looked[0]?.steps.filter(({ source }) => source === 'name-server').map(({ question }) => question.name),
      ['shop.test', 'shop.test']);
  });

  it('count: an answer in others is asked for again over TCP, and nothing of it is taken', async () => {
    const server = await fixtures.server((asked, send) => {
      if (asked.transport === 'tcp') return both(asked, send);
      // Whoever guesses the id and the port guesses at the letters too.
      send(buildReply({ id: asked.id, name: asked.name, type: asked.type }, { answers: [a(asked.name, '192.0.2.66')] }));
    });
    const looked = await look(fixtures.resolver({ servers: [server], random: alternately() }), 'shop.test');
    assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp malformed', 'name-server A tcp answered']);
    assert.match(looked.steps.find(({ outcome: came }) => came === 'malformed')?.message ?? '', /other letters/);
  });

  it('stay small for a server that does not keep them and speaks no TCP, from then on', async () => {
    const server = await fixtures.server((asked, send) =>
      asked.transport === 'tcp' ? send(Buffer.alloc(12), 1, true) : small(asked, send));
    const resolver = fixtures.resolver({ servers: [server], random: alternately() });
    const [first, second] = [await look(resolver, 'one.test'), await look(resolver, 'two.test')];
    assert.deepEqual([outcome(first), outcome(second)], [['2001:db8::7', '192.0.2.7'], ['2001:db8::7', '192.0.2.7']]);
    assert.deepEqual(lines(first.steps, 'A'),
      ['name-server A udp malformed', 'name-server A tcp error', 'name-server A udp answered']);
    assert.deepEqual(lines(second.steps, 'A'), ['name-server A udp answered']);
    assert.ok(server.asked.filter(({ name }) => name === 'two.test').every(({ name, written }) => name === written));
  });

  it('stay mixed for a server that does not keep them and speaks TCP', async () => {
    const server = await fixtures.server((asked, send) => asked.transport === 'tcp' ? both(asked, send) : small(asked, send));
    const resolver = fixtures.resolver({ servers: [server], random: alternately() });
    await look(resolver, 'one.test');
    const looked = await look(resolver, 'two.test');
    assert.deepEqual(lines(looked.steps, 'A'), ['name-server A udp malformed', 'name-server A tcp answered']);
  });
});
