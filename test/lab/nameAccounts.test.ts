import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { encode, RECURSION_DESIRED } from 'dns-packet';
import { monotonicNow } from '../../src/lab/clock.ts';
import type { ServerEvent } from '../../src/lab/messages.ts';
import { requireDebian } from '../support/debian.ts';
import { dial, run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

type Question = Extract<ServerEvent, { type: 'question' }>;

// What the lab's name servers tell of each question.

describe('accounts of the lab’s name servers', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const portOf = (id: string): number => {
    const { nameServer, rootServer } = running.lab.addresses;
    const below = nameServer.below.find(({ zone }) => zone.startsWith(id))?.port;
    return { dns: nameServer.port, rootDns: rootServer.port, topDns: rootServer.ports['a.nic.test'] }[id] ?? below!;
  };
  const dig = async (id: string, ...args: string[]): Promise<void> => {
    await run(requireDebian('bind9-dnsutils', 'dig'),
      ['@127.0.0.1', '-p', String(portOf(id)), '+norecurse', '+tries=1', '+time=3', ...args]);
  };
  /** The accounts since the last time. */
  const told = (): { server: string; question: Question }[] => running.accounts.splice(0).flatMap((account) =>
    'queryId' in account ? account.events.map((event) => ({ server: account.server, question: event as Question })) : []);

  it('say who asked for what, and what was answered when', async () => {
    told();
    const socket = createSocket('udp4');
    const query = encode({
      type: 'query', id: 4711, flags: RECURSION_DESIRED, questions: [{ type: 'A', name: 'ShOp.lab.TEST' }],
      additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1400, extendedRcode: 0, ednsVersion: 0, flags: 0, options: [] }],
    } as never);
    const sentAt = monotonicNow();
    socket.send(query, portOf('dns'), '127.0.0.1');
    const [answer] = await once(socket, 'message') as [Buffer];
    const { port } = socket.address();
    socket.close();
    await new Promise(setImmediate);
    const accounts = running.accounts.filter((account) => 'queryId' in account);
    assert.deepEqual(accounts.map(({ server, queryPort, queryId }) => [server, queryPort, queryId]), [['dns', port, 4711]]);
    const [{ at, startAt, ...facts } = assert.fail()] = told().map(({ question }) => question);
    assert.ok(sentAt <= startAt && startAt <= at && at <= monotonicNow());
    assert.deepEqual(facts, {
      type: 'question', transport: 'udp', peerPort: port, id: 4711, name: 'ShOp.lab.TEST', recordType: 'A',
      queryFlags: ['rd'], udpSize: 1400, querySize: query.length, rule: 'wildcard', zone: 'lab.test', rcode: 'NOERROR',
      answerFlags: ['qr', 'aa', 'rd'], answerSize: answer.length,
    });
  });

  const cases: readonly (readonly [server: string, name: string, type: string, expected: Partial<Question>])[] = [
    ['dns', 'lab.test', 'MX', { rule: 'record', zone: 'lab.test', rcode: 'NOERROR' }],
    ['dns', 'alias.lab.test', 'A', { rule: 'alias', target: 'shop.lab.test' }],
    ['dns', 'a.moved.lab.test', 'A', { rule: 'subtree-alias', target: 'a.lab.test' }],
    ['dns', 'host.slow.lab.test', 'A', { rule: 'delegation', target: 'slow.lab.test', glue: 1, answerFlags: ['qr'] }],
    ['dns', 'host.lame.lab.test', 'A', { rule: 'delegation', target: 'lame.lab.test', glue: 0 }],
    ['topDns', 'host.lame.lab.test', 'A', { rule: 'lame', zone: 'lame.lab.test' }],
    ['rootDns', 'shop.lab.test', 'A', { rule: 'delegation', zone: '.', target: 'test', glue: 1 }],
    ['dns', 'empty.lab.test', 'A', { rule: 'no-data', rcode: 'NOERROR' }],
    ['dns', 'nowhere.lab.test', 'A', { rule: 'no-name', rcode: 'NXDOMAIN', zone: 'lab.test' }],
    ['dns', 'servfail.lab.test', 'A', { rule: 'trouble', rcode: 'SERVFAIL' }],
    ['dns', 'example.com', 'A', { rule: 'not-served', rcode: 'REFUSED' }],
    ['dns', 'lab.test', 'AXFR', { rule: 'refused', rcode: 'REFUSED', transport: 'tcp' }],
  ];
  for (const [server, name, type, expected] of cases) {
    it(`say that ${server} answered ${name} ${type} by ${expected.rule}`, async () => {
      told();
      await dig(server, name, type);
      const [{ question, server: by } = assert.fail()] = told();
      assert.equal(by, server);
      const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, question[key as keyof Question]]));
      assert.deepEqual(seen, expected);
    });
  }

  it('say what was cut off over UDP, and went over TCP', async () => {
    told();
    await dig('dns', 'big.lab.test', 'TXT');
    assert.deepEqual(told().map(({ question: { transport, answerFlags } }) => [transport, answerFlags]),
      [['udp', ['qr', 'aa', 'tc']], ['tcp', ['qr', 'aa']]]);
  });

  it('say that an answer was held back, and that none was given', async () => {
    told();
    await dig('slow', 'host.slow.lab.test', 'A');
    const [{ server, question } = assert.fail()] = told();
    assert.deepEqual([server, question.delay, question.rule], ['slowDns', 1500, 'wildcard']);
    assert.ok(question.at - question.startAt >= 1490);
    await dig('silent', '+time=1', 'host.silent.lab.test', 'A');
    const silent = told().map(({ server: by, question: { rule, rcode, answerSize } }) => [by, rule, rcode, answerSize]);
    assert.deepEqual(silent, [['silentDns', 'silent', undefined, undefined]]);
  });

  describe('of what they cannot read', () => {
    const head = (...bytes: number[]): number[] => [0, 7, ...bytes, ...Array<number>(10 - bytes.length).fill(0)];
    type Unreadable = Extract<ServerEvent, { type: 'unreadable' }>;
    const messages: readonly (readonly [what: string, bytes: number[], expected: Partial<Unreadable>])[] = [
      ['of two questions', head(0, 0, 0, 2), { reason: 'format', rcode: 'FORMERR', size: 12 }],
      ['whose name has no end', [...head(0, 0, 0, 1), 5], { reason: 'format', rcode: 'FORMERR', size: 13 }],
      ['of an operation that is no query', head(0x28), { reason: 'opcode', rcode: 'NOTIMP', size: 12 }],
      ['that is a response', head(0x80), { reason: 'response', size: 12 }],
      ['without a whole header', [0, 7, 1], { reason: 'too-short', size: 3 }],
    ];
    /** The first account of such a message that `isOwn`, with its key. */
    const unreadable = async (isOwn: (event: Unreadable) => boolean): Promise<readonly [unknown, Unreadable]> => {
      for (;;) {
        for (const { server, events, ...key } of running.accounts) {
          const event = events.find((one): one is Unreadable => one.type === 'unreadable' && isOwn(one));
          if (event) return [{ server, ...key }, event];
        }
        await new Promise(setImmediate);
      }
    };
    const rest = ({ at, startAt, ...facts }: Unreadable): unknown => {
      assert.ok(startAt <= at && at <= monotonicNow());
      return facts;
    };

    for (const server of ['dns', 'silent'] as const) {
      for (const [what, bytes, expected] of messages) {
        it(`${server} tells of a message ${what}, by its port and id`, async () => {
          const socket = createSocket('udp4').bind(0, '127.0.0.1');
          await once(socket, 'listening');
          const { port } = socket.address();
          socket.send(Buffer.from(bytes), portOf(server), '127.0.0.1');
          const [key, event] = await unreadable(({ peerPort }) => peerPort === port);
          socket.close();
          const name = server === 'dns' ? 'dns' : 'silentDns';
          assert.deepEqual(key, { server: name, queryPort: port, queryId: 7 });
          const { rcode, ...facts } = expected;
          assert.deepEqual(rest(event), {
            type: 'unreadable', transport: 'udp', peerPort: port, id: 7, ...facts,
            ...(rcode === undefined || server === 'silent' ? {} : { rcode }),
          });
        });
      }
    }

    it('say how long an answer to such a one was held back', async () => {
      const socket = createSocket('udp4');
      socket.send(Buffer.from(head(0x28)), portOf('slow'), '127.0.0.1');
      await once(socket, 'message');
      const { port } = socket.address();
      socket.close();
      const [, { delay, at, startAt }] = await unreadable(({ peerPort }) => peerPort === port);
      assert.equal(delay, 1500);
      assert.ok(at - startAt >= 1490);
    });

    const streams: readonly (readonly [what: string, bytes: Buffer, key: object, expected: object])[] = [
      ['HTTP, as a message that would be too long', Buffer.from('GET / HTTP/1.1\r\n\r\n'), {}, { reason: 'too-long', size: 0x4745 }],
      ['a message of which the end is missing', Buffer.from([0, 40, 0, 9, 1, 0]), { queryId: 9 }, { reason: 'cut-off', size: 4, id: 9 }],
      ['half a length', Buffer.from([0]), {}, { reason: 'cut-off', size: 0 }],
      ['an empty message', Buffer.from([0, 0]), {}, { reason: 'too-short', size: 0 }],
      ['one without a whole header', Buffer.from([0, 2, 0, 9]), { queryId: 9 }, { reason: 'too-short', size: 2, id: 9 }],
    ];
    for (const [what, bytes, key, expected] of streams) {
      it(`tell of ${what}, over TCP`, async () => {
        const socket = await dial(portOf('dns'));
        const port = socket.localPort!;
        socket.end(bytes);
        const [told, event] = await unreadable(({ peerPort }) => peerPort === port);
        assert.deepEqual(told, {
          server: 'dns', ...(Object.hasOwn(key, 'queryId') ? { queryPort: port, ...key } : { clientPort: port }),
        });
        assert.deepEqual(rest(event), { type: 'unreadable', transport: 'tcp', peerPort: port, ...expected });
        socket.destroy();
        const all = running.accounts.filter(({ events }) => events.some((one) => 'peerPort' in one && one.peerPort === port));
        assert.equal(all.length, 1);
      });
    }

    it('say nothing of a datagram without an id, whose port may be that of somebody’s connection', async () => {
      told();
      const socket = createSocket('udp4').bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const { port } = socket.address();
      for (const bytes of [[1], [0, 8, 1]]) socket.send(Buffer.from(bytes), portOf('dns'), '127.0.0.1');
      const [, { id }] = await unreadable(({ peerPort }) => peerPort === port);
      socket.close();
      assert.equal(id, 8);
      assert.ok(!running.accounts.some((account) => 'clientPort' in account && account.clientPort === port));
    });
  });
});
