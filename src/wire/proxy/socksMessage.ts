import { isIP } from 'node:net';
import { addressBytes } from '../dns/addressBytes.ts';

/** RFC 1928 §3, RFC 1929. */
export const methods = { none: 0, password: 2, noneAcceptable: 255 } as const;

/** RFC 1928 §3: the version and the methods we know. */
export function greeting(hasCredentials: boolean): Buffer {
  return hasCredentials ? Buffer.of(5, 2, methods.none, methods.password) : Buffer.of(5, 1, methods.none);
}

/** RFC 1929 §2. */
export function authentication(username: string, password: string): Buffer {
  return Buffer.concat([Buffer.of(1), counted(username), counted(password)]);
}

/** RFC 1928 §4: CONNECT to a name or an address. */
export function socks5Request(host: string, port: number): Buffer {
  const family = isIP(host);
  const address = family === 0 ? Buffer.concat([Buffer.of(3), counted(host)])
    : Buffer.concat([Buffer.of(family === 4 ? 1 : 4), octetsOf(host)]);
  return Buffer.concat([Buffer.of(5, 1, 0), address, portBytes(port)]);
}

/** SOCKS4's CONNECT to an IPv4 address; SOCKS4a's to a name, for which the address is 0.0.0.1. */
export function socks4Request(host: string, port: number, username: string): Buffer {
  const isAddress = isIP(host) === 4;
  return Buffer.concat([
    Buffer.of(4, 1), portBytes(port), isAddress ? octetsOf(host) : Buffer.of(0, 0, 0, 1),
    Buffer.from(`${username}\0`, 'utf8'), isAddress ? Buffer.alloc(0) : Buffer.from(`${host}\0`, 'latin1'),
  ]);
}

/** What an answer says as far as it has come; `size` is how many bytes it takes. */
type SocksReply =
  | { readonly state: 'incomplete' }
  | { readonly state: 'malformed'; readonly reason: string }
  | { readonly state: 'refused'; readonly reply: number }
  | { readonly state: 'granted'; readonly reply: number; readonly bound: string; readonly size: number };

const incomplete: SocksReply = { state: 'incomplete' };

/** RFC 1928 §6. A refusal is one as soon as it says so: many proxies close in the middle of it. */
export function socks5Reply(bytes: Buffer): SocksReply {
  const [version, reply, , type] = bytes;
  if (version !== undefined && version !== 5) return malformed('version');
  if (reply === undefined) return incomplete;
  if (reply !== 0) return { state: 'refused', reply };
  if (type === undefined) return incomplete;
  if (type !== 1 && type !== 3 && type !== 4) return malformed('address type');
  const length = type === 1 ? 4 : type === 4 ? 16 : bytes[4];
  const start = type === 3 ? 5 : 4;
  if (length === undefined || bytes.length < start + length + 2) return incomplete;
  const address = bytes.subarray(start, start + length);
  const bound = endpoint(address, bytes.readUInt16BE(start + length), type === 3);
  return { state: 'granted', reply, bound, size: start + length + 2 };
}

/** Eight bytes: 0, the code, port, address. */
export function socks4Reply(bytes: Buffer): SocksReply {
  const [version, reply] = bytes;
  // Some proxies answer with their own version.
  if (version !== undefined && version !== 0 && version !== 4) return malformed('version');
  if (reply === undefined) return incomplete;
  if (reply !== 90) return reply > 90 && reply < 94 ? { state: 'refused', reply } : malformed('reply code');
  if (bytes.length < 8) return incomplete;
  return { state: 'granted', reply, bound: endpoint(bytes.subarray(4, 8), bytes.readUInt16BE(2), false), size: 8 };
}

function endpoint(address: Buffer, port: number, isName: boolean): string {
  if (isName) return `${address.toString('latin1')}:${port}`;
  if (address.length === 4) return `${address.join('.')}:${port}`;
  const groups = Array.from({ length: 8 }, (_, at) => address.readUInt16BE(at * 2).toString(16));
  const { hostname } = new URL(`http://[${groups.join(':')}]`);
  return `${hostname}:${port}`;
}

/** 4 or 16. */
function octetsOf(address: string): Buffer {
  const bytes = addressBytes(address);
  return isIP(address) === 4 ? bytes.subarray(12) : bytes;
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function portBytes(port: number): Buffer {
  return Buffer.of(port >> 8, port & 255);
}

function malformed(reason: string): SocksReply {
  return { state: 'malformed', reason };
}
