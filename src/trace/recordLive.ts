import { assertNever } from './assertNever.ts';
import type { ExchangeEvent } from './event.ts';
import type { Exchange } from './exchange.ts';
import type { Mutable } from './mutable.ts';
import { counted, noMessages } from './webSocket.ts';
import type { TimedWebSocketMessage } from './webSocket.ts';

type LiveEvent = Extract<ExchangeEvent, {
  type: 'continue-awaited' | 'reconnecting' | 'switched' | 'web-socket-open' | 'web-socket-message' | 'web-socket-end'
    | 'graphql-errors' | 'graphql-unread';
}>;

/** Adds an event of what goes beyond one request and one response to an exchange that is being recorded. */
export function applyLive(exchange: Mutable<Exchange>, event: LiveEvent): void {
  switch (event.type) {
    case 'continue-awaited': {
      const { startAt, at: endAt, outcome } = event;
      if (exchange.request) exchange.request = { ...exchange.request, continueWait: { startAt, endAt, outcome } };
      return;
    }
    case 'reconnecting': {
      const { exchangeId, delay, because, lastEventId } = event;
      exchange.reconnect = { exchangeId, delay, because, ...(lastEventId === undefined ? {} : { lastEventId }) };
      return;
    }
    case 'switched':
      exchange.switchedTo = event.protocol;
      return;
    case 'web-socket-open': {
      const { at: openAt, protocol, deflate } = event;
      exchange.webSocket = {
        openAt, messages: [], counts: noMessages,
        ...(protocol === undefined ? {} : { protocol }), ...(deflate ? { deflate } : {}),
      };
      return;
    }
    case 'web-socket-message': {
      const side = exchange.webSocket;
      if (!side) return;
      // Made above, and not yet seen by anybody.
      (side.messages as TimedWebSocketMessage[]).push({ ...event.message, at: event.at });
      exchange.webSocket = { ...side, counts: counted(side.counts, event.message) };
      return;
    }
    case 'web-socket-end':
      if (!exchange.webSocket) return;
      exchange.webSocket = { ...exchange.webSocket, counts: event.counts, ...(event.end ? { end: event.end } : {}) };
      return;
    case 'graphql-errors':
      exchange.graphql = event.outcome;
      return;
    case 'graphql-unread':
      exchange.graphqlUnread = { size: event.size, limit: event.limit };
      return;
    default:
      assertNever(event);
  }
}
