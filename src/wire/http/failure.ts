import type { Failure, FailureCode, PhaseName } from '../../trace/failure.ts';
import { tlsFailure } from '../tls/failure.ts';

interface PlatformError extends Error {
  code?: string;
  reason?: string;
}

/**
 * What an error of a connection, of undici, `node:http` or `node:http2` means. `phase` is the step
 * that was under way, `headSeen` whether a response head had come, `trailerLimit` how many bytes may
 * follow its content. Classified by phase and family of code, since codes differ between versions of
 * Node and between TLS libraries.
 */
export function failureOf(error: Error, phase: PhaseName, headSeen: boolean, trailerLimit: number): Failure {
  const { code, message } = error as PlatformError;
  const ofTls = code?.startsWith('ERR_SSL_') ? tlsFailure(error, phase) : undefined;
  if (ofTls) return ofTls;
  const changed = code === 'ROUNDTRIP_BODY_CHANGED' ? changedBody(error as BodyChangedError) : undefined;
  if (changed) return { phase, ...changed };
  const [meaning, confidence] = meaningOf(error as PlatformError, headSeen);
  const detail = meaning === 'trailers-too-large' ? { detail: { limit: trailerLimit } } : {};
  return { phase, code: meaning, confidence, cause: { ...(code === undefined ? {} : { code }), message }, ...detail };
}

function meaningOf(error: PlatformError, headSeen: boolean): [FailureCode, Failure['confidence']] {
  const code = error.code ?? '';
  if (code === 'ROUNDTRIP_BODY_FILE') return ['body-file-unreadable', 'certain'];
  if (isClose(error)) return [headSeen ? 'response-truncated' : 'connection-closed', 'certain'];
  const ofTheNetwork = networkCodes.get(code);
  if (ofTheNetwork) return [ofTheNetwork, 'certain'];
  // The message ended where the framing says it must not.
  if (headSeen && isTruncation(error)) return ['response-truncated', 'certain'];
  if (overflows.has(code)) return [headSeen ? 'trailers-too-large' : 'response-head-too-large', 'certain'];
  const ofHttp2 = http2Codes.get(code);
  if (ofHttp2) return [ofHttp2, 'likely'];
  if (isMalformed(error)) return ['malformed-response', 'certain'];
  // HTTP allows it; `node:http2` can be told so from 24.15 on.
  if (code === 'ERR_HTTP2_HEADER_SINGLE_VALUE') return ['unsupported', 'certain'];
  if (refusals.test(code)) return ['invalid-request', 'certain'];
  return ['internal', 'guess'];
}

const networkCodes = new Map<string, FailureCode>([
  ['ECONNRESET', 'connection-reset'], ['EPIPE', 'connection-reset'],
  ['ECONNABORTED', 'connection-reset'], ['ETIMEDOUT', 'connection-reset'],
  ['EHOSTUNREACH', 'host-unreachable'], ['ENETUNREACH', 'network-unreachable'],
]);
/** What `node:http2` says of the peer, in codes like those about our own request. */
const http2Codes = new Map<string, FailureCode>([
  ['ERR_HTTP2_TOO_MANY_INVALID_FRAMES', 'malformed-response'], ['ERR_HTTP2_SESSION_ERROR', 'malformed-response'],
  ['ERR_HTTP2_STREAM_ERROR', 'malformed-response'], ['ERR_HTTP2_TOO_MANY_CUSTOM_SETTINGS', 'malformed-response'],
  ['ERR_HTTP2_GOAWAY_SESSION', 'connection-closed'], ['ERR_HTTP2_INVALID_SESSION', 'connection-closed'],
  ['ERR_HTTP2_STREAM_CANCEL', 'connection-closed'], ['ERR_HTTP2_INVALID_STREAM', 'connection-closed'],
]);
const truncations = new Set([
  'HPE_INVALID_EOF_STATE', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'ERR_STREAM_PREMATURE_CLOSE',
]);
const overflows = new Set(['UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW']);
const refusals = new RegExp(`^(?:${[
  'UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH',
  'ERR_INVALID_', 'ERR_HTTP_', 'ERR_HTTP2_', 'ERR_UNESCAPED_CHARACTERS',
].join('|')})`);

/** The peer ended the connection in order; `node:http` calls that ECONNRESET too. */
function isClose(error: PlatformError): boolean {
  if (error.code === 'UND_ERR_SOCKET') return /^(?:other side closed|closed)$/.test(error.message);
  return /^(?:socket hang up|aborted|the stream was closed)$/.test(error.message);
}

function isTruncation({ code, message }: PlatformError): boolean {
  return truncations.has(code ?? '') || message.includes('Invalid EOF state');
}

/** undici's parser gives no code, `node:http`'s one that begins with `HPE_`. */
function isMalformed({ code, name, message }: PlatformError): boolean {
  // RFC 9110 §15: a status code is from 100 on. undici asserts what it does not check.
  if (code === 'ERR_ASSERTION' && /\bstatusCode >= 100\b/.test(message)) return true;
  if (name === 'HTTPParserError' || code?.startsWith('HPE_') || code === 'ERR_HTTP2_ERROR') return true;
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return true;
  return code === 'UND_ERR_SOCKET' && /^bad (?:response|upgrade)$/.test(message);
}

/** A file of the request's body that cannot be read, found before anything was sent. */
export function unreadableBody(path: string, error: PlatformError): Failure {
  const cause = { ...(error.code === undefined ? {} : { code: error.code }), message: error.message };
  return { phase: 'blocked', code: 'body-file-unreadable', confidence: 'certain', cause, detail: { path } };
}

interface BodyChangedError extends Error {
  readonly path: string;
  readonly size: number;
  readonly found: number;
}

function changedBody({ path, size, found, message }: BodyChangedError): Omit<Failure, 'phase'> {
  return { code: 'body-file-changed', confidence: 'certain', cause: { message }, detail: { path, size, found } };
}
