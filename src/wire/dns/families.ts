import type { Found } from './addressQuery.ts';
import type { Schedule } from './schedule.ts';

// The two questions about one name, A and AAAA.

/**
 * RFC 8305 §3: addresses for AAAA are gone by at once; after addresses for A the answer for AAAA is waited for no
 * longer than the resolution delay. The other family's answer comes as `more`; it becomes a step and is cached all the
 * same.
 */
export function withinResolutionDelay(
  a: Promise<Found>,
  aaaa: Promise<Found>,
  { schedule, resolutionDelay }: { readonly schedule: Schedule; readonly resolutionDelay: number },
): Promise<Found> {
  return new Promise((resolve, reject) => {
    let cancel = (): void => {};
    let hasA = false;
    let complete = false;
    a.then((found) => {
      hasA = true;
      if (found.kind !== 'addresses' || complete) return;
      cancel = schedule(() => resolve({ ...found, more: aaaa }), resolutionDelay).cancel;
    }).catch(reject);
    aaaa.then((found) => {
      if (found.kind !== 'addresses' || hasA) return;
      // Both answers may have come at once: one turn of the loop tells.
      setImmediate(() => {
        if (!hasA) resolve({ ...found, more: a });
      });
    }).catch(reject);
    Promise.all([a, aaaa]).then((found) => {
      complete = true;
      cancel();
      resolve(found.reduce(better));
    }, reject);
  });
}

/** Joins what two questions about one name came to: addresses, else what leaves most open. */
export function better(one: Found, other: Found): Found {
  if (one.kind === 'addresses' && other.kind === 'addresses') {
    return { kind: 'addresses', addresses: [...one.addresses, ...other.addresses] };
  }
  if (one.kind === 'failed' && other.kind === 'failed') {
    return {
      kind: 'failed',
      timedOut: one.timedOut && other.timedOut,
      reason: one.reason ?? other.reason,
    };
  }
  const order: readonly Found['kind'][] = ['addresses', 'failed', 'no-data', 'name-error'];
  return order.indexOf(one.kind) <= order.indexOf(other.kind) ? one : other;
}
