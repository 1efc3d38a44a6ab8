import { isIP, isIPv4 } from 'node:net';
import { der } from './der.ts';

/** RFC 5280 §4.2.1.10 */
export const nameConstraintsOid = '2.5.29.30';

/**
 * The DER value of a NameConstraints extension that permits these DNS names (and names below them)
 * and these single IP addresses, and nothing else of the two kinds.
 */
export function encodeNameConstraints(names: readonly string[]): Buffer {
  const subtrees = names.map((name) => der(0x30, permittedBase(name)));
  return der(0x30, der(0xa0, ...subtrees));
}

/** RFC 5280 §4.2.1.6: dNSName is [2]; iPAddress is [7], here an address followed by its mask. */
function permittedBase(name: string): Buffer {
  if (isIP(name) === 0) return der(0x82, Buffer.from(name, 'ascii'));
  const address = isIPv4(name) ? ipv4Bytes(name) : ipv6Bytes(name);
  return der(0x87, Buffer.concat([address, Buffer.alloc(address.length, 0xff)]));
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

/** RFC 4291 §2.2: groups of 16 bits, `::` once for any number of zero groups. */
function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (part: string) =>
    (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return Buffer.from([...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff]));
}
