import assert from 'node:assert/strict';
import http from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '../../../src/httpFile/parse.ts';
import { listenForRedirect } from '../../../src/run/authentication/oauth/redirectListener.ts';
import { readDeviceCode, readTokens } from '../../../src/run/authentication/oauth/tokenResponse.ts';
import { serverResponse } from '../../../src/run/authentication/oauth/serverResponse.ts';
import { createTokens } from '../../../src/run/authentication/oauth/tokens.ts';
import type { SignIn } from '../../../src/run/authentication/oauth/tokens.ts';
import { loadEnvironments } from '../../../src/run/environments/load.ts';
import { prepare } from '../../../src/run/prepare/prepare.ts';
import type { Prepared, PrepareContext } from '../../../src/run/prepare/prepare.ts';
import type { Exchange } from '../../../src/trace/exchange.ts';
import { maskExchangeSecrets } from '../../../src/trace/secretValues.ts';
import { createAuthorizationServer } from '../../support/authorizationServer.ts';
import type { AuthorizationServer, AuthorizationServerOptions } from '../../support/authorizationServer.ts';
import { createBench, silent } from '../../wire/http/support.ts';
import type { Bench } from '../../wire/http/support.ts';

type Visit = Parameters<SignIn['visit']>[0];

describe('tokens (OAuth 2)', () => {
  let bench: Bench;
  let directory: string;
  let sent: Exchange[];
  let visits: Visit[];
  let now: number;
  let waited: number[];
  let controller: AbortController;
  beforeEach(() => {
    bench = createBench();
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-oauth-'));
    [sent, visits, now, waited, controller] = [[], [], 1_000_000, [], new AbortController()];
  });
  afterEach(async () => {
    await bench.close();
    rmSync(directory, { recursive: true });
  });

  let ids = 0;
  const newId = (): string => `id-${ids += 1}`;

  async function serve(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer & { url: string }> {
    const found = createAuthorizationServer({ ...options, now: () => now });
    return { ...found, url: `http://127.0.0.1:${await bench.serve(found.server)}` };
  }

  function write(name: string, value: object): void {
    writeFileSync(join(directory, name), JSON.stringify(value));
  }

  /** A user who does what the page wants at once: the browser follows the redirect. */
  async function visit(page: Visit): Promise<boolean> {
    visits.push(page);
    if (page.userCode === undefined) await fetch(page.url);
    return true;
  }

  const tokensOf = () => createTokens({ now: () => now, wait: async (ms) => { waited.push(ms); } });

  function signIn(more: Partial<SignIn> = {}): SignIn {
    return {
      newId, options: {}, visit, signal: controller.signal,
      send: async (spec) => {
        const exchanges = await bench.client.send(spec, silent, controller.signal);
        sent.push(...exchanges);
        return serverResponse(exchanges.at(-1), (id, offset, length) => bench.client.readContent(id, offset, length));
      },
      ...more,
    };
  }

  /** Prepares a request with the token, and sends it when it can be. */
  async function send(
    text: string, tokens = tokensOf(), more: Partial<PrepareContext> = {}, how: Partial<SignIn> = {},
  ): Promise<Prepared> {
    const file = parse(text);
    const environments = await loadEnvironments({ directory });
    const prepared = await prepare(file.requests[0]!, {
      file, uri: 'file:///a.http', directory, options: {}, trusted: true, newId,
      environment: environments.select('dev'),
      tokens: (configuration) => tokens.tokens(configuration, signIn(how)), ...more,
    });
    if (prepared.ok) sent.push(...await bench.client.send(prepared.spec, silent));
    return prepared;
  }

  const codesOf = ({ problems }: Prepared) => problems.map(({ code }) => code);
  const statuses = () => sent.map(({ response }) => response?.statusCode);
  const request = (url: string, name = '$auth.token("a")') => `GET ${url}/api\nAuthorization: Bearer {{${name}}}\n`;

  function environment(url: string, settings: object, more: object = {}): void {
    write('http-client.env.json', {
      dev: { base: url, ...more, Security: { Auth: { a: { Type: 'OAuth2', 'Token URL': '{{base}}/token', 'Client ID': 'client', ...settings } } } },
    });
  }

  for (const [how, client] of [[undefined, 'basic'], ['basic', 'basic'], ['in body', 'in body']] as const) {
    it(`by client credentials, sent ${how ?? 'as usual'}, before the request`, async () => {
      const server = await serve({ clientSecret: 'se:cret &%' });
      environment(server.url, {
        'Grant Type': 'Client Credentials', 'Scope': 'a b', ...(how ? { 'Client Credentials': how } : {}),
      });
      write('http-client.private.env.json', {
        dev: { s: 'se:cret &%', Security: { Auth: { a: { 'Client Secret': '{{s}}' } } } },
      });
      const tokens = tokensOf();
      const first = await send(request(server.url), tokens);
      assert.deepEqual(codesOf(first), []);
      assert.deepEqual(statuses(), [200, 200]);
      assert.deepEqual(
        server.asked.map((one) => [one.client, one.form['scope'], one.form['grant_type']]),
        [[client, 'a b', 'client_credentials']],
      );
      // It is kept: the next request needs no other.
      await send(request(server.url), tokens);
      assert.deepEqual(statuses(), [200, 200, 200]);
      const token = server.seen[0]!.slice('Bearer '.length);
      const shown = JSON.stringify(sent.map(maskExchangeSecrets));
      assert(!shown.includes(token) && !shown.includes('se:cret') && !shown.includes(encodeURIComponent('se:cret &%')));
    });
  }

  it('by name and password', async () => {
    const server = await serve();
    environment(server.url, { 'Grant Type': 'Password', 'Username': 'me', 'Password': 'my password' });
    assert.deepEqual(codesOf(await send(request(server.url))), []);
    assert.deepEqual(statuses(), [200, 200]);
    assert.deepEqual(server.asked.map((one) => one.client), ['none']);
  });

  it('again when they have expired, and by refreshing where that is possible', async () => {
    for (const refresh of [false, true]) {
      const server = await serve({ expiresIn: 60, refresh });
      environment(server.url, { 'Grant Type': 'Client Credentials' });
      const tokens = tokensOf();
      for (const after of [0, 49_000, 49_000, 49_000]) {
        now += after;
        assert.deepEqual(codesOf(await send(request(server.url), tokens)), []);
      }
      const kinds = server.asked.map(({ form }) => form['grant_type']);
      const again = refresh ? 'refresh_token' : 'client_credentials';
      assert.deepEqual(kinds, ['client_credentials', again]);
      assert(statuses().every((status) => status === 200));
    }
  });

  it('from the start when refreshing is refused', async () => {
    const first = await serve({ expiresIn: 60, refresh: true });
    environment(first.url, { 'Grant Type': 'Client Credentials' });
    const tokens = tokensOf();
    await send(request(first.url), tokens);
    now += 100_000;
    // It was used elsewhere meanwhile.
    const token = (await bench.client.readContent(sent[0]!.id, 0, 1000))!;
    const { refresh_token: used } = JSON.parse(Buffer.from(token.bytes).toString()) as { refresh_token: string };
    await fetch(`${first.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: used, client_id: 'client' }).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    assert.deepEqual(codesOf(await send(request(first.url), tokens)), []);
    assert.deepEqual(first.asked.map(({ form, answer }) => [form['grant_type'], answer]), [
      ['client_credentials', ''], ['refresh_token', ''], ['refresh_token', 'invalid_grant'], ['client_credentials', ''],
    ]);
  });

  describe('by authorization code (RFC 6749 §4.1, 7636, 8252)', () => {
    const code = (url: string, more: object = {}) =>
      environment(url, {
        'Grant Type': 'Authorization Code', 'Auth URL': '{{base}}/authorize', 'Scope': 'openid', ...more,
      });

    for (const [title, more] of [
      ['with PKCE', {}], ['without PKCE', { PKCE: false }], ['to a path', { 'Redirect URL': 'http://127.0.0.1/call/back?x=1' }],
      ['to localhost', { 'Redirect URL': 'http://localhost/' }],
    ] as const) {
      it(`${title}: the user signs in, and comes back to loopback`, async () => {
        const server = await serve();
        code(server.url, more);
        assert.deepEqual(codesOf(await send(request(server.url, '$auth.idToken("a")'))), []);
        assert.deepEqual(statuses(), [200, 200]);
        assert.equal(visits.length, 1);
        const url = new URL(visits[0]!.url);
        assert.equal(url.searchParams.get('code_challenge_method'), title === 'without PKCE' ? null : 'S256');
        assert.match(server.seen[0]!, /^Bearer id-/);
      });
    }

    it('says what the server refuses', async () => {
      const server = await serve();
      code(server.url, { Scope: 'forbidden' });
      const { problems, ok } = await send(request(server.url));
      assert(!ok);
      assert.deepEqual(
        problems.map(({ code: found, places }) => [found, places['error']]), [['token-refused', 'access_denied']],
      );
      assert.deepEqual(sent, []);
    });

    it('sends nothing when the user would rather not, or the send is cancelled', async () => {
      const server = await serve();
      code(server.url);
      assert.deepEqual(
        codesOf(await send(request(server.url), tokensOf(), {}, { visit: async () => false })), ['token-cancelled'],
      );
      const waiting = { visit: async () => { setImmediate(() => controller.abort()); return true; } };
      assert.deepEqual(codesOf(await send(request(server.url), tokensOf(), {}, waiting)), ['token-cancelled']);
      assert.deepEqual(sent, []);
    });

    it('waits only on loopback', async () => {
      const server = await serve();
      for (const url of ['https://127.0.0.1/', 'http://a.test/', 'http://0.0.0.0/']) {
        code(server.url, { 'Redirect URL': url });
        assert.deepEqual(codesOf(await send(request(server.url))), ['token-redirect-elsewhere'], url);
      }
    });

    it('takes an answer with the right path and state only', async () => {
      const listener = (await listenForRedirect('http://127.0.0.1/back', 'STATE', 10_000))!;
      try {
        const { origin } = new URL(listener.redirectUri);
        const get = async (path: string) => (await fetch(origin + path)).status;
        assert.equal(await get('/back?code=x&state=OTHER'), 404);
        assert.equal(await get('/back?code=x'), 404);
        assert.equal(await get('/?code=x&state=STATE'), 404);
        assert.equal((await fetch(`${origin}/back?code=x&state=STATE`, { method: 'POST' })).status, 404);
        const page = await (await fetch(`${origin}/back?code=<b>&state=STATE`)).text();
        assert(!page.includes('<b>'));
        assert.equal((await listener.answer)?.get('code'), '<b>');
      } finally {
        listener.close();
      }
      const taken = http.createServer();
      const port = await bench.serve(taken);
      await assert.rejects(listenForRedirect(`http://127.0.0.1:${port}/`, 's', 1000), { code: 'EADDRINUSE' });
    });
  });

  describe('by device code (RFC 8628)', () => {
    const device = (url: string) => environment(url, {
      'Grant Type': 'Device Authorization', 'Device Auth URL': '{{base}}/device',
    });

    it('asks until the user has signed in, more slowly when told so', async () => {
      const server = await serve({ polls: ['authorization_pending', 'slow_down', 'authorization_pending'] });
      device(server.url);
      assert.deepEqual(codesOf(await send(request(server.url))), []);
      assert.deepEqual(visits.map(({ id, userCode }) => [id, userCode]), [['a', 'AB-CD']]);
      assert.deepEqual(waited, [1000, 1000, 6000, 6000]);
      assert.deepEqual(statuses(), [200, 400, 400, 400, 200, 200]);
    });

    it('ends when the user refuses, the code expires or the send is cancelled', async () => {
      const refused = await serve({ polls: ['access_denied'] });
      device(refused.url);
      assert.deepEqual(codesOf(await send(request(refused.url))), ['token-refused']);
      const slow = await serve({ polls: Array(200).fill('authorization_pending') });
      device(slow.url);
      const late = createTokens({ now: () => now, wait: async (ms) => { now += ms; } });
      assert.deepEqual(codesOf(await send(request(slow.url), late)), ['token-refused']);
      const stopped = createTokens({ now: () => now, wait: async () => controller.abort() });
      assert.deepEqual(codesOf(await send(request(slow.url), stopped)), ['token-cancelled']);
    });
  });

  it('are known without asking only after they were got', async () => {
    const server = await serve();
    environment(server.url, { 'Grant Type': 'Client Credentials' });
    const tokens = tokensOf();
    const known = { tokens: async (configuration: Parameters<typeof tokens.known>[0]) => tokens.known(configuration) };
    assert.deepEqual(codesOf(await send(request(server.url), tokens, known)), ['token-not-fetched']);
    await send(request(server.url), tokens);
    assert.deepEqual(codesOf(await send(request(server.url), tokens, known)), []);
    assert.equal(server.asked.length, 1);
  });

  it('are asked for once by requests at the same time', async () => {
    const server = await serve();
    environment(server.url, { 'Grant Type': 'Client Credentials' });
    const tokens = tokensOf();
    await Promise.all([send(request(server.url), tokens), send(request(server.url), tokens)]);
    assert.equal(server.asked.length, 1);
  });

  it('may be written down (Mock), several in one request', async () => {
    write('http-client.env.json', {
      dev: { Security: { Auth: { a: { Type: 'Mock', 'Token': 'tok-a' }, b: { Type: 'Mock', 'ID Token': 'id-b' } } } },
    });
    const prepared = await send('GET http://127.0.0.1:1/\nA: {{$auth.token("a")}}\nB: {{$auth.idToken(\'b\')}}\n');
    assert(prepared.ok);
    assert.deepEqual(prepared.spec.headers, [['A', 'tok-a'], ['B', 'id-b']]);
    assert.deepEqual(prepared.spec.secrets, ['tok-a', 'id-b']);
  });

  it('have settings that may be asked for first, and custom parameters', async () => {
    const server = await serve({ clientSecret: 'typed secret' });
    environment(server.url, {
      'Grant Type': 'Client Credentials', 'Client Secret': '{{$password Client secret}}',
      'Custom Request Parameters': { audience: 'x', resource: ['r1', 'r2'], hidden: { Value: 'h', Use: 'In Auth Request' } },
    });
    let asked = 0;
    const ask = async () => { asked += 1; return 'typed secret'; };
    assert.deepEqual(codesOf(await send(request(server.url), tokensOf(), { ask })), []);
    assert.deepEqual([asked, statuses()], [1, [200, 200]]);
    const { form } = server.asked[0]!;
    assert.deepEqual([form['audience'], form['resource'], form['hidden']], ['x', 'r2', undefined]);
  });

  describe('not got', () => {
    const settings = (more: object) => ({
      Type: 'OAuth2', 'Grant Type': 'Client Credentials', 'Token URL': 'http://127.0.0.1:1/', 'Client ID': 'c', ...more,
    });
    const cases: [title: string, entry: object, expected: string[]][] = [
      ['no token URL', settings({ 'Token URL': undefined }), ['token-incomplete']],
      ['no client', settings({ 'Client ID': '' }), ['token-incomplete']],
      ['a URL that is none', settings({ 'Token URL': 'ftp://a/' }), ['token-setting-invalid']],
      ['a grant that is not supported', settings({ 'Grant Type': 'Implicit' }), ['token-setting-invalid']],
      ['a type that is not supported', settings({ Type: 'SAML' }), ['token-setting-invalid']],
      ['a name without a value', settings({ 'Client Secret': '{{none}}' }), ['variable-undefined']],
      ['a token of another one', settings({ 'Client Secret': '{{$auth.token("a")}}' }), ['token-not-fetched']],
      ['nobody there', settings({}), ['token-unanswered']],
    ];
    for (const [title, entry, expected] of cases) {
      it(title, async () => {
        write('http-client.env.json', { dev: { Security: { Auth: { a: entry } } } });
        const prepared = await send(request('http://127.0.0.1:1'));
        assert.deepEqual([prepared.ok, codesOf(prepared)], [false, expected]);
      });
    }

    it('with an id that there is not, or in a workspace that is not trusted', async () => {
      write('http-client.env.json', { dev: { Security: { Auth: { a: settings({}) } } } });
      assert.deepEqual(codesOf(await send(request('http://a.test', '$auth.token("b")'))), ['token-unknown']);
      assert.deepEqual(
        codesOf(await send(request('http://a.test'), tokensOf(), { trusted: false })), ['environment-untrusted'],
      );
      assert.deepEqual(sent, []);
    });

    it('for a request that is not to be sent anyway', async () => {
      const server = await serve();
      environment(server.url, { 'Grant Type': 'Client Credentials' });
      assert.deepEqual(
        codesOf(await send(`GET ${server.url}/{{none}}\nA: {{$auth.token("a")}}\n`)), ['variable-undefined'],
      );
      const prepared = await send(`# @note sure?\n${request(server.url)}`, tokensOf(), { confirm: async () => false });
      assert.deepEqual([prepared.ok, !prepared.ok && prepared.cancelled], [false, 'note']);
      assert.equal(server.asked.length, 0);
    });

    it('from answers that are none', async () => {
      const read = (content: string, statusCode = 200) => readTokens({ statusCode, content: Buffer.from(content) });
      assert.deepEqual(read('{"access_token":"a\\r\\nb"}'), { invalid: 'access_token' });
      assert.deepEqual(read('<html>', 502), { invalid: 'HTTP 502' });
      assert.deepEqual(read('[]'), { invalid: 'JSON' });
      assert.deepEqual(read('{"access_token":5}'), { invalid: 'no access_token' });
      assert.deepEqual(read(`{"access_token":"${'a'.repeat(70_000)}"}`), { invalid: 'no access_token' });
      assert.deepEqual(read('{"error":"invalid_scope"}', 400), { error: 'invalid_scope', description: '' });
      assert.deepEqual(read('{"access_token":"a","expires_in":"60"}'), { access: 'a', expiresIn: 60 });
      const device = (value: object) => readDeviceCode({
        statusCode: 200, content: Buffer.from(JSON.stringify(value)),
      });
      assert.deepEqual(device({ device_code: 'd', verification_uri: 'javascript:alert(1)' }), {
        invalid: 'no verification_uri',
      });
      assert.deepEqual(device({ device_code: 'd', verification_uri: 'https://a/', expires_in: 1e9 }),
        { deviceCode: 'd', userCode: '', url: 'https://a/', expiresIn: 3600, interval: 5 });
    });
  });
});
