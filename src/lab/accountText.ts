import type { AccountKey, QuestionKey, RequestAccount, RouteCandidate, ServerEvent } from './messages.ts';

// To write an account as JSON.stringify does would take a tenth of all that the lab does for a request. What every
// request tells is written here, piece by piece, and the rest as usual. Times are whole µs after a common one: these are
// short, and a number with a fraction takes six times as long to write.

type EventType = ServerEvent['type'];
type EventOf<Type extends EventType> = Extract<ServerEvent, { type: Type }>;

/** Gives undefined where there is more to an event than it writes. */
type Write<Type extends EventType> = (event: EventOf<Type>, since: number) => string | undefined;

/** A list of accounts in JSON, with each `at` and `startAt` in whole µs after `since`, which is in ms. */
export function accountsText(accounts: readonly RequestAccount[], since: number): string {
  let text = '[';
  for (const account of accounts) text += `${text.length > 1 ? ',' : ''}${accountText(account, since)}`;
  return `${text}]`;
}

function accountText(account: RequestAccount, since: number): string {
  const { server, forwarded, visit, events } = account;
  let text = `{${keyText(account)},"server":${quoted(server)}`;
  if (forwarded !== undefined) text += `,"forwarded":${forwarded}`;
  if (visit !== undefined) text += `,"visit":${quoted(visit)}`;
  text += ',"events":[';
  for (let index = 0; index < events.length; index += 1) {
    if (index > 0) text += ',';
    text += eventText(events[index]!, since);
  }
  return `${text}]}`;
}

function keyText(key: AccountKey | QuestionKey): string {
  if ('traceId' in key) return `"traceId":"${key.traceId}","parentId":"${key.parentId}"`;
  if ('queryId' in key) return `"queryPort":${key.queryPort},"queryId":${key.queryId}`;
  return `"clientPort":${key.clientPort}`;
}

function eventText(event: ServerEvent, since: number): string {
  const write = writers[event.type] as Write<EventType> | undefined;
  return write?.(event, since) ?? usualText(event, since);
}

function usualText(event: ServerEvent, since: number): string {
  const at = after(since, event.at);
  return JSON.stringify('startAt' in event ? { ...event, at, startAt: after(since, event.startAt) } : { ...event, at });
}

const writers: { readonly [Type in EventType]?: Write<Type> } = {
  accepted: ({ at, server, connection, openConnections, peerPort, request }, since) =>
    `{"type":"accepted","at":${after(since, at)},"server":${quoted(server)},"connection":${connection}`
    + `,"openConnections":${openConnections},"peerPort":${peerPort},"request":${request}}`,
  'head-parsed': ({ startAt, at, method, target, httpVersion }, since) =>
    `{"type":"head-parsed","startAt":${after(since, startAt)},"at":${after(since, at)},"method":${quoted(method)}`
    + `,"target":${quoted(target)},"httpVersion":"${httpVersion}"}`,
  checked: ({ at, check, outcome, statusCode }, since) => statusCode === undefined
    ? `{"type":"checked","at":${after(since, at)},"check":"${check}","outcome":"${outcome}"}` : undefined,
  routed(event, since) {
    const { startAt, at, pattern, handler, candidates, parameters, statusCode } = event;
    if (pattern === undefined || handler === undefined || statusCode !== undefined) return undefined;
    return `{"type":"routed","startAt":${after(since, startAt)},"at":${after(since, at)},"pattern":${quoted(pattern)}`
      + `,"handler":${quoted(handler)},"candidates":[${candidatesText(candidates)}],"parameters":{${membersText(parameters)}}}`;
  },
  'handler-start': ({ at, handler }, since) =>
    `{"type":"handler-start","at":${after(since, at)},"handler":${quoted(handler)}}`,
  'handler-end': ({ at, handler, error }, since) => error === undefined
    ? `{"type":"handler-end","at":${after(since, at)},"handler":${quoted(handler)}}` : undefined,
  'response-started': ({ at, statusCode }, since) =>
    `{"type":"response-started","at":${after(since, at)},"statusCode":${statusCode}}`,
  'response-finished': ({ at, bodySize }, since) =>
    `{"type":"response-finished","at":${after(since, at)},"bodySize":${bodySize}}`,
  'kept-alive': ({ at, timeout, requests }, since) =>
    `{"type":"kept-alive","at":${after(since, at)},"timeout":${timeout},"requests":${requests}}`,
};

function candidatesText(candidates: readonly RouteCandidate[]): string {
  let text = '';
  for (const { pattern, reason } of candidates) {
    text += `${text === '' ? '' : ','}{"pattern":${quoted(pattern)},"reason":"${reason}"}`;
  }
  return text;
}

function membersText(members: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in members) text += `${text === '' ? '' : ','}${quoted(name)}:${quoted(members[name]!)}`;
  return text;
}

/** In whole µs, which is what the lab's clock tells. */
function after(since: number, at: number): number {
  return Math.round((at - since) * 1000);
}

/** What JSON has to write in another way. */
const special = /[^\x20\x21\x23-\x5b\x5d-\x7e]/;

function quoted(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`;
}
