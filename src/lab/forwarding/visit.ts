import type { IncomingMessage, ServerResponse } from 'node:http';
import { monotonicNow } from '../clock.ts';
import { openAccount } from '../http/account.ts';
import type { Account } from '../http/account.ts';
import { problem } from '../http/answer.ts';
import { endedByAnswer } from '../http/connection.ts';
import type { ToldConnection } from '../http/connection.ts';
import { tellOfConnection } from '../http/telling.ts';
import { parseTraceParent } from '../http/traceContext.ts';
import type { Wire } from '../http/wire.ts';
import type { FieldLine, RequestAccount } from '../messages.ts';

/** What a forwarding server knows of one of its connections. */
export interface Visitor extends ToldConnection {
  /** Present once HTTP is spoken on it. */
  tap: Wire | undefined;
  /** When the head that is being read began, monotonic ms. */
  headAt: number | undefined;
  /** Bytes of HTTP. */
  received: number;
  /** Responses that are not over. */
  readonly open: Set<ServerResponse>;
}

/** A request on its way through a forwarding server, who brought it, and the account of it. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly visitor: Visitor;
  readonly account: Account;
}

/** Who forwards, and to whom it tells what it saw. */
export interface Teller {
  readonly server: string;
  readonly openConnections: () => number;
  readonly report: (account: RequestAccount) => void;
}

/** Begins the account of a request whose head has been read. It is closed when its response is over. */
export function accountOf(
  request: Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'headers' | 'headersDistinct'>, visitor: Visitor,
  { server, openConnections, report }: Teller,
): Account {
  const at = monotonicNow();
  const begun = visitor.requests === 0 ? visitor.secured?.at ?? visitor.firstByteAt : undefined;
  const startAt = visitor.headAt ?? begun ?? at;
  visitor.headAt = undefined;
  const parents = request.headersDistinct['traceparent'] ?? [];
  const from = { server, ...(request.headers.via === undefined ? {} : { forwarded: true }) };
  visitor.requests += 1;
  // Of what goes through a tunnel, nobody knows more than the port.
  const isTunnel = request.method === 'CONNECT';
  // Clients name no trace to servers that are none of the lab's, whom they may ask for here, too.
  const opener = visitor.requests === 1 || isTunnel ? { clientPort: visitor.peerPort } : undefined;
  const trace = parents.length === 1 && !isTunnel ? parseTraceParent(parents[0]) : undefined;
  const account = openAccount(trace ?? opener, from, report);
  if (account.isTold) tellOfConnection(visitor, account, server, openConnections(), startAt);
  const { method = '', url: target = '', httpVersion } = request;
  account.add({ type: 'head-parsed', startAt, at, method, target, httpVersion });
  return account;
}

/** Once the response is over, tells so, and what becomes of the connection; `bodySize` is asked for then. */
export function tellWhenOver({ response, account, visitor }: Omit<Passage, 'request'>, bodySize: () => number): void {
  // Node calls what was given to end() before it looks at the connection, and its listeners after that.
  response.on('finish', () => {
    const at = monotonicNow();
    const { tap, requests } = visitor;
    account.add({ type: 'response-finished', at, bodySize: bodySize() });
    if (tap?.isEnding) endedByAnswer(visitor);
    else if (tap?.patience !== undefined) account.add({ type: 'kept-alive', at, timeout: tap.patience, requests });
    account.close();
  });
}

/** Answers in a gateway's own name with problem details (RFC 9457). */
export function answerProblem(
  passage: Omit<Passage, 'request'>, statusCode: number, detail: string, headers: readonly FieldLine[] = [],
): void {
  const { response, account } = passage;
  const answer = problem(statusCode, detail, headers);
  const body = answer.body as Buffer;
  const lines = [...answer.headers, ['Content-Length', String(body.length)]];
  response.writeHead(statusCode, lines.flat());
  account.add({ type: 'response-started', at: monotonicNow(), statusCode });
  tellWhenOver(passage, () => body.length);
  response.end(body);
}
