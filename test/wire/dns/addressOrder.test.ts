import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { addressBytes, commonPrefixLength } from '../../../src/wire/dns/addressBytes.ts';
import { kernelSourceOf, orderAddresses } from '../../../src/wire/dns/addressOrder.ts';
import type { IpAddress } from '../../../src/trace/dnsStep.ts';

function ip(address: string): IpAddress {
  return { address, family: isIP(address) === 6 ? 6 : 4 };
}

/**
 * Destinations with the source the kernel would take for each, in any order, and what comes of
 * them.
 */
async function order(sources: Record<string, string | undefined>, prefix = 64): Promise<string[]> {
  const addresses = Object.keys(sources).map(ip);
  const ordered = await orderAddresses(
    addresses,
    async ({ address }) => sources[address],
    () => prefix,
  );
  return ordered.map(({ address }) => address);
}

describe('the order of addresses (RFC 6724)', () => {
  // The examples of RFC 6724 §10.2 that need only what the kernel tells.
  const cases: [what: string, sources: Record<string, string | undefined>, expected: string[]][] = [
    [
      'matching scope',
      { '198.51.100.121': '169.254.13.78', '2001:db8:1::1': '2001:db8:1::2' },
      ['2001:db8:1::1', '198.51.100.121'],
    ],
    [
      'matching scope, IPv4',
      { '2001:db8:1::1': 'fe80::1', '198.51.100.121': '198.51.100.117' },
      ['198.51.100.121', '2001:db8:1::1'],
    ],
    [
      'higher precedence',
      { '10.1.2.3': '10.1.2.4', '2001:db8:1::1': '2001:db8:1::2' },
      ['2001:db8:1::1', '10.1.2.3'],
    ],
    [
      'smaller scope',
      { '2001:db8:1::1': '2001:db8:1::2', 'fe80::1': 'fe80::2' },
      ['fe80::1', '2001:db8:1::1'],
    ],
    [
      'longest matching prefix',
      { '2001:db8:3ffe::1': '2001:db8:1::2', '2001:db8:1::1': '2001:db8:1::2' },
      ['2001:db8:1::1', '2001:db8:3ffe::1'],
    ],
    [
      'matching label',
      { '2001:db8:1::1': '2002:c633:6401::2', '2002:c633:6401::1': '2002:c633:6401::2' },
      ['2002:c633:6401::1', '2001:db8:1::1'],
    ],
    [
      'precedence over 6to4',
      { '2002:c633:6401::1': '2002:c633:6401::2', '2001:db8:1::1': '2001:db8:1::2' },
      ['2001:db8:1::1', '2002:c633:6401::1'],
    ],
    [
      'unreachable last',
      { '2001:db8::1': undefined, '192.0.2.1': '192.0.2.9' },
      ['192.0.2.1', '2001:db8::1'],
    ],
    ['loopback: IPv6 first', { '127.0.0.1': '127.0.0.1', '::1': '::1' }, ['::1', '127.0.0.1']],
    ['loopback without IPv6', { '::1': undefined, '127.0.0.1': '127.0.0.1' }, ['127.0.0.1', '::1']],
    [
      'unique local after IPv4 from elsewhere',
      { 'fd00::1': '2001:db8::2', '192.0.2.1': '192.0.2.9' },
      ['192.0.2.1', 'fd00::1'],
    ],
    [
      'IPv4 among themselves as they came',
      { '203.0.113.1': '192.0.2.9', '192.0.2.1': '192.0.2.9', '8.8.8.8': '192.0.2.9' },
      ['203.0.113.1', '192.0.2.1', '8.8.8.8'],
    ],
  ];
  for (const [what, sources, expected] of cases) {
    it(`${what}: ${expected.join(', ')}`, async () =>
      assert.deepEqual(await order(sources), expected));
  }

  it('compares no more than the prefix of the source', async () => {
    const sources = { '2001:db8::f000:0:0:1': '2001:db8::1', '2001:db8::2': '2001:db8::1' };
    assert.deepEqual(await order(sources, 64), Object.keys(sources));
    assert.deepEqual(await order(sources, 128), Object.keys(sources).toReversed());
  });

  it('reads addresses', () => {
    assert.equal(addressBytes('2001:db8::7').toString('hex'), '20010db8000000000000000000000007');
    assert.equal(
      addressBytes('::ffff:192.0.2.1').toString('hex'),
      addressBytes('192.0.2.1').toString('hex'),
    );
    assert.equal(addressBytes('fe80::1%eth0').toString('hex'), 'fe800000000000000000000000000001');
    assert.equal(
      addressBytes('1:2:3:4:5:6:7:8').toString('hex'),
      '00010002000300040005000600070008',
    );
    assert.equal(commonPrefixLength(addressBytes('2001:db8::'), addressBytes('2001:db9::')), 31);
  });

  it('asks for the sources of so many of a family, and leaves the others behind them as they came', async () => {
    const many = Array.from({ length: 100 }, (_, index) => [ip(`192.0.2.${index}`), ip(`2001:db8::${index}`)]).flat();
    const asked: string[] = [];
    const ordered = await orderAddresses(many, ({ address }) => {
      asked.push(address);
      return Promise.resolve(undefined);
    });
    assert.equal(asked.length, 64);
    assert.deepEqual(ordered.slice(64), many.slice(64));
  });

  it('asks the kernel for the source', async () => {
    assert.equal(await kernelSourceOf(ip('127.0.0.1')), '127.0.0.1');
    // Broadcast may not be connected to without asking for it.
    assert.equal(await kernelSourceOf(ip('255.255.255.255')), undefined);
  });
});
