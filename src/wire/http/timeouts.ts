import { defaultTimeouts } from '../../trace/request.ts';
import type { LookupLimits, RequestSpec, Timeouts } from '../../trace/request.ts';

/** How long a send may take, and how far its name lookup and its connections may go. */
export interface SendLimits extends Timeouts {
  readonly lookup?: Partial<LookupLimits>;
}

/** The limits of a send, ms: 0 and absent take the default, Infinity is none. */
export function timeoutsOf({ options }: RequestSpec): SendLimits {
  const { timeouts: given, lookupLimits: lookup } = options;
  if (!given && !lookup) return defaultTimeouts;
  return {
    connect: given?.connect || defaultTimeouts.connect,
    tls: given?.tls || defaultTimeouts.tls,
    head: given?.head || defaultTimeouts.head,
    idle: given?.idle || defaultTimeouts.idle,
    total: given?.total || defaultTimeouts.total,
    ...(given?.dns ? { dns: given.dns } : {}),
    ...(lookup ? { lookup } : {}),
  };
}
