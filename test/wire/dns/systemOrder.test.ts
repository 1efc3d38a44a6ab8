import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpAddress } from '../../../src/trace/dnsStep.ts';
import { orderAddresses } from '../../../src/wire/dns/addressOrder.ts';
import { defaultPolicy, gnuPolicy, parseGaiConf } from '../../../src/wire/dns/addressPolicy.ts';
import { skipped } from '../../support/debian.ts';

// The C library's getaddrinfo(3) as witness: names with several addresses in a hosts file of its own.

const sets: readonly (readonly string[])[] = [
  ['192.0.2.77', '2001:db8::77', '127.0.0.5', '::1', '10.9.9.9'],
  ['2001:db8::1', '192.0.2.1'],
  ['192.0.2.1', '198.51.100.1', '203.0.113.1'],
  ['203.0.113.1', '198.51.100.1', '192.0.2.1'],
  ['2001:db8:ffff::1', '2001:db8::1', '2001:db8:0:ffff::1'],
  ['169.254.1.1', '10.1.1.1', '127.0.0.1'],
  ['::1', '127.0.0.1'],
  ['127.0.0.1', '::1'],
  ['fd00::9', '2001:db8::1', '192.0.2.9', '203.0.113.1'],
  ['2002:c000:201::1', '203.0.113.1'],
  ['fe80::1', '2001:db8::1', 'fd00::77'],
  ['2001::1', '203.0.113.1', '2001:db8::9'],
  ['192.0.2.130', '203.0.113.9', '192.0.2.3'],
];

function nameOf(index: number): string {
  return `order-${index}.test`;
}

/** What getent prints of each name; undefined where a hosts file of one's own cannot be mounted. */
function asked(): readonly string[][] | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'roundtrip-order-'));
  const file = join(directory, 'hosts');
  writeFileSync(
    file, sets.flatMap((addresses, index) => addresses.map((address) => `${address} ${nameOf(index)}\n`)).join(''),
  );
  const names = sets.map((_, index) => nameOf(index)).join(' ');
  const script = `mount --bind "$0" /etc/hosts && for name in ${names}; do getent ahosts $name | awk '{print $1}' | uniq; echo; done`;
  const { status, stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', script, file], { encoding: 'utf8' });
  rmSync(directory, { recursive: true });
  if (status !== 0) return undefined;
  return stdout.trimEnd().split('\n\n').map((block) => block.split('\n').filter(Boolean));
}

describe('the order of addresses', () => {
  it('is the one that getaddrinfo gives on this machine', async function () {
    const theirs = asked();
    if (!theirs) return skipped(this, 'only root may mount a hosts file to ask getaddrinfo about');
    const policy = existsSync('/etc/gai.conf') ? parseGaiConf(readFileSync('/etc/gai.conf', 'utf8')) : gnuPolicy;
    const ours = await Promise.all(sets.map(async (addresses) => {
      const known = addresses.map((address): IpAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
      return (await orderAddresses(known, undefined, undefined, policy)).map(({ address }) => address);
    }));
    assert.deepEqual(ours, theirs);
  });

  it('is what gai.conf says', async () => {
    const known: IpAddress[] = [{ address: '2001:db8::1', family: 6 }, { address: '192.0.2.1', family: 4 }];
    const first = async (policy: typeof gnuPolicy): Promise<string | undefined> =>
      (await orderAddresses(known, async ({ address }) => address, undefined, policy))[0]?.address;
    assert.equal(await first(gnuPolicy), '2001:db8::1');
    assert.equal(await first(parseGaiConf('# precedence ::ffff:0:0/96 100\n')), '2001:db8::1');
    assert.equal(
      await first(parseGaiConf('label ::/0 1\nprecedence ::ffff:0:0/96 100 # IPv4 first\nnonsense x/y\n')), '192.0.2.1',
    );
    assert.deepEqual(parseGaiConf('precedence ::/999 1\nlabel 1.2.3.4/40 2\n'), gnuPolicy);
    assert.notDeepEqual(defaultPolicy, gnuPolicy);
  });
});
