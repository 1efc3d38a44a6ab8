import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Exchange } from '../../src/trace/exchange.ts';
import { frameType } from '../../src/trace/http2/frameNames.ts';
import type { FieldLine, RequestSpec } from '../../src/trace/request.ts';
import { createAuthority } from '../support/certificates.ts';
import type { TestAuthority } from '../support/certificates.ts';
import { debianOrSkip } from '../support/debian.ts';
import { startNginx, type Nginx } from '../support/nginx.ts';
import { assertComplete, bytes, contentOf, createBench, silent, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

const variables = [
  'request', 'status', 'request_length', 'content_length', 'http_expect', 'sent_http_location',
  'sent_http_content_encoding', 'sent_trailer_x_sum', 'body_bytes_sent', 'http_user_agent', 'http_accept', 'http_range',
  'http_content_type', 'http_host',
] as const;

const server = `
  client_max_body_size 20m;
  location /hi { add_header X-Nginx yes; return 200 "hi"; }
  location /gone { return 302 /hi; }
  location /packed { alias text.txt; default_type text/plain; gzip on; gzip_types text/plain; }
  location /summed { alias text.txt; add_trailer X-Sum abc; add_trailer X-Twice a; add_trailer X-Twice b; }
  location /put { dav_methods PUT; create_full_put_path on; }
  location /small { client_max_body_size 10k; dav_methods PUT; }`;

const sum = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Of each octet something, and nothing twice in one place. */
const large = Buffer.from(Uint32Array.from({ length: 1_250_000 }, (_, at) => Math.imul(at, 0x9e3779b1)).buffer);

describe('contents between nginx and us', function () {
  this.timeout(30_000);
  const text = 'packed as it goes, '.repeat(10_000);
  let bench: Bench;
  let authority: TestAuthority;
  let nginx: Nginx<(typeof variables)[number]>;

  before(async function () {
    const program = debianOrSkip(this, 'nginx-light', 'nginx');
    authority = await createAuthority();
    nginx = await startNginx({ program, variables, server, identity: await authority.issue({ names: ['localhost'] }) });
    writeFileSync(join(nginx.directory, 'text.txt'), text);
    writeFileSync(join(nginx.directory, 'large.bin'), large);
    writeFileSync(join(nginx.directory, 'authority.pem'), authority.pem);
  });
  after(() => nginx?.stop());
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  let told = 0;
  /** The exchanges of a send, and what nginx tells of them. */
  async function send(httpVersion: '1.1' | '2', path: string, more: Partial<RequestSpec> = {}): Promise<{
    readonly exchanges: readonly Exchange[]; readonly last: Exchange;
    readonly lines: readonly Record<(typeof variables)[number], string>[];
  }> {
    const options = { trustAnchors: [{ pem: authority.pem, label: 'test' }], ...more.options };
    const exchanges = await bench.client.send(
      specOf(nginx.origins.https + path, { httpVersion, ...more, options }), silent);
    for (const { request } of exchanges) assert.equal(request?.httpVersion, httpVersion);
    const lines = (await nginx.logged(told + exchanges.length)).slice(told);
    told += lines.length;
    assert.equal(lines.length, exchanges.length);
    return { exchanges, last: exchanges.at(-1)!, lines };
  }
  const put = (content: string | Buffer, ...headers: FieldLine[]): Partial<RequestSpec> =>
    ({ method: 'PUT', headers, body: [bytes(content)] });
  const stored = (name: string): string => sum(readFileSync(join(nginx.directory, 'put', name)));
  const field = ({ response }: Exchange, wanted: string): string | undefined =>
    response!.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

  for (const version of ['1.1', '2'] as const) {
    describe(`over HTTP/${version}`, () => {
      it('a redirect: two requests on one connection', async () => {
        const { exchanges, last, lines } = await send(version, '/gone');
        assert.deepEqual(
          lines.map(({ request, status }) => [request.split(' ')[1], status]), [['/gone', '302'], ['/hi', '200']]);
        assert.deepEqual(exchanges.map(({ response }) => response?.statusCode), [302, 200]);
        assert.equal(field(exchanges[0]!, 'location'), `${nginx.origins.https}/hi`);
        assert.equal(exchanges[0]!.connection!.id, last.connection!.id);
        assert.equal(await contentOf(bench.client, last), 'hi');
      });

      it('gzip', async () => {
        const { last, lines } = await send(version, '/packed', { headers: [['Accept-Encoding', 'gzip']] });
        const { bodySize, contentSize } = assertComplete(last);
        assert.equal(lines[0]!.sent_http_content_encoding, 'gzip');
        assert.equal(field(last, 'content-encoding'), 'gzip');
        assert.equal(await contentOf(bench.client, last), text);
        assert.equal(contentSize, text.length);
        // Chunks, and nothing else, come on top in HTTP/1.1.
        const sent = Number(lines[0]!.body_bytes_sent);
        if (version === '2') assert.equal(bodySize, sent);
        else assert(bodySize < sent && sent - bodySize < 100, `${bodySize} of ${sent}`);
      });

      it('trailers of a response', async () => {
        const { last, lines } = await send(version, '/summed');
        assertComplete(last);
        assert.equal(lines[0]!.sent_trailer_x_sum, 'abc');
        assert.deepEqual(
          last.response!.trailers?.map(([name, value]) => [name.toLowerCase(), value]),
          [['x-sum', 'abc'], ['x-twice', 'a'], ['x-twice', 'b']]);
      });

      it('an upload larger than the windows', async () => {
        const { last, lines } = await send(version, `/put/large-${version}`, put(large));
        assertComplete(last, 201);
        assert.equal(lines[0]!.content_length, String(large.length));
        assert.equal(stored(`large-${version}`), sum(large));
        if (version === '1.1') return;
        const updates = last.events.flatMap((event) => event.type === 'http2-frames' ? event.frames : [])
          .filter(({ direction, type }) => direction === 'received' && type === frameType.windowUpdate);
        assert(updates.length > 0, 'the body went out without waiting for the server');
      });

      it('a download larger than the windows', async () => {
        const { last } = await send(version, '/large.bin');
        assertComplete(last);
        const window = await bench.client.readContent(last.id, 0, large.length + 1);
        assert.equal(sum(window!.bytes), sum(large));
      });
    });
  }

  it('100 Continue: the body goes when nginx asks for it', async () => {
    const { last, lines } = await send('1.1', '/put/asked', put('b'.repeat(50_000), ['Expect', '100-continue']));
    assertComplete(last, 201);
    assert.equal(lines[0]!.http_expect, '100-continue');
    assert.deepEqual(last.response!.interimResponses.map(({ statusCode }) => statusCode), [100]);
    assert.equal(stored('asked'), sum('b'.repeat(50_000)));
  });

  it('no 100 Continue: the body stays here', async () => {
    const { last, lines } = await send('1.1', '/small/asked', put('b'.repeat(50_000), ['Expect', '100-continue']));
    assertComplete(last, 413);
    assert.deepEqual(last.response!.interimResponses, []);
    assert.equal(lines[0]!.request_length, String(bench.client.readWire(last.connection!.id)!.plain!.sentSize));
  });

  it('trailers of a request, which nginx reads and drops', async () => {
    const { last } = await send('1.1', '/put/trailed', { ...put('with trailers'), trailers: [['X-Sum', 'abc']] });
    assertComplete(last, 201);
    assert.equal(stored('trailed'), sum('with trailers'));
    const { segments } = bench.client.readWire(last.connection!.id)!.plain!;
    const sent = Buffer.concat(segments.filter((one) => one.direction === 'sent').map((one) => one.bytes));
    assert.match(sent.toString('latin1'), /\r\n0\r\nX-Sum: abc\r\n\r\n$/);
  });

  describe('over HTTP/2, beside curl', () => {
    let curl: string;
    before(function () {
      curl = debianOrSkip(this, 'curl', 'curl');
      mkdirSync(join(nginx.directory, 'put'), { recursive: true });
      writeFileSync(join(nginx.directory, 'put', 'twice'), 'is there already');
    });

    const requests: readonly (readonly [title: string, path: string, more: Partial<RequestSpec>])[] = [
      ['GET', '/hi', {}],
      ['a query', '/text.txt?a=1&b=%20&a=%ED%95%9C', {}],
      ['HEAD', '/text.txt', { method: 'HEAD' }],
      ['POST', '/hi', { method: 'POST', headers: [['Content-Type', 'text/plain']], body: [bytes('b'.repeat(50_000))] }],
      ['PUT', '/put/twice', { method: 'PUT', headers: [['Content-Type', 'a/b']], body: [bytes(large)] }],
      ['a method of no name', '/hi', { method: 'MEOW' }],
      ['a range', '/text.txt', { headers: [['Range', 'bytes=5-9']] }],
      ['a range beyond the end', '/text.txt', { headers: [['Range', 'bytes=9000000-']] }],
      ['a condition', '/text.txt', { headers: [['If-Modified-Since', 'Fri, 31 Dec 9999 23:59:59 GMT']] }],
      ['gzip', '/packed', { headers: [['Accept-Encoding', 'gzip']] }],
      ['a redirect', '/gone', { options: { followRedirects: false } }],
      ['what is not there', '/missing', {}],
      ['too large a body', '/small/x', { method: 'PUT', headers: [['Content-Type', 'a/b']], body: [bytes('b'.repeat(50_000))] }],
    ];
    for (const [title, path, more] of requests) {
      it(title, async () => {
        const headers: FieldLine[] = [['User-Agent', 'same'], ['Accept', '*/*'], ...more.headers ?? []];
        const { last, lines: [ours] } = await send('2', path, { ...more, headers });
        const seen = await curled(path, { ...more, headers });
        const [theirs] = (await nginx.logged(told + 1)).slice(told);
        told += 1;
        // How much of a head is compressed depends on what went before it on the connection.
        assert.deepEqual({ ...ours, request_length: '' }, { ...theirs, request_length: '' });
        const { response } = last;
        assert.deepEqual({
          status: response!.statusCode, bodySize: response!.bodySize, content: sum(await contentOf(bench.client, last)),
          fields: response!.headers.map(masked),
        }, seen);
      });
    }

    /** Of what curl got, the same: fields in their order, the size before decoding, and the content after it. */
    async function curled(
      path: string, { method = 'GET', headers = [], body = [] }: Partial<RequestSpec>,
    ): Promise<unknown> {
      const [part] = body;
      const [content, got] = ['content', 'got'].map((name) => join(nginx.directory, name)) as [string, string];
      if (part?.kind === 'bytes') writeFileSync(content, part.bytes);
      const { stdout } = await promisify(execFile)(curl, [
        '-s', '-4', '--http2', '--noproxy', '*', '--cacert', join(nginx.directory, 'authority.pem'), '--max-time', '5',
        ...method === 'HEAD' ? ['--head'] : ['-X', method],
        ...headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
        ...headers.some(([name]) => name === 'Accept-Encoding') ? ['--compressed'] : [],
        ...part ? ['--data-binary', `@${content}`] : [], '-D', '-', '-o', got, '-w', '%{http_version} %{size_download}',
        nginx.origins.https + path,
      ]);
      const lines = stdout.split('\r\n');
      const [version, size] = lines.pop()!.split(' ');
      assert.equal(version, '2');
      return {
        status: Number(lines[0]!.split(' ')[1]), bodySize: Number(size),
        content: sum(method === 'HEAD' ? '' : readFileSync(got)),
        fields: lines.slice(1).filter(Boolean).map((line) => {
          const [, name, value] = /^([^:]+): ?(.*)$/.exec(line)!;
          return masked([name!, value!]);
        }),
      };
    }

    /** The second may change between both. */
    const masked = ([name, value]: FieldLine): FieldLine => name === 'date' ? [name, '-'] : [name, value];
  });
});
