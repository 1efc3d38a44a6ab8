import { defaultTimeouts } from '../../trace/request.ts';
import type { RequestSpec, Timeouts } from '../../trace/request.ts';

/** The limits of a send, ms: 0 and absent take the default, Infinity is none. */
export function timeoutsOf({ options }: RequestSpec): Timeouts {
  const given = options.timeouts;
  if (!given) return defaultTimeouts;
  return {
    connect: given.connect || defaultTimeouts.connect,
    tls: given.tls || defaultTimeouts.tls,
    head: given.head || defaultTimeouts.head,
    idle: given.idle || defaultTimeouts.idle,
    total: given.total || defaultTimeouts.total,
    ...(given.dns ? { dns: given.dns } : {}),
  };
}
