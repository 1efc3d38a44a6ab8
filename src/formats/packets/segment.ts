/** One end of a TCP connection or of a UDP exchange: the address in network order, 4 or 16 bytes. */
export interface Endpoint {
  readonly address: Uint8Array;
  readonly port: number;
}

export interface TcpSegment {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: { readonly [K in keyof typeof flagBits]?: true };
  readonly payload: Uint8Array;
}

const flagBits = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16 } as const;

/** An IP packet's length has 16 bits, and the longest headers take 60 of them. */
export const largestPayload = 65_000;

/** RFC 9293 §3.2 (largest segment), RFC 7323 §2: a window without limit, since nobody saw the real one. */
const synOptions = Uint8Array.of(2, 4, 0xff, 0xd7, 1, 3, 3, 14);
const ipv4Header = 20;
const ipv6Header = 40;

/** A TCP segment (RFC 9293 §3.1) in an IPv4 (RFC 791) or IPv6 packet (RFC 8200), with true checksums. */
export function tcpPacket(segment: TcpSegment): Uint8Array {
  const { from, to, payload } = segment;
  const options = segment.flags.syn ? synOptions : new Uint8Array();
  const size = 20 + options.length + payload.length;
  const { packet, data: tcp } = ipPacket(from.address, to.address, protocols.tcp, size);
  writeTcp(tcp, segment, 20 + options.length);
  tcp.set(options, 20);
  tcp.set(payload, 20 + options.length);
  new DataView(tcp.buffer, tcp.byteOffset).setUint16(16, checksum(tcp, from.address, to.address, protocols.tcp));
  return packet;
}

/** A datagram (RFC 768) in an IPv4 or IPv6 packet, with true checksums. */
export function udpPacket({ from, to, payload }: Pick<TcpSegment, 'from' | 'to' | 'payload'>): Uint8Array {
  const { packet, data: udp } = ipPacket(from.address, to.address, protocols.udp, 8 + payload.length);
  const view = new DataView(udp.buffer, udp.byteOffset);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint16(4, udp.length);
  udp.set(payload, 8);
  // Zero would say that there is none.
  view.setUint16(6, checksum(udp, from.address, to.address, protocols.udp) || 0xffff);
  return packet;
}

const protocols = { tcp: 6, udp: 17 } as const;
type Protocol = (typeof protocols)[keyof typeof protocols];
const hops = 64;

/** A packet with `size` bytes to be filled in behind its header. */
function ipPacket(
  from: Uint8Array, to: Uint8Array, protocol: Protocol, size: number,
): { readonly packet: Uint8Array; readonly data: Uint8Array } {
  const start = from.length === 4 ? ipv4Header : ipv6Header;
  const packet = new Uint8Array(start + size);
  if (from.length === 4) writeIpv4(packet, from, to, protocol);
  else writeIpv6(packet, from, to, protocol);
  return { packet, data: packet.subarray(start) };
}

function writeIpv4(packet: Uint8Array, from: Uint8Array, to: Uint8Array, protocol: Protocol): void {
  const view = new DataView(packet.buffer);
  packet[0] = 0x45;
  view.setUint16(2, packet.length);
  // Do not fragment.
  view.setUint16(6, 0x4000);
  packet[8] = hops;
  packet[9] = protocol;
  packet.set(from, 12);
  packet.set(to, 16);
  view.setUint16(10, folded(sumOf(packet.subarray(0, ipv4Header))));
}

function writeIpv6(packet: Uint8Array, from: Uint8Array, to: Uint8Array, protocol: Protocol): void {
  packet[0] = 0x60;
  new DataView(packet.buffer).setUint16(4, packet.length - ipv6Header);
  packet[6] = protocol;
  packet[7] = hops;
  packet.set(from, 8);
  packet.set(to, 24);
}

function writeTcp(tcp: Uint8Array, segment: TcpSegment, headerSize: number): void {
  const { from, to, sequence, acknowledgment, flags } = segment;
  const view = new DataView(tcp.buffer, tcp.byteOffset);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint32(4, sequence >>> 0);
  view.setUint32(8, flags.ack ? acknowledgment >>> 0 : 0);
  tcp[12] = headerSize / 4 << 4;
  for (const [name, bit] of Object.entries(flagBits)) if (flags[name as keyof typeof flagBits]) tcp[13]! |= bit;
  view.setUint16(14, 0xffff);
}

/** RFC 9293 §3.1, RFC 768, RFC 8200 §8.1: over addresses, protocol and length too. */
function checksum(data: Uint8Array, from: Uint8Array, to: Uint8Array, protocol: Protocol): number {
  return folded(sumOf(from) + sumOf(to) + protocol + data.length + sumOf(data));
}

/** RFC 1071 §1: the sum of 16-bit words, which stays far below 2⁵³. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  const even = bytes.length & ~1;
  for (let at = 0; at < even; at += 2) sum += bytes[at]! << 8 | bytes[at + 1]!;
  return even < bytes.length ? sum + (bytes[even]! << 8) : sum;
}

function folded(sum: number): number {
  let folding = sum;
  while (folding > 0xffff) folding = (folding & 0xffff) + Math.floor(folding / 0x10000);
  return ~folding & 0xffff;
}

/** An address in network order; undefined for what is none. A zone (`%eth0`) is left out. */
export function addressBytes(text: string): Uint8Array | undefined {
  const [address = ''] = text.split('%');
  const dotted = /^(?:(.*:))?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  const last = dotted?.slice(2).map(Number) ?? [];
  if (last.some((octet) => octet > 255)) return undefined;
  if (dotted && dotted[1] === undefined) return Uint8Array.from(last);
  const words = dotted ? `${dotted[1]}${hex(last[0]!, last[1]!)}:${hex(last[2]!, last[3]!)}` : address;
  return ipv6Bytes(words);
}

function hex(high: number, low: number): string {
  return (high * 256 + low).toString(16);
}

/** RFC 4291 §2.2: `::` stands for as many zeros as are missing. */
function ipv6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return undefined;
  const [before = [], after = []] = halves.map((half) => half === '' ? [] : half.split(':'));
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const words = [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after];
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return Uint8Array.from(words.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]));
}
