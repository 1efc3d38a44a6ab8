import { listen } from '../http/listener.ts';
import { createTurnAway } from '../http/turnAway.ts';
import type { House, Part } from '../parts.ts';
import { createCrew } from './crew.ts';
import type { Crew } from './crew.ts';

const crews = new WeakMap<House, Crew>();

/** The workers of the lab's cluster. */
export function crewOf(house: House): Crew {
  const known = crews.get(house);
  if (known) return known;
  const crew = createCrew(house, house.entry);
  crews.set(house, crew);
  return crew;
}

/**
 * Worker processes behind one port, which take connections in turn. All requests of a connection stay with one worker.
 * When all workers have as many as they may have, further ones are turned away here.
 */
export const cluster: Part = {
  id: 'cluster',
  async start(house, port) {
    const crew = crewOf(house);
    const turnAway = createTurnAway(() => crew.mostConnections, 'cluster', house.report);
    crew.open();
    // Nobody may read from a connection before its worker does.
    const listener = await listen(port, (socket, doorway) => {
      socket.on('error', () => socket.destroy());
      // RFC 9293 §3.10: a peer that is already gone has no address any more.
      if (socket.remotePort === undefined) return void socket.destroy();
      if (crew.hand(socket, socket.remotePort, doorway)) return;
      turnAway(socket, socket.remotePort, 'http', crew.connections);
      socket.resume();
    }, { pauseOnConnect: true });
    return {
      origin: `http://lab.test:${listener.port}`, address: '127.0.0.1', port: listener.port,
      connections: () => crew.connections,
      async close() {
        // Node never says that a server is closed whose connections went to workers that are all gone (_usingWorkers).
        void listener.close();
        await crew.close();
      },
    };
  },
};
