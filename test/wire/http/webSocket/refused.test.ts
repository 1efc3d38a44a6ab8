import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { assertFailure, contentOf, createBench, onHead, sendOne, silent } from '../support.ts';
import type { Bench } from '../support.ts';
import { close, echo, opening, serve, serveRaw, told, wait } from './support.ts';

describe('a WebSocket', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  describe('that is none', () => {
    it('a refused handshake is a failure, with the response and its content', async () => {
      const url = await serve(bench, echo, { verifyClient: (_info, done) => done(false, 403, 'not you') });
      const exchange = await sendOne(bench.client, opening(url));
      assertFailure(exchange, 'receive', 'web-socket-refused');
      assert.deepEqual([exchange.response!.statusCode, exchange.webSocket], [403, undefined]);
      assert.equal(await contentOf(bench.client, exchange), 'not you');
    });

    it('a redirect is followed, and a secret among the messages is told of where the origin is another', async () => {
      const url = await serve(bench, echo);
      const port = await bench.raw((socket) => onHead(socket, (head) => {
        const location = head.startsWith('GET /away') ? url : '/away';
        socket.write(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
      }));
      const spec = opening(`ws://127.0.0.1:${port}/`, ['{"token":"s3cret"}', wait, close], { secrets: ['s3cret'] });
      const exchanges = await bench.client.send(spec, silent);
      assert.deepEqual(exchanges.map(({ redirect }) => redirect?.changes), [
        [], [`origin http://127.0.0.1:${port} ${new URL(url).origin.replace('ws:', 'http:')}`, 'secret-messages'], undefined,
      ]);
      assert.deepEqual(told(exchanges[2]!).slice(0, 2), ['> text {"token":"s3cret"}', '< text {"token":"s3cret"}']);
    });

    it('another version than HTTP/1.1', async () => {
      assertFailure(
        await sendOne(bench.client, opening('ws://127.0.0.1:9/', [], { httpVersion: '2' })), 'blocked', 'unsupported',
      );
    });

    const answers: [part: string, change: (line: string) => string | undefined, more?: string][] = [
      ['accept', (line) => line.startsWith('Sec-WebSocket-Accept') ? 'Sec-WebSocket-Accept: AAAA' : line],
      ['accept', (line) => line.startsWith('Sec-WebSocket-Accept') ? undefined : line],
      ['upgrade', (line) => line.startsWith('Upgrade') ? 'Upgrade: chat' : line],
      ['protocol', (line) => line, 'Sec-WebSocket-Protocol: unasked'],
      ['extension', (line) => line, 'Sec-WebSocket-Extensions: x-unknown'],
      ['extension', (line) => line, 'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99'],
      ['extension', (line) => line, 'Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate'],
    ];
    for (const [part, change, more] of answers) {
      it(`§4.1: an answer with a wrong ${part}${more ? ` (${more})` : ''}`, async () => {
        const port = await bench.raw((socket) => onHead(socket, (head) => {
          const key = /sec-websocket-key: (.+)/i.exec(head)![1]!.trim();
          const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
          const lines = [
            'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade',
            `Sec-WebSocket-Accept: ${accept}`,
          ];
          const changed = lines.flatMap((line) => change(line) ?? []);
          socket.write(`${[...changed, ...(more ? [more] : [])].join('\r\n')}\r\n\r\n`);
        }));
        const failure = assertFailure(
          await sendOne(bench.client, opening(`ws://127.0.0.1:${port}/`)), 'receive', 'web-socket-handshake',
        );
        assert.equal(failure.detail!['part'], part);
      });
    }
  });

  describe('that breaks', () => {
    it('a rule: the server is told which by the code of the Close', async () => {
      const came: Buffer[] = [];
      const url = await serveRaw(bench, Buffer.from('8103616263c17801', 'hex'), [], came);
      const exchange = await sendOne(bench.client, opening(url));
      const failure = assertFailure(exchange, 'receive', 'web-socket-protocol');
      assert.deepEqual([failure.detail!['rule'], failure.detail!['offset']], ['reserved-bits', 5]);
      assert.deepEqual(told(exchange), ['< text abc', '> close 1002']);
      while (Buffer.concat(came).length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
      const frame = Buffer.concat(came);
      assert.deepEqual([frame[0], frame[1]! & 0x7f], [0x88, 2]);
      assert.equal((frame[6]! ^ frame[2]!) * 256 + (frame[7]! ^ frame[3]!), 1002);
    });

    it('off without a goodbye, between messages and within one', async () => {
      const between = await sendOne(
        bench.client, opening(await serveRaw(bench, (socket) => socket.end(Buffer.from('8101', 'hex').fill(0, 2)))),
      );
      assertFailure(between, 'receive', 'web-socket-broken');
      const within = await sendOne(
        bench.client, opening(await serveRaw(bench, (socket) => socket.end(Buffer.from('81056162', 'hex')))),
      );
      assert.equal(assertFailure(within, 'receive', 'web-socket-broken').detail!['inside'], true);
      const reset = await sendOne(
        bench.client, opening(await serveRaw(bench, (socket) => setTimeout(() => socket.resetAndDestroy(), 20))),
      );
      assert.equal(assertFailure(reset, 'receive', 'web-socket-broken').cause?.code, 'ECONNRESET');
    });

    it('nothing: many at once leave no connection behind', async () => {
      let open = 0;
      const url = await serve(bench, (socket) => {
        open += 1;
        socket.once('close', () => { open -= 1; });
        echo(socket);
      });
      const exchanges = await Promise.all(Array.from({ length: 20 }, (_, index) =>
        sendOne(bench.client, opening(url, [`message ${index}`, wait, close]))));
      assert(exchanges.every(({ failure }) => failure === undefined));
      assert.deepEqual(
        exchanges.map(({ webSocket }) => webSocket!.messages[1]!.text), exchanges.map((_, index) => `message ${index}`),
      );
      while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });
});
