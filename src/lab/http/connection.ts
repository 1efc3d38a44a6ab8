import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import type { CloseReason, RequestAccount, ServerEvent } from '../messages.ts';
import type { Account } from './account.ts';
import { takeFailures } from './doorway.ts';
import type { Doorway } from './doorway.ts';
import type { OpenResponses } from './openResponses.ts';
import type { Wire } from './wire.ts';

/** Who began to close a connection, and why. */
export interface Ending {
  readonly by: 'client' | 'server';
  readonly reason: CloseReason;
  /** The platform's word for it. */
  readonly code?: string;
}

/** A connection as the lab counts it: `number` from 1 since the start, `requests` from 1 on it. */
export interface LabConnection {
  readonly number: number;
  /** Monotonic ms. */
  readonly acceptedAt: number;
  readonly scheme: 'http' | 'https';
  readonly peerAddress: string;
  readonly peerPort: number;
  /** The TCP connection itself, to reset it. */
  readonly raw: Socket;
  readonly doorway: Doorway | undefined;
  /** Present once HTTP is spoken on it. */
  tap: Wire | undefined;
  /** Monotonic ms. */
  firstByteAt: number | undefined;
  secured: Extract<ServerEvent, { type: 'secured' }> | undefined;
  requests: number;
  /** Those not yet over. */
  readonly responses: OpenResponses;
  /** Of the latest request that is told of: there it is told, too, what becomes of the connection. */
  account: Account | undefined;
  ending: Ending | undefined;
  /** How long the next request is waited for, once it is, in ms. */
  idleTimeout: number | undefined;
}

/** Says who closes the connection; the first to say so is right. */
export function endConnection(connection: LabConnection, ending: Ending): void {
  connection.ending ??= ending;
}

const byClient: Ending = { by: 'client', reason: 'ended' };
const answered: Ending = { by: 'server', reason: 'answered' };

export function endedByClient(connection: LabConnection): void {
  endConnection(connection, byClient);
}

/** RFC 9112 §9.6: the response said that it is the last one. */
export function endedByAnswer(connection: LabConnection): void {
  endConnection(connection, answered);
}

/** What came before the first request of a connection, and what was not told yet of those that never were. */
export function* beforeRequest(
  connection: LabConnection, server: string, openConnections: number,
): Generator<ServerEvent> {
  if (connection.doorway) yield* takeFailures(connection.doorway);
  yield* beforeHttp(connection, server, openConnections);
}

/** What came before HTTP on a connection, in order. */
export function* beforeHttp(
  connection: LabConnection, server: string, openConnections: number,
): Generator<ServerEvent> {
  const { doorway, firstByteAt, secured, number, peerPort, acceptedAt } = connection;
  if (doorway) yield doorway.listening;
  yield { type: 'accepted', server, connection: number, peerPort, openConnections, request: 1, at: acceptedAt };
  if (firstByteAt !== undefined) yield { type: 'first-byte', at: firstByteAt };
  if (secured) yield secured;
}

/** To be called once it is closed. */
export function tellOfEnd(
  connection: LabConnection, openConnections: number, server: string, report: (account: RequestAccount) => void,
): void {
  const { account, requests, peerPort: clientPort } = connection;
  if (!account && requests > 0) return;
  const at = monotonicNow();
  const tell = (): void => {
    const closed = closedAt(at, connection);
    if (account) return account.addLate(closed);
    // No request tells its trace here: the connection is known by the client's port.
    report({ clientPort, server, events: [...beforeHttp(connection, server, openConnections), closed] });
  };
  // Node's HTTP/2 says why it has closed a connection when that is over.
  if (connection.ending) tell();
  else setImmediate(tell);
}

function closedAt(at: number, { ending, doorway, requests }: LabConnection): ServerEvent {
  const { by, reason, code } = ending ?? { by: 'server', reason: doorway?.isClosing ? 'stopped' : 'error' };
  return { type: 'closed', at, by, reason, requests, ...(code === undefined ? {} : { code }) };
}
