import type { Socket } from 'node:net';
import { origin } from '../dns/labZone.ts';
import type { Front } from '../http/front.ts';
import { listen } from '../http/listener.ts';
import type { LabServer } from './servers.ts';

/** A door of the lab's web server; both lead to one front. `onListening` hears whether there is one on `::1`, too. */
export function webServer(
  id: 'http' | 'https', front: () => Front, onListening: (ipv6: boolean) => void = () => {},
): LabServer {
  return {
    id,
    async start(port) {
      const open = new Set<Socket>();
      const listener = await listen(port, (socket, doorway) => {
        open.add(socket);
        socket.on('close', () => open.delete(socket));
        front().accept(socket, id, doorway);
      });
      onListening(listener.ipv6);
      return {
        origin: `${id}://${origin}:${listener.port}`, address: '127.0.0.1', port: listener.port,
        connections: () => open.size,
        async close() {
          for (const socket of open) socket.destroy();
          await listener.close();
        },
      };
    },
  };
}
