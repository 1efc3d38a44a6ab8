import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerNames } from '../certificates/serverNames.ts';
import { monotonicNow } from '../clock.ts';
import type { RequestAccount } from '../messages.ts';
import { createSecureFront } from '../tls/secureFront.ts';
import type { LabConnection } from './connection.ts';
import type { HeldChunk, HttpServers, ServerLimits } from './httpServers.ts';
import { Tap } from './tap.ts';

/** Takes accepted TCP connections as far as HTTP. */
export interface Front {
  accept(socket: Socket, scheme: 'http' | 'https'): void;
  readonly openConnections: number;
  close(): void;
}

/** A connection on which nothing happens for this long is closed, in ms. */
const silence = 60_000;

/**
 * Counts connections from 1, and refuses those beyond the limit. `report` hears of those that end before HTTP. Without
 * `names` there is no TLS.
 */
export function createFront(
  servers: HttpServers, names: ServerNames | undefined, limits: ServerLimits,
  report: (account: RequestAccount) => void = () => {},
): Front {
  const open = new Map<Socket, LabConnection>();
  let accepted = 0;
  const secure = names && createSecureFront(names, limits.headTimeout, (socket, below) => {
    const connection = below ? open.get(below) : [...open.values()].find((one) =>
      one.peerPort === socket.remotePort && one.peerAddress === socket.remoteAddress
      && one.raw.localPort === socket.localPort);
    if (!connection) return void socket.destroy();
    speakSecurely(servers, connection, socket);
  }, (socket) => {
    const connection = open.get(socket);
    if (connection) report(alertAccount(connection, open.size));
  });
  return {
    get openConnections() { return open.size; },
    accept(socket, scheme) {
      socket.on('error', () => socket.destroy());
      // RFC 9293 §3.10: a peer that is already gone has no address any more.
      if (open.size >= limits.maxConnections || socket.remotePort === undefined) {
        return void socket.resetAndDestroy();
      }
      accepted += 1;
      const connection: LabConnection = {
        number: accepted, acceptedAt: monotonicNow(), scheme, raw: socket, tap: undefined,
        requests: 0, peerAddress: socket.remoteAddress ?? '', peerPort: socket.remotePort,
        responses: new Set(),
      };
      open.set(socket, connection);
      socket.on('close', () => open.delete(socket));
      if (scheme === 'https') secure?.(socket);
      else speakPlainly(servers, connection, limits);
    },
    close() {
      for (const socket of open.keys()) socket.destroy();
      servers.close();
    },
  };
}

/** No request tells its trace here: the connection is known by the client's port. */
function alertAccount({ number, peerPort, acceptedAt }: LabConnection, openConnections: number): RequestAccount {
  const server = 'lab';
  return { clientPort: peerPort, server, events: [
    { type: 'accepted', server, connection: number, openConnections, peerPort, request: 1, at: acceptedAt },
    { type: 'broken', at: monotonicNow(), fault: 'tls-alert' },
  ] };
}

function speakSecurely(servers: HttpServers, connection: LabConnection, socket: TLSSocket): void {
  socket.setTimeout(silence, () => socket.destroy());
  servers.speak(connection, new Tap(socket, connection.raw), socket.alpnProtocol === 'h2' ? '2' : '1');
}

/** RFC 9113 §3.4: what every HTTP/2 connection starts with, and no HTTP/1 request does. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/**
 * Without ALPN a client that knows HTTP/2 is spoken here shows it by its first bytes (RFC 9113
 * §3.3).
 */
function speakPlainly(servers: HttpServers, connection: LabConnection, limits: ServerLimits): void {
  const { raw } = connection;
  const held: HeldChunk[] = [];
  const tooLate = setTimeout(() => raw.destroy(), limits.headTimeout).unref();
  raw.setTimeout(silence, () => raw.destroy());
  raw.on('close', () => clearTimeout(tooLate));
  const look = (chunk: Buffer) => {
    held.push({ chunk, at: monotonicNow() });
    const start = Buffer.concat(held.map((one) => one.chunk)).subarray(0, preface.length);
    const isHttp2 = start.equals(preface);
    if (!isHttp2 && start.equals(preface.subarray(0, start.length))) return;
    clearTimeout(tooLate);
    raw.off('data', look);
    raw.off('end', giveUp);
    const tap = new Tap(raw);
    servers.speak(connection, tap, isHttp2 ? '2' : '1', held);
    for (const { chunk: bytes } of held) tap.push(bytes);
  };
  const giveUp = () => raw.destroy();
  raw.on('data', look);
  raw.on('end', giveUp);
}
