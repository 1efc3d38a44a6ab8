import type { LabServer, OpenServer } from '../control/servers.ts';
import type { LabAddresses, RequestAccount } from '../messages.ts';
import { createLabZone, origin } from './labZone.ts';
import { startNameServer } from './nameServer.ts';
import type { NameServerMessage, NameServerOptions as StartOptions } from './nameServer.ts';
import { createPlainZone, createReverseZones, createRootZone, createTopZone, reverseOrigins } from './upperZones.ts';
import type { Served } from './reply.ts';
import type { NamedServer, Zone } from './zone.ts';

// A referral names servers and addresses, no ports, and loopback has one address on some systems. So each server has
// a port of its own, and whoever walks is told which.

/** Of `slow.lab.test`, ms. */
const slowDelay = 1500;

/** Of `lab.test`, of `test.`, of the root, and of two zones below `lab.test` that answer late or never. */
export type NameServerId = 'dns' | 'topDns' | 'rootDns' | 'slowDns' | 'silentDns';

export interface NameServerOptions {
  /** The addresses that the lab's other servers listen on. */
  readonly addresses: () => readonly string[];
  readonly httpsPort: () => number;
  /** Undefined while FTP is not spoken. */
  readonly ftpPort: () => number | undefined;
  /** Tells of each question, and of each message that is none. */
  readonly report?: ((account: RequestAccount) => void) | undefined;
}

/** RFC 8499 §7: the server that this zone is delegated to knows nothing of it. */
const lameZone = `lame.${origin}`;

const named = (name: string): NamedServer => ({ name, addresses: ['127.0.0.1'] });

const servers = {
  root: named('a.root.test'), top: named('a.nic.test'), lab: named(`ns.${origin}`),
  slow: named(`ns.slow.${origin}`), silent: named(`ns.silent.${origin}`),
};

/** The lab's name servers; their zones are made when they start. */
export function nameServers(
  { addresses, report, ...ports }: NameServerOptions,
): readonly (LabServer & { readonly id: NameServerId })[] {
  const server = (id: NameServerId, served: () => Served, options: StartOptions = {}) => ({
    id,
    async start(port: number): Promise<OpenServer> {
      const started = await startNameServer(served(), {
        ...options, port,
        onMessage: (event) => tellOf(event, id, report),
      });
      return { ...started, origin: `dns://${started.address}:${started.port}` };
    },
  });
  return [
    server('dns', () => ({ zones: [labZone(addresses(), ports), ...createReverseZones(servers.lab)] })),
    server('topDns', () => ({
      zones: [createTopZone(servers.top, servers.root, servers.lab)], unserved: [lameZone],
    })),
    server('rootDns', () => ({ zones: [createRootZone(servers.root, servers.top, servers.lab)] })),
    server('slowDns', () => ({ zones: [createPlainZone(`slow.${origin}`, servers.slow)] }), { delay: slowDelay }),
    server('silentDns', () => ({ zones: [] }), { isSilent: true }),
  ];
}

function tellOf(event: NameServerMessage, server: NameServerId, report: NameServerOptions['report']): void {
  const { id: queryId, peerPort, transport } = event;
  if (queryId !== undefined) return report?.({ queryPort: peerPort, queryId, server, events: [event] });
  // A port of UDP says nothing without an id: a connection may have one of the same number.
  if (transport === 'tcp') report?.({ clientPort: peerPort, server, events: [event] });
}

/** Where they are, as those who ask and those who walk need it. */
export function nameServerAddresses(
  portOf: (id: NameServerId) => number,
): Pick<LabAddresses, 'nameServer' | 'rootServer'> {
  const address = '127.0.0.1';
  return {
    nameServer: {
      address, port: portOf('dns'), zone: origin,
      below: [
        { zone: `slow.${origin}`, port: portOf('slowDns') }, { zone: `silent.${origin}`, port: portOf('silentDns') },
        { zone: lameZone, port: portOf('topDns') },
      ],
    },
    rootServer: {
      name: servers.root.name, address, port: portOf('rootDns'), zones: ['test', ...reverseOrigins],
      ports: {
        [servers.top.name]: portOf('topDns'), [servers.lab.name]: portOf('dns'), [servers.slow.name]: portOf('slowDns'),
        [servers.silent.name]: portOf('silentDns'),
      },
    },
  };
}

function labZone(addresses: readonly string[], ports: Omit<NameServerOptions, 'addresses' | 'report'>): Zone {
  return createLabZone({
    server: servers.lab, addresses, ...ports,
    delegations: [
      { origin: `slow.${origin}`, server: servers.slow },
      { origin: `silent.${origin}`, server: servers.silent },
      { origin: lameZone, server: servers.top },
    ],
  });
}
