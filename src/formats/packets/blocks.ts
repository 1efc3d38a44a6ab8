/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian: a type, the whole length, the content filled up
 * to 32 bits, and the whole length again.
 */

/** A packet as it is written; `at` in nanoseconds of the epoch. */
export interface Packet {
  readonly at: bigint;
  readonly direction: 'sent' | 'received';
  readonly bytes: Uint8Array;
  readonly comment?: string;
}

/** LINKTYPE_RAW: a packet begins with its IPv4 or IPv6 header. */
const rawIp = 101;
const encoder = new TextEncoder();

/** §4.1: the file's first block, which says who wrote it. */
export function sectionHeader(application: string, comment: string): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, 0x1a2b3c4d, true);
  view.setUint16(4, 1, true);
  // The section's length is not told: it ends with the file.
  view.setBigInt64(8, -1n, true);
  return block(0x0a0d0d0a, [fixed, ...options([[1, text(comment)], [4, text(application)]])]);
}

/** §4.2: where packets were seen; times count nanoseconds. */
export function interfaceDescription(name: string, description: string): Uint8Array {
  const fixed = new Uint8Array(8);
  new DataView(fixed.buffer).setUint16(0, rawIp, true);
  return block(1, [fixed, ...options([[2, text(name)], [3, text(description)], [9, Uint8Array.of(9)]])]);
}

/** §4.3 */
export function enhancedPacket({ at, direction, bytes, comment }: Packet): Uint8Array {
  const fixed = new Uint8Array(20);
  const view = new DataView(fixed.buffer);
  view.setUint32(4, Number(at >> 32n), true);
  view.setUint32(8, Number(at & 0xffffffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  const flags = Uint8Array.of(direction === 'received' ? 1 : 2, 0, 0, 0);
  const extra: Option[] = comment === undefined ? [[2, flags]] : [[1, text(comment)], [2, flags]];
  return block(6, [fixed, bytes, padding(bytes.length), ...options(extra)]);
}

/** §4.5: names of addresses, each address in network order. */
export function nameResolution(names: readonly { readonly address: Uint8Array; readonly name: string }[]): Uint8Array {
  const records = names.flatMap(({ address, name }) => {
    const value = joined([address, text(name), Uint8Array.of(0)]);
    return [header(address.length === 4 ? 1 : 2, value.length), value, padding(value.length)];
  });
  return block(4, [...records, header(0, 0)]);
}

/** §4.7: what the packets can be decrypted with, in the NSS key log format. */
export function decryptionSecrets(lines: readonly string[]): Uint8Array {
  const secrets = text(lines.map((line) => `${line.trim()}\n`).join(''));
  const fixed = new Uint8Array(8);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, 0x544c534b, true);
  view.setUint32(4, secrets.length, true);
  return block(10, [fixed, secrets, padding(secrets.length)]);
}

type Option = readonly [code: number, value: Uint8Array];

function options(list: readonly Option[]): Uint8Array[] {
  return [
    ...list.flatMap(([code, value]) => [header(code, value.length), value, padding(value.length)]), header(0, 0),
  ];
}

/** Of an option and of a name: its code and length. */
function header(code: number, length: number): Uint8Array {
  return Uint8Array.of(code & 0xff, code >> 8, length & 0xff, length >> 8);
}

function padding(length: number): Uint8Array {
  return new Uint8Array((4 - length % 4) % 4);
}

/** An option's length has 16 bits; comments stay far below. */
function text(value: string): Uint8Array {
  return encoder.encode(value);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, length, true);
  return bytes;
}

/** The parts one after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
