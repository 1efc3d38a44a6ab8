import type { LabAddresses } from '../../protocol.ts';
import type { Exchange } from '../../trace/exchange.ts';
import type { RequestSpec, TrustAnchor } from '../../trace/request.ts';

/** What another program needs to know to reach and trust the hosts of a request as it was sent here. */
export interface Reach {
  /** `host:port:address`, an IPv6 address in brackets. */
  readonly resolve: readonly string[];
  /** Certificate authorities in PEM that are trusted for its hosts only; empty where none is needed. */
  readonly authorities: readonly string[];
}

export interface Seen {
  /** The exchanges of the last send of the request, in order. */
  readonly exchanges?: readonly Exchange[];
  /** Where the lab listens, while it runs. */
  readonly lab?: LabAddresses | undefined;
}

/**
 * The addresses of names that only our own name servers know, and the authorities of certificates
 * that only we trust. An address that was connected to comes before the lab's own.
 */
export function reachOf(spec: RequestSpec, { exchanges = [], lab }: Seen): Reach {
  const url = new URL(spec.url);
  // After an edit the last send may have gone elsewhere.
  const own = URL.parse(exchanges[0]?.spec.url ?? '')?.origin === url.origin ? exchanges : [];
  return { resolve: resolveOf(spec, own, lab), authorities: authoritiesOf(spec, own) };
}

function resolveOf(
  spec: RequestSpec, exchanges: readonly Exchange[], lab: LabAddresses | undefined,
): string[] {
  const { options } = spec;
  // A proxy asks for the address itself.
  if (options.proxy !== undefined) return [];
  const known = new Map<string, string>();
  const note = (host: string, port: number, address: string): void => {
    const key = `${host}:${port}`;
    const isOurs = options.zoneServers?.some(({ zone }) => isWithin(host, zone));
    if (isOurs && !known.has(key)) known.set(key, address);
  };
  for (const { connection } of exchanges) {
    const { host, port, peerAddress } = connection ?? {};
    if (host !== undefined && port !== undefined && peerAddress) note(host, port, peerAddress);
  }
  const { hostname } = new URL(spec.url);
  if (lab && isWithin(hostname, lab.nameServer.zone)) {
    for (const { port, address } of [lab.http, lab.https]) note(hostname, port, address);
  }
  return [...known].map(([key, address]) =>
    `${key}:${address.includes(':') ? `[${address}]` : address}`);
}

function authoritiesOf({ url, options }: RequestSpec, exchanges: readonly Exchange[]): string[] {
  if (options.verify === false) return [];
  const hosts = [url, ...exchanges.map(({ spec }) => spec.url)]
    .map((one) => new URL(one))
    .filter(({ protocol }) => protocol === 'https:')
    .map(({ hostname }) => hostname);
  // Another program that is given authorities trusts no others: those for every host are told where they were needed.
  const needed = new Set(exchanges.flatMap(({ connection }) =>
    connection?.tls?.facts?.certificateChain.map(({ trustedFrom }) => trustedFrom) ?? []));
  const isMeant = ({ zones, label }: TrustAnchor): boolean =>
    zones?.some((zone) => hosts.some((host) => isWithin(host, zone))) ?? needed.has(label);
  return (options.trustAnchors ?? []).filter(isMeant).map(({ pem }) => pem);
}

/** Names are compared without case (RFC 4343); a name is within itself. */
function isWithin(host: string, zone: string): boolean {
  const [name, end] = [host, zone].map((one) => one.toLowerCase().replace(/\.$/, '')) as [string, string];
  return name === end || name.endsWith(`.${end}`);
}
