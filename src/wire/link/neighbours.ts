import { isIPv6 } from 'node:net';
import type { Neighbour } from '../../trace/link.ts';

// The tables in which a machine keeps the MAC addresses of its neighbours, as each system prints them.

/** `interface` where the table tells it. */
export interface KnownNeighbour extends Neighbour {
  readonly interface?: string;
}

/** More lines than this nobody needs to read. */
const lineLimit = 5000;
const nobody = '00:00:00:00:00:00';

/** ATF_COM of linux/if_arp.h: the entry is complete. */
const complete = 0x2;

/** Takes /proc/net/arp. */
export function parseArpFile(text: string): KnownNeighbour[] {
  return text.split('\n', lineLimit).slice(1).flatMap((line): KnownNeighbour[] => {
    const [address, , flags, mac, , name] = line.trim().split(/\s+/);
    if (!address || !mac || !name) return [];
    const isComplete = (Number.parseInt(flags ?? '', 16) & complete) !== 0 && mac !== nobody;
    return [{ address, interface: name, ...(isComplete ? { mac: macOf(mac) } : { state: 'INCOMPLETE' }) }];
  });
}

/** Takes what `ip -j neigh` prints. */
export function parseIpNeighbours(printed: string): KnownNeighbour[] {
  return list(printed).flatMap((one): KnownNeighbour[] => {
    const { dst, dev, lladdr, state } = one;
    if (typeof dst !== 'string') return [];
    const states = Array.isArray(state) ? state.filter((each) => typeof each === 'string') : [];
    return [{
      address: dst,
      ...(typeof dev === 'string' ? { interface: dev } : {}),
      ...(typeof lladdr === 'string' ? { mac: macOf(lladdr) } : {}),
      ...(states.length > 0 ? { state: states.join(' ') } : {}),
    }];
  });
}

/** Takes `arp -an` of macOS and the BSDs: `? (192.0.2.1) at 2:fc:0:0:0:5 on en0 ifscope [ethernet]`. */
export function parseArpCommand(printed: string): KnownNeighbour[] {
  return printed.split('\n', lineLimit).flatMap((line): KnownNeighbour[] => {
    const [, address, mac = '', name] = /^\S+ \(([\d.]{7,15})\) at (\S+)(?: on (\S+))?/.exec(line) ?? [];
    if (address === undefined) return [];
    return [{ address, ...(name === undefined ? {} : { interface: name }), ...told(mac) }];
  });
}

/** Takes `ndp -an` of macOS: a heading, then address, MAC, interface, expiry and state in columns. */
export function parseNdpCommand(printed: string): KnownNeighbour[] {
  return printed.split('\n', lineLimit).slice(1).flatMap((line): KnownNeighbour[] => {
    const [address = '', mac = '', name] = line.trim().split(/\s+/);
    const [plain = ''] = address.split('%');
    if (!isIPv6(plain)) return [];
    return [{ address: plain, ...(name === undefined ? {} : { interface: name }), ...told(mac) }];
  });
}

function told(mac: string): { mac: string } | { state: string } {
  return /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(mac) ? { mac: macOf(mac) } : { state: 'INCOMPLETE' };
}

/** The numbers PowerShell's JSON has in place of the names of a state. */
const windowsStates: readonly string[] =
  ['Unreachable', 'Incomplete', 'Probe', 'Delay', 'Stale', 'Reachable', 'Permanent'];

/** Takes the JSON of PowerShell's `Get-NetNeighbor | ConvertTo-Json`: one object, or several. */
export function parseGetNetNeighbor(printed: string): KnownNeighbour[] {
  return list(printed).flatMap((one): KnownNeighbour[] => {
    const { IPAddress: address, LinkLayerAddress: mac, InterfaceAlias: name, State: state } = one;
    if (typeof address !== 'string') return [];
    const isKnown = typeof mac === 'string' && /^[0-9A-F]{2}(-[0-9A-F]{2}){5}$/i.test(mac) && macOf(mac) !== nobody;
    const word = typeof state === 'number' ? windowsStates[state] : typeof state === 'string' ? state : undefined;
    return [{
      address: address.split('%')[0]!,
      ...(typeof name === 'string' ? { interface: name } : {}),
      ...(isKnown ? { mac: macOf(mac) } : {}),
      ...(word === undefined ? {} : { state: word }),
    }];
  });
}

function list(printed: string): Record<string, unknown>[] {
  let said: unknown;
  try {
    said = JSON.parse(printed);
  } catch {
    return [];
  }
  return (Array.isArray(said) ? said.slice(0, lineLimit) : [said]).filter(
    (one): one is Record<string, unknown> => typeof one === 'object' && one !== null,
  );
}

/** Two digits an octet, lower case, colons between. */
function macOf(text: string): string {
  return text.toLowerCase().split(/[:-]/).map((octet) => octet.padStart(2, '0')).join(':');
}

/** The neighbour with an address, on an interface if both say which. */
export function neighbourAt(
  address: string, name: string | undefined, neighbours: readonly KnownNeighbour[],
): Neighbour | undefined {
  const found = neighbours.find((one) => one.address === address
    && (name === undefined || one.interface === undefined || one.interface === name));
  if (!found) return undefined;
  const { interface: _interface, ...neighbour } = found;
  return neighbour;
}
