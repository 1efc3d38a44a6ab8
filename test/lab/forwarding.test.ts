import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { LabPartId, ServerEvent } from '../../src/lab/messages.ts';
import { requireDebian } from '../support/debian.ts';
import { converse, dial, isOf, newTrace, receive, run, runLab } from './running.ts';
import type { Run, RunningLab } from './running.ts';

describe('lab proxies, tunnels and relays', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;
  const plain = (path: string): string => `http://lab.test:${running.lab.addresses.http.port}${path}`;
  const secure = (path: string): string => `https://lab.test:${running.lab.addresses.https.port}${path}`;
  const curl = (...args: string[]): Promise<Run> => run(requireDebian('curl', 'curl'),
    ['-sS', '--max-time', '10', '--cacert', running.rootFile, '--proxy-cacert', running.rootFile, ...args]);
  const body = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await curl(...args);
    assert.equal(stderr, '');
    return stdout.toString();
  };
  const status = (...args: string[]): Promise<string> => body('-o', '/dev/null', '-w', '%{http_code}', ...args);
  const eventsOf = (traceId: string, server: string): readonly ServerEvent[] =>
    running.accounts.filter((account) => account.server === server && isOf(account, traceId)).flatMap(({ events }) => events);
  const proxy = (id: LabPartId, scheme = 'http'): string[] => ['-x', `${scheme}://localhost:${portOf(id)}`];

  it('forward requests in absolute form, without what was for the proxy alone', async () => {
    const { traceId, field } = newTrace();
    const seen = JSON.parse(await body(...proxy('proxy'), '-H', `traceparent: ${field}`, '-H', 'Connection: keep-alive, x-hop',
      '-H', 'X-Hop: 1', '-H', 'X-End: 2', '-H', 'Proxy-Authorization: Basic c2VjcmV0', plain('/headers'))) as
      { headers: Record<string, unknown> };
    const text = JSON.stringify(seen).toLowerCase();
    assert.match(text, /x-end/);
    assert.match(text, /1\.1 proxy\.lab\.test/);
    assert.match(text, /for=/);
    for (const gone of ['x-hop', 'proxy-authorization', 'c2vjcmv0']) assert.ok(!text.includes(gone), gone);
    const events = eventsOf(traceId, 'proxy');
    assert.deepEqual(events.map(({ type }) => type).filter((type) => type !== 'closed'), [
      'listening', 'accepted', 'first-byte', 'head-parsed', 'forwarded', 'response-started', 'response-finished', 'kept-alive',
    ]);
    assert.ok(running.accounts.find((account) => account.server === 'lab' && isOf(account, traceId))?.forwarded);
  });

  it('open tunnels by CONNECT, over HTTPS to the proxy as well', async () => {
    assert.equal(await status(...proxy('proxy'), secure('/json')), '200');
    assert.equal(await status(...proxy('httpsProxy', 'https'), secure('/json')), '200');
    assert.equal(await status(...proxy('httpsProxy', 'https'), plain('/json')), '200');
    const tunnel = running.accounts.find(({ server, events }) =>
      server === 'httpsProxy' && events.some(({ type }) => type === 'tunnelled'));
    assert.ok(tunnel && 'clientPort' in tunnel && tunnel.clientPort > 0);
  });

  it('ask members who they are', async () => {
    for (const url of [plain('/json'), secure('/json')]) {
      const refused = await curl(...proxy('memberProxy'), '-o', '/dev/null', '-w', '%{http_code} %{http_connect}', url);
      assert.match(refused.stdout.toString(), /407/);
      assert.equal(await status(...proxy('memberProxy'), '--proxy-user', 'ada:lovelace', url), '200');
      const wrong = await curl(...proxy('memberProxy'), '--proxy-user', 'ada:x', '-o', '/dev/null', '-w', '%{http_code} %{http_connect}', url);
      assert.match(wrong.stdout.toString(), /407/);
    }
  });

  it('lead nowhere outside the lab', async () => {
    let reached = 0;
    const outside = createServer((socket) => {
      reached += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const { port } = outside.address() as AddressInfo;
    try {
      for (const host of ['127.0.0.1', 'localhost', 'lab.test', 'x.lab.test', '[::1]']) {
        assert.equal(await status(...proxy('proxy'), `http://${host}:${port}/`), '403', host);
        const tunnel = await curl(...proxy('proxy'), '-w', '%{http_connect}', `https://${host}:${port}/`);
        assert.match(tunnel.stdout.toString(), /403/, host);
        const socks = await curl('-x', `socks5h://localhost:${portOf('socks')}`, `http://${host}:${port}/`);
        assert.equal(socks.code, 97, `${host}: ${socks.stderr}`);
      }
      for (const url of ['http://example.com/', 'http://169.254.169.254/', `http://lab.test.example.com:${running.lab.addresses.http.port}/`]) {
        assert.equal(await status(...proxy('proxy'), url), '403', url);
      }
      assert.equal(reached, 0);
    } finally {
      outside.close();
    }
  });

  it('lead to what the lab opens for a while: FTP\'s data ports, by tunnels alone', async () => {
    const ftp = `ftp://lab.test:${portOf('ftp')}/`;
    const socks = ['-x', `socks5h://localhost:${portOf('socks')}`];
    for (const way of [['-p', ...proxy('proxy')], ['-p', ...proxy('httpsProxy', 'https')], socks]) {
      for (const more of [[], ['--disable-epsv']]) assert.match(await body(...way, ...more, ftp), /welcome\.txt/, way.join(' '));
    }
    const control = await dial(portOf('ftp'));
    const opened = receive(control, /229 .*\|\|\|\d+\|\)/);
    control.write('USER anonymous\r\nPASS x\r\nEPSV\r\n');
    const port = Number(/\|\|\|(\d+)\|/.exec((await opened).text)?.[1]);
    // What is written by HTTP must not become a file.
    assert.equal(await status(...proxy('proxy'), `http://lab.test:${port}/`), '403');
    const target = `CONNECT lab.test:${port} HTTP/1.1\r\n\r\n`;
    const tunnel = await dial(portOf('proxy'));
    const answer = receive(tunnel, /\r\n\r\n/);
    tunnel.write(target);
    assert.match((await answer).text, /^HTTP\/1\.1 200 /);
    // It has come, and the port is closed: it may be anybody's.
    assert.match((await converse(portOf('proxy'), target)).text, /^HTTP\/1\.1 403 /);
    tunnel.destroy();
    control.destroy();
  });

  it('lead to the server that has no room', async () => {
    const url = await body(plain('/faults/connection-limit?ms=0'), '--connect-to', '::127.0.0.1:', '-o', '/dev/null', '-w', '%{redirect_url}');
    assert.match(url, /^http:\/\/lab\.test:\d+\/$/);
    assert.equal(await status(...proxy('proxy'), url), '200');
    assert.equal(await status('-p', ...proxy('proxy'), url), '200');
    assert.equal(await status('-x', `socks5h://localhost:${portOf('socks')}`, url), '200');
  });

  it('see a request that comes round again, and say what they want', async () => {
    const own = portOf('proxy');
    assert.equal(await status(...proxy('proxy'), `http://lab.test:${own}/`), '400');
    assert.equal(await status(...proxy('proxy'), '-H', 'Via: 1.1 proxy.lab.test', plain('/json')), '508');
    assert.equal(await status('--resolve', `lab.test:${own}:127.0.0.1`, `http://lab.test:${own}/json`), '400');
    for (const target of ['lab.test', ':80', 'a b:1', 'lab.test:x', '']) {
      const socket = await dial(own);
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
      assert.match((await receive(socket)).text, /^HTTP\/1\.1 40[03] /, target);
    }
  });

  it('pass on what comes early after CONNECT, and what is no HTTP', async () => {
    const { port } = running.lab.addresses.http;
    const socket = await dial(portOf('proxy'));
    socket.write(`CONNECT lab.test:${port} HTTP/1.1\r\nHost: lab.test:${port}\r\n\r\nGET /json HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
    const { text } = await receive(socket);
    assert.match(text, /^HTTP\/1\.1 200 [^]*?\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  it('speak SOCKS5, with and without a password, at every split of the bytes', async () => {
    const socks = (...more: string[]): string[] => ['-x', `socks5h://${more.join('')}localhost:${portOf('socks')}`];
    assert.equal(await status(...socks(), plain('/json')), '200');
    assert.equal(await status(...socks('ada:lovelace@'), secure('/json')), '200');
    assert.equal((await curl(...socks('ada:wrong@'), plain('/json'))).code, 97);
    const { port } = running.lab.addresses.http;
    const name = Buffer.from('lab.test');
    const bytes = Buffer.concat([
      Buffer.from([5, 1, 0, 5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255]),
      Buffer.from(`GET /json HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`),
    ]);
    for (let cut = 1; cut < 24; cut += 1) {
      const socket = await dial(portOf('socks'));
      socket.setNoDelay();
      const received = receive(socket);
      socket.write(bytes.subarray(0, cut));
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.write(bytes.subarray(cut));
      assert.match((await received).text, /HTTP\/1\.1 200 OK/, `cut at ${cut}`);
    }
  });

  it('relay as they should, connection by connection', async () => {
    const relay = portOf('relay');
    const { traceId, field } = newTrace();
    const url = `http://lab.test:${relay}/headers`;
    const text = await body('--resolve', `lab.test:${relay}:127.0.0.1`, '-H', `traceparent: ${field}`, url, url);
    assert.equal(text.match(/relay\.lab\.test/g)?.length, 2);
    assert.equal(eventsOf(traceId, 'relay').filter(({ type }) => type === 'forwarded').length, 2);
  });

  it('relay blindly: the second request on a connection is not read, until patience ends', async function () {
    this.timeout(15_000);
    const port = portOf('blindRelay');
    const socket = await dial(port);
    const { traceId, field } = newTrace();
    const request = (path: string, trace = ''): string =>
      `GET ${path} HTTP/1.1\r\nHost: lab.test:${port}\r\n${trace}Connection: keep-alive\r\n\r\n`;
    const first = receive(socket, /"partner": null\s*\}\s*$/);
    socket.write(request('/json'));
    assert.match((await first).text, /^HTTP\/1\.1 200 OK[^]*Connection: keep-alive/);
    const second = receive(socket);
    socket.write(request('/headers', `traceparent: ${field}\r\n`));
    assert.equal((await second).text, '', 'the server has closed, and nothing was answered');
    assert.deepEqual(eventsOf(traceId, 'blindRelay').map(({ type }) => type).slice(0, 2), ['accepted', 'ignored']);
    assert.deepEqual(eventsOf(traceId, 'lab'), []);
  });
});
