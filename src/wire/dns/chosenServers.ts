import { isIP } from 'node:net';
import type { Server } from './exchange.ts';
import { parseSecureServer } from './secureServer.ts';
import type { SecureServer } from './secureServer.ts';

// Name servers that are asked in place of those of the system, as `# @dns` and the setting write them.

/** Asked in their order: all of them over UDP, and TCP for what is cut off, or all of them over TLS or HTTPS. */
export type ChosenServers =
  | { readonly kind: 'plain'; readonly servers: readonly Server[] }
  | { readonly kind: 'secure'; readonly servers: readonly SecureServer[] };

/** So many servers are gone through. */
const serverLimit = 4;

/**
 * Takes one server or several, between commas or spaces; undefined if one of them is none, or if those over TLS stand
 * beside others: whoever asks the first of them wants nobody to be asked in the clear.
 */
export function parseChosenServers(text: string): ChosenServers | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0 || parts.length > serverLimit) return undefined;
  const plain = parts.flatMap((part) => parsePlainServer(part) ?? []);
  if (plain.length === parts.length) return { kind: 'plain', servers: plain };
  const secure = parts.flatMap((part) => parseSecureServer(part) ?? []);
  return secure.length === parts.length ? { kind: 'secure', servers: secure } : undefined;
}

/**
 * `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:5353`, each also with `udp://` before it; undefined
 * for anything else.
 */
export function parsePlainServer(text: string): Server | undefined {
  const written = text.replace(/^udp:\/\//i, '');
  if (isIP(written) !== 0) return { address: written, port: 53 };
  const [, inBrackets, before, digits = '53'] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(written) ?? [];
  const address = inBrackets ?? before ?? '';
  const port = Number(digits);
  const isServer = isIP(address) === (inBrackets === undefined ? 4 : 6) && port > 0 && port < 65_536;
  return isServer ? { address, port } : undefined;
}
