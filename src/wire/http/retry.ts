import type { Failure } from '../../trace/failure.ts';

/** Methods that may be sent twice (RFC 9110 §9.2.2, and QUERY). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY']);

/**
 * Whether a request on a kept connection may be sent once more on a new one, after a failure before
 * anything of a response came. The server may have closed the connection just as it was used again;
 * then an idempotent request may (RFC 9110 §9.2.2), and any that the server says it has not
 * processed (RFC 9113 §6.8, §8.7).
 */
export function mayBeSentAgain(failure: Failure, method: string): boolean {
  const { code, detail } = failure;
  if (detail?.['code'] === 'REFUSED_STREAM') return true;
  if (code === 'goaway' && Number(detail?.['lastStream']) < Number(detail?.['stream'])) return true;
  return closures.has(code) && idempotent.has(method);
}

const closures = new Set<Failure['code']>(['connection-closed', 'connection-reset', 'goaway']);
