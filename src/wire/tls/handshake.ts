import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, TLSSocket } from 'node:tls';
import type { ClientCertificateFacts, TlsFacts } from '../../trace/tls/facts.ts';
import type { Failure } from '../../trace/failure.ts';
import { TlsCarrier } from '../tap/tlsCarrier.ts';
import { causeOf } from '../tcp/errno.ts';
import { systemSchedule, type Schedule } from '../tcp/schedule.ts';
import { certificateFacts, certificatesSent, derOf, pathFacts } from './certificate.ts';
import { handshakeFailure } from './failure.ts';
import { readStaple } from './ocsp.ts';
import { certificationPath, isAnchored } from './path.ts';
import { resumedFacts, type TlsSession } from './session.ts';
import type { SendOptions } from '../../trace/request.ts';
import type { Trust } from './trust.ts';
import type { TlsWatch } from './watch.ts';

export interface HandshakeOptions {
  /** The name or address that the certificate must fit. */
  readonly host: string;
  readonly alpn: readonly string[];
  readonly trust: Trust;
  /** ms */
  readonly timeout: number;
  readonly verify: boolean;
  /** To be resumed, if the server still knows it. */
  readonly session?: TlsSession;
  /** Told of each session that the server offers to resume later, possibly before the handshake is over. */
  readonly onSession?: (ticket: Buffer) => void;
  /** What `trust.context` presents; its secret parts are not looked at. */
  readonly presents?: Pick<SendOptions, 'clientCertificate' | 'noClientCertificate'>;
  /** Sees what passes. */
  readonly watch?: TlsWatch;
  /** Told the connection's secrets, each as a line of an NSS key log. */
  readonly onSecret?: (line: Buffer) => void;
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
    let staple: Buffer | undefined;
    const socket = startTls(below, options);
    socket.once('OCSPResponse', (response: Buffer | null) => { staple = response ?? undefined; });
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
      finish({ ok: false, failure: options.watch?.judge(failure) ?? failure });
      socket.destroy();
      below.destroy();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    if (options.onSession) socket.on('session', options.onSession);
    if (options.onSecret) socket.on('keylog', options.onSecret);
    if (signal?.aborted) return cancel();
    // The listener stays, so that no later error is uncaught before the tap takes over.
    socket.on('error', (error) => fail(handshakeFailure(error)));
    socket.once('close', () => fail(closedFailure));
    socket.once('secureConnect', () => {
      const at = schedule.now();
      if (done) return;
      try {
        const facts = withStaple(readFacts(socket, options), staple);
        options.watch?.handshakeOver(facts.certificateChain);
        finish({ ok: true, socket, at, facts });
      } catch (error) {
        fail({ phase: 'tls', code: 'internal', confidence: 'certain', cause: causeOf(error) });
      }
    });
  });
}

function withStaple(facts: TlsFacts, response: Buffer | undefined): TlsFacts {
  const ocsp = response && readStaple(response, facts.certificateChain.slice(0, 2).map(({ pem }) => derOf(pem)));
  return ocsp ? { ...facts, ocsp } : facts;
}

/** Not among the declared methods. */
type SessionTaking = TLSSocket & { setSession(ticket: Buffer): void };
const takesSessions = typeof (TLSSocket.prototype as Partial<SessionTaking>).setSession === 'function';

function startTls(below: Socket, { alpn, host, trust, session, watch }: HandshakeOptions): TLSSocket {
  const servername = serverNameFor(host);
  const carrier = watch ? watch.over(below) : below;
  // Node reads a session twice, and that takes longer than all else here, unless it is given one while it waits.
  const waits = session && takesSessions && carrier instanceof TlsCarrier;
  if (waits) carrier.wait();
  const socket = connect({
    socket: carrier,
    secureContext: trust.context,
    // To show the chain of a server that is refused, the refusing is ours.
    rejectUnauthorized: false,
    // Node asks it only if the chain is trusted. We want both answers.
    checkServerIdentity: () => undefined,
    ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
    ...(servername === undefined ? {} : { servername }),
    ...(session && !waits ? { session: session.ticket } : {}),
    requestOCSP: true,
  });
  if (watch) {
    socket.on('keylog', watch.addKey);
    // As over a TCP socket: it ends when the server does.
    socket.allowHalfOpen = false;
  }
  if (waits) {
    (socket as SessionTaking).setSession(session.ticket);
    carrier.go();
  }
  return socket;
}

/** SAFETY rule 1: in the `secureConnect` listener and never later. */
function readFacts(socket: TLSSocket, options: HandshakeOptions): TlsFacts {
  const { alpn, host, session, verify } = options;
  const group = groupOf(socket);
  const serverName = serverNameFor(host);
  const resumed = socket.isSessionReused();
  const facts = {
    version: socket.getProtocol() ?? 'unknown',
    cipher: cipherOf(socket),
    ...(group === undefined ? {} : { group }),
    ...(serverName === undefined ? {} : { serverName }),
    alpnOffered: alpn,
    ...(socket.alpnProtocol ? { alpn: socket.alpnProtocol } : {}),
    resumed,
    verificationOff: !verify,
    clientCertificate: clientCertificateFacts(socket, options),
  };
  // A resumed session shows no certificate, and Node then calls it authorized whatever it was.
  if (resumed && session) return resumedFacts(facts, session.handshake, Date.now());
  return { ...facts, ...verdictOf(socket, options) };
}

type Verdict = Pick<TlsFacts, 'verified' | 'chainError' | 'nameError' | 'certificateChain'>;

function verdictOf(socket: TLSSocket, { host, trust, presents }: HandshakeOptions): Verdict {
  const name = host.replace(/\.$/, '');
  const nameError = checkServerIdentity(name, socket.getPeerCertificate())?.message;
  const sent = certificatesSent(socket);
  const path = certificationPath(sent, trust);
  // Node also trusts the authorities that come with a PKCS #12 of our own. Nobody said to.
  const isTrusted = socket.authorized
    && (presents?.clientCertificate?.pfx === undefined || isAnchored(path, trust));
  const chainError = isTrusted ? undefined : errorCode(socket.authorizationError ?? unknownIssuer);
  return {
    verified: chainError === undefined && nameError === undefined,
    ...(chainError === undefined ? {} : { chainError }),
    ...(nameError === undefined ? {} : { nameError }),
    certificateChain: pathFacts(path, sent, trust),
  };
}

const unknownIssuer = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';

/**
 * RFC 8446 §4.3.2, RFC 5246 §7.4.4: the algorithms that a CertificateRequest names tell that there was one; without
 * it, nothing is presented.
 */
function wasAsked(socket: TLSSocket): boolean {
  try {
    return (socket.getSharedSigalgs() as string[] | undefined ?? []).length > 0;
  } catch {
    // BoringSSL keeps no such list.
    return false;
  }
}

function clientCertificateFacts(socket: TLSSocket, { presents = {} }: HandshakeOptions): ClientCertificateFacts {
  const { clientCertificate, noClientCertificate = 'none' } = presents;
  const asked = wasAsked(socket);
  if (!clientCertificate) return { asked, presented: false, absent: noClientCertificate };
  const { label, from } = clientCertificate;
  const own = socket.getX509Certificate();
  if (!own) return { asked, presented: false, label, from };
  const { subject, issuer, validTo, fingerprint256 } = certificateFacts(own, false, undefined);
  return { asked, presented: asked, label, from, subject, issuer, validTo, fingerprint256 };
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

/** RSA key exchange has no group; for finite fields OpenSSL names none. Two are spelled as in the registry of IANA. */
function groupOf(socket: TLSSocket): string | undefined {
  type KeyInfo = { type?: string; name?: string; size?: number };
  const key = socket.getEphemeralKeyInfo() as KeyInfo | null;
  if (key?.name) return key.name.replace(/^X(25519|448)$/, 'x$1');
  return key?.type && key.size ? `${key.type} ${key.size}` : undefined;
}

const cancelledFailure: Failure = { phase: 'tls', code: 'cancelled', confidence: 'certain' };

const closedFailure: Failure = { phase: 'tls', code: 'connection-closed', confidence: 'certain' };

function timeoutFailure(limit: number): Failure {
  return { phase: 'tls', code: 'tls-timeout', confidence: 'certain', detail: { limit } };
}
