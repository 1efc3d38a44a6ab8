import assert from 'node:assert/strict';
import { createRoutes } from '../../src/lab/routes/routes.ts';
import { converse, curl, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

// Paths, targets, fields and framing that are meant to be read in two ways. What is said on each connection is all there
// is: no second response, no field of the attacker's, nothing from outside.

describe('attacks on the lab', () => {
  let running: RunningLab;
  before(async () => { running = await runLab({ limits: { headTimeout: 500, requestTimeout: 800, keepAliveTimeout: 300 } }); });
  after(() => running.stop());
  const port = () => running.lab.addresses.http.port;
  const own = () => `lab.test:${port()}`;
  const say = async (bytes: string) =>
    (await converse(port(), Buffer.from(bytes.replaceAll('Host: x', `Host: ${own()}`), 'latin1'))).text;
  const statusesOf = (text: string) =>
    [...text.matchAll(/^HTTP\/1\.1 ([2-9]\d\d) /gm)].map(([, status]) => Number(status));
  const get = (target: string) => say(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  afterEach(async () => assert.deepEqual(statusesOf(await get('/json')), [200]));

  const paths: readonly (readonly [target: string, status: number])[] = [
    ['/../json', 404], ['/json/..', 404], ['/./json', 404], ['/%2e/json', 404], ['/%2e%2e/json', 404], ['/..%2fjson', 404],
    ['/json/%2e%2e/me', 404], ['//', 404], ['//json', 404], ['///', 404], ['/json/', 404], ['/json//', 404], ['/%2fjson', 404],
    ['/json%2f', 404], ['/json%00', 404], ['/json%00.html', 404], ['/%00', 404], ['/json;a=b', 404], ['/JSON', 404],
    ['/%6ason', 200], ['/hello/..', 200], ['/hello/%2e%2e%2f', 200], ['/%', 400], ['/%zz', 400], ['/%ff', 400],
    ['/%c0%ae%c0%ae/json', 400], ['/%e0%80%ae', 400], ['/\\..\\json', 404], ['/json?/../me', 200], ['//evil.example/', 404],
    ['//evil.example/%2e%2e', 404], ['/files/../../etc/passwd', 404], ['/files/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/files//etc/passwd', 404], ['/files/%00/etc/passwd', 404], ['/files', 307],
  ];
  it('does not take one path for another', async () => {
    for (const [target, status] of paths) {
      const text = await get(target);
      assert.deepEqual(statusesOf(text), [status], target);
      assert.doesNotMatch(text, /root:|^Location: (?:\/\/|http)/m, target);
    }
  });

  const targets: readonly (readonly [line: string, status: number])[] = [
    ['GET http://OWN/json HTTP/1.1', 200], ['GET HTTP://LAB.TEST:PORT/json HTTP/1.1', 200], ['GET http://evil.example/json HTTP/1.1', 421],
    ['GET https://OWN/json HTTP/1.1', 200], ['GET http://OWN@evil.example/json HTTP/1.1', 400],
    ['GET http://evil.example\\@OWN/json HTTP/1.1', 400], ['GET http:///json HTTP/1.1', 400], ['GET http://[::1/json HTTP/1.1', 400],
    ['GET ftp://OWN/json HTTP/1.1', 404], ['GET json HTTP/1.1', 400], ['GET * HTTP/1.1', 405], ['OPTIONS * HTTP/1.1', 204],
    ['GET /json#fragment HTTP/1.1', 404], ['GET  /json HTTP/1.1', 200], ['GET /js on HTTP/1.1', 400], ['GET /json\tx HTTP/1.1', 400],
    ['GET /json\0 HTTP/1.1', 400], ['get /json HTTP/1.1', 400], ['G\0T /json HTTP/1.1', 400], ['TRACE /json HTTP/1.1', 405],
    ['GET /json HTTP/1.2', 400], ['GET /json HTTP/2.0', 505], ['GET /json http/1.1', 400], ['GET /json', 505], [' GET /json HTTP/1.1', 400],
    ['CONNECT evil.example:443 HTTP/1.1', 405], ['PRI * HTTP/2.0', 400],
  ];
  it('does not take one target for another', async () => {
    for (const [line, status] of targets) {
      const text = await say(
        `${line.replace('OWN', own()).replace('PORT', `${port()}`)}\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.deepEqual(statusesOf(text), [status], JSON.stringify(line));
      assert.doesNotMatch(text, /x-evil/i);
    }
  });

  const hosts: readonly (readonly [fields: string, status: number])[] = [
    [`Host: OWN\r\nHost: OWN`, 400], ['Host: OWN\r\nHost: evil.example', 400], ['Host: OWN, evil.example', 400],
    ['Host: OWN\r\nX-Forwarded-Host: evil.example', 200], ['Host: OWN\r\nForwarded: host=evil.example', 200],
    ['Host: evil.example', 421], ['Host: lab.test.evil.example:PORT', 421], ['Host: evil-lab.test:PORT', 421],
    ['Host: 127.0.0.1.evil.example:PORT', 421], ['Host: 127.1:PORT', 421], ['Host: 2130706433:PORT', 421],
    ['Host: 0x7f.0.0.1:PORT', 421], ['Host: [::ffff:127.0.0.1]:PORT', 421], ['Host: localhost.:PORT', 421],
    ['Host: lab.test:0PORT', 400], ['Host: lab.test:PORT#@evil.example', 400], ['Host: lab.test:PORT/json', 400],
    ['Host: lab.test:PORT evil.example', 400], ['Host: user@lab.test:PORT', 400], ['Host:', 400], ['Host: \x80', 421],
    ['Host : OWN', 400], ['Host\t: OWN', 400], [' Host: OWN', 400], ['X: y\r\n Host: OWN', 400], ['Host: OWN\x00', 400],
  ];
  it('answers nobody else’s host, whatever way it is written', async () => {
    for (const [fields, status] of hosts) {
      const text = await say(`GET /json HTTP/1.1\r\n${fields.replaceAll('OWN', own()).replaceAll('PORT', `${port()}`)}\r\n`
        + 'Connection: close\r\n\r\n');
      assert.deepEqual(statusesOf(text), [status], JSON.stringify(fields));
      assert.doesNotMatch(text, /^(?:Location|Link|Set-Cookie):.*evil/m);
    }
  });

  // After each of them another request follows on the same connection: who is desynchronised would answer it.
  const smuggled = 'GET /hello/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
  const post = 'POST /echo HTTP/1.1\r\nHost: x\r\n';
  const framings: readonly (readonly [name: string, bytes: string, status: number])[] = [
    ['a length and chunks', `${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG`, 400],
    ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nG`, 400],
    ['chunks twice', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunks and another coding', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`, 400],
    ['a coding that is only like chunked', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunked in quotes', `${post}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`, 400],
    ['chunked with a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunked on a folded line', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunked with a space before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunks in HTTP/1.0', 'POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['two lengths', `${post}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n`, 400],
    ['the same length twice', `${post}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`, 400],
    ['a list of lengths', `${post}Content-Length: 0, 0\r\n\r\n`, 400],
    ['a length with a sign', `${post}Content-Length: +0\r\n\r\n`, 400],
    ['a length in hexadecimal', `${post}Content-Length: 0x0\r\n\r\n`, 400],
    ['a length with a space in it', `${post}Content-Length: 0 0\r\n\r\n`, 400],
    ['a length of too many digits', `${post}Content-Length: 99999999999999999999999\r\n\r\n`, 400],
    ['an empty length', `${post}Content-Length: \r\n\r\n`, 400],
    ['a chunk size that is none', `${post}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n`, 400],
    ['a chunk size with a sign', `${post}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`, 400],
    ['a chunk size of too many digits', `${post}Transfer-Encoding: chunked\r\n\r\n${'F'.repeat(20)}\r\n\r\n`, 400],
    ['a chunk that is longer than its size', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n`, 400],
    ['a chunk size that ends with LF', `${post}Transfer-Encoding: chunked\r\n\r\n0\n\r\n`, 400],
    ['lines that end with LF', 'POST /echo HTTP/1.1\nHost: x\nContent-Length: 0\n\n', 400],
    ['lines that end with CR', 'POST /echo HTTP/1.1\rHost: x\rContent-Length: 0\r\r', 400],
    ['CR within a value', `${post}A: b\rContent-Length: 3\r\n\r\n`, 400],
    ['a line without a colon', `${post}Content-Length\r\n\r\n`, 400],
    ['a name with a control character', `${post}Content-Length\x01: 0\r\n\r\n`, 400],
  ];
  for (const [name, bytes, status] of framings) {
    it(`refuses ${name}, and reads nothing after it`, async () => {
      const text = await say(bytes + smuggled);
      assert.deepEqual(statusesOf(text), [status]);
      assert.doesNotMatch(text, /Hello, smuggled/);
      assert.match(text, /^Connection: close\r$/m);
    });
  }

  it('reads a body as what it is, however much it looks like a request', async () => {
    const inner = smuggled.replace('Host: x', `Host: ${own()}`);
    const text = await say(`${post}Content-Length: ${inner.length}\r\n\r\n${inner}GET /json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.deepEqual(statusesOf(text), [200, 200]);
    const chunk = `${inner.length.toString(16)};a="b\\""\r\n${inner}\r\n0\r\nX-Trailer: 1\r\n\r\n`;
    const chunked = await say(`${post}Transfer-Encoding: chunked\r\n\r\n${chunk}GET /json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.deepEqual(statusesOf(chunked), [200, 200]);
    for (const answer of [text, chunked]) assert.doesNotMatch(answer, /\r\n\r\nHello, smuggled/);
  });

  it('closes after a body that it has not read', async () => {
    for (const path of ['/nothing', '/json', '/login/x']) {
      const text = await say(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`);
      assert.equal(statusesOf(text).length, 1, path);
      assert.doesNotMatch(text, /Hello, smuggled/);
    }
  });

  it('bounds heads by their size, fields and targets alike', async () => {
    const fields = (count: number, size: number) => Array.from({ length: count }, (_, index) => `X-${index}: ${'y'.repeat(size)}\r\n`).join('');
    const head = (more: string) => `GET /json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n`;
    assert.deepEqual(statusesOf(await say(head(fields(200, 10)))), [200]);
    assert.deepEqual(statusesOf(await say(head(fields(2000, 10)))), [200]);
    for (const large of [fields(20_000, 1), fields(2, 40_000), fields(70, 1000)]) {
      assert.deepEqual(statusesOf(await say(head(large))), [431]);
    }
    assert.deepEqual(statusesOf(await get(`/json?${'a'.repeat(60_000)}`)), [200]);
    assert.deepEqual(statusesOf(await get(`/${'a'.repeat(70_000)}`)), [431]);
    assert.deepEqual(statusesOf(await get(`/${'a/'.repeat(20_000)}`)), [404]);
    assert.deepEqual(statusesOf(await get(`/json?${'a&'.repeat(30_000)}`)), [200]);
    const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n0\r\n${fields(70, 1000)}\r\n`;
    const [status] = statusesOf(await say(chunked));
    assert.ok(status === 431 || status === 400, `trailers: ${status}`);
  });

  it('bounds HTTP/2 heads, too', async () => {
    const { stdout, stderr } = await curl(running, '--http2-prior-knowledge', '-o', '/dev/null', '-w', '%{http_code}',
      '-H', `X-A: ${'a'.repeat(70_000)}`, `http://${own()}/json`);
    assert.ok(stdout.toString() === '431' || /stream|HTTP\/2|died/i.test(stderr), stdout.toString() + stderr);
  });

  it('lets nobody put lines into a response, by any route', async () => {
    const evil = '%0d%0aX-Evil:%20yes%0d%0a%0d%0a<script>';
    const names = ['url', 'value', 'a', 'type', 'name', 'charset', 'location', 'sid', 'theme', 'tag', 'code', 'alert', 'Path', 'Domain',
      'to', 'status', 'reason', 'realm', 'page', 'limit', 'sort', 'query', 'q', 'subprotocol', 'retry'];
    const query = names.map((name) => `${name}=${evil}`).join('&');
    const routes = createRoutes({ issueClient: () => Promise.reject(new Error('not here')) });
    assert.ok(routes.length > 50);
    for (const { pattern } of routes) {
      const [method = '', place = ''] = pattern.split(' ');
      const path = place.replace(/^[^/]*/, '').replaceAll('{$}', '').replace(/\{[^}]*\}/g, `a${evil}`);
      for (const target of [path, `${path}?${query}`, `${path}?${evil}=${evil}`]) {
        if (/^\/(?:ws|faults|events|drip|delay)/.test(target)) continue;
        const text = await say(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        const [head = ''] = text.split('\r\n\r\n');
        assert.doesNotMatch(head, /^X-Evil/mi, `${method} ${target}`);
        assert.ok(statusesOf(text).length <= 1, `${method} ${target}`);
        assert.ok(!text.startsWith('HTTP/1.1 500'), `${method} ${target}: ${text}`);
      }
    }
  });
});
