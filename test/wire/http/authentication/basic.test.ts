import assert from 'node:assert/strict';
import http from 'node:http';
import type { RequestSpec } from '../../../../src/trace/request.ts';
import { assertComplete, createBench, sendOne, silent, specOf } from '../support.ts';
import type { Bench } from '../support.ts';

// RFC 7617: credentials of a URL.

describe('Basic', () => {
  let bench: Bench;
  let seen: (string | undefined)[];
  let port: number;
  beforeEach(async () => {
    bench = createBench();
    seen = [];
    port = await bench.serve(http.createServer((request, response) => {
      seen.push(request.headers.authorization);
      const [, to] = /^\/to\/(.*)$/.exec(request.url!) ?? [];
      if (to) response.writeHead(302, { location: decodeURIComponent(to) });
      response.end();
    }));
  });
  afterEach(() => bench.close());

  const cases: readonly (readonly [what: string, userinfo: string, pair: string | undefined])[] = [
    ['the example of §2', 'Aladdin:open%20sesame', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
    ['the example of §2.1, in UTF-8', 'test:123%C2%A3', 'dGVzdDoxMjPCow=='],
    ['a colon in the password', 'me:a:b', Buffer.from('me:a:b').toString('base64')],
    ['no password', 'me', Buffer.from('me:').toString('base64')],
    ['no user', ':secret', Buffer.from(':secret').toString('base64')],
    ['Korean', '%EB%82%98:%EB%B9%84%EB%B0%80', Buffer.from('나:비밀').toString('base64')],
    ['a stray per cent sign', 'me:100%', Buffer.from('me:100%').toString('base64')],
    ['an empty userinfo', '', undefined],
  ];
  for (const [what, userinfo, pair] of cases) {
    it(`${what}: ${userinfo}`, async () => {
      assertComplete(await sendOne(bench.client, specOf(`http://${userinfo}@127.0.0.1:${port}/`)));
      assert.deepEqual(seen, [pair && `Basic ${pair}`]);
    });
  }

  it('a typed Authorization goes first', async () => {
    const headers: RequestSpec['headers'] = [['Authorization', 'Bearer mine']];
    assertComplete(await sendOne(bench.client, specOf(`http://me:you@127.0.0.1:${port}/`, { headers })));
    assert.deepEqual(seen, ['Bearer mine']);
  });

  it('stays on its origin through redirects, and neither follows to another one nor comes back', async () => {
    const home = `http://127.0.0.1:${port}`;
    const away = `http://localhost:${port}`;
    const to = (...urls: string[]): string => urls.reduceRight((rest, url) =>
      `${url}/to/${encodeURIComponent(rest)}`, `${home}/end`);
    const options = { resolve: [{ host: 'localhost', port, addresses: ['127.0.0.1'] }] };
    const basic = `Basic ${Buffer.from('me:you').toString('base64')}`;
    await bench.client.send(specOf(to(home.replace('//', '//me:you@'), home), { options }), silent);
    assert.deepEqual(seen.splice(0), [basic, basic, basic]);
    await bench.client.send(specOf(to(home.replace('//', '//me:you@'), away), { options }), silent);
    assert.deepEqual(seen, [basic, undefined, undefined]);
  });
});
