import assert from 'node:assert/strict';
import http from 'node:http';
import { CookieJar as ToughCookieJar } from 'tough-cookie';
import { defaultCookieLimits } from '../../../src/trace/request.ts';
import type { CookieLimits } from '../../../src/trace/request.ts';
import type { Client } from '../../../src/wire/client.ts';
import { createCookieJar } from '../../../src/wire/cookies/jar.ts';
import type { CookieJar } from '../../../src/wire/cookies/jar.ts';
import { assertComplete, createBench, sendOne, specOf } from './support.ts';
import type { Bench } from './support.ts';

const day = 86_400_000;

async function loaded(now?: () => number): Promise<CookieJar> {
  const jar = createCookieJar(now ? { now } : {});
  await jar.load();
  return jar;
}

function reasons(jar: CookieJar, url: string): Record<string, string> {
  const { verdicts } = jar.select(new URL(url), []);
  return Object.fromEntries(verdicts.map(({ name, accepted, reason }) => [name, accepted ? 'sent' : reason!]));
}

describe('cookies', () => {
  describe('received (RFC 6265bis §5.7)', () => {
    const cases: [name: string, url: string, setCookie: string, outcome: string][] = [
      ['a plain one', 'http://shop.lab.test/a/b', 'a=1', 'stored'],
      ['for the domain above', 'http://shop.lab.test/', 'a=1; Domain=lab.test', 'stored'],
      ['for the domain above, with a dot', 'http://shop.lab.test/', 'a=1; Domain=.lab.test', 'stored'],
      ['for a domain beside', 'http://shop.lab.test/', 'a=1; Domain=other.lab.test', 'domain'],
      ['for a domain below', 'http://lab.test/', 'a=1; Domain=shop.lab.test', 'domain'],
      ['for another site', 'http://shop.lab.test/', 'a=1; Domain=bank.example', 'domain'],
      ['for a domain that only ends alike', 'http://evillab.test/', 'a=1; Domain=lab.test', 'domain'],
      ['for a public suffix', 'http://shop.co.uk/', 'a=1; Domain=co.uk', 'public-suffix'],
      ['for a top level domain', 'http://example.com/', 'a=1; Domain=com', 'public-suffix'],
      ['for a suffix that is the host itself', 'http://github.io/', 'a=1; Domain=github.io', 'stored'],
      ['for an address', 'http://127.0.0.1/', 'a=1; Domain=127.0.0.1', 'stored'],
      ['for another address', 'http://127.0.0.1/', 'a=1; Domain=127.0.0.2', 'domain'],
      ['for the end of an address', 'http://127.0.0.1/', 'a=1; Domain=0.0.1', 'domain'],
      ['Secure over https', 'https://lab.test/', 'a=1; Secure', 'stored'],
      ['Secure over http', 'http://lab.test/', 'a=1; Secure', 'secure'],
      ['Secure over http on this machine', 'http://localhost/', 'a=1; Secure', 'stored'],
      ['__Secure- kept', 'https://lab.test/', '__Secure-a=1; Secure', 'stored'],
      ['__Secure- broken', 'https://lab.test/', '__Secure-a=1', 'prefix'],
      ['__Host- kept', 'https://lab.test/', '__Host-a=1; Secure; Path=/', 'stored'],
      ['__Host- with a domain', 'https://lab.test/', '__Host-a=1; Secure; Path=/; Domain=lab.test', 'prefix'],
      ['__Host- below a path', 'https://lab.test/x/y', '__Host-a=1; Secure', 'prefix'],
      ['__HOST- in another case', 'https://lab.test/', '__HOST-a=1; Path=/', 'prefix'],
      ['a nameless value that looks like __Host-', 'https://lab.test/', '=__Host-a=1; Secure; Path=/', 'prefix'],
      ['without a name', 'http://lab.test/', 'justvalue', 'stored'],
      ['without anything', 'http://lab.test/', '=', 'nameless'],
      ['without anything but attributes', 'http://lab.test/', '; Path=/', 'nameless'],
      ['SameSite=None without Secure', 'https://lab.test/', 'a=1; SameSite=None', 'same-site'],
      ['SameSite=None with Secure', 'https://lab.test/', 'a=1; SameSite=None; Secure', 'stored'],
      ['SameSite=Strict', 'http://lab.test/', 'a=1; SameSite=Strict', 'stored'],
      ['__Host- without a Path of its own', 'https://lab.test/', '__Host-a=1; Secure', 'prefix'],
      ['__Host- for the host as a domain', 'https://lab.test/', '__Host-a=1; Secure; Path=/; Domain=lab.test', 'prefix'],
      ['for a domain that is not ASCII', 'http://lab.test/', 'a=1; Domain=\ub7a9.test', 'domain'],
      ['for the name of this machine', 'http://localhost/', 'a=1; Domain=localhost', 'stored'],
      ['with the last of two domains counting', 'http://shop.lab.test/', 'a=1; Domain=lab.test; Domain=evil.test', 'domain'],
      ['with a Max-Age that is none', 'http://lab.test/', 'a=1; Max-Age=soon; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'expired'],
      ['with a date that is none', 'http://lab.test/', 'a=1; Expires=soon', 'stored'],
      ['with a control character', 'http://lab.test/', 'a=1\u0001', 'syntax'],
      ['of 4096 bytes', 'http://lab.test/', `a=${'x'.repeat(4095)}`, 'stored'],
      ['of 4097 bytes', 'http://lab.test/', `a=${'x'.repeat(4096)}`, 'size'],
      ['of 4097 bytes in few characters', 'http://lab.test/', `a=${'한'.repeat(1366)}`, 'size'],
      ['with an attribute beyond 1024 bytes, which is left out', 'http://lab.test/', `a=1; Domain=${'x'.repeat(1025)}`, 'stored'],
      ['already expired', 'http://lab.test/', 'a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'expired'],
      ['with Max-Age=0', 'http://lab.test/', 'a=1; Max-Age=0', 'expired'],
      ['with Max-Age before Expires', 'http://lab.test/', 'a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'stored'],
    ];
    for (const [name, url, setCookie, outcome] of cases) {
      it(`${name}: ${outcome}`, async () => {
        const jar = await loaded();
        const [verdict] = jar.receive(new URL(url), [setCookie]);
        assert.equal(verdict!.accepted ? 'stored' : verdict!.reason, outcome);
        assert.equal(jar.isEmpty, outcome !== 'stored');
      });
    }

    it('keep their attributes', async () => {
      const jar = await loaded(() => 1_000_000);
      const [verdict] = jar.receive(
        new URL('https://shop.lab.test/a/b'),
        ['id=42; Domain=lab.test; Path=/a; Max-Age=60; HttpOnly; Secure; SameSite=Lax'],
      );
      assert.deepEqual(verdict, {
        name: 'id', value: '42', accepted: true, domain: 'lab.test', path: '/a', expires: 1_060_000,
        httpOnly: true, secure: true, sameSite: 'lax',
      });
    });

    it('say what they replaced, and keep its place in the order', async () => {
      let now = 1;
      const jar = await loaded(() => now += 10);
      const url = new URL('http://lab.test/');
      jar.receive(url, ['a=1', 'b=1']);
      const [again, changed] = jar.receive(url, ['a=1', 'a=2']);
      assert.deepEqual([again!.replaced, changed!.replaced], ['same', 'other']);
      assert.equal(jar.select(url, []).header, 'a=2; b=1');
    });

    it('live 400 days at most', async () => {
      const jar = await loaded(() => 0);
      const [verdict] = jar.receive(new URL('http://lab.test/'), [`a=1; Max-Age=${800 * 86_400}`]);
      assert.deepEqual([verdict!.expires, verdict!.shortened], [defaultCookieLimits.days * day, true]);
    });

    it('do not replace a Secure one from an unsafe origin', async () => {
      const jar = await loaded();
      jar.receive(new URL('https://lab.test/'), ['a=safe; Secure; Path=/']);
      const [verdict] = jar.receive(new URL('http://lab.test/'), ['a=unsafe; Path=/']);
      assert.equal(verdict!.reason, 'overlay');
      assert.equal(jar.select(new URL('https://lab.test/'), []).header, 'a=safe');
    });

    const overlays: [secure: string, plain: string, outcome: string][] = [
      ['a=1; Secure; Path=/login', 'a=2; Path=/', 'stored'],
      ['a=1; Secure; Path=/login', 'a=2; Path=/login/en', 'overlay'],
      ['a=1; Secure; Path=/login', 'a=2; Path=/login', 'overlay'],
      ['a=1; Secure; Path=/; Domain=lab.test', 'a=2; Path=/', 'overlay'],
      ['a=1; Secure; Path=/', 'a=2; Path=/; Domain=lab.test', 'overlay'],
      ['a=1; Secure; Path=/', 'b=2; Path=/', 'stored'],
    ];
    for (const [secure, plain, outcome] of overlays) {
      it(`${plain} over http beside ${secure}: ${outcome} (step 16)`, async () => {
        const jar = await loaded();
        jar.receive(new URL('https://shop.lab.test/'), [secure]);
        const [verdict] = jar.receive(new URL('http://shop.lab.test/'), [plain]);
        assert.equal(verdict!.accepted ? 'stored' : verdict!.reason, outcome);
      });
    }

    it('take their predecessor away when expired', async () => {
      const jar = await loaded();
      const url = new URL('http://lab.test/');
      jar.receive(url, ['a=1', 'b=2']);
      jar.receive(url, ['a=; Max-Age=0']);
      assert.equal(jar.select(url, []).header, 'b=2');
    });

    it('are fifty a domain, the ones used longest ago going first', async () => {
      let now = 1;
      const jar = await loaded(() => now);
      for (let index = 0; index < 60; index++) {
        now += 1000;
        jar.receive(new URL('http://lab.test/'), [`c${index}=1`]);
      }
      const kept = Object.keys(reasons(jar, 'http://lab.test/'));
      assert.equal(kept.length, defaultCookieLimits.perDomain);
      assert(!kept.includes('c9') && kept.includes('c10') && kept.includes('c59'));
    });

    it('beyond fifty those that are not Secure go first, and the newcomer says how many went', async () => {
      let now = 1;
      const jar = await loaded(() => now += 1000);
      const url = new URL('https://lab.test/');
      jar.receive(url, ['plain=1', ...Array.from({ length: 49 }, (_, index) => `c${index}=1; Secure`)]);
      jar.select(url, []);
      const [verdict] = jar.receive(url, ['new=1; Secure']);
      assert.equal(verdict!.evicted, 1);
      const names = jar.list().map(({ name }) => name);
      assert(!names.includes('plain') && names.includes('c0') && names.includes('new'));
    });

    it('are three thousand in all', async () => {
      let now = 1;
      const jar = await loaded(() => now += 1);
      for (let index = 0; index < 3_010; index++) jar.receive(new URL(`http://h${index}.lab.test/`), ['a=1']);
      assert.equal(jar.list().length, defaultCookieLimits.total);
      assert.equal(jar.select(new URL('http://h9.lab.test/'), []).header, undefined);
      assert.equal(jar.select(new URL('http://h10.lab.test/'), []).header, 'a=1');
    });
  });

  describe('selected (RFC 6265bis §5.8)', () => {
    it('by domain, path, security and age, each kept back with its reason', async () => {
      let now = 1_000_000;
      const jar = await loaded(() => now);
      jar.receive(new URL('https://shop.lab.test/a/b'), [
        'host=1', 'wide=1; Domain=lab.test; Path=/', 'deep=1; Path=/a/b/c', 'locked=1; Secure; Path=/',
        'old=1; Max-Age=1; Path=/', 'all=1; Path=/',
      ]);
      jar.receive(new URL('https://bank.example/'), ['secret=money']);
      now += 2000;
      assert.deepEqual(reasons(jar, 'http://shop.lab.test/a/x'), {
        deep: 'path', host: 'sent', wide: 'sent', locked: 'secure', old: 'expired', all: 'sent',
      });
      assert.deepEqual(reasons(jar, 'http://other.lab.test/'), {
        deep: 'domain', host: 'domain', wide: 'sent', locked: 'domain', all: 'domain',
      });
    });

    it('without the values that belong to somebody else', async () => {
      const jar = await loaded();
      jar.receive(new URL('https://bank.example/'), ['secret=money']);
      jar.receive(new URL('https://shop.lab.test/'), ['basket=full']);
      const { verdicts, header, others } = jar.select(new URL('https://lab.test/'), []);
      assert.deepEqual([header, others], [undefined, 1]);
      assert.deepEqual(verdicts.map(({ name, value, reason }) => [name, value, reason]), [['basket', '', 'domain']]);
    });

    it('and those of other sites when asked for, bounded, without their values', async () => {
      let now = 1;
      const jar = await loaded(() => now);
      for (let index = 0; index < 300; index += 1) jar.receive(new URL(`https://h${index}.example/`), ['x=1']);
      jar.receive(new URL('https://lab.test/'), ['own=1']);
      now = 2;
      jar.receive(new URL('https://late.example/'), ['late=1']);
      const { cookies, total } = jar.others(new URL('https://shop.lab.test/'), 2);
      assert.deepEqual([cookies.length, total], [200, 300]);
      const kinds = new Set(cookies.map(({ name, value, accepted, reason }) => [name, value, accepted, reason].join()));
      assert.deepEqual([...kinds], ['x,,false,domain']);
      assert.equal(jar.others(new URL('https://shop.lab.test/'), 3).total, 301);
    });

    it('not for what has become a public suffix since it was stored', async () => {
      const cookie = {
        name: 'a', value: '1', domain: 'co.uk', hostOnly: false, path: '/', secure: false, httpOnly: false, created: 1,
        accessed: 1,
      };
      const file = {
        read: async () => ({ cookies: [cookie, { ...cookie, name: 'b', domain: 'shop.co.uk' }] }),
        changed: () => undefined, flush: async () => undefined,
      };
      const jar = createCookieJar({ file });
      await jar.load();
      const { header, others } = jar.select(new URL('http://shop.co.uk/'), []);
      assert.deepEqual([header, others], ['b=1', 1]);
      const { verdicts } = jar.select(new URL('http://co.uk/'), []);
      assert.deepEqual(verdicts.map(({ name, reason }) => [name, reason]), [['a', 'public-suffix']]);
    });

    it('told of two hundred at most of one site, and of every one that goes', async () => {
      const jar = await loaded();
      for (let index = 0; index < 8; index++) {
        jar.receive(
          new URL(`http://h${index}.lab.test/`), Array.from({ length: 50 }, (_, at) => `c${at}=1; Path=/long/path`),
        );
      }
      jar.receive(new URL('http://lab.test/'), ['last=1; Path=/']);
      const { header, verdicts, unlisted } = jar.select(new URL('http://lab.test/'), []);
      assert.deepEqual([header, verdicts.length, unlisted], ['last=1', 201, 200]);
    });

    it('longer paths first, then the older ones', async () => {
      let now = 1;
      const jar = await loaded(() => now += 10);
      jar.receive(new URL('http://lab.test/a/b/c'), ['first=1; Path=/', 'deep=1; Path=/a/b', 'second=1; Path=/']);
      assert.equal(jar.select(new URL('http://lab.test/a/b/c'), []).header, 'deep=1; first=1; second=1');
    });

    it('paths match on whole segments', async () => {
      const jar = await loaded();
      jar.receive(new URL('http://lab.test/'), ['a=1; Path=/one']);
      for (const [path, outcome] of [
        ['/one', 'sent'], ['/one/', 'sent'], ['/one/two', 'sent'], ['/onetwo', 'path'], ['/', 'path'],
      ]) {
        assert.equal(reasons(jar, `http://lab.test${path}`)['a'], outcome, path);
      }
    });

    it('as tough-cookie itself would', async () => {
      const jar = await loaded();
      const tough = new ToughCookieJar(undefined, { looseMode: true });
      const set = [
        'a=1', 'b=2; Domain=lab.test', 'c=3; Path=/x', 'd=4; Secure', 'e=5; Path=/x/y',
        'f=6; Domain=shop.lab.test; Path=/',
      ];
      for (const from of ['https://shop.lab.test/x/y', 'https://lab.test/']) {
        jar.receive(new URL(from), set);
        for (const line of set) tough.setCookieSync(line, from, { ignoreError: true });
      }
      for (const url of [
        'https://shop.lab.test/', 'http://shop.lab.test/x/y/z', 'https://lab.test/x', 'https://deep.shop.lab.test/x/y',
        'http://lab.test/',
      ]) {
        const pairs = (text: string | undefined): string[] => (text ? text.split('; ').sort() : []);
        assert.deepEqual(pairs(jar.select(new URL(url), []).header), pairs(tough.getCookieStringSync(url)), url);
      }
    });
  });

  describe('over real servers', () => {
    let bench: Bench;
    beforeEach(() => { bench = createBench(); });
    afterEach(() => bench.close());

    async function echoing(): Promise<string> {
      const port = await bench.serve(http.createServer((request, response) => {
        if (request.url === '/set') response.setHeader(
          'set-cookie', ['a=1; Path=/', Buffer.from('b=한; Path=/').toString('latin1'), 'c=1; Domain=evil.test'],
        );
        if (request.url === '/hop') response.writeHead(302, { location: '/', 'set-cookie': 'hop=1' });
        // As bytes: node:http would encode the head along with a body of text.
        response.end(Buffer.from(request.headers.cookie ?? 'none', 'latin1'));
      }));
      return `http://127.0.0.1:${port}`;
    }

    it('are stored, sent and told', async () => {
      const url = await echoing();
      const set = await sendOne(bench.client, specOf(`${url}/set`));
      assertComplete(set);
      assert.deepEqual(
        set.cookies.received.map(({ name, accepted, reason }) => [name, accepted, reason]),
        [['a', true, undefined], ['b', true, undefined], ['c', false, 'domain']],
      );
      const get = await sendOne(bench.client, specOf(url));
      assert.deepEqual(get.cookies.sent.map(({ name, accepted }) => [name, accepted]), [['a', true], ['b', true]]);
      assert.deepEqual(get.request!.headers.find(([name]) => name === 'cookie'), ['cookie', 'a=1; b=한']);
    });

    it('of other domains stay, though the limit of a domain is lower for this request', async () => {
      const set = ['one=1', 'two=2', 'three=3'];
      const port = await bench.serve(http.createServer((_request, response) => response.setHeader('set-cookie', set).end()));
      await sendOne(bench.client, specOf(`http://localhost:${port}/`));
      const options = { cookieLimits: { perDomain: 2 } };
      const { cookies } = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/`, { options }));
      assert.deepEqual(cookies.received.map(({ evicted }) => evicted), [undefined, undefined, 1]);
      const kept = (await bench.client.listCookies()).map(({ domain }) => domain);
      assert.deepEqual(kept.toSorted(), ['127.0.0.1', '127.0.0.1', 'localhost', 'localhost', 'localhost']);
    });

    it('are held to the limits that are set, each named where it is met', async () => {
      const set = [
        'big=123456', `long=1; Path=/${'a'.repeat(40)}; X-Other=${'a'.repeat(40)}`, 'old=1; Max-Age=864000', 'one=1', 'two=2',
      ];
      const port = await bench.serve(http.createServer((_request, response) => response.setHeader('set-cookie', set).end()));
      const receive = async (client: Client, cookieLimits: Partial<CookieLimits>) => {
        const exchange = await sendOne(client, specOf(`http://127.0.0.1:${port}/`, { options: { cookieLimits } }));
        return exchange.cookies.received.map(({ name, reason, ignored, shortened, evicted, met }) =>
          [name, JSON.parse(JSON.stringify({ reason, ignored, shortened, evicted, met })) as object]);
      };
      const none = set.map((line) => [line.split('=', 1)[0], {}]);
      assert.deepEqual(await receive(bench.client, {}), none);
      const limited = bench.newClient({});
      assert.deepEqual(await receive(limited, { size: 8, attribute: 30, days: 3, perDomain: 2 }), [
        ['big', { reason: 'size', met: { size: 8 } }], ['long', { ignored: ['path'], met: { attribute: 30 } }],
        ['old', { shortened: true, met: { days: 3 } }], ['one', { evicted: 1, met: { perDomain: 2 } }],
        ['two', { evicted: 1, met: { perDomain: 2 } }],
      ]);
      assert.equal((await limited.listCookies()).length, 2);
      const crowded = (await receive(bench.newClient({}), { total: 4 })).at(-1);
      assert.deepEqual(crowded, ['two', { evicted: 1, met: { total: 4 } }]);
      const more = bench.newClient({});
      set.push(...Array.from({ length: 100 }, (_, index) => `c${index}=1`));
      await receive(more, { perDomain: 105 });
      assert.equal((await more.listCookies()).length, 105);
    });

    it('typed go first and win by name, in one field', async () => {
      const url = await echoing();
      await sendOne(bench.client, specOf(`${url}/set`));
      const get = await sendOne(
        bench.client, specOf(url, { headers: [['Cookie', 'a=typed'], ['X-A', '1'], ['cookie', 'z=1']] }),
      );
      assert.deepEqual(
        get.request!.headers.filter(([name]) => /cookie/i.test(name)), [['Cookie', 'a=typed; z=1; b=한']],
      );
      assert.deepEqual(get.cookies.sent.map(({ name, reason }) => [name, reason]), [['a', 'typed'], ['b', undefined]]);
    });

    it('come with a redirect and go with the next request', async () => {
      const url = await echoing();
      const exchanges = await bench.client.send(specOf(`${url}/hop`), {
        onExchange: () => undefined, onConnection: () => undefined,
      });
      assert.deepEqual(exchanges[1]!.request!.headers.find(([name]) => name === 'cookie'), ['cookie', 'hop=1']);
    });

    it('belong to the URL, whatever Host was typed', async () => {
      const url = await echoing();
      const set = await sendOne(bench.client, specOf(`${url}/set`, { headers: [['Host', 'evil.test']] }));
      assert.deepEqual(set.cookies.received.map(({ reason }) => reason), [undefined, undefined, 'domain']);
      assert.equal(
        (await sendOne(bench.client, specOf(url, { headers: [['Host', 'other.test']] }))).cookies.sent.length, 2,
      );
    });

    it('are left alone without the jar, and gone when cleared', async () => {
      const url = await echoing();
      const options = { useCookieJar: false };
      const set = await sendOne(bench.client, specOf(`${url}/set`, { options }));
      assert.deepEqual(set.cookies, { sent: [], received: [] });
      await sendOne(bench.client, specOf(`${url}/set`));
      assert.deepEqual((await sendOne(bench.client, specOf(url, { options }))).cookies.sent, []);
      bench.client.clearCookies();
      const after = await sendOne(bench.client, specOf(url));
      assert.equal(after.request!.headers.some(([name]) => name === 'cookie'), false);
    });
  });
});
