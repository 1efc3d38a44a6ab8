import type { Exchange } from '../trace/exchange.ts';

/** Tells how long an exchange has run, between the events that arrive of it. */
interface Stopwatch {
  /**
   * ms since *Send*: the last event's time plus the time since this page got to know it, `now` being
   * the page's own clock in ms. It never runs ahead, as an event is known only after it happened, and
   * never backwards. Undefined when the exchange is over.
   */
  elapsed(exchange: Exchange, now: number): number | undefined;
}

/** A stopwatch for one exchange at a time; another exchange starts it anew. */
export function createStopwatch(): Stopwatch {
  let seen: { id: string; last: number; since: number; told: number } | undefined;
  return {
    elapsed: (exchange, now) => {
      if (exchange.endAt !== undefined) return undefined;
      const last = seenSoFar(exchange);
      if (seen?.id !== exchange.id) seen = { id: exchange.id, last, since: now, told: 0 };
      if (seen.last !== last) seen = { ...seen, last, since: now };
      seen.told = Math.max(seen.told, last + now - seen.since);
      return seen.told;
    },
  };
}

/** ms from *Send* to the last thing known of an exchange or of the connection made for it. */
export function seenSoFar({ events, startAt, reused, connection }: Exchange): number {
  const own = events.reduce((last, event) => Math.max(last, event.at), startAt);
  if (reused || !connection) return own - startAt;
  const { lookup, attempts, proxy, proxies = [proxy], tls } = connection;
  const spans = [lookup, ...proxies, tls, ...attempts].filter((span) => span !== undefined);
  return Math.max(own, ...spans.map((span) => span.endAt ?? span.startAt)) - startAt;
}
