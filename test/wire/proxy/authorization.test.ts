import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { explainChallenge } from '../../../src/explain/authentication.ts';
import { parse } from '../../../src/httpFile/parse.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import type { ProxySources } from '../../../src/trace/proxyDecision.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { maskExchangeSecrets } from '../../../src/trace/secretValues.ts';
import { createAuthority } from '../../support/certificates.ts';
import type { TestAuthority } from '../../support/certificates.ts';
import { createFaultyProxy, createHttpProxy, join } from '../../support/proxyServer.ts';
import type { ProxyLog } from '../../support/proxyServer.ts';
import { assertComplete, contentOf, createBench, silent } from '../http/support.ts';
import type { Bench } from '../http/support.ts';

// `Proxy-Authorization`, typed or from `http.proxyAuthorization`, on its way to the proxy, and no further.

describe('Proxy-Authorization', () => {
  let bench: Bench;
  let authority: TestAuthority;
  let log: ProxyLog;
  let proxy: string;
  let plain: number;
  let secure: number;

  before(async () => { authority = await createAuthority(); });
  beforeEach(async () => {
    bench = createBench();
    log = { said: [] };
    proxy = `http://old:password@127.0.0.1:${await bench.serve(createHttpProxy(log))}`;
    const answer: http.RequestListener = ({ url, headers }, response) => {
      if (url === '/there') return void response.writeHead(302, { Location: `http://127.0.0.1:${plain}/` }).end();
      response.end(headers['proxy-authorization'] ?? 'clean');
    };
    plain = await bench.serve(http.createServer(answer));
    secure = await bench.serve(https.createServer(await authority.issue({ names: ['far.example'] }), answer));
  });
  afterEach(() => bench.close());

  const asked = (): (string | undefined)[] => log.said.map((one) => /^proxy-authorization: (.*)\r$/im.exec(one)?.[1]);

  describe('of the editor for its proxy', () => {
    async function specOf(url: string, proxies: ProxySources): Promise<RequestSpec> {
      const file = parse(`GET ${url}\n`);
      const prepared = await prepare(file.requests[0]!, {
        file, uri: 'file:///a.http', directory: '/', trusted: true, newId: () => crypto.randomUUID(), proxies,
        options: { trustAnchors: [{ pem: authority.pem, label: 'test' }] },
      });
      assert.ok(prepared.ok);
      return prepared.spec;
    }

    async function send(url: string, authorization?: string, at = proxy): Promise<readonly Exchange[]> {
      const editor = {
        proxy: at, support: 'override', noProxy: [], strictSsl: true,
        ...(authorization === undefined ? {} : { authorization }),
      };
      return bench.client.send(await specOf(url, { editor }), silent);
    }

    it('are sent with a request in absolute form and with one for a tunnel, before those of the URL', async () => {
      for (const url of [`http://far.example:${plain}/`, `https://far.example:${secure}/`]) {
        const exchange = (await send(url, 'Bearer s3cret-token')).at(-1)!;
        assertComplete(exchange);
        assert.equal(await contentOf(bench.client, exchange), 'clean');
        assert.doesNotMatch(JSON.stringify(maskExchangeSecrets(exchange)), /s3cret-token/);
        assert.doesNotMatch(JSON.stringify(exchange.spec.options), /s3cret-token/);
      }
      assert.deepEqual(asked(), ['Bearer s3cret-token', 'Bearer s3cret-token']);
    });

    it('open a connection of their own', async () => {
      await send(`https://far.example:${secure}/`, 'Bearer one-of-them');
      await send(`https://far.example:${secure}/`, 'Bearer another-one');
      await send(`https://far.example:${secure}/`);
      assert.deepEqual(asked(), ['Bearer one-of-them', 'Bearer another-one', `Basic ${btoa('old:password')}`]);
    });

    it('stay behind where a redirect leads past the proxy', async () => {
      const [first, second] = await send(`http://far.example:${plain}/there`, 'Bearer s3cret-token');
      assert.equal(first?.response?.statusCode, 302);
      assertComplete(second!);
      assert.equal(await contentOf(bench.client, second!), 'clean');
      assert.deepEqual(asked(), ['Bearer s3cret-token']);
    });

    it('answer no challenge that covers the body, which is told', async () => {
      const challenge = 'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Digest realm="a", nonce="b", qop="auth-int"\r\n'
        + 'Content-Length: 0\r\n\r\n';
      const challenging = `http://127.0.0.1:${await bench.serve(createFaultyProxy({ answer: challenge }))}`;
      const [exchange, ...none] = await send(`http://far.example:${plain}/`, `Basic ${btoa('me:s3cret')}`, challenging);
      assert.deepEqual([exchange?.challenge?.outcome, none.length], ['unsupported', 0]);
      assert.match(explainChallenge(exchange!, 'en').join(' '), /^The proxy wants an answer that covers the body/);
    });

    it('answer a challenge of Digest only when they are Basic', async () => {
      const challenge = 'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Digest realm="a", nonce="b", qop="auth"\r\n'
        + 'Content-Length: 0\r\n\r\n';
      const challenging = `http://127.0.0.1:${await bench.serve(createFaultyProxy({ answer: challenge }))}`;
      const [bearer, ...none] = await send(`http://far.example:${plain}/`, 'Bearer s3cret-token', challenging);
      assert.deepEqual([bearer?.challenge?.outcome, none.length], ['other-scheme', 0]);
      const [basic, digest] = await send(`http://far.example:${plain}/`, `Basic ${btoa('me:s3cret')}`, challenging);
      assert.equal(basic?.response?.statusCode, 407);
      assert.equal(digest?.proxyAuthorization?.scheme, 'digest');
    });
  });

  describe('that is typed', () => {
    async function send(url: string, through: string | undefined, value: string): Promise<Exchange> {
      const options = {
        trustAnchors: [{ pem: authority.pem, label: 'test' }], ...(through === undefined ? {} : { proxy: through }),
        resolve: [plain, secure].map((port) => ({ host: 'far.example', port, addresses: ['127.0.0.1'] })),
      };
      const spec: RequestSpec = {
        id: crypto.randomUUID(), method: 'GET', url, headers: [['Proxy-Authorization', value]], options,
      };
      return (await bench.client.send(spec, silent)).at(-1)!;
    }

    it('opens the tunnel in place of the URL\'s, and does not go through it', async () => {
      for (const value of ['Bearer one', 'Bearer one', 'Bearer 둘']) {
        const exchange = await send(`https://far.example:${secure}/`, proxy, value);
        assertComplete(exchange);
        assert.equal(await contentOf(bench.client, exchange), 'clean');
        assert.equal(exchange.request!.headers.some(([name]) => /^proxy-/i.test(name)), false);
      }
      assert.deepEqual(asked(), ['Bearer one', Buffer.from('Bearer 둘').toString('latin1')]);
    });

    it('goes with a request in absolute form', async () => {
      const exchange = await send(`http://far.example:${plain}/`, proxy, 'Bearer one');
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), 'clean');
      assert.deepEqual(asked(), ['Bearer one']);
    });

    it('is the last proxy\'s of a chain that speaks HTTP', async () => {
      const last: ProxyLog = { said: [] };
      const second = `http://127.0.0.1:${await bench.serve(createHttpProxy(last))}`;
      const exchange = await send(`https://far.example:${secure}/`, `${proxy}, ${second}`, 'Bearer one');
      assertComplete(exchange);
      assert.equal(await contentOf(bench.client, exchange), 'clean');
      assert.deepEqual(asked(), [`Basic ${btoa('old:password')}`]);
      assert.match(last.said[0]!, /^proxy-authorization: Bearer one\r$/im);
    });

    it('goes nowhere past SOCKS, and to the server where there is no proxy', async () => {
      // SOCKS5 without sign-in (RFC 1928): granted, then the server is at the other end.
      const socks = await bench.raw((socket) => socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', () => join(socket, plain, Buffer.from('05000001000000000000', 'hex'), ''));
      }));
      const past = await send(`http://far.example:${plain}/`, `socks5://127.0.0.1:${socks}`, 'Bearer one');
      assertComplete(past);
      assert.equal(await contentOf(bench.client, past), 'clean');
      const direct = await send(`http://far.example:${plain}/`, undefined, 'Bearer one');
      assert.equal(await contentOf(bench.client, direct), 'Bearer one');
    });

    it('is the author\'s own: no challenge is answered with it', async () => {
      const challenge = 'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Digest realm="a", nonce="b", qop="auth"\r\n'
        + 'Content-Length: 0\r\n\r\n';
      const challenging = `http://127.0.0.1:${await bench.serve(createFaultyProxy({ answer: challenge }))}`;
      const { failure } = await send(`https://far.example:${secure}/`, challenging, `Basic ${btoa('me:s3cret')}`);
      assert.deepEqual([failure?.code, failure?.detail?.['answerable']], ['proxy-refused', undefined]);
    });
  });
});
