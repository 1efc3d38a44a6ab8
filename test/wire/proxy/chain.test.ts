import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { explainFailure } from '../../../src/explain/failure.ts';
import { waterfallOf } from '../../../src/explain/waterfall.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { phasesOf } from '../../../src/trace/phases.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import { createAuthority, issueSelfSigned } from '../../support/certificates.ts';
import type { Issued, TestAuthority } from '../../support/certificates.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { createFaultyProxy, createHttpProxy } from '../../support/proxyServer.ts';
import type { Fault, ProxyLog } from '../../support/proxyServer.ts';
import { createOpened } from '../../support/sockets.ts';
import { assertComplete, assertFailure, contentOf, createBench, sendOne, specOf } from '../http/support.ts';
import type { Bench } from '../http/support.ts';

describe('proxies', () => {
  const opened = createOpened();
  let bench: Bench;
  let authority: TestAuthority;
  let issued: Issued;
  /** What reached the origin: the fields of each request. */
  let reached: string[];
  let log: ProxyLog;

  before(async () => {
    authority = await createAuthority();
    issued = await authority.issue({ names: ['localhost', '127.0.0.1'] });
  });
  beforeEach(() => {
    bench = createBench();
    reached = [];
    log = { said: [] };
  });
  afterEach(async () => {
    await bench.close();
    await opened.close();
  });

  const answer: http.RequestListener = (request, response) => {
    reached.push(request.rawHeaders.join('\n'));
    response.end(`${request.method} ${request.url}`);
  };

  async function origins(): Promise<{ plain: number; secure: number }> {
    return {
      plain: await opened.serve(http.createServer(answer)),
      secure: await opened.serve(http2.createSecureServer({ ...issued, allowHTTP1: true }, answer as never)),
    };
  }

  async function send(url: string, options: SendOptions): Promise<Exchange> {
    const trustAnchors = [{ pem: authority.pem, label: 'test' }];
    return sendOne(bench.client, specOf(url, { options: { trustAnchors, ...options } }));
  }

  const steps = (exchange: Exchange): string[] => (exchange.connection?.proxies ?? [])
    .map(({ kind, steps: own = [], statusCode }) =>
      [kind, ...own.map(({ name }) => name), statusCode].filter(Boolean).join(' '));

  it('over TLS are handed a request in absolute form, with their own TLS and credentials', async () => {
    const { plain } = await origins();
    const proxy = await opened.serve(createHttpProxy(log, { certificate: issued }));
    const exchange = await send(`http://localhost:${plain}/x?y`, { proxy: `https://me:s3cret@localhost:${proxy}` });
    assertComplete(exchange);
    assert.equal(await contentOf(bench.client, exchange), 'GET /x');
    assert.match(log.said[0]!, new RegExp(`^GET http://localhost:${plain}/x\\?y HTTP/1\\.1\r\n`));
    assert.match(log.said[0]!, new RegExp(`proxy-authorization: Basic ${btoa('me:s3cret')}`, 'i'));
    assert.deepEqual(steps(exchange), ['https tls']);
    const { tls } = exchange.connection!.proxies![0]!;
    assert.deepEqual([tls?.verified, tls?.serverName, tls?.alpnOffered], [true, 'localhost', ['http/1.1']]);
    assert.equal(exchange.connection?.tls, undefined, 'the origin has no TLS');
    assert.doesNotMatch(reached.join(), /proxy-auth|s3cret/i);
    assert.ok(!JSON.stringify(exchange.connection).includes('s3cret'));
  });

  it('over TLS open tunnels: TLS in TLS, HTTP/2 within', async () => {
    const { secure } = await origins();
    const proxy = await opened.serve(createHttpProxy(log, { certificate: issued }));
    const exchange = await send(`https://localhost:${secure}/x`, { proxy: `https://me:s3cret@127.0.0.1:${proxy}` });
    assertComplete(exchange);
    assert.equal(exchange.response?.httpVersion, '2');
    assert.deepEqual(steps(exchange), ['https tls connect 200']);
    assert.equal(exchange.connection?.tls?.facts?.verified, true);
    assert.match(log.said[0]!, /^CONNECT .*\r\nProxy-Authorization: Basic /s);
    assert.doesNotMatch(reached.join(), /proxy-auth/i);
  });

  it('each have their own steps in a chain, in order, and each its own credentials only', async () => {
    const { secure, plain } = await origins();
    const logs: [ProxyLog, ProxyLog, ProxyLog] = [log, { said: [] }, { said: [] }];
    const ports = [
      await opened.serve(createHttpProxy(logs[0])), await opened.serve(
        createHttpProxy(logs[1], { certificate: issued }),
      ),
      await opened.serve(createHttpProxy(logs[2])),
    ];
    const proxy = `http://a:one1@127.0.0.1:${ports[0]}, https://b:two2@localhost:${ports[1]},http://c:three3@127.0.0.1:${ports[2]}`;
    const exchange = await send(`https://localhost:${secure}/x`, { proxy });
    assertComplete(exchange);
    assert.deepEqual(steps(exchange), ['http 200', 'https tls connect 200', 'http 200']);
    assert.deepEqual(
      exchange.connection!.proxies!.map(({ target }) => target),
      [`localhost:${ports[1]}`, `127.0.0.1:${ports[2]}`, `localhost:${secure}`],
    );
    for (const [at, pair] of ['a:one1', 'b:two2', 'c:three3'].entries()) {
      assert.deepEqual(logs[at]!.said.map((head) => /Basic (\S+)/.exec(head)?.[1]), [btoa(pair)]);
    }
    const rows = waterfallOf(exchange, 'en').rows.filter(({ name }) => name === 'proxy');
    assert.deepEqual(
      rows.map(({ label }) => label), ['Proxy tunnel', 'TLS with the proxy', 'Proxy tunnel', 'Proxy tunnel'],
    );
    const [phase] = phasesOf(exchange).filter(({ name }) => name === 'proxy');
    const total = rows.reduce((sum, { duration }) => sum + duration!, 0);
    assert.ok(total <= phase!.duration! + 0.001, 'no row counts twice');
    assert.ok(
      rows.every((row, at) => at === 0 || row.start! >= rows[at - 1]!.start! + rows[at - 1]!.duration! - 0.001),
    );

    const absolute = await send(`http://localhost:${plain}/x`, { proxy });
    assertComplete(absolute);
    assert.deepEqual(steps(absolute), ['http 200', 'https tls connect 200']);
    assert.match(logs[2]!.said[1]!, new RegExp(`^GET http://localhost:${plain}/x .*Basic ${btoa('c:three3')}`, 's'));
  });

  it('stop at the one that refuses, and the rest is not asked', async () => {
    const first = await opened.serve(createHttpProxy(log));
    const second = await opened.serve(createFaultyProxy({ answer: 'HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nbad' }));
    const exchange = await send('https://far.test/', {
      proxy: `http://127.0.0.1:${first}, http://127.0.0.1:${second}, http://127.0.0.1:1`,
    });
    const failure = assertFailure(exchange, 'proxy', 'proxy-refused');
    assert.deepEqual([failure.detail?.['hop'], failure.detail?.['proxy']], [1, `http://127.0.0.1:${second}`]);
    assert.deepEqual(steps(exchange), ['http 200', 'http 403']);
    assert.equal(exchange.connection?.proxy?.body?.text, 'bad');
    const last = waterfallOf(exchange, 'en').rows.filter(({ name }) => name === 'proxy').at(-1);
    assert.equal(last?.state, 'failed');
  });

  it('are verified as a server is, and said so', async () => {
    const selfSigned = await issueSelfSigned({ names: ['localhost'] });
    const proxy = await opened.serve(createHttpProxy(log, { certificate: selfSigned }));
    const { plain } = await origins();
    const url = `http://localhost:${plain}/`;
    const exchange = await send(url, { proxy: `https://localhost:${proxy}` });
    const failure = assertFailure(exchange, 'proxy', 'certificate-self-signed');
    assert.deepEqual([failure.host, failure.port, failure.detail?.['step']], ['localhost', proxy, 'tls']);
    assert.deepEqual(log.said, [], 'nothing is said to it');
    assert.match(explainFailure(failure, exchange, 'en').text, /on the way to the proxy `https:\/\/localhost/);
    const wrongName = await opened.serve(
      createHttpProxy(log, { certificate: await authority.issue({ names: ['other.test'] }) }),
    );
    assertFailure(await send(url, { proxy: `https://localhost:${wrongName}` }), 'proxy', 'certificate-name-mismatch');
    const unverified = await send(url, { proxy: `https://localhost:${proxy}`, verify: false });
    assertComplete(unverified);
    assert.equal(unverified.connection?.proxies?.[0]?.tls?.verificationOff, true);
    const notTls = await opened.serve(createHttpProxy(log));
    const spoken = await send(url, { proxy: `https://localhost:${notTls}`, timeouts: { tls: 300 } });
    assertFailure(spoken, 'proxy', 'tls-timeout');
  });

  it('are decided again for where a redirect leads', async () => {
    const { plain } = await origins();
    const far = await opened.serve(http.createServer((_, response) => {
      response.writeHead(302, { Location: `http://127.0.0.1:${plain}/home` }).end();
    }));
    const proxy = await opened.serve(createHttpProxy(log));
    const environment = { http_proxy: `http://u:s3cret@127.0.0.1:${proxy}` };
    const options = { proxy: environment.http_proxy, proxySources: { environment } };
    const exchanges = await bench.client.send(
      specOf(`http://far.example:${far}/`, { options }), { onExchange: () => undefined, onConnection: () => undefined });
    assert.equal(exchanges.length, 2);
    assertComplete(exchanges[1]!);
    assert.equal(log.said.length, 1, 'the second goes directly');
    assert.equal(exchanges[1]!.spec.options.proxyDecision?.rule.outcome, 'this-machine');
    assert.ok(
      exchanges[0]!.redirect?.changes.includes(`proxy http://127.0.0.1:${proxy} none`),
      String(exchanges[0]!.redirect?.changes),
    );
    assert.ok(!JSON.stringify(exchanges[1]).includes('s3cret'));
    assert.ok(!('proxySources' in exchanges[0]!.spec.options));
  });

  const large = 'x'.repeat(100_000);
  const refusals: [title: string, fault: Fault, expected: { text?: string; size: number; complete: boolean }][] = [
    ['with a length', { answer: 'HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic realm="a, b", Digest realm="x"\r\nProxy-Authenticate: NTLM\r\nContent-Length: 5\r\n\r\nwho?!' }, { text: 'who?!', size: 5, complete: true }],
    ['with a length, kept open, one byte at a time', { answer: 'HTTP/1.1 502 Bad\r\nContent-Length: 5\r\n\r\nwho?!', then: 'wait', slowly: true }, { text: 'who?!', size: 5, complete: true }],
    ['in chunks, one byte at a time', { answer: 'HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwho\r\n2;x=y\r\n?!\r\n0\r\nA: b\r\n\r\n', then: 'wait', slowly: true }, { text: 'who?!', size: 5, complete: true }],
    ['up to the close', { answer: 'HTTP/1.0 503 Busy\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<b>\xe9</b>' }, { text: '<b>é</b>', size: 8, complete: true }],
    ['without any', { answer: 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n', then: 'wait' }, { text: '', size: 0, complete: true }],
    ['cut short', { answer: 'HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nwho' }, { text: 'who', size: 3, complete: false }],
    ['cut short by a reset', { answer: 'HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\n', then: 'destroy' }, { text: '', size: 0, complete: false }],
    ['that never ends', { answer: 'HTTP/1.1 403 No\r\n\r\nwho', then: 'wait' }, { text: 'who', size: 3, complete: false }],
    ['beyond 64 KiB', { answer: `HTTP/1.1 403 No\r\nContent-Length: 100000\r\n\r\n${large}`, then: 'wait' }, { text: large.slice(0, 65_536), size: 65_536, complete: false }],
    ['in chunks beyond 64 KiB', { answer: `HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n186A0\r\n${large}`, then: 'wait' }, { text: large.slice(0, 65_536), size: 65_536, complete: false }],
    ['in chunks that are none', { answer: 'HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nwho', then: 'wait' }, { text: '', size: 0, complete: false }],
    ['that is no text', { answer: 'HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\n\xff\xfe\x00' }, { size: 3, complete: true }],
    ['that is encoded', { answer: 'HTTP/1.1 403 No\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc' }, { size: 3, complete: true }],
  ];
  for (const [title, fault, body] of refusals) {
    it(`refuse ${title}: the failure has the body`, async () => {
      const port = await opened.serve(createFaultyProxy(fault));
      const exchange = await send('https://far.test/', { proxy: `http://127.0.0.1:${port}` });
      const failure = assertFailure(exchange, 'proxy', 'proxy-refused');
      assert.deepEqual(exchange.connection?.proxy?.body, body);
      const { text, steps: next } = explainFailure(failure, exchange, 'en');
      if (title !== 'with a length') return;
      assert.match(text, /asks for credentials by `Basic`, `Digest`, `NTLM`/);
      assert.match(next[0]!.text, /user name and password/);
    });
  }

  const faults: [title: string, fault: Fault, code: string][] = [
    ['closes at once', { answer: '' }, 'connection-closed'],
    ['closes in the head', { answer: 'HTTP/1.1 200' }, 'proxy-malformed'],
    ['resets', { answer: '', then: 'destroy' }, 'connection-(?:closed|reset)'],
    ['sends garbage', { answer: '\x16\x03\x01\x00garbage', then: 'wait' }, 'proxy-malformed'],
    ['has a head without end', { answer: `HTTP/1.1 200 OK\r\nA: ${large}`, then: 'wait' }, 'response-head-too-large'],
    ['has fields without end', { answer: `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(300)}\r\n`, then: 'wait' }, 'response-head-too-large'],
    ['is silent', { answer: '', then: 'wait' }, 'connect-timeout'],
    ['begins an answer and is silent', { answer: 'HTTP/1.1 200 OK\r\n', then: 'wait', slowly: true }, 'connect-timeout'],
  ];
  for (const [title, fault, code] of faults) {
    it(`${title}: a failure at the proxy`, async () => {
      const port = await opened.serve(createFaultyProxy(fault));
      const exchange = await send('https://far.test/', {
        proxy: `http://127.0.0.1:${port}`, timeouts: { connect: 300 },
      });
      assert.equal(exchange.failure?.phase, 'proxy');
      assert.match(exchange.failure.code, new RegExp(`^${code}$`));
      assert.equal(exchange.events.at(-1)?.type, 'failed');
    });
  }

  it('that say too much are told of with the limit and what raises it, and raising it helps', async () => {
    const { secure } = await origins();
    const cases: [early: string, said: RegExp, step: RegExp, headLimits: SendOptions['headLimits']][] = [
      [`A: ${large}\r\n\r\n`, /went over the limit of 65\.5 kB/, /maxHeadSize/, { size: 1_000_000 }],
      [`${'A: b\r\n'.repeat(300)}\r\n`, /sent 300 headers; the limit is 256/, /maxFields/, { fields: 300 }],
      [`\r\n${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(32)}HTTP/1.1 200 OK\r\n\r\n`,
        /sent 33 interim responses .* the limit is 32/, /maxInterimResponses/, { interimResponses: 33 }],
    ];
    for (const [head, said, step, headLimits] of cases) {
      const status = head.startsWith('\r\n') ? '102 Processing' : '200 OK';
      const port = await opened.serve(createHttpProxy(log, { head: `HTTP/1.1 ${status}\r\n${head}` }));
      const options = { proxy: `http://127.0.0.1:${port}` };
      const exchange = await send(`https://localhost:${secure}/`, options);
      const { text, steps } = explainFailure(exchange.failure!, exchange, 'en');
      assert.match(text, said);
      assert(steps.some((one) => step.test(one.text)), JSON.stringify(steps));
      assertComplete(await send(`https://localhost:${secure}/`, { ...options, headLimits }));
    }
  });

  it('that close once the tunnel stands, or send garbage through it, fail in TLS', async () => {
    const closing = await opened.serve(createFaultyProxy({ answer: 'HTTP/1.1 200 OK\r\n\r\n' }));
    assert.equal((await send('https://far.test/', { proxy: `http://127.0.0.1:${closing}` })).failure?.phase, 'tls');
    const { secure } = await origins();
    const early = await opened.serve(createHttpProxy(log, { early: 'garbage, garbage' }));
    const exchange = await send(`https://localhost:${secure}/`, { proxy: `http://127.0.0.1:${early}` });
    assertFailure(exchange, 'tls', 'tls-not-spoken');
  });

  describe('as curl', function () {
    this.timeout(120_000);
    let directory: string;
    before(() => {
      directory = mkdtempSync(joinPath(tmpdir(), 'roundtrip-proxies-'));
      writeFileSync(joinPath(directory, 'ca.pem'), authority.pem);
    });
    after(() => rmSync(directory, { recursive: true }));

    it('asks an HTTPS proxy for the same, over TLS and plain', async function () {
      const curl = debianOrSkip(this, 'curl', 'curl');
      const { plain } = await origins();
      const secure = await opened.serve(https.createServer(issued, answer));
      const proxy = await opened.serve(createHttpProxy(log, { certificate: issued }));
      for (const url of [`http://localhost:${plain}/x`, `https://localhost:${secure}/x`]) {
        log.said.length = 0;
        const ca = joinPath(directory, 'ca.pem');
        const words = [
          '-q', '-s', '--max-time', '10', '--noproxy', '', '--cacert', ca, '--proxy-cacert', ca, '--proxy',
          `https://me:s3cret@localhost:${proxy}`, url,
        ];
        const said = await new Promise<string>(
          (resolve) => void execFile(curl, words, (_error, stdout) => resolve(stdout)),
        );
        const exchange = await send(url, { proxy: `https://me:s3cret@localhost:${proxy}` });
        assert.equal(await contentOf(bench.client, exchange), said);
        const [theirs, ours] = log.said.map((head) => [
          head.split('\r\n', 1)[0], /^proxy-authorization: (.*?)\r$/im.exec(head)?.[1],
          /^host: (.*?)\r$/im.exec(head)?.[1],
        ]);
        assert.deepEqual(ours, theirs);
      }
    });
  });
});
