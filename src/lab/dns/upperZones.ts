import type { Answer } from 'dns-packet';
import { origin as labOrigin } from './labZone.ts';
import { addressesOf, createZone, ttl } from './zone.ts';
import type { NamedServer, Zone } from './zone.ts';

// What is above and beside `lab.test`, so that a walk from the root finds its way.

/** The names of the addresses 127.0.0.1 and ::1 (RFC 1035 §3.5, RFC 3596 §2.5), as zones of their own. */
export const reverseOrigins = ['127.in-addr.arpa', `1.${'0.'.repeat(31)}ip6.arpa`] as const;

/** The root zone: it knows whom to ask for `test.` and for the names of loopback's addresses, and nobody else. */
export function createRootZone(server: NamedServer, topServer: NamedServer, labServer: NamedServer): Zone {
  return createZone({
    origin: '', server, records: [],
    delegations: [
      { origin: 'test', server: topServer },
      ...reverseOrigins.map((origin) => ({ origin, server: labServer })),
    ],
  });
}

/**
 * The zone `test.` (RFC 6761 §6.2: nobody on the Internet has it), with the addresses of the servers above the lab's.
 */
export function createTopZone(server: NamedServer, rootServer: NamedServer, labServer: NamedServer): Zone {
  return createZone({
    origin: 'test', server, records: [...addressesOf(server), ...addressesOf(rootServer)],
    delegations: [{ origin: labOrigin, server: labServer }],
  });
}

/** The zones of loopback's addresses: whoever asks for their names is told `lab.test`. */
export function createReverseZones(server: NamedServer): Zone[] {
  const name = (owner: string): Answer => ({ type: 'PTR', name: owner, ttl, data: labOrigin });
  return reverseOrigins.map((origin) => createZone({
    origin, server, records: [name(origin.startsWith('127') ? `1.0.0.${origin}` : origin)],
  }));
}

/** A zone each of whose names is this machine. */
export function createPlainZone(origin: string, server: NamedServer): Zone {
  return createZone({
    origin, server, records: addressesOf(server),
    others: (name, isHostName) => isHostName ? [{ type: 'A', name, ttl, data: '127.0.0.1' }] : [],
  });
}
