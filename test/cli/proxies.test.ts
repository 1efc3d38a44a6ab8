import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import https from 'node:https';
import { createAuthority } from '../support/certificates.ts';
import { jsonLines, run } from '../support/commandLine.ts';
import { createFaultyProxy, createHttpProxy, createScriptedProxy } from '../support/proxyServer.ts';
import type { ProxyLog } from '../support/proxyServer.ts';
import { createOpened } from '../support/sockets.ts';

// From a request file and the command line to the proxy and back.

describe('roundtrip send through proxies', function () {
  this.timeout(60_000);
  const opened = createOpened();
  const log: ProxyLog = { said: [] };
  let origin: number;
  let proxy: string;
  /** Without what this machine itself says of proxies. */
  const plain = {
    http_proxy: '', https_proxy: '', HTTPS_PROXY: '', all_proxy: '', ALL_PROXY: '', no_proxy: '', NO_PROXY: '',
  };

  before(async () => {
    const answer: RequestListener = (request, response) => response.end(
      `${request.headers['proxy-authorization'] ?? 'clean'}\n`,
    );
    origin = await opened.serve(createServer(answer));
    proxy = `127.0.0.1:${await opened.serve(createHttpProxy(log))}`;
  });
  beforeEach(() => { log.said.length = 0; });
  after(() => opened.close());

  const cases: [title: string, text: (port: number) => string, words: string[], env: Record<string, string>, decided: string, isProxied: boolean][] = [
    ['by the request', (port) => `# @proxy http://me:s3cret@PROXY\nGET http://localhost:${port}/`, [], {}, '@proxy chosen', true],
    ['by the request, the command line overruled', (port) => `# @no-proxy\nGET http://localhost:${port}/`, ['--proxy', 'http://PROXY'], {}, '@no-proxy direct', false],
    ['by the command line', (port) => `GET http://localhost:${port}/`, ['--proxy', 'me:s3cret@PROXY'], {}, '--proxy chosen', true],
    ['by the environment', (port) => `GET http://far.example:${port}/`, [], { http_proxy: 'http://me:s3cret@PROXY' }, 'http_proxy chosen', true],
    ['not by the environment to this machine', (port) => `GET http://localhost:${port}/`, [], { all_proxy: 'http://me:s3cret@PROXY' }, 'all_proxy this-machine', false],
    ['not by the environment but for what it excepts', (port) => `GET http://127.0.0.1:${port}/`, [], { http_proxy: 'PROXY', NO_PROXY: '127.0.0.0/8' }, 'NO_PROXY excluded', false],
    ['not by the environment if told so', (port) => `GET http://127.0.0.1:${port}/`, ['--no-proxy'], { http_proxy: 'PROXY' }, '--no-proxy direct', false],
  ];
  for (const [title, text, words, env, decided, isProxied] of cases) {
    it(title, async () => {
      const fill = (one: string): string => one.replace('PROXY', proxy);
      const environment = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
      const { code, stdout, stderr } = await run(['send', '-', '--json', ...words.map(fill)], {
        input: fill(text(origin)), env: { ...plain, ...environment },
      });
      equal(code, 0, stderr);
      const [exchange] = jsonLines(stdout);
      equal(exchange.response.content, 'clean\n');
      const { name, outcome } = exchange.proxyDecision.rule;
      equal(`${name} ${outcome}`, decided);
      equal(log.said.length, isProxied ? 1 : 0);
      if (log.said.length > 0 && `${fill(text(origin))}${words}${JSON.stringify(env)}`.includes('s3cret')) {
        match(log.said[0]!, new RegExp(`Basic ${btoa('me:s3cret')}`));
      }
      doesNotMatch(JSON.stringify([exchange.proxyDecision, exchange.connection]), /s3cret/);
    });
  }

  it('says why in both languages, and what a proxy said that refused', async () => {
    const port = await opened.serve(createFaultyProxy({
      answer: 'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm="a"\r\nContent-Length: 12\r\n\r\nName, please',
    }));
    const input = `# @proxy http://me:s3cret@127.0.0.1:${port}\nGET https://far.example/`;
    const { code, stdout, stderr } = await run(['send', '-'], { input, env: plain });
    equal(code, 1);
    match(stdout, new RegExp(`Through http://127\\.0\\.0\\.1:${port}, as # @proxy of the request says\\.`));
    match(stdout, /Proxy-Authenticate: Negotiate\n.*\n.*\n\nName, please/);
    match(stderr, /asks for credentials by Negotiate, Basic/);
    doesNotMatch(stdout + stderr, /s3cret/);
    const korean = await run(['send', '-'], { input, env: { ...plain, LC_ALL: 'ko_KR.UTF-8' } });
    match(korean.stdout, /요청의 # @proxy 설정에 따라/);
  });

  it('says that a proxy may have answered itself, in both languages', async () => {
    const port = await opened.serve(createFaultyProxy({ answer: 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n' }));
    const input = `# @proxy http://me:s3cret@127.0.0.1:${port}\nGET http://far.example/`;
    const { stdout } = await run(['send', '-'], { input, env: plain });
    match(stdout.replaceAll(/\s+/g, ' '), new RegExp(`The proxy 127\\.0\\.0\\.1:${port} may have answered this itself: .* this response has none\\.`));
    const korean = await run(['send', '-'], { input, env: { ...plain, LC_ALL: 'ko_KR.UTF-8' } });
    match(korean.stdout, /프록시에서 직접 보낸 응답일 수 있습니다/);
    doesNotMatch(stdout + korean.stdout, /s3cret/);
  });

  it('says that a proxy of the lab answered itself, and nothing of the kind of what it passed on', async () => {
    const through = (url: string): string => `# @proxy {{$lab.proxy}}\nGET ${url}\n\n###\n`;
    const { stdout } = await run(['send', '-'], {
      input: through('http://127.0.0.1:9/') + through('{{$lab.http}}/status/403'), env: plain,
    });
    const [refused, passedOn] = stdout.split(/^(?=GET )/m);
    match(refused!, /^The proxy lab\.test:\d+ answered this itself; it does not come from the server of the URL\.$/m);
    match(passedOn!, /→ 403 Forbidden/);
    doesNotMatch(passedOn!, /answered this/);
  });

  it('lists with --verbose who was asked, what was said to each proxy, and TLS with it', async () => {
    const authority = await createAuthority();
    const certificate = await authority.issue({ names: ['127.0.0.1', 'proxy.test'] });
    const through = `https://127.0.0.1:${await opened.serve(createHttpProxy(log, { certificate }))}`;
    const far = await opened.serve(https.createServer(certificate, (_, response) => response.end('ok')));
    const { code, stdout, stderr } = await run(['send', '-', '-v', '-k'], {
      input: `GET https://far.example:${far}/`, env: { ...plain, https_proxy: through, NO_PROXY: 'other.example' },
    });
    equal(code, 0, stderr);
    const lines = stdout.split('\n');
    const hop = lines.indexOf(`Proxy ${through}`);
    deepEqual(lines.slice(hop, hop + 4), [
      `Proxy ${through}`, '  Kind       HTTP proxy over TLS', `  Tunnel to  far.example:${far}`, '  Answer     200 OK',
    ]);
    const asked = lines.indexOf('Asked in this order');
    match(lines.slice(asked, hop).join('\n'), /^ {2}https_proxy +https:\/\/127\.0\.0\.1:\d+$/m);
    deepEqual(lines.filter((line) => line.startsWith('TLS ')).map((line) => line.split('  ')[0]), [
      `TLS ${through}`, 'TLS far.example',
    ]);
    match(stdout, /^ {4}1 {2}127\.0\.0\.1 {2}✓ 127\.0\.0\.1 · ✗ proxy\.test$/m);
  });

  it('tells what a SOCKS proxy chose and answered', async () => {
    const port = await opened.serve(createScriptedProxy([
      { wants: 3, says: [Buffer.from([5, 0])] }, { wants: 10, says: [Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])] },
    ], (client) => client.end()));
    const { code, stdout } = await run(['send', '-', '-v', '--proxy', `socks5h://127.0.0.1:${port}`], {
      input: 'GET http://far.example:1/', env: plain,
    });
    equal(code, 1);
    match(stdout, /^ {2}Kind +SOCKS5 \(RFC 1928\); names are looked up by the proxy\n {2}Tunnel to +far\.example:1$/m);
    match(stdout, /^ {2}Way to sign in +none\n {2}Answer +the target refused the connection \(5\)$/m);
  });

  it('refuses a proxy that is none, without its password', async () => {
    const { code, stderr } = await run(['send', '-', '--proxy', 'ftp://me:s3cret@a'], {
      input: 'GET http://a.example/',
    });
    deepEqual([code, stderr.includes('s3cret')], [2, false]);
    match(stderr, /--proxy takes a URL/);
    const inFile = await run(['send', '-'], { input: '# @proxy ftp://me:s3cret@a\nGET http://a.example/' });
    deepEqual([inFile.code, inFile.stderr.includes('s3cret')], [1, false]);
    match(inFile.stderr, /cannot be sent through this proxy: ftp:\/\/a\./);
  });
});
