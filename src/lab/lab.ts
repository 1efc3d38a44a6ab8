import { createAuthority } from './certificates/authority.ts';
import { createServerNames, goodNames } from './certificates/serverNames.ts';
import { monotonicNow } from './clock.ts';
import { origin } from './dns/labZone.ts';
import { startNameServers } from './dns/nameServers.ts';
import type { NameServers } from './dns/nameServers.ts';
import { createFront } from './http/front.ts';
import { createHttpServers } from './http/httpServers.ts';
import type { ServerLimits } from './http/httpServers.ts';
import { listen } from './http/listener.ts';
import { isOwnHost } from './http/ownNames.ts';
import type { OwnPorts } from './http/ownNames.ts';
import { createService } from './http/service.ts';
import type { LabAddresses, LabPartId, RequestAccount } from './messages.ts';
import { parts } from './parts.ts';
import type { House, RunningPart } from './parts.ts';
import type { Origins } from './routes/index.ts';
import { createRoutes } from './routes/routes.ts';
import { createMux } from './routing/mux.ts';
import { createSessions } from './shop/sessions.ts';

/**
 * How to start a lab; ports are 0 (any) unless named, limits are the ones of {@link defaultLimits}.
 */
export interface LabOptions {
  /** Called once for each request with a `traceparent`, when its response is over. */
  readonly onEvents?: (account: RequestAccount) => void;
  readonly httpPort?: number;
  readonly httpsPort?: number;
  readonly dnsPort?: number;
  readonly partPorts?: Readonly<Partial<Record<LabPartId, number>>>;
  readonly limits?: Partial<LabLimits>;
  /** The file to start the cluster's workers with: main.ts, or what it was bundled into. Without it there are none. */
  readonly entry?: string;
}

/** In ms and bytes. */
export interface LabLimits extends ServerLimits {
  readonly bodyLimit: number;
  readonly sessionIdleTimeout: number;
  readonly maxSessions: number;
}

const defaultLimits: LabLimits = {
  headTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  maxConnections: 256,
  bodyLimit: 1_048_576,
  sessionIdleTimeout: 30 * 60_000,
  maxSessions: 1000,
};

/** A running lab. */
export interface Lab {
  readonly addresses: LabAddresses;
  /** It listens on `::1` as well as on `127.0.0.1`. */
  readonly ipv6: boolean;
  close(): Promise<void>;
}

/**
 * Starts name server, certificate authority, HTTP and HTTPS on loopback; rejects when a port is
 * taken.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const limits = { ...defaultLimits, ...options.limits };
  const inFront = new Set<number>();
  const ports = { http: 0, https: 0, front: inFront };
  const constrainedTo = goodNames.filter((name) => !name.startsWith('*'));
  const authority = await createAuthority(constrainedTo, Date.now());
  const names = await createServerNames(authority, Date.now());
  const { sessionIdleTimeout: idleTimeout, maxSessions } = limits;
  const sessions = createSessions({ now: monotonicNow, idleTimeout, maxSessions });
  let origins: Origins = {};
  const service = createService({
    mux: createMux(createRoutes(authority, [], () => origins).map((route) => [route.pattern, route] as const)),
    sessions: () => sessions,
    ports: () => ports,
    openConnections: () => front.openConnections,
    bodyLimit: limits.bodyLimit,
    requestTimeout: limits.requestTimeout,
    report: options.onEvents,
  });
  const front = createFront(createHttpServers(service, limits), names, limits, options.onEvents);
  const open: { close(): Promise<void> }[] = [];
  const close = async () => {
    const closed = open.map((one) => one.close());
    front.close();
    await Promise.all(closed);
  };
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    open.push(one);
    return one;
  };
  try {
    const http = keep(await listen(options.httpPort ?? 0, (socket) =>
      front.accept(socket, 'http')));
    ports.http = http.port;
    const https = keep(await listen(options.httpsPort ?? 0, (socket) =>
      front.accept(socket, 'https')));
    ports.https = https.port;
    const ipv6 = http.ipv6 && https.ipv6;
    const nameServers = keep(await startNameServers({
      port: options.dnsPort ?? 0, httpsPort: () => ports.https,
      addresses: ipv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'],
    }));
    const running: Partial<Record<LabPartId, RunningPart>> = {};
    const house: House = {
      ports, authority, names, limits, entry: options.entry, report: options.onEvents ?? (() => {}),
      isOwn: (host, port) => isOwnHost(host) && [ports.http, ports.https, ...inFront].includes(port),
      partPort: (id) => running[id]?.port,
    };
    for (const part of parts) {
      const started = keep(await part.start(house, options.partPorts?.[part.id] ?? 0));
      running[part.id] = started;
      inFront.add(started.port);
    }
    const addresses = addressesOf(ports, nameServers, running, authority);
    origins = originsOf(addresses);
    return { addresses, ipv6, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Authority = Awaited<ReturnType<typeof createAuthority>>;

function addressesOf(
  ports: OwnPorts, { nameServer, rootServer }: NameServers, running: Partial<Record<LabPartId, RunningPart>>,
  authority: Authority,
): LabAddresses {
  const address = '127.0.0.1';
  return {
    origins: { http: `http://${origin}:${ports.http}`, https: `https://${origin}:${ports.https}` },
    http: { address, port: ports.http },
    https: { address, port: ports.https },
    nameServer,
    rootServer,
    parts: Object.fromEntries(Object.entries(running).map(([id, { origin: own, address: at, port }]) =>
      [id, { origin: own, address: at, port }])),
    certificateAuthority: {
      pem: authority.rootPem, subject: authority.subject, names: authority.names,
    },
  };
}

function originsOf({ origins, nameServer, parts: started }: LabAddresses): Origins {
  return {
    ...origins, dns: `dns://${nameServer.address}:${nameServer.port}`,
    ...Object.fromEntries(Object.entries(started).map(([id, { origin: own }]) => [id, own])),
  };
}
