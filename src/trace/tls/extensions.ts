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
    const octets = reader.vector(2);
    const values = cut(decoders[type]?.(new ByteReader(octets), place) ?? []);
    extensions.push({ type, name: extensionName(type), size: octets.length, values });
  }
  return extensions;
}

/** A list as it is told. */
export function cut(values: readonly string[]): readonly string[] {
  return values.length <= mostValues ? values : [...values.slice(0, mostValues), `+${values.length - mostValues}`];
}

type Decoder = (reader: ByteReader, place: ExtensionPlace) => readonly string[];

const decoders: Readonly<Record<number, Decoder>> = {
  // RFC 6066 §3: a list of names, each with a kind; the server's answer is empty.
  0: (reader) => {
    const list = reader.part(2);
    const names: string[] = [];
    while (list.left > 0) {
      const isHostName = list.number(1) === 0;
      const name = asciiOf(list.vector(2));
      if (isHostName) names.push(name);
    }
    return names;
  },
  // RFC 6066 §4: powers of two.
  1: (reader) => [String(2 ** (8 + reader.number(1)))],
  // RFC 6066 §8; in a certificate's entry it holds the response itself.
  5: (reader, place) => place === 'client_hello' && reader.number(1) === 1 ? ['ocsp'] : sizeOf(reader),
  10: (reader) => numbersIn(reader.vector(2), 2).map(groupName),
  11: (reader) => numbersIn(reader.vector(1), 1).map((format) => pointFormats[format] ?? String(format)),
  13: (reader) => numbersIn(reader.vector(2), 2).map(schemeName),
  // RFC 7301 §3.1
  16: (reader) => protocolNames(reader.vector(2)),
  18: (reader) => sizeOf(reader),
  21: (reader) => sizeOf(reader),
  27: (reader) => numbersIn(reader.vector(1), 2).map((algorithm) => compressions[algorithm] ?? String(algorithm)),
  28: (reader) => [String(reader.number(2))],
  34: (reader) => numbersIn(reader.vector(2), 2).map(schemeName),
  35: (reader) => sizeOf(reader),
  // RFC 8446 §4.2.11: the client offers identities, the server chooses one by its place.
  41: (reader, place) => place === 'client_hello' ? identities(reader) : [`#${reader.number(2)}`],
  // RFC 8446 §4.2.10: of a ticket, how many bytes are allowed.
  42: (reader) => reader.left === 4 ? [String(reader.number(4))] : [],
  43: (reader, place) =>
    (place === 'client_hello' ? numbersIn(reader.vector(1), 2) : [reader.number(2)]).map(versionName),
  44: (reader) => sizeOf(reader),
  45: (reader) => numbersIn(reader.vector(1), 1).map((mode) => ['psk_ke', 'psk_dhe_ke'][mode] ?? String(mode)),
  47: (reader) => distinguishedNames(reader.part(2)),
  50: (reader) => numbersIn(reader.vector(2), 2).map(schemeName),
  51: keyShares,
  17513: (reader) => protocolNames(reader.vector(2)),
  17613: (reader) => protocolNames(reader.vector(2)),
  65037: (reader) => sizeOf(reader),
};

const pointFormats = ['uncompressed', 'ansiX962_compressed_prime', 'ansiX962_compressed_char2'];
const compressions: Readonly<Record<number, string>> = { 1: 'zlib', 2: 'brotli', 3: 'zstd' };

function sizeOf(reader: ByteReader): readonly string[] {
  return reader.left === 0 ? [] : [`${reader.left} B`];
}

function protocolNames(bytes: Uint8Array): string[] {
  const list = new ByteReader(bytes);
  const names: string[] = [];
  while (list.left > 0) names.push(asciiOf(list.vector(1)));
  return names;
}

function identities(reader: ByteReader): string[] {
  const list = reader.part(2);
  const found: string[] = [];
  while (list.left > 0) {
    found.push(`${list.vector(2).length} B`);
    list.number(4);
  }
  return found;
}

/** RFC 8446 §4.2.8: shares of the client, the one of the server, or only the group in a HelloRetryRequest. */
function keyShares(reader: ByteReader, place: ExtensionPlace): readonly string[] {
  if (place === 'hello_retry_request') return [groupName(reader.number(2))];
  const list = place === 'client_hello' ? reader.part(2) : reader;
  const shares: string[] = [];
  while (list.left > 0) {
    const group = groupName(list.number(2));
    shares.push(`${group} (${list.vector(2).length} B)`);
  }
  return shares;
}

