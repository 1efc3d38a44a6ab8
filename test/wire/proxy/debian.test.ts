import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { explainWhoAnswered } from '../../../src/explain/whoAnswered.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { createAuthority } from '../../support/certificates.ts';
import type { TestAuthority } from '../../support/certificates.ts';
import { debianOrSkip, requireDebian } from '../../support/debian.ts';
import { perlSocks, perlSocksModule } from '../../support/perlSocks.ts';
import { createOpened, freePort, isListening } from '../../support/sockets.ts';
import { contentOf, createBench, sendOne, specOf } from '../http/support.ts';
import type { Bench } from '../http/support.ts';

// Through proxies that others wrote, and as curl goes through them.

describe('proxies of Debian', function () {
  this.timeout(300_000);
  const opened = createOpened();
  const children: ChildProcess[] = [];
  let bench: Bench;
  let authority: TestAuthority;
  let directory: string;
  let plain: number;
  let secure: number;
  let reached: string[] = [];

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-proxies-'));
    authority = await createAuthority();
    writeFileSync(join(directory, 'ca.pem'), authority.pem);
    const answer: http.RequestListener = (request, response) => {
      reached.push(request.rawHeaders.join('\n'));
      if (request.url === '/missing') response.statusCode = 404;
      response.end(`${request.method} ${request.url}`);
    };
    plain = await opened.serve(http.createServer(answer));
    secure = await opened.serve(https.createServer(await authority.issue({ names: ['localhost', 'far.test'] }), answer));
  });
  beforeEach(() => {
    bench = createBench();
    reached = [];
  });
  afterEach(() => bench.close());
  after(async () => {
    for (const child of children) {
      if (child.exitCode !== null) continue;
      child.kill();
      await once(child, 'exit');
    }
    await opened.close();
    rmSync(directory, { recursive: true });
  });

  async function run(binary: string, words: readonly string[], port: number): Promise<void> {
    const child = spawn(binary, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    let errors = '';
    child.stderr!.on('data', (chunk) => { errors += String(chunk); });
    for (let tries = 0; ; tries += 1) {
      if (await isListening(port)) return;
      assert.ok(child.exitCode === null && tries < 200, `${binary} does not listen: ${errors}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** What curl gets: the content, or why none. */
  function curl(url: string, proxy: readonly string[]): Promise<{ out: string; code: number }> {
    const words = [
      '-q', '-sS', '--max-time', '20', '--noproxy', '', '--cacert', join(directory, 'ca.pem'), ...proxy, url,
    ];
    return new Promise((resolve) => void execFile(requireDebian('curl', 'curl'), words, (error, stdout) =>
      resolve({ out: stdout, code: error ? Number(error.code) : 0 })));
  }

  async function send(url: string, proxy: string): Promise<Exchange> {
    const trustAnchors = [{ pem: authority.pem, label: 'test' }];
    return sendOne(bench.client, specOf(url, { options: { proxy, trustAnchors } }));
  }

  /** Both get the same content, and the credentials go no further than the proxy. */
  async function checkSame(proxy: string, host = 'localhost'): Promise<void> {
    for (const url of [`http://${host}:${plain}/a?b`, `https://${host}:${secure}/a?b`]) {
      const { out, code } = await curl(url, ['--proxy', proxy]);
      assert.equal(code, 0, `curl to ${url}: ${out}`);
      const exchange = await send(url, proxy);
      assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
      assert.equal(await contentOf(bench.client, exchange), out);
    }
    assert.doesNotMatch(reached.join(), /proxy-authorization|s3cret/i);
  }

  describe('tinyproxy', () => {
    let port: number;
    before(async function () {
      const tinyproxy = debianOrSkip(this, 'tinyproxy-bin', 'tinyproxy');
      port = await freePort();
      const file = join(directory, 'tinyproxy.conf');
      const { username } = userInfo();
      writeFileSync(file, [
        `Port ${port}`, 'Listen 127.0.0.1', 'Timeout 20', 'MaxClients 20', 'BasicAuth me s3cret',
        ...(process.getuid?.() === 0 ? [`User ${username}`] : []), `ConnectPort ${secure}`, '',
      ].join('\n'));
      await run(tinyproxy, ['-d', '-c', file], port);
    });

    it('passes on what curl gets through it', () => checkSame(`http://me:s3cret@127.0.0.1:${port}`));

    it('asks for credentials: the schemes and what it says are kept', async () => {
      const exchange = await send(`https://localhost:${secure}/`, `http://127.0.0.1:${port}`);
      assert.deepEqual([exchange.failure?.code, exchange.failure?.detail?.['statusCode']], ['proxy-refused', 407]);
      const hop = exchange.connection?.proxy;
      assert.ok(
        hop?.headers?.some(([name, value]) => name.toLowerCase() === 'proxy-authenticate' && /^Basic /.test(value)),
      );
      assert.match(hop?.body?.text ?? '', /<html/i);
      assert.equal(hop?.body?.complete, true);
      const absolute = await send(`http://localhost:${plain}/`, `http://127.0.0.1:${port}`);
      assert.deepEqual([absolute.failure, absolute.response?.statusCode], [undefined, 407]);
      assert.deepEqual(reached, []);
    });

    it('answers itself what it cannot pass on, and names itself in what it passes on', async () => {
      const proxy = `http://me:s3cret@127.0.0.1:${port}`;
      const own = await send(`http://localhost:${await freePort()}/`, proxy);
      assert.equal(own.response?.statusCode, 500);
      assert.match(explainWhoAnswered(own, 'en') ?? '', new RegExp(`^The proxy \`127.0.0.1:${port}\` may have answered this itself`));
      const passedOn = await send(`http://localhost:${plain}/missing`, proxy);
      assert.equal(passedOn.response?.statusCode, 404);
      assert.equal(explainWhoAnswered(passedOn, 'en'), undefined);
    });

    it('allows some ports only', async () => {
      const exchange = await send(`https://localhost:${plain}/`, `http://me:s3cret@127.0.0.1:${port}`);
      assert.deepEqual([exchange.failure?.code, exchange.failure?.detail?.['statusCode']], ['proxy-refused', 403]);
      assert.match(exchange.connection?.proxy?.body?.text ?? '', /CONNECT method not allowed/);
    });
  });

  describe('microsocks', () => {
    let port: number;
    before(async function () {
      const microsocks = debianOrSkip(this, 'microsocks', 'microsocks');
      port = await freePort();
      await run(microsocks, ['-i', '127.0.0.1', '-p', String(port), '-u', 'me', '-P', 's3cret'], port);
    });

    for (const scheme of ['socks5', 'socks5h']) {
      it(`passes on what curl gets through it, by ${scheme}`, () =>
        checkSame(`${scheme}://me:s3cret@127.0.0.1:${port}`));
    }

    it('refuses as it refuses curl', async () => {
      const closed = await freePort();
      const cases: [user: string, url: string, curlCode: number, detail: Record<string, unknown>][] = [
        ['me:wrong@', `http://localhost:${plain}/`, 97, { reason: 'credentials' }],
        ['', `http://localhost:${plain}/`, 97, { reason: 'no-method' }],
        ['me:s3cret@', `http://localhost:${closed}/`, 97, { reason: 'reply', reply: 5 }],
      ];
      for (const [user, url, curlCode, detail] of cases) {
        const proxy = `socks5h://${user}127.0.0.1:${port}`;
        assert.equal((await curl(url, ['--proxy', proxy])).code, curlCode);
        const { failure } = await send(url, proxy);
        assert.deepEqual([failure?.phase, failure?.code], ['proxy', 'proxy-refused'], JSON.stringify(failure));
        assert.partialDeepStrictEqual(failure?.detail, detail);
      }
      assert.deepEqual(reached, []);
    });
  });

  describe('IO::Socket::Socks of Perl', () => {
    let port: number;
    before(async function () {
      debianOrSkip(this, 'libio-socket-socks-perl', perlSocksModule);
      port = await freePort();
      await run(requireDebian('perl', 'perl'), ['-e', perlSocks, String(port)], port);
    });

    // Nobody here finds far.test: that anything comes of it shows that the name was passed on.
    for (const [scheme, host] of [['socks4', 'localhost'], ['socks4a', 'far.test'], ['socks5h', 'far.test']] as const) {
      it(`passes on what curl gets through it, by ${scheme} to ${host}`, async () => {
        await checkSame(`${scheme}://me:s3cret@127.0.0.1:${port}`, host);
        const exchange = await send(`http://${host}:${plain}/`, `${scheme}://me:s3cret@127.0.0.1:${port}`);
        assert.equal(exchange.connection?.proxy?.socks?.version, scheme === 'socks5h' ? 5 : 4);
      });
    }

    it('refuses as it refuses curl', async () => {
      const closed = await freePort();
      const cases: [proxy: string, url: string, detail: Record<string, unknown>][] = [
        ['socks4a://me@', `http://far.test:${closed}/`, { reason: 'reply', reply: 91 }],
        ['socks4a://stranger@', `http://far.test:${plain}/`, { reason: 'reply', reply: 93 }],
        ['socks4a://', `http://far.test:${plain}/`, { reason: 'reply', reply: 93 }],
        ['socks5h://me:wrong@', `http://far.test:${plain}/`, { reason: 'credentials' }],
        ['socks5h://', `http://far.test:${plain}/`, { reason: 'no-method' }],
      ];
      for (const [user, url, detail] of cases) {
        const proxy = `${user}127.0.0.1:${port}`;
        assert.equal((await curl(url, ['--proxy', proxy])).code, 97, proxy);
        const { failure } = await send(url, proxy);
        assert.deepEqual([failure?.phase, failure?.code], ['proxy', 'proxy-refused'], JSON.stringify(failure));
        assert.partialDeepStrictEqual(failure?.detail, detail);
      }
      assert.deepEqual(reached, []);
    });
  });

  describe('dante', () => {
    let port: number;
    before(async function () {
      const danted = debianOrSkip(this, 'dante-server', 'danted');
      port = await freePort();
      const file = join(directory, 'danted.conf');
      const { username } = userInfo();
      writeFileSync(file, [
        'logoutput: /dev/null', `internal: 127.0.0.1 port = ${port}`, 'external: lo',
        'clientmethod: none', 'socksmethod: none', `user.privileged: ${username}`, `user.unprivileged: ${username}`,
        'client pass { from: 127.0.0.0/8 to: 127.0.0.0/8 }',
        'socks block { from: 127.0.0.0/8 to: 192.0.2.0/24 }', 'socks pass { from: 127.0.0.0/8 to: 127.0.0.0/8 }', '',
      ].join('\n'));
      await run(danted, ['-f', file, '-p', join(directory, 'danted.pid')], port);
    });

    // It knows no SOCKS4a.
    for (const scheme of ['socks4', 'socks5', 'socks5h']) {
      it(`passes on what curl gets through it, by ${scheme}`, async () => {
        // Its rules are for IPv4, which a name leads to for certain by SOCKS4 only.
        const urls = [`http://127.0.0.1:${plain}/a?b`, `https://localhost:${secure}/`];
        for (const url of scheme === 'socks4' ? urls : urls.slice(0, 1)) {
          const proxy = `${scheme}://127.0.0.1:${port}`;
          const { out, code } = await curl(url, ['--proxy', proxy]);
          assert.equal(code, 0, `curl to ${url}`);
          const exchange = await send(url, proxy);
          assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
          assert.equal(await contentOf(bench.client, exchange), out);
        }
      });
    }

    it('refuses by its rules as it refuses curl', async () => {
      for (const [scheme, reply] of [['socks5h', 2], ['socks4', 91]] as const) {
        const proxy = `${scheme}://127.0.0.1:${port}`;
        assert.equal((await curl('http://192.0.2.7/', ['--proxy', proxy])).code, 97);
        const { failure } = await send('http://192.0.2.7/', proxy);
        assert.deepEqual(
          [failure?.code, failure?.detail?.['reply']], ['proxy-refused', reply], JSON.stringify(failure),
        );
      }
    });

    it('is the first of a chain, as curl goes through both', async function () {
      const tinyproxy = debianOrSkip(this, 'tinyproxy-bin', 'tinyproxy');
      const second = await freePort();
      const file = join(directory, 'second.conf');
      writeFileSync(file, [
        `Port ${second}`, 'Listen 127.0.0.1', 'Timeout 20', 'BasicAuth me s3cret',
        ...(process.getuid?.() === 0 ? [`User ${userInfo().username}`] : []), '',
      ].join('\n'));
      await run(tinyproxy, ['-d', '-c', file], second);
      for (const url of [`http://localhost:${plain}/a`, `https://localhost:${secure}/a`]) {
        const [first, last] = [`socks5h://127.0.0.1:${port}`, `http://me:s3cret@127.0.0.1:${second}`];
        const { out, code } = await curl(url, ['--preproxy', first, '--proxy', last]);
        assert.equal(code, 0);
        const exchange = await send(url, `${first}, ${last}`);
        assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
        assert.equal(await contentOf(bench.client, exchange), out);
      }
    });
  });
});
