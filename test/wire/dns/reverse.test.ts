import assert from 'node:assert/strict';
import { decode } from 'dns-packet';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:tls';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import type { ResolverOptions } from '../../../src/wire/dns/means.ts';
import { createResolver } from '../../../src/wire/dns/resolve.ts';
import { createAuthority, type TestAuthority } from '../../support/certificates.ts';
import { freePort } from '../../support/sockets.ts';
import { createDnsOverTls, prefixed } from './dnsOverTls.ts';
import { createFixtures } from './lookups.ts';
import { buildReply, nxdomain } from './nameServer.ts';
import type { NameServer, Send } from './nameServer.ts';

// Who is asked for the names of an address, and who must not hear of it.

const tellsNames = (data: string) => ({ name }: { readonly name: string }, send: Send): void =>
  send({ answers: [{ type: 'PTR', name, ttl: 60, data }] });

describe('the names of an address, by whom they are asked', function () {
  this.timeout(30_000);
  const fixtures = createFixtures();
  const opened: Server[] = [];
  let authority: TestAuthority;

  before(async () => { authority = await createAuthority('Names'); });
  afterEach(async () => {
    for (const server of opened.splice(0)) server.close();
    await fixtures.cleanUp();
  });

  /** A server over TLS that knows the name of every address. */
  async function overTls(): Promise<{ readonly dns: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const server = createDnsOverTls(await authority.issue({ names: ['127.0.0.1'] }), (query, socket) => {
      const { id = 0, questions = [] } = decode(query);
      const { name = '', type = '' } = questions[0] ?? {};
      asked.push(`${type} ${name}`);
      const answers = [{ type: 'PTR' as const, name, ttl: 60, data: 'host.test' }];
      socket.write(prefixed(buildReply({ id, name, type }, { answers })));
    });
    opened.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return { dns: `tls://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  /** The names of 192.0.2.7, and the steps; `configured` stands for the system's server. */
  async function namesOf(
    dns: string | undefined, configured: NameServer, more: ResolverOptions = {},
  ): Promise<{ names: readonly string[]; steps: DnsStep[] }> {
    const steps: DnsStep[] = [];
    const resolver = fixtures.resolver({ servers: [configured], timeout: 1000, ...more });
    const trustAnchors = [{ pem: authority.pem, label: 'test' }];
    const names = await resolver.reverse!('192.0.2.7', {
      trustAnchors, onStep: (step) => steps.push(step), ...(dns !== undefined && { dns }),
    });
    return { names, steps };
  }

  it('is the server over TLS that was chosen, and nobody else', async () => {
    const [chosen, system] = [await overTls(), await fixtures.server(tellsNames('leak.test'))];
    const { names, steps } = await namesOf(chosen.dns, system);
    assert.deepEqual(names, ['host.test']);
    assert.deepEqual(chosen.asked, ['PTR 7.2.0.192.in-addr.arpa']);
    assert.deepEqual(
      steps.filter(({ source }) => source !== 'literal').map(({ source, transport, purpose }) => [source, transport, purpose]),
      [['name-server', 'tls', 'peer-name']],
    );
    assert.deepEqual(system.asked, []);
  });

  it('is nobody when the chosen server does not answer, or is none', async () => {
    const system = await fixtures.server(tellsNames('leak.test'));
    for (const dns of [`tls://127.0.0.1:${await freePort()}`, 'gopher://127.0.0.1']) {
      assert.deepEqual((await namesOf(dns, system)).names, [], dns);
    }
    assert.deepEqual(system.asked, []);
  });

  it('is the system alone for @dns system', async () => {
    const server = await fixtures.server(tellsNames('leak.test'));
    const asked: string[] = [];
    const { names, steps } = await namesOf('system', server, {
      hostsFile: fixtures.file('192.0.2.7 listed.test\n'),
      getnameinfo: async (address) => {
        asked.push(address);
        return 'system.test';
      },
    });
    assert.deepEqual([names, asked, server.asked], [['system.test'], ['192.0.2.7'], []]);
    assert.deepEqual(steps.map(({ source, outcome, question }) => [source, outcome, question.type]),
      [['getnameinfo', 'answered', 'PTR']]);
  });

  it('is the system for @dns system also when it knows no name', async () => {
    const server = await fixtures.server(tellsNames('leak.test'));
    const { names, steps } = await namesOf('system', server);
    assert.deepEqual([names, server.asked], [[], []]);
    assert.deepEqual(steps.map(({ source, outcome }) => [source, outcome]), [['getnameinfo', 'name-error']]);
  });

  describe('of a host in a zone with servers of its own', () => {
    const hosts = '192.0.2.7 listed.test\n';
    /** The names of 192.0.2.7, which was reached by this name. */
    async function reachedBy(host: string | undefined, own: NameServer, system: NameServer): Promise<readonly string[]> {
      const zoneServers = [
        { zone: 'lab.test', servers: [own], reverse: ['2.0.192.in-addr.arpa'] },
        { zone: 'other.lab.test', servers: [own] },
      ];
      const resolver = fixtures.resolver({ servers: [system], hostsFile: fixtures.file(hosts) });
      return resolver.reverse!('192.0.2.7', { zoneServers, onStep: () => {}, ...(host !== undefined && { host }) });
    }

    it('are those servers, where they keep the names of its addresses', async () => {
      const [own, system] = [await fixtures.server(tellsNames('shop.lab.test')), await fixtures.server(nxdomain)];
      assert.deepEqual(await reachedBy('SHOP.lab.test', own, system), ['shop.lab.test']);
      assert.deepEqual([own.asked.length, system.asked.length], [1, 0]);
    });

    it('are not those servers for another host at the same address', async () => {
      const [own, system] = [await fixtures.server(tellsNames('shop.lab.test')), await fixtures.server(nxdomain)];
      for (const host of [undefined, 'host.test', 'www.other.lab.test']) {
        assert.deepEqual(await reachedBy(host, own, system), ['listed.test'], String(host));
      }
      assert.deepEqual(own.asked, []);
    });
  });

  it('is getnameinfo of this machine, once', async () => {
    const steps: DnsStep[] = [];
    const names = await createResolver().reverse!('127.0.0.1', { dns: 'system', onStep: (step) => steps.push(step) });
    assert.deepEqual([steps[0]?.source, steps.length], ['getnameinfo', 1]);
    assert.deepEqual(names.length, steps[0]?.outcome === 'answered' ? 1 : 0);
  });
});
