import type { AccountKey, QuestionKey, RequestAccount, RouteCandidate, ServerEvent } from './messages.ts';

// To write an account as JSON.stringify does, and to send all of that, would take a quarter of what the lab does for a
// request. So what every request tells is written here, piece by piece, as lists whose places have names in
// `src/run/labAccounts.ts`; the rest is written as usual. Times are whole µs after a common one: these are short, and a
// number with a fraction takes six times as long to write.

type EventType = ServerEvent['type'];
type EventOf<Type extends EventType> = Extract<ServerEvent, { type: Type }>;

/** Gives undefined where there is more to an event than it writes. */
type Write<Type extends EventType> = (event: EventOf<Type>, since: number) => string | undefined;

/**
 * A list of accounts in JSON, with each `at` and `startAt` in whole µs after `since`, which is in ms. An event is an
 * object, or a list that begins with its type.
 */
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
    `["accepted",${after(since, at)},${quoted(server)},${connection},${openConnections},${peerPort},${request}]`,
  'head-parsed': ({ startAt, at, method, target, httpVersion }, since) =>
    `["head-parsed",${after(since, startAt)},${after(since, at)},${quoted(method)},${quoted(target)},"${httpVersion}"]`,
  checked: ({ at, check, outcome, statusCode }, since) => statusCode === undefined
    ? `["checked",${after(since, at)},"${check}","${outcome}"]` : undefined,
  routed(event, since) {
    const { startAt, at, pattern, handler, candidates, parameters, statusCode } = event;
    if (pattern === undefined || handler === undefined || statusCode !== undefined) return undefined;
    return `["routed",${after(since, startAt)},${after(since, at)},${quoted(pattern)},${quoted(handler)}`
      + `,[${candidatesText(candidates)}],{${membersText(parameters)}}]`;
  },
  'handler-start': ({ at, handler }, since) => `["handler-start",${after(since, at)},${quoted(handler)}]`,
  'handler-end': ({ at, handler, error }, since) => error === undefined
    ? `["handler-end",${after(since, at)},${quoted(handler)}]` : undefined,
  'response-started': ({ at, statusCode }, since) => `["response-started",${after(since, at)},${statusCode}]`,
  'response-finished': ({ at, bodySize }, since) => `["response-finished",${after(since, at)},${bodySize}]`,
  'kept-alive': ({ at, timeout, requests }, since) => `["kept-alive",${after(since, at)},${timeout},${requests}]`,
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
