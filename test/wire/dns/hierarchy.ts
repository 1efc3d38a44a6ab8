import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireDebian } from '../../support/debian.ts';
import { freeUdpPort } from '../../support/sockets.ts';

// Name servers of the real kind (NSD) on addresses of loopback and one port, each with zones of its own.

/** Zone files by zone name, by the server's address. */
export type Zones = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface Hierarchy {
  readonly port: number;
  /** What dig says when it asks one server without recursion: its output without comments it makes itself. */
  dig(address: string, name: string, type: string): string;
  close(): Promise<void>;
}

/** Starts one NSD for each address. Lines `SOA` and `TTL` are put before every zone. */
export async function startHierarchy(zones: Zones): Promise<Hierarchy> {
  const nsd = requireDebian('nsd', 'nsd');
  const dig = requireDebian('bind9-dnsutils', 'dig');
  const directory = mkdtempSync(join(tmpdir(), 'roundtrip-walk-'));
  const port = await freeUdpPort();
  const children: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(children.filter(({ exitCode }) => exitCode === null).map((child) => {
      child.kill();
      return once(child, 'exit');
    }));
    rmSync(directory, { recursive: true });
  };
  const ask = (address: string, name: string, type: string): string => spawnSync(dig, [
    `@${address}`, '-p', String(port), '+norecurse', '+nocookie', '+tries=1', '+time=2', '-r', name, type,
  ], { encoding: 'utf8' }).stdout;
  for (const [address, own] of Object.entries(zones)) children.push(start(nsd, directory, address, port, own));
  await Promise.all(Object.entries(zones).map(([address, own]) => ready(address, port, ask, own)));
  return { port, dig: ask, close };
}

function start(
  nsd: string, directory: string, address: string, port: number, zones: Zones[string],
): ChildProcess {
  const own = join(directory, address);
  spawnSync('mkdir', ['-p', own]);
  const named = Object.entries(zones).map(([zone, lines], index) => {
    const origin = zone === '' ? '.' : `${zone}.`;
    const file = `zone${index}`;
    const soa = `@ IN SOA ns.invalid. admin.invalid. 1 3600 600 86400 45`;
    writeFileSync(join(own, file), [`$ORIGIN ${origin}`, '$TTL 300', soa, ...lines, ''].join('\n'));
    return `zone:\n  name: "${origin}"\n  zonefile: "${file}"\n`;
  });
  writeFileSync(join(own, 'nsd.conf'), `server:
  ip-address: ${address}@${port}
  username: ""
  zonesdir: "${own}"
  database: ""
  pidfile: "${own}/nsd.pid"
  xfrdfile: "${own}/xfrd.state"
  xfrdir: "${own}"
  zonelistfile: "${own}/zone.list"
  server-count: 1
  minimal-responses: no
remote-control:
  control-enable: no
${named.join('')}`);
  return spawn(nsd, ['-d', '-c', join(own, 'nsd.conf')], { stdio: 'ignore' });
}

/** Asks until the server answers for its first zone. */
async function ready(address: string, port: number, ask: Hierarchy['dig'], zones: Zones[string]): Promise<void> {
  const [zone = ''] = Object.keys(zones);
  for (let left = 100; left > 0; left -= 1) {
    if (ask(address, zone === '' ? '.' : zone, 'SOA').includes('status: NOERROR')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nsd did not start on ${address}:${port}`);
}
