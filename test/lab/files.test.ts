import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { locate, segmentsOf } from '../../src/lab/files/paths.ts';
import { createFileServer } from '../../src/lab/files/server.ts';
import { isAnswer } from '../../src/lab/http/answer.ts';
import type { LabRequest } from '../../src/lab/http/handler.ts';
import { readHead } from '../../src/lab/http/requestHead.ts';
import { skipped } from '../support/debian.ts';
import { call, fieldOf } from './calling.ts';
import { converse, curl, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

/** Ways out of a directory that servers have fallen for. */
const attacks = [
  '/files/../lab.ts', '/files/..', '/files/./../x', '/files/%2e%2e/%2e%2e/etc/passwd', '/files/%2E%2E%2Fetc%2Fpasswd',
  '/files/..%2f..%2f..%2fetc/passwd', '/files/%252e%252e%252fetc/passwd', '/files/..%5c..%5cwindows', '/files/..\\..\\x',
  '/files/%c0%ae%c0%ae/x', '/files/%e0%80%ae%e0%80%ae/x', '/files/%uff0e%uff0e/x', '/files/%00', '/files/index.html%00.png',
  '/files/index.html%00', '/files//etc/passwd', '/files///', '/files/%2fetc/passwd', '/files/C:/windows/win.ini',
  '/files/c:%5cboot.ini', '/files/index.html::$DATA', '/files/index.html.', '/files/index.html%20', '/files/con',
  '/files/aux.txt', '/files/.git/config', '/files/.env', '/files/%2eenv', '/files/data/.', '/files/data/../index.html',
  '/files/index.html/', '/files/index.html/..', '/files/script.js/../../x', '/files/~root', '/files/*', '/files/%0d%0aX: 1',
  `/files/${'a'.repeat(300)}`, `/files/${'a/'.repeat(2000)}`, '/files/....//....//etc/passwd', '/files/;/../x', '/files/%',
];

describe('lab files', () => {
  let running: RunningLab;
  before(async () => { running = await runLab(); });
  after(() => running.stop());

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') => call(running, method, path, headers);

  it('make up a page whose parts are all there, each with its type', async () => {
    const page = await get('/files/');
    assert.deepEqual([page.statusCode, fieldOf(page, 'content-type')], [200, 'text/html; charset=utf-8']);
    assert.match(fieldOf(page, 'content-security-policy'), /script-src 'self'.*frame-ancestors 'none'/);
    const parts = [...page.content.matchAll(/(?:href|src)="([^"]+\.[a-z]+)"/g)].map(([, part]) => part ?? '');
    const seen = await Promise.all([...parts, 'data/stations.json'].map(async (part) => {
      const answer = await get(`/files/${part}`);
      return `${answer.statusCode} ${fieldOf(answer, 'content-type')} ${fieldOf(answer, 'cache-control')}`;
    }));
    assert.deepEqual(seen, [
      '200 text/css; charset=utf-8 public, max-age=31536000, immutable',
      '200 image/svg+xml public, max-age=600', '200 text/javascript; charset=utf-8 public, max-age=600',
      '200 image/svg+xml public, max-age=600', '200 image/png public, max-age=600',
      '200 text/plain; charset=utf-8 public, max-age=600', '200 application/json public, max-age=600',
    ]);
    assert.deepEqual((await get('/files/index.html')).content, page.content);
  });

  it('are listed where a directory has no page, and moved to the slash where it is missing', async () => {
    assert.equal(fieldOf(await get('/files?a=1'), 'location'), '/files/?a=1');
    const moved = await get('/files/pictures?a=1');
    assert.deepEqual([moved.statusCode, fieldOf(moved, 'location')], [301, '/files/pictures/?a=1']);
    const listing = await get('/files/pictures/');
    assert.deepEqual([...listing.content.matchAll(/href="([^"]+)"/g)].map(([, href]) => href),
      ['./colours.png', './there-and-back.svg']);
  });

  it('come compressed to those who can read it', async () => {
    const plain = await get('/files/data/long.txt');
    assert.deepEqual([plain.bytes.length, fieldOf(plain, 'vary'), fieldOf(plain, 'content-encoding')], [5000, 'Accept-Encoding', '']);
    for (const [accepted, coding, decode] of [
      ['gzip', 'gzip', gunzipSync], ['gzip, br', 'br', brotliDecompressSync], ['br;q=0.5, gzip;q=0.8', 'gzip', gunzipSync],
      ['*', 'br', brotliDecompressSync],
    ] as const) {
      const coded = await get('/files/data/long.txt', { 'Accept-Encoding': accepted });
      assert.equal(fieldOf(coded, 'content-encoding'), coding, accepted);
      assert.deepEqual(decode(coded.bytes), plain.bytes);
      assert.ok(coded.bytes.length < 2000);
      assert.equal(fieldOf(coded, 'etag'), fieldOf(plain, 'etag').replace(/"$/, `-${coding}"`));
      const again = await get('/files/data/long.txt', { 'Accept-Encoding': accepted, 'If-None-Match': fieldOf(coded, 'etag') });
      assert.deepEqual([again.statusCode, fieldOf(again, 'vary')], [304, 'Accept-Encoding']);
    }
    for (const accepted of ['identity', 'gzip;q=0', 'br;q=0, gzip;q=0, *;q=0', 'deflate']) {
      assert.equal(fieldOf(await get('/files/data/long.txt', { 'Accept-Encoding': accepted }), 'content-encoding'), '', accepted);
    }
    const picture = await get('/files/pictures/colours.png', { 'Accept-Encoding': 'gzip' });
    assert.deepEqual([fieldOf(picture, 'content-encoding'), fieldOf(picture, 'vary')], ['', '']);
  });

  it('come in parts, also of the compressed form, and not at all if they are known', async () => {
    const whole = await get('/files/data/long.txt');
    const part = await get('/files/data/long.txt', { Range: 'bytes=25-49' });
    assert.deepEqual([part.statusCode, part.content, fieldOf(part, 'content-range')],
      [206, '002 there and back again\n', 'bytes 25-49/5000']);
    const coded = await get('/files/data/long.txt', { 'Accept-Encoding': 'gzip' });
    const piece = await get('/files/data/long.txt', { 'Accept-Encoding': 'gzip', 'Range': 'bytes=0-9' });
    assert.deepEqual([piece.statusCode, piece.bytes], [206, coded.bytes.subarray(0, 10)]);
    const several = await get('/files/data/long.txt', { 'Accept-Encoding': 'gzip', 'Range': 'bytes=0-1,4-5' });
    assert.deepEqual([several.statusCode, several.bytes], [200, coded.bytes]);
    assert.equal((await get('/files/data/long.txt', { Range: 'bytes=5000-' })).statusCode, 416);
    const known = { 'If-Modified-Since': fieldOf(whole, 'last-modified') };
    assert.equal((await get('/files/data/long.txt', known)).statusCode, 304);
    const head = await get('/files/data/long.txt', {}, 'HEAD');
    assert.deepEqual([head.statusCode, head.content, fieldOf(head, 'content-length')], [200, '', '5000']);
    const post = await get('/files/data/long.txt', {}, 'POST');
    assert.deepEqual([post.statusCode, fieldOf(post, 'allow')], [405, 'GET, HEAD']);
  });

  it('never lead out of their directory', async () => {
    const { port } = running.lab.addresses.http;
    for (const path of attacks) {
      const { text } = await converse(port, `GET ${path} HTTP/1.1\r\nHost: lab.test:${port}\r\nConnection: close\r\n\r\n`);
      assert.match(text, /^HTTP\/1\.1 (?:400|404) /, path);
      assert.match(text, /application\/problem\+json|^HTTP\/1\.1 400/, path);
    }
  });

  it('serve what curl and its compression ask for', async () => {
    const url = `${running.lab.addresses.origins.https}/files/data/long.txt`;
    const plain = (await curl(running, '--http1.1', url)).stdout;
    const decoded = await curl(running, '--compressed', '--http2', url);
    assert.deepEqual(decoded.stdout, plain);
    const asIs = await curl(running, '--path-as-is', '-o', '/dev/null', '-w', '%{http_code}',
      `${running.lab.addresses.origins.http}/files/../../etc/passwd`);
    assert.equal(asIs.stdout.toString(), '404');
  });
});

describe('a file server', () => {
  let directory: string;
  let root: string;
  before(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'roundtrip-test-')));
    root = join(directory, 'root');
    await mkdir(join(root, 'sub'), { recursive: true });
    await mkdir(join(directory, 'root-beside'));
    await writeFile(join(directory, 'secret.txt'), 'secret');
    await writeFile(join(directory, 'root-beside', 'secret.txt'), 'secret');
    await writeFile(join(root, 'own <&>.txt'), 'own');
    await writeFile(join(root, '.hidden'), 'hidden');
  });
  after(() => rm(directory, { recursive: true }));

  const serve = async (path: string) => {
    const head = readHead({ method: 'GET', url: path, httpVersion: '1.1', rawHeaders: [] }, 'http');
    const outcome = await createFileServer('/f/', () => Promise.resolve(root))({ head } as LabRequest);
    return isAnswer(outcome) ? `${outcome.statusCode} ${String(outcome.body)}` : 'fault';
  };

  it('follows links as long as they stay inside', async function () {
    try {
      await symlink(join(root, 'own <&>.txt'), join(root, 'inside'));
      await symlink(join(directory, 'secret.txt'), join(root, 'outside'));
      await symlink(directory, join(root, 'up'));
      await symlink(join(directory, 'root-beside'), join(root, 'beside'));
      await symlink('loop', join(root, 'loop'));
    } catch (error) {
      return skipped(this, `links cannot be made here: ${(error as Error).message}`);
    }
    assert.equal(await serve('/f/inside'), '200 own');
    for (const path of ['/f/outside', '/f/up', '/f/up/', '/f/up/secret.txt', '/f/beside/secret.txt', '/f/loop']) {
      assert.match(await serve(path), /^404 /, path);
    }
    assert.equal(await locate(root, ['beside', 'secret.txt']), undefined);
  });

  it('lists names as names, and nothing hidden', async () => {
    await writeFile(join(root, 'sub', 'a&b#c.txt'), '');
    const listing = await serve('/f/sub/');
    assert.match(listing, /<a href="\.\/a&#38;b%23c\.txt">a&#38;b#c\.txt<\/a> 0 bytes/);
    assert.equal(await serve('/f/sub/a&b%23c.txt'), '200 ');
    assert.match(await serve('/f/.hidden'), /^404 /);
    assert.doesNotMatch(await serve('/f/'), /hidden/);
  });

  it('splits a path before it decodes it', () => {
    assert.deepEqual(segmentsOf('/f/a%20b/%ED%95%9C', '/f/'), ['a b', '한']);
    assert.equal(segmentsOf('/g/a', '/f/'), undefined);
    for (const path of attacks) {
      const segments = segmentsOf(path, '/files/') ?? [];
      assert.ok(segments.every((one) => one !== '..' && !/[/\\\0]/.test(one)), path);
    }
  });
});
