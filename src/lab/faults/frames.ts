import { setTimeout as sleep } from 'node:timers/promises';
import type { Http2ServerResponse } from 'node:http2';
import { isHttp2 } from '../http/send.ts';
import type { Victim } from './fault.ts';

// Faults of HTTP/2: frames (RFC 9113 §4.1) that are written past Node's session, which would not send them.

const types = { data: 0, headers: 1, settings: 4, goaway: 7, continuation: 9 } as const;
const flags = { endStream: 1, endHeaders: 4 } as const;
const cancel = 8;

/** The codes of RFC 9113 §7 by name, as a query has them. */
export const errorCodes: readonly string[] = [
  'no-error', 'protocol-error', 'internal-error', 'flow-control-error', 'settings-timeout', 'stream-closed',
  'frame-size-error', 'refused-stream', 'cancel', 'compression-error', 'connect-error', 'enhance-your-calm',
  'inadequate-security', 'http-1-1-required',
];

function frame(type: number, flag: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.set([type, flag], 3);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** RFC 7541 §6.2.2: a literal that enters no table, so that both sides' tables stay the same. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0), lengthOf(name), Buffer.from(name), lengthOf(value), Buffer.from(value)]);
}

/** RFC 7541 §5.1: an integer with a prefix of 7 bits. */
function lengthOf({ length }: string): Buffer {
  if (length < 127) return Buffer.of(length);
  const bytes = [127];
  let rest = length - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.of(...bytes, rest);
}

/** RFC 7541 §6.1, appendix A: `:status: 200`. */
const status200 = Buffer.of(0x88);

/** The frames of a response on a stream; what follows on the connection is not harmed. */
type Frames = (stream: number) => readonly Buffer[];

const hugeBlock = (): Buffer => Buffer.concat([
  status200, ...Array.from({ length: 100 }, (_, number) => literal(`x-filler-${number}`, 'x'.repeat(1000))),
]);

/** RFC 9113 §4.2: no frame is longer, unless the client's settings allow it. */
const frameSize = 16_384;

function inFrames(stream: number, block: Buffer): Buffer[] {
  const parts = Array.from({ length: Math.ceil(block.length / frameSize) }, (_, part) =>
    block.subarray(part * frameSize, (part + 1) * frameSize));
  return parts.map((part, index) => frame(
    index === 0 ? types.headers : types.continuation, index === parts.length - 1 ? flags.endHeaders : 0, stream, part));
}

const onStream = {
  // RFC 9113 §8.1.1: what is not valid is malformed, and a stream error.
  'two-lengths': (stream) => [
    frame(types.headers, flags.endHeaders, stream,
      Buffer.concat([status200, literal('content-length', '5'), literal('content-length', '7')])),
    frame(types.data, flags.endStream, stream, Buffer.from('hello, ')),
  ],
  // RFC 9113 §8.2.1: names are in lower case, and no value has a NUL.
  'invalid-head': (stream) => [
    frame(types.headers, flags.endHeaders, stream,
      Buffer.concat([status200, literal('X-Upper-Case', '1'), literal('x-nul', 'a\0b')])),
    frame(types.data, flags.endStream, stream, Buffer.from('hello')),
  ],
  'huge-head': (stream) => [
    ...inFrames(stream, hugeBlock()), frame(types.data, flags.endStream, stream, Buffer.from('hello')),
  ],
} satisfies Readonly<Record<string, Frames>>;

/** ms that a client has to end a stream of its own accord. */
const patience = 1000;

/** Writes a response that breaks the rules of HTTP/2 on its stream. */
export function writeStream({ response, connection, signal }: Victim, fault: keyof typeof onStream): Promise<void> {
  if (!isHttp2(response)) return Promise.resolve();
  connection.tap?.write(Buffer.concat(onStream[fault](idOf(response))));
  // Node knows nothing of that response: the stream is open until the client ends it, or this does.
  return sleep(patience, undefined, { signal, ref: false }).catch(() => {}).then(() => response.stream?.close(cancel));
}

const onConnection = {
  // RFC 9113 §6.1: DATA on stream 0 is a connection error, and nothing that HTTP/2 has comes nearer.
  'malformed': () => frame(types.data, 0, 0, Buffer.of(0)),
  // RFC 9113 §6.5: a setting has 6 bytes.
  'bad-frame': () => frame(types.settings, 0, 0, Buffer.alloc(5)),
  // RFC 9113 §6.8: the last stream that was, or may have been, processed, and why it ends.
  'goaway': (stream: number, code: number) => {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(stream, 0);
    payload.writeUInt32BE(code, 4);
    return frame(types.goaway, 0, 0, Buffer.concat([payload, Buffer.from('on purpose')]));
  },
} as const;

/** ms until the end after a frame that ends the connection: what the client is still sending would make it a reset. */
const grace = 200;

/** Writes a frame that ends the connection with all its streams. */
export async function writeConnection(
  { response, connection: { tap }, signal }: Victim, fault: keyof typeof onConnection, code = 0,
): Promise<void> {
  if (!isHttp2(response)) return;
  tap?.write(onConnection[fault](idOf(response), code));
  await sleep(grace, undefined, { signal, ref: false }).catch(() => {});
  tap?.destroySoon();
}

function idOf({ stream }: Http2ServerResponse): number {
  return stream.id ?? 0;
}
