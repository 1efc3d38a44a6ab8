import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { startNameServer } from '../../src/lab/dns/nameServer.ts';
import type { NameServer } from '../../src/lab/dns/nameServer.ts';
import { replyTo } from '../../src/lab/dns/reply.ts';
import { createLabZone } from '../../src/lab/dns/labZone.ts';
import { createZone } from '../../src/lab/dns/zone.ts';
import type { Zone } from '../../src/lab/dns/zone.ts';
import { requireDebian, skipped } from '../support/debian.ts';
import { dial, receive, run } from './running.ts';

const zonesWith = (...addresses: string[]): Zone[] => [createLabZone({
  server: { name: 'ns.lab.test', addresses: ['127.0.0.1'] }, addresses, httpsPort: () => 8443,
  ftpPort: () => 2121,
})];

const zones = zonesWith('127.0.0.1', '::1');

const reply = (message: Buffer, transport: 'udp' | 'tcp'): Buffer | undefined => replyTo(message, { zones }, transport).bytes;

describe('lab name server', () => {
  let server: NameServer;
  before(async () => { server = await startNameServer({ zones }); });
  after(() => server.close());

  const dig = async (...args: string[]) => {
    const program = requireDebian('bind9-dnsutils', 'dig');
    const { stdout } = await run(program, ['@127.0.0.1', '-p', String(server.port), '+norecurse',
      '+tries=1', '+time=3', ...args]);
    return stdout.toString();
  };
  const headerOf = (output: string) => {
    const match = /status: (\w+),[^]*?flags: ([a-z ]*);/.exec(output);
    return { status: match?.[1], flags: match?.[2]?.split(' ') };
  };
  const records = (output: string) => output.split('\n')
    .filter((line) => line !== '' && !line.startsWith(';')).map((line) => line.split(/\s+/).join(' '));

  it('answers addresses with authority and a TTL of an hour', async () => {
    const output = await dig('shop.lab.test', 'A');
    assert.deepEqual(headerOf(output), { status: 'NOERROR', flags: ['qr', 'aa'] });
    assert.deepEqual(records(output), ['shop.lab.test. 3600 IN A 127.0.0.1']);
    assert.deepEqual(records(await dig('lab.test', 'AAAA')), ['lab.test. 3600 IN AAAA ::1']);
    assert.match(output, /EDNS: version: 0, flags:; udp: 1232/);
  });

  it('listens on both addresses of loopback, over UDP and TCP', async function () {
    if (!server.ipv6) return skipped(this, 'there is no IPv6 here');
    for (const transport of ['+notcp', '+tcp']) {
      const { stdout } = await run(requireDebian('bind9-dnsutils', 'dig'),
        ['@::1', '-p', String(server.port), '+short', '+tries=1', '+time=3', transport, 'shop.lab.test', 'A']);
      assert.equal(stdout.toString().trim(), '127.0.0.1', transport);
    }
  });

  it('keeps the case of the question', async () => {
    assert.match(await dig('ShOp.LaB.tEsT', 'A'), /^;ShOp\.LaB\.tEsT\./m);
  });

  it('follows a CNAME, also for a type its target does not have', async () => {
    assert.deepEqual(records(await dig('www.lab.test', 'A')), [
      'www.lab.test. 3600 IN CNAME shop.lab.test.', 'shop.lab.test. 3600 IN A 127.0.0.1']);
    assert.deepEqual(records(await dig('www.lab.test', 'TXT')), ['www.lab.test. 3600 IN CNAME shop.lab.test.']);
  });

  it('has SOA, NS and TXT at its top', async () => {
    assert.match(records(await dig('lab.test', 'SOA'))[0] ?? '', /^lab\.test\. 3600 IN SOA ns\.lab\.test\. hostmaster/);
    assert.deepEqual(records(await dig('lab.test', 'NS')), ['lab.test. 3600 IN NS ns.lab.test.']);
    assert.match(records(await dig('lab.test', 'TXT'))[0] ?? '', /IN TXT "Roundtrip Lab/);
  });

  it('has a record of every type that is shown', async () => {
    const shown = [
      ['lab.test', 'MX', '10 mail.lab.test.'], ['lab.test', 'CAA', '0 issue "roundtrip-lab.test"'],
      ['_ftp._tcp.lab.test', 'SRV', '0 5 2121 ftp.lab.test.'],
      ['lab.test', 'NAPTR', '10 10 "u" "E2U+web" "!^.*$!http://lab.test/!" .'],
      ['_8443._https.h2.lab.test', 'HTTPS', '1 h2.lab.test. alpn="h2,http/1.1" port=8443'],
      ['_8443._https.apex.lab.test', 'HTTPS', '0 hints.lab.test.'],
      ['hints.lab.test', 'HTTPS', '1 hints.lab.test. alpn="h2,http/1.1" port=8443 ipv4hint=127.0.0.1 ipv6hint=::1'],
      ['_ftp.lab.test', 'SVCB', '1 ftp.lab.test. port=2121'], ['moved.lab.test', 'DNAME', 'lab.test.'],
    ] as const;
    for (const [name, type, value] of shown) {
      assert.deepEqual(records(await dig(name, type)), [`${name}. 3600 IN ${type} ${value}`]);
    }
    assert.equal(headerOf(await dig('_8444._https.h2.lab.test', 'HTTPS')).status, 'NXDOMAIN');
  });

  it('has names of one family, and of none', async () => {
    const lines = async (name: string, type: string) => records(await dig(name, type)).map((line) => line.split(' ')[3]);
    assert.deepEqual([await lines('ipv4.lab.test', 'A'), await lines('ipv4.lab.test', 'AAAA')], [['A'], ['SOA']]);
    assert.deepEqual([await lines('ipv6.lab.test', 'A'), await lines('ipv6.lab.test', 'AAAA')], [['SOA'], ['AAAA']]);
    assert.deepEqual([await lines('empty.lab.test', 'A'), await lines('empty.lab.test', 'AAAA')], [['SOA'], ['SOA']]);
  });

  it('follows a chain of aliases, and leaves one that goes in a circle', async () => {
    assert.deepEqual(records(await dig('alias.lab.test', 'A')).map((line) => line.split(' ').slice(3).join(' ')), [
      'CNAME alias2.lab.test.', 'CNAME alias3.lab.test.', 'CNAME shop.lab.test.', 'A 127.0.0.1']);
    const circle = records(await dig('loop.lab.test', 'A'));
    assert.ok(circle.length >= 2 && circle.every((line) => line.includes(' CNAME loop')), circle.join('\n'));
  });

  it('makes an alias of each name below a DNAME, and none of the name itself', async () => {
    const rename = 'moved.lab.test. 3600 IN DNAME lab.test.';
    assert.deepEqual(records(await dig('shop.moved.lab.test', 'A')), [
      rename, 'shop.moved.lab.test. 3600 IN CNAME shop.lab.test.', 'shop.lab.test. 3600 IN A 127.0.0.1']);
    assert.deepEqual(records(await dig('www.moved.lab.test', 'A')).map((line) => line.split(' ').slice(3).join(' ')), [
      'DNAME lab.test.', 'CNAME www.lab.test.', 'CNAME shop.lab.test.', 'A 127.0.0.1']);
    assert.deepEqual(records(await dig('a.moved.lab.test', 'CNAME')), [rename, 'a.moved.lab.test. 3600 IN CNAME a.lab.test.']);
    assert.match(records(await dig('moved.lab.test', 'A')).join(), /^lab\.test\. 3600 IN SOA/);
    // RFC 6604 §3: the code is about the name where the aliases end.
    const gone = await dig('nowhere.moved.lab.test', 'A');
    assert.equal(headerOf(gone).status, 'NXDOMAIN');
    assert.match(gone, /CNAME\s+nowhere\.lab\.test\./);
    // Four names of 63 and one too many: 253 characters become more where the new end is longer than the old one.
    const zone = createZone({
      origin: 'test', server: { name: 'ns.test', addresses: [] },
      records: [{ type: 'DNAME', name: 'a.test', ttl: 1, data: `${'b'.repeat(63)}.test` }],
    });
    const long = query(`${Array<string>(3).fill('c'.repeat(63)).join('.')}.a.test`, 1);
    assert.equal((replyTo(long, { zones: [zone] }, 'tcp').bytes?.readUInt16BE(2) ?? 0) & 15, 6);
  });

  it('tells no data from no name, both with its SOA', async () => {
    const noData = await dig('shop.lab.test', 'MX');
    assert.deepEqual(headerOf(noData), { status: 'NOERROR', flags: ['qr', 'aa'] });
    assert.match(records(noData).join(), /SOA/);
    for (const name of ['nowhere.lab.test', 'a.b.nowhere.lab.test']) {
      const noName = await dig(name, 'A');
      assert.equal(headerOf(noName).status, 'NXDOMAIN', name);
      assert.match(records(noName).join(), /SOA/);
    }
  });

  it('refuses what is outside its zone, transfers and other classes', async () => {
    assert.equal(headerOf(await dig('example.com', 'A')).status, 'REFUSED');
    assert.equal(headerOf(await dig('notlab.test', 'A')).status, 'REFUSED');
    assert.equal(headerOf(await dig('-c', 'CH', 'lab.test', 'TXT')).status, 'REFUSED');
    assert.match(await dig('lab.test', 'AXFR'), /Transfer failed/);
    assert.equal(headerOf(await dig('servfail.lab.test', 'A')).status, 'SERVFAIL');
  });

  it('does not take a dot inside a label for a separator', async () => {
    assert.equal(headerOf(await dig('www\\.lab.test', 'A')).status, 'REFUSED');
    assert.equal(headerOf(await dig('a\\.b.lab.test', 'A')).status, 'NXDOMAIN');
  });

  it('truncates over UDP and gives all over TCP', async () => {
    const cut = await dig('+ignore', 'big.lab.test', 'TXT');
    assert.deepEqual(headerOf(cut), { status: 'NOERROR', flags: ['qr', 'aa', 'tc'] });
    assert.deepEqual(records(cut), []);
    assert.match(await dig('+ignore', 'long.lab.test', 'A'), /flags: qr aa tc/);
    const whole = await dig('big.lab.test', 'TXT');
    assert.match(whole, /TCP/);
    assert.equal(records(whole).join().match(/"\d+: /g)?.length, 20);
  });

  it('answers an unknown EDNS version with BADVERS', async () => {
    assert.equal(headerOf(await dig('+edns=1', '+noednsnegotiation', 'lab.test', 'A')).status, 'BADVERS');
  });

  it('is understood by c-ares', async () => {
    const resolver = new Resolver({ timeout: 3000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.port}`]);
    assert.deepEqual(await resolver.resolve4('a.lab.test', { ttl: true }), [{ address: '127.0.0.1', ttl: 3600 }]);
    await assert.rejects(resolver.resolve4('nowhere.lab.test'), { code: 'ENOTFOUND' });
  });

  it('names ::1 only when the lab listens there', () => {
    const answer = replyTo(query('lab.test', 28), { zones: zonesWith('127.0.0.1') }, 'udp').bytes;
    assert.equal(answer?.readUInt16BE(6), 0);
    assert.equal(reply(query('lab.test', 28), 'udp')?.readUInt16BE(6), 1);
  });

  it('answers several queries on one TCP connection, at every split of the bytes', async () => {
    const one = query('lab.test', 1);
    const framed = Buffer.concat([Buffer.from([0, one.length]), one, Buffer.from([0, one.length]), one]);
    const size = reply(one, 'tcp')?.length ?? 0;
    for (let cut = 1; cut < framed.length; cut += 1) {
      const socket = await dial(server.port);
      socket.setNoDelay();
      const received = receive(socket, new RegExp(`^[^]{${2 * (size + 2)}}$`));
      socket.write(framed.subarray(0, cut));
      await new Promise(setImmediate);
      socket.write(framed.subarray(cut));
      assert.equal((await received).text.length, 2 * (size + 2), `cut at ${cut}`);
      socket.destroy();
    }
  });

  it('answers malformed messages with a format error or not at all, and goes on', async () => {
    const good = query('lab.test', 1);
    for (let size = 0; size < good.length; size += 1) {
      const answer = reply(good.subarray(0, size), 'udp');
      if (size < 12) assert.equal(answer, undefined);
      else assert.equal((answer?.readUInt16BE(2) ?? 0) & 15, 1, `${size} bytes`);
    }
    const response = Buffer.from(good);
    response.writeUInt16BE(0x8000, 2);
    assert.equal(reply(response, 'udp'), undefined);
    const update = Buffer.from(good);
    update.writeUInt16BE(5 << 11, 2);
    assert.equal((reply(update, 'udp')?.readUInt16BE(2) ?? 0) & 15, 4);
    const loop = Buffer.concat([good.subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]);
    assert.equal((reply(loop, 'udp')?.readUInt16BE(2) ?? 0) & 15, 1);
    for (let seed = 1; seed <= 2000; seed += 1) reply(scrambled(good, seed), 'udp');
    const socket = createSocket('udp4');
    socket.send(good.subarray(0, 5), server.port, '127.0.0.1');
    socket.send(good, server.port, '127.0.0.1');
    const [answer] = await once(socket, 'message') as [Buffer];
    socket.close();
    assert.equal(answer.readUInt16BE(6), 1);
  });
});

/** A plain query by hand: id 7, one question. */
function query(name: string, type: number): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([Buffer.from([0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), ...labels,
    Buffer.from([0, 0, type, 0, 1])]);
}

/** The message with a few bytes changed, the same way for the same seed. */
function scrambled(message: Buffer, seed: number): Buffer {
  const bytes = Buffer.from(message);
  let state = seed;
  for (let change = 0; change < 4; change += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[(state >>> 8) % bytes.length] = state >>> 16;
  }
  return bytes;
}
