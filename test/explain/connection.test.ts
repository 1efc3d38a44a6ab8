import assert from 'node:assert/strict';
import { explainHandshake, handshakeOf } from '../../src/explain/handshake.ts';
import { explainLink, explainRace, isPeerProxy, raceOf, wayOf } from '../../src/explain/link.ts';
import { explainService, explainServiceReason } from '../../src/explain/service.ts';
import { explainSilence, figuresOf } from '../../src/explain/tcpFigures.ts';
import { serviceTexts } from '../../src/explain/text/service.ts';
import { tcpTexts } from '../../src/explain/text/tcp.ts';
import type { Connection } from '../../src/trace/exchange.ts';
import { specOf } from './support.ts';
import type { Link, TcpFigures } from '../../src/trace/link.ts';
import type { ServiceReason } from '../../src/trace/serviceBinding.ts';

function connection(change: Partial<Connection>): Connection {
  return {
    id: 'c', origin: 'https://a.test', host: 'a.test', port: 443, startAt: 0, attempts: [], peerAddress: '203.0.113.9',
    peerPort: 443, ...change,
  };
}

const gateway: Link = {
  kind: 'gateway', interface: 'eth0', mac: '02:00:00:00:00:01', sourceAddress: '192.0.2.2', route: '0.0.0.0/0',
  gateway: '192.0.2.1',
  neighbour: { address: '192.0.2.1', mac: '02:00:00:00:00:05' }, sources: ['/proc/net/route'],
};

describe('the way of the packets', () => {
  it('has only what is known', () => {
    assert.deepEqual(wayOf(connection({}), 'en'), []);
    assert.deepEqual(
      wayOf(connection({ link: { kind: 'unsupported', sources: [] } }), 'en').map(({ lines }) => lines),
      [[], ['203.0.113.9:443']],
    );
    assert.deepEqual(wayOf(connection({ link: gateway }), 'en').map(({ name, lines }) => [name, ...lines]), [
      ['This machine', '192.0.2.2'], ['Interface', 'eth0', 'MAC 02:00:00:00:00:01'], ['Gateway', '192.0.2.1', 'MAC 02:00:00:00:00:05'],
      ['Server', '203.0.113.9:443'],
    ]);
  });

  it('leads to a proxy, also where that was handed the request without a tunnel', () => {
    const own = connection({ link: gateway });
    const through = (proxy: object): boolean => isPeerProxy({ connection: own, spec: specOf('http://a.test/', { options: proxy }) });
    assert.deepEqual([through({ proxy: 'http://203.0.113.9:443' }), through({})], [true, false]);
    assert.deepEqual(wayOf(own, 'en', true).at(-1)?.name, 'Proxy');
  });

  it('has the MAC of the peer where it is on the link, and says when it is not known', () => {
    const { gateway: _gateway, neighbour: _neighbour, ...rest } = gateway;
    const [, , peer] = wayOf(
      connection({ link: { ...rest, kind: 'direct', neighbour: { address: '203.0.113.9' } } }), 'en',
    );
    assert.deepEqual(peer?.lines, ['203.0.113.9:443', 'MAC not in the neighbour table']);
  });

  it('is told in sentences: ARP for IPv4, Neighbor Discovery for IPv6, loopback, and where nothing is known', () => {
    const said = (link: Link, peerAddress: string) => explainLink(connection({ link, peerAddress }), 'en').join(' ');
    assert.match(
      said(gateway, '203.0.113.9'), /gateway 192\.0\.2\.1\. .*ARP \(RFC 826\).* Read from \/proc\/net\/route\.$/,
    );
    assert.match(said({ ...gateway, gateway: 'fe80::1' }, '2001:db8::9'), /Neighbor Discovery \(RFC 4861\)/);
    assert.match(said({ kind: 'loopback', sources: [] }, '127.0.0.1'), /^No gateway, no MAC: loopback\./);
    assert.match(said({ kind: 'unsupported', sources: [] }, '203.0.113.9'), /not available on this system/);
    assert.match(
      said({ ...gateway, neighbour: { address: '192.0.2.1', state: 'FAILED' } }, '203.0.113.9'),
      /not in the neighbour table now\. .*says FAILED/,
    );
    assert.deepEqual(explainLink(connection({}), 'en'), []);
  });

  it('has no MAC over a point-to-point link, with a gateway or without, and names the table that a rule chose', () => {
    const tunnel: Link = {
      kind: 'point-to-point', interface: 'wg0', sourceAddress: '10.8.0.2', route: 'default', table: '51820',
      sources: ['ip route get'],
    };
    const over = (link: Link): Connection => connection({ link });
    assert.deepEqual(
      wayOf(over(tunnel), 'en').map(({ lines }) => lines), [['10.8.0.2'], ['wg0'], ['203.0.113.9:443']],
    );
    assert.match(explainLink(over(tunnel), 'en').join(' '), /route default leads into wg0, a point-to-point link .* table 51820\./);
    const routed = { ...tunnel, gateway: '10.8.0.1', table: undefined };
    assert.deepEqual(
      wayOf(over(routed), 'en').map(({ lines }) => lines), [['10.8.0.2'], ['wg0'], ['10.8.0.1'], ['203.0.113.9:443']],
    );
    const told = explainLink(over(routed), 'en').join(' ');
    assert.match(told, /gateway 10\.8\.0\.1 through wg0/);
    assert.doesNotMatch(told, /ARP|table/);
    for (const link of [tunnel, routed]) assert.doesNotMatch(explainLink(over(link), 'ko').join(' '), /[{}]|ARP/);
  });

  it('to a gateway of IPv6 for IPv4 is by Neighbor Discovery', () => {
    const link: Link = { ...gateway, gateway: 'fe80::5', neighbour: { address: 'fe80::5' } };
    assert.match(explainLink(connection({ link }), 'en').join(' '), /found by Neighbor Discovery/);
  });
});

describe('the handshake', () => {
  it('is derived from the attempt that won, and absent without one', () => {
    const lost = { address: 'x', family: 4, port: 1, startAt: 10, endAt: 12, outcome: 'failed' } as const;
    const won = { ...lost, startAt: 12, endAt: 31, outcome: 'connected' } as const;
    assert.deepEqual(handshakeOf(connection({ attempts: [lost, won] }), 10), {
      synAt: 2, synAckAt: 21, course: { kind: 'once' },
    });
    assert.equal(handshakeOf(connection({ attempts: [lost] }), 0), undefined);
  });

  const tcp = (moment: 'connected' | 'ended', change: Partial<TcpFigures>): NonNullable<Connection['tcp']> =>
    [{ at: 1040, moment, figures: { state: 'ESTAB', rtt: 20, minRtt: 18.9, ...change } }];
  const courses: [string, number, Connection['tcp'], object, RegExp][] = [
    ['was one round trip of 900 ms', 900, tcp('connected', { minRtt: 20 }), { kind: 'once' }, /lies one round trip: SYN/],
    [
      'was one round trip by satellite', 1100, tcp('connected', { minRtt: 1090 }), { kind: 'once' },
      /lies one round trip: SYN/,
    ],
    [
      'had a SYN that was sent again', 1020, tcp('connected', { retransmissions: 1 }),
      { kind: 'again', count: 1, minRtt: 18.9 }, /sent again once, .* The least round trip that the kernel saw is 18\.9 ms/,
    ],
    [
      'had a SYN that was sent again twice', 3050, tcp('connected', { retransmissions: 2, minRtt: undefined }),
      { kind: 'again', count: 2 }, /sent again 2 times, since no answer had come\. The first wait for one is 1 s \([^)]+\)\. The ACK/,
    ],
    [
      'had a late answer: it was data that was sent again', 1020,
      tcp('connected', { retransmissions: 1, bytesRetransmitted: 300 }), { kind: 'late', minRtt: 18.9 }, /lost or held up/,
    ],
    [
      'had a late answer: what was sent again after an exchange tells nothing', 1020, tcp('ended', { retransmissions: 1 }),
      { kind: 'late', minRtt: 18.9 }, /more than one round trip, of which the kernel saw one of 18\.9 ms/,
    ],
    ['is not judged where nobody counted', 1020, undefined, { kind: 'unsure' }, /or more: without an answer/],
  ];
  for (const [name, duration, readings, course, text] of courses) it(name, () => {
    const won = { address: 'x', family: 4, port: 1, startAt: 0, endAt: duration, outcome: 'connected' } as const;
    const handshake = handshakeOf(connection({ attempts: [won], ...(readings ? { tcp: readings } : {}) }), 0)!;
    assert.deepEqual(handshake.course, course);
    assert.match(explainHandshake(handshake, 'en').text, text);
    assert.doesNotMatch(Object.values(explainHandshake(handshake, 'ko')).join(), /[{}]/);
  });

  it('is raced for by rules that are told where there was more than one attempt', () => {
    const attempt = { address: 'a', family: 4, port: 1, startAt: 10 } as const;
    const service: Connection['service'] = {
      aliases: [], considered: [{ owner: 'a.test', value: '1 .', used: false, reason: 'unreachable' }],
    };
    assert.equal(explainRace(connection({ attempts: [attempt], service }), 'en'), undefined);
    const attempts = [attempt, attempt];
    assert.match(explainRace(connection({ attempts }), 'en') ?? '', /wins \(RFC 8305\)\.$/);
    assert.match(explainRace(connection({ attempts, service }), 'en') ?? '', /wins \(RFC 8305\)\. The endpoints of HTTPS records come first/);
  });

  it('is raced for on one axis; an unknown end stays open', () => {
    const { bars, total } = raceOf([
      { address: 'a', family: 6, port: 1, startAt: 10, endAt: 15 }, { address: 'b', family: 4, port: 1, startAt: 15, endAt: 30 }, { address: 'c', family: 4, port: 1, startAt: 20 },
    ]);
    assert.deepEqual(
      [total, bars.map(({ start, duration }) => [start, duration])], [20, [[0, 5], [5, 15], [10, undefined]]],
    );
  });
});

const figures: TcpFigures = {
  state: 'ESTAB', rtt: 19.3, rttVariation: 7.2, minRtt: 18.9, retransmissionTimeout: 220, mss: 1448, pathMtu: 1500,
  congestionControl: 'cubic',
  congestionWindow: 10, bytesSent: 583, bytesAcknowledged: 584, bytesReceived: 4120, segmentsSent: 6,
  segmentsReceived: 6, sendWindow: 64_256,
};

describe("the kernel's figures", () => {
  const at = (
    time: number, change: Partial<TcpFigures> = {},
  ) => ({ at: time, moment: 'ended', figures: { ...figures, ...change } }) as const;

  for (const language of ['en', 'ko'] as const) {
    it(`are rows with a value for each time, in ${language}`, () => {
      const table = figuresOf(
        connection({ tcp: [at(5), at(40, { retransmissions: 2, bytesRetransmitted: 2896, deliveryRate: 8e6 })] }), 0,
        language,
      );
      assert.deepEqual(table?.times, ['5.0 ms', '40.0 ms']);
      assert.ok(
        table.rows.every(({ name, values, meaning }) =>
          values.length === 2 && !/[{}]/.test(name + values.join('') + meaning)),
      );
      assert.equal(table.rows.length, 13);
    });
  }

  it('say of each time how much was acknowledged by then, and nothing of what came after', () => {
    const table = figuresOf(connection({ tcp: [at(5), at(40, { bytesSent: 2400, bytesAcknowledged: 933 })] }), 0, 'en');
    const row = (wanted: string) => table?.rows.find(({ name }) => name === wanted);
    assert.deepEqual(row('Acknowledged')?.values, ['584 B', '933 B']);
    assert.doesNotMatch(row('Sent')?.meaning ?? '', /\d/);
  });

  it('say none sent again only where the kernel told what it had', () => {
    const value = (tcp: TcpFigures) => figuresOf(
      connection({ tcp: [{ at: 1, moment: 'ended', figures: tcp }] }), 0, 'en',
    )
      ?.rows.find(({ name }) => name === 'Sent again')?.values[0];
    assert.deepEqual(
      [value(figures), value({ state: 'TIME-WAIT' }), value({ ...figures, retransmissions: 1 })], ['none', undefined, '1 segment'],
    );
  });

  it('are shown once where they did not change', () => {
    assert.deepEqual(figuresOf(connection({ tcp: [at(5), at(9)] }), 0, 'en')?.times, ['9.0 ms']);
  });

  it('are absent, with a reason, where nothing was told', () => {
    for (const silence of ['unsupported', 'gone', 'failed'] as const) {
      const silent = connection({ tcp: [{ at: 1, moment: 'connected', silence }] });
      assert.deepEqual([figuresOf(silent, 0, 'en'), explainSilence(silent, 'en')], [undefined, tcpTexts[silence].en]);
    }
    assert.equal(explainSilence(connection({}), 'en'), undefined);
    assert.equal(
      explainSilence(connection({ tcp: [at(5), { at: 9, moment: 'ended', silence: 'gone' }] }), 'en'), undefined,
    );
  });
});

describe('HTTPS records in words', () => {
  const used = { owner: 'a.test', value: '1 . port=8443', used: true } as const;
  const endpoint = { target: 'a.test', port: 8443, protocols: ['h2', 'http/1.1'], hinted: [] } as const;

  it('say where the connection goes, or that it is the origin all the same', () => {
    const say = (change: object, aliases: readonly string[] = []) =>
      explainService(
        connection({ service: { considered: [used], aliases, endpoint: { ...endpoint, ...change } } }), 'en',
      ).join(' ');
    assert.match(say({}), /^The connection goes to a\.test, port 8443/);
    assert.match(say({ port: 443 }), /confirms the origin itself/);
    assert.match(say({ hinted: [4] }, ['b.test', 'c.test']), /led on to b\.test → c\.test .* hints of the record/);
    assert.deepEqual(explainService(connection({ service: { considered: [], aliases: [] } }), 'en'), []);
    assert.match(
      explainService(connection({ service: { considered: [{ ...used, used: false }], aliases: [] } }), 'ko')[0] ?? '',
      /원래 출처/,
    );
  });

  it('have a reason for each that was not used', () => {
    const reasons = Object.keys(serviceTexts).filter((id) => id.startsWith('because-')).map((id) =>
      id.slice(8) as ServiceReason);
    assert.equal(reasons.length, 13);
    for (const reason of reasons) {
      const said = explainServiceReason({ owner: 'a', value: '1 .', used: false, reason, about: 'h3' }, 'en') ?? '';
      assert.doesNotMatch(said, /[{}]/);
      assert.equal(said, serviceTexts[`because-${reason}`].en.replace('{about}', 'h3'));
    }
    assert.equal(explainServiceReason(used, 'en'), undefined);
  });
});
