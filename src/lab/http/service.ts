import { monotonicNow } from '../clock.ts';
import type { Fault } from '../faults/fault.ts';
import type { FieldLine, RequestAccount } from '../messages.ts';
import type { Mux, Routing } from '../routing/mux.ts';
import type { Eventually } from '../shop/eventually.ts';
import type { SessionStore } from '../shop/sessions.ts';
import { openAccount, silent } from './account.ts';
import type { Account } from './account.ts';
import { isAnswer, problem } from './answer.ts';
import type { Answer, Outcome } from './answer.ts';
import { endConnection } from './connection.ts';
import type { LabConnection } from './connection.ts';
import { isRead, refuseMisdirected, refuseOtherSites, refuseStrangers } from './guard.ts';
import type { Route } from './handler.ts';
import { parseAuthority } from './ownNames.ts';
import type { OwnPorts } from './ownNames.ts';
import { beginStream, bodyOf, hasBody } from './requestBody.ts';
import { readHead } from './requestHead.ts';
import type { RequestHead } from './requestHead.ts';
import { unrouted, wholeServer } from './unrouted.ts';
import { isHttp2, sendAnswer } from './send.ts';
import type { NodeRequest, NodeResponse, Progress } from './send.ts';
import { tellOfCheck, tellOfConnection, tellOfFirstByte, tellOfRoute, tellOfWaiting } from './telling.ts';
import { parseTraceParent } from './traceContext.ts';
import { Visit } from './visit.ts';
import { converse } from '../webSocket/conversation.ts';
import type { Conversation } from '../webSocket/conversation.ts';

/** What the service answers with. */
export interface ServiceOptions {
  readonly mux: Mux<Route>;
  readonly sessions: (head: RequestHead) => SessionStore;
  readonly ports: () => OwnPorts;
  /** The certificate that a host is shown, by name; absent where there is no TLS. */
  readonly identityOf?: (host: string | undefined) => string;
  readonly openConnections: () => number;
  /** In bytes. */
  readonly bodyLimit: number;
  /** ms from the head to the end of the body. */
  readonly requestTimeout: number;
  readonly report: ((account: RequestAccount) => void) | undefined;
  /** Hears of an account before its request is waited for or worked on, which may take long. */
  readonly onWork?: (account: Account) => void;
  /** What accounts and responses are signed with; `lab`, and not at all. */
  readonly signedBy?: { readonly server: string; readonly fields: readonly FieldLine[] };
}

export type Service = (
  request: NodeRequest, response: NodeResponse, connection: LabConnection,
  startAt: number | undefined,
) => void;

/**
 * The lab's answer to every request of both versions of HTTP; it never throws. What can be done at once is: promises
 * would take a good part of the time that a request takes.
 */
export function createService(options: ServiceOptions): Service {
  return (request, response, connection, startAt) => {
    const visit = open(options, request, response, connection, startAt);
    try {
      const outcome = answerTo(visit);
      const done = outcome instanceof Promise ? outcome.then((known) => attend(visit, known)) : attend(visit, outcome);
      if (done instanceof Promise) done.catch((error: unknown) => fail(visit, error));
    } catch (error) {
      fail(visit, error);
    }
  };
}

function fail({ account, response }: Visit, error: unknown): void {
  account.close();
  response.destroy(error instanceof Error ? error : undefined);
}

function open(
  options: ServiceOptions, request: NodeRequest, response: NodeResponse, connection: LabConnection,
  startAt: number | undefined,
): Visit {
  const head = readHead(request, connection.scheme);
  const parents = head.all('traceparent');
  const account = parents.length === 1 ? accountOf(options, head, parents[0]) : silent;
  connection.requests += 1;
  if (account.isTold) tellOfHead(options, connection, head, account, startAt);
  connection.responses.add(response);
  // The handler may still say how it ended.
  if (account.isTold) response.on('close', () => account.isOpen && setImmediate(() => account.close()));
  // HTTP/2's have nobody else to tell.
  if (isHttp2(response)) request.on('error', () => {});
  return new Visit(options, request, response, connection, head, account);
}

function accountOf({ signedBy, report }: ServiceOptions, head: RequestHead, parent: string | undefined): Account {
  const server = signedBy?.server ?? 'lab';
  const from = { server, ...(head.first('via') === undefined ? {} : { forwarded: true }) };
  return openAccount(parseTraceParent(parent), from, report);
}

function tellOfHead(
  options: ServiceOptions, connection: LabConnection, head: RequestHead, account: Account, startAt: number | undefined,
): void {
  const at = monotonicNow();
  const since = startAt ?? at;
  tellOfConnection(connection, account, options.signedBy?.server ?? 'lab', options.openConnections(), since);
  const { method, target, httpVersion } = head;
  account.add({ type: 'head-parsed', startAt: since, at, method, target, httpVersion });
}

function attend(visit: Visit, outcome: Outcome | undefined): void | Promise<void> {
  const { account, response, request } = visit;
  if (!outcome || visit.isOver) return;
  if (!isAnswer(outcome)) return 'fault' in outcome ? breakOff(visit, outcome.fault) : talkOn(visit, outcome.talk);
  if (outcome.faultName !== undefined) account.add({ type: 'broken', at: monotonicNow(), fault: outcome.faultName });
  const answer = signed(isRequestUnread(request, outcome) ? closing(response, outcome) : outcome, visit.options);
  // Node resets a stream whose request nobody reads as soon as it has the answer, before the end of that is sent.
  if (isHttp2(response) && answer.body !== request) request.resume();
  return sendAnswer(request, response, answer, account.isTold || isHttp2(response) ? follow(visit, answer) : undefined);
}

/** Tells how an answer leaves, and does what is to be done then. */
function follow(visit: Visit, { statusCode }: Answer): Progress {
  const { account, response, request, connection } = visit;
  let bodySize = 0;
  let startedAt = -Infinity;
  whenSent(visit, () => {
    const writtenAt = connection.tap?.lastWrittenAt ?? monotonicNow();
    account.add({ type: 'response-finished', at: Math.max(startedAt, writtenAt), bodySize });
    tellOfWaiting(visit);
    account.close();
    abandonRest(request, response);
  });
  return {
    onHead() {
      startedAt = monotonicNow();
      if (account.isTold) tellOfFirstByte(visit, startedAt, statusCode);
    },
    onBody(size) { bodySize = size; },
  };
}

function signed(answer: Answer, { signedBy }: ServiceOptions): Answer {
  return signedBy ? { ...answer, headers: [...signedBy.fields, ...answer.headers] } : answer;
}

/** What is done to a connection cannot be seen as a response; the account says what it was. */
async function breakOff({ account, response, connection, signal }: Visit, fault: Fault): Promise<void> {
  account.add({ type: 'broken', at: monotonicNow(), fault: fault.name });
  if (fault.isFatal) account.close();
  if (!isHttp2(response)) endConnection(connection, { by: 'server', reason: 'fault' });
  try {
    await fault.strike({ response, connection, signal, tell: (event) => account.addLate(event) });
  } finally {
    account.close();
  }
}

/** RFC 6455 §4.2.2: from 101 on, the connection belongs to the conversation. */
async function talkOn({ account, request, connection: { tap } }: Visit, talk: Conversation): Promise<void> {
  if (!tap || 'stream' in request) return;
  await converse(request, tap.stream, talk, {
    onOpen: () => account.add({ type: 'response-started', at: monotonicNow(), statusCode: 101 }),
    onClose(bodySize) {
      account.add({ type: 'response-finished', at: monotonicNow(), bodySize });
      account.close();
    },
  });
}

/**
 * Node's HTTP/2 response says `finish` late, and for a stream that was cut off, too; the stream
 * itself says it in time, but not for a response without a body.
 */
function whenSent({ response }: Visit, listener: () => void): void {
  let isSent = false;
  const onFinish = () => {
    const isCut = isHttp2(response) ? response.stream.rstCode !== noError : response.closed;
    if (!isSent && !isCut) listener();
    isSent = true;
  };
  response.on('finish', onFinish);
  if (isHttp2(response)) response.stream.on('finish', onFinish);
}

/** RFC 9113 §7 */
const noError = 0;

/** ms in which the end of a response is surely on its way. */
const sendTime = 100;

/** RFC 9113 §8.1: a server may end the stream once it has answered, whatever is still to come. */
function abandonRest(request: NodeRequest, response: NodeResponse): void {
  const isUnread = hasBody(request) && !request.readableEnded;
  // What is written is not yet sent: a reset at once would overtake the frame with END_STREAM.
  if (isHttp2(response) && isUnread) setTimeout(() => response.stream?.close(noError), sendTime).unref();
}

/** An answer that streams the request back reads it to its end. */
function isRequestUnread(request: NodeRequest, answer: Answer): boolean {
  return !request.readableEnded && hasBody(request) && answer.body !== request;
}

/** RFC 9112 §9.6: what is left of the request would be taken for the next one. */
function closing(response: NodeResponse, answer: Answer): Answer {
  if (isHttp2(response)) return answer;
  return { ...answer, headers: [...answer.headers, ['Connection', 'close'] as const] };
}

/** The steps before the handler; undefined when the client went away. */
function answerTo(visit: Visit): Eventually<Outcome | undefined> {
  const { head, options, account } = visit;
  const ports = options.ports();
  const stranger = refuseStrangers(head, ports)
    ?? refuseMisdirected(head, visit.connection.secured, options.identityOf);
  tellOfCheck(account, 'host', stranger, head.authority === undefined);
  if (stranger) return stranger;
  const routing = route(visit);
  const target = routing.outcome === 'found' ? routing.entry.target : undefined;
  const isPublic = target?.isPublic ?? false;
  const otherSite = refuseOtherSites(head, ports, isPublic);
  tellOfCheck(account, 'site', otherSite, isPublic && isRead(head));
  if (otherSite) return otherSite;
  if (routing.outcome !== 'found') return unrouted(routing, head);
  const { target: found } = routing.entry;
  visit.parameters = routing.parameters;
  if (found.streamsBody) beginStream(visit);
  if (found.streamsBody || found.leavesBody || !hasBody(visit.request)) return runHandler(visit, found);
  return bodyOf(visit).then((body) => {
    if (!Buffer.isBuffer(body)) return body;
    visit.body = body;
    return runHandler(visit, found);
  });
}

function route({ head, options, account }: Visit): Routing<Route> {
  const startAt = account.isTold ? monotonicNow() : 0;
  const host = parseAuthority(head.authority ?? '')?.host ?? '';
  const routing = options.mux.route({ method: head.method, host, path: head.path === '*' ? wholeServer : head.path });
  if (account.isTold) tellOfRoute(account, routing, startAt);
  return routing;
}

function runHandler(visit: Visit, { name: handler, handler: handle }: Route): Eventually<Outcome> {
  const { account } = visit;
  if (account.isTold) {
    account.add({ type: 'handler-start', at: monotonicNow(), handler });
    visit.options.onWork?.(account);
  }
  try {
    const outcome = handle(visit);
    if (outcome instanceof Promise) {
      return outcome.then((known) => ended(account, handler, known), (error) => failed(account, handler, error));
    }
    return account.isTold ? ended(account, handler, outcome) : outcome;
  } catch (error) {
    return failed(account, handler, error);
  }
}

function ended(account: Account, handler: string, outcome: Outcome): Outcome {
  account.add({ type: 'handler-end', at: monotonicNow(), handler });
  return outcome;
}

/** What waited for something is told by the signal when the client leaves. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'AbortError' ? 'client-left' : error.message;
}

function failed(account: Account, handler: string, error: unknown): Outcome {
  account.add({ type: 'handler-end', at: monotonicNow(), handler, error: nameOf(error) });
  return problem(500, `The handler ${handler} failed.`);
}
