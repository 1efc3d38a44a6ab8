import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLab } from '../../src/lab/lab.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { RequestAccount } from '../../src/lab/messages.ts';
import { readPlainHead } from '../../src/lab/tls/plainHttp.ts';

describe('HTTP in the clear where TLS is spoken', () => {
  const accounts: RequestAccount[] = [];
  let lab: Lab;
  before(async () => { lab = await startLab({ onEvents: (account) => accounts.push(account) }); });
  after(() => lab.close());

  const exchange = async (port: number, chunks: readonly string[]) => {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    const from = socket.localPort;
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => { received += chunk; });
    socket.on('error', () => {});
    const closed = new Promise((resolve) => { socket.once('close', resolve); });
    for (const chunk of chunks) {
      socket.write(chunk);
      await sleep(5);
    }
    socket.end();
    await closed;
    return { received, from };
  };
  const told = async (isIt: (account: RequestAccount) => boolean) => {
    for (let round = 0; round < 200; round += 1) {
      const found = accounts.filter(isIt);
      if (found.length > 0) return found.flatMap(({ events }) => events);
      await sleep(10);
    }
    return assert.fail('nothing was told');
  };

  it('is answered at every such port, with the URL to use', async () => {
    const { https, parts: { accelerator, httpsProxy } } = lab.addresses;
    for (const [server, port] of [
      ['lab', https.port], ['accelerator', accelerator!.port], ['httpsProxy', httpsProxy!.port],
    ] as const) {
      const { received, from } = await exchange(port, ['GET /json HT', 'TP/1.1\r\nHost: shop.lab.test:1\r', '\n\r\n']);
      assert.match(received, /^HTTP\/1\.1 400 Bad Request\r\n[^]*\r\nConnection: close\r\n/);
      assert.ok(received.includes(`this port speaks TLS: use https://shop.lab.test:${port}/`), received);
      const events = await told((one) => 'clientPort' in one && one.clientPort === from);
      const [parsed] = events.filter(({ type }) => type === 'head-parsed');
      assert.equal(parsed?.type === 'head-parsed' && parsed.target, '/json');
      const [started] = events.filter(({ type }) => type === 'response-started');
      assert.equal(started?.type === 'response-started' && started.statusCode, 400);
      assert.equal(accounts.some((one) => 'clientPort' in one && one.clientPort === from && one.server === server), true);
    }
  });

  it('is told to the trace that the request names, and reflects no foreign name', async () => {
    const traceId = 'a'.repeat(32);
    const { received } = await exchange(lab.addresses.https.port, [
      'POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 4\r\n'
      + `traceparent: 00-${traceId}-${'b'.repeat(16)}-01\r\n\r\nbody`,
    ]);
    assert.ok(received.includes(`https://lab.test:${lab.addresses.https.port}/`), received);
    assert.ok(!received.includes('evil'));
    assert.ok((await told((one) => 'traceId' in one && one.traceId === traceId)).length > 3);
    assert.doesNotMatch((await exchange(lab.addresses.https.port, ['HEAD / HTTP/1.0\r\n\r\n'])).received, /TLS/);
  });

  it('is neither TLS nor HTTP/2 nor anything else', () => {
    const cases: readonly (readonly [string, 'more' | undefined])[] = [
      ['\x16\x03\x01\x00', undefined], ['PRI * HTTP/2.0\r\n\r\n', undefined], ['\x80GET ', undefined], ['get / ', undefined],
      ['G', 'more'], ['GET ', 'more'], ['GET / HTTP/1.1\r\nA: b', 'more'], ['GET / FTP/1.1\r\n\r\n', undefined],
      ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', undefined], [`GET /${'a'.repeat(70_000)}`, undefined],
    ];
    for (const [text, expected] of cases) {
      assert.equal(readPlainHead(Buffer.from(text, 'latin1')), expected, text.slice(0, 30));
    }
  });
});
