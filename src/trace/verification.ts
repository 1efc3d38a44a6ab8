import type { Exchange } from './exchange.ts';

/**
 * Whether nobody verified who answered: of the connection, or of a proxy on its way. Whoever looks at the exchange
 * later must see it too.
 */
export function wasUnverified({ connection }: Exchange): boolean {
  if (!connection) return false;
  const proxies = connection.proxies ?? [];
  return connection.tls?.facts?.verificationOff === true || proxies.some(({ tls }) => tls?.verificationOff === true);
}
