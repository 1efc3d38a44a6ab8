import { isIP } from 'node:net';

// Name servers that are asked over TLS (RFC 7858) or HTTPS (RFC 8484), as `# @dns` writes them.

export interface SecureServer {
  readonly transport: 'tls' | 'https';
  /** As it was written; stands for the server in steps and failures. */
  readonly text: string;
  /** An IP address, or for HTTPS a name that must be looked up first. */
  readonly host: string;
  readonly port: number;
  /** What the certificate must fit (RFC 8310 §8.1, RFC 9110 §4.3.4). */
  readonly serverName: string;
  /** Of HTTPS: what stands behind the authority. */
  readonly path: string;
}

/**
 * Takes `tls://address[:port]#name` (without a name the certificate must be for the address) or an `https:` URL, an
 * RFC 8484 template being taken without its `{?dns}`; gives undefined for anything else.
 */
export function parseSecureServer(text: string): SecureServer | undefined {
  const url = URL.parse(text.replace(/\{\?dns\}$/, ''));
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  // A scheme that URL does not know keeps IPv6 in brackets too.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (url.protocol === 'tls:') return overTls(text, url, host);
  if (url.protocol !== 'https:' || host === '') return undefined;
  const path = `${url.pathname}${url.search}`;
  return { transport: 'https', text, host, port: Number(url.port || 443), serverName: host, path };
}

function overTls(text: string, url: URL, host: string): SecureServer | undefined {
  const hasMore = (url.pathname !== '' && url.pathname !== '/') || url.search !== '';
  if (isIP(host) === 0 || hasMore || url.port === '0') return undefined;
  const serverName = url.hash.slice(1) || host;
  if (!/^[\w.:-]{1,253}$/.test(serverName)) return undefined;
  return { transport: 'tls', text, host, port: Number(url.port || 853), serverName, path: '' };
}
