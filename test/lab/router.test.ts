import assert from 'node:assert/strict';
import { createMux } from '../../src/lab/routing/mux.ts';
import { compare, fitsPath, parsePattern } from '../../src/lab/routing/pattern.ts';
import type { Relation } from '../../src/lab/routing/pattern.ts';
import { createRoutes } from '../../src/lab/routes/routes.ts';

const opposite: Readonly<Record<Relation, Relation>> = {
  'equal': 'equal', 'overlapping': 'overlapping', 'disjoint': 'disjoint',
  'more-specific': 'less-specific', 'less-specific': 'more-specific',
};

const relations: readonly (readonly [a: string, b: string, relation: Relation])[] = [
  ['/a', '/a', 'equal'],
  ['/{x}', '/{y}', 'equal'],
  ['/a/', '/a/{rest...}', 'equal'],
  ['/a', '/b', 'disjoint'],
  ['/a', '/a/', 'disjoint'],
  ['/a', '/{x}', 'more-specific'],
  ['/a/{x}', '/a/', 'more-specific'],
  ['/{$}', '/', 'more-specific'],
  ['/{$}', '/{x}', 'disjoint'],
  ['/a/{x}', '/{x}/b', 'overlapping'],
  ['/a/b/', '/a/{x}/', 'more-specific'],
  ['/a/{x}/', '/{y}/b', 'disjoint'],
  ['/a/{x}/', '/{y}/b/', 'overlapping'],
  ['GET /a', '/a', 'more-specific'],
  ['HEAD /a', 'GET /a', 'more-specific'],
  ['GET /a', 'POST /a', 'disjoint'],
  ['GET /{x}', '/a', 'overlapping'],
  ['shop.lab.test/', '/a', 'more-specific'],
  ['shop.lab.test/a', 'lab.test/a', 'disjoint'],
];

const routes = createRoutes({ issueClient: () => Promise.reject(new Error('not asked for')) });

describe('lab router', () => {
  for (const [a, b, relation] of relations) {
    it(`${a} is ${relation} to ${b}`, () => {
      assert.equal(compare(parsePattern(a), parsePattern(b)), relation);
      assert.equal(compare(parsePattern(b), parsePattern(a)), opposite[relation]);
    });
  }

  const mux = createMux([
    ['GET /{$}', 'front'], ['GET shop.lab.test/{$}', 'shop'], ['GET /hello/{name}', 'hello'],
    ['GET /hello/world', 'world'], ['/any/{rest...}', 'any'], ['POST /login', 'login'],
    ['PUT /login', 'replace'], ['GET /a%20b', 'never'], ['GET /space/a b', 'space'],
  ].map(([pattern, target]) => [pattern ?? '', target ?? ''] as const));
  const ask = (method: string, path: string, host = 'lab.test') => mux.route({ method, path, host });

  it('lets the most specific pattern win and says why others lost', () => {
    const routing = ask('GET', '/hello/world');
    assert.equal(routing.outcome === 'found' && routing.entry.target, 'world');
    assert.deepEqual(routing.candidates, [
      { pattern: 'GET /hello/world', reason: 'most-specific' },
      { pattern: 'GET /hello/{name}', reason: 'less-specific' },
    ]);
    const shop = ask('GET', '/', 'SHOP.lab.test');
    assert.equal(shop.outcome === 'found' && shop.entry.target, 'shop');
    assert.deepEqual(ask('GET', '/').candidates, [
      { pattern: 'GET /{$}', reason: 'only-match' },
      { pattern: 'GET shop.lab.test/{$}', reason: 'other-host' },
    ]);
  });

  it('gives parameters decoded, and decodes after splitting', () => {
    const hello = ask('GET', '/hello/%ED%95%9C%2F%EA%B8%80');
    assert.deepEqual(hello.outcome === 'found' && hello.parameters, { name: '한/글' });
    const any = ask('DELETE', '/any/x/y%20z/');
    assert.deepEqual(any.outcome === 'found' && any.parameters, { rest: 'x/y z/' });
    const space = ask('GET', '/space/a%20b');
    assert.equal(space.outcome === 'found' && space.entry.target, 'space');
  });

  it('answers other methods with those allowed, HEAD with GET, and a missing slash with a redirect', () => {
    const routing = ask('GET', '/login');
    assert.deepEqual(routing.outcome === 'method-not-allowed' && routing.allow, ['POST', 'PUT']);
    assert.deepEqual(routing.candidates.map(({ reason }) => reason), ['other-method', 'other-method']);
    assert.equal(ask('HEAD', '/hello/x').outcome, 'found');
    const redirect = ask('GET', '/any');
    assert.equal(redirect.outcome === 'redirect' && redirect.path, '/any/');
    assert.equal(ask('GET', '/hello').outcome, 'not-found');
    assert.equal(ask('GET', '/hello/').outcome, 'not-found');
    assert.equal(ask('GET', '/%zz').outcome, 'malformed');
  });

  it('finds the one of all that fit which is more specific than each of the others', () => {
    const { entries, route } = createMux(routes.map((one) => [one.pattern, one] as const));
    const words = ['', 'any', '1', ...entries.flatMap(({ pattern: { segments } }) =>
      segments.flatMap((segment) => segment.kind === 'literal' ? [segment.text] : []))];
    const paths = words.flatMap((first, index) => [[first], [first, words[index * 7 % words.length]!],
      [first, words[index * 3 % words.length]!, ''], [first, 'a', words[index * 5 % words.length]!]]);
    const asked: readonly (readonly [method: string, host: string])[] = [
      ['GET', 'lab.test'], ['HEAD', 'shop.lab.test'], ['POST', 'lab.test'], ['PUT', 'lab.test'],
    ];
    let found = 0;
    for (const path of paths) {
      for (const [method, host] of asked) {
        const fitting = entries.filter(({ pattern }) => fitsPath(pattern, path)
          && [undefined, host].includes(pattern.host)
          && [undefined, method, method === 'HEAD' ? 'GET' : method].includes(pattern.method));
        const best = fitting.find((one) => fitting.every((other) => other === one
          || compare(one.pattern, other.pattern) === 'more-specific'));
        const routing = route({ method, host, path: `/${path.map(encodeURIComponent).join('/')}` });
        assert.equal(routing.outcome === 'found' ? routing.entry.pattern.text : undefined, best?.pattern.text);
        if (best) found += 1;
      }
    }
    assert.ok(found > 100);
  });

  it('finds conflicts and malformed patterns at registration', () => {
    const register = (...patterns: string[]) => () => createMux(patterns.map((one) => [one, one] as const));
    assert.throws(register('/a/{x}', '/{x}/b'), /conflicts/);
    assert.throws(register('GET /{x}', 'GET /{y}'), /conflicts/);
    for (const bad of ['a', 'GET a', '/{x...}/b', '/{}', '/a{x}', '/{x}/{x}', '/a//b', '/{$}/a']) {
      assert.throws(register(bad), /pattern/i, bad);
    }
  });

  it('has no conflict among the routes of the lab', () => {
    assert.equal(createMux(routes.map((route) => [route.pattern, route] as const)).entries.length, routes.length);
  });
});
