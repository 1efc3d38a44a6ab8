import { SocketAddress } from 'node:net';
import { headerSize, presentOctets } from '../../trace/dnsMessage.ts';
import { readName } from './wireFormat.ts';
import type { RecordPlace } from './wireFormat.ts';

// SVCB and HTTPS records (RFC 9460): where and how else a service can be reached.

export const typeSvcb = 64;
export const typeHttps = 65;

/**
 * Takes the place of an SVCB or HTTPS record and gives its data in presentation form (RFC 9460 §2.1):
 * `1 . alpn=h3,h2 port=8443`. Data that is malformed (§2.2) is given as octets, as RFC 3597 §5 writes it.
 */
export function presentServiceBinding(bytes: Buffer, place: RecordPlace): string {
  const rdata = bytes.subarray(place.dataOffset, place.dataOffset + place.dataLength);
  try {
    return present(rdata);
  } catch {
    return presentOctets(rdata);
  }
}

function present(rdata: Buffer): string {
  const priority = rdata.readUInt16BE(0);
  const target = readTarget(rdata);
  const parameters = readParameters(rdata.subarray(target.end));
  return [priority, `${target.name}.`, ...parameters].join(' ');
}

/** RFC 9460 §2.2: the target is not compressed. The reader of names takes whole messages, so one is made. */
function readTarget(rdata: Buffer): { name: string; end: number } {
  let offset = 2;
  for (let length = rdata.readUInt8(offset); length > 0; length = rdata.readUInt8(offset)) {
    if (length > 63) throw new RangeError('a compressed target');
    offset += length + 1;
  }
  const header = Buffer.alloc(headerSize);
  const { name } = readName(Buffer.concat([header, rdata]), header.length + 2);
  return { name, end: offset + 1 };
}

/** RFC 9460 §2.2: keys strictly rise. */
function readParameters(rdata: Buffer): string[] {
  const parameters: string[] = [];
  let before = -1;
  for (let offset = 0; offset < rdata.length;) {
    const key = rdata.readUInt16BE(offset);
    const length = rdata.readUInt16BE(offset + 2);
    const value = rdata.subarray(offset + 4, offset + 4 + length);
    if (key <= before || value.length !== length) throw new RangeError('parameters out of order or cut short');
    parameters.push(presentParameter(key, value));
    before = key;
    offset += 4 + length;
  }
  return parameters;
}

/** RFC 9460 §14.3.2, RFC 9848 (ech), RFC 9461 (dohpath). */
const keyNames: readonly string[] = [
  'mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath',
];

function presentParameter(key: number, value: Buffer): string {
  const name = keyName(key);
  const text = presentValue(name, value);
  return text === '' ? name : `${name}=${text}`;
}

function keyName(key: number): string {
  return keyNames[key] ?? `key${key}`;
}

function presentValue(name: string, value: Buffer): string {
  switch (name) {
    case 'mandatory': return mandatoryKeys(value).map(keyName).join(',');
    case 'alpn': return protocols(value).join(',');
    case 'no-default-alpn':
      if (value.length > 0) throw new RangeError('a value that must be empty');
      return '';
    case 'port': return String(chunks(value, 2, 1)[0]!.readUInt16BE(0));
    case 'ipv4hint': return chunks(value, 4).map((chunk) => chunk.join('.')).join(',');
    case 'ipv6hint': return chunks(value, 16).map(ipv6).join(',');
    case 'ech': return value.toString('base64');
    default: return printable(value);
  }
}

/** RFC 9460 §8: keys strictly rise, and `mandatory` (0) itself is none of them. */
function mandatoryKeys(value: Buffer): number[] {
  const keys = chunks(value, 2).map((chunk) => chunk.readUInt16BE(0));
  if (keys.some((key, index) => key <= (keys[index - 1] ?? 0))) throw new RangeError('mandatory keys out of order');
  return keys;
}

/** Equal parts, at least one and at most `limit`. */
function chunks(value: Buffer, size: number, limit = Infinity): Buffer[] {
  const count = value.length / size;
  if (!Number.isInteger(count) || count < 1 || count > limit) throw new RangeError('a value of a wrong length');
  return Array.from({ length: count }, (_, index) => value.subarray(index * size, (index + 1) * size));
}

/** RFC 9460 §7.1.1 and appendix A.1: a list of at least one in a string, each with escapes of its own. */
function protocols(value: Buffer): string[] {
  const found: string[] = [];
  for (let offset = 0; offset < value.length;) {
    const length = value.readUInt8(offset);
    const id = value.subarray(offset + 1, offset + 1 + length);
    if (length === 0 || id.length !== length) throw new RangeError('protocol ids cut short');
    found.push(printable(Buffer.from(id.toString('latin1').replace(/[\\,]/g, '\\$&'), 'latin1')));
    offset += 1 + length;
  }
  if (found.length === 0) throw new RangeError('no protocol id');
  return found;
}

function ipv6(octets: Buffer): string {
  const groups = chunks(octets, 2).map((group) => group.readUInt16BE(0).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

/** RFC 1035 §5.1: what is not printable as `\DDD`. */
function printable(value: Buffer): string {
  return [...value].map((octet) => {
    if (octet === 0x5c || octet === 0x22) return `\\${String.fromCharCode(octet)}`;
    return octet > 0x20 && octet < 0x7f ? String.fromCharCode(octet) : `\\${String(octet).padStart(3, '0')}`;
  }).join('');
}
