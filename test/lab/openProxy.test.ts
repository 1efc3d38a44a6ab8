import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectSecurely } from 'node:tls';
import { dialOwn, joinSockets } from '../../src/lab/forwarding/tunnel.ts';
import type { Ending } from '../../src/lab/http/connection.ts';
import type { LabPartId, RequestAccount, ServerEvent } from '../../src/lab/messages.ts';
import { converse, dial, receive, runLab } from './running.ts';
import type { RunningLab } from './running.ts';

/** Other ways to write an address of this machine, of all of them, or of nobody knows whom, and names that only look right. */
const hosts = [
  '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:0:0:1]', '[::]', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '127.0.0.2',
  '0.0.0.0', '0', 'localhost.', 'localhost.localdomain', 'lab.test.', 'x.localhost', 'lab.test.evil.example', 'evillab.test',
  'rebind.example', '169.254.169.254', '10.0.0.1', 'lab.test@evil.example', 'xn--lab-test',
] as const;

describe('lab proxies asked by strangers', () => {
  let running: RunningLab;
  let outside: Server;
  let reached = 0;
  before(async () => {
    running = await runLab();
    // On every address of this machine: whoever gets out is seen here.
    outside = createServer((socket) => {
      reached += 1;
      socket.destroy();
    }).listen(0);
    await once(outside, 'listening');
  });
  afterEach(() => assert.equal(reached, 0, 'nothing leads outside'));
  after(async () => {
    outside.close();
    await running.stop();
  });

  const portOf = (id: LabPartId): number => running.lab.addresses.parts[id]!.port;
  const own = (): number => running.lab.addresses.http.port;
  const strange = (): number => (outside.address() as AddressInfo).port;
  const connect = (target: string, more = ''): string => `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${more}\r\n`;
  /** The first line of what a port says to some bytes. */
  const said = async (port: number, bytes: string): Promise<string> => {
    const socket = await dial(port);
    const line = receive(socket, /\r\n/);
    socket.write(bytes);
    const { text } = await line;
    socket.destroy();
    return text.split('\r\n')[0]!;
  };

  for (const id of ['proxy', 'memberProxy'] as const) {
    it(`go by names and ports as they are written (${id})`, async () => {
      const member = id === 'memberProxy' ? `Proxy-Authorization: Basic ${btoa('ada:lovelace')}\r\n` : '';
      for (const port of [own(), strange()]) {
        for (const host of hosts) {
          assert.match(await said(portOf(id), connect(`${host}:${port}`, member)), /^HTTP\/1\.1 40[03] /, `CONNECT ${host}:${port}`);
          const get = `GET http://${host}:${port}/json HTTP/1.1\r\nHost: ${host}:${port}\r\n${member}\r\n`;
          assert.match(await said(portOf(id), get), /^HTTP\/1\.1 40[03] /, `GET ${host}:${port}`);
        }
      }
      const { nameServer, rootServer } = running.lab.addresses;
      for (const { port } of [nameServer, rootServer, { port: strange() }]) {
        for (const host of ['127.0.0.1', 'localhost', 'lab.test', '[::1]']) {
          assert.match(await said(portOf(id), connect(`${host}:${port}`, member)), /^HTTP\/1\.1 403 /, `${host}:${port}`);
        }
      }
      assert.match((await converse(portOf(id), connect(`lab.test:${nameServer.port}`, member))).text,
        /none of the servers of this lab that speak HTTP, FTP or SOCKS/);
      assert.match(await said(portOf(id), connect(`lab.test:${own()}`, member)), /^HTTP\/1\.1 200 /);
    });
  }

  it('take nothing from those who do not say who they are', async () => {
    const inner = `GET /json HTTP/1.1\r\nHost: lab.test:${own()}\r\n\r\n`;
    const socket = await dial(portOf('memberProxy'));
    const all = receive(socket, /password[^]*\n/);
    socket.write(connect(`lab.test:${own()}`) + inner);
    assert.match((await all).text, /^HTTP\/1\.1 407 [^]*Proxy-Authenticate: Basic/);
    socket.destroy();
    const { text } = await converse(portOf('memberProxy'),
      `GET http://lab.test:${own()}/headers HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic ${btoa('ada:lovelace')}\r\nConnection: close\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 200 /);
    assert.doesNotMatch(text, /proxy-authorization/i);
  });

  it('say by whom and for whom a request comes, after those who said so before', async () => {
    const { text } = await converse(portOf('proxy'), `GET http://lab.test:${own()}/headers HTTP/1.1\r\nHost: other.example\r\n`
      + 'Via: 1.0 fred\r\nForwarded: for=192.0.2.43\r\nConnection: close, x-once\r\nX-Once: 1\r\n\r\n');
    assert.match(text, /\r\nVia: 1\.1 proxy\.lab\.test\r\n/);
    const { headers } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as { headers: [string, string][] };
    const all = (name: string): string[] => headers.filter(([field]) => field === name).map(([, value]) => value.replace(/:\d+"/, ':N"'));
    assert.deepEqual(all('Via'), ['1.0 fred', '1.1 proxy.lab.test']);
    assert.deepEqual(all('Forwarded'), ['for=192.0.2.43', 'for="127.0.0.1:N";proto=http']);
    // RFC 9112 §3.2.2: the absolute form beats Host.
    assert.deepEqual(all('Host'), [`lab.test:${own()}`]);
    assert.deepEqual(all('X-Once'), []);
  });

  describe('through a tunnel', () => {
    it('let another protocol through, with what came early', async () => {
      const { text } = await converse(portOf('proxy'), `${connect(`lab.test:${portOf('ftp')}`)}USER anonymous\r\nPASS x\r\nSYST\r\nQUIT\r\n`);
      assert.match(text, /^HTTP\/1\.1 200 [^]*\r\n\r\n220 [^]*\r\n331 [^]*\r\n230 [^]*\r\n215 [^]*\r\n221 /);
    });

    it('do so inside TLS, too', async () => {
      const socket = connectSecurely({
        host: '127.0.0.1', port: portOf('httpsProxy'), servername: 'lab.test', ca: running.lab.addresses.certificateAuthority.pem,
      });
      await once(socket, 'secureConnect');
      const all = receive(socket);
      socket.write(`${connect(`lab.test:${portOf('ftp')}`)}USER anonymous\r\nPASS x\r\nQUIT\r\n`);
      assert.match((await all).text, /^HTTP\/1\.1 200 [^]*\r\n\r\n220 [^]*\r\n331 [^]*\r\n230 [^]*\r\n221 /);
    });

    it('give all of a long answer to a client that has said all it wants, and reads slowly', async () => {
      const content = Buffer.alloc(8_000_000, 'x');
      const behind = createServer({ allowHalfOpen: true }, (socket) => socket.on('end', () => socket.end(content)).resume());
      const told = Promise.withResolvers<ServerEvent>();
      const ended: { ending: Ending | undefined } = { ending: undefined };
      const tunnel = createServer({ allowHalfOpen: true }, (socket) =>
        void dialOwn((behind.address() as AddressInfo).port).then((upstream) => joinSockets(socket, upstream, 'x', ended, told.resolve)));
      for (const server of [behind, tunnel]) await once(server.listen(0, '127.0.0.1'), 'listening');
      const socket = await dial((tunnel.address() as AddressInfo).port);
      socket.end('all');
      let received = 0;
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        received += chunk.length;
        await sleep(2);
      }
      assert.equal(received, content.length);
      const { sentSize, receivedSize } = await told.promise as Extract<ServerEvent, { type: 'tunnelled' }>;
      assert.deepEqual([sentSize, receivedSize], [3, content.length]);
      assert.deepEqual(ended.ending, { by: 'server', reason: 'behind' });
      behind.close();
      tunnel.close();
    });
  });

  describe('by SOCKS5', () => {
    const greeting = Buffer.from([5, 1, 0]);
    const wish = (command: number, type: number, address: Buffer, port: number): Buffer =>
      Buffer.concat([greeting, Buffer.from([5, command, 0, type]), address, Buffer.from([port >> 8, port & 255])]);
    const name = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
    const ipv6 = (hex: string): Buffer => Buffer.from(hex.padStart(32, '0'), 'hex');
    /** The code of the second reply (RFC 1928 §6); the port of the client. */
    const answerTo = async (bytes: Buffer): Promise<[code: number | undefined, clientPort: number]> => {
      const socket = await dial(portOf('socks'));
      const clientPort = socket.localPort!;
      const reply = receive(socket, /^.{12}/s);
      socket.write(bytes);
      const { text } = await reply;
      socket.destroy();
      return [text.length < 4 ? undefined : text.charCodeAt(3), clientPort];
    };
    const code = async (bytes: Buffer): Promise<number | undefined> => (await answerTo(bytes))[0];

    it('connect to names and addresses of this machine', async () => {
      for (const bytes of [
        wish(1, 3, name('lab.test'), own()), wish(1, 3, name('LOCALHOST'), own()), wish(1, 1, Buffer.from([127, 0, 0, 1]), own()),
        wish(1, 4, ipv6('1'), own()),
      ]) assert.equal(await code(bytes), 0);
    });

    it('do not go by other spellings, to other places and to other ports', async () => {
      for (const port of [own(), strange()]) {
        for (const host of hosts) assert.equal(await code(wish(1, 3, name(host), port)), 2, host);
        for (const address of [[127, 0, 0, 2], [0, 0, 0, 0], [169, 254, 169, 254]]) {
          assert.equal(await code(wish(1, 1, Buffer.from(address), port)), 2, address.join('.'));
        }
        for (const hex of ['ffff7f000001', '0', 'fe800000000000000000000000000001']) assert.equal(await code(wish(1, 4, ipv6(hex), port)), 2, hex);
      }
      for (const bytes of [wish(1, 1, Buffer.from([127, 0, 0, 1]), strange()), wish(1, 4, ipv6('1'), strange())]) {
        assert.equal(await code(bytes), 2);
      }
    });

    it('only connect: BIND, UDP ASSOCIATE and what nobody knows are refused, and told', async () => {
      for (const [command, called] of [[2, 'BIND'], [3, 'UDP ASSOCIATE'], [9, 'command 9']] as const) {
        const [answer, clientPort] = await answerTo(wish(command, 1, Buffer.from([127, 0, 0, 1]), own()));
        assert.equal(answer, 7, called);
        const isIt = (account: RequestAccount): boolean => 'clientPort' in account && account.clientPort === clientPort
          && account.events.some((event) => event.type === 'refused' && event.reason === 'command' && event.target === called);
        while (!running.accounts.some(isIt)) await sleep(5);
      }
      assert.equal(await code(wish(1, 7, Buffer.from([127, 0, 0, 1]), own())), 8);
    });

    it('want one of the two methods, and the right password', async () => {
      assert.equal((await converse(portOf('socks'), Buffer.from([5, 1, 1]))).text, '\x05\xff');
      assert.equal((await converse(portOf('socks'), Buffer.from([5, 0]))).text, '\x05\xff');
      const wrong = Buffer.concat([Buffer.from([5, 1, 2, 1, 3]), Buffer.from('ada'), Buffer.from([1, 120])]);
      assert.equal((await converse(portOf('socks'), wrong)).text, '\x05\x02\x01\x01');
      assert.equal((await converse(portOf('socks'), Buffer.from([4, 1, 0, 80, 127, 0, 0, 1, 0]))).text, '');
      assert.equal((await converse(portOf('socks'), Buffer.alloc(200_000, 5))).text.length < 20, true);
    });
  });
});
