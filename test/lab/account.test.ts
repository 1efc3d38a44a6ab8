import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { createHeadStarts2 } from '../../src/lab/http/headStarts.ts';
import { parseTraceParent } from '../../src/lab/http/traceContext.ts';
import type { ServerEvent } from '../../src/lab/messages.ts';
import { monotonicNow } from '../../src/lab/clock.ts';
import { converse, curl, dial, isOf, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

type EventOf<T extends ServerEvent['type']> = Extract<ServerEvent, { type: T }>;

function find<T extends ServerEvent['type']>(events: readonly ServerEvent[], type: T): EventOf<T> {
  const event = events.find((one): one is EventOf<T> => one.type === type);
  assert.ok(event, `${type} in ${events.map((one) => one.type).join()}`);
  return event;
}

describe('lab accounts', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());
  const ports = () => ({ http: running.lab.addresses.http.port, https: running.lab.addresses.https.port });
  const get = (path: string, trace: string) =>
    `GET ${path} HTTP/1.1\r\nHost: lab.test:${ports().http}\r\ntraceparent: ${trace}\r\n\r\n`;

  it('tell the whole story of a request, in order', async () => {
    const { traceId, field } = newTrace();
    const before = monotonicNow();
    await curl(running, '-o', '/dev/null', '-H', `traceparent: ${field}`, '-d', 'user=ada&password=lovelace',
      `http://lab.test:${ports().http}/login`);
    const events = await running.account(traceId);
    const after = monotonicNow();
    assert.deepEqual(events.map((event) => event.type), ['listening', 'accepted', 'first-byte', 'head-parsed', 'checked',
      'routed', 'checked', 'checked', 'body-read', 'handler-start', 'session-loaded', 'handler-end', 'response-started',
      'response-finished', 'kept-alive']);
    const { address, port, at: since } = find(events, 'listening');
    assert.deepEqual([address, port], ['127.0.0.1', ports().http]);
    assert.ok(since < before);
    const checks = events.flatMap((event) => (event.type === 'checked' ? [[event.check, event.outcome]] : []));
    assert.deepEqual(checks, [['host', 'passed'], ['site', 'passed'], ['size', 'passed']]);
    const times = events.filter(({ type }) => type !== 'listening').flatMap((event) => ('startAt' in event ? [event.startAt, event.at] : [event.at]));
    for (const at of times) assert.ok(at >= before && at <= after);
    for (const event of events) if ('startAt' in event) assert.ok(event.startAt <= event.at, event.type);
    assert.ok(events.every((event, index) => index === 0 || (events[index - 1]?.at ?? 0) <= event.at));
    const routed = find(events, 'routed');
    assert.deepEqual([routed.pattern, routed.handler, routed.parameters], ['POST /login', 'shop/login', {}]);
    assert.equal(find(events, 'body-read').size, 26);
    const session = find(events, 'session-loaded');
    assert.deepEqual([session.outcome, session.user], ['created', 'ada']);
    assert.match(session.id ?? '', /^[\w-]{6}…$/);
    assert.equal(find(events, 'response-finished').bodySize, 20);
    const account = running.accounts.find((one) => isOf(one, traceId));
    assert.ok(account && 'parentId' in account && account.parentId === '00000000000000aa');
  });

  it('are kept for nobody without a valid traceparent', async () => {
    const known = running.accounts.length;
    const zero = '0'.repeat(32);
    for (const field of ['x', `00-${zero}-00000000000000aa-01`, `ff-${'1'.repeat(32)}-00000000000000aa-01`]) {
      await curl(running, '-H', `traceparent: ${field}`, `http://lab.test:${ports().http}/json`);
    }
    await curl(running, `http://lab.test:${ports().http}/json`);
    assert.equal(running.accounts.length, known);
  });

  it('read traceparent as the specification says', () => {
    const ids = `${'ab'.repeat(16)}-${'cd'.repeat(8)}`;
    const good = { traceId: 'ab'.repeat(16), parentId: 'cd'.repeat(8) };
    assert.deepEqual(parseTraceParent(`00-${ids}-01`), good);
    assert.deepEqual(parseTraceParent(`cc-${ids}-01-more`), good);
    for (const bad of [`00-${ids}-01-more`, `ff-${ids}-01`, `00-${ids}-1`, `00-${ids.toUpperCase()}-01`,
      `00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01`, `00-${'ab'.repeat(16)}-${'0'.repeat(16)}-01`, '', undefined]) {
      assert.equal(parseTraceParent(bad), undefined, bad);
    }
  });

  it('give each request on a kept connection its own first byte and ordinal', async () => {
    const traces = [newTrace(), newTrace(), newTrace()];
    const socket = await dial(ports().http);
    const sentAt: number[] = [];
    for (const { field, traceId } of traces) {
      const received = receive(socket, /Hello, x!\n$/);
      sentAt.push(monotonicNow());
      socket.write(get('/hello/x', field));
      await received;
      await running.account(traceId);
    }
    socket.destroy();
    const accounts = await Promise.all(traces.map(({ traceId }) => running.account(traceId)));
    const accepted = accounts.map((events) => find(events, 'accepted'));
    assert.deepEqual(accepted.map(({ request }) => request), [1, 2, 3]);
    assert.equal(new Set(accepted.map(({ connection }) => connection)).size, 1);
    accounts.forEach((events, index) => {
      const { startAt } = find(events, 'head-parsed');
      assert.ok(startAt >= (sentAt[index] ?? Infinity), `request ${index + 1} after it was sent`);
      if (index > 0) assert.ok(find(events, 'accepted').at === startAt);
    });
  });

  it('count a slow head from its first byte', async () => {
    const { traceId, field } = newTrace();
    const socket = await dial(ports().http);
    const head = get('/json', field);
    const received = receive(socket, /\}\n$/);
    socket.write(head.slice(0, 10));
    // The lab has read the first bytes once it answers another connection that came after them.
    await converse(ports().http, `GET /json HTTP/1.0\r\nHost: lab.test:${ports().http}\r\n\r\n`);
    const secondHalfAt = monotonicNow();
    socket.write(head.slice(10));
    await received;
    socket.destroy();
    const events = await running.account(traceId);
    assert.ok(find(events, 'head-parsed').startAt < secondHalfAt);
    assert.ok(find(events, 'head-parsed').at >= secondHalfAt);
  });

  it('tell pipelined requests apart, after a body too', async () => {
    const traces = [newTrace(), newTrace()];
    const [first, second] = traces;
    const socket = await dial(ports().http);
    const received = receive(socket, /Hello, y!\n$/);
    socket.write(`POST /echo HTTP/1.1\r\nHost: lab.test:${ports().http}\r\ntraceparent: ${first?.field}\r\n`
      + `Content-Length: 5\r\n\r\nhello${get('/hello/y', second?.field ?? '')}`);
    await received;
    socket.destroy();
    const accounts = await Promise.all(traces.map(({ traceId }) => running.account(traceId)));
    assert.deepEqual(accounts.map((events) => find(events, 'accepted').request), [1, 2]);
    assert.equal(find(accounts[0] ?? [], 'body-read').size, 5);
    assert.equal(find(accounts[1] ?? [], 'routed').pattern, 'GET /hello/{name}');
  });

  describe('over HTTP/2', () => {
    let session: ClientHttp2Session;
    before(() => {
      session = connectHttp2(`https://127.0.0.1:${ports().https}`, {
        ca: running.lab.addresses.certificateAuthority.pem, servername: 'lab.test',
      });
      session.on('error', () => {});
    });
    after(() => session.destroy());

    const request = (path: string, field: string) => new Promise<string>((resolve, reject) => {
      const stream = session.request({
        ':path': path, ':authority': `lab.test:${ports().https}`, traceparent: field,
      });
      let text = '';
      stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      stream.on('end', () => resolve(text));
      stream.on('error', reject);
    });

    it('give each stream its own HEADERS frame', async () => {
      const traces = [newTrace(), newTrace()];
      const [slow, quick] = traces;
      const waiting = request('/delay/100', slow?.field ?? '');
      await request('/json', newTrace().field);
      const sentAt = monotonicNow();
      await request('/json', quick?.field ?? '');
      await waiting;
      const [slowEvents = [], quickEvents = []] =
        await Promise.all(traces.map(({ traceId }) => running.account(traceId)));
      assert.ok(find(quickEvents, 'head-parsed').startAt >= sentAt);
      assert.ok(find(slowEvents, 'head-parsed').startAt < sentAt);
      assert.equal(find(quickEvents, 'head-parsed').httpVersion, '2');
      const ordinals = [slowEvents, quickEvents].map((events) => find(events, 'accepted').request);
      assert.ok((ordinals[0] ?? 0) < (ordinals[1] ?? 0));
      // The connection waits for the next request once there is none left.
      assert.deepEqual([slowEvents, quickEvents].map((events) => events.at(-1)?.type),
        ['kept-alive', 'response-finished']);
      // The handler of /delay/100 really took its time.
      const took = find(slowEvents, 'handler-end').at - find(slowEvents, 'handler-start').at;
      assert.ok(took >= 99, `${took} ms`);
    });
  });

  it('say how a handler ended that nobody waited for, over both versions', async () => {
    for (const version of ['--http1.1', '--http2']) {
      const { traceId, field } = newTrace();
      const { code } = await curl(running, version, '--max-time', '0.5', '-H', `traceparent: ${field}`,
        `${running.lab.addresses.origins.https}/delay/9000`);
      assert.equal(code, 28);
      const events = await running.account(traceId);
      assert.equal(find(events, 'handler-end').error, 'client-left');
      assert.ok(['handler-end', 'closed'].includes(events.at(-1)?.type ?? ''), version);
    }
  });

  it('are whole for a response without a body, over both versions', async () => {
    for (const version of ['--http1.1', '--http2']) {
      const { traceId, field } = newTrace();
      await curl(running, version, '-I', '-H', `traceparent: ${field}`, `${running.lab.addresses.origins.https}/json`);
      const events = await running.account(traceId);
      assert.deepEqual([find(events, 'response-started').statusCode, find(events, 'response-finished').bodySize], [200, 0]);
    }
  });

  it('find the HEADERS frames at every split of the bytes', () => {
    const frame = (type: number, stream: number, size: number) => {
      const head = Buffer.alloc(9 + size, 1);
      head.writeUIntBE(size, 0, 3);
      head.writeUInt8(type, 3);
      head.writeUInt32BE(stream, 5);
      return head;
    };
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const parts = [preface, frame(4, 0, 6), frame(1, 1, 20), frame(0, 1, 3), frame(1, 3, 0), frame(1, 1, 2)];
    const bytes = Buffer.concat(parts);
    const offsets = [24 + 15, 24 + 15 + 29 + 12];
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const starts = createHeadStarts2();
      starts.read(bytes.subarray(0, cut), 1);
      starts.read(bytes.subarray(cut), 2);
      assert.deepEqual([starts.take(1), starts.take(3)], offsets.map((offset) => (offset < cut ? 1 : 2)), `cut ${cut}`);
    }
  });

  it('are reported as far as they go when the client goes away', async () => {
    for (const scheme of ['http', 'https'] as const) {
      const { traceId, field } = newTrace();
      const socket = scheme === 'http' ? await dial(ports().http) : connectTls({
        host: '127.0.0.1', port: ports().https, servername: 'lab.test', rejectUnauthorized: false,
      });
      const head = get('/drip?bytes=100&ms=9000', field).replace(String(ports().http), String(ports()[scheme]));
      const received = receive(socket, /\r\n\r\n\*/);
      socket.write(head);
      await received;
      socket.destroy();
      const events = await running.account(traceId);
      assert.equal(find(events, 'response-started').statusCode, 200);
      assert.ok(!events.some((event) => event.type === 'response-finished'));
    }
  });

  it('say why a route was not found', async () => {
    const [missing, wrongMethod] = [newTrace(), newTrace()];
    await curl(running, '-H', `traceparent: ${missing.field}`, `http://lab.test:${ports().http}/nothing`);
    await curl(running, '-X', 'DELETE', '-H', `traceparent: ${wrongMethod.field}`, `http://lab.test:${ports().http}/login`);
    const notFound = find(await running.account(missing.traceId), 'routed');
    assert.deepEqual([notFound.statusCode, notFound.pattern, notFound.candidates], [404, undefined, []]);
    const notAllowed = find(await running.account(wrongMethod.traceId), 'routed');
    assert.deepEqual([notAllowed.statusCode, notAllowed.candidates],
      [405, [{ pattern: 'POST /login', reason: 'other-method' }]]);
  });
});
