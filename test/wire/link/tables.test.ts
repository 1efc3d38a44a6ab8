import assert from 'node:assert/strict';
import {
  neighbourAt, parseArpCommand, parseArpFile, parseGetNetNeighbor, parseIpNeighbours, parseNdpCommand,
} from '../../../src/wire/link/neighbours.ts';
import {
  parseFindNetRoute, parseIpLink, parseIpRoute, parseRouteGet, parseRoutes4, parseRoutes6, routeFor,
} from '../../../src/wire/link/routes.ts';
import { parseSs } from '../../../src/wire/link/ss.ts';

const established = `ESTAB 0      0      127.0.0.1:53588 127.0.0.1:43477
\t ts sack cubic wscale:7,10 rto:204 rtt:1.034/0.512 ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:9 ssthresh:7 bytes_sent:2905 bytes_retrans:1448 bytes_acked:1458 bytes_received:20000 segs_out:8 segs_in:9 data_segs_out:3 data_segs_in:7 send 84811294bps lastsnd:104 lastrcv:100 lastack:100 pacing_rate 2201621bps delivery_rate 7710117bps delivered:2 unacked:2 retrans:1/3 lost:1 reordering:26 rcv_rtt:0.082 rcv_space:65495 minrtt:0.934 snd_wnd:65536
`;

const ends = { localAddress: '127.0.0.1', localPort: 53_588, peerAddress: '127.0.0.1', peerPort: 43_477 };
const far = { localAddress: '192.0.2.1', localPort: 1, peerAddress: '192.0.2.2', peerPort: 2 };

describe('what ss prints', () => {
  it('becomes figures, each by its own word', () => {
    assert.deepEqual(parseSs(established, ends), {
      state: 'ESTAB', rtt: 1.034, rttVariation: 0.512, minRtt: 0.934, retransmissionTimeout: 204, mss: 1448,
      pathMtu: 1500,
      congestionControl: 'cubic', congestionWindow: 9, slowStartThreshold: 7, bytesSent: 2905, bytesRetransmitted: 1448,
      bytesAcknowledged: 1458, bytesReceived: 20000, segmentsSent: 8, segmentsReceived: 9, retransmissions: 3,
      unacknowledged: 2, lost: 1, deliveryRate: 7_710_117, pacingRate: 2_201_621, sendWindow: 65_536,
      windowScale: { send: 7, receive: 10 },
    });
  });

  it('is undefined where no such connection is known', () => {
    for (const text of ['', '\n', 'Error: an inet prefix is expected', '\t cubic rto:204\n']) {
      assert.equal(parseSs(text, ends), undefined, JSON.stringify(text));
    }
  });

  it('is of the connection between both ends, among others on the same two ports', () => {
    const printed = [
      'ESTAB 0 0 127.0.0.1:1 127.0.0.2:2', '\t cubic rtt:2/1', 'TIME-WAIT 0 0 127.0.0.1:1 127.0.0.3:2',
      'ESTAB 0 0 [::ffff:127.0.0.1]:1 [::ffff:127.0.0.4]:2', '\t cubic rtt:4/1',
      'ESTAB 0 0 [fe80::5]%eth0:1 [fe80::6]:2', '\t cubic rtt:5/1',
      'ESTAB 0 0 [fe80::5]%eth1:1 [fe80::6]:2', '\t cubic rtt:6/1',
      'ESTAB 0 0 127.0.0.1%lo:1 127.0.0.7:2', '\t cubic rtt:7/1', '',
    ].join('\n');
    const between = (localAddress: string, peerAddress: string): unknown => {
      const { state, rtt } = parseSs(printed, { localAddress, localPort: 1, peerAddress, peerPort: 2 }) ?? {};
      return state === undefined ? undefined : [state, rtt];
    };
    assert.deepEqual(between('127.0.0.1', '127.0.0.2'), ['ESTAB', 2]);
    assert.deepEqual(between('127.0.0.1', '127.0.0.3'), ['TIME-WAIT', undefined]);
    assert.deepEqual(between('127.0.0.1', '127.0.0.4'), ['ESTAB', 4]);
    assert.deepEqual(between('fe80::5%eth1', 'fe80::6%eth1'), ['ESTAB', 6]);
    assert.deepEqual(between('fe80::5', 'fe80:0::6'), ['ESTAB', 5]);
    assert.deepEqual(between('127.0.0.1', '127.0.0.7'), ['ESTAB', 7]);
    assert.equal(between('127.0.0.8', '127.0.0.2'), undefined);
    assert.equal(between('127.0.0.1', '127.0.0.9'), undefined);
  });

  it('invents nothing where words are missing, cut or broken', () => {
    assert.deepEqual(parseSs('SYN-SENT 0 1 192.0.2.1:1 192.0.2.2:2\n', far), { state: 'SYN-SENT' });
    assert.deepEqual(
      parseSs('ESTAB 0 0 192.0.2.1:1 192.0.2.2:2\n\t rtt:x/y mss: cwnd:-1 bytes_acked:NaN rcvmss:5 advmss:6', far),
      { state: 'ESTAB' },
    );
    for (let end = 0; end < established.length; end += 1) {
      const figures = parseSs(established.slice(0, end), ends) ?? {};
      for (const [name, value] of Object.entries(figures)) {
        assert.ok(typeof value !== 'number' || Number.isFinite(value), `${name} at ${end}`);
      }
    }
  });
});

const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
wlan0\t00000000\t010064C6\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
tun0\t0000000A\t00000000\t0001\t0\t0\t50\t000000FF\t0\t0\t0
eth0\t0000FEA9\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
broken line
`;
const routes6 = `fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000003 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;

describe('the routes of Linux', () => {
  const check4 = (address: string, expected: object | undefined, name?: string): void => {
    it(`lead ${address}${name ? ` of ${name}` : ''} its way`, () => {
      const { metric: _metric, ...route } = routeFor(address, parseRoutes4(routes), name) ?? { metric: 0 };
      assert.deepEqual(route, expected ?? {});
    });
  };
  check4('203.0.113.9', { interface: 'eth0', destination: '0.0.0.0', length: 0, gateway: '192.0.2.1' });
  check4('203.0.113.9', { interface: 'wlan0', destination: '0.0.0.0', length: 0, gateway: '198.100.0.1' }, 'wlan0');
  check4('192.0.2.77', { interface: 'eth0', destination: '192.0.2.0', length: 24 });
  check4('10.1.2.3', { interface: 'tun0', destination: '10.0.0.0', length: 8 });
  check4('10.1.2.3', undefined, 'eth1');

  it('of IPv6 are read too, and rejecting ones are none', () => {
    const table = parseRoutes6(routes6);
    assert.equal(table.length, 2);
    assert.equal(routeFor('fd00::9%eth0', table)?.gateway, undefined);
    assert.equal(routeFor('2001:db8::9', table)?.gateway, 'fd00::1');
    assert.equal(routeFor('192.0.2.1', table), undefined);
  });

  it('may be in the other byte order', () => {
    const [route] = parseRoutes4('head\neth0\tC0000200\tC0000201\t0003\t0\t0\t0\tFFFFFF00\t0\t0\t0\n', false);
    assert.deepEqual(route, {
      interface: 'eth0', destination: '192.0.2.0', length: 24, gateway: '192.0.2.1', metric: 0,
    });
  });
});

describe('what ip says of a route', () => {
  const parse = (...said: unknown[]): unknown => parseIpRoute(JSON.stringify(said));

  it('is its network, interface and gateway, and its table where that is not the main one', () => {
    assert.deepEqual(
      parse({ dst: 'default', gateway: '192.0.2.1', dev: 'eth0', flags: [] }),
      { interface: 'eth0', destination: 'default', gateway: '192.0.2.1' },
    );
    assert.deepEqual(
      parse({ dst: 'default', dev: 'wg0', table: '51820', scope: 'link', flags: [] }),
      { interface: 'wg0', destination: 'default', table: '51820' },
    );
    assert.deepEqual(
      parse({ dst: '198.51.100.0/24', via: { family: 'inet6', host: 'fe80::5' }, dev: 'eth0' }),
      { interface: 'eth0', destination: '198.51.100.0/24', gateway: 'fe80::5' },
    );
    assert.deepEqual(parse({ dst: '198.18.0.0/15', nexthops: [{}, {}] }), { destination: '198.18.0.0/15', ways: 2 });
  });

  it('is nothing where it is no answer', () => {
    for (const text of ['', '[', '[]', 'null', '[null]', '[{"dst":3,"dev":"a"}]', '[{"dst":"default"}]', '{"dst":"a","dev":"b"}']) {
      assert.equal(parseIpRoute(text), undefined, text);
    }
  });

  it('and of its link, whether there are MAC addresses', () => {
    const hasMac = (link_type: string, ...flags: string[]): unknown => parseIpLink(JSON.stringify([{ link_type, flags }]));
    assert.equal(hasMac('ether', 'BROADCAST', 'MULTICAST', 'UP'), true);
    assert.equal(hasMac('ether', 'BROADCAST', 'NOARP', 'UP'), true);
    assert.equal(hasMac('none', 'POINTOPOINT', 'MULTICAST', 'NOARP', 'UP'), false);
    assert.equal(hasMac('ipip', 'NOARP', 'UP'), false);
    for (const text of ['', '[]', '[{}]', '[{"flags":"UP"}]']) assert.equal(parseIpLink(text), undefined);
  });
});

// macOS and Windows have never run this: what they print is taken from their manuals.
const routeGet = `   route to: 203.0.113.9
destination: default
       mask: default
    gateway: 192.0.2.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
`;
const findNetRoute = JSON.stringify([
  { IPAddress: '192.0.2.2', InterfaceAlias: 'Ethernet', InterfaceIndex: 12, PrefixLength: 24 },
  { DestinationPrefix: '0.0.0.0/0', NextHop: '192.0.2.1', InterfaceAlias: 'Ethernet', RouteMetric: 0 },
]);

describe('the routes of other systems', () => {
  it('are read from what route(8) of macOS prints', () => {
    assert.deepEqual(parseRouteGet(routeGet), { interface: 'en0', gateway: '192.0.2.1', destination: 'default' });
    const onLink = routeGet.replace('192.0.2.1', 'link#4');
    assert.deepEqual(parseRouteGet(onLink), { interface: 'en0', destination: 'default' });
    const local = routeGet.replace('192.0.2.1', '2:fc:0:0:0:5');
    assert.equal(parseRouteGet(local).gateway, undefined);
    assert.equal(parseRouteGet(routeGet.replace('192.0.2.1', 'fe80::1%en0')).gateway, 'fe80::1');
    assert.deepEqual(parseRouteGet('route: writing to routing socket: not in table\n'), {});
  });

  it('are read from the JSON of Find-NetRoute', () => {
    assert.deepEqual(parseFindNetRoute(findNetRoute), {
      interface: 'Ethernet', gateway: '192.0.2.1', destination: '0.0.0.0/0',
    });
    assert.equal(parseFindNetRoute(findNetRoute.replace('"192.0.2.1"', '"0.0.0.0"')).gateway, undefined);
    for (const text of ['', '{', 'null', '[null, 3]', '[{"NextHop":3}]']) assert.deepEqual(parseFindNetRoute(text), {});
  });
});

describe('neighbours', () => {
  const check = (title: string, known: ReturnType<typeof parseArpFile>, address: string, expected: object): void => {
    it(title, () => assert.deepEqual(neighbourAt(address, undefined, known), expected));
  };

  const arp = `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0
192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0
`;
  check('of /proc/net/arp', parseArpFile(arp), '192.0.2.1', { address: '192.0.2.1', mac: '02:fc:00:00:00:05' });
  check('of /proc/net/arp without an answer', parseArpFile(arp), '192.0.2.9', {
    address: '192.0.2.9', state: 'INCOMPLETE',
  });

  const ip = '[{"dst":"fd00::9","dev":"eth0","state":["FAILED"]},{"dst":"fe80::1","dev":"eth0","lladdr":"02:FC:00:00:00:05","router":null,"state":["STALE"]}]';
  check('of ip neigh', parseIpNeighbours(ip), 'fe80::1', {
    address: 'fe80::1', mac: '02:fc:00:00:00:05', state: 'STALE',
  });
  check('of ip neigh without an answer', parseIpNeighbours(ip), 'fd00::9', { address: 'fd00::9', state: 'FAILED' });

  const mac = '? (192.0.2.1) at 2:fc:0:0:0:5 on en0 ifscope [ethernet]\n? (192.0.2.9) at (incomplete) on en0 ifscope [ethernet]\n';
  check('of arp -an', parseArpCommand(mac), '192.0.2.1', { address: '192.0.2.1', mac: '02:fc:00:00:00:05' });
  check('of arp -an without an answer', parseArpCommand(mac), '192.0.2.9', {
    address: '192.0.2.9', state: 'INCOMPLETE',
  });

  const ndp = 'Neighbor                        Linklayer Address  Netif Expire    S Flgs Prbs\nfe80::1%en0                     2:fc:0:0:0:5         en0 23h59m58s S R\n';
  check('of ndp -an', parseNdpCommand(ndp), 'fe80::1', { address: 'fe80::1', mac: '02:fc:00:00:00:05' });

  const windows = '[{"IPAddress":"192.0.2.1","LinkLayerAddress":"02-FC-00-00-00-05","InterfaceAlias":"Ethernet","State":5},{"IPAddress":"192.0.2.9","LinkLayerAddress":"00-00-00-00-00-00","State":"Unreachable"}]';
  check('of Get-NetNeighbor', parseGetNetNeighbor(windows), '192.0.2.1', {
    address: '192.0.2.1', mac: '02:fc:00:00:00:05', state: 'Reachable',
  });
  check('of Get-NetNeighbor without an answer', parseGetNetNeighbor(windows), '192.0.2.9', {
    address: '192.0.2.9', state: 'Unreachable',
  });

  it('on another interface are others', () => {
    assert.equal(neighbourAt('192.0.2.1', 'wlan0', parseArpFile(arp)), undefined);
  });

  it('of nonsense are none', () => {
    for (const parse of [parseArpFile, parseIpNeighbours, parseArpCommand, parseNdpCommand, parseGetNetNeighbor]) {
      for (const text of ['', 'x', '{', '[]', '[1,null,{}]', '\n\n:\n']) assert.deepEqual(
        parse(text), [], `${parse.name} ${text}`,
      );
    }
  });
});
