import type { LabAddresses } from '../messages.ts';
import { createLabZone, origin } from './labZone.ts';
import { startNameServer } from './nameServer.ts';
import type { NameServer } from './nameServer.ts';
import { createPlainZone, createReverseZones, createRootZone, createTopZone, reverseOrigins } from './upperZones.ts';
import type { NamedServer } from './zone.ts';

// A referral names servers and addresses, no ports, and loopback has one address on some systems. So each server has
// a port of its own, and whoever walks is told which.

/** Of `slow.lab.test`, ms. */
const slowDelay = 1500;

/**
 * The lab's name servers: of the root, of `test.`, of `lab.test`, and of two zones below it that answer late or never.
 */
export interface NameServers {
  readonly nameServer: LabAddresses['nameServer'];
  readonly rootServer: LabAddresses['rootServer'];
  close(): Promise<void>;
}

export interface NameServerOptions {
  /** Of `lab.test`'s server; 0 takes any. */
  readonly port: number;
  /** The addresses that the lab's other servers listen on. */
  readonly addresses: readonly string[];
  readonly httpsPort: () => number;
}

const named = (name: string): NamedServer => ({ name, addresses: ['127.0.0.1'] });

const servers = {
  root: named('a.root.test'), top: named('a.nic.test'), lab: named(`ns.${origin}`),
  slow: named(`ns.slow.${origin}`), silent: named(`ns.silent.${origin}`),
};

/** Starts them all, or none: rejects when a port is taken. */
export async function startNameServers({ port, addresses, httpsPort }: NameServerOptions): Promise<NameServers> {
  const open: NameServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((one) => one.close()));
  };
  const start = async (...parameters: Parameters<typeof startNameServer>): Promise<NameServer> => {
    const server = await startNameServer(...parameters);
    open.push(server);
    return server;
  };
  try {
    const lab = await start([labZone(addresses, httpsPort), ...createReverseZones(servers.lab)], { port });
    const top = await start([createTopZone(servers.top, servers.root, servers.lab)]);
    const root = await start([createRootZone(servers.root, servers.top, servers.lab)]);
    const slow = await start([createPlainZone(`slow.${origin}`, servers.slow)], { delay: slowDelay });
    const silent = await start([], { isSilent: true });
    return {
      nameServer: {
        address: lab.address, port: lab.port, zone: origin,
        below: [
          { zone: `slow.${origin}`, port: slow.port }, { zone: `silent.${origin}`, port: silent.port },
          { zone: `lame.${origin}`, port: top.port },
        ],
      },
      rootServer: {
        name: servers.root.name, address: root.address, port: root.port, zones: ['test', ...reverseOrigins],
        ports: {
          [servers.top.name]: top.port, [servers.lab.name]: lab.port, [servers.slow.name]: slow.port,
          [servers.silent.name]: silent.port,
        },
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** RFC 8499 §7: the server that `lame.lab.test` is delegated to knows nothing of it. */
function labZone(addresses: readonly string[], httpsPort: () => number): ReturnType<typeof createLabZone> {
  return createLabZone({
    server: servers.lab, addresses, httpsPort,
    delegations: [
      { origin: `slow.${origin}`, server: servers.slow },
      { origin: `silent.${origin}`, server: servers.silent },
      { origin: `lame.${origin}`, server: servers.top },
    ],
  });
}
