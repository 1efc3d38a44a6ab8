import assert from 'node:assert/strict';
import type { Exchange } from '../../src/trace/exchange.ts';
import { certificatesPath, contentPath, parseContentPath, wirePath } from '../../src/ui/contentUri.ts';

function exchange(url: string, contentType?: string): Exchange {
  return {
    id: 'e 1/..',
    startedAt: 0,
    startAt: 0,
    reused: false,
    cookies: { sent: [], received: [] },
    events: [],
    spec: { id: 's', method: 'GET', url, headers: [], options: {} },
    response: {
      httpVersion: '1.1',
      statusCode: 200,
      reasonPhrase: 'OK',
      interimResponses: [],
      trailers: [],
      bodySize: 0,
      contentSize: 0,
      complete: true,
      headers: contentType === undefined ? [] : [['Content-Type', contentType]],
    },
  };
}

describe('paths of contents', () => {
  const cases: [string, string | undefined, string][] = [
    ['http://a.test/users', 'application/json; charset=utf-8', 'users.json'],
    ['http://a.test/users.json', 'application/json', 'users.json'],
    ['http://a.test/users/', 'application/problem+json', 'users.json'],
    ['http://a.test/', 'text/html', 'content.html'],
    ['http://a.test/logo.svg', 'image/svg+xml', 'logo.svg'],
    ['http://a.test/feed', 'application/atom+xml', 'feed.xml'],
    ['http://a.test/pic.php', 'image/PNG', 'pic.png'],
    ['http://a.test/x', 'application/octet-stream', 'x.bin'],
    ['http://a.test/x', undefined, 'x.txt'],
    ['http://a.test/%EB%98%A0', 'text/plain', '똠.txt'],
    ['http://a.test/%2e%2e%2fetc', 'text/plain', '_etc.txt'],
    ['http://a.test/%E0%A4%A', 'text/plain', '_E0_A4_A.txt'],
    ['http://a.test/a%00b', 'text/plain', 'a_b.txt'],
  ];
  for (const [url, contentType, name] of cases) {
    it(`${url} as ${contentType} is ${name}`, () => {
      const path = contentPath(exchange(url, contentType));
      assert.equal(path, `/exchange/e%201%2F../${name}`);
      assert.deepEqual(parseContentPath(path), { exchangeId: 'e 1/..', kind: 'content' });
    });
  }

  it('names the certificates', () => {
    assert.deepEqual(parseContentPath(certificatesPath(exchange('https://a.test/'))), {
      exchangeId: 'e 1/..',
      kind: 'certificates',
    });
  });

  it('names what went over the wire as no content can be named', () => {
    const wire = wirePath(exchange('https://a.test/'));
    assert.deepEqual(parseContentPath(wire), { exchangeId: 'e 1/..', kind: 'wire' });
    assert.notEqual(contentPath(exchange('https://a.test/wire%20bytes.txt', 'text/plain')), wire);
  });

  it('knows no other paths', () => {
    for (const path of [
      '',
      '/',
      '/exchange',
      '/exchange/a',
      '/exchange/a/b/c',
      '/other/a/b',
      'exchange/a/b',
    ]) {
      assert.equal(parseContentPath(path), undefined, path);
    }
  });
});
