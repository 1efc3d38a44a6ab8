import type { Socket } from 'node:net';

// HTTP/2 by hand (RFC 9113 §4.1, RFC 7541), sharing nothing with either end.

export const type = {
  data: 0, headers: 1, priority: 2, rstStream: 3, settings: 4, pushPromise: 5, ping: 6, goaway: 7, windowUpdate: 8,
  continuation: 9,
} as const;
export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** RFC 9113 §7 */
export const codes: readonly string[] = [
  'NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT', 'STREAM_CLOSED',
  'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR', 'CONNECT_ERROR', 'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED',
];

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(kind: number, flags: number, stream: number, payload: Buffer | number[] | string = []): Buffer {
  const body = Buffer.from(payload as string);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.set([kind, flags], 3);
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, body]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** Pairs of identifier and value (RFC 9113 §6.5.1). */
export function settings(...pairs: readonly (readonly [number, number])[]): Buffer {
  return frame(type.settings, 0, 0, Buffer.concat(pairs.map(([id, value]) => {
    const one = Buffer.alloc(6);
    one.writeUInt16BE(id);
    one.writeUInt32BE(value >>> 0, 2);
    return one;
  })));
}

/** A field line that enters no table (RFC 7541 §6.2.2); its texts are shorter than 127 bytes, and not coded. */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.of(0, name.length), Buffer.from(name, 'latin1'), Buffer.of(value.length), Buffer.from(value, 'latin1'),
  ]);
}

export function block(...lines: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(lines.map(([name, value]) => field(name, value)));
}

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** What a server said; one that was cut off counts as not said. */
export function parseFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + 9 <= bytes.length;) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    frames.push({
      type: bytes[at + 3]!, flags: bytes[at + 4]!, stream: bytes.readUInt32BE(at + 5) & 0x7fffffff,
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return frames;
}

export interface Answered {
  readonly frames: readonly Frame[];
  /** Nobody waits for more: the server has closed the connection. */
  readonly isClosed: boolean;
}

/** Sends bytes, and reads until something says that there is no more to wait for, or the connection is closed. */
export function tell(
  socket: Socket, bytes: Buffer, isEnough: (frames: readonly Frame[]) => boolean, patience = 3000,
): Promise<Answered> {
  let received = Buffer.alloc(0);
  return new Promise((resolve) => {
    const finish = (isClosed: boolean): void => {
      clearTimeout(timer);
      socket.off('data', onData);
      resolve({ frames: parseFrames(received), isClosed });
    };
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (isEnough(parseFrames(received))) finish(false);
    };
    const timer = setTimeout(() => finish(false), patience);
    socket.on('data', onData).on('error', () => {}).once('close', () => finish(true));
    socket.write(bytes);
  });
}
