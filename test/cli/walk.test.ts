import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { walkLines } from '../../src/cli/walk.ts';
import { jsonLines, run } from '../support/commandLine.ts';
import { scenarios } from '../browser/fixtures/scenarios.ts';
import { a, soa, startNameServer } from '../wire/dns/nameServer.ts';
import type { NameServer, Send } from '../wire/dns/nameServer.ts';

const terminal = { columns: 100, colours: false };

function loopback({ name, type }: { readonly name: string; readonly type: string }, send: Send): void {
  if (type === 'A') send({ answers: [a(name, '127.0.0.1')] });
  else send({ authorities: [soa('test', 60)] });
}

describe('names on the command line', () => {
  it('shows each step of the walk with its sentence, and nothing for other lookups', () => {
    const [exchange] = scenarios.walk.exchanges;
    const lines = walkLines(exchange!, 'en', terminal);
    assert.deepEqual(lines.slice(0, 3), [
      '',
      '  .                 a.root.test (127.0.0.2:5300)  UDP  A test  NOERROR  0.5 ms',
      '    A referral: test has name servers of its own (servers: 1, addresses that came along as glue: 1), which are asked next.',
    ]);
    assert.equal(lines.length, 1 + 2 * 8);
    assert.deepEqual(walkLines(scenarios.login.exchanges[0]!, 'en', terminal), []);
    assert.deepEqual(walkLines({ ...exchange!, reused: true }, 'en', terminal), []);
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
