import { ByteReader, numbersIn } from './byteReader.ts';

/** The parts of a ClientHello (RFC 8446 §4.1.2) as numbers and bytes. */
export interface ClientHello {
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly compressionMethods: readonly number[];
  readonly extensions: Uint8Array;
}

/** The parts of a ServerHello (RFC 8446 §4.1.3); a HelloRetryRequest is one with a random of its own. */
export interface ServerHello {
  readonly isRetry: boolean;
  /** 0x0304 when the extension supported_versions says so, else what the field does. */
  readonly version: number;
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly extensions: Uint8Array;
}

/** RFC 8446 §4.1.2: the body of a ClientHello; where it is too short, the reader says so. */
export function readClientHello(reader: ByteReader): ClientHello {
  return {
    version: reader.number(2), random: reader.bytes(32), sessionId: reader.vector(1),
    cipherSuites: numbersIn(reader.vector(2), 2), compressionMethods: numbersIn(reader.vector(1), 1),
    // Absent before RFC 3546.
    extensions: reader.left === 0 ? new Uint8Array() : reader.vector(2),
  };
}

/** RFC 8446 §4.1.3: the body of a ServerHello; where it is too short, the reader says so. */
export function readServerHello(reader: ByteReader): ServerHello {
  const legacyVersion = reader.number(2);
  const random = reader.bytes(32);
  const sessionId = reader.vector(1);
  const cipherSuite = reader.number(2);
  reader.number(1);
  const extensions = reader.left === 0 ? new Uint8Array() : reader.vector(2);
  const chosen = extensionData(extensions, 43);
  return {
    isRetry: random.length === 32 && random.every((byte, index) => byte === retryRandom[index]),
    version: chosen?.length === 2 ? chosen[0]! * 256 + chosen[1]! : legacyVersion,
    legacyVersion, random, sessionId, cipherSuite, extensions,
  };
}

/** RFC 8446 §4.1.3: SHA-256 of "HelloRetryRequest". */
const retryRandom = [
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
  0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/** The data of one extension of a list, if it is there. */
export function extensionData(extensions: Uint8Array, type: number): Uint8Array | undefined {
  const reader = new ByteReader(extensions);
  while (reader.left >= 4) {
    const found = reader.number(2);
    const data = reader.vector(2);
    if (found === type) return data;
  }
  return undefined;
}

/** The types of a list of extensions, in its order. */
export function extensionTypes(extensions: Uint8Array): number[] {
  const reader = new ByteReader(extensions);
  const types: number[] = [];
  while (reader.left >= 4) {
    types.push(reader.number(2));
    reader.vector(2);
  }
  return types;
}
