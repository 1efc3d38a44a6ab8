import type { Failure, PhaseName } from '../../trace/failure.ts';
import { causeOf, failureCodeOf } from '../tcp/errno.ts';
import { alertOf } from './alert.ts';

/**
 * OpenSSL's and BoringSSL's reasons (their codes differ between versions) for bytes that are no TLS
 * record: what a server that speaks plain HTTP answers to a ClientHello.
 */
const notTls =
  /wrong.version.number|packet.length.too.long|http.request|https.proxy.request|unknown.protocol/i;

/** A TLS library's error names its routine or has a code of its own kind. */
const ofTls = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** Why a handshake failed. */
export function handshakeFailure(error: Error): Failure {
  return tlsFailure(error, 'tls') ?? brokenOff(error);
}

/** RFC 8446 §6.2: alerts of a server about a client's certificate, or its absence. */
const aboutCertificates: ReadonlySet<string> = new Set([
  'bad_certificate', 'unsupported_certificate', 'certificate_revoked', 'certificate_expired', 'certificate_unknown',
  'unknown_ca', 'certificate_required',
]);

/**
 * What a TLS error on an established connection means, or undefined for an error that is not of TLS. `phase` is the one
 * the exchange was in; in TLS 1.3 a server looks at a client's certificate only after the client's last message (RFC
 * 8446 §4.4.2.4), so that its refusal comes late, and belongs to the handshake all the same.
 */
export function tlsFailure(error: Error, phase: PhaseName): Failure | undefined {
  const cause = causeOf(error);
  const alert = alertOf(cause);
  if (alert) {
    const code = alert.name === 'no_application_protocol' ? 'alpn-refused' : 'tls-alert';
    const detail: Record<string, string | number | boolean> = { alert: alert.name };
    if (alert.number !== undefined) detail['alertNumber'] = alert.number;
    const isLate = phase !== 'tls' && phase !== 'receive' && aboutCertificates.has(alert.name);
    if (isLate) return { phase: 'tls', cause, code, confidence: 'certain', detail: { ...detail, late: true } };
    return { phase, cause, code, confidence: 'certain', detail };
  }
  if (!ofTls.test(cause.code ?? '') && !/SSL routines/i.test(cause.message)) return undefined;
  if (phase === 'tls' && notTls.test(`${cause.code ?? ''} ${cause.message}`)) {
    return { phase, cause, code: 'tls-not-spoken', confidence: 'likely' };
  }
  return { phase, cause, code: 'tls-handshake', confidence: 'certain' };
}

/** Node reports the peer's orderly end as ECONNRESET too, but only a real reset names a system call. */
function brokenOff(error: Error): Failure {
  const cause = causeOf(error);
  if (cause.code === 'ECONNRESET' && (error as NodeJS.ErrnoException).syscall === undefined) {
    return { phase: 'tls', cause, code: 'connection-closed', confidence: 'certain' };
  }
  const code = failureCodeOf(cause.code);
  return { phase: 'tls', cause, code: code ?? 'tls-handshake', confidence: code ? 'certain' : 'guess' };
}
