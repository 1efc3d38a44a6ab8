import type { Found } from './addressQuery.ts';
import type { Schedule } from './schedule.ts';

// The two questions about one name, A and AAAA.

/**
 * RFC 8305 §3: after addresses for A the answer for AAAA is waited for no longer than the
 * resolution delay. Late, it still becomes a step and is cached.
 */
export function withinResolutionDelay(
  a: Promise<Found>,
  aaaa: Promise<Found>,
  { schedule, resolutionDelay }: { readonly schedule: Schedule; readonly resolutionDelay: number },
): Promise<Found[]> {
  return new Promise((resolve, reject) => {
    let cancel = (): void => {};
    let complete = false;
    a.then((found) => {
      if (found.kind !== 'addresses' || complete) return;
      cancel = schedule(() => resolve([found]), resolutionDelay).cancel;
    }).catch(reject);
    Promise.all([a, aaaa]).then((found) => {
      complete = true;
      cancel();
      resolve(found);
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
