import { takeFailures } from '../http/doorway.ts';
import type { Doorway } from '../http/doorway.ts';
import type { RequestAccount } from '../messages.ts';

/** Where the connections come in that workers serve: who listens and who tells are two processes. */
export interface Doorways {
  add(doorway: Doorway): void;
  /** A worker's account, with the connections that could not be accepted before, of which nobody was told yet. */
  complete(account: RequestAccount): RequestAccount;
}

export function createDoorways(): Doorways {
  const known = new Set<Doorway>();
  return {
    add(doorway) {
      if (known.has(doorway)) return;
      for (const one of known) if (one.isClosing) known.delete(one);
      known.add(doorway);
    },
    complete(account) {
      for (const doorway of known) {
        if (doorway.failures.length === 0 || !isFirstThere(account, doorway)) continue;
        return { ...account, events: [...takeFailures(doorway), ...account.events] };
      }
      return account;
    },
  };
}

/** The first request of a connection that came in there. */
function isFirstThere({ events }: RequestAccount, { listening: { address, port } }: Doorway): boolean {
  return events.some((event) => event.type === 'listening' && event.address === address && event.port === port)
    && events.some(({ type }) => type === 'head-parsed');
}
