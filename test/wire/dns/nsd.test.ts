import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResolver } from '../../../src/wire/dns/resolve.ts';
import { debianOrSkip } from '../../support/debian.ts';
import { freeUdpPort } from '../../support/sockets.ts';
import { look, outcome } from './lookups.ts';

// Against a name server that others wrote.

const longNames = Array.from({ length: 120 }, (_, index) => `many IN A 192.0.2.${index + 1}`);
const zone = [
  '$ORIGIN lab.test.',
  '$TTL 300',
  '@ IN SOA ns admin 1 3600 600 86400 45',
  '@ IN NS ns',
  'ns IN A 127.0.0.1',
  'shop IN A 192.0.2.7',
  'shop IN AAAA 2001:db8::7',
  'four IN A 192.0.2.4',
  'www IN CNAME alias',
  'alias IN CNAME shop',
  'text IN TXT "no address"',
  'dangling IN CNAME gone',
  'out IN CNAME elsewhere.example.',
  'loop1 IN CNAME loop2',
  'loop2 IN CNAME loop1',
  ...longNames,
  '',
].join('\n');

describe('against NSD', function () {
  this.timeout(300_000);
  let directory: string;
  let port: number;
  let child: ChildProcess;

  before(async function () {
    const nsd = debianOrSkip(this, 'nsd', 'nsd');
    directory = mkdtempSync(join(tmpdir(), 'roundtrip-nsd-'));
    port = await freeUdpPort();
    writeFileSync(join(directory, 'lab.test.zone'), zone);
    writeFileSync(join(directory, 'nsd.conf'), configuration(directory, port));
    child = spawn(nsd, ['-d', '-c', join(directory, 'nsd.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr?.on('data', (chunk) => {
      errors += String(chunk);
    });
    await ready(port, () => (child.exitCode === null ? undefined : errors));
  });

  after(async () => {
    if (child?.exitCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    if (directory) rmSync(directory, { recursive: true });
  });

  const cases: [name: string, expected: readonly string[] | string][] = [
    ['shop.lab.test', ['2001:db8::7', '192.0.2.7']],
    ['SHOP.lab.TEST', ['2001:db8::7', '192.0.2.7']],
    ['four.lab.test', ['192.0.2.4']],
    ['www.lab.test', ['2001:db8::7', '192.0.2.7']],
    ['text.lab.test', 'name-without-address'],
    ['gone.lab.test', 'name-not-found'],
    ['dangling.lab.test', 'name-not-found'],
    ['loop1.lab.test', 'name-server-failed'],
    // Not NSD's zone: REFUSED.
    ['elsewhere.example', 'name-server-failed'],
    ['out.lab.test', 'name-server-failed'],
  ];
  for (const [name, expected] of cases) {
    it(`${name}: ${String(expected)}`, async () => {
      assert.deepEqual(outcome(await look(resolver(), name)), expected);
    });
  }

  it('cuts 120 addresses off over UDP and gives them over TCP', async () => {
    const { resolution, steps } = await look(resolver(), 'many.lab.test');
    assert.equal(resolution.ok && resolution.addresses.length, 120);
    const asked = steps.filter(({ question }) => question.type === 'A');
    assert.deepEqual(
      asked.map(({ transport, truncated }) => [transport, truncated]),
      [
        ['udp', true],
        ['tcp', false],
      ],
    );
    assert.equal(
      asked[1]?.records?.filter(({ type, section }) => type === 'A' && section === 'answer').length,
      120,
    );
  });

  it('says how long nothing may be remembered', async () => {
    let now = 0;
    const names = resolver(() => now);
    await look(names, 'gone.lab.test');
    now = 44_000;
    const remembered = (await look(names, 'gone.lab.test')).steps.at(-1);
    assert.deepEqual(
      [remembered?.source, remembered?.records?.find(({ type }) => type === 'SOA')?.ttl],
      ['cache', 1],
    );
    now = 45_000;
    assert.equal((await look(names, 'gone.lab.test')).steps.at(-1)?.source, 'name-server');
  });

  function resolver(now?: () => number): ReturnType<typeof createResolver> {
    const getaddrinfo = async (): Promise<never> => {
      throw Object.assign(new Error('not asked here'), { code: 'EAI_AGAIN' });
    };
    const servers = [{ address: '127.0.0.1', port }];
    return createResolver({
      servers,
      hostsFile: join(directory, 'no-hosts'),
      platform: 'linux',
      getaddrinfo,
      now,
      sourceOf: async ({ address }) => address,
    });
  }
});

function configuration(directory: string, port: number): string {
  return `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  zonesdir: "${directory}"
  database: ""
  pidfile: "${directory}/nsd.pid"
  xfrdfile: "${directory}/xfrd.state"
  xfrdir: "${directory}"
  zonelistfile: "${directory}/zone.list"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: lab.test
  zonefile: lab.test.zone
`;
}

/** Asks until the server answers; `ended` gives why it will not. */
async function ready(port: number, ended: () => string | undefined): Promise<void> {
  const hostsFile = '/nonexistent/hosts';
  for (;;) {
    const errors = ended();
    if (errors !== undefined) throw new Error(`nsd did not start: ${errors}`);
    const names = createResolver({
      servers: [{ address: '127.0.0.1', port }],
      hostsFile,
      timeout: 200,
      tries: 1,
      platform: 'linux',
      getaddrinfo: async () => {
        throw new Error('not ready');
      },
    });
    const { resolution } = await look(names, 'ns.lab.test');
    if (resolution.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
