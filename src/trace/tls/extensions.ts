import { distinguishedNames } from './distinguishedName.ts';
import { asciiOf, ByteReader, numbersIn } from './byteReader.ts';
import type { TlsExtension } from './message.ts';
import { extensionName, groupName, schemeName, versionName } from './names.ts';

/** What an extension's data mean depends on the message (RFC 8446 §4.2). */
export type ExtensionPlace = 'client_hello' | 'server_hello' | 'hello_retry_request' | 'other';

/** More values of a list than these are counted only: a list from the network may be as long as it likes. */
const mostValues = 100;

/** At most so many extensions of one message are told. */
const mostExtensions = 200;

/** A vector of extensions, in the order sent. */
export function readExtensions(bytes: Uint8Array, place: ExtensionPlace): TlsExtension[] {
  const reader = new ByteReader(bytes);
  const extensions: TlsExtension[] = [];
  while (reader.left > 0 && extensions.length < mostExtensions) {
    const type = reader.number(2);
    const data = reader.vector(2);
    const values = cut(decoders[type]?.(new ByteReader(data), place) ?? []);
    extensions.push({ type, name: extensionName(type), size: data.length, values });
  }
  return extensions;
}

/** A list as it is told. */
export function cut(values: readonly string[]): readonly string[] {
  return values.length <= mostValues ? values : [...values.slice(0, mostValues), `+${values.length - mostValues}`];
}

type Decoder = (data: ByteReader, place: ExtensionPlace) => readonly string[];

const decoders: Readonly<Record<number, Decoder>> = {
  // RFC 6066 §3: a list of names, each with a kind; the server's answer is empty.
  0: (data) => {
    const list = data.part(2);
    const names: string[] = [];
    while (list.left > 0) {
      const isHostName = list.number(1) === 0;
      const name = asciiOf(list.vector(2));
      if (isHostName) names.push(name);
    }
    return names;
  },
  // RFC 6066 §4: powers of two.
  1: (data) => [String(2 ** (8 + data.number(1)))],
  // RFC 6066 §8; in a certificate's entry it holds the response itself.
  5: (data, place) => place === 'client_hello' && data.number(1) === 1 ? ['ocsp'] : sizeOf(data),
  10: (data) => numbersIn(data.vector(2), 2).map(groupName),
  11: (data) => numbersIn(data.vector(1), 1).map((format) => pointFormats[format] ?? String(format)),
  13: (data) => numbersIn(data.vector(2), 2).map(schemeName),
  // RFC 7301 §3.1
  16: (data) => protocolNames(data.vector(2)),
  18: (data) => sizeOf(data),
  21: (data) => sizeOf(data),
  27: (data) => numbersIn(data.vector(1), 2).map((algorithm) => compressions[algorithm] ?? String(algorithm)),
  28: (data) => [String(data.number(2))],
  34: (data) => numbersIn(data.vector(2), 2).map(schemeName),
  35: (data) => sizeOf(data),
  // RFC 8446 §4.2.11: the client offers identities, the server chooses one by its place.
  41: (data, place) => place === 'client_hello' ? identities(data) : [`#${data.number(2)}`],
  // RFC 8446 §4.2.10: of a ticket, how many bytes are allowed.
  42: (data) => data.left === 4 ? [String(data.number(4))] : [],
  43: (data, place) => (place === 'client_hello' ? numbersIn(data.vector(1), 2) : [data.number(2)]).map(versionName),
  44: (data) => sizeOf(data),
  45: (data) => numbersIn(data.vector(1), 1).map((mode) => ['psk_ke', 'psk_dhe_ke'][mode] ?? String(mode)),
  47: (data) => distinguishedNames(data.part(2)),
  50: (data) => numbersIn(data.vector(2), 2).map(schemeName),
  51: keyShares,
  17513: (data) => protocolNames(data.vector(2)),
  17613: (data) => protocolNames(data.vector(2)),
  65037: (data) => sizeOf(data),
};

const pointFormats = ['uncompressed', 'ansiX962_compressed_prime', 'ansiX962_compressed_char2'];
const compressions: Readonly<Record<number, string>> = { 1: 'zlib', 2: 'brotli', 3: 'zstd' };

function sizeOf(data: ByteReader): readonly string[] {
  return data.left === 0 ? [] : [`${data.left} B`];
}

function protocolNames(bytes: Uint8Array): string[] {
  const list = new ByteReader(bytes);
  const names: string[] = [];
  while (list.left > 0) names.push(asciiOf(list.vector(1)));
  return names;
}

function identities(data: ByteReader): string[] {
  const list = data.part(2);
  const found: string[] = [];
  while (list.left > 0) {
    found.push(`${list.vector(2).length} B`);
    list.number(4);
  }
  return found;
}

/** RFC 8446 §4.2.8: shares of the client, the one of the server, or only the group in a HelloRetryRequest. */
function keyShares(data: ByteReader, place: ExtensionPlace): readonly string[] {
  if (place === 'hello_retry_request') return [groupName(data.number(2))];
  const list = place === 'client_hello' ? data.part(2) : data;
  const shares: string[] = [];
  while (list.left > 0) {
    const group = groupName(list.number(2));
    shares.push(`${group} (${list.vector(2).length} B)`);
  }
  return shares;
}

