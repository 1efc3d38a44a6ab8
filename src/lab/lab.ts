import { createAccounts } from './accounts.ts';
import { createAuthority } from './certificates/authority.ts';
import { createServerNames, goodNames } from './certificates/serverNames.ts';
import { monotonicNow } from './clock.ts';
import { crewOf } from './cluster/cluster.ts';
import { createControl } from './control/control.ts';
import type { Control } from './control/control.ts';
import { createServers } from './control/servers.ts';
import type { LabServer, OpenServer, Servers } from './control/servers.ts';
import { webServer } from './control/webServer.ts';
import { createSmallServer } from './faults/smallServer.ts';
import { origin } from './dns/labZone.ts';
import { nameServerAddresses, nameServers } from './dns/nameServers.ts';
import { createFront } from './http/front.ts';
import { createHttpServers } from './http/httpServers.ts';
import { isOwnHost } from './http/ownNames.ts';
import type { OwnPorts } from './http/ownNames.ts';
import { createService } from './http/service.ts';
import { limitsWith } from './limits.ts';
import type { LabLimits } from './limits.ts';
import type { LabAddresses, LabPorts, LabServerId, LabServerProblem, RequestAccount } from './messages.ts';
import { parts } from './parts.ts';
import type { House } from './parts.ts';
import type { Origins } from './routes/index.ts';
import { createLimitRoutes } from './routes/limits.ts';
import { createBookRoutes } from './routes/books.ts';
import { createRoutes } from './routes/routes.ts';
import { createMux } from './routing/mux.ts';
import { createSessions, newId, sessionLimits } from './shop/sessions.ts';
import { createStores } from './shop/stores.ts';
import type { StoreSetting } from './shop/storeSetting.ts';

/**
 * How to start a lab; ports are 0 (any) unless named, limits are the usual ones.
 */
export interface LabOptions {
  /** Called once for each request with a `traceparent`, when its response is over. */
  readonly onEvents?: (account: RequestAccount) => void;
  readonly ports?: LabPorts;
  readonly limits?: Partial<LabLimits>;
  /** Where sessions are kept; in memory unless it is said. */
  readonly sessionStore?: StoreSetting;
  /** The file to start the cluster's workers with: main.ts, or what it was bundled into. Without it there are none. */
  readonly entry?: string;
}

/** A running lab. */
export interface Lab extends Control {
  /** Where its servers listen by now. */
  readonly addresses: LabAddresses;
  /** It listens on `::1` as well as on `127.0.0.1`. */
  readonly ipv6: boolean;
  close(): Promise<void>;
}

/** The lab is not started without its web server and its name servers; `code` is the system's, such as EADDRINUSE. */
export class LabStartError extends Error {
  readonly code: string;
  readonly server: LabServerId;
  readonly problem: LabServerProblem;

  constructor(server: LabServerId, problem: LabServerProblem) {
    super(problem.message);
    this.code = problem.code;
    this.server = server;
    this.problem = problem;
  }
}

/**
 * Starts web server, name servers, certificate authority and all parts on loopback. A part whose port is taken is left
 * out; rejects with a {@link LabStartError} when one of the others cannot be started.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const limits = limitsWith(options.limits);
  const inFront = new Set<number>();
  const ports = { http: 0, https: 0, front: inFront };
  const constrainedTo = goodNames.filter((name) => !name.startsWith('*'));
  const authority = await createAuthority(constrainedTo, Date.now());
  const names = await createServerNames(authority, Date.now());
  const sessions = createSessions({ now: monotonicNow, ...sessionLimits(limits) });
  const sharedSessions = createSessions({ now: monotonicNow, ...sessionLimits(limits) });
  const keeping = { setting: options.sessionStore ?? { kind: 'memory' }, key: newId() } as const;
  const stores = createStores({
    setting: keeping.setting, key: Buffer.from(keeping.key, 'base64'), terms: sessionLimits(limits), memory: sessions,
    shared: sharedSessions,
  });
  const accounts = options.onEvents && createAccounts(options.onEvents);
  const admitted = new Set<number>();
  const small = createSmallServer(options.entry, accounts?.report ?? (() => {}));
  const addresses = (): LabAddresses => addressesOf(ports, servers, authority);
  const books = createBookRoutes();
  const service = createService({
    mux: createMux(createRoutes(authority, createLimitRoutes(small), () => originsOf(servers), books).map((route) =>
      [route.pattern, route] as const)),
    sessions: ({ authority: host }) => stores.of(host),
    ports: () => ports,
    identityOf: (host) => names.nameFor(host),
    openConnections: () => front.openConnections,
    bodyLimit: limits.bodyLimit,
    requestTimeout: limits.requestTimeout,
    report: accounts?.report,
  });
  const front = createFront(createHttpServers(service, limits), names, limits, accounts?.report);
  const house: House = {
    ports, authority, names, limits, sharedSessions, keeping, books,
    entry: options.entry, report: accounts?.report ?? (() => {}), carry: accounts?.carry ?? (() => {}),
    isOwn: (host, port) =>
      isOwnHost(host) && (inFront.has(port) || small.isOpen(port) || isOpenDoor(ports, servers, port)),
    isOwnTunnel: (host, port) => house.isOwn(host, port) || (isOwnHost(host) && admitted.has(port)),
    admit(port) {
      admitted.add(port);
      return () => void admitted.delete(port);
    },
    partPort: (id) => servers.isOpen(id) ? servers.portOf(id) : undefined,
  };
  const crew = crewOf(house);
  let ipv6 = true;
  const list: readonly LabServer[] = [
    webServer('http', () => front, (own) => { ipv6 = own; }),
    webServer('https', () => front, (own) => { ipv6 &&= own; }),
    ...nameServers({
      addresses: () => ipv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'], httpsPort: () => ports.https,
      ftpPort: () => house.partPort('ftp'), report: accounts?.report,
    }),
    ...parts.map(({ id, start }): LabServer => ({ id, start: (port) => start(house, port) })),
  ];
  const servers = createServers(list, options.ports ?? {}, {
    onOpen(id, open) {
      note(ports, id, open);
      crew.tellPorts();
    },
    onClose(_, port) {
      inFront.delete(port);
      crew.tellPorts();
    },
  });
  const close = async (): Promise<void> => {
    const closed = servers.close();
    front.close();
    stores.close();
    small.close();
    await Promise.all([closed, crew.close()]);
  };
  for (const { id } of list) {
    const problem = await servers.start(id);
    if (!problem || isPart(id)) continue;
    await close();
    throw new LabStartError(id, problem);
  }
  return {
    ...createControl({ servers, sessions: stores.tally, crew }), close, ipv6,
    get addresses() { return addresses(); },
  };
}

function isPart(id: LabServerId): boolean {
  return parts.some((part) => part.id === id);
}

/** Remembers where a server listens. */
function note(ports: { http: number; https: number; front: Set<number> }, id: LabServerId, { port }: OpenServer): void {
  if (id === 'http' || id === 'https') ports[id] = port;
  else if (isPart(id)) ports.front.add(port);
}

/** One that was stopped has left its port to others. */
function isOpenDoor(ports: OwnPorts, servers: Servers, port: number): boolean {
  return (['http', 'https'] as const).some((id) => ports[id] === port && servers.isOpen(id));
}

type Authority = Awaited<ReturnType<typeof createAuthority>>;

function addressesOf(ports: OwnPorts, servers: Servers, authority: Authority): LabAddresses {
  const address = '127.0.0.1';
  const started = servers.states().flatMap(({ id, origin: own, address: at, port }) =>
    isPart(id) && own !== undefined ? [[id, { origin: own, address: at, port }]] : []);
  return {
    origins: { http: `http://${origin}:${ports.http}`, https: `https://${origin}:${ports.https}` },
    http: { address, port: ports.http },
    https: { address, port: ports.https },
    ...nameServerAddresses((id) => servers.portOf(id) ?? 0),
    parts: Object.fromEntries(started) as LabAddresses['parts'],
    certificateAuthority: {
      pem: authority.rootPem, subject: authority.subject, names: authority.names,
    },
  };
}

function originsOf(servers: Servers): Origins {
  return Object.fromEntries(servers.states().flatMap(({ id, origin: own }) => own === undefined ? [] : [[id, own]]));
}
