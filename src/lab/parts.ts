import type { Accounts } from './accounts.ts';
import type { CertificateAuthority } from './certificates/authority.ts';
import type { ServerNames } from './certificates/serverNames.ts';
import { balancer } from './cluster/balancer.ts';
import { cluster } from './cluster/cluster.ts';
import type { Keeping } from './cluster/talk.ts';
import type { OpenServer } from './control/servers.ts';
import { blindRelay } from './forwarding/blindRelay.ts';
import { forwardProxies } from './forwarding/forwardProxy.ts';
import { relay } from './forwarding/relay.ts';
import { socks } from './forwarding/socks.ts';
import { ftp } from './gateways/ftp/server.ts';
import { ftpGateway } from './gateways/ftpGateway.ts';
import { accelerator, reverseProxy, securityGateway } from './gateways/httpGateways.ts';
import { resourceGateway } from './gateways/resourceGateway.ts';
import type { OwnPorts } from './http/ownNames.ts';
import type { LabLimits } from './limits.ts';
import type { LabPartId } from './messages.ts';
import type { BookRoute } from './routes/books.ts';
import type { Sessions } from './shop/sessions.ts';

// The lab's servers besides the one behind `http` and `https`: gateways, tunnels, relays, the cluster and its balancer.

/** What a part may use of the lab that it belongs to. */
export interface House {
  /** Of the lab's own HTTP and HTTPS servers. */
  readonly ports: OwnPorts;
  readonly authority: CertificateAuthority;
  readonly names: ServerNames;
  readonly limits: LabLimits;
  /** Sessions that all processes of the lab know, and how they are to keep others. */
  readonly sharedSessions: Sessions;
  readonly keeping: Keeping;
  /** The lab's one bookshelf. */
  readonly books: readonly BookRoute[];
  /** The file that the lab's own processes are started with. */
  readonly entry: string | undefined;
  /** Whether this lab listens there. Nothing is forwarded to any other place (SAFETY.md). */
  readonly isOwn: (host: string, port: number) => boolean;
  /** The same for tunnels: they lead also to what was let in by `admit`, where HTTP is not spoken. */
  readonly isOwnTunnel: House['isOwn'];
  /** A part has opened a port of 127.0.0.1 for a while; to be called before it is closed: what this gives. */
  readonly admit: (port: number) => () => void;
  /** Where a part listens; undefined while it does not. */
  readonly partPort: (id: LabPartId) => number | undefined;
  /** Tells what was seen of a request with a `traceparent`. */
  readonly report: Accounts['report'];
  /** A tunnel has been opened, from a port of its own, for a client. */
  readonly carry: Accounts['carry'];
}

/** A part that listens. */
export type RunningPart = OpenServer;

export interface Part {
  readonly id: LabPartId;
  /** Listens on `port` of loopback, 0: any that is free; rejects when it is taken. */
  start(house: House, port: number): Promise<RunningPart>;
}

/** Every part, in the order in which they start: what is in front of another comes after it. */
export const parts: readonly Part[] = [
  ...forwardProxies, socks, relay, blindRelay, accelerator, securityGateway, reverseProxy, ftp, ftpGateway,
  resourceGateway, cluster, balancer,
];
