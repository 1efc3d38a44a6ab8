import assert from 'node:assert/strict';
import { deserialize, serialize } from 'node:v8';
import { monotonicNow } from '../../src/lab/clock.ts';
import type { RequestAccount, ServerEvent } from '../../src/lab/messages.ts';
import { packAccounts } from '../../src/lab/packing.ts';
import type { Packed } from '../../src/lab/packing.ts';
import { accountsIn } from '../../src/run/labAccounts.ts';

type EventType = ServerEvent['type'];
type EventOf<T extends EventType> = Extract<ServerEvent, { type: T }>;

const startAt = 45_231_482.017;
const at = 45_231_482.123;
const odd = 'a "b" \\ \n\u2028 이름 \ud800 <é>\x7f';
const candidates = [{ pattern: `GET /${odd}`, reason: 'most-specific' }, { pattern: '/', reason: 'less-specific' }];

/** Of each type one with everything that it may have, and one with as little as possible. */
const events: { readonly [T in EventType]: readonly [Required<EventOf<T>>, ...EventOf<T>[]] } = {
  listening: [{ type: 'listening', at, address: '127.0.0.1', port: 80 }],
  'accept-failed': [{ type: 'accept-failed', at, code: 'EMFILE', delay: 5 }],
  accepted: [{
    type: 'accepted', at, server: odd, connection: 1, openConnections: 2, peerPort: 50_000, request: 3,
  }],
  'turned-away': [{ type: 'turned-away', at, peerPort: 1, openConnections: 2, limit: 2 }],
  'first-byte': [{ type: 'first-byte', at }],
  secured: [
    { type: 'secured', startAt, at, version: 'TLSv1.3', cipher: 'c', resumed: false, serverName: odd, alpn: 'h2' },
    { type: 'secured', startAt, at, version: 'TLSv1.3', cipher: 'c', resumed: true },
  ],
  'head-parsed': [{ type: 'head-parsed', startAt, at, method: odd, target: odd, httpVersion: '1.1' }],
  checked: [
    { type: 'checked', at, check: 'size', outcome: 'refused', statusCode: 413 },
    { type: 'checked', at, check: 'host', outcome: 'passed' },
  ],
  'body-read': [{ type: 'body-read', startAt, at, size: 12 }],
  routed: [
    { type: 'routed', startAt, at, pattern: odd, handler: odd, parameters: { [odd]: odd, b: '' }, candidates, statusCode: 307 },
    { type: 'routed', startAt, at, pattern: odd, handler: odd, parameters: { [odd]: odd, b: '' }, candidates },
    { type: 'routed', startAt, at, pattern: 'GET /', handler: 'hello', parameters: {}, candidates: [] },
    { type: 'routed', startAt, at, parameters: {}, candidates, statusCode: 405 },
  ],
  'session-loaded': [{
    type: 'session-loaded', startAt, at, outcome: 'failed', id: 'a', user: odd, store: 'redis', worker: 1, expiry: 'idle',
    failure: 'timeout', code: 'E',
  }, { type: 'session-loaded', startAt, at, outcome: 'none' }],
  'handler-start': [{ type: 'handler-start', at, handler: odd }],
  'handler-end': [{ type: 'handler-end', at, handler: odd, error: odd }, { type: 'handler-end', at, handler: odd }],
  'response-started': [{ type: 'response-started', at, statusCode: 200 }],
  'response-finished': [{ type: 'response-finished', at, bodySize: 2 ** 40 }],
  'kept-alive': [{ type: 'kept-alive', at, timeout: 5000, requests: 7 }],
  closed: [
    { type: 'closed', at, by: 'server', reason: 'tls', requests: 1, code: odd, pid: 4 },
    { type: 'closed', at, by: 'client', reason: 'ended', requests: 0 },
  ],
  forwarded: [
    { type: 'forwarded', startAt, at, to: odd, reused: true, statusCode: 200 },
    { type: 'forwarded', startAt, at, to: odd, reused: false },
  ],
  'start-awaited': [{ type: 'start-awaited', startAt, at, of: odd, ready: false }],
  balanced: [{ type: 'balanced', at, to: odd, strategy: 'sticky', reason: 'cookie', backEnds: 2 }],
  tunnelled: [{ type: 'tunnelled', startAt, at, to: odd, sentSize: 1, receivedSize: 2 }],
  refused: [{ type: 'refused', at, reason: 'loop', target: odd }],
  dialogue: [{ type: 'dialogue', startAt, at, protocol: 'FTP', sent: odd, received: odd }],
  question: [{
    type: 'question', startAt, at, transport: 'udp', peerPort: 50_000, id: 65_535, name: odd, recordType: 'A',
    queryFlags: ['rd'], udpSize: 1232, querySize: 40, rule: 'delegation', zone: odd, target: odd, glue: 1, delay: 1500,
    rcode: 'NOERROR', answerFlags: ['qr', 'aa'], answerSize: 80,
  }, {
    type: 'question', startAt, at, transport: 'tcp', peerPort: 1, id: 0, name: '.', recordType: 'TYPE9', queryFlags: [],
    querySize: 17, rule: 'silent',
  }],
  greeted: [
    { type: 'greeted', startAt, at, version: odd, offered: [0, 2], chosen: 2, accepted: false },
    { type: 'greeted', startAt, at, version: 'SOCKS5', offered: [], chosen: 255 },
  ],
  unreadable: [{
    type: 'unreadable', startAt, at, transport: 'udp', peerPort: 50_000, id: 7, size: 13, reason: 'format', delay: 1500,
    rcode: 'FORMERR',
  }, { type: 'unreadable', startAt, at, transport: 'tcp', peerPort: 1, size: 18_245, reason: 'too-long' }],
  ignored: [{ type: 'ignored', at, size: 3 }],
  broken: [{ type: 'broken', at, fault: odd }],
};

const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331' };

function carried(accounts: readonly RequestAccount[]): unknown {
  return accountsIn(deserialize(serialize(packAccounts(accounts))) as Packed);
}

describe('packed accounts', () => {
  for (const [type, variants] of Object.entries(events)) {
    it(`loses nothing of ${type}`, () => {
      const account: RequestAccount = { ...ids, server: 'lab', events: variants };
      assert.deepEqual(carried([account]), [{ ...account, type: 'events' }]);
    });
  }

  it('lose nothing of whose they are', () => {
    const accounts: RequestAccount[] = [
      { ...ids, server: odd, events: [] },
      { ...ids, server: 'lab', forwarded: true, visit: '12.3', events: events.broken },
      { clientPort: 50_000, server: 'lab', forwarded: false, events: events.closed },
      { queryPort: 50_000, queryId: 4711, server: 'dns', events: events.question },
    ];
    assert.deepEqual(carried(accounts), accounts.map((account) => ({ ...account, type: 'events' })));
  });

  it('keep every time that the clock tells', () => {
    const times = Array.from({ length: 1000 }, () => monotonicNow());
    const account: RequestAccount = { ...ids, server: 'lab', events: times.map((one) => ({ type: 'response-started', at: one, statusCode: 200 })) };
    assert.deepEqual(carried([account]), [{ ...account, type: 'events' }]);
  });

  it('have texts once', () => {
    const account: RequestAccount = { ...ids, server: 'lab', events: events.routed };
    const { texts } = packAccounts(Array.from({ length: 100 }, () => account));
    const shared = texts.filter((text) => text !== ids.traceId && text !== ids.parentId);
    assert.deepEqual(shared, [...new Set(shared)]);
  });

  it('can be as many as there are', () => {
    const accounts = Array.from({ length: 1000 }, (): RequestAccount => ({ ...ids, server: 'lab', events: Object.values(events).flat() }));
    assert.deepEqual(carried(accounts), accounts.map((account) => ({ ...account, type: 'events' })));
  });

  it('are known to be cut', () => {
    const { numbers, texts } = packAccounts([{ ...ids, server: 'lab', events: events.routed }]);
    assert.throws(() => accountsIn({ numbers: numbers.subarray(0, -1), texts }), /in the middle/);
    assert.throws(() => accountsIn({ numbers, texts: texts.slice(0, -1) }), /lack a text/);
  });
});
