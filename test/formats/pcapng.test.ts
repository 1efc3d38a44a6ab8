import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { encode } from 'dns-packet';
import { writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { toPcapng, type PacketCapture } from '../../src/formats/pcapng.ts';
import { addressBytes, tcpPacket } from '../../src/formats/packets/segment.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import type { SendOptions } from '../../src/trace/request.ts';
import type { WireRecord, WireSegment } from '../../src/trace/wireRecord.ts';
import { createAuthority, type Issued, type TestAuthority } from '../support/certificates.ts';
import { debianOrSkip } from '../support/debian.ts';
import { createHttpProxy } from '../support/proxyServer.ts';
import { createOpened } from '../support/sockets.ts';
import { createFixtures } from '../wire/dns/lookups.ts';
import { a, buildReply, soa } from '../wire/dns/nameServer.ts';
import { createFiles, createSender, type Files, type Sender } from '../wire/tls/support.ts';

// Read by Wireshark's own dissectors, with every checksum looked at.

describe('packets as Wireshark reads them', function () {
  this.timeout(120_000);
  const opened = createOpened();
  let tshark: string;
  let files: Files;
  let sender: Sender;
  let authority: TestAuthority;
  let issued: Issued;

  before(async function () {
    tshark = debianOrSkip(this, 'tshark', 'tshark');
    authority = await createAuthority();
    issued = await authority.issue({ names: ['site.test', '127.0.0.1', '::1'] });
  });
  beforeEach(() => {
    files = createFiles();
    sender = createSender();
  });
  afterEach(async () => {
    await sender.close();
    await opened.close();
    files.remove();
  });

  function captured(exchanges: readonly Exchange[]): PacketCapture {
    const ids = exchanges.flatMap(({ connection }) => connection ? [connection.id] : []);
    const records = ids.flatMap((id): [string, WireRecord][] => {
      const record = sender.client.readWire(id);
      return record ? [[id, record]] : [];
    });
    return toPcapng(exchanges, new Map(records));
  }

  /** What tshark says of a file: rows of fields; nothing is malformed, and nothing a warning or an error. */
  function read(
    bytes: Uint8Array, filter: string, fields: readonly string[], more: readonly string[] = [],
  ): string[][] {
    const path = files.write('x.pcapng', '');
    writeFileSync(path, bytes);
    const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE', ...more];
    const complaints = run([
      '-r', path, ...checks, '-Y', '_ws.malformed or _ws.expert.severity >= 6291456', '-T', 'fields', '-e',
      'frame.number', '-e', '_ws.expert.message',
    ]);
    assert.equal(complaints, '');
    const columns = fields.flatMap((field) => ['-e', field]);
    return run([
      '-r', path, ...checks, '-Y', filter, '-T', 'fields', ...columns,
    ]).split('\n').filter(Boolean).map((line) => line.split('\t'));
  }

  function run(options: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(tshark, ['-n', ...options], {
      encoding: 'utf8', cwd: files.directory,
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  const answer = (request: { url?: string | undefined }, response: { end(text: string): unknown }): void =>
    void response.end(`you asked for ${request.url}, ${'x'.repeat(70_000)}`);

  async function sendThree(origin: string, options: SendOptions): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    for (const path of ['/a', '/b', '/c']) exchanges.push(await sender.send(`${origin}${path}`, options));
    for (const { failure } of exchanges) assert.equal(failure, undefined, JSON.stringify(failure));
    assert.deepEqual(exchanges.map(({ reused }) => reused), [false, true, true]);
    return exchanges;
  }

  const trusting = (): SendOptions => ({ trustAnchors: [{ pem: authority.pem, label: 'root' }] });

  for (const address of ['127.0.0.1', '::1']) {
    const host = address.includes(':') ? `[${address}]` : address;

    it(`HTTP/1.1 without TLS to ${address}`, async () => {
      const port = await opened.serve(http.createServer(answer), address);
      const exchanges = await sendThree(`http://${host}:${port}`, {});
      const { bytes, missing } = captured(exchanges);
      assert.deepEqual(missing, []);
      const option = ['-d', `tcp.port==${port},http`];
      assert.deepEqual(read(bytes, 'http.request', ['http.request.uri'], option), [['/a'], ['/b'], ['/c']]);
      assert.deepEqual(read(bytes, 'http.response', ['http.response.code'], option), [['200'], ['200'], ['200']]);
      const [first] = read(
        bytes, 'tcp.flags.syn == 1 and tcp.flags.ack == 0',
        [address.includes(':') ? 'ipv6.dst' : 'ip.dst', 'tcp.srcport', 'tcp.dstport'], option,
      );
      assert.deepEqual(first, [address, String(exchanges[0]!.connection!.localPort), String(port)]);
    });

    for (const version of ['1.2', '1.3'] as const) {
      it(`HTTP/1.1 over TLS ${version} to ${address}, decrypted`, async () => {
        const port = await opened.serve(https.createServer(issued, answer), address);
        const exchanges = await sendThree(`https://${host}:${port}`, {
          ...trusting(), tls: { minVersion: version, maxVersion: version },
        });
        const { bytes, missing } = captured(exchanges);
        assert.deepEqual(missing, []);
        assert.deepEqual(read(bytes, 'http.request', ['http.request.uri']), [['/a'], ['/b'], ['/c']]);
        assert.deepEqual(read(bytes, 'http.response', ['http.response.code']), [['200'], ['200'], ['200']]);
      });

      it(`HTTP/2 over TLS ${version} to ${address}, decrypted`, async () => {
        const port = await opened.serve(http2.createSecureServer(issued, answer), address);
        const exchanges = await sendThree(`https://${host}:${port}`, {
          ...trusting(), tls: { minVersion: version, maxVersion: version },
        });
        assert.equal(exchanges[0]?.connection?.httpVersion, '2');
        const { bytes, missing } = captured(exchanges);
        assert.deepEqual(missing, []);
        const paths = read(bytes, 'http2.headers.path', ['http2.headers.path', 'http2.streamid']).map(([path]) => path);
        assert.deepEqual(paths, ['/a', '/b', '/c']);
        const statuses = read(bytes, 'http2.headers.status', ['http2.headers.status']).map(([status]) => status);
        assert.deepEqual(statuses, ['200', '200', '200']);
      });
    }
  }

  it('HTTP over TLS through the tunnel of a proxy', async () => {
    const port = await opened.serve(https.createServer(issued, answer));
    const proxy = await opened.serve(createHttpProxy({ said: [] }));
    const exchanges = await sendThree(`https://site.test:${port}`, {
      ...trusting(), proxy: `http://127.0.0.1:${proxy}`,
    });
    const { bytes } = captured(exchanges);
    const option = ['-d', `tcp.port==${proxy},http`, '-d', `tls.port==${port},http`];
    const requests = read(bytes, 'http.request', ['http.request.method', 'http.request.uri'], option);
    assert.deepEqual(requests, [['CONNECT', `site.test:${port}`], ['GET', '/a'], ['GET', '/b'], ['GET', '/c']]);
    assert.deepEqual(
      read(bytes, 'tcp.flags.syn == 1 and tcp.flags.ack == 0', ['tcp.dstport'], option), [[String(proxy)]],
    );
  });

  it('a handshake that the server refuses', async () => {
    const server = https.createServer({ ...issued, maxVersion: 'TLSv1.2' });
    server.on('tlsClientError', () => {});
    const port = await opened.serve(server);
    const exchange = await sender.send(`https://site.test:${port}/`, { ...trusting(), tls: { minVersion: '1.3' } });
    assert.equal(exchange.failure?.code, 'tls-alert');
    assert.deepEqual(read(captured([exchange]).bytes, 'tls.alert_message', ['tls.alert_message.desc']), [['70']]);
  });

  it('the times of the exchange, and comments that tell what is drawn', async () => {
    const port = await opened.serve(http.createServer(answer));
    const exchange = await sender.send(`http://site.test:${port}/?q=1`);
    const { bytes } = captured([exchange]);
    const rows = read(bytes, 'tcp', ['frame.time_epoch', 'tcp.len', 'frame.comment']);
    const attempt = exchange.connection!.attempts[0]!;
    const epoch = (at: number): number => exchange.startedAt + at - exchange.startAt;
    const close = (text: string | undefined, at: number): void => assert.ok(
      Math.abs(Number(text) * 1000 - epoch(at)) < 0.01, `${text} ${epoch(at)}`,
    );
    close(rows[0]?.[0], attempt.startAt);
    close(rows[1]?.[0], attempt.endAt!);
    const segment = sender.client.readWire(exchange.connection!.id)!.transport.segments[0]!;
    close(rows[3]?.[0], segment.at);
    assert.equal(rows[3]?.[1], String(segment.bytes.length));
    for (const row of rows.slice(0, 3)) assert.match(row[2] ?? '', /^Drawn by Roundtrip from what is known/);
    assert.equal(rows[3]?.[2], `GET http://site.test:${port}/?q=1`);
  });

  it('names for the addresses that were looked up', async () => {
    const port = await opened.serve(http.createServer(answer));
    const exchange = await sender.send(`http://site.test:${port}/`);
    const path = files.write('names.pcapng', '');
    writeFileSync(path, captured([exchange]).bytes);
    const { stdout } = spawnSync(tshark, ['-r', path, '-N', 'n', '-q', '-z', 'hosts,ip'], { encoding: 'utf8' });
    assert.match(stdout, /127\.0\.0\.1\s+site\.test/);
  });

  describe('questions to name servers', () => {
    const fixtures = createFixtures();
    afterEach(() => fixtures.cleanUp());

    for (const address of ['127.0.0.1', '::1']) {
      it(`over UDP to ${address}, with their times and ends`, async () => {
        const port = await opened.serve(http.createServer(answer));
        const names = await fixtures.server(({ name, type }, send) =>
          send(type === 'A' ? { answers: [a(name, '127.0.0.1')] } : { authorities: [soa('test', 60)] }), address);
        const dns = address === '::1' ? `[::1]:${names.port}` : `127.0.0.1:${names.port}`;
        await sender.close();
        sender = createSender({ resolver: fixtures.resolver({}) });
        const exchange = await sender.send(`http://shop.test:${port}/`, { dns });
        assert.equal(exchange.failure, undefined);
        const { bytes } = captured([exchange]);
        const option = ['-d', `udp.port==${names.port},dns`, '-o', 'udp.check_checksum:TRUE'];
        const [ip, ends] = address === '::1' ? ['ipv6', ['::1', '::1']] : ['ip', ['127.0.0.1', '127.0.0.1']];
        const fields = [
          'dns.flags.response', 'dns.id', 'dns.qry.name', 'dns.qry.type', 'udp.srcport', 'udp.dstport', `${ip}.src`, `${ip}.dst`,
          'dns.a', 'udp.checksum.status', 'frame.comment',
        ];
        const rows = read(bytes, 'dns', fields, option);
        assert.equal(rows.length, 4);
        assert.equal(rows.length, names.asked.length * 2);
        for (const { id, type, written, fromPort } of names.asked) {
          const number = type === 'A' ? '1' : '28';
          const own = rows.filter((row) => Number(row[1]) === id);
          const to = [String(fromPort), String(names.port)];
          assert.deepEqual(own, [
            ['0', own[0]?.[1], written, number, ...to, ...ends, '', '1', `${type} shop.test`],
            ['1', own[0]?.[1], written, number, ...to.toReversed(), ...ends, type === 'A' ? '127.0.0.1' : '', '1', ''],
          ]);
        }
        const asked = exchange.connection?.lookup?.steps.find(({ question, transport }) => transport === 'udp' && question.type === 'A');
        const [time] = read(bytes, 'dns.qry.type == 1', ['frame.time_epoch'], option).flat().map(Number);
        assert.ok(Math.abs(time! * 1000 - (exchange.startedAt + asked!.startAt - exchange.startAt)) < 0.01);
      });
    }

    it('are known by their port, 53, and left out where their octets were not kept whole', () => {
      const [query, response] = [encode({ type: 'query', id: 7, questions: [{ type: 'A', name: 'shop.test' }] }), buildReply({ id: 7, name: 'shop.test', type: 'A' }, {
        answers: [a('shop.test', '192.0.2.7')],
      })];
      const step = (change: Partial<DnsStep>): DnsStep => ({
        startAt: 1, at: 2, source: 'name-server', question: { name: 'shop.test', type: 'A' }, server: '192.0.2.53:53',
        transport: 'udp', outcome: 'answered', localAddress: '192.0.2.1', localPort: 40_000, querySize: query.length,
        queryBytes: query.toString('base64'), answerSize: response.length, answerBytes: response.toString('base64'), ...change,
      });
      const known = (...steps: DnsStep[]): string[][] => {
        const lookup = { name: 'shop.test', startAt: 0, endAt: 3, steps, addresses: [] };
        const connection = { id: 'c', origin: '', host: 'shop.test', port: 80, startAt: 0, attempts: [], lookup };
        const exchange = {
          id: 'e', startedAt: 1_700_000_000_000, startAt: 0, spec: { method: 'GET', url: 'http://shop.test/' }, connection, events: [],
        } as unknown as Exchange;
        return read(toPcapng([exchange], new Map()).bytes, 'dns', ['dns.flags.response', 'udp.dstport', 'frame.comment']);
      };
      assert.deepEqual(known(step({})), [['0', '53', 'A shop.test'], ['1', '40000', '']]);
      assert.deepEqual(known(step({ answerSize: 5000 })), [
        ['0', '53', 'A shop.test; not all of the answer was kept, so it is missing'],
      ]);
      const { queryBytes: _query, answerBytes: _answer, ...without } = step({ messagesOmitted: true });
      assert.deepEqual(known(without, step({ transport: 'tcp' }), step({ localAddress: undefined })), []);
      assert.deepEqual(known(step({ answerBytes: undefined, outcome: 'timeout' })), [['0', '53', 'A shop.test']]);
    });
  });

  it('what is kept of a body that is larger than the limit, and how much is missing', async () => {
    const port = await opened.serve(http.createServer((_, response) => response.end(Buffer.alloc(3_000_000))));
    const exchange = await sender.send(`http://site.test:${port}/large`);
    const { bytes, missing } = captured([exchange]);
    assert.deepEqual(missing.map(({ what }) => what), ['some-bytes']);
    const comments = read(
      bytes, 'frame.comment', ['frame.comment'], ['-d', `tcp.port==${port},http`],
    ).flat().join('\n');
    const { transport } = sender.client.readWire(exchange.connection!.id)!;
    const kept = transport.segments.reduce((sum, one) =>
      one.direction === 'received' ? sum + one.bytes.length : sum, 0);
    assert.match(
      comments,
      new RegExp(
        `0 of ${transport.sentSize} sent and ${transport.receivedSize - kept} of ${transport.receivedSize} received are missing`,
      ),
    );
  });

  it('nothing but the opening of a connection whose bytes were not to be kept', async () => {
    const port = await opened.serve(http.createServer(answer));
    const exchange = await sender.send(`http://site.test:${port}/`, { capture: 'none' });
    const { bytes, missing } = captured([exchange]);
    assert.deepEqual(missing.map(({ what }) => what), ['bytes']);
    assert.equal(read(bytes, 'tcp', ['frame.number']).length, 3);
    assert.match(read(bytes, 'frame.number == 3', ['frame.comment']).flat().join(), /were not kept/);
  });

  it('a large chunk in packets that IP can carry, in order', () => {
    const connection = { id: 'c', origin: '', host: 'site.test', port: 80, startAt: 0, endAt: 9, peerAddress: '::1', peerPort: 80, localAddress: '::1', localPort: 5000,
      attempts: [{ address: '::1', family: 6 as const, port: 80, startAt: 1, endAt: 2, outcome: 'connected' as const }] };
    const segments: WireSegment[] = [
      { direction: 'sent', at: 3, offset: 0, bytes: Buffer.from('POST / HTTP/1.0\r\nContent-Length: 200000\r\n\r\n') },
      { direction: 'sent', at: 4, offset: 43, bytes: new Uint8Array(200_000) },
      { direction: 'received', at: 5, offset: 0, bytes: Buffer.from('HTTP/1.0 204 No Content\r\n\r\n') },
    ];
    const exchange = {
      id: 'e', startedAt: 1_700_000_000_000, startAt: 0, spec: { method: 'POST', url: 'http://site.test/' }, connection,
      events: [],
    } as unknown as Exchange;
    const record: WireRecord = { connectionId: 'c', transport: { segments, sentSize: 200_043, receivedSize: 27 } };
    const { bytes, missing } = toPcapng([exchange], new Map([['c', record]]));
    assert.deepEqual(missing, []);
    const lengths = read(bytes, 'tcp.len > 0', ['tcp.len', 'tcp.seq']).map(([length, sequence]) =>
      [Number(length), Number(sequence)]);
    assert.deepEqual(lengths, [[43, 1], [65_000, 44], [65_000, 65_044], [65_000, 130_044], [5000, 195_044], [27, 1]]);
    assert.deepEqual(read(bytes, 'http.response', ['http.response.code']), [['204']]);
  });
});

describe('addresses of packets', () => {
  const cases: [string, number[] | undefined][] = [
    ['127.0.0.1', [127, 0, 0, 1]],
    ['256.0.0.1', undefined],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ['::', Array<number>(16).fill(0)],
    ['fe80::1:2%eth0', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2]],
    ['2001:db8:1:2:3:4:5:6', [0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]],
    ['::ffff:192.0.2.1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]],
    ['1:2:3', undefined], ['1::2::3', undefined], ['1:2:3:4:5:6:7:8:9', undefined], ['site.test', undefined], ['', undefined],
  ];
  for (const [text, bytes] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(addressBytes(text), bytes && Uint8Array.from(bytes)));
  }

  it('with checksums that add up, for odd lengths too (RFC 1071)', () => {
    const end = (port: number) => ({ address: Uint8Array.of(10, 0, 0, port), port });
    for (const size of [0, 1, 2, 1459]) {
      const packet = tcpPacket({
        from: end(1), to: end(2), sequence: 7, acknowledgment: 9, flags: { ack: true },
        payload: new Uint8Array(size).fill(0xfe),
      });
      assert.equal(packet.length, 40 + size);
      assert.equal(sum(packet.subarray(0, 20)), 0xffff);
      const pseudo = Uint8Array.of(...packet.subarray(12, 20), 0, 6, (20 + size) >> 8, (20 + size) & 0xff);
      assert.equal(sum(Uint8Array.of(...pseudo, ...packet.subarray(20))), 0xffff);
    }
  });

  function sum(bytes: Uint8Array): number {
    let total = 0;
    for (let at = 0; at < bytes.length; at += 2) total += bytes[at]! * 256 + (bytes[at + 1] ?? 0);
    while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
    return total;
  }
});
