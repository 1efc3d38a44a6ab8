import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainFailure } from '../../../src/explain/failure.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { maskExchange } from '../../../src/trace/secrets.ts';
import { createAuthority } from '../../support/certificates.ts';
import type { TestAuthority } from '../../support/certificates.ts';
import { debianOrSkip, requireDebian, skipped } from '../../support/debian.ts';
import { freePort, isListening } from '../../support/sockets.ts';
import { assertComplete, contentOf, createBench, silent, specOf } from '../http/support.ts';
import type { Bench } from '../http/support.ts';

// Proxies that ask for Digest (RFC 7616, RFC 9110 §11.7): Squid, and one written from the RFC alone.

describe('Digest for proxies', function () {
  this.timeout(300_000);
  let bench: Bench;
  let authority: TestAuthority;
  let plain: number;
  let secure: number;
  let reached: string[];

  beforeEach(async () => {
    bench = createBench();
    authority = await createAuthority();
    reached = [];
    const answer: http.RequestListener = (request, response) => {
      reached.push(request.rawHeaders.join('\n'));
      if (request.url === '/refuses') return void response.writeHead(407, {
        'Proxy-Authenticate': 'Digest realm="x", nonce="y", qop="auth"',
      }).end();
      response.end(`${request.method} ${request.url}`);
    };
    plain = await bench.serve(http.createServer(answer));
    secure = await bench.serve(https.createServer(await authority.issue({ names: ['localhost'] }), answer));
  });
  afterEach(() => bench.close());

  const send = (url: string, proxy: string): Promise<readonly Exchange[]> => bench.client.send(
    specOf(url, { options: { proxy, trustAnchors: [{ pem: authority.pem, label: 'test' }] } }), silent);

  describe('Squid', () => {
    let directory: string;
    let squid: ChildProcess;
    let port: number;

    before(async function () {
      const binary = debianOrSkip(this, 'squid', 'squid');
      const helper = '/usr/lib/squid/digest_file_auth';
      if (!existsSync(helper)) return skipped(this, `there is no ${helper}`);
      directory = mkdtempSync(join(tmpdir(), 'roundtrip-squid-'));
      // It gives up being root, and its helper reads the file as somebody else.
      chmodSync(directory, 0o777);
      writeFileSync(join(directory, 'users'), 'me:s3cret\nyou:s3cret\nthey:s3cret\n');
      port = await freePort();
      writeFileSync(join(directory, 'squid.conf'), [
        `http_port 127.0.0.1:${port}`, `auth_param digest program ${helper} ${join(directory, 'users')}`,
        'auth_param digest realm lab proxy', 'auth_param digest children 1', 'auth_param digest nonce_strictness on',
        'acl known proxy_auth REQUIRED', 'http_access allow known', 'http_access deny all', 'cache deny all',
        `pid_filename ${directory}/pid`, `cache_log ${directory}/log`, 'access_log none', `coredump_dir ${directory}`,
        'shutdown_lifetime 0 seconds', 'max_filedescriptors 1024', '',
      ].join('\n'));
      squid = spawn(binary, ['-N', '-f', join(directory, 'squid.conf')], { stdio: 'ignore' });
      for (let tries = 0; !await isListening(port); tries++) {
        assert(tries < 400 && squid.exitCode === null, 'squid does not listen');
        await new Promise((resolve) => void setTimeout(resolve, 25));
      }
    });
    after(async () => {
      if (squid && squid.exitCode === null) {
        squid.kill('SIGKILL');
        await once(squid, 'exit');
      }
      if (directory) rmSync(directory, { recursive: true });
    });

    it('passes on what curl gets through it by --proxy-digest', async () => {
      for (const url of [`http://localhost:${plain}/a?b`, `https://localhost:${secure}/a?b`]) {
        const ours = (await send(url, `http://me:s3cret@127.0.0.1:${port}`)).at(-1)!;
        assertComplete(ours);
        writeFileSync(join(directory, 'ca.pem'), authority.pem);
        const words = [
          '-q', '-sS', '--noproxy', '', '--cacert', join(directory, 'ca.pem'), '--proxy-digest', '--proxy-user',
          'me:s3cret', '--proxy', `http://127.0.0.1:${port}`, url,
        ];
        const out = await new Promise<string>(
          (resolve) => void execFile(requireDebian('curl', 'curl'), words, (_error, stdout) => resolve(stdout)),
        );
        assert.equal(await contentOf(bench.client, ours), out);
      }
      assert.doesNotMatch(reached.join(), /proxy-authorization|s3cret/i, 'the credentials are the proxy’s alone');
    });

    it('a tunnel: the challenge is answered on the same connection, and the nonce used again', async () => {
      const url = `https://localhost:${secure}/`;
      const first = await send(url, `http://you:s3cret@127.0.0.1:${port}`);
      assert.equal(first.length, 1);
      const hop = first[0]!.connection!.proxy!;
      assert.equal(hop.statusCode, 200);
      assert.deepEqual(hop.steps?.map(({ name }) => name), ['authentication']);
      const facts = hop.authorization!;
      assert(
        facts.scheme === 'digest' && facts.to === 'proxy' && facts.because === 'challenge' && facts.nonceCount === 1,
      );
      assert.deepEqual(
        [facts.realm, facts.user, facts.method, facts.uri], ['lab proxy', 'you', 'CONNECT', `localhost:${secure}`],
      );
      const masked = maskExchange(first[0]!).connection!;
      for (const shown of [masked.proxy!, masked.proxies![0]!]) {
        assert(shown.authorization?.scheme === 'digest' && shown.authorization.response !== facts.response);
      }
      const second = await bench.client.send(
        specOf(url, {
          options: { proxy: `http://you:s3cret@127.0.0.1:${port}`, forceNewConnection: true, trustAnchors: [{ pem: authority.pem, label: 'test' }] },
        }), silent,
      );
      const again = second[0]!.connection!.proxy!.authorization!;
      assert(again.scheme === 'digest' && again.because === 'known' && again.nonceCount === 2);
    });

    it('absolute form: the challenge is answered by another exchange, the next request at once', async () => {
      const proxy = `http://they:s3cret@127.0.0.1:${port}`;
      const url = `http://localhost:${plain}/x`;
      const [asked, answered, ...more] = await send(url, proxy);
      assert.equal(more.length, 0);
      assert.equal(asked!.response!.statusCode, 407);
      assert.deepEqual(asked!.challenge, { outcome: 'answered', exchangeId: answered!.id });
      assertComplete(answered!);
      const facts = answered!.proxyAuthorization!;
      assert(
        facts.scheme === 'digest' && facts.to === 'proxy' && facts.uri === url,
        'the target as it stands in the request line',
      );
      assert.equal(answered!.authorization, undefined);
      const next = await send(url, proxy);
      assert.deepEqual(next.map(({ response }) => response!.statusCode), [200]);
      const masked = maskExchange(answered!);
      assert(masked.proxyAuthorization!.scheme === 'digest' && masked.proxyAuthorization!.response !== facts.response);
    });

    it('a wrong password is refused once, and not tried again', async () => {
      const tunnel = await send(`https://localhost:${secure}/`, `http://me:wrong@127.0.0.1:${port}`);
      assert.deepEqual(
        tunnel.map(({ failure }) => [failure?.code, failure?.detail?.['statusCode'], failure?.detail?.['answerable']]),
        [['proxy-refused', 407, undefined]],
      );
      const absolute = await send(`http://localhost:${plain}/`, `http://me:wrong@127.0.0.1:${port}`);
      assert.deepEqual(
        absolute.map(({ response, challenge }) => [response?.statusCode, challenge?.outcome]),
        [[407, 'answered'], [407, 'refused']],
      );
      assert.deepEqual(reached, []);
    });
  });

  describe('one written from the RFC', () => {
    /** Wants MD5 and `auth` for CONNECT, each nonce once only; closes after a 407 where `closes`. */
    async function strictProxy(closes: boolean, algorithm = 'MD5'): Promise<{ port: number; said: string[] }> {
      const said: string[] = [];
      let nonce = '';
      const server = createServer((client) => {
        client.on('error', () => {});
        let seen = '';
        client.on('data', function read(chunk) {
          seen += String(chunk);
          const end = seen.indexOf('\r\n\r\n');
          if (end === -1) return;
          const head = seen.slice(0, end);
          seen = seen.slice(end + 4);
          said.push(head);
          if (isRight(head, nonce)) {
            client.off('data', read);
            nonce = '';
            return tunnel(client, /^CONNECT (\S+):(\d+) /.exec(head)!);
          }
          nonce = createHash('sha1').update(`${said.length}`).digest('hex');
          client.write(
            `HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm="r", nonce="${nonce}", qop="auth", algorithm=${algorithm}\r\n${closes ? 'Connection: close\r\n' : ''}Content-Length: 3\r\n\r\nwho`,
          );
          if (closes) client.end();
        });
      });
      return { port: await bench.serve(server), said };
    }

    function isRight(head: string, nonce: string): boolean {
      const field = /^Proxy-Authorization: Digest (.*)$/mi.exec(head)?.[1];
      if (field === undefined || nonce === '') return false;
      const part = (name: string): string => new RegExp(`(?:^|, )${name}="?([^",]*)`).exec(field)?.[1] ?? '';
      const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
      const target = /^CONNECT (\S+) /.exec(head)![1];
      const wanted = md5(
        `${md5('me:r:s3cret')}:${nonce}:${part('nc')}:${part('cnonce')}:auth:${md5(`CONNECT:${target}`)}`,
      );
      return part('response') === wanted && part('nc') === '00000001' && part('uri') === target
        && part('nonce') === nonce;
    }

    function tunnel(client: Socket, [, host, port]: RegExpExecArray): void {
      const far = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host!, () => {
        client.write('HTTP/1.1 200 Here\r\n\r\n');
        client.pipe(far).pipe(client);
      }).on('error', () => client.destroy());
    }

    it('keeps the connection: one exchange, two CONNECTs', async () => {
      const proxy = await strictProxy(false);
      const exchanges = await send(`https://localhost:${secure}/`, `http://me:s3cret@127.0.0.1:${proxy.port}`);
      assert.equal(exchanges.length, 1);
      assertComplete(exchanges[0]!);
      assert.match(proxy.said[0]!, /\r\nProxy-Authorization: Basic /);
      assert.match(proxy.said[1]!, /\r\nProxy-Authorization: Digest /);
      assert.equal(proxy.said.length, 2);
    });

    it('closes it: another exchange answers', async () => {
      const proxy = await strictProxy(true);
      const exchanges = await send(`https://localhost:${secure}/`, `http://me:s3cret@127.0.0.1:${proxy.port}`);
      assert.deepEqual(exchanges.map(({ failure }) => failure?.code), ['proxy-refused', undefined]);
      assert.deepEqual(exchanges[0]!.challenge, { outcome: 'answered', exchangeId: exchanges[1]!.id });
      const { text, steps } = explainFailure(exchanges[0]!.failure!, exchanges[0]!, 'en');
      assert.match(text, /the next request answers its challenge/);
      assert.deepEqual(steps, [], 'there is nothing to do');
      assertComplete(exchanges[1]!);
    });

    it('says that the nonce is no longer good: the new challenge is answered', async () => {
      const proxy = await strictProxy(false);
      for (let round = 0; round < 3; round++) {
        const options = {
          proxy: `http://me:s3cret@127.0.0.1:${proxy.port}`, forceNewConnection: true,
          trustAnchors: [{ pem: authority.pem, label: 'test' }],
        };
        const [exchange] = await bench.client.send(specOf(`https://localhost:${secure}/`, { options }), silent);
        assertComplete(exchange!);
      }
      assert.equal(proxy.said.length, 6);
    });

    it('wants an algorithm that does not exist: the refusal stands', async () => {
      const proxy = await strictProxy(false, 'SHA-9000');
      const exchanges = await send(`https://localhost:${secure}/`, `http://me:s3cret@127.0.0.1:${proxy.port}`);
      assert.deepEqual(exchanges.map(({ failure }) => failure?.code), ['proxy-refused']);
    });

    it('without credentials is not answered', async () => {
      const proxy = await strictProxy(false);
      const exchanges = await send(`https://localhost:${secure}/`, `http://127.0.0.1:${proxy.port}`);
      assert.deepEqual(exchanges.map(({ failure }) => failure?.code), ['proxy-refused']);
      assert.equal(proxy.said.length, 1);
    });
  });

  it('a 407 of an origin server is no proxy’s: nothing is sent to it', async () => {
    const server = createServer((client) => void client.once('data', (chunk) => {
      const [, host, port] = /^CONNECT (\S+):(\d+) /.exec(String(chunk))!;
      const far = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host!, () => {
        client.write('HTTP/1.1 200 Here\r\n\r\n');
        client.pipe(far).pipe(client);
      });
      client.on('error', () => far.destroy());
    }));
    const proxy = await bench.serve(server);
    const exchanges = await send(`https://localhost:${secure}/refuses`, `http://me:s3cret@127.0.0.1:${proxy}`);
    assert.deepEqual(exchanges.map(({ response }) => response?.statusCode), [407]);
    assert.doesNotMatch(reached.join(), /proxy-authorization/i);
  });
});
