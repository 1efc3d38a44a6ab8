import type { Link, Neighbour } from '../../trace/link.ts';
import { neighbourAt } from './neighbours.ts';
import type { KnownNeighbour } from './neighbours.ts';

/** Both ends of a connection; its ports where they are known, for they may choose the way. */
export interface Ends {
  readonly localAddress: string;
  readonly peerAddress: string;
  readonly localPort?: number;
  readonly peerPort?: number;
}

/** The first step towards an address, as a system tells it. */
export interface Step extends Pick<Link, 'interface' | 'route' | 'table' | 'gateway' | 'neighbour' | 'sources'> {
  readonly kind: 'direct' | 'gateway' | 'unknown';
  /** Whether the interface has MAC addresses; absent where the system was not asked. */
  readonly hasMac?: boolean;
}

/** The step over an interface: to a gateway, if there is one, else to the peer itself. */
export function stepOver(
  found: { readonly interface: string; readonly gateway?: string; readonly destination?: string; readonly table?: string },
  peer: string, known: readonly KnownNeighbour[], sources: readonly string[],
): Step {
  const { interface: name, gateway, destination, table } = found;
  const next = gateway ?? peer;
  const neighbour: Neighbour = neighbourAt(next, name, known) ?? { address: next };
  return {
    kind: gateway === undefined ? 'direct' : 'gateway', interface: name, neighbour, sources,
    ...(destination === undefined ? {} : { route: destination }), ...(gateway === undefined ? {} : { gateway }),
    ...(table === undefined ? {} : { table }),
  };
}
