import type { ExchangeEvent } from './event.ts';

/** So many events of progress are kept, and so many of the last of them in any case. */
const most = 240;
const last = 60;

/**
 * Adds events to a list. Of events of progress, which a long body makes without end, no more than 240 are kept: then
 * every other one of the older ones goes. What they say is said by those that stay.
 */
export function appendEvents(events: ExchangeEvent[], added: readonly ExchangeEvent[]): void {
  for (const event of added) {
    events.push(event);
    if (isProgress(event)) thin(events);
  }
}

function isProgress({ type }: ExchangeEvent): boolean {
  return type === 'body-progress' || type === 'request-progress';
}

function thin(events: ExchangeEvent[]): void {
  if (events.length < most) return;
  let left = events.reduce((sum, event) => sum + (isProgress(event) ? 1 : 0), 0);
  if (left < most) return;
  const kept = events.filter((event) => !isProgress(event) || left-- <= last || left % 2 === 1);
  events.splice(0, events.length, ...kept);
}
