import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import type { CloseReason, RequestAccount, ServerEvent } from '../messages.ts';
import { openAccount } from './account.ts';
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

/** As much of a connection as is told of: `number` from 1 since the start, `requests` from 1 on it. */
export interface ToldConnection {
  readonly number: number;
  /** Monotonic ms. */
  readonly acceptedAt: number;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly doorway: Doorway | undefined;
  /** Monotonic ms. */
  firstByteAt: number | undefined;
  secured: Extract<ServerEvent, { type: 'secured' }> | undefined;
  requests: number;
  /** Of the latest request that is told of: there it is told, too, what becomes of the connection. */
  account: Account | undefined;
  ending: Ending | undefined;
}

/** A connection to the lab's web server. */
export interface LabConnection extends ToldConnection {
  readonly scheme: 'http' | 'https';
  /** The TCP connection itself, to reset it. */
  readonly raw: Socket;
  /** Present once HTTP is spoken on it. */
  tap: Wire | undefined;
  /** Those not yet over. */
  readonly responses: OpenResponses;
  /** How long the next request is waited for, once it is, in ms. */
  idleTimeout: number | undefined;
}

/** Says who closes the connection; the first to say so is right. */
export function endConnection(connection: Pick<ToldConnection, 'ending'>, ending: Ending): void {
  connection.ending ??= ending;
}

const byClient: Ending = { by: 'client', reason: 'ended' };
const answered: Ending = { by: 'server', reason: 'answered' };

export function endedByClient(connection: ToldConnection): void {
  endConnection(connection, byClient);
}

/** RFC 9112 §9.6: the response said that it is the last one. */
export function endedByAnswer(connection: ToldConnection): void {
  endConnection(connection, answered);
}

/** What TCP says of how a connection ends, and when its first byte comes. */
export function watchConnection(connection: ToldConnection, raw: Socket, onClose: () => void): void {
  raw.once('data', () => { connection.firstByteAt = monotonicNow(); });
  hearEnd(connection, raw);
  raw.on('close', onClose);
}

/** `socket` is who reads: TLS keeps from the connection below what it reads itself. */
export function hearEnd(connection: ToldConnection, socket: Socket): void {
  socket.on('end', () => endedByClient(connection));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'ECONNRESET' || code === 'EPIPE') endConnection(connection, { by: 'client', reason: 'reset' });
  });
}

/** What came before the first request of a connection, and what was not told yet of those that never were. */
export function* beforeRequest(
  connection: ToldConnection, server: string, openConnections: number,
): Generator<ServerEvent> {
  if (connection.doorway) yield* takeFailures(connection.doorway);
  yield* beforeHttp(connection, server, openConnections);
}

/** What came before HTTP on a connection, in order. */
export function* beforeHttp(
  connection: ToldConnection, server: string, openConnections: number,
): Generator<ServerEvent> {
  const { doorway, firstByteAt, secured, number, peerPort, acceptedAt } = connection;
  if (doorway) yield doorway.listening;
  yield { type: 'accepted', server, connection: number, peerPort, openConnections, request: 1, at: acceptedAt };
  if (firstByteAt !== undefined) yield { type: 'first-byte', at: firstByteAt };
  if (secured) yield secured;
}

/** TLS was refused on purpose. No request tells its trace here: the connection is known by the client's port. */
export function tellOfAlert(
  connection: ToldConnection, openConnections: number, server: string, report: (account: RequestAccount) => void,
): void {
  const account = openAccount({ clientPort: connection.peerPort }, { server }, report);
  connection.account = account;
  endConnection(connection, { by: 'server', reason: 'fault' });
  for (const event of beforeHttp(connection, server, openConnections)) account.add(event);
  account.add({ type: 'broken', at: monotonicNow(), fault: 'tls-alert' });
  account.close();
}

/** To be called once it is closed. */
export function tellOfEnd(
  connection: ToldConnection, openConnections: number, server: string, report: (account: RequestAccount) => void,
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

function closedAt(at: number, { ending, doorway, requests }: ToldConnection): ServerEvent {
  const { by, reason, code } = ending ?? { by: 'server', reason: doorway?.isClosing ? 'stopped' : 'error' };
  return { type: 'closed', at, by, reason, requests, ...(code === undefined ? {} : { code }) };
}
