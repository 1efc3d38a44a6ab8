import type { Failure, FailureCode, PhaseName } from '../../trace/failure.ts';

/**
 * What an operating system's error means for a connection. Ordered: when several attempts failed
 * differently, the first of these tells most, since it came from furthest along the way.
 */
const codes = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  EPIPE: 'connection-closed',
  ENOTCONN: 'connection-closed',
  ERR_STREAM_PREMATURE_CLOSE: 'connection-closed',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'host-unreachable',
  EHOSTDOWN: 'host-unreachable',
  ENETUNREACH: 'network-unreachable',
  ENETDOWN: 'network-unreachable',
  ENONET: 'network-unreachable',
  EADDRNOTAVAIL: 'address-unavailable',
  EADDRINUSE: 'address-unavailable',
  EAFNOSUPPORT: 'address-unavailable',
  EINVAL: 'address-unavailable',
} satisfies Record<string, FailureCode>;

const order = Object.keys(codes);

/** The `code` of a system or Node error, of an AggregateError the most telling one of its errors. */
export function errorCodeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(errorCodeOf).toSorted(byWeight)[0];
  }
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Sorts error codes so that the most telling comes first; unknown ones come last. */
export function byWeight(a: string | undefined, b: string | undefined): number {
  return weightOf(a) - weightOf(b);
}

function weightOf(code: string | undefined): number {
  const index = order.indexOf(code ?? '');
  return index < 0 ? order.length : index;
}

/** The failure code for an error code, or undefined for one that the table does not know. */
export function failureCodeOf(code: string | undefined): FailureCode | undefined {
  if (code === undefined || !Object.hasOwn(codes, code)) return undefined;
  return codes[code as keyof typeof codes];
}

/**
 * A socket's error in `phase` as a failure: `fallback` when the code is unknown, which makes it a guess.
 */
export function socketFailure(error: unknown, phase: PhaseName, fallback: FailureCode): Failure {
  const code = errorCodeOf(error);
  const known = failureCodeOf(code);
  return {
    phase,
    code: known ?? fallback,
    confidence: known ? 'certain' : 'guess',
    cause: causeOf(error),
  };
}

/** The error underneath, as the platform said it. */
export function causeOf(error: unknown): { code?: string; message: string } {
  const code = errorCodeOf(error);
  const message = error instanceof Error ? messageOf(error) : String(error);
  return code === undefined ? { message } : { code, message };
}

function messageOf(error: Error): string {
  if (error.message) return error.message;
  if (!(error instanceof AggregateError)) return error.name;
  return error.errors.map((each) => causeOf(each).message).join('; ');
}
