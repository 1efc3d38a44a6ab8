import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** Where a request goes: the host as in the URL without brackets. */
export interface Destination {
  readonly host: string;
  readonly port: string;
}

/**
 * The entry of `NO_PROXY` that excepts a destination, by curl's rules: entries between commas or blanks, `*` alone for
 * everything, a name for itself and the names below it (with or without a leading dot), an address or a block of
 * addresses (`10.0.0.0/8`) in whatever spelling. Beyond curl: `name:port`, `[address]:port` and `*.name`.
 */
export function entryOfNoProxy(list: string, destination: Destination): string | undefined {
  if (list.trim() === '*') return '*';
  return list.split(/[\s,]+/).find((entry) => entry !== '*' && isExcepted(entry, destination));
}

/** The same of a list such as `http.noProxy`, where `*` may stand beside others. */
export function entryOfList(entries: readonly string[], destination: Destination): string | undefined {
  return entries.find((entry) => entry.trim() === '*' || isExcepted(entry.trim(), destination));
}

function isExcepted(entry: string, { host, port }: Destination): boolean {
  const wanted = withoutPort(entry);
  if (wanted.name === '' || (wanted.port !== undefined && wanted.port !== port)) return false;
  const family = isIP(host);
  return family === 0 ? isWithin(host, wanted.name) : isWithinBlock(host, family, wanted.name);
}

/** `name:port`, `address:port` or `[address]:port`; an IPv6 address without brackets has no port. */
function withoutPort(entry: string): { name: string; port?: string } {
  const written = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/.exec(entry);
  const { name = '', address, port } = written?.groups ?? { name: entry };
  return { name: address ?? name, ...(port === undefined ? {} : { port }) };
}

/** A name on a dot boundary; a dot at the end of either makes no difference (RFC 1034 §3.1). */
function isWithin(host: string, name: string): boolean {
  const plain = name.replace(/^\*?\./, '').replace(/\.$/, '').toLowerCase();
  const zone = domainToASCII(plain) || plain;
  const own = host.replace(/\.$/, '').toLowerCase();
  return zone !== '' && (own === zone || own.endsWith(`.${zone}`));
}

function isWithinBlock(host: string, family: number, block: string): boolean {
  const [address = '', bits] = block.split('/', 2);
  const width = family === 6 ? 128 : 32;
  if (isIP(address) !== family) return false;
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= width)) return false;
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(address, bits === undefined ? width : Number(bits), kind);
  return list.check(host, kind);
}
