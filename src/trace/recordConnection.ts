import { assertNever } from './assertNever.ts';
import type { ConnectionEvent } from './event.ts';
import type { Attempt, Connection, RecordedFrames, TlsHandshake } from './exchange.ts';
import type { Http2Frame } from './http2/frame.ts';
import type { Mutable } from './mutable.ts';
import { applyToProxies, changeHop, endedSteps } from './recordProxies.ts';

/**
 * The connection that a list of events describes. Pure: the same events give the same value, and any
 * prefix of a list gives the connection as far as it had got.
 */
export function recordConnection(id: string, events: readonly ConnectionEvent[]): Connection {
  const connection: Mutable<Connection> = {
    id, origin: '', host: '', port: 0, startAt: events[0]?.at ?? 0, attempts: [],
  };
  const attempts: Mutable<Attempt>[] = [];
  for (const event of events) applyToConnection(connection, attempts, event);
  connection.attempts = attempts;
  return connection;
}

function applyToConnection(
  connection: Mutable<Connection>, attempts: Mutable<Attempt>[], event: ConnectionEvent,
): void {
  switch (event.type) {
    case 'opened':
      connection.origin = event.origin;
      connection.host = event.host;
      connection.port = event.port;
      connection.startAt = event.at;
      return;
    case 'dns-start':
      connection.lookup = { name: event.name, startAt: event.at, steps: [], addresses: [] };
      return;
    case 'dns-step':
      if (connection.lookup) {
        connection.lookup = { ...connection.lookup, steps: [...connection.lookup.steps, event.step] };
      }
      return;
    case 'dns-end':
      if (connection.lookup) {
        connection.lookup = { ...connection.lookup, addresses: event.addresses, endAt: event.at };
      }
      return;
    case 'dns-late':
      if (connection.lookup) {
        const { addresses } = connection.lookup;
        const others = event.addresses.filter(({ address }) => addresses.every((known) => known.address !== address));
        connection.lookup = { ...connection.lookup, addresses: [...addresses, ...others] };
      }
      return;
    case 'attempt-start':
      attempts[event.attempt] = {
        address: event.address, family: event.family, port: event.port, startAt: event.at,
      };
      return;
    case 'attempt-end': {
      const attempt = attempts[event.attempt];
      if (!attempt) return;
      Object.assign(attempt, { endAt: event.at, outcome: event.outcome, code: event.code, message: event.message });
      if (event.outcome !== 'connected') return;
      connection.peerAddress = attempt.address;
      connection.peerPort = attempt.port;
      connection.localAddress = event.localAddress;
      connection.localPort = event.localPort;
      return;
    }
    case 'proxy-start':
    case 'proxy-step':
    case 'proxy-tls':
    case 'proxy-lookup':
    case 'proxy-end':
      applyToProxies(connection, event);
      return;
    case 'tls-start':
      connection.tls = {
        startAt: event.at, alpnOffered: event.alpnOffered,
        ...(event.serverName === undefined ? {} : { serverName: event.serverName }),
        ...(event.versionsOffered ? { versionsOffered: event.versionsOffered } : {}),
      };
      return;
    case 'tls-end':
      connection.tls = { ...(connection.tls as TlsHandshake), endAt: event.at, facts: event.tls };
      return;
    case 'tls-messages':
      applyMessages(connection, event);
      return;
    case 'tls-unread':
      applyUnread(connection, event.hop);
      return;
    case 'connected':
      connection.httpVersion = event.httpVersion;
      return;
    case 'service-binding':
      connection.service = event.decision;
      return;
    case 'link':
      connection.link = event.link;
      return;
    case 'tcp-info': {
      const { type: _type, ...reading } = event;
      connection.tcp = [...(connection.tcp ?? []).slice(0, 1), reading];
      return;
    }
    case 'peer-name': {
      const { address, names, steps, startAt, at } = event;
      connection.peerName = { address, names, steps, startAt, endAt: at };
      return;
    }
    case 'failed':
      connection.failure = event.failure;
      closeOpenSpans(connection, attempts, event.at);
      return;
    case 'http2-frames':
      connection.frames = withFrames(connection.frames, event);
      return;
    case 'closed':
      connection.endAt = event.at;
      return;
    default:
      assertNever(event);
  }
}

function applyMessages(
  connection: Mutable<Connection>, event: Extract<ConnectionEvent, { type: 'tls-messages' }>,
): void {
  const { hop: index, messages, seen } = event;
  if (index !== undefined) {
    return changeHop(connection, index, ({ tlsUnread: _, ...hop }) => ({
      ...hop, tlsMessages: [...hop.tlsMessages ?? [], ...messages], tlsSeen: seen,
    }));
  }
  if (!connection.tls) return;
  const { unread: _, ...tls } = connection.tls;
  connection.tls = { ...tls, messages: [...tls.messages ?? [], ...messages], seen };
}

function applyUnread(connection: Mutable<Connection>, index: number | undefined): void {
  if (index !== undefined) return changeHop(connection, index, (hop) => ({ ...hop, tlsUnread: true }));
  if (connection.tls) connection.tls = { ...connection.tls, unread: true };
}

/** Adds frames to those recorded before, of which there may be none. */
export function withFrames(
  recorded: RecordedFrames | undefined,
  { frames, omitted }: { readonly frames: readonly Http2Frame[]; readonly omitted: number },
): RecordedFrames {
  // The list was made here, and nobody has seen it yet.
  const told = (recorded?.told ?? []) as Http2Frame[];
  told.push(...frames);
  return { told, omitted: (recorded?.omitted ?? 0) + omitted };
}

/** A step that failed is a bar as long as it took to fail (DESIGN: absent is undefined, never invented). */
function closeOpenSpans(connection: Mutable<Connection>, attempts: Mutable<Attempt>[], at: number): void {
  if (connection.lookup?.endAt === undefined && connection.lookup) {
    connection.lookup = { ...connection.lookup, endAt: at };
  }
  for (const attempt of attempts) if (attempt && attempt.endAt === undefined) attempt.endAt = at;
  if (connection.proxy && connection.proxy.endAt === undefined) {
    changeHop(connection, connection.proxies!.length - 1, (hop) => ({ ...hop, ...endedSteps(hop, at), endAt: at }));
  }
  if (connection.tls && connection.tls.endAt === undefined) {
    connection.tls = { ...connection.tls, endAt: at };
  }
  connection.endAt = at;
}
