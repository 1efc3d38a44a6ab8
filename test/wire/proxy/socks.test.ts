import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { decode } from 'dns-packet';
import { createServer } from 'node:http';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import { recordConnection } from '../../../src/trace/recordConnection.ts';
import { connect } from '../../../src/wire/connect.ts';
import type { Connected, ConnectOptions, ResolveOptions } from '../../../src/wire/connection.ts';
import { createAuthority } from '../../support/certificates.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { createFaultyProxy, createScriptedProxy, join } from '../../support/proxyServer.ts';
import type { Script } from '../../support/proxyServer.ts';
import { createOpened } from '../../support/sockets.ts';
import { createDnsOverTls, prefixed } from '../dns/dnsOverTls.ts';
import { isolatedResolver } from '../dns/lookups.ts';
import { a, buildReply, soa } from '../dns/nameServer.ts';

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const granted5 = bytes(5, 0, 0, 1, 127, 0, 0, 1, 0x1f, 0x90);

describe('SOCKS', () => {
  const opened = createOpened();
  afterEach(() => opened.close());

  interface Seen {
    readonly connected: Connected;
    readonly events: ConnectionEvent[];
    readonly summary: string;
  }

  /** Connects through a proxy; `far.test` is 192.0.2.7 and 2001:db8::7, `four.test` and `six.test` one of them. */
  async function through(proxy: string, host = 'far.test', more: Partial<ConnectOptions> = {}): Promise<Seen> {
    const events: ConnectionEvent[] = [];
    const six = { address: '2001:db8::7', family: 6 } as const;
    const four = { address: '192.0.2.7', family: 4 } as const;
    const names: Record<string, readonly (typeof six | typeof four)[]> = {
      'far.test': [six, four], 'four.test': [four], 'six.test': [six],
    };
    const connected = await connect({ scheme: 'http', host, port: 80, alpn: ['http/1.1'] }, {
      resolver: {
        resolve: async (name) => names[name] ? { ok: true, addresses: names[name] }
          : { ok: false, failure: { phase: 'dns', code: 'name-not-found', confidence: 'certain' } },
      },
      timeouts: { connect: 3000, tls: 3000, head: 3000, idle: 3000, total: Infinity },
      verify: true, proxy, emit: (event) => events.push(event), ...more,
    });
    if (connected.ok) connected.socket.destroy();
    const summary = connected.ok ? 'ok' : `${connected.failure.phase} ${connected.failure.code}`;
    return { connected, events, summary };
  }

  const cases: {
    readonly title: string; readonly scheme: string; readonly host: string; readonly user?: string;
    /** What the proxy has to hear, each answered by what stands beside it. */
    readonly talk: readonly (readonly [heard: Buffer, says: Buffer])[];
    readonly outcome: string; readonly detail?: Record<string, unknown>;
  }[] = [
    {
      title: 'SOCKS5 with the name', scheme: 'socks5h', host: 'far.test', outcome: 'ok',
      talk: [[bytes(5, 1, 0), bytes(5, 0)], [Buffer.concat([bytes(5, 1, 0, 3, 8), Buffer.from('far.test'), bytes(0, 80)]), granted5]],
    },
    {
      title: 'SOCKS5 with the address looked up here', scheme: 'socks5', host: 'far.test', outcome: 'ok',
      talk: [[bytes(5, 1, 0), bytes(5, 0)], [Buffer.concat([bytes(5, 1, 0, 4, 0x20, 1, 0x0d, 0xb8), Buffer.alloc(11), bytes(7, 0, 80)]), granted5]],
    },
    {
      title: 'SOCKS5 with an address, answered with a name', scheme: 'socks5h', host: '192.0.2.9', outcome: 'ok',
      talk: [[bytes(5, 1, 0), bytes(5, 0)], [bytes(5, 1, 0, 1, 192, 0, 2, 9, 0, 80), Buffer.concat([bytes(5, 0, 0, 3, 5), Buffer.from('bound'), bytes(0, 9)])]],
    },
    {
      title: 'SOCKS5 with user and password', scheme: 'socks5h', host: '192.0.2.9', user: 'me:p%40ss@', outcome: 'ok',
      talk: [[bytes(5, 2, 0, 2), bytes(5, 2)], [Buffer.concat([bytes(1, 2), Buffer.from('me'), bytes(4), Buffer.from('p@ss')]), bytes(1, 0)],
        [bytes(5, 1, 0, 1, 192, 0, 2, 9, 0, 80), Buffer.concat([bytes(5, 0, 0, 4), Buffer.alloc(15), bytes(1, 0, 9)])]],
    },
    {
      title: 'SOCKS5 that does not ask for the password', scheme: 'socks5h', host: '192.0.2.9', user: 'me:p@',
      outcome: 'ok',
      talk: [[bytes(5, 2, 0, 2), bytes(5, 0)], [bytes(5, 1, 0, 1, 192, 0, 2, 9, 0, 80), granted5]],
    },
    {
      title: 'SOCKS4 with the address looked up here, IPv4 only', scheme: 'socks4', host: 'far.test', user: 'me@',
      outcome: 'ok',
      talk: [[Buffer.concat([bytes(4, 1, 0, 80, 192, 0, 2, 7), Buffer.from('me\0')]), bytes(0, 90, 0, 9, 127, 0, 0, 1)]],
    },
    {
      title: 'SOCKS4a with the name', scheme: 'socks4a', host: 'far.test', outcome: 'ok',
      talk: [[Buffer.concat([bytes(4, 1, 0, 80, 0, 0, 0, 1, 0), Buffer.from('far.test\0')]), bytes(0, 90, 0, 9, 127, 0, 0, 1)]],
    },
    {
      title: 'wrong credentials', scheme: 'socks5h', host: '192.0.2.9', user: 'me:no@', outcome: 'proxy proxy-refused',
      detail: { reason: 'credentials', step: 'authentication' },
      talk: [[bytes(5, 2, 0, 2), bytes(5, 2)], [Buffer.concat([bytes(1, 2), Buffer.from('me'), bytes(2), Buffer.from('no')]), bytes(1, 1)]],
    },
    {
      title: 'no acceptable method', scheme: 'socks5h', host: '192.0.2.9', outcome: 'proxy proxy-refused',
      detail: { reason: 'no-method', step: 'greeting' },
      talk: [[bytes(5, 1, 0), bytes(5, 255)]],
    },
    {
      title: 'a method that was not offered', scheme: 'socks5h', host: '192.0.2.9', outcome: 'proxy proxy-malformed',
      detail: { reason: 'method' },
      talk: [[bytes(5, 1, 0), bytes(5, 2)]],
    },
    {
      title: 'another protocol', scheme: 'socks5h', host: '192.0.2.9', outcome: 'proxy proxy-malformed',
      detail: { reason: 'version' },
      talk: [[bytes(5, 1, 0), Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]],
    },
    {
      title: 'an address of no kind', scheme: 'socks5h', host: '192.0.2.9', outcome: 'proxy proxy-malformed',
      detail: { reason: 'address type' },
      talk: [[bytes(5, 1, 0), bytes(5, 0)], [bytes(5, 1, 0, 1, 192, 0, 2, 9, 0, 80), bytes(5, 0, 0, 9, 1, 2, 3, 4, 5, 6)]],
    },
    {
      title: 'SOCKS4 with a code of no meaning', scheme: 'socks4', host: '192.0.2.9', outcome: 'proxy proxy-malformed',
      detail: { reason: 'reply code' },
      talk: [[bytes(4, 1, 0, 80, 192, 0, 2, 9, 0), bytes(0, 3, 0, 0, 0, 0, 0, 0)]],
    },
    ...[1, 2, 3, 4, 5, 6, 7, 8, 99].map((reply) => ({
      title: `SOCKS5's reply ${reply}`, scheme: 'socks5h', host: '192.0.2.9', outcome: 'proxy proxy-refused',
      detail: { reason: 'reply', reply, step: 'connect' },
      talk: [[bytes(5, 1, 0), bytes(5, 0)], [bytes(5, 1, 0, 1, 192, 0, 2, 9, 0, 80), bytes(5, reply, 0, 1, 0, 0, 0, 0, 0, 0)]] as const,
    })),
    ...[91, 92, 93].map((reply) => ({
      title: `SOCKS4's reply ${reply}`, scheme: 'socks4', host: '192.0.2.9', outcome: 'proxy proxy-refused',
      detail: { reason: 'reply', reply },
      talk: [[bytes(4, 1, 0, 80, 192, 0, 2, 9, 0), bytes(0, reply, 0, 0, 0, 0, 0, 0)]] as const,
    })),
  ];

  for (const { title, scheme, host, user = '', talk, outcome, detail } of cases) {
    /** The steps and what ended them, without times, whatever the cuts. */
    const play = async (cut: (says: Buffer, index: number) => Buffer[], heard: Buffer[] = []): Promise<Seen> => {
      const script: Script = talk.map(([wanted, says], index) => ({ wants: wanted.length, says: cut(says, index) }));
      const port = await opened.serve(
        createScriptedProxy(script, (client) => void (outcome === 'ok' || client.end()), heard),
      );
      return through(`${scheme}://${user}127.0.0.1:${port}`, host);
    };

    it(`${title}: says the right bytes, and each cut of the answers means the same`, async () => {
      const heard: Buffer[] = [];
      const whole = await play((says) => [says], heard);
      assert.equal(whole.summary, outcome);
      assert.deepEqual(heard, talk.map(([wanted]) => wanted));
      if (detail && !whole.connected.ok) assert.partialDeepStrictEqual(whole.connected.failure.detail, detail);
      const told = ({ connected, events }: Seen): unknown => [
        connected.ok, connected.ok || connected.failure.detail?.['reason'],
        events.filter(({ type }) => type.startsWith('proxy')).map(({ at: _at, ...event }) => ({ ...event, proxy: '' })),
      ];
      const longest = Math.max(...talk.map(([, says]) => says.length));
      for (let at = 1; at < longest; at += 1) {
        const cut = await play((says) => [says.subarray(0, at), says.subarray(at)].filter((piece) => piece.length > 0));
        assert.deepEqual(told(cut), told(whole), `cut at ${at}`);
        await opened.close();
      }
      const single = await play((says) => [...says].map((value) => bytes(value)));
      assert.deepEqual(told(single), told(whole), 'byte by byte');
    });
  }

  it('fails, and does not hang, when the proxy closes after each byte', async () => {
    const answers = [bytes(5, 2), bytes(1, 0), bytes(5, 0, 0, 1, 127, 0, 0, 1, 0, 9)];
    const wants = [4, 8, 10];
    for (const then of ['end', 'resetAndDestroy'] as const) {
      for (let step = 0; step < answers.length; step += 1) {
        for (let count = 0; count < answers[step]!.length; count += 1) {
          const script = answers.slice(0, step + 1).map((answer, at) => ({
            wants: wants[at]!, says: at < step ? [answer] : count === 0 ? [] : [answer.subarray(0, count)],
          }));
          const port = await opened.serve(createScriptedProxy(script, (client) => void client[then]()));
          const { summary, events } = await through(`socks5h://me:pass@127.0.0.1:${port}`, '192.0.2.9');
          assert.match(summary, /^proxy connection-(?:closed|reset)$/, `${then} in message ${step} after ${count}`);
          assert.equal(events.at(-1)?.type, 'failed');
          await opened.close();
        }
      }
    }
  });

  it('keeps bytes that come with the answer, and all answers at once', async () => {
    const all = Buffer.concat([bytes(5, 2), bytes(1, 0), granted5, Buffer.from('early')]);
    const port = await opened.serve(createFaultyProxy({ answer: all, then: 'wait' }));
    const events: ConnectionEvent[] = [];
    const connected = await connect({ scheme: 'http', host: '192.0.2.9', port: 80, alpn: ['http/1.1'] }, {
      resolver: { resolve: async () => assert.fail() }, verify: true, proxy: `socks5://me:pass@127.0.0.1:${port}`,
      timeouts: { connect: 3000, tls: 3000, head: 3000, idle: 3000, total: Infinity }, emit: (event) => events.push(event),
    });
    assert.ok(connected.ok);
    const chunk = await new Promise<Buffer>((resolve) => void connected.socket.once('data', resolve));
    assert.equal(chunk.toString(), 'early');
    connected.socket.destroy();
  });

  it('has steps of its own, and says who looked up the name', async () => {
    const origin = await opened.serve(createServer((_, response) => response.end('ok')));
    const proxy = createScriptedProxy(
      [{ wants: 3, says: [bytes(5, 0)] }, { wants: 22, says: [granted5] }], (client) => join(client, origin, '', ''),
    );
    const { events, summary } = await through(`socks5://127.0.0.1:${await opened.serve(proxy)}`, 'six.test');
    assert.equal(summary, 'ok');
    const { proxies } = recordConnection('c', events);
    const [hop] = proxies ?? [];
    assert.deepEqual(hop?.steps?.map(({ name }) => name), ['dns', 'greeting', 'connect']);
    assert.deepEqual(hop?.lookup?.addresses, [{ address: '2001:db8::7', family: 6 }]);
    assert.deepEqual(hop?.socks, { version: 5, method: 0, reply: 0, bound: '127.0.0.1:8080' });
    const times = hop!.steps!.flatMap(({ startAt, endAt }) => [startAt, endAt!]);
    assert.deepEqual(times, [...times].sort((a, b) => a - b));
    assert.equal(times.at(-1), hop?.endAt);
  });

  it('says in version 4 what curl says', async function () {
    const curl = debianOrSkip(this, 'curl', 'curl');
    for (const [proxy, host, size] of [
      ['socks4a://me@', 'far.test', 20], ['socks4a://', 'far.test', 18], ['socks4://me@', '192.0.2.7', 11],
    ] as const) {
      const heard: Buffer[] = [];
      const script = [{ wants: size, says: [bytes(0, 91, 0, 0, 0, 0, 0, 0)] }];
      const port = await opened.serve(createScriptedProxy(script, (client) => void client.end(), heard));
      const words = [
        '-q', '-s', '--max-time', '5', '--noproxy', '', '--proxy', `${proxy}127.0.0.1:${port}`, `http://${host}/`,
      ];
      const code = await new Promise((resolve) => void execFile(curl, words, (error) => resolve(error?.code)));
      assert.equal(code, 97);
      assert.equal((await through(`${proxy}127.0.0.1:${port}`, host)).summary, 'proxy proxy-refused');
      assert.equal(heard.length, 2);
      assert.deepEqual(heard[1], heard[0]);
    }
  });

  it('knows IPv4 only in version 4', async () => {
    const port = await opened.serve(createFaultyProxy({ answer: '' }));
    for (const [scheme, host] of [['socks4', 'six.test'], ['socks4', '2001:db8::7'], ['socks4a', '2001:db8::7']]) {
      const { connected } = await through(`${scheme}://127.0.0.1:${port}`, host);
      assert.ok(!connected.ok);
      assert.deepEqual([connected.failure.code, connected.failure.detail?.['reason']], ['unsupported', 'socks4-ipv6']);
    }
  });

  it('says that the name it was to look up does not exist', async () => {
    const port = await opened.serve(createFaultyProxy({ answer: '' }));
    const { connected } = await through(`socks5://127.0.0.1:${port}`, 'gone.test');
    assert.ok(!connected.ok);
    assert.deepEqual(
      [connected.failure.phase, connected.failure.code, connected.failure.host], ['proxy', 'name-not-found', 'gone.test'],
    );
  });

  it('asks a name server over TLS for the address, by the anchors of the request', async () => {
    const authority = await createAuthority('Names');
    const keys = await authority.issue({ names: ['127.0.0.1'] });
    const names = await opened.serve(createDnsOverTls(keys, (query, client) => {
      const { id = 0, questions = [] } = decode(query);
      const { name = '', type = '' } = questions[0] ?? {};
      const reply = type === 'A' ? { answers: [a(name, '192.0.2.7')] } : { authorities: [soa('test', 60)] };
      client.write(prefixed(buildReply({ id, name, type }, reply)));
    }));
    const asked: ResolveOptions[] = [];
    const resolver = isolatedResolver({ hostsFile: '/nonexistent', servers: [] });
    const options: Partial<ConnectOptions> = {
      dns: `tls://127.0.0.1:${names}`, tls: { systemRoots: false },
      resolver: {
        resolve(name, options) {
          asked.push(options);
          return resolver.resolve(name, options);
        },
      },
    };
    const script = [{ wants: 3, says: [bytes(5, 0)] }, { wants: 10, says: [granted5] }];
    const proxy = `socks5://127.0.0.1:${await opened.serve(createScriptedProxy(script, () => {}))}`;
    const trusting = await through(proxy, 'shop.test', { ...options, trustAnchors: [{ pem: authority.pem, label: 'test' }] });
    assert.equal(trusting.summary, 'ok');
    assert.deepEqual(asked.map(({ systemRoots }) => systemRoots), [false]);
    assert.equal((await through(proxy, 'other.test', options)).summary, 'proxy name-server-failed');
  });

  it('gives up a proxy that does not answer, and stops when told to', async () => {
    const port = await opened.serve(createFaultyProxy({ answer: bytes(5), then: 'wait' }));
    const timeouts = { connect: 40, tls: 3000, head: 3000, idle: 3000, total: Infinity };
    const { connected } = await through(`socks5h://127.0.0.1:${port}`, '192.0.2.9', { timeouts });
    assert.ok(!connected.ok);
    assert.deepEqual([connected.failure.code, connected.failure.detail?.['limit']], ['connect-timeout', 40]);
    const controller = new AbortController();
    const emit = (event: ConnectionEvent): void => void (event.type === 'proxy-step' && controller.abort());
    assert.equal(
      (await through(`socks5h://127.0.0.1:${port}`, '192.0.2.9', { signal: controller.signal, emit })).summary,
      'proxy cancelled',
    );
  });
});
