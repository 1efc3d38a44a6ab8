import assert from 'node:assert/strict';
import { axisFor } from '../../src/explain/axis.ts';
import { nameServerLanes } from '../../src/explain/nameServerLanes.ts';
import { serverName } from '../../src/explain/serverName.ts';
import { waterfallOf } from '../../src/explain/waterfall.ts';
import { addServerEvents } from '../../src/trace/record.ts';
import type { ServerEvent } from '../../src/trace/serverEvent.ts';
import { scenarios } from '../browser/fixtures/scenarios.ts';
import { exchangeOf, simple, specOf, startedAt, waited } from './support.ts';

/** Rows as one line each: label, state, note. */
function rowsOf(exchange: Parameters<typeof waterfallOf>[0]): string[] {
  return waterfallOf(exchange, 'en').rows.map((row) =>
    [row.label, row.detail, row.state, row.note].filter(Boolean).join(' | '));
}

describe('waterfallOf', () => {
  it('has both lanes of a login on one axis', () => {
    const [login] = scenarios.login.exchanges;
    assert.deepEqual(rowsOf(login!), [
      'DNS lookup | done | ::1, 127.0.0.1 from 127.0.0.1:5353, TTL 60 s',
      'TCP connect | [::1] | lost | refused, next address at once',
      'TCP connect | 127.0.0.1 | done | connected from port 52114',
      'TLS handshake | done | TLS 1.3, X25519MLKEM768, ALPN h2',
      'Request sent | done | 412 B: head 318 B, body 94 B',
      "Waiting (TTFB) | done | the server's time, below",
      'Content download | done | 1.2 kB, 9.5 kB decoded',
      'Accepted | done | connection 14, request 1',
      'TLS handshake | done | TLS 1.3, AES_256_GCM_SHA384, ALPN h2',
      'Head parsed | done | POST /login',
      'Checked | done | host is its own, no other site, size allowed',
      'Routed | done | POST /login beat POST /{page}',
      'Request body read | done | 94 B',
      'Handler | done | shop/login',
      'Session | done | new id, user ada',
      'Response written | done | 200, 1.2 kB',
      'Connection | done | kept for up to 5.00 s, requests so far: 1',
    ]);
    const { total, rows } = waterfallOf(login!, 'en');
    assert.deepEqual([...new Set(rows.map(({ server }) => server))], [undefined, 'Server: lab']);
    assert.ok(Math.abs(total - 134.1) < 1e-6);
    assert.deepEqual(rows.filter((row) => row.longest).map((row) => row.label), ['Waiting (TTFB)', 'Handler']);
  });

  it('marks no row as the longest while the end of another one is not known', () => {
    const [running] = scenarios.running.exchanges;
    const { rows } = waterfallOf(running!, 'en');
    assert.ok(rows.some(({ state }) => state === 'running') && rows.some(({ duration = 0 }) => duration > 0));
    assert.deepEqual(rows.filter((row) => row.longest).map((row) => row.label), []);
  });

  it('counts interim responses that come one after another', () => {
    const exchange = simple({ sent: 1, first: 5, end: 6 });
    const interimResponses = [102, 102, 102, 103, 102].map((statusCode) => ({ statusCode, headers: [] }));
    const rows = rowsOf({ ...exchange, response: { ...exchange.response!, interimResponses } });
    assert.ok(rows.includes('Waiting (TTFB) | done | 3 × 102, 103, 102 came first'), rows.join('\n'));
  });

  it('gives what comes after the response no place on the axis, and instants no duration', () => {
    const me = scenarios.reused.exchanges.at(-1)!;
    const { rows, total } = waterfallOf(me, 'en');
    assert.ok(total < 10, `${total} ms`);
    const connection = rows.find(({ name }) => name === 'connection');
    assert.equal(connection?.note, 'the server closed it: no further request came, 5.00 s after its last response');
    assert.deepEqual([connection?.start, connection?.duration], [undefined, undefined]);
    assert.deepEqual(rows.filter(({ instant }) => instant).map(({ name }) => name), ['check', 'connection']);
  });

  it('has a lane for each name server of the lab, before those of the request, and none of its rows makes it longer', () => {
    const question = (at: number, more: Partial<Extract<ServerEvent, { type: 'question' }>>): ServerEvent => ({
      type: 'question', startAt: at - 0.5, at, transport: 'udp', peerPort: 4711, id: 7, name: 'shOp.lab.test',
      recordType: 'A', queryFlags: [], querySize: 31, rule: 'record', zone: 'lab.test', rcode: 'NOERROR',
      answerFlags: ['qr', 'aa'], answerSize: 47, ...more,
    });
    const plain = simple({ sent: 1, first: 5, end: 6 });
    const from = plain.startAt;
    const accepted = { type: 'accepted', at: from + 1, server: 'lab', connection: 1, openConnections: 1, peerPort: 1, request: 1 } as const;
    const event = (server: string, one: ServerEvent) => ({ type: 'server', at: one.at, server, event: one } as const);
    const exchange = addServerEvents(plain, [
      event('lab', accepted),
      event('dns', question(from + 9, { recordType: 'PTR', name: '1.0.0.127.in-addr.arpa' })),
      event('silentDns', question(from + 2, { rule: 'silent', rcode: undefined })),
      event('dns', question(from + 3, { rule: 'alias', target: 'a.lab.test', answerFlags: ['qr', 'tc'] })),
    ]);
    const { rows, total } = waterfallOf(exchange, 'en');
    assert.equal(total, 6);
    assert.deepEqual(rows.filter(({ lane }) => lane === 'server').map((row) => [row.server, row.start === undefined, row.note]), [
      ['Name server: silent.lab.test', false, 'A shOp.lab.test: received, and not answered on purpose'],
      ['Name server: lab.test', false,
        'A shOp.lab.test → NOERROR: an alias (CNAME): it leads to a.lab.test; too long for UDP, cut off'],
      ['Name server: lab.test', true, 'PTR 1.0.0.127.in-addr.arpa → NOERROR: records of lab.test'],
      ['Server: lab', false, 'connection 1, request 1'],
    ]);
    const lanes = nameServerLanes(rows)!;
    assert.deepEqual(lanes.servers, ['Name server: silent.lab.test', 'Name server: lab.test']);
    // 1.5 to 2 and 2.5 to 3; what came after the exchange does not count, and what overlaps counts once.
    assert.ok(Math.abs(lanes.total! - 1) < 1e-9, `${lanes.total} ms`);
    const twice = nameServerLanes([...rows, ...rows])!;
    assert.ok(Math.abs(twice.total! - 1) < 1e-9, `${twice.total} ms`);
    assert.equal(nameServerLanes(rows.filter(({ server }) => server !== 'Name server: lab.test')), undefined);
    // The waiting was not theirs.
    const names = { ...exchange, servers: exchange.servers!.slice(0, 2) };
    assert.match(waterfallOf(names, 'en').rows.find(({ name }) => name === 'wait')!.note, /last byte out/);
    assert.match(waterfallOf(exchange, 'ko').rows.at(-2)!.server!, /네임 서버: lab\.test/);
  });

  it('does not grow with a tunnel that is kept open after the response', () => {
    const plain = simple({ sent: 1, first: 5, end: 6 });
    const at = plain.startAt + 5000;
    const event = { type: 'tunnelled', at, startAt: plain.startAt + 2, to: 'a.test:443', sentSize: 1, receivedSize: 1 } as const;
    const { rows, total } = waterfallOf(addServerEvents(plain, [{ type: 'server', at, server: 'proxy', event }]), 'en');
    assert.equal(total, 6);
    assert.deepEqual([rows.at(-1)?.name, rows.at(-1)?.duration], ['tunnel', 4998]);
  });

  it('calls servers what the Lab view calls them', () => {
    const names = (language: 'en' | 'ko') =>
      ['lab', 'blindRelay', 'relay', 'worker 2', 'toString'].map((id) => serverName(id, language));
    assert.deepEqual(names('en'), ['lab', 'Blind relay', 'Relay', 'Worker 2', 'toString']);
    assert.deepEqual(names('ko'), ['lab', '블라인드 중계 서버', '중계 서버', '워커 2', 'toString']);
    const event = { type: 'accepted', at: 1, server: 'relay', connection: 1, openConnections: 1, peerPort: 1, request: 1 } as const;
    const exchange = addServerEvents(simple({ sent: 1, first: 5, end: 6 }), [
      { type: 'server', at: 1, server: 'relay', event },
      { type: 'server', at: 2, server: 'relay', event: { type: 'closed', at: 2, by: 'client', reason: 'ended', requests: 0 } },
    ]);
    assert.equal(waterfallOf(exchange, 'en').rows.at(-1)?.server, 'Server: Relay');
  });

  it('has a lane for each time that a request came to a server', () => {
    const visit = (connection: number, request: number): ServerEvent[] => [
      { type: 'accepted', at: connection, server: 'lab', connection, openConnections: 1, peerPort: 1, request },
      { type: 'head-parsed', startAt: connection, at: connection, method: 'GET', target: '/', httpVersion: '1.1' },
    ];
    const events = (connection: number, request: number) => visit(connection, request).map((event) => (
      { type: 'server', at: event.at, server: 'lab', visit: `${connection}.${request}`, event } as const));
    const twice = addServerEvents(simple({ sent: 1, first: 5, end: 6 }), [...events(2, 1), ...events(1, 2)]);
    for (const [language, times] of [
      ['en', ['Server: lab (arrival 1 of 2)', 'Server: lab (arrival 2 of 2)']],
      ['ko', ['서버: lab (도착 2번 중 1번째)', '서버: lab (도착 2번 중 2번째)']],
    ] as const) {
      const rows = waterfallOf(twice, language).rows.filter(({ lane }) => lane === 'server');
      assert.deepEqual(rows.map(({ server }) => server), times);
      assert.deepEqual(rows.map(({ note }) => note.replaceAll(/\D+/g, ' ').trim()), ['1 2', '2 1']);
    }
  });

  it('says reused in place of the steps that did not happen', () => {
    assert.deepEqual(rowsOf(simple({ sent: 1, first: 5, end: 6 }, { reused: true, idle: 2210 })), [
      'Connection | reused | reused after 2.21 s idle: no DNS, TCP or TLS', 'Request sent | done | 200 B',
      'Waiting (TTFB) | done | last byte out to first byte in', 'Content download | done | 1.2 kB',
    ]);
    assert.equal(
      rowsOf(simple({ sent: 1, first: 5, end: 6 }, { reused: true, url: 'http://shop.test:80/' }))[0],
      'Connection | reused | reused: no DNS or TCP',
    );
  });

  it('says what an exchange waited for before it began', () => {
    const notes = ([['connection', 0], ['connection', 3], ['version', 1], ['stream', 0], ['stream', 3]] as const).map(([what, ahead]) =>
      rowsOf(waited({ for: what, limit: 6, ahead })).find((row) => row.startsWith('Queued')));
    assert.deepEqual(notes, [
      'Queued | done | waited for one of 6 connections to be free',
      'Queued | done | waited for one of 6 connections to be free, with 3 in line before',
      'Queued | done | waited to learn whether the first connection can be shared (HTTP/2)',
      'Queued | done | waited for one of the 6 streams that the server allows at once',
      'Queued | done | waited for one of the 6 streams that the server allows at once, with 3 in line before',
    ]);
  });

  it('hatches what failed and dims what was not reached', () => {
    const [refused] = scenarios.refused.exchanges;
    assert.deepEqual(rowsOf(refused!), [
      'DNS lookup | done | cached: 127.0.0.1, 37 s left', 'TCP connect | 127.0.0.1 | failed | refused',
      'Request sent | not-reached | not reached', 'Waiting (TTFB) | not-reached | not reached',
      'Content download | not-reached | not reached',
    ]);
  });

  it('does not miss a name lookup where the host is an address', () => {
    const failure = { phase: 'blocked', code: 'invalid-request', confidence: 'certain' } as const;
    const labels = (url: string) => waterfallOf(
      exchangeOf(specOf(url), [{ type: 'queued', at: 0, startedAt }, { type: 'failed', at: 1, failure }]), 'en',
    ).rows.filter((row) => row.state === 'not-reached').map((row) => row.label);
    for (const host of ['127.0.0.1', '127.0.0.1:1', '[::1]:8080']) {
      assert.equal(labels(`http://${host}/`)[0], 'TCP connect', host);
    }
    for (const host of ['1.example', 'shop.test', '127.0.0.1.nip.test']) {
      assert.equal(labels(`http://${host}/`)[0], 'DNS lookup', host);
    }
  });

  it('leaves the end open of what still runs', () => {
    const [running] = scenarios.running.exchanges;
    const wait = waterfallOf(running!, 'en').rows.at(-1);
    assert.deepEqual([wait?.name, wait?.state, wait?.duration], ['wait', 'running', undefined]);
  });

  it('does not paint red what the reader cancelled', () => {
    const [running] = scenarios.running.exchanges;
    const failure = { phase: 'wait', code: 'cancelled', confidence: 'certain' } as const;
    const last = (running?.events.at(-1)?.at ?? 0) + 5;
    const events = [...running!.events, { type: 'failed', at: last, failure } as const];
    const cancelled = { ...exchangeOf(running!.spec, events), connection: running!.connection };
    const rows = waterfallOf(cancelled, 'en').rows.map(({ name, state, note }) => `${name} ${state} ${note}`);
    assert.ok(rows.includes('wait lost no response came'), rows.join());
    assert.ok(!rows.some((row) => / failed /.test(row)), rows.join());
  });

  it('waits visibly before anything else is known', () => {
    assert.deepEqual(rowsOf(simple({})), ['Queued | running | preparation in Roundtrip itself']);
  });
});

describe('axisFor', () => {
  const table: [total: number, labels: string][] = [
    [134.1, '0 ms 20 40 60 80 100 120'], [4.2, '0 ms 1 2 3 4'], [0.9, '0 ms 0.2 0.4 0.6 0.8'], [31.6, '0 ms 5 10 15 20 25 30'],
    [2035, '0 s 0.5 1.0 1.5 2.0'], [61_000, '0 s 10 20 30 40 50 60'], [1, '0 ms 0.2 0.4 0.6 0.8 1.0'], [0, '0 ms'], [NaN, '0 ms'],
  ];
  for (const [total, labels] of table) {
    it(`marks ${total} ms at ${labels}`, () =>
      assert.equal(axisFor(total).ticks.map(({ label }) => label).join(' '), labels));
  }

  it('keeps every mark on the axis, with three to eight of them', () => {
    for (let total = 0.013; total < 1e6; total *= 1.37) {
      const { ticks } = axisFor(total);
      assert.ok(ticks.length >= 3 && ticks.length <= 8, `${total}: ${ticks.length}`);
      assert.ok((ticks.at(-1)?.at ?? 0) <= total * (1 + 1e-9));
      assert.equal(new Set(ticks.map(({ label }) => label)).size, ticks.length);
    }
  });
});
