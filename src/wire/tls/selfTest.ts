import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { createLendingSocket } from '../tap/lentReads.ts';
import { allowCarriers, carrierOver, prepareCarriers } from '../tap/tlsCarrier.ts';
import type { TlsCarrier } from '../tap/tlsCarrier.ts';
import { allowTransportTaps, TransportTap } from '../tap/transportTap.ts';
import { TlsDecoder } from './decoder.ts';
import { TlsRecording } from './recording.ts';
import { createSelfSigned } from './selfSigned.ts';

/** At most so long for each way, ms; it takes about five. */
const patience = 400;

/**
 * Whether TLS works over a tap in this runtime: Electron has BoringSSL in OpenSSL's place, and Node's own tests of TLS
 * over a stream that is no socket are switched off there. Where it does not, no connection gets such a tap: then TLS is
 * spoken over the socket itself, and its messages are not seen. Where it does, but not over a carrier, the taps that
 * are streams do for all. Never rejects.
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
  const { port } = server.address() as AddressInfo;
  try {
    allowCarriers(true);
    prepareCarriers();
    const isCarried = await echoes(port, (below) => carrierOver(below, undefined)).catch(() => false);
    allowCarriers(isCarried);
    return isCarried || await echoes(port, tapOver);
  } finally {
    server.close();
  }
}

function tapOver(below: Socket): TransportTap {
  const tap = new TransportTap(below);
  tap.carryTls();
  return tap;
}

async function echoes(port: number, over: (below: Socket) => TransportTap | TlsCarrier | undefined): Promise<boolean> {
  const below = createLendingSocket().connect(port, '127.0.0.1');
  await once(below, 'connect');
  const tap = over(below);
  if (!tap) {
    below.destroy();
    return false;
  }
  const recording = new TlsRecording();
  tap.recording = recording;
  const decoder = new TlsDecoder();
  // Whom it is, nobody asks.
  const socket = connect({ socket: tap as Socket, rejectUnauthorized: false });
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
