import type { Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { Identity, ServerNames } from '../certificates/serverNames.ts';
import { alertFor, sendAlert } from '../faults/tlsAlerts.ts';
import { readGreeting } from './clientHello.ts';
import { LingeringSocket, spareWritesBehindEnd } from './lingering.ts';
import { readPlainHead, refusePlain } from './plainHttp.ts';
import type { PlainRequest } from './plainHttp.ts';

/** Takes a connection from its first byte. */
type Accept = (socket: Socket) => void;

/** TLS is spoken; `below` is the connection where `socket` itself cannot tell its ports. */
type OnSecure = (socket: TLSSocket, below?: Socket) => void;

/** Why there is no TLS on a connection, by whose doing. */
export interface NoTls {
  readonly by: 'client' | 'server';
  readonly reason: 'slow' | 'tls' | 'ended' | 'reset';
  readonly code?: string;
}

/** What is heard of connections on which TLS does not come about. */
export interface Hearing {
  /** A client asked for a name under which TLS is refused, by this alert. */
  onAlert?(socket: Socket, alert: string): void;
  /** A request came in the clear, and was answered in so many bytes. */
  onPlain?(socket: Socket, request: PlainRequest, bodySize: number): void;
  /** Without a socket where it is not known any more. */
  onFailure?(socket: Socket | undefined, failure: NoTls): void;
}

/**
 * TLS on connections that somebody else accepted; identity by SNI, HTTP version by ALPN out of `protocols`. `timeout`
 * in ms.
 */
export function createSecureFront(
  names: ServerNames, timeout: number, onSecure: OnSecure, hearing: Hearing = {},
  protocols = ['h2', 'http/1.1'],
): Accept {
  const fronts = new Map<string, Promise<Accept>>();
  const frontFor = (name: string): Promise<Accept> => {
    const front = fronts.get(name) ?? names.identity(name).then((identity) =>
      frontOf({ identity, timeout, protocols, hearing }, onSecure));
    fronts.set(name, front);
    return front;
  };
  return (socket) => greet(socket, timeout, hearing, (serverName) => {
    const alert = alertFor(serverName);
    if (alert !== undefined) {
      hearing.onAlert?.(socket, alert);
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
  readonly hearing: Hearing;
}

/** Who may refuse a client after the handshake's last message must see to it that the client hears of it. */
function frontOf(manner: Manner, onSecure: OnSecure): Accept {
  if (manner.identity.clientAuthority !== undefined) {
    return (socket) => {
      const server = createTls(manner, (secured) => {
        spareWritesBehindEnd(secured);
        onSecure(secured, socket);
      }, () => socket);
      server.emit('connection', new LingeringSocket(socket));
    };
  }
  const server = createTls(manner, (secured) => {
    secured.allowHalfOpen = true;
    onSecure(secured);
  }, carrierOf);
  return (socket) => {
    // Who ends a connection in the middle of a handshake gives it up; half of one is of use for HTTP only.
    socket.allowHalfOpen = false;
    server.emit('connection', socket);
  };
}

/** A TLS socket must not be asked for its ports once it failed; what it was made of is not part of Node's interface. */
function carrierOf(socket: TLSSocket): Socket | undefined {
  return (socket as unknown as { _parent?: Socket })._parent;
}

function createTls(
  { identity, timeout, protocols, hearing }: Manner, onSecure: OnSecure,
  carrier: (socket: TLSSocket) => Socket | undefined,
): Server {
  const { certificate, maxVersion, ciphers, clientAuthority, staple } = identity;
  const server = createServer({
    cert: certificate.chain, key: certificate.key, minVersion: 'TLSv1.2', handshakeTimeout: timeout,
    ALPNProtocols: protocols,
    ...(maxVersion ? { maxVersion } : {}),
    ...(ciphers ? { ciphers } : {}),
    ...(clientAuthority ? { ca: clientAuthority, requestCert: true, rejectUnauthorized: true } : {}),
  });
  server.on('secureConnection', (socket) => onSecure(socket));
  server.on('tlsClientError', (error, socket) => {
    hearing.onFailure?.(carrier(socket), refusalOf(socket) ?? whyNoTls(error));
    socket.destroy();
  });
  if (staple) {
    server.on('OCSPRequest', (_certificate, _issuer, done) => done(null, staple(Date.now())));
  }
  return server;
}

/**
 * A certificate of the client's that nobody vouches for, RFC 8446 §4.4.2.4. Node looks at it when the handshake is over,
 * and closes without an alert.
 */
function refusalOf({ authorizationError }: TLSSocket): NoTls | undefined {
  // Declared as an error, it is OpenSSL's name of one.
  const code: unknown = authorizationError;
  return typeof code === 'string' ? { by: 'server', reason: 'tls', code } : undefined;
}

/** OpenSSL's name of an error says ALERT where the client sent one (RFC 8446 §6). */
function whyNoTls({ code = '', syscall }: NodeJS.ErrnoException): NoTls {
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return { by: 'server', reason: 'slow', code };
  // Node has the same code for a connection that ends in the middle, which no call of the system failed for.
  if (code === 'ECONNRESET') return { by: 'client', reason: syscall === undefined ? 'ended' : 'reset' };
  return { by: code.includes('ALERT') ? 'client' : 'server', reason: 'tls', ...(code === '' ? {} : { code }) };
}

/** Waits for the ClientHello, puts it back for TLS to read, and tells whom it is for. */
function greet(
  socket: Socket, timeout: number, { onFailure, onPlain }: Hearing, done: (serverName: string | undefined) => void,
): void {
  let bytes = Buffer.alloc(0);
  const tooLate = setTimeout(() => {
    onFailure?.(socket, { by: 'server', reason: 'slow' });
    socket.destroy();
  }, timeout).unref();
  const look = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const plain = readPlainHead(bytes);
    if (plain === 'more') return;
    if (plain) {
      leave();
      return onPlain?.(socket, plain, refusePlain(socket, plain));
    }
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
