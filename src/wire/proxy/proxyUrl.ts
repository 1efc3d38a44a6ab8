import type { ProxyKind } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import { proxiesIn, withoutCredentials } from '../../trace/proxyDecision.ts';

/** A proxy. `origin` is its URL without credentials: only that may be shown. */
export interface Proxy {
  readonly kind: ProxyKind;
  readonly host: string;
  readonly port: number;
  readonly origin: string;
  /** The value of `Proxy-Authorization`, for `http` and `https`: Basic (RFC 7617) when it is from the URL. */
  readonly authorization?: string;
  /** It is the request's own field: sent as it is, and no challenge is answered with it. */
  readonly isTyped?: true;
  /** For SOCKS; SOCKS4 has no password. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

type ParsedProxies =
  | { readonly ok: true; readonly proxies: readonly Proxy[] }
  | { readonly ok: false; readonly failure: Failure };

/** As curl has them; what a proxy listens on when its URL does not say. */
const defaultPorts: Readonly<Record<ProxyKind, number>> = {
  http: 80, https: 443, socks4: 1080, socks4a: 1080, socks5: 1080, socks5h: 1080,
};

/** Desktops that set `ALL_PROXY=socks://…` mean SOCKS5, and editors read it so: names are the proxy's to look up. */
const aliases: Readonly<Record<string, ProxyKind>> = { socks: 'socks5h' };

/** Our own bound: nobody needs as many. */
const maxProxies = 8;

/**
 * The proxies of `scheme://[user:password@]host[:port]`, several between commas, in the order they are gone through.
 * A chain that cannot be used is a failure that says why, without credentials. `authorization` is for the first of
 * them, before what its URL says; `typed`, as octets, for the last that speaks HTTP, before both.
 */
export function parseProxies(text: string, authorization?: string, typed?: string): ParsedProxies {
  const written = proxiesIn(text);
  if (written.length > maxProxies) {
    return unsupported(`more than ${maxProxies} proxies`, { reason: 'too-many-proxies', limit: maxProxies });
  }
  const proxies: Proxy[] = [];
  for (const one of written) {
    const parsed = parseProxy(one);
    if ('failure' in parsed) return { ok: false, failure: parsed.failure };
    const own = authorization !== undefined && proxies.length === 0 && isWeb(parsed.kind) ? { authorization } : {};
    proxies.push({ ...parsed, ...own });
  }
  const last = typed === undefined ? -1 : proxies.findLastIndex(({ kind }) => isWeb(kind));
  if (last !== -1) proxies[last] = { ...proxies[last]!, authorization: typed!, isTyped: true };
  return { ok: true, proxies };
}

function parseProxy(text: string): Proxy | { readonly failure: Failure } {
  // Without a scheme, as many programs take it: host:port.
  const [, scheme = 'http', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text) ?? [];
  const written = scheme.toLowerCase();
  const kind = aliases[written] ?? written;
  // Of schemes that it does not know, URL leaves the host as it is written, and of http it hides the port 80.
  const url = URL.parse(`http://${rest}`);
  if (!url || url.hostname === '' || url.hostname.includes(',')) {
    return unsupported('the proxy is not a URL such as http://host:port', { reason: 'invalid-url' });
  }
  if (!isKind(kind)) {
    const proxy = withoutCredentials(`${written}://${url.host}`);
    return unsupported(`${proxy} is no proxy of a known kind`, { reason: 'scheme', scheme: written, proxy });
  }
  const explicit = URL.parse(`none://${rest}`)?.port ?? '';
  const port = Number(explicit || defaultPorts[kind]);
  const origin = `${kind}://${url.hostname}${port === defaultPorts[kind] && isWeb(kind) ? '' : `:${port}`}`;
  const credentials = credentialsOf(url);
  if (credentials && !isWeb(kind) && !fitSocks(credentials, kind)) {
    return unsupported('the user name or password does not fit SOCKS', { reason: 'socks-credentials', proxy: origin });
  }
  return { kind, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, origin, ...secretOf(kind, credentials) };
}

function isKind(kind: string): kind is ProxyKind {
  return Object.hasOwn(defaultPorts, kind);
}

function isWeb(kind: ProxyKind): kind is 'http' | 'https' {
  return kind === 'http' || kind === 'https';
}

function secretOf(kind: ProxyKind, credentials: Proxy['credentials']): Pick<Proxy, 'authorization' | 'credentials'> {
  if (!credentials) return {};
  if (!isWeb(kind)) return { credentials };
  const pair = `${credentials.username}:${credentials.password}`;
  return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

function credentialsOf({ username, password }: URL): Proxy['credentials'] {
  if (username === '' && password === '') return undefined;
  return { username: decoded(username), password: decoded(password) };
}

/** RFC 1929 §2: each at most 255 octets, the name at least one. SOCKS4 ends the name with a NUL. */
function fitSocks({ username, password }: NonNullable<Proxy['credentials']>, kind: ProxyKind): boolean {
  const [name, secret] = [Buffer.byteLength(username), Buffer.byteLength(password)];
  if (kind === 'socks4' || kind === 'socks4a') return name <= 255 && !username.includes('\0');
  return name > 0 && name <= 255 && secret <= 255;
}

/** A stray per cent sign stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unsupported(
  message: string, detail: Record<string, string | number>,
): { readonly ok: false; readonly failure: Failure } {
  const cause = { message };
  return {
    ok: false, failure: { phase: 'proxy', code: 'unsupported', confidence: 'certain', cause, detail },
  };
}
