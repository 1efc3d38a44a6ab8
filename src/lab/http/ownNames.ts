/** The ports of one lab. */
export interface OwnPorts {
  readonly http: number;
  readonly https: number;
  /** Of servers in front, some of which pass the Host on as it came. */
  readonly front?: ReadonlySet<number>;
}

/** A host and port as named by a client; the host in lower case, an IPv6 address in brackets. */
export interface Authority {
  readonly host: string;
  readonly port: number | undefined;
}

const defaultPorts = { http: 80, https: 443 } as const;

/** Clients ask by few names, and each time by the same. */
const recent = new Map<string, Authority>();
const maxRecent = 64;

/** RFC 3986 §3.2 without user information, which HTTP does not allow here (RFC 9110 §4.2.4). */
export function parseAuthority(text: string): Authority | undefined {
  const known = recent.get(text);
  if (known) return known;
  const authority = readAuthority(text);
  if (recent.size >= maxRecent) recent.clear();
  if (authority) recent.set(text, authority);
  return authority;
}

function readAuthority(text: string): Authority | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]@/?#\s]+)(?::(\d{0,5}))?$/i.exec(text);
  if (!match) return undefined;
  const [, host = '', port] = match;
  return { host: host.toLowerCase(), port: port ? Number(port) : undefined };
}

export function isOwnHost(host: string): boolean {
  return host === 'lab.test' || host.endsWith('.lab.test') || host === 'localhost'
    || host === '127.0.0.1' || host === '[::1]';
}

/**
 * RFC 9110 §7.4: a request for another authority than ours was sent here by mistake, or by an
 * attacker.
 */
export function isOwnAuthority(
  authority: Authority, scheme: 'http' | 'https', ports: OwnPorts,
): boolean {
  const port = authority.port ?? defaultPorts[scheme];
  return isOwnHost(authority.host) && (port === ports[scheme] || ports.front?.has(port) === true);
}

/** RFC 6454 §7: `null` is nobody's origin. */
export function isOwnOrigin(origin: string, ports: OwnPorts): boolean {
  const match = /^(https?):\/\/(.+)$/.exec(origin);
  const authority = match?.[2] === undefined ? undefined : parseAuthority(match[2]);
  const scheme = match?.[1] as 'http' | 'https';
  return authority !== undefined && isOwnAuthority(authority, scheme, ports);
}
