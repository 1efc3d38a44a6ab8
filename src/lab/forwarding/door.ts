import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { listen } from '../http/listener.ts';
import type { RunningPart } from '../parts.ts';
import type { Visitor } from './visit.ts';

/** A listening port of loopback whose connections are counted. */
export interface Door extends Omit<RunningPart, 'origin'> {
  readonly visitors: ReadonlyMap<Socket, Visitor>;
}

/** Opens `port` (0: any). Connections beyond `limit` are reset, or turned away; `onVisitor` hears of the others. */
export async function openDoor(
  port: number, limit: number, onVisitor: (socket: Socket, visitor: Visitor) => void,
  turnAway: (socket: Socket, peerPort: number, open: number) => void = (socket) => socket.resetAndDestroy(),
): Promise<Door> {
  const visitors = new Map<Socket, Visitor>();
  let accepted = 0;
  const listener = await listen(port, (socket) => {
    socket.on('error', () => socket.destroy());
    // RFC 9293 §3.10: a peer that is already gone has no address any more.
    if (socket.remotePort === undefined) return void socket.destroy();
    if (visitors.size >= limit) return turnAway(socket, socket.remotePort, visitors.size);
    accepted += 1;
    const visitor: Visitor = {
      number: accepted, acceptedAt: monotonicNow(), address: socket.remoteAddress ?? '', port: socket.remotePort,
      requests: 0, received: 0, open: new Set(),
    };
    visitors.set(socket, visitor);
    socket.on('close', () => visitors.delete(socket));
    onVisitor(socket, visitor);
  });
  return {
    visitors, address: '127.0.0.1', port: listener.port, connections: () => visitors.size,
    async close() {
      for (const socket of visitors.keys()) socket.destroy();
      await listener.close();
    },
  };
}
