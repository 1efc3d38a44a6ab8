import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { Identity, ServerNames } from '../certificates/serverNames.ts';
import { alertFor, sendAlert } from '../faults/tlsAlerts.ts';
import { readGreeting } from './clientHello.ts';
import { LingeringSocket } from './lingering.ts';

/** Takes a connection from its first byte. */
type Accept = (socket: Socket) => void;

/** TLS is spoken; `below` is the connection where `socket` itself cannot tell its ports. */
type OnSecure = (socket: TLSSocket, below?: Socket) => void;

/** A client asked for a name under which TLS is refused, by this alert. */
type OnAlert = (socket: Socket, alert: string) => void;

/**
 * TLS on connections that somebody else accepted; identity by SNI, HTTP version by ALPN out of `protocols`. `timeout`
 * in ms.
 */
export function createSecureFront(
  names: ServerNames, timeout: number, onSecure: OnSecure, onAlert?: OnAlert, protocols = ['h2', 'http/1.1'],
): Accept {
  const fronts = new Map<string, Promise<Accept>>();
  const frontFor = (name: string): Promise<Accept> => {
    const front = fronts.get(name) ?? names.identity(name).then((identity) =>
      frontOf({ identity, timeout, protocols }, onSecure));
    fronts.set(name, front);
    return front;
  };
  return (socket) => greet(socket, timeout, (serverName) => {
    const alert = alertFor(serverName);
    if (alert !== undefined) {
      onAlert?.(socket, alert);
      return sendAlert(socket, alert);
    }
    frontFor(names.nameFor(serverName)).then((accept) => {
      if (!socket.destroyed) accept(socket);
    }, () => socket.destroy());
  });
}

interface Manner {
  readonly identity: Identity;
  readonly timeout: number;
  readonly protocols: string[];
}

/** Who may refuse a client after the handshake's last message must see to it that the client hears of it. */
function frontOf(manner: Manner, onSecure: OnSecure): Accept {
  if (manner.identity.clientAuthority !== undefined) {
    return (socket) => {
      const server = createTls(manner, (secured) => onSecure(secured, socket));
      server.emit('connection', new LingeringSocket(socket));
    };
  }
  const server = createTls(manner, onSecure);
  return (socket) => void server.emit('connection', socket);
}

function createTls({ identity, timeout, protocols }: Manner, onSecure: OnSecure): Server {
  const { certificate, maxVersion, ciphers, clientAuthority, staple } = identity;
  const server = createServer({
    cert: certificate.chain, key: certificate.key, minVersion: 'TLSv1.2', handshakeTimeout: timeout,
    ALPNProtocols: protocols,
    ...(maxVersion ? { maxVersion } : {}),
    ...(ciphers ? { ciphers } : {}),
    ...(clientAuthority ? { ca: clientAuthority, requestCert: true, rejectUnauthorized: true } : {}),
  });
  server.on('secureConnection', (socket) => onSecure(socket));
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  if (staple) {
    server.on('OCSPRequest', (_certificate, _issuer, done) => done(null, staple(Date.now())));
  }
  return server;
}

/** Waits for the ClientHello, puts it back for TLS to read, and tells whom it is for. */
function greet(socket: Socket, timeout: number, done: (serverName: string | undefined) => void): void {
  let bytes = Buffer.alloc(0);
  const tooLate = setTimeout(() => socket.destroy(), timeout).unref();
  const look = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const greeting = readGreeting(bytes);
    if (!greeting.complete) return;
    leave();
    socket.pause();
    socket.unshift(bytes);
    done(greeting.serverName);
  };
  const giveUp = (): void => void socket.destroy();
  const leave = (): void => {
    clearTimeout(tooLate);
    socket.off('data', look);
    socket.off('end', giveUp);
    socket.off('close', leave);
  };
  socket.on('data', look);
  socket.on('end', giveUp);
  socket.on('close', leave);
}
