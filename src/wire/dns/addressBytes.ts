import { isIPv4 } from 'node:net';

/**
 * Takes an IP address (a zone such as `%eth0` is left aside) and gives 16 bytes, IPv4 as
 * `::ffff:a.b.c.d`.
 */
export function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from([...Array(10).fill(0), 0xff, 0xff, ...quads(address)]);
  const [plain = ''] = address.split('%');
  const [before = '', after] = plain.split('::');
  const head = groups(before);
  const tail = after === undefined ? [] : groups(after);
  return Buffer.from([...head, ...Array(16 - head.length - tail.length).fill(0), ...tail]);
}

function quads(address: string): number[] {
  return address.split('.').map(Number);
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return quads(group);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The number of leading bits two addresses of 16 bytes have in common. */
export function commonPrefixLength(a: Buffer, b: Buffer): number {
  for (let index = 0; index < 16; index += 1) {
    const difference = (a[index] ?? 0) ^ (b[index] ?? 0);
    if (difference !== 0) return index * 8 + Math.clz32(difference) - 24;
  }
  return 128;
}

/** True if the first `length` bits are those of the prefix. */
export function isWithinPrefix(bytes: Buffer, prefix: Buffer, length: number): boolean {
  return commonPrefixLength(bytes, prefix) >= length;
}
