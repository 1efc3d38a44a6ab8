import type { Failure } from '../../trace/failure.ts';
import { UnusableClientCertificate } from './clientCertificate.ts';
import { UnwritableKeyLog } from './keyLog.ts';
import { InvalidTrustAnchor } from './trust.ts';
import { InvalidCiphers, InvalidVersions } from './wishes.ts';

/** Why there is no TLS context for a connection; throws on what nobody expects. */
export function contextFailure(error: unknown): Failure {
  const failure = { phase: 'blocked', confidence: 'certain' } as const;
  const cause = { message: error instanceof Error ? error.message : String(error) };
  if (error instanceof InvalidTrustAnchor) {
    return { ...failure, phase: 'tls', code: 'invalid-request', cause, detail: { trustAnchor: error.label } };
  }
  if (error instanceof UnusableClientCertificate) {
    const { problem, certificate: { label, from } } = error;
    const told = error.cause instanceof Error ? { cause } : {};
    return { ...failure, code: 'client-certificate', ...told, detail: { problem, clientCertificate: label, from } };
  }
  if (error instanceof InvalidCiphers) {
    return { ...failure, code: 'invalid-request', cause, detail: { part: 'ciphers' } };
  }
  if (error instanceof InvalidVersions) {
    return { ...failure, code: 'invalid-request', cause, detail: { part: 'tls-versions' } };
  }
  if (error instanceof UnwritableKeyLog) {
    return { ...failure, code: 'invalid-request', cause, detail: { part: 'key-log', path: error.path } };
  }
  throw error;
}
