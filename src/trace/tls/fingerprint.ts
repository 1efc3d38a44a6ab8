import { ByteReader, numbersIn } from './byteReader.ts';
import { extensionData, extensionTypes } from './hello.ts';
import type { ClientHello } from './hello.ts';
import { isGrease } from './names.ts';

/** The text that JA3 is the MD5 of: version, cipher suites, extensions, groups and point formats, without GREASE. */
export function ja3Text({ version, cipherSuites, extensions }: ClientHello): string {
  const known = (numbers: readonly number[]): string => numbers.filter((number) => !isGrease(number)).join('-');
  const list = (type: number, lengthSize: number, size: 1 | 2): readonly number[] => {
    const octets = extensionData(extensions, type);
    return octets ? numbersIn(new ByteReader(octets).vector(lengthSize), size) : [];
  };
  return [
    version, known(cipherSuites), known(extensionTypes(extensions)), known(list(10, 2, 2)), list(11, 1, 1).join('-'),
  ].join(',');
}

/** JA4 with its two hashes, each 12 digits of a SHA-256, still as the texts they are made from. */
export interface Ja4Parts {
  readonly start: string;
  readonly ciphers: string;
  readonly extensions: string;
}

/** JA4 of a hello over TCP: what is offered, then cipher suites and extensions in their numbers' order. */
export function ja4Parts({ version, cipherSuites, extensions }: ClientHello): Ja4Parts {
  const suites = withoutGrease(cipherSuites);
  const types = withoutGrease(extensionTypes(extensions));
  const offered = withoutGrease(numbersIn(partOf(extensions, supportedVersions).vector(1), 2));
  const algorithms = withoutGrease(numbersIn(partOf(extensions, signatureAlgorithms).vector(2), 2));
  const highest = offered.length > 0 ? Math.max(...offered) : version;
  const start = [
    't', ja4Versions[highest] ?? '00', types.includes(serverName) ? 'd' : 'i', count(suites), count(types),
    firstAlpn(extensions),
  ].join('');
  const listed = types.filter((type) => type !== serverName && type !== alpn);
  const sorted = listed.map(hex).toSorted().join(',');
  return {
    start, ciphers: suites.map(hex).toSorted().join(','),
    extensions: algorithms.length === 0 ? sorted : `${sorted}_${algorithms.map(hex).join(',')}`,
  };
}

const serverName = 0;
const alpn = 16;
const signatureAlgorithms = 13;
const supportedVersions = 43;
const ja4Versions: Readonly<Record<number, string>> = {
  0x0304: '13', 0x0303: '12', 0x0302: '11', 0x0301: '10', 0x0300: 's3',
};

/** The data of an extension to be read; empty where there is none. */
function partOf(extensions: Uint8Array, type: number): ByteReader {
  return new ByteReader(extensionData(extensions, type) ?? new Uint8Array());
}

function withoutGrease(numbers: readonly number[]): number[] {
  return numbers.filter((number) => !isGrease(number));
}

function hex(number: number): string {
  return number.toString(16).padStart(4, '0');
}

function count(numbers: readonly number[]): string {
  return String(Math.min(99, numbers.length)).padStart(2, '0');
}

/** The first and last character of the first protocol; of other bytes than letters and digits, their hex digits. */
function firstAlpn(extensions: Uint8Array): string {
  const name = partOf(extensions, alpn).part(2).vector(1);
  const first = name[0];
  const last = name.at(-1);
  if (first === undefined || last === undefined) return '00';
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  return `${(first >> 4).toString(16)}${(last & 15).toString(16)}`;
}

function isAlphanumeric(byte: number): boolean {
  return /[0-9a-z]/i.test(String.fromCharCode(byte));
}
