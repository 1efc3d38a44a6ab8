import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import { parse } from '../../../src/httpFile/parse.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import type { ProxySources } from '../../../src/trace/proxyDecision.ts';
import type { RequestSpec } from '../../../src/trace/request.ts';
import { maskExchangeSecrets } from '../../../src/trace/secretValues.ts';
import { createAuthority } from '../../support/certificates.ts';
import type { TestAuthority } from '../../support/certificates.ts';
import { createFaultyProxy, createHttpProxy } from '../../support/proxyServer.ts';
import type { ProxyLog } from '../../support/proxyServer.ts';
import { assertComplete, contentOf, createBench, silent } from '../http/support.ts';
import type { Bench } from '../http/support.ts';

// `http.proxyAuthorization` on its way from the settings to the proxy, and no further.

describe('the editor\'s credentials for its proxy', () => {
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

  const asked = (): (string | undefined)[] => log.said.map((one) => /^proxy-authorization: (.*)\r$/im.exec(one)?.[1]);

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
