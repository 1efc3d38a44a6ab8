/** Where sessions are kept unless the name of the host says otherwise. */
export type StoreSetting =
  | { readonly kind: 'memory' | 'shared' }
  /** `url` may have a password in it: it is told to nobody. */
  | { readonly kind: 'redis'; readonly url: string };

/** `memory`, `shared`, `redis://…` or, over TLS, `rediss://…`; undefined for anything else. */
export function parseStoreSetting(text: string): StoreSetting | undefined {
  if (text === 'memory' || text === 'shared') return { kind: text };
  const url = URL.parse(text);
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  // What follows the port is the number of a database.
  return isRedis && url.hostname !== '' && /^(?:\/\d*)?$/.test(url.pathname) ? { kind: 'redis', url: text } : undefined;
}

/** What may be told of a store's URL: scheme, host and port. */
export function publicName(url: string): string {
  const { protocol = 'redis:', hostname = '', port = '' } = URL.parse(url) ?? {};
  return `${protocol}//${hostname}:${port === '' ? '6379' : port}`;
}
