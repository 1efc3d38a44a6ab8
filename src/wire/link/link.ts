import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Link } from '../../trace/link.ts';
import { addressBytes, isWithinPrefix } from '../dns/addressBytes.ts';
import { askSystem } from './commands.ts';
import { createLinuxReader } from './linux.ts';
import type { Ask } from './shell.ts';
import { kept } from './kept.ts';
import type { Ends, Step } from './step.ts';

// The first step of a connection's packets: the interface, the gateway and whose MAC address the frames carry.

interface LinkReaderOptions {
  readonly platform?: NodeJS.Platform;
  readonly ask: Ask;
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly read?: (path: string) => Promise<string>;
  readonly interfaces?: typeof networkInterfaces;
}

/** Gives the link of a connection, in any case. */
export type LinkReader = (ends: Ends) => Promise<Link>;

/** A reader that keeps the machine's tables for a second. */
export function createLinkReader(options: LinkReaderOptions): LinkReader {
  const { platform = process.platform, ask, now } = options;
  const read = options.read ?? ((path) => readFile(path, 'utf8'));
  const interfaces = kept(async () => ownAddresses(options.interfaces ?? networkInterfaces), now);
  const askLinux = createLinuxReader({ read, ask, now });
  return async (ends) => {
    const { plain: peer, zone } = split(ends.peerAddress);
    const { plain: source } = split(ends.localAddress);
    const all = await interfaces();
    const own = all.find(({ address }) => address === source);
    const start = {
      sourceAddress: source, ...(own ? { network: own.network, ...macOf(all, own.name) } : {}),
    };
    if (isIP(peer) === 0) return { ...start, kind: 'unknown', sources: [] };
    // An address of this machine's own: the kernel hands such packets over by itself.
    if (isLoopback(peer) || all.some(({ address }) => address === peer)) {
      return { ...start, kind: 'loopback', sources: [] };
    }
    const step = platform === 'linux'
      ? await askLinux({ ...ends, peerAddress: peer, localAddress: source, zone, name: zone ?? own?.name })
      : await askSystem(platform, peer, ask);
    return step ? linkOver(step, all, start) : { ...start, kind: 'unsupported', sources: [] };
  };
}

/** The interface of the route counts, should the connection's address be another's. */
function linkOver(step: Step, all: readonly OwnAddress[], start: Partial<Link>): Link {
  const { hasMac, ...told } = step;
  const { mac: _mac, ...rest } = start;
  const { interface: name, neighbour: _neighbour, ...bare } = told;
  if (name === undefined) return { ...start, ...told };
  const mine = macOf(all, name);
  const isKnown = all.some((one) => one.name === name);
  if (hasMac ?? (!isKnown || mine.mac !== undefined)) return { ...rest, ...mine, ...told };
  // Nobody on such a link has a MAC address that could be looked for.
  return { ...rest, ...bare, interface: name, kind: 'point-to-point' };
}

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

function macOf(all: readonly OwnAddress[], name: string): Pick<Link, 'interface' | 'mac'> {
  const mac = all.find((one) => one.name === name)?.mac;
  return { interface: name, ...(mac === undefined ? {} : { mac }) };
}

/** RFC 6890: 127.0.0.0/8 and ::1 (also as ::ffff:127.0.0.1). */
function isLoopback(address: string): boolean {
  const bytes = addressBytes(address);
  return isWithinPrefix(bytes, addressBytes('127.0.0.0'), 104) || isWithinPrefix(bytes, addressBytes('::1'), 128);
}

/** RFC 4007 §11: the zone of a link-local address is behind a `%`. */
function split(address: string): { readonly plain: string; readonly zone: string | undefined } {
  const [plain = '', zone] = address.split('%');
  return { plain, zone };
}
