import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import type { ServiceDecision } from '../../../src/trace/serviceBinding.ts';
import { createClient } from '../../../src/wire/client.ts';
import { createFixtures, failureOf, look, outcome, until } from './lookups.ts';
import type { Looked } from './lookups.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { startHierarchy } from './hierarchy.ts';
import type { Hierarchy } from './hierarchy.ts';
import { rootAddress as root, zones } from './hierarchyZones.ts';

// The walk from the root over servers that others wrote, and the same questions asked by dig.

/** A step in short. */
function told(step: DnsStep): string {
  const { zone, serverName, question, outcome: came, purpose, transport } = step;
  const where = step.referral?.zone ?? step.alias ?? '';
  return [
    `${zone}@${serverName ?? ''}`, purpose, question.type, question.name, transport === 'tcp' ? 'tcp' : '', came, where,
  ]
    .filter((part) => part !== '').join(' ');
}

/** What was asked for one type of records, in its order: A, which finds the zones, and AAAA go on beside each other. */
function walked({ steps }: Looked, type = 'A'): string[] {
  return steps.filter(({ source, question }) => source === 'name-server' && question.type === type).map(told);
}

describe('the walk from the root', function () {
  this.timeout(300_000);
  const fixtures = createFixtures();
  let servers: Hierarchy;

  before(async function () {
    debianOrSkip(this, 'nsd', 'nsd');
    debianOrSkip(this, 'bind9-dnsutils', 'dig');
    servers = await startHierarchy(zones);
  });
  after(async () => {
    await servers?.close();
    await fixtures.cleanUp();
  });

  async function walk(name: string, more: Parameters<typeof look>[2] = {}): Promise<Looked> {
    const resolver = fixtures.resolver({ timeout: 1000, random: () => 0 });
    const roots = [{ servers: [{ name: 'a.root.test', address: root, port: servers.port }] }];
    return look(resolver, name, { dns: 'trace', rootServers: roots, ...more });
  }

  it('goes from the root by referrals, each server asked no more of the name than it needs', async () => {
    const looked = await walk('shop.lab.test');
    assert.deepEqual(outcome(looked), ['2001:db8::7', '192.0.2.7']);
    const [first, ...others] = looked.steps.map(({ source }) => source);
    assert.deepEqual([first, new Set(others)], ['hosts', new Set(['name-server'])]);
    assert.deepEqual(walked(looked).map((line) => line.replace(/ns[12]/, 'ns')), [
      '.@a.root.test minimised A test referral test',
      'test@ns.nic.test minimised A lab.test referral lab.test',
      'lab.test@ns.lab.test name A shop.lab.test answered',
    ]);
    assert.match(walked(looked, 'AAAA').join('\n'), /^lab\.test@ns[12]\.lab\.test name AAAA shop\.lab\.test answered$/);
    const referral = looked.steps[2]?.referral;
    assert.deepEqual([...referral?.servers ?? []].sort(), ['ns1.lab.test', 'ns2.lab.test']);
    assert.deepEqual(referral?.glue.map(({ address }) => address), ['127.0.0.4', '127.0.0.4']);
  });

  const cases: [name: string, expected: readonly string[] | string, lines?: number][] = [
    ['four.lab.test', ['192.0.2.4']],
    ['www.lab.test', ['2001:db8::7', '192.0.2.7']],
    ['abroad.lab.test', ['2001:db8::99', '192.0.2.99']],
    ['back.lab.test', ['2001:db8::7', '192.0.2.7']],
    ['www.far.test', ['192.0.2.77']],
    ['www.half.test', ['192.0.2.50']],
    ['a.b.c.test', ['192.0.2.33']],
    ['one.two.three.four.five.lab.test', ['192.0.2.55']],
    ['text.lab.test', 'name-without-address'],
    ['gone.lab.test', 'name-not-found'],
    ['gone-alias.lab.test', 'name-not-found'],
    ['nothing.at.all', 'name-not-found'],
    ['loop1.lab.test', 'name-server-failed'],
    ['www.lame.test', 'name-server-failed'],
    ['www.ring1.test', 'name-server-failed'],
    ['www.nowhere', 'name-server-failed'],
  ];
  for (const [name, expected] of cases) {
    it(`${name}: ${String(expected)}`, async () => {
      const looked = await walk(name);
      assert.deepEqual(outcome(looked), expected);
      await comparesWithDig(looked);
    });
  }

  /** Each step's server, asked the same by dig, says the same. */
  async function comparesWithDig({ steps }: Looked): Promise<void> {
    const walkedSteps = steps.filter(({ source }) => source === 'name-server');
    assert.ok(walkedSteps.length > 0);
    for (const { server = '', question, rcode, records = [], flags } of walkedSteps) {
      const said = servers.dig(server.split(':')[0]!, question.name, question.type);
      assert.match(said, new RegExp(`status: ${rcode},`), question.name);
      assert.equal(/flags: ([a-z ]*);/.exec(said)?.[1], flags?.join(' '));
      const theirs = said.split('\n').filter((line) => /^[^;\s].*\sIN\s/.test(line))
        .map((line) => line.split(/\s+/)).map(([name = '', , , type, ...value]) =>
          `${name.toLowerCase()} ${type} ${value.join(' ').toLowerCase()}`);
      const ours = records.map(({ name, type, value }) => `${name}. ${type} ${value}`);
      assert.deepEqual(ours.sort(), theirs.sort());
    }
  }

  it('goes on at an alias in another zone, from the root if need be', async () => {
    const looked = await walk('abroad.lab.test');
    const withoutNumber = (line: string): string => line.replace(/ns[12]/, 'ns');
    assert.deepEqual(walked(looked).slice(2).map(withoutNumber), [
      'lab.test@ns.lab.test name A abroad.lab.test answered host.other',
      '.@a.root.test minimised A other referral other',
      'other@ns.other alias A host.other answered',
    ]);
    assert.deepEqual(walked(looked, 'AAAA').map(withoutNumber), [
      'lab.test@ns.lab.test name AAAA abroad.lab.test answered host.other',
      'other@ns.other alias AAAA host.other answered',
    ]);
  });

  it('looks up a server that came without glue', async () => {
    assert.deepEqual(walked(await walk('www.far.test')).slice(1, 5), [
      'test@ns.nic.test minimised A far.test referral far.test',
      '.@a.root.test minimised A other referral other',
      'other@ns.other server-address A ns.other answered',
      'far.test@ns.other name A www.far.test answered',
    ]);
  });

  it('says which server does not serve its zone, and asks the next', async () => {
    const lame = walked(await walk('www.lame.test'));
    assert.ok(lame.includes('lame.test@ns.lame.test name A www.lame.test refused'), lame.join('\n'));
    const half = walked(await walk('www.half.test'));
    assert.ok(half.includes('half.test@ns2.half.test name A www.half.test answered'), half.join('\n'));
  });

  it('asks over TCP for what was cut off', async () => {
    const looked = await walk('many.lab.test');
    assert.equal(looked.resolution.ok && looked.resolution.addresses.length, 120);
    const tcp = looked.steps.filter(({ transport }) => transport === 'tcp');
    assert.deepEqual(tcp.map(({ question, records }) =>
      [question.name, records?.filter(({ type }) => type === 'A').length]),
      [['many.lab.test', 122]]);
  });

  it('decodes the HTTPS record when asked for a service', async () => {
    const { steps } = await walk('shop.lab.test', { service: { scheme: 'https', port: 443 } });
    const step = steps.find(({ purpose }) => purpose === 'service');
    assert.deepEqual([step?.question.type, step?.records?.[0]?.value],
      ['HTTPS', '1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.7']);
    const other = await walk('shop.lab.test', { service: { scheme: 'https', port: 8443 } });
    assert.equal(other.steps.find(({ purpose }) => purpose === 'service')?.question.name, '_8443._https.shop.lab.test');
    assert.ok(other.steps.every(({ question }) => question.name !== '_https.shop.lab.test'));
  });

  it('goes where the HTTPS record of a real server leads, as dig shows it', async () => {
    const decisions: ServiceDecision[] = [];
    const { resolution, steps } = await walk('shop.lab.test', {
      service: { scheme: 'https', port: 443 }, onService: (decision) => decisions.push(decision),
    });
    const [first] = resolution.ok ? resolution.service?.choices ?? [] : [];
    assert.deepEqual([first?.endpoint.target, first?.endpoint.port], ['shop.lab.test', 8443]);
    assert.deepEqual(first?.addresses, resolution.ok && resolution.addresses);
    const server = steps.find(({ purpose }) => purpose === 'service')?.server?.split(':')[0] ?? '';
    const said = servers.dig(server, 'shop.lab.test', 'HTTPS').split('\n').find((line) =>
      /^shop\.lab\.test\.\s/.test(line)) ?? '';
    // dig writes lists between quotation marks.
    assert.equal(said.replaceAll('"', '').split(/\s+/).slice(4).join(' '), decisions[0]?.considered[0]?.value);
    assert.equal(decisions[0]?.considered[0]?.used, true);
  });

  it('is what one request asks for, with the HTTPS record; the name of the peer is asked for apart, and on demand', async () => {
    const seen: ConnectionEvent[] = [];
    const isNamed = (): boolean => seen.some(({ type }) => type === 'peer-name');
    let mayAnswer = isNamed;
    // The response is there only once the name of the peer is: it is not waited for.
    const server = createServer((_, response) => void until(() => mayAnswer()).then(() => response.end('ok')));
    server.listen(0, '127.0.0.4');
    await once(server, 'listening');
    const client = createClient({ resolver: fixtures.resolver({ timeout: 1000, random: () => 0 }) });
    try {
      const { port } = server.address() as AddressInfo;
      const send = (peerName: boolean) => client.send({
        id: 'walk', method: 'GET', url: `http://here.lab.test:${port}/`, headers: [['Connection', 'close']],
        options: { dns: 'trace', peerName, rootServers: [{ servers: [{ address: root, port: servers.port }] }] },
      }, { onExchange: () => {}, onConnection: ({ events }) => void seen.push(...events) });
      const [exchange] = await send(true);
      assert.equal(exchange?.response?.statusCode, 200);
      const { lookup, peerName } = exchange.connection ?? {};
      assert.deepEqual(lookup?.addresses, [{ address: '127.0.0.4', family: 4 }]);
      assert.ok(lookup.steps.some(({ purpose, question }) =>
        purpose === 'service' && question.name === `_${port}._https.here.lab.test`));
      assert.deepEqual(peerName?.names, ['host.lab.test']);
      const isReverse = ({ question }: DnsStep): boolean => /(^|\.)arpa$/.test(question.name);
      assert.deepEqual([lookup.steps.filter(isReverse), peerName.steps.every(isReverse)], [[], true]);
      const steps = peerName.steps.map(({ purpose, outcome: came }) => `${purpose} ${came}`);
      assert.ok(steps.includes('minimised referral'), steps.join(', '));
      // Unasked, nobody hears of the address.
      seen.length = 0;
      mayAnswer = () => true;
      await send(false);
      assert.deepEqual(
        seen.filter((event) => event.type === 'peer-name' || (event.type === 'dns-step' && isReverse(event.step))), [],
      );
    } finally {
      await client.close();
      server.close();
    }
  });

  it('gives up on a zone whose servers say nothing', async () => {
    const looked = await walk('www.silent');
    const { code, detail } = failureOf(looked);
    assert.deepEqual(
      [code, detail?.['servers']], ['name-server-failed', [`${root}:${servers.port}`, `127.0.0.9:${servers.port}`]],
    );
  });
});
