import { isIP } from 'node:net';
import { win32 } from 'node:path';
import type { IpAddress } from '../../trace/dnsStep.ts';
import { canonicalName } from './name.ts';

/** Addresses by canonical name, in the order of the file. */
export type HostsFile = ReadonlyMap<string, readonly IpAddress[]>;

/**
 * Takes the text of a hosts file and gives its entries. hosts(5): address, names, `#` comments; the
 * rest is skipped.
 */
export function parseHostsFile(text: string): HostsFile {
  const hosts = new Map<string, IpAddress[]>();
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family !== 4 && family !== 6) continue;
    for (const name of new Set(names.map(canonicalName)))
      addAddress(hosts, name, { address, family });
  }
  return hosts;
}

function addAddress(hosts: Map<string, IpAddress[]>, name: string, address: IpAddress): void {
  const known = hosts.get(name);
  if (known === undefined) hosts.set(name, [address]);
  else if (!known.some((other) => other.address === address.address)) known.push(address);
}

/** Gives where the operating system keeps its hosts file. */
export function systemHostsFile(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (platform !== 'win32') return '/etc/hosts';
  return win32.join(
    environment['SystemRoot'] ?? 'C:\\Windows',
    'System32',
    'drivers',
    'etc',
    'hosts',
  );
}
