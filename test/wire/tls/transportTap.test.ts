import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, Socket } from 'node:net';
import * as tls from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../../src/wire/connect.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import { Capture } from '../../../src/wire/tap/capture.ts';
import { createLendingSocket } from '../../../src/wire/tap/lentReads.ts';
import { createTap, SocketTap } from '../../../src/wire/tap/tap.ts';
import { allowCarriers, carrierOver, prepareCarriers, TlsCarrier } from '../../../src/wire/tap/tlsCarrier.ts';
import { allowTransportTaps, TransportTap, transportTapsAllowed } from '../../../src/wire/tap/transportTap.ts';
import { testTransportTaps } from '../../../src/wire/tls/selfTest.ts';
import { createAuthority, type Issued, type TestAuthority } from '../../support/certificates.ts';
import { createOpened } from '../../support/sockets.ts';

const timeouts = { connect: 5000, tls: 5000, head: 5000, idle: 5000, total: Infinity };

describe('the tap under TLS', () => {
  const opened = createOpened();
  let authority: TestAuthority;
  let issued: Issued;
  before(async () => {
    authority = await createAuthority();
    issued = await authority.issue({ names: ['site.test'] });
    prepareCarriers();
  });
  afterEach(() => opened.close());

  async function dial(port: number, socket = new Socket()): Promise<Socket> {
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  async function tapped(
    port: number, below?: Socket,
  ): Promise<{ transport: Socket; tap: TransportTap; capture: Capture }> {
    const transport = await dial(port, below);
    const capture = new Capture();
    return { transport, capture, tap: new TransportTap(transport, capture.transport) };
  }

  /** What TLS can be spoken over so that its bytes are seen. */
  const ways = {
    'a stream': (transport: Socket, capture: Capture): TransportTap => {
      const tap = new TransportTap(transport, capture.transport);
      tap.carryTls();
      return tap;
    },
    'a carrier': (transport: Socket, capture: Capture): TlsCarrier => carrierOver(transport, capture.transport)!,
  } as const;

  async function secured(
    port: number, way: keyof typeof ways, below?: Socket,
  ): Promise<{ transport: Socket; tap: TransportTap | TlsCarrier; capture: Capture; socket: tls.TLSSocket }> {
    const transport = await dial(port, below);
    const capture = new Capture();
    const tap = ways[way](transport, capture);
    const socket = tls.connect({ socket: tap as Socket, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    return { transport, tap, capture, socket };
  }

  it('tells its end in the turn in which it is ended, once all is written', async () => {
    const port = await opened.serve(createServer((socket) => void socket.resume()));
    const { tap, transport } = await tapped(port);
    let hasEnded = false;
    tap.end(() => { hasEnded = true; });
    // Nothing is read or written by the system between these.
    for (let ticks = 0; ticks < 10; ticks += 1) await new Promise<void>((resolve) => { process.nextTick(resolve); });
    assert.equal(hasEnded, true);
    await once(transport.resume(), 'end');
  });

  for (const way of Object.keys(ways) as (keyof typeof ways)[]) describe(`that is ${way}`, () => {
    for (const [kind, socketOf] of [['of its own', () => new Socket()], ['of all', createLendingSocket]] as const) {
      describe(`over a socket that reads into memory ${kind}`, () => {
        it('hands on every byte of large transfers both ways, and keeps what was encrypted of them', async () => {
          const port = await opened.serve(tls.createServer(issued, (socket) => {
            socket.on('error', () => {}).pipe(socket);
          }));
          const { socket, capture, transport } = await secured(port, way, socketOf());
          const sent = Buffer.alloc(8 * 1024 * 1024, 'abcdefg');
          const received: Buffer[] = [];
          socket.on('data', (chunk: Buffer) => received.push(chunk));
          socket.end(sent);
          await once(socket, 'end');
          assert.ok(Buffer.concat(received).equals(sent));
          const { sentSize, receivedSize } = capture.transport;
          assert.ok(sentSize > sent.length && receivedSize > sent.length);
          assert.deepEqual([transport.bytesWritten, transport.bytesRead], [sentSize, receivedSize]);
        });

        it('stops reading when its reader stops', async () => {
          const port = await opened.serve(tls.createServer(issued, (socket) => {
            socket.on('error', () => {});
            socket.write(Buffer.alloc(16 * 1024 * 1024));
          }));
          const { socket, transport } = await secured(port, way, socketOf());
          socket.pause();
          let before = -1;
          while (before !== transport.bytesRead) {
            before = transport.bytesRead;
            await sleep(50);
          }
          assert.ok(before < 8 * 1024 * 1024, String(before));
          let size = 0;
          socket.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size === 16 * 1024 * 1024) socket.destroy();
          }).resume();
          await once(socket, 'close');
          assert.equal(size, 16 * 1024 * 1024);
        });
      });
    }

    it('ends when the peer ends, and says goodbye to it', async () => {
      const accepted = Promise.withResolvers<tls.TLSSocket>();
      const port = await opened.serve(
        tls.createServer(issued, (socket) => accepted.resolve(socket.on('error', () => {}))),
      );
      const { socket, transport } = await secured(port, way);
      socket.allowHalfOpen = false;
      const server = await accepted.promise;
      server.resume().end('last words');
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      await Promise.all([once(socket, 'end'), once(server, 'end'), once(transport, 'close')]);
      assert.equal(Buffer.concat(chunks).toString(), 'last words');
    });

    it('destroys the socket below with itself, and itself with it', async () => {
      const port = await opened.serve(tls.createServer(issued, (socket) => void socket.on('error', () => {})));
      const first = await secured(port, way);
      first.socket.destroy();
      await once(first.transport, 'close');
      assert.ok(first.tap.destroyed);
      const second = await secured(port, way);
      second.transport.destroy();
      await once(second.socket, 'close');
      assert.ok(second.tap.destroyed);
    });

    it('tells when the kernel has taken a write, small or large', async () => {
      const accepted = Promise.withResolvers<tls.TLSSocket>();
      const port = await opened.serve(
        tls.createServer(issued, (socket) => accepted.resolve(socket.on('error', () => {}))),
      );
      const { socket, tap, transport } = await secured(port, way);
      const plain = createTap(socket, { encrypted: true, transport, transportTap: tap });
      const server = await accepted.promise;
      const taken = (): Promise<void> => new Promise((resolve) => { plain.onWritten = () => resolve(); });
      const first = taken();
      plain.write('first');
      await first;
      assert.equal(plain.bytesWritten, 5);
      await sleep(20);
      // With nothing before it on its way, it is seen within the call.
      plain.write('small');
      assert.deepEqual([plain.bytesWritten, plain.bytesQueued], [10, 10]);
      await sleep(20);
      plain.write(Buffer.alloc(24 * 1024 * 1024));
      await sleep(20);
      assert.equal(plain.bytesWritten, 10);
      const all = taken();
      server.resume();
      await all;
      assert.equal(plain.bytesWritten, plain.bytesQueued);
      plain.destroy();
    });

    it('answers what is asked of it while what it writes is still on its way', async () => {
      const port = await opened.serve(
        tls.createServer(issued, (socket) => void socket.on('error', () => {}).pipe(socket)),
      );
      const { socket, tap, transport } = await secured(port, way, createLendingSocket());
      const plain = createTap(socket, { encrypted: true, transport, transportTap: tap });
      const answers: string[] = [];
      let count = 0;
      plain.giveTo({
        arrived: (chunk) => {
          answers.push(chunk.toString());
          if (++count < 20) plain.send(Buffer.from(`${count}`));
          else plain.destroy();
        },
        ended: () => {}, drained: () => {}, closed: () => {},
      });
      plain.send(Buffer.from('0'));
      await once(transport, 'close');
      assert.deepEqual(answers, Array.from({ length: 20 }, (_, index) => `${index}`));
      assert.equal(plain.bytesWritten, plain.bytesQueued);
    });

    it('tells whoever writes that the connection has broken', async () => {
      const accepted = Promise.withResolvers<Socket>();
      const server = tls.createServer(issued, (socket) => void socket.on('error', () => {}));
      const port = await opened.serve(server.on('connection', (socket: Socket) => accepted.resolve(socket)));
      const { socket, transport } = await secured(port, way);
      const failed = once(socket.on('error', () => {}), 'error');
      (await accepted.promise).resetAndDestroy();
      assert.equal((await failed as [NodeJS.ErrnoException])[0].code, 'ECONNRESET');
      await new Promise<void>((resolve) => void socket.write('too late', () => resolve()));
      assert.ok(transport.destroyed);
    });
  });

  it('waits with writing while the kernel takes nothing', async () => {
    const accepted = Promise.withResolvers<Socket>();
    const port = await opened.serve(createServer((socket) => accepted.resolve(socket.pause())));
    const { tap, transport } = await tapped(port);
    const reader = await accepted.promise;
    const done = new Promise<void>((resolve) => void tap.write(Buffer.alloc(24 * 1024 * 1024), () => resolve()));
    assert.ok(tap.writableNeedDrain);
    assert.ok(transport.writableLength > 0);
    reader.resume();
    await done;
    assert.equal(transport.writableLength, 0);
    tap.destroy();
  });

  it('passes a reset up, and does not crash when nobody listens', async () => {
    const accepted = Promise.withResolvers<Socket>();
    const port = await opened.serve(createServer((socket) => accepted.resolve(socket)));
    const { tap } = await tapped(port);
    const error = once(tap.resume(), 'error');
    (await accepted.promise).resetAndDestroy();
    assert.equal((await error as [NodeJS.ErrnoException])[0].code, 'ECONNRESET');
    assert.ok(tap.destroyed);
  });

  it('knows both ends although TLS over it does not, and lets TCP be set', async () => {
    const port = await opened.serve(tls.createServer(issued, (socket) => void socket.on('error', () => {})));
    const { socket, tap, transport } = await secured(port, 'a stream');
    assert.equal(socket.remoteAddress, undefined);
    const calls: unknown[] = [];
    const noted = (name: string) => (...given: unknown[]): Socket => {
      calls.push([name, ...given]);
      return transport;
    };
    Object.assign(transport, { setNoDelay: noted('noDelay'), setKeepAlive: noted('keepAlive') });
    const plain = new SocketTap(socket, { encrypted: true, transport, transportTap: tap });
    plain.setNoDelay(true);
    plain.setKeepAlive(true, 1000);
    assert.deepEqual([plain.remoteAddress, plain.remotePort], ['127.0.0.1', port]);
    assert.deepEqual([tap.remoteAddress, tap.remotePort, tap.localPort], ['127.0.0.1', port, transport.localPort]);
    assert.deepEqual(calls, [['noDelay', true], ['keepAlive', true, 1000]]);
    plain.destroy();
  });

  describe('the test of it at the start', () => {
    afterEach(() => {
      allowTransportTaps(true);
      allowCarriers(true);
    });

    async function connected(capture: Capture): Promise<ConnectionEvent[]> {
      const port = await opened.serve(
        tls.createServer(issued, (socket) => void socket.on('error', () => {}).pipe(socket)),
      );
      const events: ConnectionEvent[] = [];
      const connection = await connect({ scheme: 'https', host: 'site.test', port, alpn: ['http/1.1'] }, {
        resolver: { resolve: async () => ({ ok: true, addresses: [{ address: '127.0.0.1', family: 4 }] }) },
        timeouts, verify: true, trustAnchors: [{ pem: authority.pem, label: 'root' }], capture,
        emit: (event) => events.push(event),
      });
      assert.ok(connection.ok);
      connection.socket.write('there and back');
      const [chunk] = await once(connection.socket, 'data') as [Buffer];
      assert.equal(chunk.toString(), 'there and back');
      capture.tellAfterwards();
      connection.socket.destroy();
      return events;
    }

    it('passes here', async () => {
      assert.equal(await testTransportTaps(), true);
      assert.equal(transportTapsAllowed(), true);
      const capture = new Capture();
      const events = await connected(capture);
      assert.ok(events.some(({ type }) => type === 'tls-messages'));
      assert.ok(capture.transport.sentSize > 0 && capture.keyLog.length > 0);
    });

    for (const [what, handshake] of [
      ['does not end well', async () => false], ['throws', () => Promise.reject(new Error('no such thing'))],
    ] as const) {
      it(`when it ${what}, TLS is spoken over the socket itself`, async () => {
        assert.equal(await testTransportTaps(handshake), false);
        const capture = new Capture();
        const events = await connected(capture);
        assert.ok(events.some(({ type }) => type === 'tls-end'));
        assert.ok(events.every(({ type }) => type !== 'tls-messages'));
        assert.equal(capture.transport.sentSize, 0);
        assert.equal(capture.plain?.sentSize, 'there and back'.length);
      });
    }

    it('when it does end well only over a stream, that is what it is spoken over', async () => {
      allowCarriers(false);
      const capture = new Capture();
      assert.ok((await connected(capture)).some(({ type }) => type === 'tls-messages'));
      assert.ok(capture.transport.sentSize > 0);
    });

    it('where nothing can be tried, Node is believed', async () => {
      assert.equal(await testTransportTaps(async () => undefined), true);
    });
  });
});
