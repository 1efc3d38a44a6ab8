import { readFile } from 'node:fs/promises';
import { isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Link, Neighbour } from '../../trace/link.ts';
import { addressBytes, isWithinPrefix } from '../dns/addressBytes.ts';
import {
  neighbourAt, parseArpCommand, parseArpFile, parseGetNetNeighbor, parseIpNeighbours, parseNdpCommand,
} from './neighbours.ts';
import type { KnownNeighbour } from './neighbours.ts';
import { parseFindNetRoute, parseRouteGet, parseRoutes4, parseRoutes6, routeFor } from './routes.ts';
import type { Route } from './routes.ts';
import type { Ask } from './shell.ts';

// The first step of a connection's packets: the interface, the gateway and whose MAC address the frames carry.

/** Both ends of a connection. */
export interface Ends {
  readonly localAddress: string;
  readonly peerAddress: string;
}

interface LinkReaderOptions {
  readonly platform?: NodeJS.Platform;
  readonly ask: Ask;
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly read?: (path: string) => Promise<string>;
  readonly interfaces?: typeof networkInterfaces;
}

/** Routes and neighbours seldom change: read again after so many ms. */
const freshFor = 1000;

/** Gives the link of a connection, in any case. */
export type LinkReader = (ends: Ends) => Promise<Link>;

/** A reader that keeps the machine's tables for a second. */
export function createLinkReader(options: LinkReaderOptions): LinkReader {
  const { platform = process.platform, ask, now } = options;
  const read = options.read ?? ((path) => readFile(path, 'utf8'));
  const interfaces = kept(async () => ownAddresses(options.interfaces ?? networkInterfaces), now);
  const linux = createLinuxTables(read, now);
  return async (ends) => {
    const peer = plain(ends.peerAddress);
    const source = plain(ends.localAddress);
    const own = (await interfaces()).find(({ address }) => address === source);
    const start = {
      sourceAddress: source,
      ...(own ? { interface: own.name, network: own.network, ...(own.mac === undefined ? {} : { mac: own.mac }) } : {}),
    };
    if (isIP(peer) === 0) return { ...start, kind: 'unknown', sources: [] };
    if (isLoopback(peer)) return { ...start, kind: 'loopback', sources: [] };
    // An address of this machine's own: the kernel hands such packets over by itself.
    if ((await interfaces()).some(({ address }) => address === peer)) return {
      ...start, kind: 'loopback', sources: [],
    };
    const step = await stepOf(platform, peer, own?.name, linux, ask);
    if (!step) return { ...start, kind: 'unsupported', sources: [] };
    const { kind, gateway, route, neighbour, sources } = step;
    return {
      ...start, kind, sources,
      ...(step.interface === undefined ? {} : { interface: step.interface }),
      ...(route === undefined ? {} : { route }),
      ...(gateway === undefined ? {} : { gateway }),
      ...(neighbour === undefined ? {} : { neighbour }),
    };
  };
}

type Step = Pick<Link, 'kind' | 'interface' | 'gateway' | 'route' | 'neighbour' | 'sources'>;

async function stepOf(
  platform: NodeJS.Platform, peer: string, name: string | undefined, tables: LinuxTables, ask: Ask,
): Promise<Step | undefined> {
  switch (platform) {
    case 'linux': return linuxStep(peer, name, tables, ask);
    case 'darwin': return macStep(peer, ask);
    case 'win32': return windowsStep(peer, ask);
    default: return undefined;
  }
}

// --- Linux -----------------------------------------------------------------------------------------

interface LinuxTables {
  readonly routes4: () => Promise<readonly Route[]>;
  readonly routes6: () => Promise<readonly Route[]>;
  readonly arp: () => Promise<readonly KnownNeighbour[]>;
}

const routeFile = '/proc/net/route';
const routeFile6 = '/proc/net/ipv6_route';
const arpFile = '/proc/net/arp';

function createLinuxTables(read: (path: string) => Promise<string>, now: () => number): LinuxTables {
  const table = <T>(path: string, parse: (text: string) => T[]): (() => Promise<T[]>) =>
    kept(() => read(path).then(parse, () => []), now);
  return {
    routes4: table(routeFile, parseRoutes4), routes6: table(routeFile6, parseRoutes6),
    arp: table(arpFile, parseArpFile),
  };
}

async function linuxStep(peer: string, name: string | undefined, tables: LinuxTables, ask: Ask): Promise<Step> {
  const is4 = isIPv4(peer);
  const route = routeFor(peer, is4 ? await tables.routes4() : await tables.routes6(), name);
  const sources = [is4 ? routeFile : routeFile6];
  if (!route) return { kind: 'unknown', sources };
  const next = route.gateway ?? peer;
  const known = is4 ? await tables.arp() : parseIpNeighbours(await ask(['ip', '-6', '-j', 'neigh', 'show']) ?? '');
  return {
    kind: route.gateway === undefined ? 'direct' : 'gateway', interface: route.interface,
    route: `${route.destination}/${route.length}`,
    ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
    neighbour: neighbour(next, route.interface, known),
    sources: [...sources, is4 ? arpFile : 'ip -6 -j neigh'],
  };
}

function neighbour(address: string, name: string | undefined, known: readonly KnownNeighbour[]): Neighbour {
  return neighbourAt(address, name, known) ?? { address };
}

// --- macOS and Windows, by their documentation and recorded outputs -----------------------------------

async function macStep(peer: string, ask: Ask): Promise<Step> {
  const is4 = isIPv4(peer);
  const family = is4 ? '-inet' : '-inet6';
  const printed = await ask(['route', '-n', 'get', family, peer]) ?? '';
  const { interface: name, gateway, destination } = parseRouteGet(printed);
  const sources = ['route -n get'];
  if (name === undefined) return { kind: 'unknown', sources };
  const known = is4
    ? parseArpCommand(await ask(['arp', '-an']) ?? '')
    : parseNdpCommand(await ask(['ndp', '-an']) ?? '');
  return commandStep(peer, name, gateway, destination, known, [...sources, is4 ? 'arp -an' : 'ndp -an']);
}

async function windowsStep(peer: string, ask: Ask): Promise<Step> {
  const powershell = ['powershell.exe', '-NoProfile', '-NonInteractive', '-Command'];
  const json = (command: string): Promise<string | undefined> => ask([...powershell, command]);
  const route = `ConvertTo-Json -InputObject @(Find-NetRoute -RemoteIPAddress ${peer})`;
  const found = parseFindNetRoute(await json(route) ?? '');
  const { interface: name, gateway, destination } = found;
  const sources = ['Find-NetRoute'];
  if (name === undefined) return { kind: 'unknown', sources };
  const known = parseGetNetNeighbor(
    await json(`ConvertTo-Json -InputObject @(Get-NetNeighbor -IPAddress ${gateway ?? peer})`) ?? '');
  return commandStep(peer, name, gateway, destination, known, [...sources, 'Get-NetNeighbor']);
}

function commandStep(
  peer: string, name: string, gateway: string | undefined, route: string | undefined, known: readonly KnownNeighbour[],
  sources: readonly string[],
): Step {
  return {
    kind: gateway === undefined ? 'direct' : 'gateway', interface: name, sources,
    ...(route === undefined ? {} : { route }), ...(gateway === undefined ? {} : { gateway }),
    neighbour: neighbour(gateway ?? peer, name, known),
  };
}

// --- this machine ------------------------------------------------------------------------------------

interface OwnAddress {
  readonly name: string;
  readonly address: string;
  readonly network: string;
  readonly mac: string | undefined;
}

function ownAddresses(interfaces: typeof networkInterfaces): OwnAddress[] {
  return Object.entries(interfaces()).flatMap(([name, addresses = []]) => addresses.map(({ address, cidr, mac }) => ({
    name, address, network: cidr ?? address, mac: mac === '00:00:00:00:00:00' ? undefined : mac,
  })));
}

/** RFC 6890: 127.0.0.0/8 and ::1 (also as ::ffff:127.0.0.1). */
function isLoopback(address: string): boolean {
  const bytes = addressBytes(address);
  return isWithinPrefix(bytes, addressBytes('127.0.0.0'), 104) || isWithinPrefix(bytes, addressBytes('::1'), 128);
}

function plain(address: string): string {
  const [without = ''] = address.split('%');
  return without;
}

/** The same promise for a while. */
function kept<T>(make: () => Promise<T>, now: () => number): () => Promise<T> {
  let value: Promise<T> | undefined;
  let madeAt = 0;
  return () => {
    if (value === undefined || now() - madeAt >= freshFor) {
      madeAt = now();
      value = make();
    }
    return value;
  };
}
