import { once } from 'node:events';
import http2 from 'node:http2';
import { Duplex } from 'node:stream';
import type { Http2Frame } from '../../../src/trace/http2/frame.ts';
import { FrameLog } from '../../../src/trace/http2/frameLog.ts';
import { clientPreface, FrameReader } from '../../../src/trace/http2/frameReader.ts';

/** A chunk that one side of a connection wrote. */
export interface Written {
  readonly direction: Http2Frame['direction'];
  readonly bytes: Buffer;
}

/** A frame as its octets: RFC 9113 §4.1. */
export function frameOctets(type: number, flags: number, stream: number, payload: string | Buffer = ''): Buffer {
  const octets = typeof payload === 'string' ? Buffer.from(payload.replaceAll(' ', ''), 'hex') : payload;
  const head = Buffer.alloc(9);
  head.writeUIntBE(octets.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, octets]);
}

/** The entries of what passed, each chunk at a time of its own. */
export function framesOf(written: readonly Written[], cut = Infinity): Http2Frame[] {
  const frames: Http2Frame[] = [];
  const log = new FrameLog((frame) => frames.push(frame));
  const sent = new FrameReader(clientPreface, (frame, at) => log.add('sent', frame, at), true);
  const received = new FrameReader(0, (frame, at) => log.add('received', frame, at), true);
  for (const [at, { direction, bytes }] of written.entries()) {
    const reader = direction === 'sent' ? sent : received;
    for (let from = 0; from < bytes.length; from += cut) reader.feed(
      bytes.subarray(from, Math.min(bytes.length, from + cut)), at,
    );
  }
  log.flush();
  return frames;
}

/** What a client and a server of `node:http2` write to each other while `use` goes on. */
export async function conversation(
  onStream: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
  use: (session: http2.ClientHttp2Session) => Promise<void>,
  options: http2.ClientSessionOptions & http2.ServerOptions = {},
): Promise<Written[]> {
  const written: Written[] = [];
  const [clientSide, serverSide] = pair(written);
  const server = http2.createServer(options);
  server.on('stream', onStream);
  server.emit('connection', serverSide);
  const session = http2.connect('http://server.test', { ...options, createConnection: () => clientSide });
  await use(session);
  session.close();
  await once(session, 'close');
  serverSide.destroy();
  return written;
}

function pair(written: Written[]): [Duplex, Duplex] {
  const make = (direction: Written['direction'], other: () => Duplex): Duplex => new Duplex({
    allowHalfOpen: false, read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      const bytes = Buffer.from(chunk);
      written.push({ direction, bytes });
      other().push(bytes);
      done();
    },
    final: (done) => {
      other().push(null);
      done();
    },
  });
  const client: Duplex = make('sent', () => server);
  const server: Duplex = make('received', () => client);
  return [client, server];
}
