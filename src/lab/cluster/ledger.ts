import { monotonicNow } from '../clock.ts';
import { acceptedIn, visitOf } from '../http/account.ts';
import type { Ending } from '../http/connection.ts';
import type { RequestAccount, ServerEvent } from '../messages.ts';

/** What the primary knows of a worker's connections and requests: it tells how they end when the worker cannot. */
export interface Ledger {
  /** A connection was handed over, whose client has this port. */
  handed(clientPort: number): void;
  /** It was closed. */
  closed(clientPort: number): void;
  underWay(accounts: readonly RequestAccount[]): void;
  /** The worker told this itself. */
  told(account: RequestAccount): void;
  /** The worker is gone: what is to be told of everything that was open. */
  end(how: ProcessEnding): readonly RequestAccount[];
}

export interface ProcessEnding extends Ending {
  readonly pid?: number;
}

/** `server` is the worker's name. */
export function createLedger(server: string): Ledger {
  const requests = new Map<string, RequestAccount>();
  /** By the client's port, with the latest request that was told of. */
  const connections = new Map<number, RequestAccount | undefined>();
  return {
    handed: (clientPort) => void connections.set(clientPort, undefined),
    closed: (clientPort) => void connections.delete(clientPort),
    underWay(accounts) {
      for (const account of accounts) {
        const accepted = acceptedIn(account.events);
        if (accepted) requests.set(visitOf(accepted), account);
      }
    },
    told(account) {
      const accepted = acceptedIn(account.events);
      if (!accepted) return;
      requests.delete(visitOf(accepted));
      if (connections.has(accepted.peerPort)) connections.set(accepted.peerPort, account);
    },
    end(how) {
      const at = monotonicNow();
      const ended = [...requests.values()].map((account) => cutOff(account, how, at));
      for (const account of requests.values()) connections.delete(acceptedIn(account.events)?.peerPort ?? 0);
      const others = [...connections].map(([clientPort, last]): RequestAccount => last ? closing(last, how, at)
        : { clientPort, server, events: [{ type: 'closed', at, ...how }] });
      return [...ended, ...others];
    },
  };
}

/** The request and its connection end together; where the process died, that is told as of `/faults/exit`. */
function cutOff(account: RequestAccount, how: ProcessEnding, at: number): RequestAccount {
  const died: ServerEvent[] = how.reason === 'died' ? [{ type: 'broken', at, fault: 'exit' }] : [];
  return { ...account, events: [...account.events, ...died, closedEvent(account, how, at)] };
}

/** Goes on with what was told of the connection's latest request. */
function closing(account: RequestAccount, how: ProcessEnding, at: number): RequestAccount {
  const accepted = acceptedIn(account.events);
  return { ...account, ...(accepted ? { visit: visitOf(accepted) } : {}), events: [closedEvent(account, how, at)] };
}

function closedEvent(account: RequestAccount, how: ProcessEnding, at: number): ServerEvent {
  const accepted = acceptedIn(account.events);
  return { type: 'closed', at, ...how, ...(accepted ? { requests: accepted.request } : {}) };
}
