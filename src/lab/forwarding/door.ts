import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { endConnection, tellOfEnd, watchConnection } from '../http/connection.ts';
import { listen } from '../http/listener.ts';
import { createTurnAway } from '../http/turnAway.ts';
import type { House, RunningPart } from '../parts.ts';
import type { Visitor } from './visit.ts';

/** A listening port of loopback whose connections are counted. */
export interface Door extends Omit<RunningPart, 'origin'> {
  readonly visitors: ReadonlyMap<Socket, Visitor>;
}

export interface DoorOptions {
  /** Whose door it is, by the name that accounts are signed with. */
  readonly server: string;
  /** What is spoken there. */
  readonly scheme: 'http' | 'https' | 'socks';
}

/**
 * Opens `port` (0: any). `onVisitor` hears of each connection as long as there are not too many; how they end, and who
 * is turned away, is told here.
 */
export async function openDoor(
  { report, limits: { maxConnections } }: Pick<House, 'report' | 'limits'>, port: number, { server, scheme }: DoorOptions,
  onVisitor: (socket: Socket, visitor: Visitor) => void,
): Promise<Door> {
  const visitors = new Map<Socket, Visitor>();
  const turnAway = createTurnAway(() => maxConnections, server, report);
  let accepted = 0;
  const listener = await listen(port, (socket, doorway) => {
    socket.on('error', () => socket.destroy());
    // RFC 9293 §3.10: a peer that is already gone has no address any more.
    if (socket.remotePort === undefined) return void socket.destroy();
    if (visitors.size >= maxConnections) return turnAway(socket, socket.remotePort, scheme, visitors.size);
    accepted += 1;
    const visitor: Visitor = {
      number: accepted, acceptedAt: monotonicNow(), peerAddress: socket.remoteAddress ?? '',
      peerPort: socket.remotePort, doorway, firstByteAt: undefined, secured: undefined, requests: 0, account: undefined,
      ending: undefined, tap: undefined, headAt: undefined, received: 0, open: new Set(),
    };
    visitors.set(socket, visitor);
    watchConnection(visitor, socket, () => {
      tellOfEnd(visitor, visitors.size, server, report);
      visitors.delete(socket);
    });
    onVisitor(socket, visitor);
  });
  return {
    visitors, address: '127.0.0.1', port: listener.port, connections: () => visitors.size,
    async close() {
      for (const [socket, visitor] of visitors) {
        endConnection(visitor, { by: 'server', reason: 'stopped' });
        socket.destroy();
      }
      await listener.close();
    },
  };
}
