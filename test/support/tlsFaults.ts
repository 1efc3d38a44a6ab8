import type { Socket } from 'node:net';

// Servers that do one thing wrong in the handshake, by name. Each gets a connection on which the ClientHello has come.

/** RFC 8446 §6, those a server may send. */
export const alerts: readonly (readonly [number: number, name: string])[] = [
  [10, 'unexpected_message'], [20, 'bad_record_mac'], [22, 'record_overflow'], [40, 'handshake_failure'],
  [42, 'bad_certificate'], [43, 'unsupported_certificate'], [44, 'certificate_revoked'], [45, 'certificate_expired'],
  [46, 'certificate_unknown'], [47, 'illegal_parameter'], [48, 'unknown_ca'], [49, 'access_denied'], [50, 'decode_error'],
  [51, 'decrypt_error'], [70, 'protocol_version'], [71, 'insufficient_security'], [80, 'internal_error'],
  [86, 'inappropriate_fallback'], [109, 'missing_extension'], [110, 'unsupported_extension'], [112, 'unrecognized_name'],
  [115, 'unknown_psk_identity'], [116, 'certificate_required'], [120, 'no_application_protocol'],
];

/** RFC 8446 §5.1; `length` lies where it is given. */
export function record(kind: number, payload: Buffer, { version = 0x0303, length = payload.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt16BE(version, 1);
  head.writeUInt16BE(length, 3);
  return Buffer.concat([head, payload]);
}

export function alert(number: number, level = 2): Buffer {
  return record(21, Buffer.from([level, number]));
}

/** The extension renegotiation_info (RFC 5746 §3.4), without which nothing else is looked at. */
const safe = Buffer.from([0, 5, 0xff, 0x01, 0, 1, 0]);

/** A ServerHello (RFC 5246 §7.4.1.3) that chooses this version and cipher suite; `length` of the message may lie. */
function serverHello({ version = 0x0303, suite = 0xc02f, length }: { version?: number; suite?: number; length?: number } = {}): Buffer {
  const body = Buffer.concat([uint16(version), Buffer.alloc(32, 7), Buffer.from([0]), uint16(suite), Buffer.from([0]), safe]);
  const head = Buffer.alloc(4);
  head[0] = 2;
  head.writeUIntBE(length ?? body.length, 1, 3);
  return Buffer.concat([head, body]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function says(bytes: Buffer | string, then: 'open' | 'end' = 'open'): (socket: Socket) => void {
  return (socket) => void (then === 'end' ? socket.end(bytes) : socket.write(bytes));
}

function floods(piece: Buffer): (socket: Socket) => void {
  const bytes = Buffer.concat(Array.from({ length: Math.ceil(65_536 / piece.length) }, () => piece));
  return (socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.on('drain', more);
    more();
  };
}

const noise = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 73 + 11) % 256));

export const tlsFaults = {
  'an end after the ClientHello': (socket) => void socket.end(),
  'a reset after the ClientHello': (socket) => void socket.resetAndDestroy(),
  'nothing': () => undefined,
  'a record that stops': says(record(22, serverHello(), { length: 500 })),
  'an end within a record': says(record(22, serverHello(), { length: 500 }), 'end'),
  'a ServerHello and no more': says(record(22, serverHello())),
  'an end after the ServerHello': says(record(22, serverHello()), 'end'),
  'a record in drips': (socket) => {
    const bytes = record(22, Buffer.alloc(10_000));
    let at = 0;
    const timer = setInterval(() => socket.destroyed ? clearInterval(timer) : void socket.write(bytes.subarray(at, at += 1)), 20);
    socket.on('close', () => clearInterval(timer));
  },
  'plain HTTP': says('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', 'end'),
  'mail': says('220 mail.test ESMTP\r\n'),
  'a shell': says('SSH-2.0-OpenSSH_9.6\r\n'),
  'HTTP/2 without TLS': says(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])),
  'noise': says(noise),
  'a record longer than allowed': says(record(22, Buffer.alloc(100), { length: 0xffff })),
  'a message longer than its record can be': says(record(22, serverHello({ length: 0xff_ffff }))),
  'an empty handshake record, again and again': floods(record(22, Buffer.alloc(0))),
  'warnings without end': floods(alert(112, 1)),
  'application data before the handshake is over': says(record(23, Buffer.from('hello'))),
  'a record of no known kind': says(record(99, Buffer.from('hello'))),
  'a message of no known kind': says(record(22, Buffer.from([99, 0, 0, 1, 0]))),
  'a ServerHello of SSL 3.0': says(record(22, serverHello({ version: 0x0300 }))),
  'a ServerHello of TLS 9.9': says(record(22, serverHello({ version: 0x0909 }))),
  'a cipher that was not offered': says(record(22, serverHello({ suite: 0x0000 }))),
  'a second ClientHello in answer': (socket) => says(record(22, Buffer.concat([Buffer.from([1]), serverHello().subarray(1)])))(socket),
  'close_notify': says(alert(0, 1), 'end'),
} satisfies Record<string, (socket: Socket) => void>;
