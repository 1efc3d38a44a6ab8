import { monotonicNow } from '../clock.ts';
import type { Routing } from '../routing/mux.ts';
import type { Account } from './account.ts';
import type { Answer } from './answer.ts';
import { beforeRequest, endedByAnswer } from './connection.ts';
import type { LabConnection, ToldConnection } from './connection.ts';
import type { Route } from './handler.ts';
import { isHttp2 } from './send.ts';
import type { NodeResponse } from './send.ts';
import { unroutedStatus } from './unrouted.ts';

// What the account of a request tells besides its own steps: of the connection, of guards, and of what comes after.

/** A request of which somebody is told. */
interface Told {
  readonly account: Account;
  readonly connection: LabConnection;
  readonly response: NodeResponse;
}

/** The connection was accepted for its first request; the others find it open. */
export function tellOfConnection(
  connection: ToldConnection, account: Account, server: string, openConnections: number, at: number,
): void {
  const { number, peerPort, requests } = connection;
  connection.account = account;
  if (requests === 1) {
    for (const event of beforeRequest(connection, server, openConnections)) account.add(event);
  } else {
    account.add({ type: 'accepted', server, connection: number, peerPort, openConnections, request: requests, at });
  }
}

/**
 * Node's HTTP/1.1 keeps a head back until there is something to send with it. Before its turn a pipelined response has
 * no socket. Over HTTP/2 heads are frames of their own.
 */
export function tellOfFirstByte(
  { account, response, connection: { tap } }: Told, startedAt: number, statusCode: number,
): void {
  if (isHttp2(response) || !tap) return account.add({ type: 'response-started', at: startedAt, statusCode });
  const onWrite = (at: number): void => {
    if (!response.socket) return;
    if (tap.onNextWrite === onWrite) tap.onNextWrite = undefined;
    account.add({ type: 'response-started', at, statusCode });
  };
  tap.onNextWrite = onWrite;
}

/** What becomes of the connection, by now: Node has looked at it when the response was finished. */
export function tellOfWaiting({ connection, response, account }: Told): void {
  const { tap, requests, idleTimeout, responses } = connection;
  if (!isHttp2(response) && tap?.isEnding) return endedByAnswer(connection);
  if (!account.isTold) return;
  const isIdle = isHttp2(response) ? responses.size <= 1 : true;
  const timeout = isHttp2(response) ? idleTimeout : tap?.patience;
  if (isIdle && timeout !== undefined) account.add({ type: 'kept-alive', at: monotonicNow(), timeout, requests });
}

/** Tells what a guard said; `isExempt`: there was nothing for it to look at. */
export function tellOfCheck(
  account: Account, name: 'host' | 'site' | 'size', refusal: Answer | undefined, isExempt: boolean,
): void {
  if (!account.isTold) return;
  const at = monotonicNow();
  if (!refusal) account.add({ type: 'checked', at, check: name, outcome: isExempt ? 'exempt' : 'passed' });
  else account.add({ type: 'checked', at, check: name, outcome: 'refused', statusCode: refusal.statusCode });
}

/** Tells which pattern won and which lost, and why; `startAt`: since when they were looked at. */
export function tellOfRoute(account: Account, routing: Routing<Route>, startAt: number): void {
  const at = monotonicNow();
  const { outcome, candidates } = routing;
  if (outcome !== 'found') {
    const statusCode = unroutedStatus[outcome];
    return account.add({ type: 'routed', startAt, at, candidates, parameters: {}, statusCode });
  }
  const { parameters, entry: { pattern: { text: pattern }, target: { name: handler } } } = routing;
  account.add({ type: 'routed', startAt, at, candidates, parameters, pattern, handler });
}
