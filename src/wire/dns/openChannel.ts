import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { DnsConnection } from '../../trace/dnsStep.ts';
import type { TrustAnchor } from '../../trace/request.ts';
import { shakeHands } from '../tls/handshake.ts';
import { trustFor } from '../tls/trust.ts';
import { rootsWish } from '../tls/wishes.ts';
import { lengthPrefixed, wholeMessage } from './exchange.ts';
import { http1Channel, http2Channel } from './httpsChannel.ts';
import { formatServer } from './query.ts';
import { cancelled, settled } from './secureChannel.ts';
import type { Said, SecureChannel } from './secureChannel.ts';
import type { SecureServer } from './secureServer.ts';

// One TLS connection to a name server, on which questions follow each other.

/** The server's certificate was not accepted; `connection` is what was seen of it. */
export class Refused extends Error {
  readonly connection: DnsConnection;

  constructor(reason: string, connection: DnsConnection) {
    super(`the certificate is not trusted: ${reason}`);
    this.connection = connection;
  }
}

interface ChannelOptions {
  readonly address: string;
  readonly trustAnchors?: readonly TrustAnchor[];
  readonly systemRoots?: boolean | undefined;
  /** Milliseconds for the handshake. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/**
 * Connects to a server and checks its certificate, without exception: whoever asks over TLS wants to know who answers
 * (RFC 8310 §5, strict). Rejects with what was wrong.
 */
export async function openChannel(server: SecureServer, options: ChannelOptions): Promise<SecureChannel> {
  const { now, signal, timeout, systemRoots } = options;
  const trust = trustFor(server.serverName, options.trustAnchors, rootsWish(systemRoots));
  const startAt = now();
  const below = await openSocket(options.address, server.port, signal);
  const connectedAt = now();
  // RFC 7858 has no protocol id of its own that servers would ask for.
  const alpn = server.transport === 'https' ? ['h2', 'http/1.1'] : [];
  const handshake = await shakeHands(below, { host: server.serverName, alpn, trust, timeout, verify: true, signal });
  if (!handshake.ok) throw new Error(handshake.failure.cause?.message ?? handshake.failure.code);
  const { socket, facts, at } = handshake;
  const connection: DnsConnection = {
    reused: false, peerAddress: formatServer({ address: options.address, port: server.port }), ...localPortOf(below),
    connectTime: connectedAt - startAt, tlsTime: at - connectedAt, serverName: server.serverName,
    version: facts.version, cipher: facts.cipher, ...(facts.alpn !== undefined && { alpn: facts.alpn }), tls: facts,
  };
  const refused = facts.nameError ?? facts.chainError;
  if (refused !== undefined) {
    socket.destroy();
    throw new Refused(refused, connection);
  }
  if (server.transport === 'tls') return dotChannel(socket, connection);
  return facts.alpn === 'h2' ? http2Channel(socket, server, connection) : http1Channel(socket, server, connection);
}

function localPortOf({ localPort }: Socket): Pick<DnsConnection, 'localPort'> {
  return localPort === undefined ? {} : { localPort };
}

function openSocket(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const abort = (): void => void socket.destroy(cancelled());
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    // It stays: a late error of a socket that is given up must not be uncaught.
    socket.on('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
  });
}

/** RFC 7858 §3.3, RFC 7766 §7: several queries may be under way, and answers come in any order, told apart by id. */
function dotChannel(socket: TLSSocket, facts: DnsConnection): SecureChannel {
  const waiting = new Map<number, (bytes: Buffer) => void>();
  const ended = new AbortController();
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let bytes = wholeMessage(received); bytes; bytes = wholeMessage(received)) {
      received = received.subarray(bytes.length + 2);
      if (bytes.length >= 2) waiting.get(bytes.readUInt16BE(0))?.(bytes);
    }
  });
  socket.once('close', () => ended.abort(new Error('the server closed the connection before it answered')));
  return {
    facts,
    isEnded: () => ended.signal.aborted,
    ask: (query, signal) => settled<Said>([signal, ended.signal], (resolve) => {
      const id = query.readUInt16BE(0);
      waiting.set(id, (bytes) => resolve({ bytes }));
      socket.write(lengthPrefixed(query));
      return () => void waiting.delete(id);
    }),
    close: () => void socket.destroy(),
    unref: () => void socket.unref(),
  };
}
