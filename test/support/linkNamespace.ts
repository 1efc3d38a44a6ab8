// Run in a network namespace of its own: sets up an Ethernet link, a tunnel and rules, and prints the links to some
// addresses as JSON. Ends with 75 where the system does not allow to set them up.
import { execFileSync } from 'node:child_process';
import { createLinkReader } from '../../src/wire/link/link.ts';
import { createShell } from '../../src/wire/link/shell.ts';

const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };

for (const command of [
  'link set lo up',
  'link add ve0 type veth peer name ve1', 'link set ve0 up', 'link set ve1 up', 'addr add 192.0.2.2/24 dev ve0',
  'route add default via 192.0.2.1 dev ve0',
  'neigh add 192.0.2.1 lladdr 02:fc:00:00:00:05 dev ve0 nud permanent',
  'tuntap add dev tun0 mode tun', 'addr add 10.8.0.2/32 dev tun0', 'link set tun0 up',
  'route add default dev tun0 table 51820', 'rule add to 203.0.113.0/24 lookup 51820',
  'route add 100.64.0.0/10 via 10.8.0.1 dev tun0 onlink',
  'route add 198.18.0.0/15 nexthop via 192.0.2.1 dev ve0 nexthop via 192.0.2.3 dev ve0',
  '-6 addr add fd00::2/64 dev ve0 nodad',
  'route add 198.51.100.0/24 via inet6 fe80::5 dev ve0',
  '-6 neigh add fe80::5 lladdr 02:fc:00:00:00:05 dev ve0 nud permanent',
]) {
  try {
    execFileSync('ip', command.split(' '), { env });
  } catch {
    process.exit(75);
  }
}

const shell = createShell();
// The shell itself keeps no process.
const hold = setInterval(() => undefined, 1000);
const read = createLinkReader({ now: () => performance.now(), ask: shell.ask });
const ports = { localPort: 40_000, peerPort: 443 };
const links: Record<string, unknown> = {};
for (const [name, localAddress, peerAddress] of [
  ['usual', '192.0.2.2', '192.0.0.9'], ['ruled', '10.8.0.2', '203.0.113.9'], ['routed', '10.8.0.2', '100.64.0.9'],
  ['near', '192.0.2.2', '192.0.2.77'], ['over IPv6', '192.0.2.2', '198.51.100.4'], ['two ways', '192.0.2.2', '198.18.0.9'],
] as const) links[name] = await read({ localAddress, peerAddress, ...ports });
const printed = execFileSync('ip', [
  ...'-j route get 198.18.0.9 from 192.0.2.2 ipproto tcp sport 40000 dport 443'.split(' '),
], { env, encoding: 'utf8' });
[links['told']] = JSON.parse(printed);
shell.close();
clearInterval(hold);
process.stdout.write(JSON.stringify(links));
