import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectSecurely } from 'node:tls';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LabPartId, ServerEvent } from '../../src/lab/messages.ts';
import { requireDebian } from '../support/debian.ts';
import { dial, isOf, newTrace, receive, run, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

/** All that speak HTTP on both sides. */
const ids = ['relay', 'accelerator', 'securityGateway', 'reverseProxy', 'balancer', 'proxy'] as const;

describe('lab gateways pass on', () => {
  let running: RunningLab;
  before(async () => {
    running = await runLab();
    await receiveAll('balancer', 'GET /json HTTP/1.1');
  });
  after(() => running.stop());

  const originOf = (id: LabPartId): string => running.lab.addresses.parts[id]!.origin;
  const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;

  const open = async (id: LabPartId): Promise<Socket> => {
    if (!originOf(id).startsWith('https')) return dial(portOf(id));
    const socket = connectSecurely({
      host: '127.0.0.1', port: portOf(id), servername: 'lab.test', ca: running.lab.addresses.certificateAuthority.pem,
    });
    await once(socket, 'secureConnect');
    return socket;
  };
  /** A proxy is told the whole URL (RFC 9112 §3.2.2). */
  const lines = (id: LabPartId, start: string, ...fields: string[]): string => {
    const host = `lab.test:${id === 'proxy' ? running.lab.addresses.http.port : portOf(id)}`;
    const first = id === 'proxy' ? start.replace(/ \*? ?(?=[/ ])/, ` http://${host}`) : start;
    return [first, `Host: ${host}`, ...fields, '', ''].join('\r\n');
  };
  /** One request on a connection of its own, and everything that came back. */
  async function receiveAll(id: LabPartId, start: string, ...fields: string[]): Promise<string> {
    const socket = await open(id);
    const all = receive(socket);
    socket.write(lines(id, start, ...fields, 'Connection: close'));
    return (await all).text;
  }
  const accountOf = async (server: string, traceId: string): Promise<readonly ServerEvent[]> => {
    for (;;) {
      const own = running.accounts.find((account) => account.server === server && isOf(account, traceId));
      if (own) return own.events;
      await sleep(2);
    }
  };

  for (const id of ids) {
    describe(`by ${id}`, () => {
      it('103 before the response', async () => {
        const text = await receiveAll(id, 'GET /early-hints HTTP/1.1');
        assert.match(text, /^HTTP\/1\.1 103 Early Hints\r\nlink: <\/image\.png>[^\r]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/i);
        assert.match(await receiveAll(id, 'GET /early-hints HTTP/1.0'), /^HTTP\/1\.1 200 OK\r\n/);
      });

      it('trailers, both ways', async () => {
        assert.match(await receiveAll(id, 'GET /trailers HTTP/1.1', 'TE: trailers'),
          /\r\nTrailer: X-Lines\r\n[^]*\r\n0\r\nX-Lines: 3\r\n\r\n$/i);
        const socket = await open(id);
        const all = receive(socket);
        socket.write(lines(id, 'POST /echo/trailers HTTP/1.1', 'Transfer-Encoding: chunked', 'Connection: close'));
        socket.write('4\r\nbody\r\n0\r\nX-Sum: 42\r\nAuthorization: Basic YTpi\r\n\r\n');
        const { text } = await all;
        assert.match(text, /\r\n0\r\nX-Sum: 42\r\nX-Received: 4\r\n\r\n$/);
        assert.doesNotMatch(text, /Authorization/, 'who asks is not said behind a message');
      });

      it('a head before its body, and events one by one', async () => {
        const socket = await open(id);
        const [head, first] = [receive(socket, /\r\n\r\n/), receive(socket, /id: 1\n/)];
        const [second, all] = [receive(socket, /id: 2\n/), receive(socket)];
        socket.write(lines(id, 'GET /events?count=2&interval=1500 HTTP/1.1', 'Connection: close'));
        assert.match((await head).text, /^HTTP\/1\.1 200 OK/);
        assert.doesNotMatch((await first).text, /id: 2/);
        await second;
        await all;
      });

      it('100 from behind, and the refusal of a body in place of it', async () => {
        const socket = await open(id);
        const going = receive(socket, /100 Continue\r\n\r\n/);
        socket.write(lines(id, 'POST /echo HTTP/1.1', 'Content-Length: 4', 'Expect: 100-continue', 'Connection: close'));
        assert.equal((await going).text, 'HTTP/1.1 100 Continue\r\n\r\n');
        const rest = receive(socket);
        socket.write('body');
        assert.match((await rest).text, /^HTTP\/1\.1 200 OK[^]*"text": "body"/);
        const refused = await receiveAll(id, 'POST /expect/refused HTTP/1.1', 'Content-Length: 4', 'Expect: 100-continue');
        assert.match(refused, /^HTTP\/1\.1 417 [^]*\r\nConnection: close\r\n/);
      });

      if (id !== 'proxy') it('WebSockets on connections that have been used before', async () => {
        for (let times = 0; times < 2; times += 1) {
          for (const path of ['/json', '/ws/echo?close=1000']) {
            const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
            const socket = await open(id);
            const first = receive(socket, /\r\n\r\n/);
            socket.write(lines(id, `GET ${path} HTTP/1.1`, `traceparent: ${newTrace().field}`, ...(path === '/json' ? [] : upgrade)));
            if (path === '/json') assert.match((await first).text, /^HTTP\/1\.1 200 /);
            else {
              assert.match((await first).text, /^HTTP\/1\.1 101 /);
              const echoed = receive(socket, /hello/);
              // RFC 6455 §5.3: a mask of zeros changes nothing.
              socket.write(Buffer.concat([Buffer.from('818500000000', 'hex'), Buffer.from('hello')]));
              assert.match((await echoed).text, /hello/);
            }
            socket.destroy();
          }
        }
      });

      if (id !== 'proxy') it('WebSockets, and tell how much went through', async () => {
        const { traceId, field } = newTrace();
        const url = `${originOf(id).replace('http', 'ws').replace('lab.test', 'localhost')}/ws/echo?close=4000&reason=so`;
        const socket = new WebSocket(url, ['chat'], {
          ca: running.lab.addresses.certificateAuthority.pem, headers: { traceparent: field },
        });
        await once(socket, 'open');
        assert.equal(socket.protocol, 'chat');
        const echoed = once(socket, 'message');
        const closed = once(socket, 'close');
        socket.send(Buffer.alloc(100_000, 'x'));
        assert.equal(((await echoed) as [Buffer])[0].length, 100_000);
        assert.deepEqual((await closed).map(String), ['4000', 'so']);
        const events = await accountOf(id, traceId);
        const [tunnelled, finished] = events.slice(-2);
        assert.ok(tunnelled?.type === 'tunnelled' && finished?.type === 'response-finished');
        assert.equal(events.find(({ type }) => type === 'forwarded' || type === 'balanced') !== undefined, true);
        assert.ok(events.some((event) => event.type === 'response-started' && event.statusCode === 101));
        assert.ok(finished.bodySize === tunnelled.receivedSize);
      });

      it('a WebSocket that is refused, and an upgrade that nobody knows', async () => {
        assert.match(await receiveAll(id, 'GET /ws/echo HTTP/1.1'), /^HTTP\/1\.1 426 /);
        const socket = await open(id);
        const all = receive(socket);
        socket.write(lines(id, 'GET /json HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket'));
        assert.match((await all).text, /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/);
        const other = await open(id);
        const headers = receive(other, /\]\s*\}\s*$/);
        other.write(lines(id, 'GET /headers HTTP/1.1', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AA'));
        assert.doesNotMatch((await headers).text, /h2c|http2-settings/i);
        other.destroy();
      });

      it('nothing that is for one connection, and all that frames a message', async () => {
        const text = await receiveAll(id, 'GET /headers HTTP/1.1', 'Connection: x-hop, host, content-length', 'X-Hop: 1',
          'Keep-Alive: timeout=9', 'Proxy-Connection: keep-alive', 'TE: gzip', 'X-End: 1');
        assert.match(text, /^HTTP\/1\.1 200 /);
        assert.match(text, /X-End/);
        assert.doesNotMatch(text.slice(text.indexOf('\r\n\r\n')), /x-hop|keep-alive|proxy-connection|"TE"/i);
        const inner = `GET /json HTTP/1.1\r\nHost: lab.test:${portOf(id)}\r\n\r\n`;
        const socket = await open(id);
        const all = receive(socket);
        socket.write(lines(id, 'POST /echo HTTP/1.1', `Content-Length: ${inner.length}`, 'Connection: content-length, close') + inner);
        assert.match((await all).text, /^HTTP\/1\.1 200 [^]*"size": [^]*GET \/json/, 'the body is a body, not a second request');
      });

      it('no body in a transfer coding that they do not know', async () => {
        const text = await receiveAll(id, 'POST /echo HTTP/1.1', 'Transfer-Encoding: gzip, chunked');
        assert.match(text, /^HTTP\/1\.1 501 /);
      });

      it('paths as they are', async () => {
        for (const path of ['//', '//json', '/a/../json', '/./json', '/%2e%2e/json', '/json//', '//evil.example/json',
          '/files/..%2f..%2fetc/passwd', '/a%00b']) {
          const text = await receiveAll(id, `GET ${path} HTTP/1.1`);
          assert.match(text, /^HTTP\/1\.1 404 /, path);
          assert.ok(text.includes(path.startsWith('/files') ? '/files/..%2f' : `Nothing is at ${path}.`), text);
        }
        assert.match(await receiveAll(id, 'GET /%zz HTTP/1.1'), /^HTTP\/1\.1 400 /);
      });

      it('TRACE and OPTIONS as far as they say', async () => {
        const traced = await receiveAll(id, 'TRACE /json HTTP/1.1', 'Max-Forwards: 0', 'X-Seen: 1', 'Cookie: a=b', 'Authorization: Basic YTpi');
        assert.match(traced, /^HTTP\/1\.1 200 [^]*\r\nContent-Type: message\/http\r\n[^]*\r\n\r\nTRACE [^ ]*\/json HTTP\/1\.1\r\n[^]*X-Seen: 1/);
        assert.doesNotMatch(traced, /YTpi|a=b/);
        assert.match(await receiveAll(id, 'OPTIONS * HTTP/1.1', 'Max-Forwards: 0'), /^HTTP\/1\.1 204 [^]*Allow: GET, /);
        assert.match(await receiveAll(id, 'OPTIONS * HTTP/1.1', 'Max-Forwards: 5'), /^HTTP\/1\.1 204 [^]*Allow: GET, [^]*Via: /);
        const further = await receiveAll(id, 'OPTIONS /echo HTTP/1.1', 'Max-Forwards: 5');
        assert.match(further, /"Max-Forwards",\s*"4"/);
        assert.match(await receiveAll(id, 'GET /headers HTTP/1.1', 'Max-Forwards: 0'), /"Max-Forwards",\s*"0"/, 'only these two are asked');
      });

      it('a large upload that is refused: the refusal arrives', async () => {
        const socket = await open(id);
        const all = receive(socket);
        socket.write(lines(id, 'POST /echo HTTP/1.1', 'Content-Length: 4000000'));
        socket.write(Buffer.alloc(2_000_000));
        assert.match((await all).text, /^HTTP\/1\.1 413 [^]*\r\nConnection: close\r\n[^]*\}\s*$/);
      });

      it('no answer of their own in the middle of another', async () => {
        const socket = await open(id);
        const all = receive(socket);
        socket.write(`${lines(id, 'GET /delay/300 HTTP/1.1')}\0\0 this is no HTTP\r\n\r\n`);
        assert.doesNotMatch((await all).text, /^HTTP\/1\.1 400/);
      });
    });
  }

  it('nobody more than they have room for: 503, and told', async () => {
    const crowd = await Promise.all(Array.from({ length: 256 }, () => dial(portOf('relay'))));
    try {
      const { traceId, field } = newTrace();
      const socket = await dial(portOf('relay'));
      const all = receive(socket);
      socket.write(lines('relay', 'GET /json HTTP/1.1', `traceparent: ${field}`));
      assert.match((await all).text, /^HTTP\/1\.1 503 [^]*Retry-After: 1\r\n/);
      const [first] = await accountOf('relay', traceId);
      assert.ok(first?.type === 'turned-away' && first.limit === 256);
    } finally {
      for (const one of crowd) one.destroy();
    }
    while (!(await receiveAll('relay', 'GET /json HTTP/1.1')).startsWith('HTTP/1.1 200')) await sleep(20);
  });

  it('a WebSocket in curl\'s eyes', async () => {
    const { stdout } = await run(requireDebian('curl', 'curl'), [
      '-sS', '-i', '-N', '--http1.1', '--max-time', '2', '--noproxy', '*', '--cacert', running.rootFile, '--connect-to', '::127.0.0.1:',
      '-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', '-H', 'Sec-WebSocket-Version: 13',
      '-H', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', `${originOf('reverseProxy')}/ws/count?count=2&interval=10`,
    ]);
    const text = stdout.toString('latin1');
    // RFC 6455 §1.3 has this key and its answer.
    assert.match(text, /^HTTP\/1\.1 101 [^]*Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n[^]*Via: 1\.1 reverseproxy\.lab\.test/);
    assert.match(text, /"message":1[^]*"message":2/);
  });
});
