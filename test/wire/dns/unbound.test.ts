import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { DnsStep } from '../../../src/trace/dnsStep.ts';
import { debianOrSkip, requireDebian } from '../../support/debian.ts';
import { freePortOfBoth } from '../../support/sockets.ts';
import { createFixtures, look, outcome } from './lookups.ts';
import type { Looked } from './lookups.ts';
import { startHierarchy } from './hierarchy.ts';
import type { Hierarchy } from './hierarchy.ts';
import { rootAddress, zones } from './hierarchyZones.ts';
import { startUnbound } from './unbound.ts';
import type { Unbound } from './unbound.ts';

// The walk, and a resolver that others wrote, over the same servers: what they come to is the same.

interface Said {
  readonly rcode: string;
  /** `name type value` of the answer. */
  readonly records: readonly string[];
}

describe('what unbound adds to an answer', function () {
  this.timeout(300_000);
  const fixtures = createFixtures();
  let unbound: Unbound | undefined;
  after(async () => {
    await unbound?.end();
    await fixtures.cleanUp();
  });

  it('is why it does not answer (RFC 8914)', async function () {
    debianOrSkip(this, 'unbound', 'unbound');
    const server = { address: '127.0.0.1', port: await freePortOfBoth() };
    const ask = (name: string, dns: string): Promise<Looked> =>
      look(fixtures.resolver({}), name, { dns, rootServers: [{ servers: [server] }] });
    unbound = await startUnbound(`  interface: 127.0.0.1@${server.port}
  ede: yes
  local-zone: "here.test." static
  local-data: "here.test. 60 IN A 192.0.2.1"
`, {}, async () => (await ask('here.test', `127.0.0.1:${server.port}`)).resolution.ok);
    // Without recursion, of what it does not know.
    const { steps } = await ask('www.gone.example', 'trace');
    assert.deepEqual(
      steps.filter(({ source }) => source === 'name-server').map(({ rcode, extendedErrors }) => [rcode, extendedErrors])
        .at(-1), ['REFUSED', [{ code: 20 }]],
    );
  });
});

describe('the walk beside unbound', function () {
  this.timeout(300_000);
  const fixtures = createFixtures();
  let servers: Hierarchy;
  let unbound: Unbound;
  let port: number;

  before(async function () {
    debianOrSkip(this, 'nsd', 'nsd');
    debianOrSkip(this, 'bind9-dnsutils', 'dig');
    debianOrSkip(this, 'unbound', 'unbound');
    servers = await startHierarchy(zones);
    port = await freePortOfBoth();
    unbound = await startUnbound(configuration(port, servers.port), {}, async () =>
      dig('shop.lab.test', 'A').rcode === 'NOERROR');
  });
  after(async () => {
    await unbound?.end();
    await servers?.close();
    await fixtures.cleanUp();
  });

  function dig(name: string, type: string): Said {
    const { stdout } = spawnSync(requireDebian('bind9-dnsutils', 'dig'), [
      '@127.0.0.1', '-p', String(port), '+nocookie', '+tries=1', '+time=5', '-r', name, type,
    ], { encoding: 'utf8' });
    const [, answer = ''] = /;; ANSWER SECTION:\n((?:[^;\n].*\n)+)/.exec(stdout) ?? [];
    const records = answer.trim().split('\n').filter((line) => line !== '').map((line) => {
      const [owner = '', , , recordType, ...value] = line.split(/\s+/);
      return `${owner.replace(/\.$/, '')} ${recordType} ${value.join(' ')}`.toLowerCase();
    });
    return { rcode: /status: (\w+),/.exec(stdout)?.[1] ?? '', records: records.sort() };
  }

  async function walk(name: string): Promise<Looked> {
    const rootServers = [{ servers: [{ name: 'a.root.test', address: rootAddress, port: servers.port }] }];
    const looked = await look(fixtures.resolver({ timeout: 1000 }), name, { dns: 'trace', rootServers });
    if (looked.resolution.ok) await looked.resolution.more;
    return looked;
  }

  /** What the walk was told for one type at the name and along its aliases. */
  function told({ steps }: Looked, type: string): Said {
    const asked = steps.filter(({ question, purpose }: DnsStep) =>
      question.type === type && (purpose === 'name' || purpose === 'alias'));
    const ends = asked.filter(({ outcome: came }) => came !== 'referral');
    const records = ends.flatMap(({ records: all = [] }) => all)
      .filter((record) => record.section === 'answer')
      .map((record) => `${record.name} ${record.type} ${record.value}`.toLowerCase());
    return { rcode: ends.at(-1)?.rcode ?? '', records: [...new Set(records)].sort() };
  }

  const cases: [what: string, names: readonly string[], rcode: string][] = [
    ['a name that exists', [
      'shop.lab.test', 'four.lab.test', 'many.lab.test', 'www.far.test', 'www.half.test', 'a.b.c.test',
      'one.two.three.four.five.lab.test',
    ], 'NOERROR'],
    ['a name with aliases', ['www.lab.test', 'abroad.lab.test', 'back.lab.test'], 'NOERROR'],
    ['a name without addresses', ['text.lab.test', 'b.c.test', 'three.four.five.lab.test', 'lab.test', 'test'], 'NOERROR'],
    ['a name that does not exist', ['gone.lab.test', 'gone.b.c.test', 'gone-alias.lab.test', 'nothing.at.all'], 'NXDOMAIN'],
  ];
  for (const [what, names, rcode] of cases) {
    for (const name of names) {
      it(`comes to the same for ${what}: ${name}`, async () => {
        const looked = await walk(name);
        const ours = [told(looked, 'A'), told(looked, 'AAAA')];
        assert.deepEqual(ours, [dig(name, 'A'), dig(name, 'AAAA')]);
        assert.deepEqual(ours.map((said) => said.rcode), [rcode, rcode]);
        const addresses = ours.flatMap(({ records }) => records)
          .flatMap((record) => / (?:a|aaaa) (\S+)$/.exec(record)?.[1] ?? []);
        const found = outcome(looked);
        if (addresses.length === 0) {
          assert.equal(found, rcode === 'NXDOMAIN' ? 'name-not-found' : 'name-without-address');
        } else {
          assert.ok(Array.isArray(found) && found.every((address) => addresses.includes(address)));
          assert.equal(found.length, addresses.length);
        }
      });
    }
  }
});

/** A referral tells no port, and unbound goes to port 53: it is told where each zone is served. */
function configuration(port: number, zonesPort: number): string {
  const stubs = Object.entries(zones).flatMap(([address, own]) => Object.keys(own).map((zone) => `stub-zone:
  name: "${zone}."
  stub-addr: ${address}@${zonesPort}
`));
  return `  interface: 127.0.0.1@${port}
  do-not-query-localhost: no
  local-zone: "test." nodefault
${stubs.join('')}`;
}
