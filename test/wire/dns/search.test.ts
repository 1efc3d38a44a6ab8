import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipped } from '../../support/debian.ts';
import { createFixtures, look } from './lookups.ts';
import { answerFor } from './searchZone.ts';

// The C library's search list as witness: getent before a name server that tells what it was asked.

const corp = 'search corp.example lab.example\n';
const cases: readonly { readonly configuration: string; readonly name: string }[] = [
  ...['box', 'box.', 'plain', 'db.internal', 'db.internal.', 'own.example', 'gone.example', 'gone', 'half',
    'empty.example', 'broken.example'].map((name) => ({ configuration: corp, name })),
  ...['db.internal', 'own.example', 'box'].map((name) => ({ configuration: `${corp}options ndots:2\n`, name })),
  ...['plain', 'box', 'gone'].map((name) => ({ configuration: `${corp}options ndots:0\n`, name })),
  ...['plain', 'box', 'gone.example'].map((name) => ({ configuration: 'search corp.example . lab.example\n', name })),
  { configuration: 'search .\n', name: 'gone' },
];

interface Seen {
  readonly asked: readonly string[];
  readonly found: boolean;
}

/** What getent does; undefined where it cannot be given a resolv.conf and a port 53 of its own. */
function getents(): readonly Seen[] | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'roundtrip-search-'));
  const [conf, nsswitch, casesFile] = ['resolv.conf', 'nsswitch.conf', 'cases'].map((name) => join(directory, name));
  writeFileSync(conf!, '');
  writeFileSync(nsswitch!, 'hosts: dns\n');
  writeFileSync(casesFile!, JSON.stringify(cases));
  const script = 'ip link set lo up && mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/nsswitch.conf'
    + ' && shift 2 && exec "$@"';
  const inside = (...command: string[]) => spawnSync(
    'unshare', ['--map-root-user', '--mount', '--net', 'sh', '-c', script, 'sh', conf!, nsswitch!, ...command],
    { encoding: 'utf8', timeout: 50_000 },
  );
  try {
    if (inside('true').status !== 0) return undefined;
    const { status, stdout, stderr } = inside(
      process.execPath, join(import.meta.dirname, 'searchWitness.ts'), conf!, casesFile!,
    );
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Seen[];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('the search list', () => {
  const fixtures = createFixtures();
  after(() => fixtures.cleanUp());

  it('makes of a name what the C library makes of it on this machine', async function () {
    this.timeout(60_000);
    const theirs = getents();
    if (!theirs) return skipped(this, 'getent can be given a resolv.conf of its own only in a namespace');
    for (const [index, { configuration, name }] of cases.entries()) {
      const server = await fixtures.server(answerFor);
      const resolvConf = fixtures.file(`nameserver 127.0.0.1\n${configuration}`);
      const resolver = fixtures.resolver({ resolvConf, serverPort: server.port, nsswitch: fixtures.file('hosts: dns\n') });
      const { resolution } = await look(resolver, name);
      const asked = [...new Set(server.asked.map((one) => one.name))];
      assert.deepEqual({ name, configuration, asked, found: resolution.ok }, { name, configuration, ...theirs[index] });
    }
  });
});
