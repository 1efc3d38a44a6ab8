import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as http2 from 'node:http2';
import { createServer, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as tls from 'node:tls';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import type { Failure } from '../../../src/trace/failure.ts';
import packageManifest from '../../../package.json' with { type: 'json' };
import { connect } from '../../../src/wire/connect.ts';
import type { Connected, ConnectOptions, ConnectTarget } from '../../../src/wire/connection.ts';
import { parseProxies } from '../../../src/wire/proxy/proxyUrl.ts';
import { createAuthority } from '../../support/certificates.ts';
import { createOpened } from '../../support/sockets.ts';

const { version } = packageManifest;

describe('proxy', () => {
  const opened = createOpened();
  afterEach(() => opened.close());

  async function run(target: Partial<ConnectTarget>, options: Partial<ConnectOptions>) {
    const events: ConnectionEvent[] = [];
    const connected: Connected = await connect(
      { scheme: 'https', host: 'far.test', port: 443, alpn: ['http/1.1'], ...target },
      {
        resolver: { resolve: async (name) => { assert.equal(name, 'proxy.test'); return { ok: true, addresses: [{ address: '127.0.0.1', family: 4 }] }; } },
        timeouts: { connect: 5000, tls: 5000, head: 5000, idle: 5000, total: Infinity },
        verify: true, emit: (event) => events.push(event), ...options,
      },
    );
    return { connected, events, types: events.map((event) => event.type) };
  }

  /** A proxy that answers each head with `answer` and then joins the client to `port`, if there is one. */
  async function serveProxy(answer: string, port?: number, heads: string[] = []): Promise<string> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      let head = '';
      const read = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        if (!head.includes('\r\n\r\n')) return;
        heads.push(head);
        client.off('data', read);
        client.write(answer, 'latin1');
        if (port !== undefined) {
          const far = new Socket({ allowHalfOpen: true }).connect(port, '127.0.0.1');
          far.on('error', () => client.destroy());
          client.pipe(far).pipe(client);
        }
      };
      client.on('data', read);
    });
    return `proxy.test:${await opened.serve(server)}`;
  }

  async function refusal(
    answer: string, options: Partial<ConnectOptions> = {},
  ): Promise<{ failure: Failure; events: ConnectionEvent[] }> {
    const { connected, events } = await run({}, { proxy: `http://${await serveProxy(answer)}`, ...options });
    assert.ok(!connected.ok);
    return { failure: connected.failure, events };
  }

  it('leads TLS through a tunnel, each step with its events', async () => {
    const authority = await createAuthority();
    const far = await opened.serve(
      tls.createServer(await authority.issue({ names: ['far.test'] }), (socket) => void socket.pipe(socket)),
    );
    const heads: string[] = [];
    const address = await serveProxy('HTTP/1.1 200 Fine\r\nVia: x\r\n\r\n', far, heads);
    const { connected, events, types } = await run({}, {
      proxy: `http://us%40er:p:w@${address}`, trustAnchors: [{ pem: authority.pem, label: 'root' }],
    });
    assert.deepEqual(types, [
      'opened', 'dns-start', 'dns-end', 'attempt-start', 'attempt-end', 'proxy-start', 'proxy-end', 'tls-start',
      'tls-end', 'connected',
    ]);
    assert.ok(connected.ok && !connected.absoluteForm);
    assert.deepEqual(heads, [
      `CONNECT far.test:443 HTTP/1.1\r\nHost: far.test:443\r\nUser-Agent: roundtrip/${version}\r\n`
        + `Proxy-Authorization: Basic ${btoa('us@er:p:w')}\r\n\r\n`,
    ]);
    const start = events.find((event) => event.type === 'proxy-start');
    assert.deepEqual([start?.proxy, start?.target], [`http://${address}`, 'far.test:443']);
    const end = events.find((event) => event.type === 'proxy-end');
    assert.deepEqual([end?.statusCode, end?.reasonPhrase, end?.headers], [200, 'Fine', [['Via', 'x']]]);
    assert.ok(!JSON.stringify(events).includes('p:w'));
    connected.socket.end('through');
    assert.equal((await buffer(connected.socket)).toString(), 'through');
  });

  it('keeps bytes that come with the head, here the settings of HTTP/2', async () => {
    const far = await opened.serve(http2.createServer((request, response) => request.pipe(response)));
    const { connected } = await run(
      { scheme: 'http', alpn: ['h2'], port: 80 }, { proxy: `http://${await serveProxy('HTTP/1.1 200 OK\r\n\r\n', far)}` },
    );
    assert.ok(connected.ok && connected.httpVersion === '2' && !connected.absoluteForm);
    const session = http2.connect('http://far.test', { createConnection: () => connected.socket });
    const stream = session.request({ ':method': 'POST' });
    stream.end('early');
    assert.equal((await buffer(stream)).toString(), 'early');
    session.close();
    await once(session, 'close');
  });

  it('hands bytes behind the head to the reader of the tap', async () => {
    const proxy = `http://${await serveProxy('HTTP/1.1 200 OK\r\n\r\nleft over')}`;
    const { connected } = await run({ scheme: 'http', alpn: ['h2'], port: 80 }, { proxy });
    assert.ok(connected.ok);
    const [chunk] = await once(connected.socket, 'data') as [Buffer];
    assert.equal(chunk.toString(), 'left over');
    assert.equal(connected.socket.bytesRead, 9);
    connected.socket.destroy();
  });

  it('asks for plain http in absolute form', async () => {
    const address = await serveProxy('');
    const { connected, types } = await run({ scheme: 'http', port: 80 }, { proxy: `http://user:secret@${address}` });
    assert.deepEqual(types, ['opened', 'dns-start', 'dns-end', 'attempt-start', 'attempt-end', 'connected']);
    assert.ok(connected.ok);
    assert.deepEqual([connected.absoluteForm, connected.proxyAuthorization], [true, `Basic ${btoa('user:secret')}`]);
    connected.socket.destroy();
  });

  it('puts an IPv6 address in brackets', async () => {
    const heads: string[] = [];
    await run({ host: '::1', port: 8443 }, {
      proxy: `http://${await serveProxy('HTTP/1.1 404 No\r\n\r\n', undefined, heads)}`,
    });
    assert.match(heads[0] ?? '', /^CONNECT \[::1\]:8443 HTTP\/1\.1\r\nHost: \[::1\]:8443\r\n/);
  });

  it('keeps the head of a refusal', async () => {
    const { failure, events } = await refusal(
      'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\nno',
    );
    assert.deepEqual(
      [failure.phase, failure.code, failure.detail?.['statusCode'], failure.detail?.['reason']],
      ['proxy', 'proxy-refused', 407, 'Proxy Authentication Required'],
    );
    const end = events.find((event) => event.type === 'proxy-end');
    assert.deepEqual(end?.headers, [['Proxy-Authenticate', 'Basic realm="x"']]);
    assert.equal(events.at(-1)?.type, 'failed');
  });

  it('tells what is no proxy', async () => {
    assert.equal((await refusal('220 mail.test ESMTP\r\n')).failure.code, 'proxy-malformed');
  });

  it('gives up a proxy that does not answer', async () => {
    const timeouts = { connect: 30, tls: 5000, head: 5000, idle: 5000, total: Infinity };
    const { failure } = await refusal('HTTP/1.1 200', { timeouts });
    assert.deepEqual([failure.phase, failure.code, failure.detail?.['limit']], ['proxy', 'connect-timeout', 30]);
  });

  it('tells an end without an answer from one within it', async () => {
    const serveEnd = async (text: string): Promise<string | undefined> => {
      const port = await opened.serve(createServer((socket) => void socket.once('data', () => socket.end(text))));
      const { connected } = await run({}, { proxy: `http://proxy.test:${port}` });
      return connected.ok ? undefined : `${connected.failure.phase} ${connected.failure.code}`;
    };
    assert.equal(await serveEnd(''), 'proxy connection-closed');
    assert.equal(await serveEnd('HTTP/1.1 20'), 'proxy proxy-malformed');
  });

  it('is stopped while it waits, the socket destroyed', async () => {
    const controller = new AbortController();
    let closed: Promise<unknown> | undefined;
    const port = await opened.serve(createServer((socket) => {
      closed = new Promise((resolve) => socket.once('close', resolve));
      socket.once('data', () => controller.abort());
    }));
    const { connected } = await run({}, { proxy: `http://proxy.test:${port}`, signal: controller.signal });
    assert.ok(!connected.ok);
    assert.deepEqual([connected.failure.phase, connected.failure.code], ['proxy', 'cancelled']);
    await closed;
  });

  it('says whose address refused', async () => {
    const port = await opened.serve(createServer());
    await opened.close();
    const { connected } = await run({}, { proxy: `http://proxy.test:${port}` });
    assert.ok(!connected.ok);
    assert.deepEqual(
      [connected.failure.code, connected.failure.host, connected.failure.port, connected.failure.detail?.['proxy']],
      ['connection-refused', 'proxy.test', port, `http://proxy.test:${port}`],
    );
  });

  it('names the schemes it cannot use, without the password', async () => {
    for (const scheme of ['ftp', 'quic', 'socks6']) {
      const { connected, types } = await run({}, { proxy: `${scheme}://user:secret@proxy.test:1080` });
      assert.deepEqual(types, ['opened', 'failed']);
      assert.ok(!connected.ok);
      assert.deepEqual(
        [connected.failure.phase, connected.failure.code, connected.failure.detail],
        ['proxy', 'unsupported', { reason: 'scheme', scheme, proxy: `${scheme}://proxy.test:1080` }],
      );
    }
  });

  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
  const urls: [string, unknown[] | string][] = [
    ['http://proxy.test', [{ kind: 'http', host: 'proxy.test', port: 80, origin: 'http://proxy.test' }]],
    ['proxy.test:3128', [{ kind: 'http', host: 'proxy.test', port: 3128, origin: 'http://proxy.test:3128' }]],
    ['HTTP://[::1]:8080/', [{ kind: 'http', host: '::1', port: 8080, origin: 'http://[::1]:8080' }]],
    ['http://%ED%95%9C:100%@p.test', [{ kind: 'http', host: 'p.test', port: 80, origin: 'http://p.test', authorization: basic('한:100%') }]],
    ['https://u:p@p.test', [{ kind: 'https', host: 'p.test', port: 443, origin: 'https://p.test', authorization: basic('u:p') }]],
    ['https://p.test:80', [{ kind: 'https', host: 'p.test', port: 80, origin: 'https://p.test:80' }]],
    ['socks5://P.test', [{ kind: 'socks5', host: 'p.test', port: 1080, origin: 'socks5://p.test:1080' }]],
    ['socks5h://u:p%40@[::1]:80', [{ kind: 'socks5h', host: '::1', port: 80, origin: 'socks5h://[::1]:80', credentials: { username: 'u', password: 'p@' } }]],
    ['socks://p.test', [{ kind: 'socks5h', host: 'p.test', port: 1080, origin: 'socks5h://p.test:1080' }]],
    ['socks4a://me@p.test:1', [{ kind: 'socks4a', host: 'p.test', port: 1, origin: 'socks4a://p.test:1', credentials: { username: 'me', password: '' } }]],
    ['http://a.test , socks4://b.test', [
      { kind: 'http', host: 'a.test', port: 80, origin: 'http://a.test' },
      { kind: 'socks4', host: 'b.test', port: 1080, origin: 'socks4://b.test:1080' },
    ]],
    ['http://u:a,b@a.test,b.test', 'invalid-url'],
    ['http://u:a,b@a.test, http://b.test', [
      { kind: 'http', host: 'a.test', port: 80, origin: 'http://a.test', authorization: basic('u:a,b') },
      { kind: 'http', host: 'b.test', port: 80, origin: 'http://b.test' },
    ]],
    ['http://', 'invalid-url'], ['http://a.test,', 'invalid-url'], ['socks5://p.test:99999', 'invalid-url'],
    [`socks5://${'u'.repeat(256)}:p@p.test`, 'socks-credentials'], ['socks5://:p@p.test', 'socks-credentials'],
    ['socks4://u%00x@p.test', 'socks-credentials'], [Array(9).fill('http://a.test').join(), 'too-many-proxies'],
  ];
  for (const [text, expected] of urls) {
    it(`reads ${text.slice(0, 60)}`, () => {
      const parsed = parseProxies(text);
      assert.deepEqual(parsed.ok ? parsed.proxies : parsed.failure.detail?.['reason'], expected);
    });
  }
});
