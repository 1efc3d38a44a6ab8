import { monotonicNow } from '../clock.ts';
import type { Fault } from '../faults/fault.ts';
import type { FieldLine, RequestAccount } from '../messages.ts';
import type { Mux, Routing } from '../routing/mux.ts';
import { SessionAccess } from '../shop/sessionAccess.ts';
import type { SessionStore } from '../shop/sessions.ts';
import { openAccount } from './account.ts';
import type { Account } from './account.ts';
import { isAnswer, problem } from './answer.ts';
import type { Answer, Outcome } from './answer.ts';
import { endConnection } from './connection.ts';
import type { LabConnection } from './connection.ts';
import { isRead, refuseOtherSites, refuseStrangers } from './guard.ts';
import type { LabRequest, Route } from './handler.ts';
import { parseAuthority } from './ownNames.ts';
import type { OwnPorts } from './ownNames.ts';
import { readBody } from './readBody.ts';
import { pairs, readHead } from './requestHead.ts';
import type { RequestHead } from './requestHead.ts';
import { unrouted } from './unrouted.ts';
import { isHttp2, sendAnswer, sendEarlyHints } from './send.ts';
import type { NodeRequest, NodeResponse } from './send.ts';
import { tellOfCheck, tellOfConnection, tellOfFirstByte, tellOfWaiting } from './telling.ts';
import { parseTraceParent } from './traceContext.ts';
import { converse } from '../webSocket/conversation.ts';
import type { Conversation } from '../webSocket/conversation.ts';

/** What the service answers with. */
export interface ServiceOptions {
  readonly mux: Mux<Route>;
  readonly sessions: (head: RequestHead) => SessionStore;
  readonly ports: () => OwnPorts;
  readonly openConnections: () => number;
  /** In bytes. */
  readonly bodyLimit: number;
  /** ms from the head to the end of the body. */
  readonly requestTimeout: number;
  readonly report: ((account: RequestAccount) => void) | undefined;
  /** What accounts and responses are signed with; `lab`, and not at all. */
  readonly signedBy?: { readonly server: string; readonly fields: readonly FieldLine[] };
}

/** One request on its way through the lab. */
interface Visit {
  readonly options: ServiceOptions;
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly connection: LabConnection;
  readonly head: RequestHead;
  readonly account: Account;
  readonly signal: AbortSignal;
}

export type Service = (
  request: NodeRequest, response: NodeResponse, connection: LabConnection,
  startAt: number | undefined,
) => void;

/** The lab's answer to every request of both versions of HTTP; it never throws. */
export function createService(options: ServiceOptions): Service {
  return (request, response, connection, startAt) => {
    const visit = open(options, request, response, connection, startAt ?? monotonicNow());
    attend(visit).catch((error: unknown) => {
      visit.account.close();
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
}

function open(
  options: ServiceOptions, request: NodeRequest, response: NodeResponse, connection: LabConnection,
  startAt: number,
): Visit {
  const at = monotonicNow();
  const head = readHead(request, connection.scheme);
  const parents = head.all('traceparent');
  const server = options.signedBy?.server ?? 'lab';
  const account = openAccount(
    parents.length === 1 ? parseTraceParent(parents[0]) : undefined,
    { server, ...(head.all('via').length > 0 ? { forwarded: true } : {}) }, options.report);
  connection.requests += 1;
  if (account.isTold) tellOfConnection(connection, account, server, options.openConnections(), startAt);
  account.add({
    type: 'head-parsed', startAt, at, method: head.method, target: head.target,
    httpVersion: head.httpVersion,
  });
  const gone = new AbortController();
  connection.responses.add(response);
  response.on('close', () => {
    connection.responses.delete(response);
    gone.abort();
    // The handler may still say how it ended.
    setImmediate(() => account.close());
  });
  request.on('error', () => gone.abort());
  return { options, request, response, connection, head, account, signal: gone.signal };
}

async function attend(visit: Visit): Promise<void> {
  const { account, response, request } = visit;
  const outcome = await answerTo(visit);
  if (!outcome || visit.signal.aborted) return;
  if (!isAnswer(outcome)) return 'fault' in outcome ? breakOff(visit, outcome.fault) : talkOn(visit, outcome.talk);
  if (outcome.faultName !== undefined) account.add({ type: 'broken', at: monotonicNow(), fault: outcome.faultName });
  let bodySize = 0;
  let startedAt = -Infinity;
  whenSent(visit, () => {
    const writtenAt = visit.connection.tap?.lastWrittenAt ?? monotonicNow();
    account.add({ type: 'response-finished', at: Math.max(startedAt, writtenAt), bodySize });
    tellOfWaiting(visit);
    account.close();
    abandonRest(request, response);
  });
  const { statusCode } = outcome;
  const answer = signed(isRequestUnread(request, outcome) ? closing(response, outcome) : outcome, visit.options);
  // Node resets a stream whose request nobody reads as soon as it has the answer, before the end of that is sent.
  if (isHttp2(response) && answer.body !== request) request.resume();
  await sendAnswer(request, response, answer, {
    onHead: () => {
      startedAt = monotonicNow();
      if (account.isTold) tellOfFirstByte(visit, startedAt, statusCode);
    },
    onBody(size) { bodySize = size; },
  });
}

function signed(answer: Answer, { signedBy }: ServiceOptions): Answer {
  return signedBy ? { ...answer, headers: [...signedBy.fields, ...answer.headers] } : answer;
}

/** What is done to a connection cannot be seen as a response; the account says what it was. */
async function breakOff({ account, response, connection, signal }: Visit, fault: Fault): Promise<void> {
  account.add({ type: 'broken', at: monotonicNow(), fault: fault.name });
  account.close();
  if (!isHttp2(response)) endConnection(connection, { by: 'server', reason: 'fault' });
  await fault.strike({ response, connection, signal });
}

/** RFC 6455 §4.2.2: from 101 on, the connection belongs to the conversation. */
async function talkOn({ account, request, connection: { tap } }: Visit, talk: Conversation): Promise<void> {
  if (!tap || 'stream' in request) return;
  await converse(request, tap, talk, {
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
function whenSent({ response, signal }: Visit, listener: () => void): void {
  let isSent = false;
  const onFinish = () => {
    const isCut = signal.aborted || (isHttp2(response) && response.stream.rstCode !== noError);
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
  return hasBody(request) && !request.readableEnded && answer.body !== request;
}

/** RFC 9112 §9.6: what is left of the request would be taken for the next one. */
function closing(response: NodeResponse, answer: Answer): Answer {
  if (isHttp2(response)) return answer;
  return { ...answer, headers: [...answer.headers, ['Connection', 'close'] as const] };
}

function hasBody(request: NodeRequest): boolean {
  if ('stream' in request) return !request.stream.endAfterHeaders;
  return request.headers['transfer-encoding'] !== undefined
    || Number(request.headers['content-length'] ?? 0) > 0;
}

/** The steps before the handler; undefined when the client went away. */
async function answerTo(visit: Visit): Promise<Outcome | undefined> {
  const { head, options, account } = visit;
  const ports = options.ports();
  const stranger = refuseStrangers(head, ports);
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
  if (found.streamsBody) sendContinue(visit);
  const body = found.streamsBody || found.leavesBody ? Buffer.alloc(0) : await bodyOf(visit);
  if (!Buffer.isBuffer(body)) return body;
  return runHandler(visit, found, routing.parameters, body);
}

function route({ head, options, account }: Visit): Routing<Route> {
  const startAt = monotonicNow();
  const host = parseAuthority(head.authority ?? '')?.host ?? '';
  const routing = options.mux.route({ method: head.method, host, path: head.path });
  const found = routing.outcome === 'found' ? routing : undefined;
  const statusCode = routing.outcome === 'not-found' ? 404 as const
    : routing.outcome === 'method-not-allowed' ? 405 as const : undefined;
  account.add({
    type: 'routed', startAt, at: monotonicNow(), parameters: found?.parameters ?? {},
    candidates: routing.candidates,
    ...(found ? { pattern: found.entry.pattern.text, handler: found.entry.target.name } : {}),
    ...(statusCode ? { statusCode } : {}),
  });
  return routing;
}

async function bodyOf(visit: Visit): Promise<Buffer | Outcome | undefined> {
  const { request, options, account, signal } = visit;
  if (!hasBody(request)) return Buffer.alloc(0);
  const startAt = monotonicNow();
  const tooLarge = problem(413, `The body is larger than ${options.bodyLimit} bytes.`);
  const refuse = (): Answer => {
    tellOfCheck(account, 'size', tooLarge, false);
    return tooLarge;
  };
  if (Number(request.headers['content-length'] ?? 0) > options.bodyLimit) return refuse();
  sendContinue(visit);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.requestTimeout)]);
  const read = await readBody(request, options.bodyLimit, limit);
  if (read.outcome === 'too-large') return refuse();
  if (read.outcome === 'aborted') {
    return signal.aborted ? undefined : problem(408, 'The body did not arrive in time.');
  }
  tellOfCheck(account, 'size', undefined, false);
  account.add({ type: 'body-read', startAt, at: monotonicNow(), size: read.body.length });
  return read.body;
}

/** RFC 9110 §10.1.1: only when the body is really going to be read. */
function sendContinue({ head, response }: Visit): void {
  const isExpected = head.all('expect').some((value) => value.toLowerCase() === '100-continue');
  if (isExpected && head.httpVersion !== '1.0') response.writeContinue();
}

async function runHandler(
  visit: Visit, target: Route, parameters: Readonly<Record<string, string>>, body: Buffer,
): Promise<Outcome> {
  const { account } = visit;
  account.add({ type: 'handler-start', at: monotonicNow(), handler: target.name });
  try {
    const outcome = await target.handler(labRequest(visit, parameters, body));
    account.add({ type: 'handler-end', at: monotonicNow(), handler: target.name });
    return outcome;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    account.add({ type: 'handler-end', at: monotonicNow(), handler: target.name, error: message });
    return problem(500, `The handler ${target.name} failed.`);
  }
}

function labRequest(
  visit: Visit, parameters: Readonly<Record<string, string>>, body: Buffer,
): LabRequest {
  const { head, options, connection, request, response, account, signal } = visit;
  return {
    head, parameters, body, stream: request, signal, ports: options.ports(),
    get trailers() { return pairs(request.rawTrailers); },
    peer: { address: connection.peerAddress, port: connection.peerPort },
    session: new SessionAccess(head, options.sessions, account),
    sendEarlyHints: (headers: readonly FieldLine[]) => sendEarlyHints(response, headers),
  };
}
