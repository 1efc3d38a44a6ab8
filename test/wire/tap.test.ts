import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import { createServer, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Client } from 'undici';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { monotonicNow } from '../../src/wire/clock.ts';
import { createTap } from '../../src/wire/tap/tap.ts';
import { issueSelfSigned } from '../support/certificates.ts';
import { createOpened } from '../support/sockets.ts';

describe('tap', () => {
  const opened = createOpened();
  afterEach(() => opened.close());

  async function dial(port: number): Promise<Socket> {
    const socket = new Socket().connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  it('carries undici over HTTP/1.1, kept alive, with times that enclose each exchange', async () => {
    const port = await opened.serve(http.createServer((request, response) => {
      request.resume().on('end', () => response.end(`${request.method} ${request.url}`));
    }));
    const tap = createTap(await dial(port));
    const seen: string[] = [];
    tap.onRead = (chunk) => void seen.push(chunk.toString('latin1'));
    const client = new Client(`http://127.0.0.1:${port}`, {
      // undici hangs when its callback is called before it returned.
      connect: (_options, callback) => queueMicrotask(() => callback(null, tap as never)),
    });
    for (const path of ['/one', '/two']) {
      const { body } = await client.request({ path, method: 'POST', body: 'x'.repeat(1000) });
      assert.equal(await body.text(), `POST ${path}`);
      assert.ok(tap.lastWrittenAt !== undefined && tap.lastReadAt !== undefined);
      assert.ok(tap.lastWrittenAt <= tap.lastReadAt);
    }
    assert.equal(Buffer.byteLength(seen.join(''), 'latin1'), tap.bytesRead);
    assert.equal(tap.bytesWritten, tap.bytesQueued);
    assert.match(seen.join(''), /^HTTP\/1\.1 200 OK\r\n/);
    const closed = new Promise((resolve) => tap.once('close', resolve));
    await client.close();
    await closed;
  });

  it('knows at once what the kernel has taken, and of the rest only when it has', async () => {
    let reader: Socket | undefined;
    const port = await opened.serve(createServer((socket) => { reader = socket.pause(); }));
    const tap = createTap(await dial(port));
    const written: number[] = [];
    tap.onWritten = () => written.push(tap.bytesWritten);
    const before = monotonicNow();
    tap.write('small');
    assert.deepEqual([tap.bytesWritten, tap.bytesQueued, written], [5, 5, [5]]);
    assert.ok(tap.lastWrittenAt! >= before && tap.lastWrittenAt! <= monotonicNow());
    await new Promise((resolve) => setImmediate(resolve));
    // More than the buffers of both ends hold, while nobody reads.
    tap.write(Buffer.alloc(32 * 1024 * 1024));
    assert.equal(tap.bytesWritten, 5);
    assert.equal(tap.bytesQueued, 5 + 32 * 1024 * 1024);
    const all = new Promise<void>((resolve) => { tap.onWritten = () => resolve(); });
    reader!.resume();
    await all;
    assert.equal(tap.bytesWritten, tap.bytesQueued);
    assert.deepEqual(written, [5]);
    tap.destroy();
  });

  it('knows it under TLS, too, where what was encrypted may wait inside', async () => {
    const { cert, key } = await issueSelfSigned({ names: ['localhost'] });
    const accepted = Promise.withResolvers<Socket>();
    const port = await opened.serve(createTlsServer({ cert, key }, (socket) => accepted.resolve(socket)));
    const transport = await dial(port);
    const below = connectTls({ socket: transport, rejectUnauthorized: false });
    await once(below, 'secureConnect');
    const tap = createTap(below, { encrypted: true, transport });
    tap.write('first');
    assert.equal(tap.bytesWritten, 5);
    // In the same turn OpenSSL keeps the second: it has not been taken, whatever the queue says.
    const second = new Promise<number>((resolve) => { tap.onWritten = () => resolve(tap.bytesWritten); });
    tap.write('second');
    assert.equal(tap.bytesWritten, 5);
    assert.equal(await second, 11);
    tap.onWritten = undefined;
    tap.write(Buffer.alloc(32 * 1024 * 1024));
    assert.equal(tap.bytesWritten, 11);
    const all = new Promise<void>((resolve) => { tap.onWritten = () => resolve(); });
    (await accepted.promise).resume();
    await all;
    assert.equal(tap.bytesWritten, 11 + 32 * 1024 * 1024);
    tap.destroy();
  });

  it('carries node:http', async () => {
    const port = await opened.serve(http.createServer((request, response) => request.pipe(response)));
    const socket = createTap(await dial(port));
    const request = http.request({ method: 'PUT', path: '/', createConnection: () => socket });
    request.end('echo');
    const [response] = await once(request, 'response') as [http.IncomingMessage];
    assert.equal((await buffer(response)).toString(), 'echo');
  });

  it('carries node:http2, streams side by side', async () => {
    const port = await opened.serve(http2.createServer((request, response) => request.pipe(response)));
    const tap = createTap(await dial(port), { alpnProtocol: 'h2' });
    const session = http2.connect(`http://127.0.0.1:${port}`, { createConnection: () => tap });
    const bodies = await Promise.all([1, 2, 3].map(async (number) => {
      const stream = session.request({ ':method': 'POST' });
      stream.end(String(number).repeat(200_000));
      return (await buffer(stream)).toString();
    }));
    assert.deepEqual(bodies, [1, 2, 3].map((number) => String(number).repeat(200_000)));
    session.close();
    await once(session, 'close');
  });

  it('hands on every byte of large transfers both ways, in order', async () => {
    const port = await opened.serve(createServer((socket) => void socket.pipe(socket)));
    const tap = createTap(await dial(port));
    const sent = Buffer.alloc(8 << 20, 'abcdefghijklm');
    const received = buffer(tap);
    for (let at = 0; at < sent.length; at += 100_000) tap.write(sent.subarray(at, at + 100_000));
    tap.end();
    assert.ok((await received).equals(sent));
    assert.equal(tap.bytesWritten, sent.length);
    assert.equal(tap.bytesRead, sent.length);
  });

  it('says that a write was taken only when the kernel took it', async () => {
    let peer: Socket | undefined;
    const port = await opened.serve(createServer((socket) => void (peer = socket.pause())));
    const tap = createTap(await dial(port));
    let taken = 0;
    tap.onWritten = () => void (taken += 1);
    tap.write(Buffer.alloc(32 << 20));
    tap.write('end');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    assert.equal(taken, 0);
    assert.equal(tap.bytesQueued, (32 << 20) + 3);
    assert.equal(tap.bytesWritten, 0);
    peer?.resume();
    while (tap.bytesWritten < tap.bytesQueued) await once(tap, 'drain');
    await new Promise(setImmediate);
    assert.equal(taken, 1);
  });

  it('stops reading when its reader stops', async () => {
    const size = 32 << 20;
    const port = await opened.serve(createServer((socket) => void socket.end(Buffer.alloc(size))));
    const tap = createTap(await dial(port));
    tap.once('readable', () => {});
    await once(tap, 'readable');
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    assert.ok(tap.bytesRead < 1 << 20, `${tap.bytesRead} bytes were read ahead`);
    tap.removeAllListeners('readable');
    assert.equal((await buffer(tap)).length, size);
  });

  it('reads nothing before its user reads', async () => {
    const port = await opened.serve(createServer((socket) => void socket.end('early')));
    const tap = createTap(await dial(port));
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    assert.equal(tap.lastReadAt, undefined);
    const chunks: string[] = [];
    tap.onRead = (chunk) => void chunks.push(chunk.toString());
    assert.equal((await buffer(tap)).toString(), 'early');
    assert.deepEqual(chunks, ['early']);
  });

  it('writes what was corked as one', async () => {
    const received: Promise<Buffer>[] = [];
    const port = await opened.serve(createServer((socket) => void received.push(buffer(socket))));
    const tap = createTap(await dial(port));
    const queued: string[] = [];
    let taken = 0;
    tap.onQueue = (chunk) => queued.push(chunk.toString());
    tap.onWritten = () => void (taken += 1);
    tap.cork();
    tap.write('head ');
    tap.write('body');
    tap.uncork();
    tap.end();
    await once(tap.resume(), 'close');
    assert.equal((await received[0])?.toString(), 'head body');
    assert.deepEqual(queued, ['head ', 'body']);
    assert.equal(taken, 1);
  });

  it('ends when the peer ends, and can be read to the end first', async () => {
    const port = await opened.serve(createServer((socket) => void socket.end('all')));
    const tap = createTap(await dial(port));
    const closed = once(tap, 'close');
    assert.equal((await buffer(tap)).toString(), 'all');
    await closed;
    assert.equal(tap.errored, null);
  });

  it('passes an error up, once, and reports it to onClose', async () => {
    const port = await opened.serve(createServer((socket) => void socket.once('data', () => socket.resetAndDestroy())));
    const tap = createTap(await dial(port));
    const ended = new Promise<Error | undefined>((resolve) => { tap.onClose = resolve; });
    const error = once(tap, 'error');
    tap.resume().write('x');
    assert.equal(((await error)[0] as NodeJS.ErrnoException).code, 'ECONNRESET');
    assert.equal((await ended as NodeJS.ErrnoException).code, 'ECONNRESET');
  });

  it('survives a reset while nobody listens', async () => {
    let peer: Socket | undefined;
    const port = await opened.serve(createServer((socket) => void (peer = socket)));
    const tap = createTap(await dial(port)).resume();
    while (!peer) await new Promise(setImmediate);
    peer.resetAndDestroy();
    await new Promise<void>((resolve) => { tap.onClose = () => resolve(); });
    assert.equal(tap.destroyed, true);
  });

  it('destroys the socket below with itself', async () => {
    const port = await opened.serve(createServer((socket) => void socket.resume()));
    const below = await dial(port);
    const tap = createTap(below) as unknown as Socket;
    const closed = once(below, 'close');
    tap.destroy();
    await closed;
    tap.setNoDelay().setKeepAlive(true).ref().unref();
  });

  it('passes on the idle time-out and its listener', async () => {
    const port = await opened.serve(createServer((socket) => void socket.resume()));
    const tap = createTap(await dial(port)) as unknown as Socket;
    await new Promise<void>((resolve) => void tap.setTimeout(5, resolve));
    tap.destroy();
  });

  describe('past its stream', () => {
    /** Keeps what it is told. */
    function createTaker() {
      const told: string[] = [];
      return {
        told, arrived: (chunk: Buffer) => void told.push(chunk.toString()), ended: () => void told.push('ended'),
        drained: () => void told.push('drained'),
        closed: (error?: Error) => void told.push(`closed ${error?.message ?? 'well'}`),
      };
    }

    it('gives what arrives to whoever takes, and to the stream again', async () => {
      const accepted = Promise.withResolvers<Socket>();
      const port = await opened.serve(createServer((socket) => accepted.resolve(socket)));
      const tap = createTap(await dial(port));
      const [first, second] = [createTaker(), createTaker()];
      const next = (text: string): Promise<void> => new Promise((resolve) => {
        tap.onRead = () => void setImmediate(resolve);
        void accepted.promise.then((socket) => socket.write(text));
      });
      tap.giveTo(first);
      await next('one');
      tap.giveTo(second);
      await next('two');
      tap.giveTo(undefined);
      await next('three');
      assert.equal(String(tap.read()), 'three');
      tap.giveTo(first);
      (await accepted.promise).end();
      await once(await accepted.promise, 'finish');
      while (!first.told.includes('ended')) await new Promise((resolve) => setImmediate(resolve));
      tap.destroy(new Error('enough'));
      await new Promise((resolve) => tap.once('close', resolve));
      assert.deepEqual(first.told, ['one', 'ended', 'closed enough']);
      assert.deepEqual(second.told, ['two']);
      assert.equal(tap.bytesRead, 11);
    });

    it('sends, and knows what the kernel has taken, at once or when it has', async () => {
      let reader: Socket | undefined;
      const port = await opened.serve(createServer((socket) => { reader = socket.pause(); }));
      const tap = createTap(await dial(port));
      const taker = createTaker();
      tap.giveTo(taker);
      const written: number[] = [];
      tap.onWritten = () => written.push(tap.bytesWritten);
      assert.equal(tap.send(Buffer.from('small')), true);
      assert.deepEqual([tap.bytesWritten, tap.bytesQueued, written], [5, 5, [5]]);
      tap.gather();
      tap.send(Buffer.from('head'));
      tap.send(Buffer.from('body'));
      assert.equal(tap.bytesWritten, 5);
      tap.flush();
      assert.deepEqual([tap.bytesWritten, tap.bytesQueued, written], [13, 13, [5, 13]]);
      // More than the buffers of both ends hold, while nobody reads.
      const size = 32 * 1024 * 1024;
      assert.equal(tap.send(Buffer.alloc(size)), false);
      assert.deepEqual([tap.bytesWritten, tap.bytesQueued], [13, 13 + size]);
      const all = new Promise<void>((resolve) => { tap.onWritten = () => resolve(); });
      reader!.resume();
      await all;
      assert.equal(tap.bytesWritten, 13 + size);
      while (!taker.told.includes('drained')) await new Promise((resolve) => setImmediate(resolve));
      tap.destroy();
    });

    it('holds back what nobody can take now', async () => {
      const port = await opened.serve(
        createServer((socket) => socket.on('error', () => {}).end(Buffer.alloc(8 * 1024 * 1024))),
      );
      const tap = createTap(await dial(port));
      const sizes: number[] = [];
      let waits = false;
      const over = new Promise<void>((resolve) => {
        tap.giveTo({
          ...createTaker(),
          arrived: (chunk) => {
            sizes.push(chunk.length);
            // Held, no more than what was under way already comes.
            assert.ok(!waits);
            waits = true;
            tap.hold(true);
            setImmediate(() => {
              waits = false;
              tap.hold(false);
            });
          },
          ended: resolve,
        });
      });
      await over;
      assert.equal(sizes.reduce((sum, size) => sum + size, 0), 8 * 1024 * 1024);
      tap.destroy();
    });
  });
});
