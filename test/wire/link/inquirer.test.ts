import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { handshakeOf } from '../../../src/explain/handshake.ts';
import type { ConnectionEvent } from '../../../src/trace/event.ts';
import { recordConnection } from '../../../src/trace/recordConnection.ts';
import type { Link } from '../../../src/trace/link.ts';
import type { SendOptions } from '../../../src/trace/request.ts';
import { createClient } from '../../../src/wire/client.ts';
import type { Client, Listener } from '../../../src/wire/client.ts';
import { monotonicNow } from '../../../src/wire/clock.ts';
import { Inquirer } from '../../../src/wire/link/inquirer.ts';
import type { Inquired } from '../../../src/wire/link/inquirer.ts';
import { createLinkReader } from '../../../src/wire/link/link.ts';
import { createShell } from '../../../src/wire/link/shell.ts';
import type { Shell } from '../../../src/wire/link/shell.ts';
import type { SocketEnds } from '../../../src/wire/link/ss.ts';
import { debianOrSkip, skipped } from '../../support/debian.ts';
import { startDeafServer } from '../../support/deafServers.ts';

const isLinux = process.platform === 'linux';

describe('a shell that waits', function () {
  let shell: Shell;
  beforeEach(() => { shell = createShell(); });
  afterEach(() => shell.close());

  it('answers one question after another, each its own', async () => {
    const words = Array.from({ length: 20 }, (_, index) => `word-${index}`);
    const printed = await Promise.all(words.map((word) => shell.ask(['echo', word])));
    assert.deepEqual(printed, words.map((word) => `${word}\n`));
  });

  it('has no answer for what fails or is not there, and goes on', async () => {
    assert.equal(await shell.ask(['false']), undefined);
    assert.equal(await shell.ask(['no-such-program-anywhere']), undefined);
    assert.equal(await shell.ask(['echo', 'still here']), 'still here\n');
  });

  it('runs no command inside a word', async () => {
    for (const word of ["'; echo hostile '", '$(echo hostile)', '`id`', 'a\nb', 'x;id', 'a"b', '\\', 'x'.repeat(201)]) {
      assert.equal(await shell.ask(['echo', word]), undefined, word);
    }
  });

  it('is given up when it prints too much, and started again', async () => {
    assert.equal(await shell.ask(['yes']), undefined);
    assert.equal(await shell.ask(['echo', 'again']), 'again\n');
  });

  it('answers everybody when it is closed', async () => {
    const asked = Promise.all([shell.ask(['sleep', '30']), shell.ask(['echo', 'x'])]);
    shell.close();
    assert.deepEqual(await asked, [undefined, undefined]);
    assert.equal(await shell.ask(['echo', 'x']), undefined);
  });
});

describe('the link', () => {
  const reader = (options: Partial<Parameters<typeof createLinkReader>[0]>) =>
    createLinkReader({ now: () => 0, ask: async () => undefined, ...options });

  it('of this machine to itself is loopback, by any of its addresses', async () => {
    const own = Object.values(networkInterfaces()).flat().map((one) => one!.address).filter((address) =>
      !address.startsWith('fe80'));
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', ...own]) {
      const link = await reader({})({ localAddress: address, peerAddress: address });
      assert.equal(link.kind, 'loopback', address);
      assert.equal(link.gateway, undefined);
    }
  });

  it('by ip is that of the main table where no rule chooses another', async function () {
    if (!isLinux) return this.skip();
    debianOrSkip(this, 'iproute2', 'ip');
    const shell = createShell();
    const byIp = createLinkReader({ now: monotonicNow, ask: shell.ask });
    const byTables = createLinkReader({
      now: monotonicNow, ask: async (command) => command.includes('route') ? undefined : shell.ask(command),
    });
    let compared = 0;
    for (const peerAddress of ['203.0.113.9', '198.51.100.7', '2001:db8::9']) {
      const said = spawnSync('ip', ['-j', 'route', 'get', peerAddress], { encoding: 'utf8' });
      const [route] = said.status === 0 ? JSON.parse(said.stdout) : [];
      if (!route?.prefsrc || route.table) continue;
      const ends = { localAddress: route.prefsrc, peerAddress };
      const [one, other] = [await byIp(ends), await byTables(ends)];
      assert.deepEqual(
        [one.interface, one.gateway, one.kind, one.mac, one.neighbour?.mac],
        [route.dev, route.gateway, other.kind, other.mac, other.neighbour?.mac],
      );
      assert.deepEqual([one.interface, one.gateway], [other.interface, other.gateway]);
      assert.deepEqual([one.sources[0], other.sources[0]?.startsWith('/proc/net/')], ['ip route get', true]);
      compared += 1;
    }
    shell.close();
    // A machine without any way out has nothing to compare.
    if (compared === 0) skipped(this, 'this machine has no way out');
  });

  it('obeys rules, and has no MAC into a tunnel', function () {
    // In a network of its own, with an Ethernet link and a tunnel.
    const script = `${import.meta.dirname}/../../support/linkNamespace.ts`;
    const inside = (...command: string[]) => spawnSync('unshare', ['--net', '--map-root-user', ...command], { encoding: 'utf8' });
    if (!isLinux || inside('true').status !== 0) return skipped(this, 'no network of its own can be made here');
    const said = inside(process.execPath, script);
    if (said.status === 75) return skipped(this, 'no links can be made here');
    assert.equal(said.status, 0, said.stderr);
    const links = JSON.parse(said.stdout) as Record<string, Link>;
    const of = (name: string, ...keys: (keyof Link)[]): unknown[] => keys.map((key) => links[name]?.[key]);
    const mac = '02:fc:00:00:00:05';
    assert.deepEqual(of('usual', 'kind', 'interface', 'route', 'table', 'gateway'), [
      'gateway', 've0', '0.0.0.0/0', undefined, '192.0.2.1',
    ]);
    assert.equal(links['usual']?.neighbour?.mac, mac);
    assert.deepEqual(of('ruled', 'kind', 'interface', 'route', 'table', 'gateway', 'mac', 'neighbour'), [
      'point-to-point', 'tun0', '0.0.0.0/0', '51820', undefined, undefined, undefined,
    ]);
    assert.deepEqual(links['ruled']?.sources, ['ip route get', 'ip link']);
    assert.deepEqual(of('routed', 'kind', 'interface', 'route', 'gateway', 'neighbour'), [
      'point-to-point', 'tun0', '100.64.0.0/10', '10.8.0.1', undefined,
    ]);
    assert.deepEqual(of('near', 'kind', 'interface', 'route'), ['direct', 've0', '192.0.2.0/24']);
    assert.deepEqual(of('two ways', 'kind', 'interface', 'route', 'gateway'), [
      'gateway', 've0', '198.18.0.0/15', links['told']?.gateway,
    ]);
    assert.deepEqual(of('over IPv6', 'kind', 'gateway', 'neighbour'), [
      'gateway', 'fe80::5', { address: 'fe80::5', mac, state: 'PERMANENT' },
    ]);
  });

  it('of macOS and Windows is put together from what their commands print', async () => {
    const mac = await reader({
      platform: 'darwin',
      ask: async ([program]) => program === 'route'
        ? 'destination: default\n    gateway: 192.0.2.1\n  interface: en0\n'
        : '? (192.0.2.1) at 2:fc:0:0:0:5 on en0 ifscope [ethernet]\n',
    })({ localAddress: '192.0.2.2', peerAddress: '203.0.113.9' });
    assert.deepEqual(
      [mac.kind, mac.interface, mac.gateway, mac.neighbour?.mac], ['gateway', 'en0', '192.0.2.1', '02:fc:00:00:00:05'],
    );
    const windows = await reader({
      platform: 'win32',
      ask: async (command) => command.join(' ').includes('Find-NetRoute')
        ? '[{"InterfaceAlias":"Ethernet"},{"NextHop":"0.0.0.0","DestinationPrefix":"203.0.113.0/24"}]'
        : '[{"IPAddress":"203.0.113.9","LinkLayerAddress":"02-FC-00-00-00-05","State":5}]',
    })({ localAddress: '203.0.113.2', peerAddress: '203.0.113.9' });
    assert.deepEqual(
      [windows.kind, windows.interface, windows.gateway, windows.neighbour?.mac], ['direct', 'Ethernet', undefined, '02:fc:00:00:00:05'],
    );
  });

  it('of macOS and Windows is point to point where the interface has no MAC address', async () => {
    const interfaces = (name: string) => (): ReturnType<typeof networkInterfaces> => ({
      [name]: [{
        address: '10.8.0.2', netmask: '255.255.255.255', family: 'IPv4', mac: '00:00:00:00:00:00', internal: false,
        cidr: '10.8.0.2/32',
      }],
    });
    const ends = { localAddress: '10.8.0.2', peerAddress: '203.0.113.9' };
    const mac = await reader({
      platform: 'darwin', interfaces: interfaces('utun3'),
      ask: async ([program]) => program === 'route' ? 'destination: default\n  interface: utun3\n' : '',
    })(ends);
    assert.deepEqual([mac.kind, mac.interface, mac.route, mac.neighbour], ['point-to-point', 'utun3', 'default', undefined]);
    const windows = await reader({
      platform: 'win32', interfaces: interfaces('wg0'),
      ask: async (command) => command.join(' ').includes('Find-NetRoute')
        ? '[{"InterfaceAlias":"wg0"},{"NextHop":"10.8.0.1","DestinationPrefix":"0.0.0.0/0"}]' : '',
    })(ends);
    assert.deepEqual([windows.kind, windows.gateway, windows.neighbour], ['point-to-point', '10.8.0.1', undefined]);
  });

  it('is said not to be available elsewhere, and unknown where the commands say nothing', async () => {
    const ends = { localAddress: '192.0.2.2', peerAddress: '203.0.113.9' };
    assert.equal((await reader({ platform: 'aix' })(ends)).kind, 'unsupported');
    for (const platform of ['darwin', 'win32'] as const) assert.equal(
      (await reader({ platform })(ends)).kind, 'unknown',
    );
    assert.equal(
      (await reader({ platform: 'linux', read: async () => { throw new Error('ENOENT'); } })(ends)).kind, 'unknown',
    );
  });
});

describe('what the machine knows of a connection', () => {
  const events = (): ConnectionEvent[] => [
    { type: 'attempt-start', at: 0, attempt: 0, address: '127.0.0.1', family: 4, port: 443 },
    { type: 'attempt-end', at: 1, attempt: 0, outcome: 'connected', localAddress: '127.0.0.1', localPort: 40_000 },
  ];
  const counting = (): { shell: Shell; commands: string[]; release(): void } => {
    const commands: string[] = [];
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const ask = async (command: readonly string[]): Promise<string> => {
      commands.push(command.join(' '));
      await gate;
      return 'ESTAB 0 0 127.0.0.1:40000 127.0.0.1:443\n\t cubic rtt:1/2\n';
    };
    return { commands, release, shell: { ask, close: () => {} } };
  };

  it('is asked at a bounded rate: a load test is not followed', async () => {
    let now = 0;
    const { shell, commands, release } = counting();
    release();
    const inquirer = new Inquirer({ platform: 'linux', shell, now: () => now });
    const connect = (id: number): void => {
      const connection: Inquired = { id: String(id), events: events() };
      inquirer.connected(connection, () => {});
      inquirer.gone(connection);
    };
    for (let id = 0; id < 1000; id += 1) connect(id);
    await inquirer.settled();
    assert.ok(commands.length > 0 && commands.length <= 16, String(commands.length));
    const before = commands.length;
    now = 500;
    for (let id = 1000; id < 2000; id += 1) connect(id);
    await inquirer.settled();
    assert.ok(commands.length - before <= 2, String(commands.length - before));
  });

  it('is not asked twice at once, and once more when an exchange ended meanwhile', async () => {
    const { shell, commands, release } = counting();
    const told: ConnectionEvent[] = [];
    const inquirer = new Inquirer({ platform: 'linux', shell, now: () => 0 });
    const connection: Inquired = { id: 'c', events: events() };
    inquirer.connected(connection, (event) => told.push(event));
    await new Promise((resolve) => setImmediate(resolve));
    for (let time = 0; time < 5; time += 1) inquirer.ended(connection);
    assert.deepEqual(commands, ['ss -tinH sport = :40000 and dport = :443']);
    const settled = inquirer.settled();
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await settled;
    assert.deepEqual(told.flatMap((event) => event.type === 'tcp-info' ? [event.moment] : []), ['connected', 'ended']);
  });

  it('is not asked between exchanges that follow each other', async () => {
    let now = 0;
    const { shell, commands, release } = counting();
    release();
    const inquirer = new Inquirer({ platform: 'linux', shell, now: () => now });
    const connection: Inquired = { id: 'c', events: events() };
    inquirer.connected(connection, () => {});
    await inquirer.settled();
    for (let time = 0; time < 1000; time += 1) {
      inquirer.ended(connection);
      now += 1;
      inquirer.used(connection);
    }
    await inquirer.settled();
    assert.equal(commands.length, 1);
    inquirer.ended(connection);
    await inquirer.settled();
    assert.equal(commands.length, 2);
    inquirer.close();
  });

  it('is asked a last time when the connection closes after an exchange', async () => {
    const { shell, commands, release } = counting();
    release();
    const inquirer = new Inquirer({ platform: 'linux', shell, now: () => 0 });
    const connection: Inquired = { id: 'c', events: events() };
    inquirer.connected(connection, () => {});
    inquirer.ended(connection);
    inquirer.gone(connection);
    await inquirer.settled();
    assert.equal(commands.length, 2);
    inquirer.gone(connection);
    await inquirer.settled();
    assert.equal(commands.length, 2);
  });

  it('says where a system tells nothing, and when a connection was gone', async () => {
    for (const [platform, printed, silence] of [
      ['darwin', '', 'unsupported'], ['linux', '', 'gone'], ['linux', undefined, 'failed'],
    ] as const) {
      const told: ConnectionEvent[] = [];
      const shell: Shell = { ask: async () => printed, close: () => {} };
      const inquirer = new Inquirer({
        platform, shell, now: () => 0, readLink: async () => ({ kind: 'unknown', sources: [] }),
      });
      inquirer.connected({ id: 'c', events: events() }, (event) => told.push(event));
      await inquirer.settled();
      const reading = told.find((event) => event.type === 'tcp-info');
      assert.equal(reading?.type === 'tcp-info' && reading.silence, silence);
    }
  });

  it('of a proxied or unknown end is not guessed', async () => {
    const told: ConnectionEvent[] = [];
    const inquirer = new Inquirer({ platform: 'linux', shell: counting().shell, now: () => 0 });
    inquirer.connected({ id: 'c', events: events().slice(0, 1) }, (event) => told.push(event));
    await inquirer.settled();
    assert.deepEqual(told, []);
  });
});

describe('of two connections on the same two ports', () => {
  // Both are open at once, as they are where a port is bound with SO_REUSEADDR or many hosts are asked.
  const peers = ['127.0.0.2', '127.0.0.3'];
  const sent = 5000;
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  it('each is told its own figures', async function () {
    if (!isLinux) return this.skip();
    const received = peers.map(() => 0);
    let port = 0;
    for (const [index, host] of peers.entries()) {
      const server = createTcpServer((socket) => {
        sockets.push(socket);
        socket.on('data', (bytes) => { received[index]! += bytes.length; });
      });
      await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, host, resolve));
      servers.push(server);
      ({ port } = server.address() as AddressInfo);
    }
    const ends: Omit<SocketEnds, 'peerAddress'>[] = [];
    for (const host of peers) {
      const socket = connect({ host, port, localAddress: '127.0.0.1', localPort: ends[0]?.localPort });
      sockets.push(socket);
      await new Promise((resolve, reject) => socket.on('connect', resolve).on('error', reject));
      ends.push({ localAddress: '127.0.0.1', localPort: socket.localPort!, peerPort: port });
      socket.write('x'.repeat(sent * (ends.length - 1)));
    }
    while (received[1]! < sent) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(ends[0]!.localPort, ends[1]!.localPort);

    const told = peers.map(() => [] as ConnectionEvent[]);
    const inquirer = new Inquirer();
    for (const [index, address] of peers.entries()) {
      const { localAddress, localPort } = ends[index]!;
      inquirer.connected({
        id: address,
        events: [
          { type: 'attempt-start', at: 0, attempt: 0, address, family: 4, port },
          { type: 'attempt-end', at: 1, attempt: 0, outcome: 'connected', localAddress, localPort },
        ],
      }, (event) => told[index]!.push(event));
    }
    await inquirer.settled();
    inquirer.close();
    const bytes = told.map((events) => recordConnection('c', events).tcp
      ?.map(({ figures }) => [figures?.state, figures?.bytesSent]));
    // The kernel tells no counter that is zero.
    assert.deepEqual(bytes, [[['ESTAB', undefined]], [['ESTAB', sent]]]);
  });
});

describe('an exchange', () => {
  const body = 'x'.repeat(100_000);
  const server = createServer((_request, response) => response.end(body));
  let url = '';
  let client: Client;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    client = createClient();
  });
  after(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });

  async function send(options: SendOptions): Promise<readonly ConnectionEvent[]> {
    const seen: ConnectionEvent[] = [];
    const listener: Listener = { onExchange: () => {}, onConnection: (update) => seen.push(...update.events) };
    const [exchange] = await client.send({ id: 'x', method: 'GET', url, headers: [], options }, listener);
    assert.equal(exchange?.response?.statusCode, 200);
    await client.settled();
    return seen;
  }

  it('is told the link and what the kernel counted', async function () {
    if (!isLinux) return this.skip();
    const seen = await send({});
    const { link, tcp = [] } = recordConnection('c', seen);
    assert.equal(link?.kind, 'loopback');
    assert.deepEqual(tcp.map(({ moment }) => moment), ['connected', 'ended']);
    const { figures } = tcp[1]!;
    const closed = (figures?.bytesReceived ?? 0) >= body.length && (figures?.rtt ?? 0) > 0 && (figures?.mss ?? 0) > 0;
    assert.ok(closed, JSON.stringify(figures));
  });

  it('over a connection whose first SYN was lost is told that it was sent again', async function () {
    if (!isLinux) return this.skip();
    const deaf = await startDeafServer();
    const events: ConnectionEvent[] = [];
    const listener: Listener = {
      onExchange: () => {},
      onConnection: (update) => {
        events.push(...update.events);
        // Its SYN has left by then; the next one leaves a second later.
        if (update.events.some(({ type }) => type === 'attempt-start')) setTimeout(() => deaf.hear(), 100);
      },
    };
    try {
      const [exchange] = await client.send({
        id: 'x', method: 'GET', url: `http://127.0.0.1:${deaf.port}/`, headers: [], options: { forceNewConnection: true },
      }, listener);
      assert.equal(exchange?.response?.statusCode, 200, JSON.stringify(exchange?.failure));
      await client.settled();
    } finally {
      await deaf.close();
    }
    const course = handshakeOf(recordConnection('c', events), 0)?.course;
    assert.equal(course?.kind, 'again', JSON.stringify(events.filter(({ type }) => type === 'tcp-info')));
    assert.ok(course.kind === 'again' && course.count >= 1);
  });

  it('that keeps nothing is not asked about', async () => {
    const seen = await send({ capture: 'none', forceNewConnection: true });
    assert.deepEqual(seen.filter(({ type }) => type === 'link' || type === 'tcp-info'), []);
  });
});
