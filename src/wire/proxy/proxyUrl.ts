import type { Failure } from '../../trace/failure.ts';

/** An HTTP proxy. `origin` is its URL without credentials: only that may be shown. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  readonly origin: string;
  /** The value of `Proxy-Authorization` (Basic, RFC 7617). */
  readonly authorization?: string;
}

export type ParsedProxy =
  | { readonly ok: true; readonly proxy: Proxy }
  | { readonly ok: false; readonly failure: Failure };

/** The proxy of `http://[user:password@]host[:port]`; other schemes are a failure that names the scheme. */
export function parseProxy(text: string): ParsedProxy {
  // Without a scheme, as many programs take it: host:port.
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (!url || url.hostname === '') {
    return unsupported('the proxy is not a URL such as http://host:port', { reason: 'invalid-url' });
  }
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http') {
    const proxy = `${scheme}://${url.host}`;
    return unsupported(`${proxy} is no http: proxy`, { reason: 'scheme', scheme, proxy });
  }
  const authorization = basicCredentials(url);
  const proxy: Proxy = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 80),
    origin: url.origin,
  };
  return { ok: true, proxy: authorization === undefined ? proxy : { ...proxy, authorization } };
}

function basicCredentials({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`;
}

/** A stray per cent sign stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unsupported(message: string, detail: Record<string, string>): ParsedProxy {
  const cause = { message };
  return {
    ok: false, failure: { phase: 'proxy', code: 'unsupported', confidence: 'certain', cause, detail },
  };
}
