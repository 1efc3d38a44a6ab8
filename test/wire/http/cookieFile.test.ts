import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CookieFileNotice } from '../../../src/trace/storedCookie.ts';
import { createCookieFile } from '../../../src/wire/cookies/cookieFile.ts';
import { createCookieJar } from '../../../src/wire/cookies/jar.ts';
import type { CookieJar } from '../../../src/wire/cookies/jar.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { createBench, sendOne, specOf } from './support.ts';

const origin = new URL('https://lab.test/a/b');

describe('cookies on disk', () => {
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'roundtrip-cookies-')); });
  afterEach(() => rm(folder, { recursive: true }));

  async function open(path: string, notices: CookieFileNotice[] = []): Promise<CookieJar> {
    const jar = createCookieJar({ file: createCookieFile(path), onNotice: (notice) => notices.push(notice) });
    await jar.load();
    return jar;
  }

  for (const name of ['cookies.json', 'cookies.txt']) {
    it(`come back as they were, from ${name}, which is for its owner only`, async () => {
      const path = join(folder, 'deep', name);
      const jar = await open(path);
      assert.equal(jar.isEmpty, true);
      jar.receive(origin, [
        'session=1', 'long=2; Max-Age=1000; Domain=lab.test; Path=/; Secure; HttpOnly', 'dead=3; Max-Age=0', 'nul=',
      ]);
      await jar.flush();
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(join(folder, 'deep')), [name], 'nothing is left beside it');
      const again = await open(path);
      const essence = (one: CookieJar): unknown => one.list().map((
        { created: _created, accessed: _accessed, expires, ...rest },
      ) =>
        ({ ...rest, ends: expires !== undefined && Math.ceil(expires / 1000) }));
      assert.deepEqual(essence(again), essence(jar));
      assert.equal(again.select(origin, []).header, jar.select(origin, []).header);
    });
  }

  it('are written soon after a change, without being asked', async () => {
    const path = join(folder, 'cookies.json');
    const jar = await open(path);
    jar.receive(origin, ['a=1']);
    while (!(await readdir(folder)).includes('cookies.json')) await new Promise(setImmediate);
    assert.equal((await open(path)).list().length, 1);
  });

  const damages: [name: string, content: string][] = [
    ['half of one', '{"format":"roundtrip-cookies","version":1,"cookies":[{"name":"a"'],
    ['of another program', '{"cookies":[]}'],
    ['of another version', '{"format":"roundtrip-cookies","version":2,"cookies":[]}'],
    ['with a cookie that is none', '{"format":"roundtrip-cookies","version":1,"cookies":[{"name":"a"}]}'],
    ['with a line break in a value', JSON.stringify({ format: 'roundtrip-cookies', version: 1, cookies: [{ name: 'a', value: 'b\r\nX: 1', domain: 'lab.test', hostOnly: true, path: '/', secure: false, httpOnly: false, created: 1, accessed: 1 }] })],
    ['text', 'hello'],
    ['bytes', '\u0000\u0001\u0002'],
  ];
  for (const [name, content] of damages) {
    it(`a damaged file is put aside and said: ${name}`, async () => {
      const path = join(folder, 'cookies.json');
      await writeFile(path, content);
      const notices: CookieFileNotice[] = [];
      const jar = await open(path, notices);
      assert.equal(jar.isEmpty, true);
      assert.equal(notices[0]?.kind, 'damaged');
      const { keptAs } = notices[0] as Extract<CookieFileNotice, { kind: 'damaged' }>;
      assert.equal(await readFile(keptAs, 'utf8'), content);
      jar.receive(origin, ['a=1']);
      await jar.flush();
      assert.equal((await open(path)).list().length, 1);
    });
  }

  it('a file that cannot be read or written is said, and left as it is', async () => {
    const notices: CookieFileNotice[] = [];
    const jar = await open(folder, notices);
    jar.receive(origin, ['a=1']);
    await jar.flush();
    assert.deepEqual(notices.map(({ kind }) => kind), ['unreadable']);
    assert.equal(jar.list().length, 1, 'the jar works in memory');
    await writeFile(join(folder, 'file'), '');
    const below = await open(join(folder, 'file', 'cookies.json'), notices);
    below.receive(origin, ['a=1']);
    await below.flush();
    assert.equal(notices.length, 2);
  });

  it('two processes keep each other’s cookies', async () => {
    const path = join(folder, 'cookies.json');
    const first = await open(path);
    first.receive(origin, ['shared=1', 'gone=1']);
    await first.flush();
    const second = await open(path);
    first.receive(origin, ['first=1', 'gone=; Max-Age=0', 'shared=new']);
    await first.flush();
    second.receive(origin, ['second=1']);
    await second.flush();
    const all = (await open(path)).list().map(({ name, value }) => `${name}=${value}`);
    assert.deepEqual(all, ['first=1', 'second=1', 'shared=new']);
  });

  it('what a killed process left beside it is removed, once it is old', async () => {
    const path = join(folder, 'cookies.json');
    for (const name of [
      'cookies.json.1-1.tmp', 'cookies.json.2-1.tmp', 'cookies.json.mine.tmp',
    ]) await writeFile(join(folder, name), '');
    const old = new Date(Date.now() - 3_600_000);
    for (const name of ['cookies.json.1-1.tmp', 'cookies.json.mine.tmp']) await utimes(join(folder, name), old, old);
    await open(path);
    assert.deepEqual(await readdir(folder), ['cookies.json.2-1.tmp', 'cookies.json.mine.tmp']);
  });

  it('are whole whenever the process is killed', async () => {
    const path = join(folder, 'cookies.json');
    const script = join(folder, 'write.ts');
    const source = (name: string): string => new URL(`../../../src/wire/cookies/${name}.ts`, import.meta.url).href;
    await writeFile(script, `
      import { createCookieFile } from ${JSON.stringify(source('cookieFile'))};
      import { createCookieJar } from ${JSON.stringify(source('jar'))};
      const jar = createCookieJar({ file: createCookieFile(process.argv[2]) });
      await jar.load();
      for (let round = 0; ; round++) {
        for (let at = 0; at < 40; at++) jar.receive(new URL('https://h' + at + '.lab.test/'), ['a=' + String(round).padStart(4000, '0')]);
        await jar.flush();
        process.stdout.write('.');
      }`);
    for (let kill = 0; kill < 12; kill++) {
      const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      for await (const said of child.stdout.iterator({ destroyOnReturn: false })) if (String(said).includes('.')) break;
      // Somewhere within the writing of some round, each time elsewhere.
      for (let turn = 0; turn < 3 * kill; turn++) await readdir(folder);
      child.kill('SIGKILL');
      await once(child, 'close');
      const notices: CookieFileNotice[] = [];
      const jar = await open(path, notices);
      assert.deepEqual(notices, []);
      const values = new Set(jar.list().map(({ value }) => value));
      assert(
        jar.list().length === 0 || (jar.list().length === 40 && values.size === 1),
        `kill ${kill}: ${values.size} rounds mixed`,
      );
    }
    assert((await open(path)).list().length === 40, 'nothing was ever written');
  });

  describe('beside curl', () => {
    let curl: string | undefined;
    before(function () {
      curl = debianOrSkip(this, 'curl', 'curl');
    });

    const sets = [
      'plain=1', 'deep=1; Path=/a', 'elsewhere=1; Path=/z', 'wide=1; Domain=lab.test; Path=/',
      'beside=1; Domain=other.test',
      'safe=1; Secure', '__Secure-x=1', '__Host-x=1; Path=/', 'kept=1; Max-Age=500', 'gone=1; Max-Age=0',
      'http=1; HttpOnly',
      'suffix=1; Domain=test', 'strict=1; SameSite=Strict', 'empty=',
    ];

    async function withServer(run: (port: number) => Promise<void>): Promise<void> {
      const bench = createBench();
      try {
        await run(await bench.serve(http.createServer((request, response) => {
          if (request.url === '/a/set') response.setHeader('set-cookie', sets);
          response.end(request.headers.cookie ?? '');
        })));
      } finally {
        await bench.close();
      }
    }

    async function curlSays(port: number, path: string, ...more: string[]): Promise<string> {
      const args = [
        '-sS', '--resolve', `shop.lab.test:${port}:127.0.0.1`, '--resolve', `lab.test:${port}:127.0.0.1`, ...more, path,
      ];
      const child = spawn(curl!, args);
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => { said += text; });
      await once(child, 'close');
      return said;
    }

    const pairs = (text: string): string[] => text.split('; ').filter((pair) => pair !== '').sort();

    it('the same answers store and send the same cookies', async () => {
      await withServer(async (port) => {
        const bench = createBench();
        const resolve = ['shop.lab.test', 'lab.test'].map((host) => ({ host, port, addresses: ['127.0.0.1'] }));
        const theirs = join(folder, 'curl.txt');
        try {
          await sendOne(bench.client, specOf(`http://shop.lab.test:${port}/a/set`, { options: { resolve } }));
          await curlSays(port, `http://shop.lab.test:${port}/a/set`, '-c', theirs);
          for (const url of [
            `http://shop.lab.test:${port}/a/x`, `http://shop.lab.test:${port}/`, `http://lab.test:${port}/a`,
            `http://shop.lab.test:${port}/z/1`,
          ]) {
            const { request } = await sendOne(bench.client, specOf(url, { options: { resolve } }));
            const ours = request!.headers.find(([name]) => name === 'cookie')?.[1] ?? '';
            assert.deepEqual(pairs(ours), pairs(await curlSays(port, url, '-b', theirs)), url);
          }
        } finally {
          await bench.close();
        }
      });
    });

    it('reads the file we write, and we the one it writes', async () => {
      await withServer(async (port) => {
        const ours = join(folder, 'cookies.txt');
        const jar = await open(ours);
        jar.receive(new URL(`http://shop.lab.test:${port}/a/set`), sets);
        await jar.flush();
        const theirs = join(folder, 'curl.txt');
        await curlSays(port, `http://shop.lab.test:${port}/a/set`, '-c', theirs);
        const read = await open(theirs);
        for (const path of ['/a/x', '/', '/z/1']) {
          const url = `http://shop.lab.test:${port}${path}`;
          const wanted = pairs(jar.select(new URL(url), []).header ?? '');
          assert(path !== '/a/x' || wanted.length > 4, 'the comparison compares something');
          assert.deepEqual(pairs(await curlSays(port, url, '-b', ours)), wanted, `curl with our file, ${path}`);
          assert.deepEqual(pairs(read.select(new URL(url), []).header ?? ''), wanted, `we with curl's file, ${path}`);
        }
      });
    });
  });
});
