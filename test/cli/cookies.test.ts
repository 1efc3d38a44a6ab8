import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLines, run } from '../support/commandLine.ts';
import { createOpened } from '../support/sockets.ts';

describe('roundtrip with a file of cookies', function () {
  this.timeout(60_000);
  const opened = createOpened();
  let url: string;
  let folder: string;
  before(async () => {
    url = `http://localhost:${await opened.serve(createServer((request, response) => {
      if (request.url === '/login') response.setHeader(
        'set-cookie', ['sid=42; HttpOnly', 'lang=ko; Max-Age=100; Path=/'],
      );
      response.end(request.headers.cookie ?? 'none');
    }))}`;
    folder = await mkdtemp(join(tmpdir(), 'roundtrip-cli-cookies-'));
  });
  after(async () => {
    await opened.close();
    await rm(folder, { recursive: true });
  });

  for (const name of ['jar.json', 'jar.txt']) {
    it(`takes them from ${name} in another run, lists and clears them`, async () => {
      const jar = join(folder, name);
      const login = await run(['send', '-', '--cookie-jar', jar], { input: `GET ${url}/login\n` });
      deepEqual([login.code, login.stderr], [0, '']);
      equal((await stat(jar)).mode & 0o777, 0o600);
      const home = await run(['send', '-', '--json', '--cookie-jar', jar], { input: `GET ${url}/\n` });
      equal(jsonLines(home.stdout)[0].response.content, 'sid=42; lang=ko');
      const listed = await run(['cookies', 'list', '--cookie-jar', jar]);
      match(listed.stdout, /^localhost\/ +lang=ko +until .+\nlocalhost\/ +sid=42 +without an expiry, HttpOnly\n$/);
      const json = JSON.parse((await run(['cookies', 'list', '--cookie-jar', jar, '--json'])).stdout);
      deepEqual(json.map(({ name: one }: { name: string }) => one), ['lang', 'sid']);
      equal(
        (await run(['cookies', 'clear', '--cookie-jar', jar, '--domain', 'other.test'])).stdout, 'Cookies removed: 0\n',
      );
      equal((await run(['cookies', 'clear', '--cookie-jar', jar])).stdout, 'Cookies removed: 2\n');
      equal((await run(['cookies', 'list', '--cookie-jar', jar])).stdout, 'There are no cookies.\n');
    });
  }

  it('forgets them without one', async () => {
    const { stdout } = await run(['send', '-'], { input: `GET ${url}/login\n###\nGET ${url}/\n` });
    match(stdout, /sid=42/);
    match((await run(['send', '-'], { input: `GET ${url}/\n` })).stdout, /\nnone\n/);
  });

  it('tells of each cookie what became of it, and with --verbose why it may go along', async () => {
    const input = `GET ${url}/login\n###\nGET ${url}/\n###\nGET ${url}/login/deep\n`;
    const cookies = (stdout: string): string[] => stdout.split('\n').filter((line) => /^ {2}. Cookie /.test(line));
    const [sid, lang, ...later] = cookies((await run(['send', '-'], { input })).stdout);
    equal(sid, '  ✓ Cookie sid: stored · until the session ends; HttpOnly');
    match(lang!, /^ {2}✓ Cookie lang: stored · until /);
    deepEqual(later.slice(0, 2).sort(), ['  ✓ Cookie lang: sent', '  ✓ Cookie sid: sent']);
    match(cookies((await run(['send', '-', '--verbose'], { input })).stdout)[2]!, /: sent · Host, path and security fit/);
  });

  it('puts a damaged one aside and says so', async () => {
    const jar = join(folder, 'bad.json');
    await writeFile(jar, '{');
    const { code, stderr } = await run(['send', '-', '--cookie-jar', jar], { input: `GET ${url}/login\n` });
    equal(code, 0);
    match(stderr, /put aside as .*bad\.json\.damaged-\d{8}T\d{6}Z? and a new one begun/);
    const kept = (await readdir(folder)).find((name) => name.startsWith('bad.json.damaged'));
    equal(await readFile(join(folder, kept!), 'utf8'), '{');
  });

  it('says what is missing', async () => {
    for (const [words, said] of [
      [['cookies', 'list'], /needs --cookie-jar FILE/], [['cookies', 'bake', '--cookie-jar', 'x'], /takes “list” or “clear”, not “bake”/],
    ] as const) {
      const { code, stderr } = await run(words);
      equal(code, 2);
      match(stderr, said);
    }
  });
});
