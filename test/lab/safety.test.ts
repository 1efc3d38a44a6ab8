import assert from 'node:assert/strict';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { startLab } from '../../src/lab/lab.ts';
import { converse, curl, dial, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

describe('lab safety', () => {
  let running: RunningLab;
  before(async () => {
    running = await runLab({
      limits: { headTimeout: 300, requestTimeout: 600, keepAliveTimeout: 300, maxConnections: 20 },
    });
  });
  after(() => running.stop());
  afterEach(async () => {
    assert.equal((await statusOf(`GET /json HTTP/1.1\r\nHost: ${own()}\r\n`)), 200, 'the lab goes on');
  });

  const port = () => running.lab.addresses.http.port;
  const own = () => `lab.test:${port()}`;
  /** The status code of the last response to a head; the connection is closed after it. */
  async function statusOf(head: string, body = ''): Promise<number> {
    const { text } = await converse(port(), `${head}Connection: close\r\n\r\n${body}`);
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  }

  it('listens on loopback only', async () => {
    const others = Object.values(networkInterfaces()).flat().flatMap((one) =>
      (one && !one.internal && one.family === 'IPv4' ? [one.address] : []));
    for (const host of others) {
      const outcome = await new Promise((resolve) => {
        const socket = connect(port(), host, () => resolve('connected')).on('error', () => resolve('refused'));
        socket.unref();
      });
      assert.equal(outcome, 'refused', host);
    }
    await assert.rejects(startLab({ ports: { http: port() } }), { code: 'EADDRINUSE' });
  });

  it('answers for its own names and ports only', async () => {
    const { http, https } = running.lab.addresses;
    for (const host of [own(), `a.lab.test:${port()}`, `LOCALHOST:${port()}`, `127.0.0.1:${port()}`, `[::1]:${port()}`,
      `expired.lab.test:${port()}`]) {
      assert.equal(await statusOf(`GET /json HTTP/1.1\r\nHost: ${host}\r\n`), 200, host);
    }
    for (const host of ['lab.test', `lab.test:${https.port}`, `evil.example:${port()}`, `lab.test.evil.example:${port()}`,
      `notlab.test:${port()}`, `127.0.0.2:${port()}`, `0.0.0.0:${port()}`, `lab.test.:${port()}`]) {
      assert.equal(await statusOf(`GET /json HTTP/1.1\r\nHost: ${host}\r\n`), 421, host);
    }
    for (const host of ['', `a@lab.test:${port()}`, `lab.test:${port()}x`, 'lab.test:99999999', `lab.test:${port()}/`,
      `lab.test, evil.example`]) {
      assert.equal(await statusOf(`GET /json HTTP/1.1\r\nHost: ${host}\r\n`), 400, host);
    }
    assert.equal(await statusOf(`GET /json HTTP/1.1\r\nHost: ${own()}\r\nHost: ${own()}\r\n`), 400);
    assert.equal(await statusOf('GET /json HTTP/1.1\r\n'), 400);
    assert.equal(await statusOf(`GET http://evil.example/json HTTP/1.1\r\nHost: ${own()}\r\n`), 421);
    assert.equal(await statusOf(`GET http://${own()}/json HTTP/1.1\r\nHost: evil.example\r\n`), 200);
    const secure = await curl(running, '--http2', '-o', '/dev/null', '-w', '%{http_code}', '-H', `Host: lab.test:${http.port}`,
      `${running.lab.addresses.origins.https}/json`);
    assert.equal(secure.stdout.toString(), '421');
  });

  it('refuses other sites, but for GET of public pages, and never allows cross-origin reading', async () => {
    const from = (method: string, path: string, field: string) =>
      statusOf(`${method} ${path} HTTP/1.1\r\nHost: ${own()}\r\nContent-Length: 0\r\n${field}\r\n`);
    const foreign = ['Origin: http://evil.example', 'Origin: null', 'Sec-Fetch-Site: cross-site',
      `Origin: http://lab.test.evil.example:${port()}`, 'Origin: http://lab.test:1', `Origin: https://lab.test:${port()}`];
    for (const field of foreign) {
      assert.equal(await from('GET', '/html', field), 200, field);
      assert.equal(await from('HEAD', '/html', field), 200, field);
      for (const [method, path] of [['GET', '/me'], ['GET', '/cookies/set?a=1'], ['POST', '/login'], ['POST', '/status/200'],
        ['POST', '/echo'], ['GET', '/headers'], ['OPTIONS', '/echo']] as const) {
        assert.equal(await from(method, path, field), 403, `${method} ${path} ${field}`);
      }
    }
    for (const field of [`Origin: http://${own()}`, `Origin: ${running.lab.addresses.origins.https}`,
      'Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: none']) {
      assert.equal(await from('POST', '/echo', field), 200, field);
    }
    const { text } = await converse(port(), `GET /html HTTP/1.1\r\nHost: ${own()}\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n`);
    assert.doesNotMatch(text, /access-control/i);
  });

  it('allows it in the lesson about CORS alone, where nothing can be written', async () => {
    const from = async (method: string, path: string, more = '') => {
      const { text } = await converse(port(), `${method} ${path} HTTP/1.1\r\nHost: ${own()}\r\nOrigin: http://evil.example\r\n`
        + `${more}Connection: close\r\n\r\n`);
      return [Number(text.split(' ')[1]), ...[...text.matchAll(/^access-control-([\w-]+): (.*)\r$/gim)].map(([, name, value]) =>
        `${name} ${value}`.toLowerCase())];
    };
    const asked = 'Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-lesson\r\n';
    assert.deepEqual(await from('GET', '/cors/open'), [200, 'allow-origin *', 'expose-headers x-lesson']);
    assert.deepEqual(await from('GET', '/cors/closed'), [200]);
    assert.deepEqual(await from('OPTIONS', '/cors/open', asked),
      [204, 'allow-origin *', 'allow-methods get', 'allow-headers x-lesson', 'max-age 600']);
    assert.deepEqual(await from('OPTIONS', '/cors/closed', asked), [204]);
    for (const [method, path] of [['PUT', '/cors/open'], ['POST', '/cors/open'], ['OPTIONS', '/books'], ['OPTIONS', '/me'],
      ['OPTIONS', '*']] as const) {
      assert.deepEqual(await from(method, path, asked), [403], `${method} ${path}`);
    }
    const { traceId, field } = newTrace();
    await from('OPTIONS', '/cors/open', `${asked}traceparent: ${field}\r\n`);
    const checks = (await running.account(traceId)).flatMap((event) => event.type === 'checked' ? [`${event.check} ${event.outcome}`] : []);
    assert.deepEqual(checks, ['host passed', 'site exempt']);
  });

  it('limits bodies, and lets the client read why', async () => {
    const large = Buffer.alloc(3_000_000, 'x');
    const head = `POST /echo HTTP/1.1\r\nHost: ${own()}\r\n`;
    assert.equal(await statusOf(`${head}Content-Length: ${large.length}\r\n`, large.toString()), 413);
    const chunked = `${large.length.toString(16)}\r\n${large.toString()}\r\n0\r\n\r\n`;
    assert.equal(await statusOf(`${head}Transfer-Encoding: chunked\r\n`, chunked), 413);
    assert.equal(await statusOf(`${head}Content-Length: 1048576\r\n`, 'x'.repeat(1_048_576)), 200);
    for (const version of ['--http1.1', '--http2']) {
      const { stdout } = await curl(running, version, '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Expect:',
        '--data-binary', large.toString('latin1', 0, 100_000).repeat(1), '-X', 'POST', `${running.lab.addresses.origins.https}/me`);
      assert.equal(stdout.toString(), '405', version);
    }
  });

  it('says 100 Continue only when it wants the body', async () => {
    const ask = (path: string, size: number) => `POST ${path} HTTP/1.1\r\nHost: ${own()}\r\nExpect: 100-continue\r\n`
      + `Content-Length: ${size}\r\nConnection: close\r\n\r\n`;
    const refused = await converse(port(), ask('/echo', 2_000_000));
    assert.match(refused.text, /^HTTP\/1\.1 413 /);
    const socket = await dial(port());
    const wanted = receive(socket, /^HTTP\/1\.1 100 Continue\r\n\r\n/);
    socket.write(ask('/echo', 2));
    await wanted;
    const answer = receive(socket);
    socket.write('ok');
    assert.match((await answer).text, /^HTTP\/1\.1 200 OK/);
    assert.equal(await statusOf(`POST /echo HTTP/1.1\r\nHost: ${own()}\r\nExpect: magic\r\nContent-Length: 0\r\n`), 417);
  });

  it('bounds slow heads, slow bodies, silence and idle connections', async () => {
    const silent = converse(port(), '');
    const slowHead = converse(port(), `GET / HTTP/1.1\r\nHost: ${own()}\r\nX-A: `);
    const slowPreface = converse(port(), 'PRI * HT');
    const slowBody = converse(port(), `POST /echo HTTP/1.1\r\nHost: ${own()}\r\nContent-Length: 10\r\n\r\nabc`);
    const idle = converse(port(), `GET /json HTTP/1.1\r\nHost: ${own()}\r\n\r\n`);
    const noHandshake = converse(running.lab.addresses.https.port, '');
    const noRequest = converse(port(), 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
    assert.equal((await silent).text, '');
    assert.match((await slowHead).text, /^HTTP\/1\.1 408 Request Timeout\r\n/);
    assert.equal((await slowPreface).text, '');
    assert.match((await slowBody).text, /^HTTP\/1\.1 408 Request Timeout\r\n/);
    assert.match((await idle).text, /^HTTP\/1\.1 200 OK/);
    assert.equal((await noHandshake).text, '');
    assert.notEqual((await noRequest).text, '');
  });

  const openSession = () => connectHttp2(running.lab.addresses.origins.http, {
    createConnection: () => connect(port(), '127.0.0.1'),
  });

  it('bounds slow bodies over HTTP/2', async () => {
    const session = openSession();
    const stream = session.request({ ':method': 'POST', ':path': '/echo', ':authority': own(), 'content-length': '10' });
    stream.write('abc');
    stream.resume();
    const status = await new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    assert.equal(status, 408);
    await new Promise((resolve) => session.on('close', resolve));
    assert.equal(stream.rstCode, constants.NGHTTP2_NO_ERROR);
  });

  it('refuses connections beyond its limit, and takes new ones when some are gone', async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => dial(port())));
    const beyond = await dial(port()).then((socket) => receive(socket));
    assert.deepEqual([beyond.text, beyond.error?.code], ['', 'ECONNRESET']);
    await Promise.all(sockets.map((socket) => {
      const closed = receive(socket);
      socket.end();
      return closed;
    }));
  });

  it('is no proxy and upgrades nothing', async () => {
    for (const target of ['evil.example:80', 'evil.example', '127.0.0.1:22', own(), '/']) {
      const { text } = await converse(port(), `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
      assert.match(text, /^HTTP\/1\.1 (405 Method Not Allowed|400 Bad Request)\r\n/, target);
    }
    for (const token of ['websocket', 'h2c', 'TLS/1.0']) {
      const head = `GET /json HTTP/1.1\r\nHost: ${own()}\r\nUpgrade: ${token}\r\n`;
      const { text } = await converse(port(), `${head}Connection: Upgrade, close\r\n\r\n`);
      assert.match(text, /^HTTP\/1\.1 200 OK\r\n/, token);
    }
    const session = openSession();
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'evil.example:80' });
    const status = await new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    assert.equal(status, 405);
    session.destroy();
  });

  const malformed: readonly (readonly [name: string, bytes: string])[] = [
    ['no request', 'hello\r\n\r\n'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['no version', 'GET /\r\n\r\n'],
    ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n'],
    ['a folded field', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n'],
    ['a NUL in a value', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a negative length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    ['length and chunks', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['an odd transfer coding', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n'],
    ['a bare LF in a chunk', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\nab\r\n0\r\n\r\n'],
    ['a bad chunk size', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['an endless head', `GET / HTTP/1.1\r\nHost: x\r\n${`A: ${'b'.repeat(1000)}\r\n`.repeat(100)}\r\n`],
    ['an endless line', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n`],
    ['no host on CONNECT', 'CONNECT  HTTP/1.1\r\n\r\n'],
  ];
  for (const [name, bytes] of malformed) {
    it(`refuses ${name}`, async () => {
      const { text } = await converse(port(), bytes.replaceAll('Host: x', `Host: ${own()}`));
      assert.match(text, /^HTTP\/1\.1 (4\d\d|505) [^]*\r\n\r\n\{/, text.slice(0, 80));
      assert.equal(text.match(/HTTP\/1\.1 \d/g)?.length, 1);
    });
  }

  it('does not answer garbage after a request in the place of its response', async () => {
    const { text } = await converse(port(), `GET /delay/100 HTTP/1.1\r\nHost: ${own()}\r\n\r\nGARBAGE\r\n\r\n`);
    assert.doesNotMatch(text, /HTTP\/1\.1 200[^]*HTTP\/1\.1 400[^]*HTTP/);
    assert.ok((text.match(/HTTP\/1\.1/g)?.length ?? 0) <= 1);
  });

  it('survives heads with random bytes in them', async () => {
    const good = `POST /echo?a=1 HTTP/1.1\r\nHost: ${own()}\r\nCookie: sid=1; a\r\nTransfer-Encoding: chunked\r\n`
      + 'traceparent: 00-11111111111111111111111111111111-1111111111111111-01\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    const secure = running.lab.addresses.https.port;
    for (let seed = 1; seed <= 300; seed += 1) {
      const socket = await dial(seed % 5 === 0 ? secure : port());
      const closed = receive(socket, /\r\n\r\n/);
      socket.end(mutate(seed % 3 === 0 ? http2Start : Buffer.from(good), seed));
      await closed;
      socket.destroy();
    }
  });
});

/**
 * Preface, SETTINGS, and a HEADERS frame with GET / in static table references (RFC 7541 appendix
 * A).
 */
const http2Start = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0, 0, 3, 1, 5, 0, 0, 0, 1, 0x82, 0x84, 0x86]),
]);

/** A few bytes changed, dropped or doubled, the same way for the same seed. */
function mutate(bytes: Buffer, seed: number): Buffer {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  let result = Buffer.from(bytes);
  for (let change = 0; change <= seed % 4; change += 1) {
    const at = next(result.length);
    const kind = next(3);
    if (kind === 0) result[at] = next(256);
    else if (kind === 1) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + next(8))]);
    else result = Buffer.concat([result.subarray(0, at), result.subarray(next(at + 1))]);
    if (result.length === 0) return bytes;
  }
  return result;
}
