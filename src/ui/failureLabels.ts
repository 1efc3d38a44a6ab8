import * as vscode from 'vscode';
import type { FailureCode } from '../trace/failure.ts';

/** A failure in two or three words, for beside a request. */
export function failureLabel(code: FailureCode): string {
  return labels[code]();
}

/** The same for a request that was kept back, because it cannot be sent as it is written. */
export function notSentLabel(): string {
  return vscode.l10n.t('not sent');
}

const labels: Readonly<Record<FailureCode, () => string>> = {
  'invalid-request': () => vscode.l10n.t('invalid request'),
  'body-file-unreadable': () => vscode.l10n.t('body file unreadable'),
  'body-file-changed': () => vscode.l10n.t('body file changed'),
  'unsupported': () => vscode.l10n.t('not supported'),
  'name-not-found': () => vscode.l10n.t('name not found'),
  'name-without-address': () => vscode.l10n.t('name has no address'),
  'name-server-failed': () => vscode.l10n.t('name server failed'),
  'name-timeout': () => vscode.l10n.t('name lookup timed out'),
  'connection-refused': () => vscode.l10n.t('refused'),
  'host-unreachable': () => vscode.l10n.t('host unreachable'),
  'network-unreachable': () => vscode.l10n.t('network unreachable'),
  'connect-timeout': () => vscode.l10n.t('connecting timed out'),
  'address-unavailable': () => vscode.l10n.t('address unavailable'),
  'permission-denied': () => vscode.l10n.t('permission denied'),
  'proxy-refused': () => vscode.l10n.t('refused by the proxy'),
  'proxy-malformed': () => vscode.l10n.t('proxy answered wrongly'),
  'certificate-expired': () => vscode.l10n.t('certificate expired'),
  'certificate-not-yet-valid': () => vscode.l10n.t('certificate not yet valid'),
  'certificate-self-signed': () => vscode.l10n.t('certificate self-signed'),
  'certificate-untrusted': () => vscode.l10n.t('certificate not trusted'),
  'certificate-name-mismatch': () => vscode.l10n.t('certificate for another name'),
  'certificate-invalid': () => vscode.l10n.t('certificate invalid'),
  'client-certificate': () => vscode.l10n.t('client certificate unusable'),
  'tls-not-spoken': () => vscode.l10n.t('no TLS spoken there'),
  'tls-alert': () => vscode.l10n.t('TLS alert'),
  'tls-handshake': () => vscode.l10n.t('TLS handshake failed'),
  'tls-timeout': () => vscode.l10n.t('TLS handshake timed out'),
  'alpn-refused': () => vscode.l10n.t('no common protocol'),
  'connection-reset': () => vscode.l10n.t('connection reset'),
  'connection-closed': () => vscode.l10n.t('connection closed'),
  'malformed-response': () => vscode.l10n.t('malformed response'),
  'response-head-too-large': () => vscode.l10n.t('response head too large'),
  'trailers-too-large': () => vscode.l10n.t('trailers too large'),
  'response-truncated': () => vscode.l10n.t('response cut short'),
  'head-timeout': () => vscode.l10n.t('no answer in time'),
  'idle-timeout': () => vscode.l10n.t('response stalled'),
  'stream-reset': () => vscode.l10n.t('stream reset'),
  'web-socket-refused': () => vscode.l10n.t('no WebSocket'),
  'web-socket-handshake': () => vscode.l10n.t('WebSocket handshake failed'),
  'web-socket-protocol': () => vscode.l10n.t('WebSocket rules broken'),
  'web-socket-broken': () => vscode.l10n.t('WebSocket broke off'),
  'goaway': () => vscode.l10n.t('server going away'),
  'decoding-failed': () => vscode.l10n.t('content cannot be decoded'),
  'content-too-large': () => vscode.l10n.t('content too large'),
  'content-not-stored': () => vscode.l10n.t('content not stored'),
  'too-many-redirects': () => vscode.l10n.t('too many redirects'),
  'redirect-invalid': () => vscode.l10n.t('invalid redirect'),
  'total-timeout': () => vscode.l10n.t('timed out'),
  'cancelled': () => vscode.l10n.t('cancelled'),
  'engine-ended': () => vscode.l10n.t('engine ended'),
  'internal': () => vscode.l10n.t('internal error'),
};
