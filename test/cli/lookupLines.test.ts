import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lookupLines } from '../../src/cli/lookupLines.ts';
import type { DnsStep } from '../../src/trace/dnsStep.ts';
import type { Exchange } from '../../src/trace/exchange.ts';
import { jsonLines, run } from '../support/commandLine.ts';
import { scenarios } from '../browser/fixtures/scenarios.ts';
import { a, soa, startNameServer } from '../wire/dns/nameServer.ts';
import type { Asked, NameServer, Send } from '../wire/dns/nameServer.ts';

const wide = { columns: Infinity, colours: false };

function loopback({ name, type }: { readonly name: string; readonly type: string }, send: Send): void {
  if (type === 'A') send({ answers: [a(name, '127.0.0.1')] });
  else send({ authorities: [soa('test', 60)] });
}

describe('names on the command line', () => {
  it('shows each step of the walk with its sentence, and nothing for other lookups', () => {
    const [exchange] = scenarios.walk.exchanges;
    const lines = lookupLines(exchange!, false, 'en', wide);
    assert.deepEqual(lines.slice(1, 4).map((line) => line.replace(/(?<=\S) {3,}/g, ' … ')), [
      'Lookup www.shop.lab.test  6.0 ms',
      '  ✓ A test … zone . a.root.test 127.0.0.2:5300 over UDP … referred to other servers NOERROR … 0.5 ms',
      '      A referral: test has name servers of its own (servers: 1, addresses that came along as glue: 1), which are asked next.',
    ]);
    assert.equal(lines.length, 2 + 2 * 8);
    assert.deepEqual(lookupLines(scenarios.login.exchanges[0]!, false, 'en', wide), []);
    assert.deepEqual(lookupLines({ ...exchange!, reused: true }, true, 'en', wide), []);
  });

  /** An exchange whose lookup had these steps, each of 1.5 ms. */
  function looked(...steps: Partial<DnsStep>[]): Exchange {
    const lookup = {
      name: 'a.test', startAt: 0, endAt: 7, addresses: [],
      steps: steps.map((step): DnsStep => ({
        at: 2, startAt: 0.5, source: 'name-server', question: { name: 'a.test', type: 'A' }, outcome: 'answered', ...step,
      })),
    };
    return { startedAt: 0, reused: false, connection: { attempts: [], lookup } } as unknown as Exchange;
  }

  const asked = {
    server: '192.0.2.53:853', transport: 'tls', rcode: 'NOERROR', flags: ['qr', 'rd', 'ra'], querySize: 40,
    answerSize: 104, connection: {
      reused: false, connectTime: 1, tlsTime: 2, serverName: 'dns.test', version: 'TLSv1.3', cipher: 'X', alpn: 'dot',
    },
    records: ['192.0.2.1', '192.0.2.2'].map((value) =>
      ({ section: 'answer', name: 'a.test', type: 'A', ttl: 60, value }) as const),
  } as const;

  it('with --verbose shows every step of any lookup, with flags, sizes and records', () => {
    const exchange = looked(
      { source: 'cache', ttlLeft: 37, outcome: 'answered' },
      { source: 'hosts', server: '/etc/hosts', outcome: 'not-listed' }, asked,
    );
    assert.deepEqual(lookupLines(exchange, true, 'en', wide), [
      '',
      'Lookup a.test  7.0 ms',
      '  ✓ A a.test  Cache                                answered             1.5 ms',
      '      Cached: 37 s left.',
      '  · A a.test  Hosts file /etc/hosts                not listed           1.5 ms',
      '  ✓ A a.test  Name server 192.0.2.53:853 over TLS  answered NOERROR     1.5 ms',
      '      flags qr rd ra · 40 B asked, 104 B answered · new connection: TCP 1.0 ms, TLS 2.0 ms · TLSv1.3, X, certificate for dns.test · ALPN dot',
      '      answer  a.test  A  60 s  192.0.2.1, 192.0.2.2',
    ]);
    assert.deepEqual(lookupLines(exchange, false, 'en', wide), []);
  });

  it('breaks between words, and gives up its columns, where the terminal is narrow', () => {
    const lines = lookupLines(looked(asked), true, 'ko', { columns: 60, colours: false });
    assert.deepEqual(lines.slice(2), [
      '  ✓ A a.test  네임 서버 192.0.2.53:853 TLS  응답함 NOERROR',
      '    1.5 ms',
      '      플래그 qr rd ra · 질의 40 B, 응답 104 B · 새 연결: TCP',
      '      1.0 ms, TLS 2.0 ms · TLSv1.3, X, 인증서: dns.test ·',
      '      ALPN dot',
      '      answer  a.test  A  60초  192.0.2.1, 192.0.2.2',
    ]);
  });

  it('says once why an answer is of no use, and prints no control characters', () => {
    const exchange = looked({
      outcome: 'error', zone: 'test', message: 'a\u001b[31mb', question: { name: 'a\u001b.test', type: 'A' },
    });
    const text = lookupLines(exchange, true, 'en', wide).join('\n');
    assert.equal(text.split('[31mb').length, 2);
    assert.ok(!text.includes('\u001b'));
  });

  it('has the lab’s own account of a question below the step, with --verbose', async () => {
    const { stdout, code } = await run(['send', '-v', '-'], { input: 'GET http://shop.lab.test:{{$lab.httpPort}}/' });
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}✓ A shop\.lab\.test +Name server 127\.0\.0\.1:\d+ over UDP +answered NOERROR +[\d.]+ ms$/m);
    assert.match(stdout, /^ {6}The server got \d+ B over UDP from port \d+: .*A shop\.lab\.test/mi);
  });

  it('takes # @dns and # @resolve from a file', async () => {
    const text = [
      '# @dns trace', 'GET {{$lab.http}}/json', '', '###', '# @resolve nowhere.test:9:127.0.0.1',
      'GET http://nowhere.test:9/', '',
    ].join('\n');
    const { stdout } = await run(['send', '--json', '-'], { input: text });
    const [walked, given] = jsonLines(stdout);
    assert.equal(walked.response.statusCode, 200);
    const asked = walked.connection.lookup.steps.filter((step: any) => step.source === 'name-server');
    assert.deepEqual(asked.filter((step: any) =>
      step.question.type === 'A' && step.question.name.endsWith('test')).map((step: any) => [step.zone, step.purpose, step.outcome]),
      [['.', 'minimised', 'referral'], ['test', 'name', 'referral'], ['lab.test', 'name', 'answered']]);
    assert.deepEqual(
      given.connection.lookup.steps.map((step: any) => [step.source, step.records[0].value]),
      [['resolve', '127.0.0.1']],
    );
    assert.equal(given.failure.code, 'connection-refused');
  });

  it('has the messages to and from the name server with --raw and in the JSON, unless nothing is kept', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    const asked: Asked[] = [];
    const own = await startNameServer((query, send) => {
      asked.push(query);
      loopback(query, send);
    });
    try {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const request = `GET http://raw.test:${port}/\n`;
      const send = async (option: string, input: string): Promise<string> =>
        (await run(['send', option, '--dns', `127.0.0.1:${own.port}`, '-'], { input })).stdout;
      const raw = await send('--raw', request);
      const { id = 0, written } = asked.find(({ type }) => type === 'A') ?? {};
      const hex = id.toString(16).padStart(4, '0');
      const head = `A raw\\.test  127\\.0\\.0\\.1:${own.port} over UDP\\n  0–1  ID: 0x${hex} \\(${id}\\)\\n`;
      assert.match(raw, new RegExp(`→ Query  \\+[\\d.]+ ms  37 B  ${head}`));
      assert.match(raw, new RegExp(`← Answer  \\+[\\d.]+ ms  \\d+ B  ${head}`));
      assert.match(raw, new RegExp(`12–25  Question: ${written?.replace('.', '\\.')}\\. IN A\\n`));
      assert.match(raw, new RegExp(`\\n00000000  ${hex.slice(0, 2)} ${hex.slice(2)} 01 00 00 01 `));
      const [line] = jsonLines(await send('--json', request));
      const steps: DnsStep[] = line.connection.lookup.steps.filter((step: DnsStep) => step.question.type === 'A' && step.queryBytes);
      assert.equal(steps.length, 1);
      assert.ok(asked.some(({ bytes }) => bytes.toString('base64') === steps[0]?.queryBytes));
      assert.doesNotMatch(await send('--raw', `# @no-capture\n${request}`), /Query {2}/);
      assert.doesNotMatch(await send('--json', `# @no-capture\n${request}`), /queryBytes|answerBytes/);
    } finally {
      await own.close();
      server.closeAllConnections();
      server.close();
    }
  });

  it('asks the servers of --dns where a request names none', async () => {
    const [given, own] = [await startNameServer(loopback), await startNameServer(loopback)];
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const text = [
        `GET http://here.test:${port}/`, '###', `# @dns 127.0.0.1:${own.port}`, `GET http://there.test:${port}/`, '',
      ].join('\n');
      const { stdout } = await run(['send', '--json', '--dns', `127.0.0.1:${given.port}`, '-'], { input: text });
      assert.deepEqual(jsonLines(stdout).map((exchange: any) => exchange.response?.statusCode), [200, 200]);
      const namesAsked = ({ asked }: NameServer): string[] => [...new Set(asked.map(({ name }) => name.toLowerCase()))];
      assert.deepEqual([namesAsked(given), namesAsked(own)], [['here.test'], ['there.test']]);
    } finally {
      await Promise.all([given.close(), own.close()]);
      server.closeAllConnections();
      server.close();
    }
  });

  it('tells what the machine knows of the connection, and asks the system and for the name of the peer', async () => {
    const text = ['# @dns system', '# @dns ptr', 'GET http://localhost:{{port}}/', ''].join('\n');
    const server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { stdout } = await run(['send', '--json', '--var', `port=${port}`, '-'], { input: text });
      const [{ connection }] = jsonLines(stdout);
      assert.deepEqual(connection.lookup.steps.map((step: any) => step.source), ['getaddrinfo']);
      assert.equal(connection.lookup.steps[0].system.call.name, 'localhost');
      assert.equal(connection.link.kind, 'loopback');
      assert.equal(connection.peerName.address, connection.peerAddress);
      if (process.platform === 'linux') assert.ok(connection.tcp.at(-1).figures.bytesReceived > 0);
      else assert.equal(connection.tcp.at(-1).silence, 'unsupported');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
