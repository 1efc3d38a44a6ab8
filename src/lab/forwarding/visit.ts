import type { IncomingMessage, ServerResponse } from 'node:http';
import { monotonicNow } from '../clock.ts';
import { openAccount } from '../http/account.ts';
import type { Account } from '../http/account.ts';
import { problem } from '../http/answer.ts';
import { parseTraceParent } from '../http/traceContext.ts';
import type { FieldLine, RequestAccount, ServerEvent } from '../messages.ts';

/** What a forwarding server knows of one of its connections. */
export interface Visitor {
  /** From 1, as the server counts them. */
  readonly number: number;
  readonly acceptedAt: number;
  readonly address: string;
  readonly port: number;
  requests: number;
  /** Bytes of HTTP. */
  received: number;
  /** Of TLS. */
  firstByteAt?: number;
  secured?: Extract<ServerEvent, { type: 'secured' }>;
  /** Responses that are not over. */
  readonly open: Set<ServerResponse>;
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
  const parents = request.headersDistinct['traceparent'] ?? [];
  const from = { server, ...(request.headers.via === undefined ? {} : { forwarded: true }) };
  visitor.requests += 1;
  // Clients name no trace to servers that are none of the lab's, whom they may ask for here, too.
  const opener = visitor.requests === 1 ? { clientPort: visitor.port } : undefined;
  const trace = parents.length === 1 ? parseTraceParent(parents[0]) : undefined;
  const account = openAccount(trace ?? opener, from, report);
  for (const event of arrival(request, visitor, { server, openConnections: openConnections(), at })) account.add(event);
  return account;
}

/** What a server sees of a request up to the end of its head, at `at`; the first one brings the connection. */
export function arrival(
  { method, url, httpVersion }: Pick<IncomingMessage, 'method' | 'url' | 'httpVersion'>,
  { number, port, requests, acceptedAt, secured }: Visitor,
  { server, openConnections, at }: { readonly server: string; readonly openConnections: number; readonly at: number },
): ServerEvent[] {
  const isFirst = requests === 1;
  const before: ServerEvent[] = isFirst && secured ? [secured] : [];
  return [
    {
      type: 'accepted', server, connection: number, openConnections, peerPort: port, request: requests,
      at: isFirst ? acceptedAt : at,
    },
    ...before,
    {
      type: 'head-parsed', startAt: isFirst ? secured?.at ?? acceptedAt : at, at,
      method: method ?? '', target: url ?? '', httpVersion,
    },
  ];
}

/** Answers in a gateway's own name with problem details (RFC 9457). */
export function answerProblem(
  response: ServerResponse, account: Account, statusCode: number, detail: string, headers: readonly FieldLine[] = [],
): void {
  const answer = problem(statusCode, detail, headers);
  const body = answer.body as Buffer;
  const lines = [...answer.headers, ['Content-Length', String(body.length)]];
  response.writeHead(statusCode, lines.flat());
  account.add({ type: 'response-started', at: monotonicNow(), statusCode });
  response.end(body, () => {
    account.add({ type: 'response-finished', at: monotonicNow(), bodySize: body.length });
    account.close();
  });
}
