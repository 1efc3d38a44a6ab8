import type { Refusal } from '../../trace/event.ts';
import type { Failure } from '../../trace/failure.ts';

/** Methods that may be sent twice (RFC 9110 §9.2.2, and QUERY). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY']);

/**
 * Whether a request on a kept connection may be sent once more on a new one, after a failure before
 * anything of a response came. The server may have closed the connection just as it was used again;
 * then an idempotent request may (RFC 9110 §9.2.2).
 */
export function mayBeSentAgain({ code }: Failure, method: string): boolean {
  return closures.has(code) && idempotent.has(method);
}

/**
 * That the server says it has not processed the request: then any may be sent once more (RFC 9113 §6.8, §8.7), or in
 * the version that it requires (§7).
 */
export function refusalOf({ code, detail }: Failure): Refusal | undefined {
  const isLeftOut = code === 'goaway' && Number(detail?.['lastStream']) < Number(detail?.['stream']);
  const error = code === 'stream-reset' || code === 'goaway' ? detail?.['code'] : undefined;
  if (error === 'HTTP_1_1_REQUIRED') return error;
  if (error === 'REFUSED_STREAM' && (code === 'stream-reset' || isLeftOut)) return error;
  return isLeftOut ? 'GOAWAY' : undefined;
}

const closures = new Set<Failure['code']>(['connection-closed', 'connection-reset', 'goaway']);
