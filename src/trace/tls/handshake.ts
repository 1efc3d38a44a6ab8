import { ByteReader, hexOf, numbersIn } from './byteReader.ts';
import { distinguishedNames } from './distinguishedName.ts';
import { cut, readExtensions } from './extensions.ts';
import type { ExtensionPlace } from './extensions.ts';
import { readClientHello, readServerHello } from './hello.ts';
import type { ClientHello, ServerHello } from './hello.ts';
import type { TlsExtension, TlsField, TlsFieldName, TlsMessageName } from './message.ts';
import { groupName, schemeName, suiteName, versionName } from './names.ts';

export const tls13 = 0x0304;
const tls12 = 0x0303;

/** A handshake message read (RFC 8446 §4, RFC 5246 §7.4), and the parts that others are read by. */
export interface HandshakeBody {
  readonly name: TlsMessageName;
  readonly fields: readonly TlsField[];
  readonly extensions?: readonly TlsExtension[];
  readonly clientHello?: ClientHello;
  readonly serverHello?: ServerHello;
  /** DER, in the order sent. */
  readonly certificates?: readonly Uint8Array[];
  /** Extensions beside the first certificate (RFC 8446 §4.4.2). */
  readonly leafExtensions?: Uint8Array;
  readonly signatureScheme?: string;
  readonly group?: string;
  readonly ocspResponse?: Uint8Array;
}

/**
 * What a message is read by: the version that was agreed on (0 before it is), and for TLS 1.2 the cipher suite's name.
 */
export interface Agreed {
  readonly version: number;
  readonly suite: string;
}

/** Reads the body of a handshake message of a type; `isMalformed` when its parts do not fit. */
export function readHandshake(
  type: number, body: Uint8Array, agreed: Agreed,
): HandshakeBody & { readonly isMalformed: boolean } {
  const reader = new ByteReader(body);
  const read = readers[type]?.(reader, agreed)
    ?? { name: 'unknown_handshake' as const, fields: [field('type', [String(type)])] };
  return { ...read, isMalformed: reader.isShort };
}

function field(name: TlsFieldName, values: readonly string[]): TlsField {
  return { name, values: cut(values) };
}

function size(bytes: Uint8Array): readonly string[] {
  return [`${bytes.length} B`];
}

type Read = (reader: ByteReader, agreed: Agreed) => HandshakeBody;

const readers: Readonly<Record<number, Read>> = {
  0: () => ({ name: 'hello_request', fields: [] }),
  1: (reader) => {
    const hello = readClientHello(reader);
    return {
      name: 'client_hello', clientHello: hello, extensions: readExtensions(hello.extensions, 'client_hello'),
      fields: [
        field('version', [versionName(hello.version)]), field('random', [hexOf(hello.random)]),
        field('session_id', id(hello.sessionId)), field('cipher_suites', hello.cipherSuites.map(suiteName)),
        field('compression_methods', hello.compressionMethods.map((method) => method === 0 ? 'null' : String(method))),
      ],
    };
  },
  2: (reader) => {
    const hello = readServerHello(reader);
    const name: ExtensionPlace & TlsMessageName = hello.isRetry ? 'hello_retry_request' : 'server_hello';
    return {
      name, serverHello: hello, extensions: readExtensions(hello.extensions, name),
      fields: [
        field('version', [versionName(hello.legacyVersion)]), field('random', [hexOf(hello.random)]),
        field('session_id', id(hello.sessionId)), field('cipher_suite', [suiteName(hello.cipherSuite)]),
      ],
    };
  },
  4: (reader, { version }) => {
    const lifetime = field('lifetime', [String(reader.number(4))]);
    if (version !== tls13) {
      return { name: 'new_session_ticket', fields: [lifetime, field('ticket', size(reader.vector(2)))] };
    }
    // RFC 8446 §4.6.1: what hides the ticket's age, and a nonce.
    reader.number(4);
    reader.vector(1);
    const ticket = field('ticket', size(reader.vector(2)));
    const extensions = readExtensions(reader.vector(2), 'other');
    return { name: 'new_session_ticket', fields: [lifetime, ticket], extensions };
  },
  5: () => ({ name: 'end_of_early_data', fields: [] }),
  8: (reader) => ({ name: 'encrypted_extensions', fields: [], extensions: readExtensions(reader.vector(2), 'other') }),
  11: (reader, { version }) => version === tls13 ? certificate13(reader) : certificate12(reader),
  12: keyExchange,
  13: (reader, { version }) => version === tls13 ? certificateRequest13(reader) : certificateRequest12(reader, version),
  14: () => ({ name: 'server_hello_done', fields: [] }),
  15: (reader, { version }) => {
    // RFC 5246 §4.7 and §7.4.8: before TLS 1.2 the algorithm is not named.
    const scheme = version < tls12 ? undefined : schemeName(reader.number(2));
    const signature = field('signature', size(reader.vector(2)));
    return {
      name: 'certificate_verify',
      fields: scheme === undefined ? [signature] : [field('signature_scheme', [scheme]), signature],
      ...(scheme === undefined ? {} : { signatureScheme: scheme }),
    };
  },
  16: (reader) => ({ name: 'client_key_exchange', fields: [field('exchange_keys', size(reader.rest()))] }),
  20: (reader) => ({ name: 'finished', fields: [field('verify_data', size(reader.rest()))] }),
  22: (reader) => {
    // RFC 6066 §8
    const isOcsp = reader.number(1) === 1;
    const ocspResponse = reader.vector(3);
    return {
      name: 'certificate_status', fields: [field('status', [isOcsp ? `ocsp (${ocspResponse.length} B)` : '?'])],
      ...(isOcsp ? { ocspResponse } : {}),
    };
  },
  24: (reader) => ({
    name: 'key_update',
    fields: [field('request_update', [reader.number(1) === 1 ? 'update_requested' : 'update_not_requested'])],
  }),
  25: (reader) => {
    // RFC 8879 §4
    const algorithm = reader.number(2);
    const uncompressed = reader.number(3);
    return {
      name: 'compressed_certificate',
      fields: [
        field('algorithm', [['', 'zlib', 'brotli', 'zstd'][algorithm] || String(algorithm)]),
        field('certificates', [`${reader.vector(3).length} B → ${uncompressed} B`]),
      ],
    };
  },
};

function id(bytes: Uint8Array): readonly string[] {
  return bytes.length === 0 ? [] : [hexOf(bytes)];
}

/** At most so many certificates are read of one message. */
const mostCertificates = 20;

function certificate13(reader: ByteReader): HandshakeBody {
  reader.vector(1);
  const list = reader.part(3);
  const certificates: Uint8Array[] = [];
  let leafExtensions: Uint8Array | undefined;
  while (list.left > 0 && certificates.length < mostCertificates) {
    certificates.push(list.vector(3));
    const extensions = list.vector(2);
    leafExtensions ??= extensions;
  }
  return certificateMessage(certificates, leafExtensions);
}

function certificate12(reader: ByteReader): HandshakeBody {
  const list = reader.part(3);
  const certificates: Uint8Array[] = [];
  while (list.left > 0 && certificates.length < mostCertificates) certificates.push(list.vector(3));
  return certificateMessage(certificates, undefined);
}

function certificateMessage(
  certificates: readonly Uint8Array[], leafExtensions: Uint8Array | undefined,
): HandshakeBody {
  return {
    name: 'certificate', certificates, fields: [field('certificates', certificates.map((der) => `${der.length} B`))],
    ...(leafExtensions?.length ? { leafExtensions, extensions: readExtensions(leafExtensions, 'other') } : {}),
  };
}

/** RFC 8422 §5.4, RFC 5246 §7.4.3: the keys of a (EC)DHE exchange, signed unless nobody has a certificate. */
function keyExchange(reader: ByteReader, { version, suite }: Agreed): HandshakeBody {
  const name = 'server_key_exchange';
  if (/_PSK_|_SRP_/.test(suite)) return { name, fields: [field('exchange_keys', size(reader.rest()))] };
  const fields: TlsField[] = [];
  let group: string | undefined;
  if (suite.startsWith('TLS_ECDHE')) {
    // 3 is named_curve, the only kind that is left.
    reader.number(1);
    group = groupName(reader.number(2));
    fields.push(field('group', [group]), field('public_key', size(reader.vector(1))));
  } else {
    const prime = reader.vector(2);
    reader.vector(2);
    group = `DH ${prime.length * 8}`;
    fields.push(field('group', [group]), field('public_key', size(reader.vector(2))));
  }
  if (reader.left === 0) return { name, fields, group };
  const scheme = version < tls12 ? undefined : schemeName(reader.number(2));
  if (scheme !== undefined) fields.push(field('signature_scheme', [scheme]));
  fields.push(field('signature', size(reader.vector(2))));
  return { name, fields, group, ...(scheme === undefined ? {} : { signatureScheme: scheme }) };
}

function certificateRequest13(reader: ByteReader): HandshakeBody {
  reader.vector(1);
  return { name: 'certificate_request', fields: [], extensions: readExtensions(reader.vector(2), 'other') };
}

/** RFC 5246 §7.4.4 */
function certificateRequest12(reader: ByteReader, version: number): HandshakeBody {
  const types = numbersIn(reader.vector(1), 1).map((type) => certificateTypes[type] ?? String(type));
  const fields = [field('certificate_types', types)];
  if (version >= tls12) fields.push(field('signature_algorithms', numbersIn(reader.vector(2), 2).map(schemeName)));
  fields.push(field('certificate_authorities', distinguishedNames(reader.part(2))));
  return { name: 'certificate_request', fields };
}

const certificateTypes: Readonly<Record<number, string>> = {
  1: 'rsa_sign', 2: 'dss_sign', 3: 'rsa_fixed_dh', 4: 'dss_fixed_dh', 64: 'ecdsa_sign', 65: 'rsa_fixed_ecdh',
  66: 'ecdsa_fixed_ecdh',
};
