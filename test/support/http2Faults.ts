import type { Socket } from 'node:net';

// Servers of HTTP/2 (prior knowledge) that do one thing wrong, by name. They speak in frames made here.

/** RFC 9113 §6 and §7. */
const type = { data: 0, headers: 1, reset: 3, settings: 4, push: 5, ping: 6, goaway: 7, window: 8, continuation: 9 } as const;
const endStream = 1;
const endHeaders = 4;

export const errorCodes = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED', 'FRAME_SIZE_ERROR',
  'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
] as const;

/** RFC 9113 §4.1; `length` lies where it is given. */
export function frame(kind: number, flags: number, stream: number, payload: Buffer | string = '', length?: number): Buffer {
  const bytes = Buffer.from(payload as string);
  const head = Buffer.alloc(9);
  head.writeUIntBE(length ?? bytes.length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

/** Literals without indexing (RFC 7541 §6.2.2). */
export function fields(...lines: (readonly [string, string])[]): Buffer {
  return Buffer.concat(lines.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** RFC 7541 §5.2, as it is. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** RFC 7541 §5.1, with nothing before it in its octet. */
function integer(value: number, bits: number): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.from([value]);
  const octets = [most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return Buffer.from([...octets, rest]);
}

function setting(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}

function number(value: number, more: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Buffer.concat([bytes, more]);
}

const settings = frame(type.settings, 0, 0);
const ok = fields([':status', '200']);

/** What a server does once the request's head has come on `stream`, `settings` having been sent. */
type Fault = (write: (...frames: Buffer[]) => void, stream: number, socket: Socket) => void;

const head = (stream: number, block: Buffer = ok, flags = endHeaders): Buffer => frame(type.headers, flags, stream, block);
const data = (stream: number, content: string, flags = 0): Buffer => frame(type.data, flags, stream, content);
const goaway = (last: number, code: number): Buffer => frame(type.goaway, 0, 0, Buffer.concat([number(last), number(code)]));
const reset = (stream: number, code: number): Buffer => frame(type.reset, 0, stream, number(code));
const answers = (...lines: (readonly [string, string])[]): Fault => (write, stream) => write(head(stream, fields(...lines), endHeaders | endStream));

/** The same again until the connection is gone; `every` ms apart, or as fast as it is taken. */
function floods(socket: Socket, piece: Buffer): void {
  const bytes = Buffer.concat(Array.from({ length: Math.ceil(65_536 / piece.length) }, () => piece));
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

/** One large field is put into the table (RFC 7541 §6.2.1), and named again and again (§6.1). */
const bomb = Buffer.concat([
  ok, Buffer.from([0x40]), text('x-bomb'), text('b'.repeat(4_000)), Buffer.alloc(8_000, 0x80 | 62),
]);

export const http2Faults: Readonly<Record<string, Fault>> = {
  'silence': () => undefined,
  'a body that stops': (write, stream) => write(head(stream), data(stream, 'half')),
  'an end before the head': (_write, _stream, socket) => void socket.end(),
  'an end within the head': (write, stream, socket) => {
    write(frame(type.headers, endHeaders, stream, ok.subarray(0, 2), ok.length));
    socket.end();
  },
  'an end within the body': (write, stream, socket) => {
    write(head(stream), data(stream, 'half'));
    socket.end();
  },
  'a reset of TCP before the head': (_write, _stream, socket) => void socket.resetAndDestroy(),
  'a reset of TCP within the body': (write, stream, socket) => {
    write(head(stream), data(stream, 'half'));
    setTimeout(() => socket.resetAndDestroy(), 30);
  },
  'GOAWAY before the head': (write, _stream, socket) => {
    write(goaway(0, 0));
    socket.end();
  },
  'GOAWAY within the body': (write, stream, socket) => {
    write(head(stream), data(stream, 'half'), goaway(0, 2));
    socket.end();
  },
  'a frame larger than allowed': (write, stream) => write(head(stream), frame(type.data, 0, stream, Buffer.alloc(20_000))),
  'a frame of settings of five octets': (write) => write(frame(type.settings, 0, 0, Buffer.alloc(5))),
  'settings for push': (write, stream) => write(frame(type.settings, 0, 0, setting(2, 1)), head(stream, ok, endHeaders | endStream)),
  'a window beyond 31 bits in the settings': (write) => write(frame(type.settings, 0, 0, setting(4, 0xffff_ffff))),
  'frames smaller than allowed in the settings': (write) => write(frame(type.settings, 0, 0, setting(5, 100))),
  'an index that is not in the table': (write, stream) => write(head(stream, Buffer.from([0xff, 0x80, 0x01]))),
  'index zero': (write, stream) => write(head(stream, Buffer.from([0x80]))),
  'a block that is cut': (write, stream) => write(head(stream, ok.subarray(0, 5))),
  'a table larger than allowed': (write, stream) => write(head(stream, Buffer.concat([Buffer.from([0x3f, 0xe1, 0xff, 0x03]), ok]))),
  'a compression bomb': (write, stream) => write(head(stream, bomb)),
  'too many fields': (write, stream) =>
    write(head(stream, fields([':status', '200'], ...Array.from({ length: 300 }, () => ['a', '1'] as const)), endHeaders | endStream)),
  'a push': (write, stream) => write(frame(type.push, endHeaders, stream, number(2, fields([':method', 'GET'])))),
  'a flood of PING': (_write, _stream, socket) => floods(socket, frame(type.ping, 0, 0, Buffer.alloc(8))),
  'a flood of SETTINGS': (_write, _stream, socket) => floods(socket, settings),
  'a flood of CONTINUATION': (write, stream, socket) => {
    write(frame(type.headers, 0, stream, ok));
    floods(socket, frame(type.continuation, 0, stream, fields(['a', '1'])));
  },
  'a flood of empty CONTINUATION': (write, stream, socket) => {
    write(frame(type.headers, 0, stream, ok));
    floods(socket, frame(type.continuation, 0, stream));
  },
  'a flood of empty DATA': (write, stream, socket) => {
    write(head(stream));
    floods(socket, data(stream, ''));
  },
  'a flood of interim responses': (_write, stream, socket) => floods(socket, head(stream, fields([':status', '103']))),
  'a flood of RST_STREAM': (_write, _stream, socket) => floods(socket, reset(99, 8)),
  'a flood of unknown frames': (_write, stream, socket) => floods(socket, frame(0xbb, 0, stream, 'who')),
  'no SETTINGS first': (write, stream) => write(head(stream, ok, endHeaders | endStream)),
  'DATA before HEADERS': (write, stream) => write(data(stream, 'half')),
  'HEADERS on stream 0': (write) => write(head(0)),
  'HEADERS on a stream of the server': (write) => write(head(2)),
  'HEADERS on a stream that is idle': (write, stream) => write(head(stream + 8)),
  'DATA on stream 0': (write) => write(data(0, 'half')),
  'another frame within a field block': (write, stream) => write(frame(type.headers, 0, stream, ok), data(stream, 'half')),
  'CONTINUATION without HEADERS': (write, stream) => write(frame(type.continuation, endHeaders, stream, ok)),
  'padding longer than its frame': (write, stream) => write(head(stream), frame(type.data, 8, stream, Buffer.from([50, 1, 2]))),
  'a window update of nothing': (write, stream) => write(head(stream), frame(type.window, 0, stream, number(0))),
  'a window beyond 31 bits': (write) => write(frame(type.window, 0, 0, number(0x7fff_ffff))),
  'a length that is longer than the body': (write, stream) =>
    write(head(stream, fields([':status', '200'], ['content-length', '10'])), data(stream, 'half', endStream)),
  'a length that is shorter than the body': (write, stream) =>
    write(head(stream, fields([':status', '200'], ['content-length', '2'])), data(stream, 'half', endStream)),
  'trailers with a pseudo-header field': (write, stream) =>
    write(head(stream), data(stream, 'half'), head(stream, fields([':status', '200']), endHeaders | endStream)),
  'a second head without the end': (write, stream) => write(head(stream), data(stream, 'half'), head(stream, fields(['a', '1']))),
  'a field in upper case': answers([':status', '200'], ['X-A', '1']),
  'no status': answers(['a', '1']),
  'two statuses': answers([':status', '200'], [':status', '200']),
  'a status behind a field': answers(['a', '1'], [':status', '200']),
  'a status of two digits': answers([':status', '20']),
  'a status of letters': answers([':status', 'abc']),
  'a pseudo-header field of requests': answers([':status', '200'], [':path', '/']),
  'a field of the connection': answers([':status', '200'], ['connection', 'close']),
  'a transfer coding': answers([':status', '200'], ['transfer-encoding', 'chunked']),
  'a line break in a field': answers([':status', '200'], ['a', 'b\r\nc: d']),
  'a field without a name': answers([':status', '200'], ['', 'a']),
};

export const http2Oddities: Readonly<Record<string, Fault>> = {
  'a frame of unknown type': (write, stream) => write(frame(0xbb, 0, stream, 'who'), head(stream), data(stream, 'ok', endStream)),
  'a setting that is unknown': (write, stream) => write(frame(type.settings, 0, 0, setting(0xbb, 1)), head(stream), data(stream, 'ok', endStream)),
  'GOAWAY for later streams': (write, stream) => write(goaway(stream, 0), head(stream), data(stream, 'ok', endStream)),
  'a head in CONTINUATION': (write, stream) =>
    write(frame(type.headers, 0, stream, ok.subarray(0, 4)), frame(type.continuation, endHeaders, stream, ok.subarray(4)), data(stream, 'ok', endStream)),
  'padding': (write, stream) => write(head(stream), frame(type.data, 8 | endStream, stream, Buffer.from('\x03okXXX'))),
  'an empty frame at the end': (write, stream) => write(head(stream), data(stream, 'ok'), data(stream, '', endStream)),
  'trailers': (write, stream) => write(head(stream), data(stream, 'ok'), head(stream, fields(['a', '1']), endHeaders | endStream)),
  'PING, some': (write, stream) => write(...Array.from({ length: 20 }, () => frame(type.ping, 0, 0, Buffer.alloc(8))), head(stream), data(stream, 'ok', endStream)),
  'DATA behind the end': (write, stream) => write(head(stream), data(stream, 'ok', endStream), data(stream, 'more')),
  'RST_STREAM(NO_ERROR) behind the end': (write, stream) => write(head(stream), data(stream, 'ok', endStream), reset(stream, 0)),
};

/** Without the 24 octets of the client's preface: calls `seen` with the stream of each HEADERS frame. */
function eachRequest(socket: Socket, seen: (stream: number) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  let at = 24;
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= at + 9) {
      const size = bytes.readUIntBE(at, 3);
      const [kind, stream] = [bytes[at + 3], bytes.readUInt32BE(at + 5)];
      at += 9 + size;
      if (kind === type.headers) seen(stream);
      // What is past is dropped.
      if (at < bytes.length) continue;
      at -= bytes.length;
      bytes = Buffer.alloc(0);
    }
  });
}

/** A server of one fault; `greeting` is what it sends first, SETTINGS unless said otherwise. */
export function talkHttp2(fault: Fault, greeting: Buffer = settings): (socket: Socket) => void {
  return (socket) => {
    socket.write(greeting);
    eachRequest(socket, (stream) => fault((...frames) => void socket.write(Buffer.concat(frames)), stream, socket));
  };
}

/** Resets the stream, before or after half of a body. */
export function resets(code: number, withHalf: boolean): Fault {
  return (write, stream) => write(...withHalf ? [head(stream), data(stream, 'half')] : [], reset(stream, code));
}

export const greetings = {
  usual: settings,
  none: Buffer.alloc(0),
  'no window for bodies': frame(type.settings, 0, 0, setting(4, 0)),
  /** Of a stream and of the connection, 1 GiB more each. */
  'a window for everything': Buffer.concat([frame(type.settings, 0, 0, setting(4, 2 ** 30)), frame(type.window, 0, 0, number(2 ** 30))]),
  'no streams': frame(type.settings, 0, 0, setting(3, 0)),
  'HTTP/1.1': Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'noise': Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 37) % 251)),
} as const;
