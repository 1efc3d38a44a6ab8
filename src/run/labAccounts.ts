import type { FromLab } from '../protocol.ts';
import type { Mutable } from '../trace/mutable.ts';
import type { ServerEvent } from '../trace/serverEvent.ts';
import type { LabAccount } from './labClient.ts';

type Members<Event> = Event extends ServerEvent ? readonly Exclude<keyof Event, 'type'>[] : never;

/** What stands where in an event that comes as a list, after its type: the lab writes so what every request tells. */
const places: { readonly [Type in ServerEvent['type']]?: Members<Extract<ServerEvent, { type: Type }>> } = {
  accepted: ['at', 'server', 'connection', 'openConnections', 'peerPort', 'request'],
  'head-parsed': ['startAt', 'at', 'method', 'target', 'httpVersion'],
  checked: ['at', 'check', 'outcome'],
  routed: ['startAt', 'at', 'pattern', 'handler', 'candidates', 'parameters'],
  'handler-start': ['at', 'handler'],
  'handler-end': ['at', 'handler'],
  'response-started': ['at', 'statusCode'],
  'response-finished': ['at', 'bodySize'],
  'kept-alive': ['at', 'timeout', 'requests'],
};

type ListedEvent = readonly [type: ServerEvent['type'], ...values: unknown[]];

type Written<Account> = Account extends LabAccount
  ? Omit<Account, 'type' | 'events'> & { readonly events: readonly (ServerEvent | ListedEvent)[] } : never;

/** The accounts of a message that brings several, each as if it had come by itself; throws for what is no JSON. */
export function accountsIn(
  { since, json }: Pick<Extract<FromLab, { type: 'accounts' }>, 'since' | 'json'>,
): LabAccount[] {
  return (JSON.parse(json) as Written<LabAccount>[]).map((account) => {
    const events = account.events.map((event) => timed(isListed(event) ? named(event) : event, since));
    return { ...account, type: 'events', events };
  });
}

function isListed(event: ServerEvent | ListedEvent): event is ListedEvent {
  return Array.isArray(event);
}

function named([type, ...values]: ListedEvent): ServerEvent {
  const members = places[type] ?? [];
  return Object.fromEntries([['type', type], ...members.map((name, index) => [name, values[index]])]) as ServerEvent;
}

/** Nobody else has the event yet. */
function timed(event: Mutable<ServerEvent>, since: number): ServerEvent {
  event.at = timeOf(since, event.at);
  if ('startAt' in event) event.startAt = timeOf(since, event.startAt);
  return event;
}

/** In ms again, with no more digits than it was written down with. */
function timeOf(since: number, after: number): number {
  return Math.round(since * 1000 + after) / 1000;
}
