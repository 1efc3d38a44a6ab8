import { once } from 'node:events';
import { connect as connectTcp, type AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { allowTransportTaps, TransportTap } from '../tap/transportTap.ts';
import { TlsDecoder } from './decoder.ts';
import { TlsRecording } from './recording.ts';
import { createSelfSigned } from './selfSigned.ts';

/** At most so long, ms; it takes about five. */
const patience = 400;

/**
 * Whether TLS works over a tap in this runtime: Electron has BoringSSL in OpenSSL's place, and Node's own tests of TLS
 * over a stream that is no socket are switched off there. Where it does not, no connection gets such a tap: then TLS is
 * spoken over the socket itself, and its messages are not seen. Never rejects.
 *
 * @param handshake gives undefined where nothing could be tried.
 */
export async function testTransportTaps(
  handshake: () => Promise<boolean | undefined> = loopbackHandshake,
): Promise<boolean> {
  const works = await handshake().catch(() => false) ?? !isBoringSsl();
  allowTransportTaps(works);
  return works;
}

function isBoringSsl(): boolean {
  return (process.features as { openssl_is_boringssl?: boolean }).openssl_is_boringssl === true;
}

/** One handshake through a tap on loopback, a word there and back, and the hello read. */
async function loopbackHandshake(): Promise<boolean | undefined> {
  const { cert, key } = createSelfSigned('warm-up.invalid', Date.now());
  const server = createServer({ cert, key }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.end(bytes));
  });
  server.on('tlsClientError', () => {});
  try {
    server.listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
  } catch {
    // Loopback may be forbidden here.
    return undefined;
  }
  try {
    return await echoes((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

async function echoes(port: number): Promise<boolean> {
  const below = connectTcp(port, '127.0.0.1');
  const tap = new TransportTap(below);
  const recording = new TlsRecording();
  tap.recording = recording;
  await once(below, 'connect');
  tap.carryTls();
  const decoder = new TlsDecoder();
  // Whom it is, nobody asks.
  const socket = connect({ socket: tap, rejectUnauthorized: false });
  socket.on('keylog', (line: Buffer) => decoder.addKey(line.toString('latin1')));
  try {
    const said = await echoed(socket);
    const names = decoder.decode(recording.take()).map(({ message }) => message.name);
    return said === word
      && (['client_hello', 'server_hello', 'finished'] as const).every((name) => names.includes(name));
  } finally {
    socket.destroy();
    below.destroy();
  }
}

const word = 'warm';

function echoed(socket: TLSSocket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const timer = setTimeout(resolve, patience, undefined);
    const end = (): void => {
      clearTimeout(timer);
      resolve(said);
    };
    socket.setEncoding('latin1').on('data', (text: string) => { said += text; });
    socket.on('error', end).once('end', end).once('close', end);
    socket.once('secureConnect', () => socket.write(word));
  });
}
