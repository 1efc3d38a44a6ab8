import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionEvent } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { recordConnection } from '../trace/recordConnection.ts';
import type { Client, Listener } from '../wire/client.ts';

/** ms: what is still not known then is not shown. */
const patience = 1000;

/** What becomes known of connections after the exchanges on them: the kernel's figures, the link, the peer's name. */
export interface Late {
  /** Hears everything, and tells it on. */
  listening(inner: Listener): Listener;
  /** The exchanges with what was heard, once everything asked is answered or a second is over. */
  completed(exchanges: readonly Exchange[], client: Client): Promise<readonly Exchange[]>;
}

/** Listens for a whole run: a connection may be used by several of its exchanges. */
export function createLate(): Late {
  const heard = new Map<string, ConnectionEvent[]>();
  return {
    listening: (inner) => ({
      onExchange: (update) => inner.onExchange(update),
      onConnection(update) {
        const { connectionId, events } = update;
        const known = heard.get(connectionId);
        if (known) known.push(...events);
        else heard.set(connectionId, [...events]);
        inner.onConnection(update);
      },
    }),
    async completed(exchanges, client) {
      const controller = new AbortController();
      const over = sleep(patience, undefined, { signal: controller.signal }).catch(() => undefined);
      await Promise.race([client.settled(), over]);
      controller.abort();
      return exchanges.map((exchange) => withHeard(exchange, heard));
    },
  };
}

function withHeard(exchange: Exchange, heard: ReadonlyMap<string, readonly ConnectionEvent[]>): Exchange {
  const { connection } = exchange;
  const events = connection && heard.get(connection.id);
  return connection && events ? { ...exchange, connection: recordConnection(connection.id, events) } : exchange;
}
