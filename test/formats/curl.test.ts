import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quote, toCurl } from '../../src/formats/curl.ts';
import type { RequestSpec } from '../../src/trace/request.ts';
import { maskSpec } from '../../src/trace/secrets.ts';
import { debianOrSkip } from '../support/debian.ts';

interface Received {
  method: string;
  target: string;
  headers: [string, string][];
  body: Buffer;
}

const run = promisify(execFile);

const excepted = { source: 'environment', name: 'NO_PROXY', outcome: 'excluded', matched: '*' } as const;

describe('toCurl', () => {
  let server: Server;
  let origin: string;
  let directory: string;
  let received: Received[];

  before(async function () {
    debianOrSkip(this, 'curl', 'curl');
    directory = await mkdtemp(join(tmpdir(), 'roundtrip curl '));
    received = [];
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { rawHeaders } = request;
      received.push({
        method: request.method!, target: request.url!, body: Buffer.concat(chunks),
        headers: rawHeaders.flatMap((name, at) => at % 2 ? [] : [[name, rawHeaders[at + 1]!] as [string, string]]),
      });
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    server?.close();
    if (directory) await rm(directory, { recursive: true });
  });

  /** Runs the command in a shell, as somebody who pasted it would, and gives what the server got. */
  async function sent(spec: Partial<RequestSpec>): Promise<Received> {
    const command = toCurl({ id: '1', method: 'GET', url: origin, headers: [], options: {}, ...spec });
    await run('sh', ['-c', command.replace(/(^|\| )curl /, '$1curl --silent --noproxy "*" ')]);
    return received.pop()!;
  }

  it('finds a name and trusts a certificate that only the sender knows', async () => {
    const { port } = server.address() as AddressInfo;
    const spec = { id: '1', method: 'GET', url: `http://lab.test:${port}/here`, headers: [], options: {} };
    const resolve = [`lab.test:${port}:127.0.0.1`];
    const command = toCurl(spec, { resolve, cacert: join(directory, "authority's.pem") });
    assert.ok(command.includes(`--cacert ${quote(join(directory, "authority's.pem"))}`), command);
    await run('sh', ['-c', toCurl(spec, { resolve }).replace(/^curl /, 'curl --silent --noproxy "*" ')]);
    assert.deepEqual(received.pop()?.target, '/here');
  });

  const bytes = (text: string | Buffer) => ({ kind: 'bytes', bytes: Buffer.from(text as string) }) as const;

  it('sends method, target and headers as the request says', async () => {
    const url = `${origin}/a/../b[1-3]{x,y}?q=%20&$HOME='\`id\`'`;
    const headers = [['X-One', "it's \"here\" $HOME `id` \\"], ['x-one', 'again'], ['X-Empty', '']] as const;
    const got = await sent({ method: 'PURGE', url, headers });
    assert.equal(got.method, 'PURGE');
    assert.equal(got.target, url.slice(origin.length));
    assert.deepEqual(got.headers.filter(([name]) => /^x-/i.test(name)), headers);
  });

  const bodies: [string, string | Buffer][] = [
    ['quotes and a newline at the end', '{"it\'s": "$(id)"}\n'],
    ['a text that starts with @', '@not-a-file'],
    ['other scripts', '안녕 👋'],
    ['bytes that are no text', Buffer.from([0, 1, 0xff, 0x25, 0x5c, 0x27, 0x0a])],
  ];
  for (const [title, body] of bodies) {
    it(`keeps every byte of a body: ${title}`, async () => {
      const got = await sent({ method: 'POST', body: [bytes(body)] });
      assert.deepEqual(got.body, Buffer.from(body as string));
      assert.equal(got.headers.find(([name]) => name === 'Content-Type'), undefined);
    });
  }

  it('sends a file, and texts around it', async () => {
    const path = join(directory, "it's.bin");
    const content = Buffer.from([0, 0x0d, 0x0a, 0xff]);
    await writeFile(path, content);
    const alone = await sent({ method: 'PUT', body: [{ kind: 'file', path }] });
    assert.equal(alone.method, 'PUT');
    assert.deepEqual(alone.body, content);
    const mixed = await sent({ method: 'POST', body: [bytes('a\n'), { kind: 'file', path }, bytes('\n%b')] });
    assert.deepEqual(mixed.body, Buffer.concat([Buffer.from('a\n'), content, Buffer.from('\n%b')]));
  });

  it('asks about the server as a whole, opens a WebSocket as far as HTTP goes, and says what it cannot send', async () => {
    const options = await sent({ method: 'OPTIONS', url: `${origin}/`, requestTarget: '*' });
    assert.deepEqual([options.method, options.target], ['OPTIONS', '*']);
    const opening = await sent({
      url: `${origin.replace('http', 'ws')}/chat`, webSocket: { steps: [] },
      headers: [['Sec-WebSocket-Protocol', 'chat']],
    });
    const names = opening.headers.map(([name]) => name.toLowerCase());
    for (const name of [
      'upgrade', 'connection', 'sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol',
    ]) assert.equal(names.includes(name), true, name);
    const command = toCurl({
      id: '1', method: 'POST', url: origin, headers: [], options: { continueTimeout: 250 },
      trailers: [['Digest', 'x'], ['A', 'y']],
    });
    assert.equal(command.split('\n', 1)[0], '# without the trailers, which curl cannot send: Digest, A');
    assert.equal(command.includes('--expect100-timeout 0.25'), true);
  });

  it('asks for HEAD without waiting for a body', async () => {
    assert.equal((await sent({ method: 'HEAD' })).method, 'HEAD');
  });

  const options: [string, Partial<RequestSpec>, string][] = [
    ['no verification', { options: { verify: false } }, '--insecure'],
    ['HTTP/2', { httpVersion: '2' }, '--http2'],
    ['HTTP/1.1', { httpVersion: '1.1' }, '--http1.1'],
    ['HTTP/2 with prior knowledge', { httpVersion: '2-prior-knowledge' }, '--http2-prior-knowledge'],
    ['a chain of proxies', { options: { proxy: 'socks://a.test:1, http://b.test:2' } }, '--preproxy socks5h://a.test:1 \\\n  --proxy http://b.test:2'],
    ['an HTTPS proxy', { options: { proxy: 'https://a.test:1' } }, '--proxy https://a.test:1'],
    ['a proxy that is not used', { options: { proxyDecision: { rule: excepted, considered: [excepted] } } }, "--noproxy '*'"],
    ['a proxy', { options: { proxy: 'http://127.0.0.1:8080' } }, '--proxy http://127.0.0.1:8080'],
    ['time limits', { options: { timeouts: { total: 1500, connect: 250 } } }, '--connect-timeout 0.25 \\\n  --max-time 1.5'],
    ['redirects', {}, '--location'],
  ];
  for (const [title, spec, expected] of options) {
    it(`says ${title}`, () => {
      const command = toCurl({ id: '1', method: 'GET', url: 'https://a.test/', headers: [], options: {}, ...spec });
      assert.ok(command.includes(`${expected} \\\n`), command);
    });
  }

  it('does not follow redirects when the request does not', () => {
    const spec: RequestSpec = {
      id: '1', method: 'GET', url: 'https://a.test/', headers: [], options: { followRedirects: false },
    };
    assert.ok(!toCurl(spec).includes('--location'));
  });

  it('tells credentials, unless they are masked in the request', () => {
    const spec: RequestSpec = {
      id: '1', method: 'GET', url: 'https://a.test/', options: { proxy: 'http://me:pw@p.test:1' },
      headers: [['Authorization', 'Bearer secret'], ['cookie', 'sid=secret'], ['Accept', 'x']],
    };
    assert.equal(toCurl(spec).match(/secret/g)?.length, 2);
    const masked = toCurl(maskSpec(spec));
    assert.ok(!/secret|pw/.test(masked), masked);
    assert.ok(masked.includes("'Authorization: Bearer •••'"), masked);
  });

  it('tells the credentials that the editor sends to its proxy, unless they are masked', () => {
    const rule = { source: 'editor', name: 'http.proxy', outcome: 'chosen', authorization: 'sent' } as const;
    const spec: RequestSpec = {
      id: '1', method: 'GET', url: 'https://a.test/', headers: [], options: {
        proxy: 'http://p.test:1', proxyAuthorization: 'Bearer secret', proxyDecision: { rule, considered: [rule] },
      },
    };
    assert.ok(toCurl(spec).includes("--proxy-header 'Proxy-Authorization: Bearer secret' \\\n"), toCurl(spec));
    const masked = toCurl(maskSpec(spec));
    assert.ok(masked.includes("--proxy-header 'Proxy-Authorization: •••' \\\n"), masked);
    assert.doesNotMatch(masked, /secret/);
  });

  it('tells typed credentials for a proxy as its own, in place of the editor\'s', () => {
    const spec: RequestSpec = {
      id: '1', method: 'GET', url: 'https://a.test/', headers: [['Proxy-Authorization', 'Bearer typed']],
      options: { proxy: 'http://p.test:1', proxyAuthorization: 'Bearer secret' },
    };
    assert.ok(toCurl(spec).includes("--proxy-header 'Proxy-Authorization: Bearer typed' \\\n"), toCurl(spec));
    assert.doesNotMatch(toCurl(spec), /secret/);
    assert.ok(toCurl({ ...spec, options: {} }).includes("--header 'Proxy-Authorization: Bearer typed' \\\n"));
  });

  it('quotes any word for a shell', async () => {
    const words = ['', "'", "a'b''c", '$(id)', '`id`', '\\', '\n', '!', '~', 'a b', '*', '안', '-n'];
    for (const word of words) {
      const { stdout } = await run('sh', ['-c', `printf %s ${quote(word)}`]);
      assert.equal(stdout, word);
    }
  });
});
