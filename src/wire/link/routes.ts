import { isIP } from 'node:net';
import { addressBytes, isWithinPrefix } from '../dns/addressBytes.ts';

// Which way the kernel sends packets for an address, from its own tables.

/** `destination` with its prefix length (IPv4 counted as IPv4); without `gateway` the network is on the link. */
export interface Route {
  readonly interface: string;
  readonly destination: string;
  readonly length: number;
  readonly gateway?: string;
  readonly metric: number;
}

/** More lines than this are no table of an end host. */
const lineLimit = 20_000;

/** RTF_UP, RTF_GATEWAY and RTF_REJECT of linux/route.h. */
const up = 0x1;
const throughGateway = 0x2;
const reject = 0x200;

/** Takes /proc/net/route: IPv4 addresses in hexadecimal, in the byte order of the machine. Nonsense is skipped. */
export function parseRoutes4(text: string, littleEndian = true): Route[] {
  return text.split('\n', lineLimit).slice(1).flatMap((line): Route[] => {
    const [name, destination, gateway, flagText, , , metric, mask] = line.trim().split(/\s+/);
    const addresses = [destination, gateway, mask].map((hex) => address4(hex, littleEndian));
    const [network, router, netmask] = addresses;
    const flags = Number.parseInt(flagText ?? '', 16);
    if (!name || network === undefined || router === undefined || netmask === undefined) return [];
    if (!(flags & up) || flags & reject) return [];
    return [{
      interface: name, destination: network, length: prefixLengthOf(netmask), metric: Number(metric) || 0,
      ...(flags & throughGateway ? { gateway: router } : {}),
    }];
  });
}

function address4(hex: string | undefined, littleEndian: boolean): string | undefined {
  if (hex === undefined || !/^[0-9A-Fa-f]{8}$/.test(hex)) return undefined;
  const octets = [...Buffer.from(hex, 'hex')];
  return (littleEndian ? octets.reverse() : octets).join('.');
}

function prefixLengthOf(netmask: string): number {
  const bits = netmask.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0')).join('');
  const length = bits.indexOf('0');
  return length === -1 ? 32 : length;
}

/** Takes /proc/net/ipv6_route: addresses as 32 hexadecimal digits. */
export function parseRoutes6(text: string): Route[] {
  return text.split('\n', lineLimit).flatMap((line): Route[] => {
    const [network, lengthText, , , nextHop, metric, , , flagText, name] = line.trim().split(/\s+/);
    const destination = address6(network);
    const gateway = address6(nextHop);
    const flags = Number.parseInt(flagText ?? '', 16);
    if (!name || destination === undefined || gateway === undefined) return [];
    if (!(flags & up) || flags & reject) return [];
    return [{
      interface: name, destination, length: Number.parseInt(lengthText ?? '', 16),
      metric: Number.parseInt(metric ?? '', 16) || 0,
      ...(flags & throughGateway ? { gateway } : {}),
    }];
  });
}

function address6(hex: string | undefined): string | undefined {
  if (hex === undefined || !/^[0-9a-f]{32}$/i.test(hex)) return undefined;
  return shortened(hex.match(/.{4}/g)!.map((group) => Number.parseInt(group, 16).toString(16)));
}

/** RFC 5952 §4.2: the longest run of zero groups, at least two, as `::`. */
function shortened(groups: readonly string[]): string {
  let best = { from: 0, length: 1 };
  for (let from = 0; from < groups.length; from += 1) {
    let length = 0;
    while (groups[from + length] === '0') length += 1;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.length).join(':')}`;
}

/**
 * The route an address takes: the longest prefix that holds it, then the least metric (RFC 1812 §5.2.4.3). `name`: the
 * interface that is known to be used, if any.
 */
export function routeFor(address: string, routes: readonly Route[], name?: string): Route | undefined {
  const [plain = ''] = address.split('%');
  const bytes = addressBytes(plain);
  const extra = plain.includes(':') ? 0 : 96;
  let best: Route | undefined;
  for (const route of routes) {
    if (name !== undefined && route.interface !== name) continue;
    if (route.destination.includes(':') !== plain.includes(':')) continue;
    if (!isWithinPrefix(bytes, addressBytes(route.destination), route.length + extra)) continue;
    const isBetter = best === undefined || route.length > best.length
      || (route.length === best.length && route.metric < best.metric);
    if (isBetter) best = route;
  }
  return best;
}

/** What `ip -j route get` says of the route of an address. */
export interface ChosenRoute {
  readonly interface: string;
  /** With its prefix length; of the whole network where it was asked with `fibmatch`. */
  readonly destination: string;
  readonly gateway?: string;
  /** Absent: the main one. */
  readonly table?: string;
}

/** Takes what `ip -j route get` printed: a route, or one with several `ways`. Undefined where it says nothing. */
export function parseIpRoute(
  printed: string,
): ChosenRoute | { readonly destination: string; readonly ways: number } | undefined {
  const said = parsed(printed);
  const [route] = Array.isArray(said) ? said.filter(isObject) : [];
  const { dst, dev, gateway, via, table, nexthops } = route ?? {};
  // RFC 5549: the gateway of a network of IPv4 may be a neighbour of IPv6.
  const router = isObject(via) ? via['host'] : gateway;
  if (typeof dst !== 'string') return undefined;
  if (Array.isArray(nexthops)) return { destination: dst, ways: nexthops.length };
  if (typeof dev !== 'string') return undefined;
  return {
    interface: dev, destination: dst,
    ...(typeof router === 'string' && isIP(router) !== 0 ? { gateway: router } : {}),
    ...(typeof table === 'string' && table !== 'main' ? { table } : {}),
  };
}

/** Takes what `ip -j link show` printed for an interface: whether those on its link have MAC addresses. */
export function parseIpLink(printed: string): boolean | undefined {
  const said = parsed(printed);
  const [link] = Array.isArray(said) ? said.filter(isObject) : [];
  if (!link || !Array.isArray(link['flags'])) return undefined;
  // IFF_POINTOPOINT and IFF_NOARP of linux/if.h; a dummy interface has the latter and a MAC address all the same.
  const isBare = link['flags'].includes('NOARP') && link['link_type'] !== 'ether';
  return !isBare && !link['flags'].includes('POINTOPOINT');
}

/**
 * Takes what macOS's `route -n get ADDRESS` prints and gives what it says of the route: its gateway, interface and
 * destination.
 */
export function parseRouteGet(printed: string): { interface?: string; gateway?: string; destination?: string } {
  const value = (key: string): string | undefined =>
    new RegExp(`^\\s*${key}: (\\S{1,100})\\s*$`, 'm').exec(printed)?.[1];
  const [name, gateway, destination] = [value('interface'), value('gateway'), value('destination')];
  return {
    ...(name === undefined ? {} : { interface: name }),
    ...(gateway !== undefined && isRouter(gateway) ? { gateway: gateway.split('%')[0]! } : {}),
    ...(destination === undefined ? {} : { destination }),
  };
}

/** An interface (`link#4`) or a MAC address in its place stands for a network that is on the link. */
function isRouter(gateway: string): boolean {
  const isMac = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i.test(gateway);
  return !isMac && /^[\d.]+$|:.*:/.test(gateway);
}

/**
 * Takes the JSON of PowerShell's `Find-NetRoute -RemoteIPAddress ADDRESS | ConvertTo-Json`: an address object and a
 * route object. `0.0.0.0` and `::` as next hop mean that the network is on the link.
 */
export function parseFindNetRoute(printed: string): { interface?: string; gateway?: string; destination?: string } {
  const said = parsed(printed);
  const all = (Array.isArray(said) ? said : [said]).filter(isObject);
  const route = all.find((one) => typeof one['NextHop'] === 'string');
  const alias = all.map((one) => one['InterfaceAlias']).find((one) => typeof one === 'string');
  const hop = route?.['NextHop'];
  const destination = route?.['DestinationPrefix'];
  return {
    ...(typeof alias === 'string' ? { interface: alias } : {}),
    ...(typeof hop === 'string' && hop !== '0.0.0.0' && hop !== '::' ? { gateway: hop } : {}),
    ...(typeof destination === 'string' ? { destination } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
