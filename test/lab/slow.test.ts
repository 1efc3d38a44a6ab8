import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Duplex, PassThrough } from 'node:stream';
import { debianOrSkip } from '../support/debian.ts';
import { flag, frame, block, preface, settings, type } from './http2/frames.ts';
import { converse, dial, isOf, newTrace, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

// Slowloris: clients that go on sending, and never come to the end of what they send. Each has as long as an honest one.

describe('slow clients of the lab', () => {
  let running: RunningLab;
  const limits = { headTimeout: 500, requestTimeout: 800, keepAliveTimeout: 300, maxConnections: 60, silence: 1200 };
  before(async () => { running = await runLab({ limits }); });
  after(() => running.stop());
  const ports = () => ({ http: running.lab.addresses.http.port, https: running.lab.addresses.https.port });
  const own = () => `lab.test:${ports().http}`;

  /** Sends something at once and then a byte every 20 ms until the lab has had enough; gives what it said. */
  async function drip(port: number, first: string | Buffer, rest: Buffer | string): Promise<string> {
    const socket = await dial(port);
    const received = receive(socket);
    socket.write(first);
    const bytes = Buffer.from(rest as string);
    let sent = 0;
    const timer = setInterval(() => {
      if (socket.writable) socket.write(bytes.subarray(sent % bytes.length, (sent % bytes.length) + 1));
      sent += 1;
    }, 20);
    const { text } = await received;
    clearInterval(timer);
    assert.ok(sent > 5, 'it was given some time');
    return text;
  }

  it('do not get through with heads, bodies or chunks', async () => {
    const head = `POST /echo HTTP/1.1\r\nHost: ${own()}\r\n`;
    const [heads, lines, target, body, chunks, trailers] = await Promise.all([
      drip(ports().http, head, 'X-A: b\r\n'), drip(ports().http, '\r\n', '\r\n'), drip(ports().http, 'GET /', 'a'),
      drip(ports().http, `${head}Content-Length: 100000\r\n\r\n`, 'a'),
      drip(ports().http, `${head}Transfer-Encoding: chunked\r\n\r\n`, '1\r\na\r\n'),
      drip(ports().http, `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X-A: b\r\n'),
    ]);
    for (const said of [heads, body, chunks, trailers]) assert.match(said, /^HTTP\/1\.1 408 /);
    for (const said of [lines, target]) assert.match(said, /^(?:HTTP\/1\.1 408 |$)/);
  });

  it('do not get through with TLS handshakes', async () => {
    const through = new PassThrough();
    const hello = once(through, 'data');
    const secure = connectTls({ socket: Duplex.from({ writable: through, readable: new PassThrough() }), servername: 'lab.test' });
    secure.on('error', () => {});
    const [bytes] = await hello as [Buffer];
    secure.destroy();
    assert.equal(await drip(ports().https, bytes.subarray(0, 5), bytes.subarray(5)), '');
    // Whole, and then nothing that belongs to a handshake.
    const late = await dial(ports().https);
    const received = receive(late);
    late.write(bytes);
    await received;
  });

  it('do not get through with frames of HTTP/2', async () => {
    const lines = block([':method', 'GET'], [':scheme', 'http'], [':path', '/json'], [':authority', own()]);
    const start = Buffer.concat([preface, settings()]);
    const request = frame(type.headers, flag.endHeaders | flag.endStream, 1, lines);
    const half = frame(type.headers, flag.endStream, 3, lines);
    const ping = frame(type.ping, 0, 0, '12345678');
    const said = await Promise.all([
      // No request, or none that ends.
      drip(ports().http, start, ping), drip(ports().http, Buffer.concat([start, request.subarray(0, 20)]), request.subarray(20, 24)),
      drip(ports().http, Buffer.concat([start, half]), frame(type.continuation, 0, 3)),
      // The same after one that was answered.
      drip(ports().http, Buffer.concat([start, request]), ping),
      drip(ports().http, Buffer.concat([start, request, half]), frame(type.continuation, 0, 3)),
    ]);
    assert.deepEqual(said.map((one) => one.includes('{\n')), [false, false, false, true, true]);
  });

  it('take a place each, and not those of others for longer than that', async () => {
    const sockets: Socket[] = await Promise.all(Array.from({ length: limits.maxConnections - 5 }, () => dial(ports().http)));
    for (const socket of sockets) socket.write(`GET /json HTTP/1.1\r\nHost: ${own()}\r\nX-A: `);
    const get = `GET /json HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`;
    assert.match((await converse(ports().http, get)).text, /^HTTP\/1\.1 200 /);
    const ended = await Promise.all(sockets.map((socket) => receive(socket)));
    assert.ok(ended.every(({ text }) => text.startsWith('HTTP/1.1 408 ')));
    assert.match((await converse(ports().http, get)).text, /^HTTP\/1\.1 200 /);
  });

  it('do not keep a response by not reading it', async () => {
    const closed = async (traceId: string): Promise<string> => {
      for (;;) {
        const event = running.accounts.filter((account) => isOf(account, traceId)).flatMap(({ events }) => events)
          .find((one) => one.type === 'closed');
        if (event) return `${event.by} ${event.reason}`;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const plain = newTrace();
    const reader = await dial(ports().http);
    reader.pause();
    // More than all buffers on the way hold.
    reader.write(`GET /bytes/1000000 HTTP/1.1\r\nHost: ${own()}\r\ntraceparent: ${plain.field}\r\n\r\n`.repeat(60));
    assert.equal(await closed(plain.traceId), 'server silent');
    reader.destroy();
    const framed = newTrace();
    const other = await dial(ports().http);
    const lines = block([':method', 'GET'], [':scheme', 'http'], [':path', '/bytes/1000000'], [':authority', own()],
      ['traceparent', framed.field]);
    // RFC 9113 §6.9.2: 65,535 bytes, and no more until the window is opened.
    other.write(Buffer.concat([preface, settings(), frame(type.headers, flag.endHeaders | flag.endStream, 1, lines)]));
    assert.equal(await closed(framed.traceId), 'server silent');
    other.destroy();
  });

  it('do not wear it out by new handshakes on old connections', async function () {
    this.timeout(20_000);
    // RFC 5246 §7.4.1.1: TLS 1.2 may begin anew at any time, and each time it costs the server more than the client.
    const openssl = debianOrSkip(this, 'openssl', 'openssl');
    const child = spawn(openssl, ['s_client', '-connect', `127.0.0.1:${ports().https}`, '-servername', 'lab.test', '-tls1_2'],
      { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.stdin.on('error', () => {});
    const asking = setInterval(() => child.stdin.write('R\n'), 40);
    await once(child, 'exit');
    clearInterval(asking);
    assert.ok((said.match(/RENEGOTIATING/g) ?? []).length < 12, said);
    const get = `GET /json HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`;
    assert.match((await converse(ports().http, get)).text, /^HTTP\/1\.1 200 /);
  });
});
