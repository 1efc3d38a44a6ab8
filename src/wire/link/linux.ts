import { isIPv4 } from 'node:net';
import { kept } from './kept.ts';
import { parseArpFile, parseIpNeighbours } from './neighbours.ts';
import { parseIpLink, parseIpRoute, parseRoutes4, parseRoutes6, routeFor } from './routes.ts';
import type { ChosenRoute } from './routes.ts';
import type { Ask } from './shell.ts';
import { stepOver } from './step.ts';
import type { Ends, Step } from './step.ts';

interface Means {
  readonly read: (path: string) => Promise<string>;
  readonly ask: Ask;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** `name`: the interface that has the connection's own address, if any; `zone`: the one a link-local peer is on. */
type Asked = Ends & { readonly name: string | undefined; readonly zone: string | undefined };

const routeFile = '/proc/net/route';
const routeFile6 = '/proc/net/ipv6_route';
const arpFile = '/proc/net/arp';

/** Gives the first step on Linux: by `ip`, which obeys the rules of policy routing, else by the main table. */
export function createLinuxReader({ read, ask, now }: Means): (asked: Asked) => Promise<Step> {
  const table = <T>(path: string, parse: (text: string) => T[]): (() => Promise<T[]>) =>
    kept(() => read(path).then(parse, () => []), now);
  const routes4 = table(routeFile, parseRoutes4);
  const routes6 = table(routeFile6, parseRoutes6);
  const arp = table(arpFile, parseArpFile);

  const mainTable = async ({ peerAddress: peer, name }: Asked): Promise<ChosenRoute | undefined> => {
    const route = routeFor(peer, isIPv4(peer) ? await routes4() : await routes6(), name);
    return route && { ...route, destination: `${route.destination}/${route.length}` };
  };

  return async (asked) => {
    const { peerAddress: peer } = asked;
    const chosen = await chosenRoute(asked, ask);
    const route = chosen ?? await mainTable(asked);
    const source = chosen ? 'ip route get' : isIPv4(peer) ? routeFile : routeFile6;
    if (!route) return { kind: 'unknown', sources: [source] };
    const hasMac = parseIpLink(await ask(['ip', '-j', 'link', 'show', 'dev', route.interface]) ?? '');
    if (hasMac === false) return { ...stepOver(route, peer, [], [source, 'ip link']), hasMac };
    const isArp = isIPv4(route.gateway ?? peer);
    const known = isArp ? await arp() : parseIpNeighbours(await ask(['ip', '-6', '-j', 'neigh', 'show']) ?? '');
    const step = stepOver(route, peer, known, [source, isArp ? arpFile : 'ip -6 -j neigh']);
    return hasMac === undefined ? step : { ...step, hasMac };
  };
}

/**
 * The route of just these packets. With `fibmatch` the kernel tells the whole network that the route is for; where it
 * has several ways, only the answer without it says which of them this connection takes.
 */
async function chosenRoute(
  { localAddress, peerAddress, localPort, peerPort, zone }: Asked, ask: Ask,
): Promise<ChosenRoute | undefined> {
  const packet = [
    peerAddress, 'from', localAddress, ...(zone === undefined ? [] : ['oif', zone]),
    ...(localPort && peerPort ? ['ipproto', 'tcp', 'sport', String(localPort), 'dport', String(peerPort)] : []),
  ];
  const matched = parseIpRoute(await ask(['ip', '-j', 'route', 'get', 'fibmatch', ...packet]) ?? '');
  if (!matched) return undefined;
  const every = isIPv4(peerAddress) ? '0.0.0.0/0' : '::/0';
  const destination = matched.destination === 'default' ? every : matched.destination;
  if (!('ways' in matched)) return { ...matched, destination };
  const taken = parseIpRoute(await ask(['ip', '-j', 'route', 'get', ...packet]) ?? '');
  return taken && !('ways' in taken) ? { ...taken, destination } : undefined;
}
