import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocketStep } from '../../../../src/trace/webSocket.ts';
import type { ExchangeUpdate } from '../../../../src/wire/client.ts';
import { createAuthority } from '../../../support/certificates.ts';
import { watchSockets } from '../../../support/heldSockets.ts';
import { assertFailure, bytes, contentOf, createBench, sendOne, silent, specOf } from '../support.ts';
import type { Bench } from '../support.ts';
import { close, echo, opening, serve, serveRaw, told, wait } from './support.ts';

describe('a WebSocket', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  it('sends the messages of the request in order, waits for the server where it is asked to, and closes', async () => {
    const seen: string[] = [];
    const url = await serve(bench, (socket) => {
      socket.on('message', (data) => {
        seen.push(String(data));
        socket.send(`re: ${data}`);
      });
    });
    const exchange = await sendOne(bench.client, opening(url, ['one', wait, 'two', 'three', wait, wait, close]));
    assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
    assert.deepEqual(seen, ['one', 'two', 'three']);
    assert.deepEqual(told(exchange), [
      '> text one', '< text re: one', '> text two', '> text three', '< text re: two', '< text re: three',
      '> close 1000', '< close 1000',
    ]);
    const { counts, end, openAt } = exchange.webSocket!;
    assert.deepEqual(counts, { sent: 3, received: 3, sentSize: 11, receivedSize: 23 });
    assert.deepEqual(end, { by: 'client', code: 1000, reason: '', clean: true });
    assert.equal(exchange.request!.url, url);
    assert.deepEqual(
      [exchange.response!.statusCode, exchange.response!.complete, exchange.response!.bodySize], [101, true, 0],
    );
    const times = [exchange.startAt, openAt, ...exchange.webSocket!.messages.map(({ at }) => at), exchange.endAt!];
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
  });

  it('sends no faster than the server takes it, however much there is', async () => {
    const size = 15 * 1024 ** 2;
    let come = 0;
    const url = await serve(bench, (socket) => {
      socket.pause();
      setTimeout(() => socket.resume(), 100);
      socket.on('message', (data: Buffer) => { come += data.length; });
    });
    const step = { do: 'send', parts: [bytes(Buffer.alloc(size))] } as const;
    const { failure, webSocket } = await sendOne(bench.client, opening(url, [...Array<typeof step>(5).fill(step), close]));
    assert.equal(failure, undefined, JSON.stringify(failure));
    assert.deepEqual([come, webSocket!.counts.sent], [5 * size, 5]);
  });

  it('waits no longer for room where the server is gone', async () => {
    const url = await serveRaw(bench, (socket) => { socket.pause(); setTimeout(() => socket.resetAndDestroy(), 100); });
    const step = { do: 'send', parts: [bytes(Buffer.alloc(15 * 1024 ** 2))] } as const;
    const exchange = await sendOne(bench.client, opening(url, Array<typeof step>(5).fill(step)));
    assertFailure(exchange, 'receive', 'web-socket-broken');
  });

  it('is closed by the server, with its code and reason', async () => {
    const url = await serve(bench, (socket) => { socket.send('bye'); socket.close(4001, '안녕'); });
    const { failure, webSocket } = await sendOne(bench.client, opening(url));
    assert.equal(failure, undefined);
    assert.deepEqual(webSocket!.end, { by: 'server', code: 4001, reason: '안녕', clean: true });
    assert.deepEqual(webSocket!.messages.map(({ direction, kind, code }) => [direction, kind, code]),
      [['received', 'text', undefined], ['received', 'close', 4001], ['sent', 'close', 4001]]);
  });

  it('takes further messages and a goodbye while it is open', async () => {
    const url = await serve(bench, echo);
    let id = '';
    const seen: string[] = [];
    const listener = {
      onConnection: () => undefined,
      onExchange: ({ exchangeId, events }: ExchangeUpdate) => {
        id = exchangeId;
        for (const event of events) {
          if (event.type === 'web-socket-open') setImmediate(() => bench.client.sendMessage(id, 'typed'));
          if (event.type !== 'web-socket-message' || event.message.direction === 'sent') continue;
          const { text, bytes: data } = event.message;
          if (event.message.kind !== 'close') seen.push(text ?? Buffer.from(data!).toString('hex'));
          if (text === 'typed') bench.client.sendMessage(id, new Uint8Array([0xff, 0xfe]));
          else bench.client.closeStream(id, 3000, 'enough');
        }
      },
    };
    assert.equal(bench.client.sendMessage('nobody', 'x'), false);
    const [exchange] = await bench.client.send(opening(url), listener);
    assert.deepEqual(seen, ['typed', 'fffe']);
    assert.deepEqual(exchange!.webSocket!.end, { by: 'client', code: 3000, reason: 'enough', clean: true });
    assert.equal(bench.client.sendMessage(id, 'late'), false);
    assert.equal(bench.client.closeStream(id), false);
  });

  it('agrees on a subprotocol and on compression, and says what was compressed', async () => {
    const long = '안녕 '.repeat(200);
    const options = { perMessageDeflate: { threshold: 0 }, handleProtocols: () => 'chat.v2' };
    for (const perMessageDeflate of [
      { threshold: 0 }, { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
      { threshold: 0, serverMaxWindowBits: 10, clientMaxWindowBits: 9 }, false,
    ]) {
      const url = await serve(bench, echo, { ...options, perMessageDeflate });
      const headers = [['Sec-WebSocket-Protocol', 'chat.v1, chat.v2']] as const;
      const steps = [long, wait, long, wait, `${long}!`, wait, 'short', wait, close];
      const exchange = await sendOne(bench.client, opening(url, steps, { headers }));
      assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
      const { protocol, deflate, messages } = exchange.webSocket!;
      assert.equal(protocol, 'chat.v2');
      assert.equal(deflate !== undefined, perMessageDeflate !== false);
      const data = messages.filter(({ kind }) => kind === 'text');
      assert.deepEqual(
        data.map(({ text }) => text!.length),
        [800, 800, 800, 800, 801, 801, 5, 5].map((length) => length === 5 ? 5 : length - 200),
      );
      const sent = data.filter(({ direction }) => direction === 'sent');
      assert.deepEqual(
        sent.map(({ compressed }) => compressed),
        perMessageDeflate ? [true, true, true, false] : [false, false, false, false],
      );
      if (perMessageDeflate) assert(sent.slice(0, 3).every(({ size, wireSize }) => wireSize < size / 4));
    }
  });

  it('shows pings and answers them, and puts fragments together', async () => {
    const pongs: string[] = [];
    const url = await serve(bench, (socket) => {
      socket.on('pong', (data) => { pongs.push(data.toString()); socket.close(1000); });
      socket.send('frag', { fin: false });
      socket.send('men', { fin: false });
      socket.ping('are you there');
      socket.send('ted', { fin: true });
    });
    const { webSocket } = await sendOne(bench.client, opening(url));
    assert.deepEqual(pongs, ['are you there']);
    assert.deepEqual(webSocket!.messages.slice(0, 3).map(({ direction, kind, frames, text }) =>
      [direction, kind, frames, text]),
      [['received', 'ping', 1, undefined], ['sent', 'pong', 1, undefined], ['received', 'text', 3, 'fragmented']]);
  });

  it('tells messages of any size, shows their beginning, and counts those it does not show', async () => {
    const large = 'é'.repeat(100_000);
    const many = await serve(bench, (socket) => {
      socket.on('message', (data) => {
        if (String(data) !== 'go') return socket.send(String(data));
        for (let index = 0; index < 1500; index += 1) socket.send('x');
        socket.close();
      });
    });
    const { webSocket, failure } = await sendOne(bench.client, opening(many, [large, wait, 'go']));
    assert.equal(failure, undefined);
    const [sent, received] = webSocket!.messages;
    assert.deepEqual([sent!.size, sent!.cut, sent!.text!.length], [200_000, true, 32 * 1024]);
    assert.deepEqual([received!.size, received!.cut, received!.text === sent!.text], [200_000, true, true]);
    assert.equal(webSocket!.counts.received, 1501);
    assert.deepEqual([webSocket!.messages.length <= 1002, webSocket!.end?.by], [true, 'server']);
  });

  it('sends a file byte for byte: as text where it is one', async () => {
    const kinds: boolean[] = [];
    const url = await serve(bench, (socket) =>
      socket.on('message', (data, isBinary) => { kinds.push(isBinary); socket.send(data); }));
    const file = import.meta.filename;
    const steps: WebSocketStep[] = [
      { do: 'send', parts: [{ kind: 'file', path: file }] }, wait, { do: 'send', parts: [bytes(Buffer.from([0xc3, 0x28]))] }, wait, close,
    ];
    const { webSocket } = await sendOne(bench.client, opening(url, steps));
    assert.deepEqual(kinds, [false, true]);
    assert.deepEqual([...webSocket!.messages[2]!.bytes!], [0xc3, 0x28]);
    const missing = await sendOne(
      bench.client, opening(url, [{ do: 'send', parts: [{ kind: 'file', path: `${file}.none` }] }]),
    );
    assert.equal(missing.failure?.code, 'body-file-unreadable');
  });

  it('ends when whoever listens cancels, with a goodbye and without a failure', async () => {
    let code = 0;
    const closed = Promise.withResolvers<void>();
    const url = await serve(bench, (socket) => { socket.send('hello'); socket.on('close', (told) => { code = told; closed.resolve(); }); });
    const controller = new AbortController();
    const listener = {
      onConnection: () => undefined,
      onExchange: ({ events }: ExchangeUpdate) => {
        if (events.some(({ type }) => type === 'web-socket-message')) controller.abort();
      },
    };
    const [exchange] = await bench.client.send(opening(url), listener, controller.signal);
    assert.equal(exchange!.failure, undefined);
    assert.deepEqual(exchange!.webSocket!.end, { by: 'client', code: 1000, reason: '', clean: true });
    await closed.promise;
    assert.equal(code, 1000);
  });

  it('ends though the server never says goodbye back', async () => {
    const url = await serveRaw(bench, () => undefined);
    const left = watchSockets(bench.held);
    const controller = new AbortController();
    const listener = {
      onConnection: () => undefined,
      onExchange: ({ events }: ExchangeUpdate) => {
        if (events.some(({ type }) => type === 'web-socket-open')) controller.abort();
      },
    };
    const [exchange] = await bench.client.send(opening(url), listener, controller.signal);
    assert.deepEqual([exchange!.failure, exchange!.webSocket!.end?.clean], [undefined, false]);
    assert.deepEqual(await left(), []);
  });

  it('goes through a proxy by a tunnel, also without TLS (RFC 6455 §4.1)', async () => {
    const url = await serve(bench, echo);
    const asked: string[] = [];
    const proxy = http.createServer((_, response) => response.writeHead(500).end());
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url!);
      const [, port] = request.url!.split(':');
      const onward = http.request({ host: '127.0.0.1', port: Number(port) }).on('error', () => undefined);
      onward.destroy();
      import('node:net').then(({ connect }) => {
        const up = connect(Number(port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          up.pipe(socket).pipe(up);
        });
        up.on('error', () => undefined);
      });
    });
    const port = await bench.serve(proxy);
    const spec = opening(url, ['through', wait, close], { options: { proxy: `http://127.0.0.1:${port}` } });
    const exchange = await sendOne(bench.client, spec);
    assert.equal(exchange.failure, undefined, JSON.stringify(exchange.failure));
    assert.deepEqual(asked, [new URL(url.replace('ws:', 'http:')).host]);
    assert.equal(exchange.webSocket!.messages[1]!.text, 'through');
  });

  it('goes over TLS, whose certificate is checked, and leaves HTTP connections free for others', async () => {
    const authority = await createAuthority();
    const server = https.createServer(await authority.issue({ names: ['chat.test'] }), (_, response) =>
      response.end('a page'));
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', echo);
    const port = await bench.serve(server);
    const options = {
      trustAnchors: [{ pem: authority.pem, label: 'test' }], resolve: [{ host: 'chat.test', port, addresses: ['127.0.0.1'] }],
    };
    const secure = await sendOne(
      bench.client, opening(`wss://chat.test:${port}/`, ['over TLS', wait, close], { options }),
    );
    assert.equal(secure.failure, undefined, JSON.stringify(secure.failure));
    assert.equal(secure.webSocket!.messages[1]!.text, 'over TLS');
    assert.deepEqual(
      [secure.connection!.tls!.facts!.alpn, secure.request!.url], ['http/1.1', `wss://chat.test:${port}/`],
    );
    assertFailure(
      await sendOne(
        bench.client, opening(`wss://chat.test:${port}/`, [], { options: { resolve: options.resolve } }),
      ), 'tls', 'certificate-untrusted',
    );

    const controller = new AbortController();
    const open = Array.from({ length: 8 }, () =>
      bench.client.send(opening(`wss://chat.test:${port}/`, [], { options }), silent, controller.signal));
    const page = await sendOne(bench.client, specOf(`https://chat.test:${port}/`, { options }));
    assert.equal(await contentOf(bench.client, page), 'a page');
    while (sockets.clients.size < 8) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    const ended = await Promise.all(open);
    assert(ended.every(([one]) => one!.failure === undefined && one!.webSocket!.end!.clean));
  });

  it('follows a redirect to another place', async () => {
    const url = await serve(bench, echo);
    const from = await bench.serve(http.createServer().on('upgrade', (_, socket) => socket.end(
      `HTTP/1.1 307 Temporary Redirect\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`)));
    const exchanges = await bench.client.send(opening(`ws://127.0.0.1:${from}/`, ['moved', wait, close]), {
      onExchange: () => undefined, onConnection: () => undefined,
    });
    assert.deepEqual(
      exchanges.map(({ response, failure }) => [response!.statusCode, failure?.code]),
      [[307, undefined], [101, undefined]],
    );
    assert.equal(exchanges[1]!.request!.url, url);
  });
});
