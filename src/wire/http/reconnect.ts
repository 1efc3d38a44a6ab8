import type { FieldLine } from '../../trace/request.ts';
import { newId } from '../id.ts';
import { isEventStream } from './responseFacts.ts';
import type { Sending, Sent } from './sending.ts';

/**
 * How long to wait before a stream is asked for again when the server does not say, and at the most, ms. HTML leaves
 * the first to the client ("a few seconds"); the second is our own.
 */
const delays = { usual: 3_000, longest: 60_000 } as const;

/** What a stream is asked for again with, and after how many ms. */
export interface Reconnection {
  readonly next: Sending;
  readonly delay: number;
}

/**
 * The request for a stream of events that ended or broke off, where the request says that it is to be asked for again:
 * with the id of the last event that came (HTML, "Server-sent events"). A response that is no such stream, 204 above
 * all, ends it; so does whoever listens. Tells the exchange of it.
 */
export function reconnectionOf(sent: Sent): Reconnection | undefined {
  const { sending, failure, responseHead, eventStream, endAt: at } = sent;
  const { reconnections = 0, spec, signal, lastEventId: known } = sending;
  if (reconnections >= (spec.options.reconnect ?? 0) || signal?.aborted) return undefined;
  const isStream = responseHead !== undefined && isEventStream(responseHead);
  // A try to get it back may find nobody; the first one not.
  const isLost = failure !== undefined && (isStream || (reconnections > 0 && !responseHead));
  if (failure ? !isLost || failure.code === 'total-timeout' : !isStream) return undefined;
  const delay = Math.min(eventStream?.retry ?? sending.retry ?? delays.usual, delays.longest);
  const lastEventId = eventStream ? eventStream.lastEventId ?? known : known;
  const id = newId();
  sent.add({
    type: 'reconnecting', at, exchangeId: id, delay, because: failure ? 'failed' : 'ended',
    ...(lastEventId ? { lastEventId } : {}),
  });
  const next: Sending = {
    ...sending, id, resendOf: sending.id, answersChallenge: false, answersProxy: false,
    reconnections: reconnections + 1, lastEventId, retry: eventStream?.retry ?? sending.retry,
    spec: { ...spec, headers: withLastEventId(spec.headers, lastEventId) },
  };
  return { next, delay };
}

function withLastEventId(headers: readonly FieldLine[], id: string | undefined): readonly FieldLine[] {
  const others = headers.filter(([name]) => name.toLowerCase() !== 'last-event-id');
  return id ? [...others, ['Last-Event-ID', id]] : others;
}

/** Calls `then` after `delay` ms, or `stop` as soon as the signal says so. */
export function afterDelay(delay: number, signal: AbortSignal | undefined, then: () => void, stop: () => void): void {
  const stopped = (): void => {
    clearTimeout(timer);
    stop();
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener('abort', stopped);
    then();
  }, delay);
  signal?.addEventListener('abort', stopped, { once: true });
}
