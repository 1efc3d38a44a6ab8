import assert from 'node:assert/strict';
import { CookieJar as ToughJar } from 'tough-cookie';
import { cookieLessons } from '../../src/lab/routes/cookieLessons.ts';
import type { CookieLesson } from '../../src/lab/routes/cookieLessons.ts';
import type { CookieVerdict } from '../../src/trace/event.ts';
import { createCookieJar } from '../../src/wire/cookies/jar.ts';
import { createBench, silent, specOf } from '../wire/http/support.ts';
import type { Bench } from '../wire/http/support.ts';
import { call, fieldOf } from './calling.ts';
import { runLab } from './running.ts';
import type { RunningLab } from './running.ts';

/** Why our client refuses a cookie, by the name of the lesson. */
const reasons: Readonly<Record<string, string>> = {
  'secure-over-http': 'secure', 'overlay': 'overlay', 'none-insecure': 'same-site',
  'partitioned-insecure': 'partitioned',
  'host-prefix-domain': 'prefix', 'host-prefix-path': 'prefix', 'host-prefix-insecure': 'prefix',
  'secure-prefix-insecure': 'prefix', 'prefix-case': 'prefix', 'prefix-nameless': 'prefix', 'empty': 'nameless',
  'too-large': 'size', 'domain-sibling': 'domain', 'domain-below': 'domain', 'domain-suffix': 'public-suffix',
  'domain-foreign': 'domain',
};

/** What tough-cookie, which follows RFC 6265 of 2011, lets through. */
const sinceThen = new Set([
  'secure-over-http', 'overlay', 'none-insecure', 'partitioned-insecure', 'prefix-case', 'prefix-nameless', 'empty',
  'too-large',
]);

describe('lab lessons about cookies', () => {
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

  /** The fields as they come over the wire; the URL is the one that a client would have asked. */
  async function ask({ name, at }: CookieLesson): Promise<{ url: URL; fields: string[] }> {
    const { http } = running.lab.addresses;
    const { scheme = 'https', host = 'lab.test' } = at ?? {};
    const called = await call(running, 'GET', `/cookies/lessons/${name}`, { Host: `${host}:${http.port}` });
    assert.equal(called.statusCode, 200, name);
    assert.ok((JSON.parse(called.content) as { why: object }).why, name);
    const fields = called.headers.filter(([field]) => field === 'set-cookie').map(([, value]) => value);
    return { url: new URL(`${scheme}://${host}/cookies/lessons/${name}`), fields };
  }

  const outcomeOf = ({ accepted, shortened, reason }: CookieVerdict): string =>
    (accepted ? shortened ? 'shortened' : 'stored' : reason === 'expired' ? 'deleted' : `refused: ${reason}`);

  /** By our own client, where the lesson is to be asked for. */
  async function send({ name, at }: CookieLesson): Promise<readonly CookieVerdict[]> {
    const { scheme = 'https', host = 'lab.test' } = at ?? {};
    const { port } = running.lab.addresses[scheme];
    const [exchange] = await bench.client.send(specOf(`${scheme}://${host}:${port}/cookies/lessons/${name}`, {
      options: { resolve: [{ host: '*', port, addresses: ['127.0.0.1'] }], verify: false },
    }), silent);
    assert.equal(exchange?.response?.statusCode, 200, `${name}: ${exchange?.failure?.code}`);
    return exchange.cookies.received;
  }

  it('are judged by our client as they are meant', async () => {
    const jar = createCookieJar();
    await jar.load();
    for (const lesson of cookieLessons) {
      const { url, fields } = await ask(lesson);
      const meant = lesson.meant === 'refused' ? `refused: ${reasons[lesson.name]}` : lesson.meant;
      for (const verdicts of [jar.receive(url, fields), await send(lesson)]) {
        assert.deepEqual([...new Set(verdicts.map(outcomeOf))], [meant], lesson.name);
      }
    }
    assert.equal(jar.list().filter(({ domain }) => domain === 'www.lab.test').length, 50);
    assert.equal(jar.list().some(({ name }) => name === 'session'), false);
    const stored = Object.fromEntries(jar.list().map((cookie) => [cookie.name, cookie]));
    assert.equal(stored['twice']?.path, '/');
    assert.equal(stored['path-relative']?.path, '/cookies/lessons');
    assert.equal(stored['long-attribute']?.path, '/cookies/lessons');
    assert.equal(stored['secure']?.value, '1');
    assert.equal(stored['value']?.value, '"a=b, c"');
    assert.equal(stored['__Host-partitioned']?.partitioned, true);
    assert.equal(stored['expires-unreadable']?.expires, undefined);
    assert.ok((stored['old-date']?.expires ?? 0) > Date.now());
  });

  it('are judged likewise by tough-cookie, but for what is newer', async () => {
    const jar = new ToughJar(undefined, { looseMode: true, prefixSecurity: 'strict', allowSpecialUseDomain: true });
    for (const lesson of cookieLessons) {
      if (sinceThen.has(lesson.name)) continue;
      const { url, fields } = await ask(lesson);
      for (const field of fields) {
        const isTaken = await jar.setCookie(field, url.href).then((cookie) => cookie !== undefined, () => false);
        assert.equal(isTaken, lesson.meant !== 'refused', lesson.name);
      }
    }
    const left = (await jar.getCookies('https://lab.test/cookies/lessons/x')).map(({ key }) => key);
    assert.equal(left.includes('session'), false);
    assert.ok(['max-age-first', 'old-date', 'http-only', 'domain-parent'].every((name) => left.includes(name)));
  });

  it('say each its own, in both languages', async () => {
    const names = cookieLessons.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, why, meant } of cookieLessons) {
      assert.match(why.ko, /[가-힣]/, name);
      assert.equal(meant === 'refused', Object.hasOwn(reasons, name), name);
    }
    const { content } = await call(running, 'GET', '/cookies/lessons');
    const { lessons } = JSON.parse(content) as { lessons: { lesson: string }[] };
    assert.deepEqual(lessons.map(({ lesson }) => lesson), names);
    assert.equal((await call(running, 'GET', '/cookies/lessons/none-such')).statusCode, 404);
  });

  it('let nobody break out of a field', async () => {
    for (const query of [
      'a=1%0d%0aSet-Cookie:%20evil=1', 'a%0d%0ab=1', 'a=1&Path=/%0d%0aX-Evil:1', 'a=1;%20Domain=lab.test', 'a=%00',
      'a=%7f', 'a=1&Path=/;%20Secure', 'a=%E2%98%83',
    ]) {
      for (const path of ['/cookies/set', '/cookies/delete']) {
        const called = await call(running, 'GET', `${path}?${query}`);
        const isHarmless = called.statusCode === 400
          || called.headers.every(([name, value]) => name !== 'x-evil' && !/evil|;.*;.*;.*;/.test(value));
        assert.ok(isHarmless, `${path}?${query}`);
        assert.equal(fieldOf(called, 'x-evil'), '');
      }
      assert.equal((await call(running, 'GET', `/cookies/set?${query}`)).statusCode, 400, query);
    }
  });
});
