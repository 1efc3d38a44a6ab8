import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { RequestAccount, ServerEvent } from '../../src/lab/messages.ts';
import { converse, dial, isOf, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

type Closed = Extract<ServerEvent, { type: 'closed' }>;

describe('the life of a connection to the lab', () => {
  let running: RunningLab;
  before(async () => {
    running = await runLab({
      limits: { headTimeout: 400, requestTimeout: 800, keepAliveTimeout: 300, maxConnections: 6 },
    });
  });
  after(() => running.stop());
  const ports = () => ({ http: running.lab.addresses.http.port, https: running.lab.addresses.https.port });
  const get = (path: string, trace: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nHost: lab.test:${ports().http}\r\ntraceparent: ${trace}\r\n${more}\r\n`;

  /** Waits until an account fits, and gives its event. */
  async function told<T extends ServerEvent['type']>(
    type: T, fits: (account: RequestAccount) => boolean,
  ): Promise<Extract<ServerEvent, { type: T }>> {
    for (;;) {
      for (const account of running.accounts) {
        const event = account.events.find((one): one is Extract<ServerEvent, { type: T }> => one.type === type);
        if (event && fits(account)) return event;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const closedAfter = (traceId: string): Promise<Closed> => told('closed', (account) => isOf(account, traceId));
  const closedFrom = (port: number): Promise<Closed> =>
    told('closed', (account) => 'clientPort' in account && account.clientPort === port);
  const why = ({ by, reason, requests }: Closed) => [by, reason, requests];

  async function answered(socket: Socket, request: string): Promise<void> {
    const received = receive(socket, /\}\n$/);
    socket.write(request);
    await received;
  }

  it('goes on after a response, and says for how long; the account does not wait for its end', async () => {
    const traces = [newTrace(), newTrace()] as const;
    const socket = await dial(ports().http);
    for (const { field, traceId } of traces) {
      await answered(socket, get('/json', field));
      await running.account(traceId);
    }
    const kept = await Promise.all(traces.map(({ traceId }) => told('kept-alive', (account) => isOf(account, traceId))));
    assert.deepEqual(kept.map(({ requests }) => requests), [1, 2]);
    for (const { timeout } of kept) assert.ok(timeout >= 300);
    assert.equal(running.accounts.some((account) => account.events.some(({ type }) => type === 'closed')), false);
    socket.end();
    assert.deepEqual(why(await closedAfter(traces[1].traceId)), ['client', 'ended', 2]);
    const ofLast = running.accounts.filter((account) => isOf(account, traces[1].traceId));
    assert.deepEqual(ofLast.map(({ events }) => events.at(-1)?.type), ['kept-alive', 'closed']);
    assert.equal(running.accounts.filter((account) => isOf(account, traces[0].traceId)).length, 1);
  });

  it('ends with a reason: the client ends or resets it, silence, the last response', async () => {
    const idle = newTrace();
    const quiet = await dial(ports().http);
    const closed = receive(quiet);
    await answered(quiet, get('/json', idle.field));
    await closed;
    assert.deepEqual(why(await closedAfter(idle.traceId)), ['server', 'idle', 1]);
    const last = newTrace();
    await converse(ports().http, get('/json', last.field, 'Connection: close\r\n'));
    assert.deepEqual(why(await closedAfter(last.traceId)), ['server', 'answered', 1]);
    const account = await running.account(last.traceId);
    assert.equal(account.some(({ type }) => type === 'kept-alive'), false);
    const reset = newTrace();
    const rude = await dial(ports().http);
    await answered(rude, get('/json', reset.field));
    rude.resetAndDestroy();
    assert.deepEqual(why(await closedAfter(reset.traceId)), ['client', 'reset', 1]);
    const broken = newTrace();
    await converse(ports().http, get('/faults/close', broken.field));
    assert.deepEqual(why(await closedAfter(broken.traceId)), ['server', 'fault', 1]);
    const garbled = newTrace();
    await converse(ports().http, `${get('/json', garbled.field)}GARBAGE\r\n\r\n`);
    const { code, ...rest } = await closedAfter(garbled.traceId);
    assert.deepEqual([rest.by, rest.reason, code], ['server', 'malformed', 'HPE_INVALID_METHOD']);
  });

  it('is told by its port when there was no request on it', async () => {
    const silent = await dial(ports().http);
    const silentPort = silent.localPort ?? 0;
    silent.on('data', () => {});
    assert.deepEqual(why(await closedFrom(silentPort)), ['server', 'slow', 0]);
    const gone = await dial(ports().http);
    const gonePort = gone.localPort ?? 0;
    gone.end();
    assert.deepEqual(why(await closedFrom(gonePort)), ['client', 'ended', 0]);
    const garbage = await dial(ports().http);
    const garbagePort = garbage.localPort ?? 0;
    garbage.write('hello\r\n\r\n');
    assert.deepEqual(why(await closedFrom(garbagePort)), ['server', 'malformed', 0]);
    garbage.destroy();
  });

  const secure = (options: object): Promise<TLSSocket> => new Promise((resolve, reject) => {
    const socket = connectTls({
      host: '127.0.0.1', port: ports().https, servername: 'lab.test', ca: running.lab.addresses.certificateAuthority.pem,
      ...options,
    }, () => resolve(socket));
    socket.once('error', reject);
  });

  it('tells of TLS, and whether its session was known', async () => {
    const first = newTrace();
    const socket = await secure({ ALPNProtocols: ['http/1.1'], maxVersion: 'TLSv1.2' });
    const session = socket.getSession();
    await answered(socket, get('/json', first.field).replace(`${ports().http}`, `${ports().https}`));
    socket.end();
    const events = await running.account(first.traceId);
    assert.deepEqual(events.slice(0, 5).map(({ type }) => type),
      ['listening', 'accepted', 'first-byte', 'secured', 'head-parsed']);
    const { at, startAt, cipher, ...facts } = await told('secured', (account) => isOf(account, first.traceId));
    assert.deepEqual(facts, {
      type: 'secured', version: 'TLSv1.2', alpn: 'http/1.1', resumed: false, serverName: 'lab.test',
    });
    assert.match(cipher, /^TLS_ECDHE_/);
    assert.ok(startAt < at);
    const second = newTrace();
    const again = await secure({ ALPNProtocols: ['http/1.1'], maxVersion: 'TLSv1.2', session });
    await answered(again, get('/json', second.field).replace(`${ports().http}`, `${ports().https}`));
    again.end();
    assert.equal((await told('secured', (account) => isOf(account, second.traceId))).resumed, true);
  });

  it('tells why there was no TLS', async () => {
    // The port is known from the account: a socket of TLS that failed must not be asked.
    const known = running.accounts.length;
    const failure = async () => told('closed', (account) => running.accounts.indexOf(account) >= known
      && account.events.some((event) => event.type === 'closed' && event.reason === 'tls'));
    await assert.rejects(secure({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }));
    const { by, code = '' } = await failure();
    assert.equal(by, 'server');
    assert.match(code, /PROTOCOL/);
    // Who does not trust the certificate says so by an alert (RFC 8446 §6.2).
    const before = running.accounts.length;
    await assert.rejects(secure({ ca: undefined }));
    const refused = await told('closed', (account) => running.accounts.indexOf(account) >= before && 'clientPort' in account
      && account.events.some((event) => event.type === 'closed' && event.requests === 0));
    assert.deepEqual([refused.by, refused.requests], ['client', 0], JSON.stringify(refused));
  });

  it('ends by the client over TLS, too', async () => {
    const [first, second, third] = [newTrace(), newTrace(), newTrace()];
    const ended = await secure({ ALPNProtocols: ['http/1.1'] });
    await answered(ended, get('/json', first!.field).replace(`${ports().http}`, `${ports().https}`));
    ended.end();
    assert.deepEqual(why(await closedAfter(first!.traceId)), ['client', 'ended', 1]);
    const idle = await secure({ ALPNProtocols: ['http/1.1'] });
    await answered(idle, get('/json', second!.field).replace(`${ports().http}`, `${ports().https}`));
    assert.deepEqual(why(await closedAfter(second!.traceId)), ['server', 'idle', 1]);
    const session = connectHttp2(`https://127.0.0.1:${ports().https}`, {
      servername: 'lab.test', ca: running.lab.addresses.certificateAuthority.pem,
    });
    session.request({ ':path': '/json', ':authority': `lab.test:${ports().https}`, traceparent: third!.field }).resume();
    await told('kept-alive', (account) => isOf(account, third!.traceId));
    session.destroy();
    assert.deepEqual(why(await closedAfter(third!.traceId)), ['client', 'ended', 1]);
  });

  it('is waited for over HTTP/2, too, and closed by who goes', async () => {
    const { traceId, field } = newTrace();
    const session = connectHttp2(`http://127.0.0.1:${ports().http}`);
    session.request({ ':path': '/json', ':authority': `lab.test:${ports().http}`, traceparent: field }).resume();
    const kept = await told('kept-alive', (account) => isOf(account, traceId));
    assert.deepEqual([kept.timeout, kept.requests], [300, 1]);
    session.close();
    assert.deepEqual(why(await closedAfter(traceId)), ['client', 'ended', 1]);
    const idle = newTrace();
    const other = connectHttp2(`http://127.0.0.1:${ports().http}`);
    other.request({ ':path': '/json', ':authority': `lab.test:${ports().http}`, traceparent: idle.field }).resume();
    assert.deepEqual(why(await closedAfter(idle.traceId)), ['server', 'idle', 1]);
  });

  it('says what guards refused', async () => {
    const refused = async (request: (field: string) => string) => {
      const { traceId, field } = newTrace();
      await converse(ports().http, request(field));
      const events = await running.account(traceId);
      return events.flatMap((event) => event.type === 'checked' ? [[event.check, event.outcome, event.statusCode]] : []);
    };
    assert.deepEqual(await refused((field) =>
      `GET /json HTTP/1.1\r\nHost: evil.example\r\ntraceparent: ${field}\r\nConnection: close\r\n\r\n`),
    [['host', 'refused', 421]]);
    assert.deepEqual(await refused((field) => get('/me', field, 'Origin: http://evil.example\r\nConnection: close\r\n')),
      [['host', 'passed', undefined], ['site', 'refused', 403]]);
    assert.deepEqual(await refused((field) => get('/html', field, 'Origin: http://evil.example\r\nConnection: close\r\n')),
      [['host', 'passed', undefined], ['site', 'exempt', undefined]]);
    assert.deepEqual(await refused((field) =>
      get('/echo', field, 'Content-Length: 2000000\r\nConnection: close\r\n').replace('GET', 'POST')),
    [['host', 'passed', undefined], ['site', 'passed', undefined], ['size', 'refused', 413]]);
  });

  it('tells of a body that is read as it comes: no limit of its size, and how long it was', async () => {
    const told = async (send: (field: string) => Promise<unknown>) => {
      const { traceId, field } = newTrace();
      await send(field);
      const events = await running.account(traceId);
      return events.flatMap((event): (string | number)[] => event.type === 'checked' && event.check === 'size' ? [event.outcome]
        : event.type === 'body-read' ? [event.size] : event.type === 'handler-start' ? ['handler'] : []);
    };
    const post = (path: string, more: string, body: string) => async (field: string) => {
      const { text } = await converse(ports().http, `${get(path, field, `Connection: close\r\n${more}`).replace('GET', 'POST')}${body}`);
      assert.match(text, /^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?200 /);
      return text;
    };
    const large = 'x'.repeat(2_000_000);
    assert.deepEqual(await told(post('/upload', `Content-Length: ${large.length}\r\n`, large)), ['exempt', 'handler', large.length]);
    assert.deepEqual(await told(post('/upload', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n')),
      ['exempt', 'handler', 6]);
    assert.deepEqual(await told(async (field) => {
      const text = await post('/echo/raw', 'Expect: 100-continue\r\nContent-Length: 5\r\n', 'hello')(field);
      assert.match(text, /hello/);
    }), ['exempt', 'handler', 5]);
    assert.deepEqual(await told(post('/faults/stall?ms=10', 'Content-Length: 5\r\n', 'hello')), ['exempt', 'handler', 5]);
    assert.deepEqual(await told(post('/upload', '', '')), ['handler']);
    assert.deepEqual(await told(post('/echo', 'Content-Length: 5\r\n', 'hello')), ['passed', 5, 'handler']);
    const session = connectHttp2(`http://127.0.0.1:${ports().http}`);
    assert.deepEqual(await told(async (field) => {
      const stream = session.request({
        ':method': 'POST', ':path': '/upload', ':authority': `lab.test:${ports().http}`, 'traceparent': field,
      });
      stream.end(large);
      assert.match((await stream.toArray()).join(''), /"size": ?2000000/);
    }), ['exempt', 'handler', large.length]);
    session.close();
  });

  it('is refused beyond the limit, and the refused client is told of by its port', async () => {
    const sockets = await Promise.all(Array.from({ length: 6 }, () => dial(ports().http)));
    const beyond = await dial(ports().http);
    const port = beyond.localPort;
    const { error } = await receive(beyond);
    assert.equal(error?.code, 'ECONNRESET');
    const { type, peerPort, openConnections, limit } =
      await told('turned-away', (account) => 'clientPort' in account && account.clientPort === port);
    assert.deepEqual([type, peerPort, openConnections, limit], ['turned-away', port, 6, 6]);
    for (const socket of sockets) socket.destroy();
  });

  it('tells of the first byte of a response when it leaves, not when its head is made', async () => {
    const { traceId, field } = newTrace();
    const socket = await dial(ports().http);
    const received = receive(socket, /\*\*\*$/);
    socket.write(get('/drip?bytes=3&ms=300&delay=0', field));
    await received;
    socket.destroy();
    const events = await running.account(traceId);
    const types = events.map(({ type }) => type);
    assert.ok(types.indexOf('handler-end') < types.indexOf('response-started'));
    assert.equal(types.filter((type) => type === 'response-started').length, 1);
  });
});
