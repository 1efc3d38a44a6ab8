import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { createBench, contentOf, sendOne, silent, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { close, opening, told, wait } from '../wire/http/webSocket/support.ts';
import { call, fieldOf } from './calling.ts';
import { converse, curl, newTrace, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

describe('lab routes of httpbin', () => {
  let running: RunningLab;
  let bench: Bench;
  before(async () => {
    running = await runLab();
    bench = createBench();
  });
  after(async () => {
    await bench.close();
    await running.stop();
  });

  const portOf = (scheme: 'http' | 'https') => running.lab.addresses[scheme].port;
  const plain = (path: string): string => `http://localhost:${portOf('http')}${path}`;
  const versions = ['--http1.1', '--http2'] as const;
  const at = (version: string, path: string): string[] => [version, `https://localhost:${portOf('https')}${path}`];
  const body = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await curl(running, ...args);
    assert.equal(code, 0, stderr);
    return stdout.toString();
  };
  const status = (...args: string[]): Promise<string> => body('-o', '/dev/null', '-w', '%{http_code}', ...args);

  describe('authentication', () => {
    for (const version of versions) {
      it(`asks for user and password by Basic and for a token over ${version}`, async () => {
        const basic = at(version, '/basic-auth/ada/love%20lace');
        assert.equal(await status(...basic), '401');
        assert.equal(await status('-u', 'ada:wrong', ...basic), '401');
        assert.match(await body('-u', 'ada:love lace', ...basic), /"user": "ada"/);
        assert.match(await body('-i', ...at(version, '/bearer')), /www-authenticate: Bearer realm="lab"\r\n/i);
        assert.equal(await status('-H', 'Authorization: Bearer one', ...at(version, '/bearer')), '200');
        assert.match(await body('-i', '-H', 'Authorization: Bearer a b', ...at(version, '/bearer')), /invalid_token/);
      });

      it(`asks for Digest over ${version}, as curl computes it`, async () => {
        for (const algorithm of ['MD5', 'SHA-256', 'SHA-256-sess', 'MD5-sess']) {
          const url = at(version, `/digest-auth/auth/ada/lovelace?algorithm=${algorithm}`);
          assert.equal(await status('--digest', '-u', 'ada:lovelace', ...url), '200', algorithm);
          assert.equal(await status('--digest', '-u', 'ada:wrong', ...url), '401', algorithm);
        }
        assert.equal(await status(...at(version, '/digest-auth/auth-conf/ada/lovelace')), '404');
        assert.equal(await status(...at(version, '/digest-auth/auth/ada/lovelace?algorithm=constructor')), '404');
      });
    }

    it('covers the body with auth-int, and proves that it knows the password, too', async () => {
      const url = plain('/digest-auth/auth-int/ada/lovelace?algorithm=SHA-512-256');
      const exchanges = await bench.client.send(specOf(url, {
        method: 'POST', body: [{ kind: 'bytes', bytes: Buffer.from('an order') }],
        options: { authentication: { scheme: 'digest', user: 'ada', password: 'lovelace' } },
      }), silent);
      assert.deepEqual(exchanges.map(({ response }) => response?.statusCode), [401, 200]);
    });

    it('calls a nonce stale once it was used', async () => {
      const url = plain('/digest-auth/auth/ada/lovelace?once=1');
      const statuses = async () => {
        const options = { authentication: { scheme: 'digest', user: 'ada', password: 'lovelace' } } as const;
        const exchanges = await bench.client.send(specOf(url, { options }), silent);
        return exchanges.map(({ response }) =>
          `${response?.statusCode}${response?.headers.some(([, value]) => value.includes('stale=true')) ? ' stale' : ''}`);
      };
      assert.deepEqual(await statuses(), ['401', '200']);
      // The client goes on with the nonce it has, and gets a new one at once.
      assert.deepEqual(await statuses(), ['401 stale', '200']);
    });

    it('takes no nonce but its own, and no answer to another path', async () => {
      const path = '/digest-auth/auth/ada/lovelace';
      const md5 = (text: string): string => createHash('sha256').update(text).digest('hex');
      const answer = (nonce: string, uri: string): Record<string, string> => {
        const response = md5(`${md5('ada:lab:lovelace')}:${nonce}:00000001:c:auth:${md5(`GET:${uri}`)}`);
        return { Authorization: `Digest username="ada", realm="lab", nonce="${nonce}", uri="${uri}", qop=auth, nc=00000001, cnonce="c", response="${response}"` };
      };
      const asked = fieldOf(await call(running, 'GET', path), 'www-authenticate');
      const nonce = /nonce="([^"]+)"/.exec(asked)![1]!;
      assert.equal((await call(running, 'GET', path, answer(nonce, path))).statusCode, 200);
      assert.equal((await call(running, 'GET', path, answer(nonce, '/json'))).statusCode, 401);
      const forged = await call(running, 'GET', path, answer(`${Date.now()}.forged`, path));
      assert.equal(forged.statusCode, 401);
      assert.match(fieldOf(forged, 'www-authenticate'), /stale=true/);
    });
  });

  it('validates what a cache has, and says how fresh an answer is', async () => {
    const first = await call(running, 'GET', '/cache');
    const [etag, date] = [fieldOf(first, 'etag'), fieldOf(first, 'last-modified')];
    assert.equal((await call(running, 'GET', '/cache', { 'If-None-Match': etag })).statusCode, 304);
    assert.equal((await call(running, 'GET', '/cache', { 'If-Modified-Since': date })).statusCode, 304);
    assert.equal((await call(running, 'GET', '/cache', { 'If-None-Match': '"other"', 'If-Modified-Since': date })).statusCode, 200);
    assert.equal((await call(running, 'GET', '/etag/v1', { 'If-Match': '"v2"' })).statusCode, 412);
    assert.equal((await call(running, 'GET', '/etag/v1', { 'If-Match': '"v1"' })).statusCode, 200);
    assert.equal((await call(running, 'GET', '/etag/a%22b')).statusCode, 400);
    const fresh = await call(running, 'GET', '/cache/60?age=20');
    assert.deepEqual([fieldOf(fresh, 'cache-control'), fieldOf(fresh, 'age')], ['public, max-age=60', '20']);
    assert.match(fieldOf(await call(running, 'GET', '/vary'), 'vary'), /Accept-Language/);
  });

  it('redirects in every way there is', async () => {
    const arrival = (...args: string[]) => body('-L', '-o', '/dev/null', '-w', '%{num_redirects} %{http_code} %{url_effective}', ...args);
    assert.equal(await arrival(plain('/relative-redirect/2')), `3 200 ${plain('/json')}`);
    assert.equal(await arrival(plain('/absolute-redirect/3')), `3 200 ${plain('/absolute-redirect/0')}`);
    assert.equal(await arrival(plain('/fragment-redirect')), `1 200 ${plain('/html#end')}`);
    assert.equal(await arrival(plain('/cross-redirect')), `1 200 https://localhost:${portOf('https')}/headers`);
    const name = await body('-o', '/dev/null', '-w', '%{redirect_url}', plain('/cross-redirect?to=name'));
    assert.equal(name, `http://other.lab.test:${portOf('http')}/headers`);
    const loop = await curl(running, '-L', '--max-redirs', '5', '-o', '/dev/null', plain('/redirect-loop'));
    assert.equal(loop.code, 47);
    const exchanges = await bench.client.send(specOf(plain('/redirect-loop')), silent);
    assert.equal(exchanges.at(-1)?.failure?.code, 'too-many-redirects');
    for (const path of ['/relative-redirect/51', '/absolute-redirect/x', '/cross-redirect?to=example.com']) {
      assert.equal(await status(plain(path)), '400', path);
    }
  });

  it('draws pictures that are what they say', async () => {
    const gif = (await call(running, 'GET', '/image.gif')).bytes;
    assert.equal(gif.toString('latin1', 0, 6), 'GIF89a');
    assert.deepEqual([gif.readUInt16LE(6), gif.readUInt16LE(8), gif.at(-1)], [16, 16, 0x3b]);
    const jpeg = (await call(running, 'GET', '/image.jpeg')).bytes;
    assert.deepEqual([jpeg.readUInt16BE(0), jpeg.readUInt16BE(jpeg.length - 2)], [0xffd8, 0xffd9]);
    const webp = (await call(running, 'GET', '/image.webp')).bytes;
    assert.deepEqual([webp.toString('latin1', 0, 4), webp.readUInt32LE(4) + 8, webp.toString('latin1', 8, 12)], ['RIFF', webp.length, 'WEBP']);
    assert.equal(inflateSync((await call(running, 'GET', '/deflate')).bytes).length > 100, true);
  });

  it('takes a form apart, as curl sends it', async () => {
    const file = join(running.directory, 'order "1".json');
    await writeFile(file, '{"tea":1}\r\n\r\n--');
    for (const version of versions) {
      const form = JSON.parse(await body('-F', 'city=서울', '-F', 'motto=a\r\n\r\nb', '-F', `file=@"${file.replaceAll('"', '\\"')}";type=application/json`,
        ...at(version, '/form'))) as { parts: Record<string, unknown>[] };
      const [city, motto, order] = form.parts;
      assert.deepEqual([city?.name, city?.text, motto?.text], ['city', '서울', 'a\r\n\r\nb']);
      assert.deepEqual([order?.fileName, order?.size], ['order "1".json', 15]);
      assert.equal(order?.sha256, createHash('sha256').update('{"tea":1}\r\n\r\n--').digest('hex'));
    }
    const type = { 'Content-Type': 'multipart/form-data; boundary=b' };
    for (const wrong of ['', 'x', '--b\r\n\r\nno end', '--b x\r\n\r\n\r\n--b--', '--b\r\nA: 1\r\n--b--']) {
      assert.equal((await call(running, 'POST', '/form', type, wrong)).statusCode, 400, wrong);
    }
    assert.equal((await call(running, 'POST', '/form', { 'Content-Type': 'text/plain' }, 'x')).statusCode, 415);
    const many = `${'--b\r\n\r\nx\r\n'.repeat(101)}--b--`;
    assert.equal((await call(running, 'POST', '/form', type, many)).statusCode, 400);
    const bare = JSON.parse((await call(running, 'POST', '/form', type, '--b\r\n\r\nx\r\n--b--')).content) as { parts: object[] };
    assert.deepEqual(bare.parts, [{ name: null, headers: [], size: 1, text: 'x' }]);
  });

  it('gives trailer fields back, but for those that have no place there', async () => {
    for (const httpVersion of ['1.1', '2-prior-knowledge'] as const) {
      const exchange = await sendOne(bench.client, specOf(plain('/echo/trailers'), {
        method: 'POST', httpVersion, body: [{ kind: 'bytes', bytes: Buffer.from('hello') }], trailers: [['X-Checked', 'yes']],
      }));
      assert.deepEqual(exchange.response?.trailers?.map(([name, value]) => [name.toLowerCase(), value]),
        [['x-checked', 'yes'], ['x-received', '5']]);
      assert.equal(await contentOf(bench.client, exchange), 'hello');
    }
    const port = portOf('http');
    const { text } = await converse(port, `POST /echo/trailers HTTP/1.1\r\nHost: lab.test:${port}\r\nTransfer-Encoding: chunked\r\n`
      + 'Connection: close\r\n\r\n1\r\nx\r\n0\r\nAuthorization: x\r\nSet-Cookie: a=b\r\nX-Own: 1\r\n\r\n');
    assert.match(text, /0\r\nX-Own: 1\r\nX-Received: 1\r\n\r\n$/);
  });

  it('says no to a body before it is sent', async () => {
    for (const httpVersion of ['1.1', '2-prior-knowledge'] as const) {
      const exchange = await sendOne(bench.client, specOf(plain('/expect/refused'), {
        method: 'POST', httpVersion, headers: [['Expect', '100-continue']], body: [{ kind: 'bytes', bytes: Buffer.from('hello') }],
      }));
      assert.deepEqual([exchange.failure?.code, exchange.response?.statusCode, exchange.response?.complete], [undefined, 417, true]);
    }
    assert.equal(await status('-d', 'x', ...at('--http2', '/nowhere-at-all')), '404');
  });

  it('times itself, and sends as many fields as were asked for', async () => {
    assert.match(fieldOf(await call(running, 'GET', '/server-timing'), 'server-timing'), /^wait;dur=\d+\.\d\d;desc="A timer of 20 ms", hash;dur=/);
    for (const version of versions) {
      const many = await body('-D', '-', '-o', '/dev/null', ...at(version, '/many-headers?count=200&size=200'));
      assert.equal(many.match(/^x-header-\d+: x{200}\r$/gim)?.length, 200);
    }
    for (const query of ['count=201', 'size=16385', 'count=200&size=1000', 'count=0']) {
      assert.equal((await call(running, 'GET', `/many-headers?${query}`)).statusCode, 400, query);
    }
    const bytesOf = async (query: string): Promise<string> =>
      createHash('md5').update((await call(running, 'GET', `/bytes/70000${query}`)).bytes).digest('hex');
    assert.equal(await bytesOf('?seed=7'), await bytesOf('?seed=7'));
    assert.notEqual(await bytesOf('?seed=7'), await bytesOf('?seed=8'));
    assert.equal(await bytesOf(''), await bytesOf('?seed=1'));
    const utf16 = (await call(running, 'GET', '/text/utf-16')).bytes;
    assert.match(new TextDecoder('utf-16le').decode(utf16), /왕복/);
    assert.deepEqual([...utf16.subarray(0, 2)], [0xff, 0xfe]);
  });

  describe('server-sent events', () => {
    it('come with ids and types, and go on after the last one', async () => {
      for (const version of versions) {
        const all = await body('-N', ...at(version, '/events?count=4&interval=5&retry=70'));
        assert.match(all, /^retry: 70\n/);
        assert.deepEqual([...all.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id), ['1', '2', '3', '4']);
        assert.equal(all.match(/^event: third$/gm)?.length, 1);
        const rest = await body('-N', '-H', 'Last-Event-ID: 3', ...at(version, '/events?count=4&interval=5'));
        assert.deepEqual([...rest.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id), ['4']);
        assert.equal(await status('-H', 'Last-Event-ID: 4', ...at(version, '/events?count=4')), '204');
      }
      for (const query of ['count=1001', 'interval=10001', 'cut=0', 'count=1000&interval=10000']) {
        assert.equal((await call(running, 'GET', `/events?${query}`)).statusCode, 400, query);
      }
    });

    it('end when nobody listens any more', async () => {
      const session = connect(plain(''));
      const { traceId, field } = newTrace();
      const stream = session.request({ ':path': '/events?count=1000&interval=100', 'traceparent': field });
      await new Promise((resolve) => stream.once('data', resolve));
      stream.close(8);
      const events = await running.account(traceId);
      assert.equal(events.some(({ type }) => type === 'response-finished'), false);
      session.close();
    });
  });

  describe('WebSockets', () => {
    const ws = (path: string): string => plain(path).replace('http', 'ws');

    it('send back what our client says, text and bytes', async () => {
      const exchange = await sendOne(bench.client, opening(ws('/ws/echo'), ['Hello', wait, '안녕하세요', wait, close],
        { headers: [['Sec-WebSocket-Protocol', 'chat, json']] }));
      assert.equal(exchange.failure, undefined);
      assert.deepEqual(told(exchange).map((line) => line.replace(' deflated', '')),
        ['> text Hello', '< text Hello', '> text 안녕하세요', '< text 안녕하세요', '> close 1000', '< close 1000']);
      assert.equal(exchange.response?.headers.find(([name]) => name === 'Sec-WebSocket-Protocol')?.[1], 'chat');
    });

    it('close with the code asked for, ping, or break off', async () => {
      const closed = await sendOne(bench.client, opening(ws('/ws/echo?close=4001&reason=enough'), ['one', wait]));
      assert.ok(told(closed).some((line) => line.startsWith('< close') && line.endsWith('4001')), told(closed).join());
      const dropped = await sendOne(bench.client, opening(ws('/ws/echo?drop=1'), ['one', wait]));
      assert.equal(dropped.failure?.code, 'web-socket-broken');
      const counted = await sendOne(bench.client, opening(ws('/ws/count?count=2&interval=5')));
      assert.equal(told(counted).filter((line) => line.startsWith('< text')).length, 2);
      const pinged = new WebSocket(ws('/ws/echo?ping=20'));
      await new Promise((resolve) => pinged.once('ping', resolve));
      pinged.close(3000);
      assert.equal(await new Promise((resolve) => pinged.once('close', resolve)), 3000);
    });

    it('tell their account when they are over', async () => {
      const { traceId, field } = newTrace();
      await sendOne(bench.client, opening(ws('/ws/echo'), ['four', wait, close], { headers: [['traceparent', field]] }));
      const events = await running.account(traceId);
      const started = events.find((event) => event.type === 'response-started');
      const finished = events.find((event) => event.type === 'response-finished');
      assert.deepEqual([started?.type === 'response-started' && started.statusCode, finished?.type === 'response-finished' && finished.bodySize], [101, 4]);
    });

    it('take no message beyond 1 MiB, no foreign origin and no wrong handshake', async () => {
      const large = new WebSocket(ws('/ws/echo'));
      large.on('error', () => {});
      await new Promise((resolve) => large.once('open', resolve));
      large.send(Buffer.alloc(1_048_577));
      assert.equal(await new Promise((resolve) => large.once('close', resolve)), 1009);
      const handshake = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
      assert.equal((await call(running, 'GET', '/ws/echo', { ...handshake, Origin: 'https://example.com' })).statusCode, 403);
      assert.equal((await call(running, 'GET', '/ws/echo', { ...handshake, Host: 'example.com' })).statusCode, 421);
      assert.equal((await call(running, 'GET', '/ws/echo', { ...handshake, 'Sec-WebSocket-Key': 'short' })).statusCode, 400);
      assert.equal((await call(running, 'GET', '/ws/echo?close=1005', handshake)).statusCode, 400);
      assert.equal((await call(running, 'GET', '/ws/echo')).statusCode, 426);
      assert.equal((await call(running, 'GET', '/json', handshake)).statusCode, 200);
      assert.equal((await call(running, 'GET', '/json', { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': '' })).statusCode, 200);
      const upgrading = { Connection: 'Upgrade', Upgrade: 'websocket' };
      assert.match((await call(running, 'POST', '/echo', upgrading, 'tea')).content, /"text": "tea"/);
      assert.equal(await status(...at('--http2', '/ws/echo')), '426');
    });
  });
});
