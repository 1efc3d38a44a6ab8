import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FieldLine, RequestSpec } from '../../../src/trace/request.ts';
import { redirectOf } from '../../../src/wire/http/redirect.ts';
import { assertComplete, assertFailure, bytes, createBench, onHead, silent, specOf } from './support.ts';
import type { Bench } from './support.ts';

const credentials: FieldLine[] = [
  ['Authorization', 'Basic x'], ['Cookie', 'a=1'], ['Proxy-Authorization', 'y'], ['X-Kept', '1'],
];

function follow(spec: Partial<RequestSpec>, statusCode: number, location: string) {
  const redirect = redirectOf(specOf('https://a.test/one/two?q#part', spec), statusCode, [['Location', location]]);
  assert.equal(redirect.kind, 'follow');
  return redirect as Extract<typeof redirect, { kind: 'follow' }>;
}

describe('redirects', () => {
  describe('method and content (RFC 9110 §15.4)', () => {
    const cases: [status: number, method: string, becomes: string, keepsBody: boolean][] = [
      [301, 'GET', 'GET', true], [301, 'POST', 'GET', false], [301, 'PUT', 'PUT', true], [301, 'HEAD', 'HEAD', true],
      [302, 'POST', 'GET', false], [302, 'DELETE', 'DELETE', true], [302, 'PATCH', 'PATCH', true],
      [303, 'POST', 'GET', false], [303, 'PUT', 'GET', false], [303, 'HEAD', 'HEAD', true], [303, 'GET', 'GET', true],
      [307, 'POST', 'POST', true], [307, 'PUT', 'PUT', true], [308, 'POST', 'POST', true], [308, 'DELETE', 'DELETE', true],
    ];
    for (const [status, method, becomes, keepsBody] of cases) {
      it(`${status} after ${method} asks for ${becomes}${keepsBody ? '' : ' without the content'}`, () => {
        const headers: FieldLine[] = [['Content-Type', 'text/plain'], ['X-A', '1']];
        const { spec, changes } = follow({ method, headers, body: [bytes('x')] }, status, '/three');
        assert.equal(spec.method, becomes);
        assert.equal(spec.body !== undefined, keepsBody);
        assert.deepEqual(spec.headers, keepsBody ? headers : [['X-A', '1']]);
        assert.deepEqual(changes, keepsBody ? [] : [`method ${method} ${becomes}`, 'body']);
      });
    }

    for (const status of [200, 300, 304, 305, 306, 404]) {
      it(`${status} with a Location is none`, () => {
        assert.equal(redirectOf(specOf('http://a.test/'), status, [['location', '/x']]).kind, 'none');
      });
    }
  });

  describe('Location (RFC 9110 §10.2.2)', () => {
    const cases: [location: string, url: string][] = [
      ['/three', 'https://a.test/three#part'], ['three', 'https://a.test/one/three#part'], ['?r', 'https://a.test/one/two?r#part'],
      ['//b.test/x', 'https://b.test/x#part'], ['http://a.test/x#own', 'http://a.test/x#own'], ['', 'https://a.test/one/two?q#part'],
      ['/한글', 'https://a.test/%ED%95%9C%EA%B8%80#part'],
    ];
    for (const [location, url] of cases) {
      it(`"${location}" leads to ${url}`, () => assert.equal(follow({}, 302, location).spec.url, url));
    }

    for (const location of [
      'http://', 'ftp://a.test/', 'javascript:alert(1)', 'http://a.test:99999/', 'file:///etc/passwd',
    ]) {
      it(`"${location}" is invalid`, () => {
        assert.deepEqual(redirectOf(specOf('http://a.test/'), 302, [['Location', location]]), {
          kind: 'invalid', location,
        });
      });
    }

    it('twice with different values is invalid; absent, there is nothing to follow', () => {
      assert.equal(redirectOf(specOf('http://a.test/'), 302, [['Location', '/a'], ['location', '/b']]).kind, 'invalid');
      assert.equal(redirectOf(specOf('http://a.test/'), 302, []).kind, 'none');
    });
  });

  describe('credentials stop at another origin', () => {
    for (const location of ['https://b.test/', 'http://a.test/', 'https://a.test:8443/', 'https://sub.a.test/']) {
      it(location, () => {
        const { spec, changes } = follow({ headers: [...credentials, ['Host', 'a.test']] }, 307, location);
        assert.deepEqual(spec.headers, [['X-Kept', '1']]);
        for (const name of ['Authorization', 'Cookie', 'Proxy-Authorization']) assert(
          changes.includes(`field ${name}`), name,
        );
        assert.equal(changes.includes('scheme https http'), location.startsWith('http:'));
      });
    }

    it('also API keys, by their names and by their values', () => {
      const headers: FieldLine[] = [['X-Api-Key', 'a'], ['X-Mine', 'token s3cret!'], ['X-Kept', '1']];
      const { spec, changes } = follow({ headers, secrets: ['s3cret', ''] }, 307, 'https://b.test/');
      assert.deepEqual(spec.headers, [['X-Kept', '1']]);
      assert(changes.includes('field X-Api-Key') && changes.includes('field X-Mine'));
      assert.deepEqual(follow({ headers, secrets: ['s3cret'] }, 307, '/x').spec.headers, headers);
    });

    it('a body with a secret goes on, as the standard asks, and that is told', () => {
      const body = [bytes('{"key":"s3cret"}')];
      assert(
        follow({ method: 'POST', body, secrets: ['s3cret'] }, 307, 'https://b.test/').changes.includes('secret-body'),
      );
      assert(!follow({ method: 'POST', body, secrets: ['s3cret'] }, 307, '/x').changes.includes('secret-body'));
      assert(
        !follow({ method: 'POST', body, secrets: ['s3cret'] }, 302, 'https://b.test/').changes.includes('secret-body'),
      );
    });

    it('those of the URL: kept on its origin, however it is written, and told when they stop', () => {
      const url = 'https://me:pass@a.test/one';
      for (const location of ['/two', 'https://a.test/two', 'https://a.test:443/two']) {
        assert.equal(follow({ url }, 302, location).spec.url, 'https://me:pass@a.test/two');
      }
      const away = follow({ url }, 302, 'https://b.test/');
      assert.equal(away.spec.url, 'https://b.test/');
      assert.deepEqual(away.changes, ['origin https://a.test https://b.test', 'field Authorization']);
      const back = redirectOf(away.spec, 302, [['Location', 'https://a.test/']]);
      assert(back.kind === 'follow' && back.spec.url === 'https://a.test/');
    });

    it('a client certificate, which does not come back either', () => {
      const options = { clientCertificate: { cert: 'PEM', key: 'PEM' } } as unknown as RequestSpec['options'];
      const away = follow({ options }, 307, 'https://b.test/');
      assert(away.changes.includes('certificate') && away.spec.options.clientCertificate === undefined);
      const back = redirectOf(away.spec, 307, [['Location', 'https://a.test/']]);
      assert(back.kind === 'follow' && back.spec.options.clientCertificate === undefined);
      assert.equal(follow({ options }, 307, '/x').spec.options.clientCertificate, options.clientCertificate);
    });

    it('and stay on the same one, default port written or not', () => {
      const { spec, changes } = follow({ headers: credentials }, 307, 'https://a.test:443/x');
      assert.deepEqual(spec.headers, credentials);
      assert.deepEqual(changes, []);
    });

    it('and do not come back on the way home', () => {
      const away = follow({ headers: credentials }, 307, 'https://b.test/').spec;
      const back = redirectOf(away, 307, [['Location', 'https://a.test/']]);
      assert(back.kind === 'follow');
      assert.deepEqual(back.spec.headers, [['X-Kept', '1']]);
    });
  });

  describe('over real servers', () => {
    let bench: Bench;
    beforeEach(() => { bench = createBench(); });
    afterEach(() => bench.close());

    it('are exchanges of their own, linked both ways', async () => {
      const seen: string[] = [];
      const port = await bench.serve(http.createServer((request, response) => {
        seen.push(
          `${request.method} ${request.url} ${request.headers.authorization ?? '-'} ${request.headers['content-type'] ?? '-'}`,
        );
        if (request.url === '/a') response.writeHead(302, { location: `http://127.0.0.1:${otherPort}/b` }).end('moved');
        else response.end('home');
      }));
      const otherPort = await bench.serve(http.createServer((request, response) => {
        seen.push(`other ${request.method} ${request.headers.authorization ?? '-'}`);
        response.writeHead(307, { location: `http://127.0.0.1:${port}/c` }).end();
      }));
      const exchanges = await bench.client.send(specOf(`http://127.0.0.1:${port}/a`, {
        method: 'POST', headers: [['Authorization', 'Basic x'], ['Content-Type', 'text/plain']], body: [bytes('hello')],
      }), silent);
      assert.deepEqual(seen, ['POST /a Basic x text/plain', 'other GET -', 'GET /c - -']);
      assert.equal(exchanges.length, 3);
      const [first, second, third] = exchanges;
      assert.deepEqual(first!.redirect, {
        location: `http://127.0.0.1:${otherPort}/b`, exchangeId: second!.id,
        changes: ['method POST GET', 'body', `origin http://127.0.0.1:${port} http://127.0.0.1:${otherPort}`, 'field Authorization'],
      });
      assert.deepEqual([first!.resendOf, second!.resendOf, third!.resendOf], [undefined, first!.id, second!.id]);
      assertComplete(first!, 302);
      assertComplete(third!);
      assert.equal(third!.reused, true);
    });

    it('send a body from a file again, whole (307), and leave it out (303)', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'roundtrip-redirect-'));
      const path = join(folder, 'body');
      await writeFile(path, Buffer.alloc(3_000_000, 'content '));
      const seen: [string, number][] = [];
      const port = await bench.serve(http.createServer((request, response) => {
        let size = 0;
        request.on('data', (chunk: Buffer) => { size += chunk.length; });
        request.on('end', () => {
          seen.push([`${request.method} ${request.url}`, size]);
          const next = {
            '/a': [307, '/b'], '/b': [308, '/c'], '/c': [303, '/d'],
          }[request.url!] as [number, string] | undefined;
          if (next) response.writeHead(next[0], { location: next[1] });
          response.end();
        });
      }));
      try {
        const spec = specOf(`http://127.0.0.1:${port}/a`, { method: 'PUT', body: [{ kind: 'file', path }] });
        const exchanges = await bench.client.send(spec, silent);
        assertComplete(exchanges.at(-1)!);
        assert.deepEqual(seen, [['PUT /a', 3_000_000], ['PUT /b', 3_000_000], ['PUT /c', 3_000_000], ['GET /d', 0]]);
        assert.deepEqual(
          exchanges.map(({ redirect }) => redirect?.changes), [[], [], ['method PUT GET', 'body'], undefined],
        );
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('of cookies: each hop by its own URL, none across hosts', async () => {
      const port = await bench.serve(http.createServer((request, response) => {
        const host = request.headers.host!.split(':')[0];
        if (request.url === '/start') response.writeHead(302, { 'location': '/next', 'set-cookie': 'a=1; Path=/' });
        else if (request.url === '/next') response.writeHead(302, {
          'location': `http://b.lab.test:${port}/away`, 'set-cookie': 'b=2; Domain=lab.test; Path=/',
        });
        else if (request.url === '/away') response.writeHead(302, { location: `http://a.lab.test:${port}/home` });
        response.end(`${host} ${request.headers.cookie ?? ''}`);
      }));
      const resolve = ['a.lab.test', 'b.lab.test'].map((host) => ({ host, port, addresses: ['127.0.0.1'] }));
      const exchanges = await bench.client.send(
        specOf(`http://a.lab.test:${port}/start`, { options: { resolve } }), silent,
      );
      const sent = exchanges.map(({ request }) => request!.headers.find(([name]) => name === 'cookie')?.[1]);
      assert.deepEqual(sent, [undefined, 'a=1', 'b=2', 'a=1; b=2']);
      assert.deepEqual(
        exchanges[2]!.cookies.sent.map(({ name, reason }) => [name, reason]), [['a', 'domain'], ['b', undefined]],
      );
    });

    it('leave trailers with the content, and those that are credentials at another origin', async () => {
      const seen: [string, string | undefined, string | undefined, string[]][] = [];
      const taking = (location?: string) => http.createServer((request, response) => {
        request.resume().on('end', () => {
          const { 'transfer-encoding': coding, trailer } = request.headers;
          seen.push([request.method!, coding, trailer, request.rawTrailers]);
          if (location === undefined) response.end();
          else response.writeHead(Number(request.url!.slice(1)), { location }).end();
        });
      });
      const next = await bench.serve(taking());
      const port = await bench.serve(taking(`http://127.0.0.1:${next}/`));
      const spec = {
        method: 'POST', body: [bytes('hello')], secrets: ['s3cret'], headers: [['Trailer', 'X-Sum, X-Api-Sig']],
        trailers: [['X-Sum', '5'], ['X-Api-Sig', 's3cret']],
      } satisfies Partial<RequestSpec>;
      const changes: (readonly string[])[] = [];
      for (const status of [303, 307]) {
        const [first, second] = await bench.client.send(specOf(`http://127.0.0.1:${port}/${status}`, spec), silent);
        assertComplete(second!);
        changes.push(first!.redirect!.changes);
      }
      const whole = ['X-Sum', '5', 'X-Api-Sig', 's3cret'];
      assert.deepEqual(seen, [
        ['POST', 'chunked', 'X-Sum, X-Api-Sig', whole], ['GET', undefined, undefined, []],
        ['POST', 'chunked', 'X-Sum, X-Api-Sig', whole], ['POST', 'chunked', 'X-Sum', ['X-Sum', '5']],
      ]);
      const origin = `origin http://127.0.0.1:${port} http://127.0.0.1:${next}`;
      assert.deepEqual(changes, [['method POST GET', 'body', 'trailers', origin], [origin, 'field X-Api-Sig']]);
    });

    it('take a wrong length along with the content only', () => {
      const wrong: Partial<RequestSpec> = {
        method: 'POST', headers: [['Content-Length', '9']], body: [bytes('x')], wrongLength: true,
      };
      assert.equal(follow(wrong, 307, '/x').spec.wrongLength, true);
      const { wrongLength, headers } = follow(wrong, 303, '/x').spec;
      assert.deepEqual([wrongLength, headers], [undefined, []]);
    });

    it('of `OPTIONS *` lead to what the Location names', async () => {
      const seen: string[] = [];
      const port = await bench.raw((socket) => onHead(socket, (head) => {
        seen.push(head.split('\r\n', 1)[0]!);
        socket.write(seen.length > 1 ? 'HTTP/1.1 204 No Content\r\n\r\n'
          : 'HTTP/1.1 307 Temporary Redirect\r\nLocation: /moved\r\nContent-Length: 0\r\n\r\n');
      }));
      const spec = specOf(`http://127.0.0.1:${port}/`, { method: 'OPTIONS', requestTarget: '*' });
      const [first, second] = await bench.client.send(spec, silent);
      assert.deepEqual(seen, ['OPTIONS * HTTP/1.1', 'OPTIONS /moved HTTP/1.1']);
      assert.deepEqual([first!.request!.requestTarget, second!.request!.requestTarget], ['*', '/moved']);
    });

    it('stop after twenty, and the last exchange says so', async () => {
      const port = await bench.serve(
        http.createServer((_request, response) => response.writeHead(302, { location: '/again' }).end()),
      );
      const exchanges = await bench.client.send(specOf(`http://127.0.0.1:${port}/`), silent);
      assert.equal(exchanges.length, 21);
      assert.deepEqual(exchanges.map(({ reused }) => reused), [false, ...Array(20).fill(true)]);
      const failure = assertFailure(exchanges.at(-1)!, 'receive', 'too-many-redirects');
      assert.deepEqual(failure.detail, { location: `http://127.0.0.1:${port}/again`, limit: 20, visits: 20 });
      assert.equal(exchanges.at(-1)!.response!.statusCode, 302);
      assert.equal(exchanges.slice(0, -1).some(({ failure: earlier }) => earlier), false);
    });

    it('are not followed when not asked for, and fail when they lead nowhere', async () => {
      const port = await bench.serve(http.createServer((request, response) =>
        response.writeHead(302, { location: request.url === '/bad' ? 'ftp://x/' : '/x' }).end()));
      const url = `http://127.0.0.1:${port}`;
      const kept = await bench.client.send(specOf(url, { options: { followRedirects: false } }), silent);
      assert.equal(kept.length, 1);
      assertComplete(kept[0]!, 302);
      const limited = await bench.client.send(specOf(url, { options: { maxRedirects: 2 } }), silent);
      assert.equal(limited.length, 3);
      const bad = await bench.client.send(specOf(`${url}/bad`), silent);
      assertFailure(bad[0]!, 'receive', 'redirect-invalid');
    });
  });
});
