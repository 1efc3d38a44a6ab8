import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { RequestSpec, SendOptions } from '../../src/trace/request.ts';
import { createAuthority } from '../support/certificates.ts';
import type { TestAuthority } from '../support/certificates.ts';
import { debianOrSkip } from '../support/debian.ts';
import { startNginx, type Nginx } from '../support/nginx.ts';
import { bytes, createBench, sendOne, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

/** What nginx writes of each request: https://nginx.org/en/docs/varindex.html says what each is. */
const variables = [
  'connection', 'connection_requests', 'request', 'request_length', 'status', 'body_bytes_sent', 'bytes_sent',
  'ssl_protocol', 'ssl_cipher', 'ssl_session_reused', 'ssl_server_name', 'http_user_agent',
] as const;

describe('exchanges as nginx\'s access log tells them', function () {
  this.timeout(60_000);
  let bench: Bench;
  let authority: TestAuthority;
  let program: string;
  let nginx: Nginx<(typeof variables)[number]>;

  before(async function () {
    program = debianOrSkip(this, 'nginx-light', 'nginx');
    authority = await createAuthority();
  });
  beforeEach(async () => {
    bench = createBench();
    nginx = await startNginx({
      program, variables, identity: await authority.issue({ names: ['localhost', '127.0.0.1'] }),
      server: 'location /hi { add_header X-Nginx yes; return 200 "hi"; } location /gone { return 302 /hi; }',
    });
    writeFileSync(join(nginx.directory, 'long.txt'), 'n'.repeat(700_000));
  });
  afterEach(async () => {
    await bench.close();
    await nginx.stop();
  });

  const requests: readonly Partial<RequestSpec>[] = [
    {}, { method: 'HEAD' }, { method: 'POST', body: [bytes('b'.repeat(50_000))] }, { method: 'PUT', body: [bytes('x')] },
    { headers: [['Range', 'bytes=5-9']] }, { headers: [['If-None-Match', '*']] },
  ];
  const paths = ['/hi', '/gone', '/long.txt', '/missing?a=1&b=%20'];

  async function sendAll(origin: string, more: Partial<RequestSpec>, options: SendOptions = {}): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    const trustAnchors = [{ pem: authority.pem, label: 'test' }];
    for (const path of paths) for (const request of requests) {
      const spec = specOf(origin + path, { ...request, ...more, options: { ...options, trustAnchors, followRedirects: false } });
      exchanges.push(await sendOne(bench.client, spec));
    }
    return exchanges;
  }

  /** Which request of its connection each was, from 1 on. */
  function places(exchanges: readonly Exchange[]): string[] {
    const counts = new Map<string, number>();
    return exchanges.map(({ connection }) => {
      const count = (counts.get(connection!.id) ?? 0) + 1;
      counts.set(connection!.id, count);
      return String(count);
    });
  }

  async function assertSame(exchanges: readonly Exchange[]): Promise<void> {
    const lines = await nginx.logged(exchanges.length);
    const told = places(exchanges);
    const ours = exchanges.map(({ request, response, connection, failure }, index) => {
      assert.equal(failure, undefined, JSON.stringify(failure));
      const { method, requestTarget, httpVersion } = request!;
      const facts = connection!.tls?.facts;
      return {
        connection_requests: told[index],
        request: `${method} ${requestTarget} HTTP/${httpVersion === '2' ? '2.0' : httpVersion}`,
        status: String(response!.statusCode), body_bytes_sent: String(response!.bodySize),
        ssl_protocol: facts?.version ?? '', ssl_cipher: opensslName(facts?.cipher ?? ''),
        ssl_session_reused: facts ? (facts.resumed ? 'r' : '.') : '',
        ssl_server_name: facts ? 'localhost' : '', http_user_agent: 'roundtrip/0.1.0',
        // Of HTTP/2 nginx counts frames in its own way; and of a body that it throws away, nothing.
        ...(httpVersion === '2' ? {} : {
          request_length: String(request!.headSize!),
          bytes_sent: String(response!.headSize! + response!.bodySize),
        }),
      };
    });
    const theirs = lines.map((line, index) => Object.fromEntries(
      Object.keys(ours[index]!).map((name) => [name, line[name as keyof typeof line]])));
    assert.deepEqual(ours, theirs);
    const connections = new Map(lines.map(({ connection }, index) => [connection, exchanges[index]!.connection!.id]));
    for (const [index, { connection }] of lines.entries())
      assert.equal(exchanges[index]!.connection!.id, connections.get(connection));
    assert.equal(new Set(connections.values()).size, connections.size);
  }

  const ways: readonly (readonly [name: string, scheme: 'http' | 'https', more: Partial<RequestSpec>, options: SendOptions])[] = [
    ['HTTP/1.1', 'http', {}, {}],
    ['HTTP/1.1, each on a connection of its own', 'http', {}, { forceNewConnection: true }],
    ['HTTP/1.1 over TLS', 'https', { httpVersion: '1.1' }, {}],
    ['HTTP/1.1 over TLS, whose sessions are resumed', 'https', { httpVersion: '1.1' }, { forceNewConnection: true }],
    ['HTTP/1.1 over TLS 1.2, whose sessions are resumed', 'https', { httpVersion: '1.1' }, { forceNewConnection: true, tls: { maxVersion: '1.2' } }],
    ['HTTP/2 by ALPN', 'https', {}, {}],
    ['HTTP/2 by ALPN, whose sessions are resumed', 'https', {}, { forceNewConnection: true }],
  ];
  for (const [name, scheme, more, options] of ways) {
    it(name, async () => {
      const exchanges = await sendAll(nginx.origins[scheme], more, options);
      assert.deepEqual(
        [...new Set(exchanges.map(({ request }) => request!.httpVersion))], [name.startsWith('HTTP/2') ? '2' : '1.1'],
      );
      if (name.includes('resumed')) assert.deepEqual(
        exchanges.map(({ connection }) => connection!.tls!.facts!.resumed), exchanges.map((_, index) => index > 0),
      );
      await assertSame(exchanges);
    });
  }
});

/** OpenSSL has names of its own for the cipher suites before TLS 1.3 (RFC 5246 §A.5 has those of IANA). */
function opensslName(cipher: string): string {
  const [, keyExchange, rest] = /^TLS_(.+)_WITH_(.+)$/.exec(cipher) ?? [];
  if (keyExchange === undefined) return cipher;
  return `${keyExchange}_${rest!.replace(/AES_(\d+)/, 'AES$1')}`.replaceAll('_', '-');
}
