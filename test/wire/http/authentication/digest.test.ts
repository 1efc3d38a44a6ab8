import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestSpec } from '../../../../src/trace/request.ts';
import type { Exchange } from '../../../../src/trace/exchange.ts';
import { maskExchangeSecrets } from '../../../../src/trace/secretValues.ts';
import { challengesOf } from '../../../../src/trace/challenges.ts';
import {
  digestField, hashOf, responseOf, sessionKey, strongestChallenge,
} from '../../../../src/wire/http/authentication/digest.ts';
import { createDigestServer } from '../../../support/digestServer.ts';
import type { DigestServerOptions } from '../../../support/digestServer.ts';
import { debianOrSkip } from '../../../support/debian.ts';
import { assertFailure, bytes, contentOf, createBench, silent, specOf } from '../support.ts';
import type { Bench } from '../support.ts';

const user = 'Mufasa';
const password = 'Circle of Life';

describe('Digest authentication (RFC 7616)', () => {
  describe('computed as in the examples of the RFC', () => {
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const field = (value: string) => strongestChallenge(challengesOf([['WWW-Authenticate', value]]));

    for (const [algorithm, expected] of [
      ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
      ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ] as const) {
      it(`§3.9.1 with ${algorithm}`, () => {
        const read = field(`Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, `
          + 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
        assert(read?.ok);
        const key = sessionKey(read.challenge, { user, password }, cnonce);
        const count = { nonce: read.challenge.nonce, cnonce, count: 1 };
        const response = responseOf(
          read.challenge, key, { method: 'GET', uri: '/dir/index.html', bodyHash: '' }, count,
        );
        assert.equal(response, expected);
      });
    }

    it('§3.9.2: the user name hashed with SHA-512-256', () => {
      const read = field('Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, '
        + 'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", '
        + 'charset=UTF-8, userhash=true');
      assert(read?.ok);
      const { challenge } = read;
      const name = 'J\u00e4s\u00f8n Doe';
      const count = { nonce: challenge.nonce, cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v', count: 1 };
      const key = sessionKey(challenge, { user: name, password: 'Secret, or not?' }, count.cnonce);
      const response = responseOf(challenge, key, { method: 'GET', uri: '/doe.json', bodyHash: '' }, count);
      // With the user hash and the response of erratum 4897: those of the RFC do not follow from its text.
      assert.equal(
        hashOf('sha512-256', `${name}:api@example.org`),
        '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
      );
      assert.equal(response, '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5');
      assert.match(
        digestField(challenge, name, '/doe.json', count, response),
        /^Digest username="793263ca[^"]*", .*userhash=true$/,
      );
    });
  });

  describe('challenges (RFC 9110 §11.6.1)', () => {
    const cases: [title: string, fields: string[], expected: unknown[]][] = [
      ['one', ['Basic realm="a"'], [['Basic', undefined, { realm: 'a' }]]],
      ['several in one field, with commas in quotes', ['Newauth realm="apps", type=1,   title="Login to \\"apps\\", please", Basic realm="simple"'],
        [['Newauth', undefined, { realm: 'apps', type: '1', title: 'Login to "apps", please' }], ['Basic', undefined, { realm: 'simple' }]]],
      ['in several fields', ['Basic realm="a"', 'Negotiate', 'NTLM TlRMTVNTUAAC=='],
        [['Basic', undefined, { realm: 'a' }], ['Negotiate', undefined, {}], ['NTLM', 'TlRMTVNTUAAC==', {}]]],
      ['schemes alone in a list', ['Negotiate, NTLM,,Basic realm = x'],
        [['Negotiate', undefined, {}], ['NTLM', undefined, {}], ['Basic', undefined, { realm: 'x' }]]],
      ['names in any case, the first of two', ['digest REALM=a, realm=b'], [['digest', undefined, { realm: 'a' }]]],
      ['a quote that does not end', ['Basic realm="a, b'], [['Basic', undefined, { realm: 'a, b' }]]],
      ['nothing that is one', ['"x"', '', ',,'], []],
    ];
    for (const [title, fields, expected] of cases) {
      it(title, () => {
        const found = challengesOf(fields.map((value) => ['WWW-Authenticate', value] as const));
        assert.deepEqual(
          found.map(({ scheme, token68, parameters }) => [scheme, token68, Object.fromEntries(parameters)]), expected,
        );
      });
    }

    it('reads no more than 32', () => {
      assert.equal(challengesOf([['WWW-Authenticate', Array(1000).fill('A b=c').join(', ')]]).length, 32);
    });
  });

  describe('on the wire', () => {
    let bench: Bench;
    beforeEach(() => { bench = createBench(); });
    afterEach(() => bench.close());

    const digest = (more: Partial<RequestSpec> = {}, secret = password, name = user): Partial<RequestSpec> =>
      ({ ...more, options: { authentication: { scheme: 'digest', user: name, password: secret }, ...more.options } });

    async function serve(options: Partial<DigestServerOptions> = {}) {
      const found = createDigestServer({ user, password, qop: 'auth', ...options });
      return { ...found, url: `http://127.0.0.1:${await bench.serve(found.server)}` };
    }

    function linked(exchanges: readonly Exchange[], statuses: number[]): void {
      assert.deepEqual(exchanges.map(({ response }) => response?.statusCode), statuses);
      for (const [at, one] of exchanges.entries()) assert.equal(one.resendOf, exchanges[at - 1]?.id);
    }

    const forms: [title: string, options: Partial<DigestServerOptions>, algorithm: string][] = [
      ...['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256'].flatMap((algorithm) =>
        ([
          'auth', 'auth-int', 'auth-int,auth', undefined,
        ] as const).map((qop): [string, Partial<DigestServerOptions>, string] =>
          [`${algorithm}, qop ${qop}`, { algorithms: [algorithm], qop }, algorithm])),
      ['no algorithm (RFC 2617)', { algorithms: [undefined] }, 'MD5'],
      ['no algorithm, no qop (RFC 2069)', { algorithms: [undefined], qop: undefined }, 'MD5'],
      ['a hashed user name', { algorithms: ['SHA-256'], userhash: true }, 'SHA-256'],
      ['the best of several', { algorithms: ['MD5', 'SHA-256', 'MD5-sess'] }, 'SHA-256'],
      ['the best of several in one field', { algorithms: ['MD5', 'SHA-512-256', 'SHA-256'], joined: true }, 'SHA-512-256'],
      ['one that is not known passed over', { algorithms: ['SHA3-512', 'md5'] }, 'md5'],
      ['quotes and backslashes in realm', { realm: 'a "b" \\ c, d', opaque: 'o=,x' }, 'MD5'],
    ];
    for (const [title, options, algorithm] of forms) {
      it(`is answered by a second exchange: ${title}`, async () => {
        const server = await serve(options);
        const spec = specOf(`${server.url}/dir/a%20b?q=1&r="`, digest({ method: 'POST', body: [bytes('body')] }));
        const exchanges = await bench.client.send(spec, silent);
        linked(exchanges, [401, 200]);
        assert.deepEqual(server.seen.map(({ refusal }) => refusal), ['none', undefined]);
        assert.deepEqual(server.bodies, ['body', 'body']);
        assert.deepEqual(exchanges[0]!.challenge, { outcome: 'answered', exchangeId: exchanges[1]!.id });
        const facts = exchanges[1]!.authorization!;
        assert(facts.scheme === 'digest');
        assert.deepEqual([facts.algorithm, facts.because], [algorithm, 'challenge']);
        assert.equal(`"${facts.response}"`, server.seen[1]!.fields!.get('response'));
        assert.equal(await contentOf(bench.client, exchanges[1]!), 'welcome');
      });
    }

    it('answers with a name beyond ASCII, and with quotes', async () => {
      for (const [name, options] of [
        ['J\u00e4s\u00f8n "Doe"', { charset: true }], ['a"\\b', {}], ['J\u00e4s\u00f8n', {}], ['한글', { userhash: true }],
      ] as const) {
        const server = await serve({ ...options, user: name });
        const exchanges = await bench.client.send(specOf(server.url, digest({}, password, name)), silent);
        linked(exchanges, [401, 200]);
      }
    });

    it('is over `*` where the server as a whole is meant', async () => {
      const server = await serve({});
      const spec = specOf(server.url, digest({ method: 'OPTIONS', requestTarget: '*' }));
      linked(await bench.client.send(spec, silent), [401, 200]);
      assert.equal(server.seen[1]!.fields!.get('uri'), '"*"');
    });

    it('keeps the nonce, counts its uses, and answers at once later', async () => {
      const server = await serve({ algorithms: ['SHA-256-sess'] });
      const send = () => bench.client.send(specOf(`${server.url}/x`, digest()), silent);
      const first = await send();
      const second = await send();
      const both = await Promise.all([send(), send()]);
      linked(first, [401, 200]);
      for (const exchanges of [second, ...both]) linked(exchanges, [200]);
      assert.deepEqual(
        server.seen.map(({ fields }) => fields?.get('nc')), [undefined, '00000001', '00000002', '00000003', '00000004'],
      );
      assert.equal(second[0]!.authorization?.scheme === 'digest' && second[0]!.authorization.because, 'known');
    });

    it('answers again when the nonce has become too old', async () => {
      const server = await serve({ uses: 1 });
      const send = () => bench.client.send(specOf(server.url, digest()), silent);
      linked(await send(), [401, 200]);
      const again = await send();
      linked(again, [401, 200]);
      const facts = again[1]!.authorization!;
      assert(facts.scheme === 'digest');
      assert.deepEqual([facts.because, facts.nonceCount], ['stale', 1]);
    });

    it('goes on with the next nonce', async () => {
      for (const algorithm of ['MD5', 'SHA-256-sess']) {
        const server = await serve({ nextnonce: true, algorithms: [algorithm] });
        const send = () => bench.client.send(specOf(server.url, digest()), silent);
        linked(await send(), [401, 200]);
        linked(await send(), [200]);
        linked(await send(), [200]);
        assert.deepEqual(server.seen.slice(1).map(({ fields }) => fields?.get('nc')), Array(3).fill('00000001'));
      }
    });

    it('tells whether the server proved that it knows the password, too (RFC 7616 §3.5)', async () => {
      for (const algorithm of ['MD5', 'SHA-256', 'SHA-256-sess']) {
        for (const [rspauth, mutual] of [['right', 'proved'], ['wrong', 'wrong'], [undefined, undefined]] as const) {
          const server = await serve({ algorithms: [algorithm], ...(rspauth ? { rspauth } : {}) });
          for (const statuses of [[401, 200], [200]]) {
            const exchanges = await bench.client.send(specOf(`${server.url}/x?y`, digest()), silent);
            linked(exchanges, statuses);
            const facts = exchanges.at(-1)!.authorization!;
            assert(facts.scheme === 'digest' && facts.mutual === mutual, `${algorithm} ${rspauth}`);
          }
        }
      }
    });

    it('answers unasked only where the domain says so', async () => {
      const server = await serve({ domain: '/a http://elsewhere.test/b' });
      for (const [path, statuses] of [['/a/1', [401, 200]], ['/a/2', [200]], ['/b/1', [401, 200]]] as const) {
        linked(await bench.client.send(specOf(server.url + path, digest()), silent), [...statuses]);
      }
    });

    it('tries wrong credentials once', async () => {
      const server = await serve();
      const exchanges = await bench.client.send(specOf(server.url, digest({}, 'wrong')), silent);
      linked(exchanges, [401, 401]);
      assert.deepEqual(exchanges[1]!.challenge, { outcome: 'refused' });
      assert.deepEqual(server.seen.map(({ refusal }) => refusal), ['none', 'response']);
    });

    it('says why a challenge is not answered', async () => {
      const cases: [string[], NonNullable<Exchange['challenge']>][] = [
        [['Basic realm="a"', 'NTLM'], { outcome: 'other-scheme' }], [[], { outcome: 'other-scheme' }],
        [['Digest realm="a", nonce="n", algorithm=SHA3-256'], { outcome: 'unsupported', part: 'algorithm', value: 'SHA3-256' }],
        [['Digest realm="a", nonce="n", qop="auth-conf"'], { outcome: 'unsupported', part: 'qop', value: 'auth-conf' }],
        [['Digest realm="a"'], { outcome: 'unsupported', part: 'nonce', value: '' }],
      ];
      for (const [fields, verdict] of cases) {
        const port = await bench.serve(http.createServer((_, response) =>
          response.writeHead(401, { 'WWW-Authenticate': fields }).end()));
        const exchanges = await bench.client.send(specOf(`http://127.0.0.1:${port}`, digest()), silent);
        linked(exchanges, [401]);
        assert.deepEqual(exchanges[0]!.challenge, verdict);
      }
    });

    it('stops at another origin, and does not come back', async () => {
      const home = await serve();
      const other = await serve();
      const back = `${home.url}/home`;
      // The other one lets everybody through to see what comes.
      const seen: (string | undefined)[] = [];
      const port = await bench.serve(http.createServer((request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(302, { Location: back }).end();
      }));
      const away = `http://127.0.0.1:${port}/`;
      const exchanges = await bench.client.send(
        specOf(`${home.url}/?away=${encodeURIComponent(away)}`, digest()), silent,
      );
      assert.deepEqual(exchanges.map(({ response }) => response?.statusCode), [401, 302, 302, 401]);
      assert.deepEqual(seen, [undefined]);
      assert.equal(home.seen.at(-1)!.fields, undefined);
      assert(exchanges[1]!.redirect!.changes.includes('field Authorization'));
      assert.equal(exchanges[3]!.spec.options.authentication, undefined);
      assert.equal(other.seen.length, 0);
    });

    it('follows redirects of its own origin, each with a response of its own', async () => {
      const server = await serve();
      const exchanges = await bench.client.send(specOf(`${server.url}/?away=/next`, digest()), silent);
      linked(exchanges, [401, 302, 200]);
      assert.deepEqual(server.seen.map(({ fields }) => fields?.get('uri')), [undefined, '"/?away=/next"', '"/next"']);
      const none = await bench.client.send(
        specOf(`${server.url}/?away=/next`, digest({ options: { maxRedirects: 1 } })), silent,
      );
      linked(none, [302, 200]);
    });

    it('hashes a body from a file for auth-int, and fails when there is none', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'roundtrip-digest-'));
      try {
        const path = join(directory, 'body');
        writeFileSync(path, 'x'.repeat(3_000_000));
        const server = await serve({ qop: 'auth-int', algorithms: ['SHA-256'] });
        const body = [{ kind: 'file', path } as const, bytes('end')];
        linked(await bench.client.send(specOf(server.url, digest({ method: 'PUT', body })), silent), [401, 200]);
        assert.equal(server.bodies[1]!.length, 3_000_003);
        rmSync(path);
        const [gone] = await bench.client.send(specOf(server.url, digest({ method: 'PUT', body })), silent);
        assertFailure(gone!, 'blocked', 'body-file-unreadable');
      } finally {
        rmSync(directory, { recursive: true });
      }
    });

    it('leaves a typed Authorization alone', async () => {
      const server = await serve();
      const headers = [['Authorization', 'Bearer x']] as const;
      const exchanges = await bench.client.send(specOf(server.url, digest({ headers })), silent);
      linked(exchanges, [401]);
      assert.equal(exchanges[0]!.challenge, undefined);
    });

    it('never shows the password', async () => {
      const server = await serve();
      const exchanges = await bench.client.send(specOf(server.url, digest()), silent);
      const shown = JSON.stringify(exchanges.map(maskExchangeSecrets));
      assert(!shown.includes(password));
      assert(shown.includes('"response":"'));
    });

    it('is cancelled while it answers', async () => {
      const controller = new AbortController();
      const server = await serve();
      const listener = {
        ...silent, onExchange: ({ resendOf }: { resendOf?: string }) => { if (resendOf) controller.abort(); },
      };
      const exchanges = await bench.client.send(specOf(server.url, digest()), listener, controller.signal);
      assert.equal(exchanges.length, 2);
      assert.equal(exchanges[1]!.failure?.code, 'cancelled');
    });

    describe('beside curl', () => {
      let curl: string;
      before(function () { curl = debianOrSkip(this, 'curl', 'curl'); });
      // curl 7.88 knows no SHA-512-256, and of auth-int nothing.
      for (const options of [
        { algorithms: ['MD5'] }, { algorithms: ['MD5-sess'] }, { algorithms: ['SHA-256'] }, { algorithms: ['SHA-256-sess'] },
        { algorithms: [undefined], qop: undefined }, { algorithms: ['SHA-256'], userhash: true }, { realm: 'a "b" c' },
      ] satisfies Partial<DigestServerOptions>[]) {
        it(`sends the same fields: ${JSON.stringify(options)}`, async () => {
          const server = await serve({ opaque: 'abc', ...options });
          const url = `${server.url}/p/a?b=c`;
          linked(await bench.client.send(specOf(url, digest()), silent), [401, 200]);
          await run(curl, ['--silent', '--fail', '--digest', '--user', `${user}:${password}`, url]);
          const [, ours, , theirs] = server.seen;
          assert.deepEqual([ours!.refusal, theirs!.refusal], [undefined, undefined]);
          const names = (seen: typeof ours) => [...seen!.fields!.keys()].sort();
          assert.deepEqual(names(ours), names(theirs));
          for (const name of names(ours).filter((one) => !['nonce', 'cnonce', 'response'].includes(one))) {
            assert.equal(ours!.fields!.get(name), theirs!.fields!.get(name), name);
          }
        });
      }
    });
  });
});

function run(program: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'ignore', timeout: 10_000 });
    child.once('error', reject);
    child.once('close', (code) => code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`)));
  });
}
