import assert from 'node:assert/strict';
import { parseServers } from '../../../src/wire/dns/configuration.ts';
import { parseHostsFile, systemHostsFile } from '../../../src/wire/dns/hostsFile.ts';
import { parseResolvConf, searchCandidates } from '../../../src/wire/dns/resolvConf.ts';

describe('the hosts file', () => {
  it('is read as hosts(5) says', () => {
    const hosts = parseHostsFile(
      [
        '# a comment',
        '127.0.0.1\tlocalhost  Shop.Example # the shop',
        '::1 localhost',
        '127.0.0.1 localhost',
        'fe80::1%lo0 link',
        '  192.0.2.1   a a. b',
        'nonsense c',
        '192.0.2.300 d',
        '192.0.2.2',
        '',
        '#192.0.2.3 e',
      ].join('\r\n'),
    );
    const addresses = (name: string): string[] | undefined =>
      hosts.get(name)?.map(({ address }) => address);
    assert.deepEqual(addresses('localhost'), ['127.0.0.1', '::1']);
    assert.deepEqual(addresses('shop.example'), ['127.0.0.1']);
    assert.deepEqual(addresses('link'), ['fe80::1%lo0']);
    assert.deepEqual(addresses('a'), ['192.0.2.1']);
    assert.deepEqual([...hosts.keys()], ['localhost', 'shop.example', 'link', 'a', 'b']);
  });

  it('is under SystemRoot on Windows', () => {
    assert.equal(systemHostsFile('linux', {}), '/etc/hosts');
    assert.equal(
      systemHostsFile('win32', { SystemRoot: 'D:\\Win' }),
      'D:\\Win\\System32\\drivers\\etc\\hosts',
    );
  });
});

describe('resolv.conf', () => {
  it('gives servers, search list and options', () => {
    const conf = parseResolvConf(
      [
        '; generated',
        'domain old.example',
        'search corp.example. lab.example',
        'nameserver 192.0.2.53',
        'nameserver 2001:db8::53 # second',
        'nameserver not-an-address',
        'nameserver fe80::53%eth0',
        'nameserver 192.0.2.54',
        'options ndots:2 timeout:1',
        'options attempts:9 rotate',
      ].join('\n'),
    );
    assert.deepEqual(conf, {
      nameServers: ['192.0.2.53', '2001:db8::53', 'fe80::53%eth0'],
      search: ['corp.example', 'lab.example'],
      ndots: 2,
      timeout: 1,
      attempts: 5,
    });
  });

  it('searches the domain of the machine unless it names one, and the last wins', () => {
    assert.deepEqual(parseResolvConf('', 'box.corp.example').search, ['corp.example']);
    assert.deepEqual(parseResolvConf('', 'box').search, []);
    assert.deepEqual(parseResolvConf('search a.example\ndomain b.example').search, ['b.example']);
  });

  const search = ['corp.example', 'lab.example'];
  const cases: [name: string, ndots: number, candidates: string[]][] = [
    ['box', 1, ['box.corp.example', 'box.lab.example', 'box']],
    ['Box.', 1, ['box']],
    ['a.b', 1, ['a.b', 'a.b.corp.example', 'a.b.lab.example']],
    ['a.b.', 1, ['a.b']],
    ['a.b', 2, ['a.b.corp.example', 'a.b.lab.example', 'a.b']],
    ['a.b.c', 2, ['a.b.c', 'a.b.c.corp.example', 'a.b.c.lab.example']],
    ['box', 0, ['box', 'box.corp.example', 'box.lab.example']],
  ];
  for (const [name, ndots, candidates] of cases) {
    it(`searches ${name} with ndots ${ndots} as ${candidates.join(', ')}`, () => {
      assert.deepEqual(searchCandidates(name, { search, ndots }, true), candidates);
    });
  }

  it('is not searched for names with dots where the system does not', () => {
    assert.deepEqual(searchCandidates('a.b', { search, ndots: 1 }, false), ['a.b']);
    assert.deepEqual(searchCandidates('box', { search, ndots: 0 }, false), ['box', 'box.corp.example', 'box.lab.example']);
    assert.deepEqual(searchCandidates('a.b', { search: [''], ndots: 2 }, true), ['a.b']);
  });
});

describe('the servers of Node', () => {
  it('are read with and without ports, without site-local placeholders', () => {
    assert.deepEqual(
      parseServers([
        '192.0.2.53',
        'fec0:0:0:ffff::1',
        '192.0.2.53:5353',
        '[2001:db8::53]:54',
        '2001:db8::1',
        'x',
      ]),
      [
        { address: '192.0.2.53', port: 53 },
        { address: '192.0.2.53', port: 5353 },
        { address: '2001:db8::53', port: 54 },
      ],
    );
    assert.deepEqual(parseServers(['2001:db8::1']), [{ address: '2001:db8::1', port: 53 }]);
  });
});
