import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import type { Server, Socket } from 'node:net';
import { compactWire, joinedBytes, maskWire, runsOf, wireOfExchange } from '../../src/trace/exchangeWire.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { frameHttp1 } from '../../src/trace/http1/segments.ts';
import { frameType } from '../../src/trace/http2/frameNames.ts';
import { clientPreface, FrameReader } from '../../src/trace/http2/frameReader.ts';
import type { WireSegment, WireStream } from '../../src/trace/wireRecord.ts';
import { createAuthority } from '../support/certificates.ts';
import { debianOrSkip } from '../support/debian.ts';
import { join } from '../support/proxyServer.ts';
import { assertComplete, bytes, createBench, onHead, sendOne, specOf } from './http/support.ts';
import type { Bench } from './http/support.ts';

type Direction = WireSegment['direction'];

function textOf({ segments }: WireStream, direction: Direction): string {
  return Buffer.from(joinedBytes(segments.filter((segment) => segment.direction === direction))).toString('latin1');
}

describe('the bytes of an exchange', () => {
  let bench: Bench;
  beforeEach(() => { bench = createBench(); });
  afterEach(() => bench.close());

  /** A server that answers each request with the next of `answers`; `seen` is all it was sent. */
  async function serve(answers: readonly string[]): Promise<{ url: string; seen: () => string }> {
    let seen = '';
    const port = await bench.raw((socket: Socket) => {
      let next = 0;
      socket.on('data', (chunk) => { seen += chunk.toString('latin1'); });
      onHead(socket, () => socket.write(answers[next++ % answers.length]!, 'latin1'));
    });
    return { url: `http://127.0.0.1:${port}`, seen: () => seen };
  }

  function wireOf({ connection }: Exchange, exchange: Exchange): WireStream {
    const record = bench.client.readWire(connection!.id);
    assert(record);
    return wireOfExchange(record, exchange).transport;
  }

  const chunked =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Order: a\r\n\r\n4;x=y\r\nwiki\r\n0\r\nX-Sum: 1\r\n\r\n';

  it('are those that passed, in both directions', async () => {
    const { url, seen } = await serve([chunked]);
    const exchange = await sendOne(
      bench.client, specOf(`${url}/a`, { method: 'POST', headers: [['X-A', '1']], body: [bytes('body')] }),
    );
    assertComplete(exchange);
    const stream = wireOf(exchange, exchange);
    assert.equal(textOf(stream, 'sent'), seen());
    assert.equal(textOf(stream, 'received'), chunked);
    assert.deepEqual([stream.sentSize, stream.receivedSize], [seen().length, chunked.length]);
    const kinds = frameHttp1(stream).flatMap(({ parts }) => parts.map(({ piece }) => piece?.kind));
    assert.equal(kinds.filter((kind) => kind === 'trailer-line').length, 1);
    assert.ok(kinds.every((kind) => kind !== undefined && kind !== 'excess'));
  });

  it('are its own on a connection that others used before and after', async () => {
    const answers = Array.from({ length: 20 }, (_, index) =>
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-N: ${index}\r\n\r\n${index % 10}!`);
    const { url } = await serve(answers);
    const exchanges: Exchange[] = [];
    for (let index = 0; index < 20; index++) exchanges.push(await sendOne(bench.client, specOf(`${url}/${index}`)));
    for (const [index, exchange] of exchanges.entries()) {
      const stream = wireOf(exchanges[0]!, exchange);
      assert.equal(exchange.reused, index > 0);
      assert.match(textOf(stream, 'sent'), new RegExp(`^GET /${index} HTTP/1.1\r\n[^]*\r\n\r\n$`));
      assert.equal(textOf(stream, 'received'), answers[index]);
    }
  });

  it('hold what came after a response that nobody asked for', async () => {
    const { url } = await serve(['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Nobody asked\r\n\r\n']);
    const exchange = await sendOne(bench.client, specOf(url));
    const last = frameHttp1(wireOf(exchange, exchange)).at(-1)!.parts.at(-1)!;
    assert.equal(last.piece?.kind, 'excess');
  });

  it('are there for a response that cannot be read', async () => {
    const { url } = await serve(['SSH-2.0-OpenSSH_9.2\r\n']);
    const exchange = await sendOne(bench.client, specOf(url));
    assert.equal(exchange.failure?.phase, 'receive');
    assert.equal(textOf(wireOf(exchange, exchange), 'received'), 'SSH-2.0-OpenSSH_9.2\r\n');
  });

  it('are the first ones of a large content, with all of them counted', async () => {
    const size = 3_000_000;
    const body = Array.from({ length: size / 10 }, (_, index) => String(index).padStart(10, '0')).join('');
    const { url } = await serve([`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${body}`]);
    const [first, second] = [await sendOne(bench.client, specOf(url)), await sendOne(bench.client, specOf(url))];
    for (const exchange of [first, second]) {
      const text = textOf(wireOf(first, exchange), 'received');
      assert.match(text, /^HTTP\/1.1 200 OK\r\n/);
      assert.ok(text.length > 100_000 && text.length <= 256 * 1024);
      // Reads may share memory: what is kept is what was in it then.
      const content = text.slice(text.indexOf('\r\n\r\n') + 4);
      assert.ok(content === body.slice(0, content.length));
    }
    assert.ok(wireOf(first, first).receivedSize > 2 * size);
  });

  it('are none where none were to be kept, and none once forgotten', async () => {
    const { url } = await serve([chunked]);
    await sendOne(bench.client, specOf(url));
    // The connection whose bytes are kept is not for it.
    const { connection, reused } = await sendOne(bench.client, specOf(url, { options: { capture: 'none' } }));
    assert.equal(reused, false);
    assert.equal(bench.client.readWire(connection!.id), undefined);
    const kept = await sendOne(bench.client, specOf(url, { options: { forceNewConnection: true } }));
    assert.ok(bench.client.readWire(kept.connection!.id));
    await bench.client.forget([kept.id], [kept.connection!.id]);
    assert.equal(bench.client.readWire(kept.connection!.id), undefined);
  });

  it('are of TLS and of what it carried, and show without the keys', async () => {
    const authority = await createAuthority();
    const identity = await authority.issue({ names: ['127.0.0.1'] });
    const server = https.createServer(identity, (_request, response) => response.end('hello'));
    const port = await bench.serve(server);
    const options = { trustAnchors: [{ pem: authority.pem, label: 'test' }] };
    const exchange = await sendOne(bench.client, specOf(`https://127.0.0.1:${port}/`, { options }));
    assertComplete(exchange);
    const record = bench.client.readWire(exchange.connection!.id)!;
    assert.match(textOf(record.plain!, 'sent'), /^GET \/ HTTP\/1.1\r\n/);
    assert.match(textOf(record.plain!, 'received'), /hello/);
    assert.equal('keyLog' in wireOfExchange(record, exchange), false);
  });

  /** SOCKS5 (RFC 1928) without credentials, to one port. */
  function socksProxy(port: number): Server {
    return net.createServer((client) => {
      client.once('data', () => {
        client.write(Buffer.from([5, 0]));
        const reply = Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).toString('latin1');
        client.once('data', () => join(client, port, reply, ''));
      });
    });
  }

  it('are, through a proxy, those of the tunnel beside all of them', async () => {
    for (const http2c of [false, true]) {
      const server: Server = http2c
        ? http2.createServer((_request, response) => response.end('hello')) as unknown as Server
        : http.createServer((_request, response) => void response.end('hello'));
      const port = await bench.serve(server);
      const proxy = await bench.serve(socksProxy(port));
      const exchange = await sendOne(bench.client, specOf(`http://127.0.0.1:${port}/a`, {
        options: { proxy: `socks5://127.0.0.1:${proxy}` }, headers: [['X-Key', 'hunter22']],
        ...(http2c ? { httpVersion: '2-prior-knowledge' } : {}),
      }));
      assertComplete(exchange);
      const record = wireOfExchange(bench.client.readWire(exchange.connection!.id)!, exchange);
      assert.match(textOf(record.transport, 'sent'), /^\x05\x01\x00\x05\x01\x00/);
      assert.match(textOf(record.plain!, 'sent'), http2c ? /^PRI \* HTTP\/2.0/ : /^GET \/a HTTP\/1.1\r\n/);
      assert.match(textOf(record.plain!, 'received'), /hello/);
      const secret = { ...exchange, spec: { ...exchange.spec, secrets: ['hunter22'] } };
      const shown = maskWire(record, secret);
      const stars = (stream: WireStream): number => textOf(stream, 'sent').split('*').length;
      assert.ok(stars(shown.transport) >= stars(record.transport) + 8);
      assert.equal(stars(shown.plain!) - stars(record.plain!), stars(shown.transport) - stars(record.transport));
    }
  });

  it('are the same over one piece of memory', async () => {
    const { url } = await serve([chunked]);
    const exchange = await sendOne(bench.client, specOf(url));
    const record = wireOfExchange(bench.client.readWire(exchange.connection!.id)!, exchange);
    const compact = compactWire(record);
    assert.deepEqual(compact, record);
    assert.equal(new Set(compact.transport.segments.map((segment) => segment.bytes.buffer)).size, 1);
  });

  it('show no secret, also one that two segments share', async () => {
    const { url } = await serve(['HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhunter22']);
    const exchange = await sendOne(bench.client, specOf(url, { headers: [['X-Key', 'hunter22']] }));
    const record = wireOfExchange(bench.client.readWire(exchange.connection!.id)!, exchange);
    const { segments } = record.transport;
    const cut = segments.flatMap((segment) => {
      const at = segment.bytes.length - 4;
      return [
        { ...segment, bytes: segment.bytes.subarray(0, at) },
        { ...segment, bytes: segment.bytes.subarray(at), offset: segment.offset + at },
      ];
    });
    const secret = { ...exchange, spec: { ...exchange.spec, secrets: ['hunter22'] } };
    const shown = maskWire({ ...record, transport: { ...record.transport, segments: cut } }, secret);
    assert.match(textOf(shown.transport, 'sent'), /\r\nX-Key: \*{8}\r\n/);
    assert.match(textOf(shown.transport, 'received'), /\r\n\r\n\*{8}$/);
    assert.equal(runsOf(shown.transport.segments, 'sent').length, 1);
  });

  it('show no secret that HTTP/2 has in Huffman code, in one frame or in several', async () => {
    const server = http2.createServer((_request, response) => response.end('hello hunter22'));
    const url = `http://127.0.0.1:${await bench.serve(server as unknown as Server)}`;
    const long = 'y'.repeat(30_000);
    for (const headers of [[['X-Key', 'hunter22']], [['X-Long', long], ['X-Key', 'hunter22']]] as const) {
      const sent = await sendOne(bench.client, specOf(url, {
        headers, httpVersion: '2-prior-knowledge', options: { forceNewConnection: true },
      }));
      const exchange = { ...sent, spec: { ...sent.spec, secrets: ['hunter22'] } };
      const record = wireOfExchange(bench.client.readWire(exchange.connection!.id)!, exchange);
      const shown = Buffer.from(
        joinedBytes(maskWire(record, exchange).transport.segments.filter(({ direction }) => direction === 'sent')),
      );
      const blocks: Buffer[] = [];
      const reader = new FrameReader(clientPreface, ({ type, payload }) => {
        if (type === frameType.headers) blocks.push(Buffer.from(payload));
      }, true);
      reader.feed(shown, 0);
      assert.deepEqual(blocks.map((block) => block.every((octet) => octet === 0x2a)), [true]);
      assert.equal(
        shown.length, joinedBytes(record.transport.segments.filter(({ direction }) => direction === 'sent')).length,
      );
      assert.doesNotMatch(textOf(maskWire(record, exchange).transport, 'received'), /hunter22/);
    }
  });

  /** What `curl --trace` notes: `=> Send header`, `<= Recv data` and others, each with its octets in hex. */
  function traceOf(trace: string, kind: string): string {
    let isKind = false;
    let hex = '';
    for (const line of trace.split('\n')) {
      if (/^(=>|<=|==)/.test(line)) isKind = line.includes(kind);
      else if (isKind) hex += line.slice(6, 6 + 48).replaceAll(' ', '');
    }
    return Buffer.from(hex, 'hex').toString('latin1');
  }

  it('divide as curl divides them', async function () {
    const curl = debianOrSkip(this, 'curl', 'curl');
    const hints = `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${chunked}`;
    for (const answer of [chunked, hints, 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc']) {
      const { url } = await serve([answer]);
      const exchange = await sendOne(bench.client, specOf(`${url}/x`));
      const parts = frameHttp1(wireOf(exchange, exchange)).filter(({ segment }) =>
        segment.direction === 'received').flatMap((one) => one.parts);
      const heads = ['start-line', 'field-line', 'empty-line'];
      const isHead = (index: number): boolean => heads.includes(parts[index]!.piece!.kind) && !isAfterContent(index);
      const isAfterContent = (index: number): boolean => parts.slice(0, index).some(({ piece }) =>
        piece!.kind === 'last-chunk');
      const text = (wanted: boolean): string => parts.filter((_, index) => isHead(index) === wanted)
        .map((part) => Buffer.from(part.bytes).toString('latin1')).join('');
      const trace = await new Promise<string>((resolve, reject) => execFile(
        curl, ['-s', '--raw', '--trace', '-', '-o', '/dev/null', '--max-time', '5', `${url}/x`],
        (error, stdout) => (error ? reject(error) : resolve(stdout))));
      // curl leaves out the empty line of an interim response.
      assert.equal(text(true).replace('\r\n\r\nHTTP/', '\r\nHTTP/'), traceOf(trace, 'Recv header'));
      assert.equal(text(false), traceOf(trace, 'Recv data'));
    }
  });
});
