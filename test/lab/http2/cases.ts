import { block, flag, frame, settings, type, uint32 } from './frames.ts';

// Clients that break the rules of HTTP/2, and what the lab makes of it. `connection X`: GOAWAY with that code and the end
// of the connection; `stream X`: RST_STREAM, and the connection goes on; `status N`: the request is answered; `ignored`:
// nothing but the answer to the PING that follows.

export type Outcome = `connection ${string}` | `stream ${string}` | `status ${number}` | 'ignored' | 'closed';
export interface Case {
  readonly section: string;
  readonly name: string;
  readonly bytes: Buffer | (() => Buffer);
  readonly expect: Outcome;
}

let authority = '';

/** The server that is asked. */
export function askFor(own: string): void {
  authority = own;
}

export const get = (path = '/json'): [string, string][] =>
  [[':method', 'GET'], [':scheme', 'http'], [':path', path], [':authority', authority]];
const post = (path = '/echo'): [string, string][] => [[':method', 'POST'], ...get(path).slice(1)];
export const { endHeaders, endStream, padded, ack } = flag;
const whole = endHeaders | endStream;
/** HEADERS of a request; without `flags` it has no body. */
export const request = (stream: number, lines: readonly (readonly [string, string])[] = get(), flags: number = whole) =>
  frame(type.headers, flags, stream, block(...lines));
export const both = (...frames: readonly Buffer[]): Buffer => Buffer.concat(frames);
const c = (section: string, name: string, bytes: Case['bytes'], expect: Outcome): Case =>
  ({ section, name, bytes, expect });

const framing: readonly Case[] = [
  c('4.1', 'a frame of an unknown type', frame(0x16, 0, 0, [0, 0, 0, 0]), 'ignored'),
  c('4.1', 'a flag that is not defined', frame(type.ping, 0x16, 0, [1, 2, 3, 4, 5, 6, 7, 8]), 'ignored'),
  c('4.1', 'the reserved bit', () => both(frame(type.ping, 0, 0x80000000, [1, 2, 3, 4, 5, 6, 7, 8])), 'ignored'),
  c('4.2', 'DATA of more than SETTINGS_MAX_FRAME_SIZE', () =>
    both(request(1, post(), endHeaders), frame(type.data, endStream, 1, Buffer.alloc(16_385))), 'connection FRAME_SIZE_ERROR'),
  c('4.2', 'HEADERS of more than SETTINGS_MAX_FRAME_SIZE', () =>
    frame(type.headers, whole, 1, Buffer.alloc(16_385)), 'connection FRAME_SIZE_ERROR'),
  c('4.3', 'a field block that is none', frame(type.headers, whole, 1, [0x00, 0x85, 0xf2, 0xb2, 0x4a]),
  'connection COMPRESSION_ERROR'),
  c('4.3', 'another frame between HEADERS and CONTINUATION', () =>
    both(request(1, get(), endStream), frame(type.priority, 0, 1, [0, 0, 0, 0, 1]), frame(type.continuation, endHeaders, 1)),
  'connection PROTOCOL_ERROR'),
  c('4.3', 'HEADERS of another stream before CONTINUATION', () =>
    both(request(1, get(), endStream), request(3), frame(type.continuation, endHeaders, 1)), 'connection PROTOCOL_ERROR'),
  c('5.5', 'an unknown frame before CONTINUATION', () =>
    both(request(1, get(), endStream), frame(0x16, 0, 0), frame(type.continuation, endHeaders, 1)), 'connection PROTOCOL_ERROR'),
];

const states: readonly Case[] = [
  c('5.1', 'DATA on an idle stream', frame(type.data, endStream, 1, 'test'), 'connection PROTOCOL_ERROR'),
  c('5.1', 'RST_STREAM on an idle stream', frame(type.rstStream, 0, 1, uint32(8)), 'connection PROTOCOL_ERROR'),
  c('5.1', 'WINDOW_UPDATE on an idle stream', frame(type.windowUpdate, 0, 1, uint32(100)), 'connection PROTOCOL_ERROR'),
  c('5.1', 'CONTINUATION on an idle stream', () => frame(type.continuation, endHeaders, 1, block(...get())),
  'connection PROTOCOL_ERROR'),
  // Node's nghttp2 makes more of it than it must: a stream error may be treated as a connection error (§5.4.1).
  c('5.1', 'DATA after END_STREAM', () => both(request(1, get('/delay/300')), frame(type.data, endStream, 1, 'test')),
  'connection STREAM_CLOSED'),
  // The same.
  c('5.1', 'HEADERS after END_STREAM', () => both(request(1, get('/delay/300')), request(1)),
  'connection STREAM_CLOSED'),
  // A stream error by the RFC; nghttp2 has forgotten the stream, and drops what comes for it.
  c('5.1', 'DATA after RST_STREAM', () =>
    both(request(1, post(), endHeaders), frame(type.rstStream, 0, 1, uint32(8)), frame(type.data, endStream, 1, 'test')),
  'ignored'),
  // The same.
  c('5.1', 'HEADERS after RST_STREAM', () =>
    both(request(1, post(), endHeaders), frame(type.rstStream, 0, 1, uint32(8)), request(1)), 'ignored'),
  c('5.1.1', 'an even stream identifier', () => request(2), 'connection PROTOCOL_ERROR'),
  // A connection error by the RFC; nghttp2 takes the stream for one that is over, and drops the frame.
  c('5.1.1', 'a smaller stream identifier than before', () => both(request(5), request(3)), 'status 200'),
  c('5.1.2', 'more streams than SETTINGS_MAX_CONCURRENT_STREAMS', () =>
    both(...Array.from({ length: 102 }, (_, index) => request(index * 2 + 1, get('/delay/300')))), 'stream REFUSED_STREAM'),
  // RFC 9113 has no priorities any more; RFC 7540 §5.3.1 has a stream error here.
  c('5.3', 'HEADERS that depend on themselves', () =>
    frame(type.headers, whole | flag.priority, 1, both(uint32(1), Buffer.of(15), block(...get()))), 'connection PROTOCOL_ERROR'),
  // nghttp2 reads no PRIORITY any more.
  c('5.3', 'PRIORITY that depends on itself', frame(type.priority, 0, 1, [0, 0, 0, 1, 15]), 'ignored'),
];

const data: readonly Case[] = [
  c('6.1', 'DATA on stream 0', frame(type.data, 0, 0, 'test'), 'connection PROTOCOL_ERROR'),
  c('6.1', 'more padding than payload', () =>
    both(request(1, post(), endHeaders), frame(type.data, endStream | padded, 1, [200, 1, 2])), 'connection PROTOCOL_ERROR'),
  c('6.2', 'HEADERS on stream 0', () => request(0), 'connection PROTOCOL_ERROR'),
  c('6.2', 'more padding than field block', frame(type.headers, whole | padded, 1, [200, 0x82]),
  'connection PROTOCOL_ERROR'),
  // A connection error by the RFC; nghttp2 reads no PRIORITY any more, but its size.
  c('6.3', 'PRIORITY on stream 0', frame(type.priority, 0, 0, [0, 0, 0, 1, 15]), 'ignored'),
  // A stream error by the RFC, which may be treated as a connection error (§5.4.1).
  c('6.3', 'PRIORITY of 4 bytes', () => both(request(1, post(), endHeaders), frame(type.priority, 0, 1, [0, 0, 0, 1])),
  'connection FRAME_SIZE_ERROR'),
  c('6.4', 'RST_STREAM on stream 0', frame(type.rstStream, 0, 0, uint32(8)), 'connection PROTOCOL_ERROR'),
  c('6.4', 'RST_STREAM of 3 bytes', () => both(request(1, post(), endHeaders), frame(type.rstStream, 0, 1, [0, 0, 8])),
  'connection FRAME_SIZE_ERROR'),
  c('6.6', 'PUSH_PROMISE from a client', () => both(request(1, post(), endHeaders),
    frame(type.pushPromise, endHeaders, 1, both(uint32(2), block(...get())))), 'connection PROTOCOL_ERROR'),
  c('6.10', 'CONTINUATION on stream 0', () =>
    both(request(1, get(), endStream), frame(type.continuation, endHeaders, 0)),
  'connection PROTOCOL_ERROR'),
  c('6.10', 'CONTINUATION after END_HEADERS', () =>
    both(request(1, post(), endHeaders), frame(type.continuation, endHeaders, 1)),
  'connection PROTOCOL_ERROR'),
  c('6.10', 'a field block in three frames', () => both(
    frame(type.headers, endStream, 1, block(...get().slice(0, 2))), frame(type.continuation, 0, 1, block(...get().slice(2, 3))),
    frame(type.continuation, endHeaders, 1, block(...get().slice(3)))), 'status 200'),
];

const control: readonly Case[] = [
  c('6.5', 'SETTINGS with ACK and payload', frame(type.settings, ack, 0, [0, 3, 0, 0, 0, 1]),
  'connection FRAME_SIZE_ERROR'),
  c('6.5', 'SETTINGS on a stream', frame(type.settings, 0, 1, [0, 3, 0, 0, 0, 1]), 'connection PROTOCOL_ERROR'),
  c('6.5', 'SETTINGS of 5 bytes', frame(type.settings, 0, 0, [0, 3, 0, 0, 0]), 'connection FRAME_SIZE_ERROR'),
  c('6.5.2', 'SETTINGS_ENABLE_PUSH of 2', settings([2, 2]), 'connection PROTOCOL_ERROR'),
  c('6.5.2', 'SETTINGS_INITIAL_WINDOW_SIZE beyond 2^31-1', settings([4, 0x80000000]), 'connection FLOW_CONTROL_ERROR'),
  c('6.5.2', 'SETTINGS_MAX_FRAME_SIZE below 16,384', settings([5, 16_383]), 'connection PROTOCOL_ERROR'),
  c('6.5.2', 'SETTINGS_MAX_FRAME_SIZE beyond 2^24-1', settings([5, 0x1000000]), 'connection PROTOCOL_ERROR'),
  c('6.5.2', 'a setting that is not defined', settings([0xff, 1]), 'ignored'),
  c('6.7', 'PING on a stream', frame(type.ping, 0, 1, Buffer.alloc(8)), 'connection PROTOCOL_ERROR'),
  c('6.7', 'PING of 6 bytes', frame(type.ping, 0, 0, Buffer.alloc(6)), 'connection FRAME_SIZE_ERROR'),
  // The RFC does not say. Node takes it for a mistake of the peer's that it cannot name.
  c('6.7', 'PING with ACK that nobody asked for', frame(type.ping, ack, 0, Buffer.alloc(8)),
  'connection INTERNAL_ERROR'),
  c('6.8', 'GOAWAY on a stream', frame(type.goaway, 0, 1, Buffer.alloc(8)), 'connection PROTOCOL_ERROR'),
  c('6.9', 'WINDOW_UPDATE of 0 for the connection', frame(type.windowUpdate, 0, 0, uint32(0)),
  'connection PROTOCOL_ERROR'),
  // A stream error by the RFC, which may be treated as a connection error (§5.4.1).
  c('6.9', 'WINDOW_UPDATE of 0 for a stream', () =>
    both(request(1, post(), endHeaders), frame(type.windowUpdate, 0, 1, uint32(0))),
  'connection PROTOCOL_ERROR'),
  c('6.9', 'WINDOW_UPDATE of 3 bytes', frame(type.windowUpdate, 0, 0, [0, 0, 1]), 'connection FRAME_SIZE_ERROR'),
  c('6.9.1', 'a window of the connection beyond 2^31-1', both(
    frame(type.windowUpdate, 0, 0, uint32(0x7fffffff)), frame(type.windowUpdate, 0, 0, uint32(0x7fffffff))), 'connection FLOW_CONTROL_ERROR'),
  // The same.
  c('6.9.1', 'a window of a stream beyond 2^31-1', () => both(request(1, post(), endHeaders),
    frame(type.windowUpdate, 0, 1, uint32(0x7fffffff)), frame(type.windowUpdate, 0, 1, uint32(0x7fffffff))), 'connection FLOW_CONTROL_ERROR'),
  c('6.9.2', 'windows that SETTINGS makes too large', () => both(request(1, post(), endHeaders),
    frame(type.windowUpdate, 0, 1, uint32(0x7fff0000)), settings([4, 0x7fffffff])), 'connection FLOW_CONTROL_ERROR'),
  c('6.9.2', 'windows that SETTINGS makes negative, and an update', () => both(
    settings([4, 3]), request(1), settings([4, 2]), frame(type.windowUpdate, 0, 1, uint32(5000))), 'status 200'),
];

const semantics: readonly Case[] = [
  c('8.1', 'a second HEADERS without END_STREAM', () =>
    both(request(1, post(), endHeaders), frame(type.headers, endHeaders, 1, block(['x-trailer', '1']))), 'stream PROTOCOL_ERROR'),
  c('8.1.1', 'fewer bytes than Content-Length', () =>
    both(request(1, [...post(), ['content-length', '5']], endHeaders), frame(type.data, endStream, 1, 'test')), 'stream PROTOCOL_ERROR'),
  // A stream error by the RFC; Node ends the connection.
  c('8.1.1', 'more bytes than Content-Length', () => both(request(1, [...post(), ['content-length', '1']], endHeaders),
    frame(type.data, 0, 1, 'te'), frame(type.data, endStream, 1, 'st')), 'connection INTERNAL_ERROR'),
  c('8.1.1', 'two Content-Lengths', () => both(
    request(1, [...post(), ['content-length', '4'], ['content-length', '5']], endHeaders), frame(type.data, endStream, 1, 'test')),
  'stream PROTOCOL_ERROR'),
  c('8.2.1', 'a name with capital letters', () => request(1, [...get(), ['X-TEST', 'ok']]), 'stream PROTOCOL_ERROR'),
  // Malformed by the RFC; nghttp2 leaves the field line out and goes on. That it is left out is tested below.
  c('8.2.1', 'a name with a space', () => request(1, [...get(), ['x test', 'ok']]), 'status 200'),
  // The same.
  c('8.2.1', 'a value with CR and LF', () => request(1, [...get(), ['x-test', 'a\r\nb: c']]), 'status 200'),
  // The same.
  c('8.2.1', 'a value with NUL', () => request(1, [...get(), ['x-test', 'a\0b']]), 'status 200'),
  c('8.2.2', 'Connection', () => request(1, [...get(), ['connection', 'keep-alive']]), 'stream PROTOCOL_ERROR'),
  c('8.2.2', 'Transfer-Encoding', () => request(1, [...post(), ['transfer-encoding', 'chunked']]),
  'stream PROTOCOL_ERROR'),
  c('8.2.2', 'TE that is not trailers', () => request(1, [...get(), ['te', 'trailers, deflate']]),
  'stream PROTOCOL_ERROR'),
  c('8.3', 'a pseudo-header field that is not defined', () => request(1, [...get(), [':test', 'ok']]),
  'stream PROTOCOL_ERROR'),
  c('8.3', 'a pseudo-header field of responses', () => request(1, [...get(), [':status', '200']]),
  'stream PROTOCOL_ERROR'),
  c('8.3', 'a pseudo-header field in trailers', () =>
    both(request(1, post(), endHeaders), frame(type.headers, whole, 1, block([':method', 'GET']))), 'stream PROTOCOL_ERROR'),
  c('8.3', 'a pseudo-header field after others', () => request(1, [['x-test', 'ok'], ...get()]),
  'stream PROTOCOL_ERROR'),
  c('8.3.1', 'an empty :path', () => request(1, get('')), 'stream PROTOCOL_ERROR'),
  c('8.3.1', 'no :method', () => request(1, get().slice(1)), 'stream PROTOCOL_ERROR'),
  c('8.3.1', 'no :scheme', () => request(1, [get()[0]!, ...get().slice(2)]), 'stream PROTOCOL_ERROR'),
  c('8.3.1', 'no :path', () => request(1, [...get().slice(0, 2), get()[3]!]), 'stream PROTOCOL_ERROR'),
  c('8.3.1', 'two of :method', () => request(1, [get()[0]!, ...get()]), 'stream PROTOCOL_ERROR'),
  c('8.3.1', 'two of :path', () => request(1, [...get(), [':path', '/ip']]), 'stream PROTOCOL_ERROR'),
  c('8.3.1', 'a :path that is no path', () => request(1, get('json')), 'stream PROTOCOL_ERROR'),
];

const compression: readonly Case[] = [
  c('7541 2.3.3', 'an index beyond both tables', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0xff, 0x00))), 'connection COMPRESSION_ERROR'),
  c('7541 2.3.3', 'a name by an index beyond both tables', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0x7f, 0x03, 1, 0x61))), 'connection COMPRESSION_ERROR'),
  c('7541 4.2', 'a change of the table size after a field line', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0x20))), 'connection COMPRESSION_ERROR'),
  c('7541 5.1', 'an integer without end', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0xff, ...Array(20).fill(0xff)))), 'connection COMPRESSION_ERROR'),
  c('7541 5.2', 'Huffman padding of more than 7 bits', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0, 0x82, 0x1f, 0xff, 0x01, 0x61))), 'connection COMPRESSION_ERROR'),
  c('7541 5.2', 'Huffman padding of zeros', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0, 0x81, 0x18, 0x01, 0x61))), 'connection COMPRESSION_ERROR'),
  c('7541 5.2', 'a Huffman code for the end of the string', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0, 0x84, 0xff, 0xff, 0xff, 0xfc, 0x01, 0x61))), 'connection COMPRESSION_ERROR'),
  c('7541 5.2', 'a string that is longer than its block', () =>
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0, 0x70, 0x61))), 'connection COMPRESSION_ERROR'),
  c('7541 6.1', 'index 0', () => frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0x80))),
  'connection COMPRESSION_ERROR'),
  c('7541 6.3', 'a table size beyond what the server allows', () =>
    frame(type.headers, whole, 1, both(Buffer.of(0x3f, 0xe2, 0x1f), block(...get()))), 'connection COMPRESSION_ERROR'),
  c('7541 6.2.1', 'a field line that enters the table, and is found there', () => both(
    frame(type.headers, whole, 1, both(block(...get()), Buffer.of(0x40, 1, 0x78, 1, 0x79))),
    frame(type.headers, whole, 3, both(block(...get()), Buffer.of(0xbe)))), 'status 200'),
];

export const cases = { framing, states, data, control, semantics, compression };
