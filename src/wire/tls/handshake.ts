import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';
import { causeOf } from '../tcp/errno.ts';
import { systemSchedule, type Schedule } from '../tcp/schedule.ts';
import { certificateChain } from './certificate.ts';
import { handshakeFailure } from './failure.ts';
import type { Trust } from './trust.ts';

export interface HandshakeOptions {
  /** The name or address that the certificate must fit. */
  readonly host: string;
  readonly alpn: readonly string[];
  readonly trust: Trust;
  /** ms */
  readonly timeout: number;
  readonly verify: boolean;
  readonly signal?: AbortSignal;
  readonly schedule?: Schedule;
}

export type Handshake =
  | { readonly ok: true; readonly socket: TLSSocket; readonly facts: TlsFacts; readonly at: number }
  | { readonly ok: false; readonly failure: Failure };

/** RFC 6066 §3: SNI holds a name without a trailing dot, and no address. */
export function serverNameFor(host: string): string | undefined {
  const name = host.replace(/\.$/, '');
  return isIP(name) === 0 && name !== '' ? name : undefined;
}

/**
 * A TLS handshake over a connected socket. It is ok when the handshake ended, whatever the certificate is
 * worth: `facts` say so, and the caller decides. On failure the socket is destroyed. Never rejects.
 */
export function shakeHands(below: Socket, options: HandshakeOptions): Promise<Handshake> {
  const { schedule = systemSchedule, signal, timeout } = options;
  return new Promise((resolve) => {
    let done = false;
    const socket = startTls(below, options);
    const stopTimeout = schedule.after(timeout, () => fail(timeoutFailure(timeout)));
    const cancel = (): void => fail(cancelledFailure);
    const finish = (handshake: Handshake): void => {
      if (done) return;
      done = true;
      stopTimeout();
      signal?.removeEventListener('abort', cancel);
      resolve(handshake);
    };
    const fail = (failure: Failure): void => {
      finish({ ok: false, failure });
      socket.destroy();
      below.destroy();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) return cancel();
    // The listener stays, so that no later error is uncaught before the tap takes over.
    socket.on('error', (error) => fail(handshakeFailure(error)));
    socket.once('close', () => fail(closedFailure));
    socket.once('secureConnect', () => {
      const at = schedule.now();
      if (done) return;
      try {
        finish({ ok: true, socket, at, facts: readFacts(socket, options) });
      } catch (error) {
        fail({ phase: 'tls', code: 'internal', confidence: 'certain', cause: causeOf(error) });
      }
    });
  });
}

function startTls(socket: Socket, { alpn, host, trust }: HandshakeOptions): TLSSocket {
  const servername = serverNameFor(host);
  return connect({
    socket,
    secureContext: trust.context,
    // To show the chain of a server that is refused, the refusing is ours.
    rejectUnauthorized: false,
    // Node asks it only if the chain is trusted. We want both answers.
    checkServerIdentity: () => undefined,
    ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
    ...(servername === undefined ? {} : { servername }),
  });
}

/** SAFETY rule 1: in the `secureConnect` listener and never later. */
function readFacts(socket: TLSSocket, { alpn, host, trust, verify }: HandshakeOptions): TlsFacts {
  const chainError = socket.authorized ? undefined : errorCode(socket.authorizationError);
  const name = host.replace(/\.$/, '');
  const nameError = checkServerIdentity(name, socket.getPeerCertificate())?.message;
  const chain = certificateChain(socket, trust.sourceOf);
  const group = groupOf(socket);
  const serverName = serverNameFor(host);
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: cipherOf(socket),
    ...(group === undefined ? {} : { group }),
    ...(serverName === undefined ? {} : { serverName }),
    alpnOffered: alpn,
    ...(socket.alpnProtocol ? { alpn: socket.alpnProtocol } : {}),
    resumed: socket.isSessionReused(),
    verified: chainError === undefined && nameError === undefined,
    verificationOff: !verify,
    ...(chainError === undefined ? {} : { chainError }),
    ...(nameError === undefined ? {} : { nameError }),
    certificateChain: chain,
  };
}

/** Node declares an Error and gives its code as a string. */
function errorCode(error: unknown): string {
  if (typeof error === 'string') return error;
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  return code ?? message ?? 'unknown';
}

/** The IANA name (`TLS_AES_256_GCM_SHA384`); where there is none, OpenSSL's own. */
function cipherOf(socket: TLSSocket): string {
  const { name, standardName } = socket.getCipher();
  return standardName || name;
}

/** RSA key exchange has no group; for finite fields OpenSSL names none. */
function groupOf(socket: TLSSocket): string | undefined {
  type KeyInfo = { type?: string; name?: string; size?: number };
  const key = socket.getEphemeralKeyInfo() as KeyInfo | null;
  if (key?.name) return key.name;
  return key?.type && key.size ? `${key.type} ${key.size}` : undefined;
}

const cancelledFailure: Failure = { phase: 'tls', code: 'cancelled', confidence: 'certain' };

const closedFailure: Failure = { phase: 'tls', code: 'connection-closed', confidence: 'certain' };

function timeoutFailure(limit: number): Failure {
  return { phase: 'tls', code: 'tls-timeout', confidence: 'certain', detail: { limit } };
}
