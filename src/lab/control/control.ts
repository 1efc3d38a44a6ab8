import type { Crew } from '../cluster/crew.ts';
import type { LabAction, LabActionProblem, LabPorts, LabServerId, LabState } from '../messages.ts';
import type { SessionTally } from '../shop/stores.ts';
import type { Servers } from './servers.ts';

/** What can be done to a running lab. */
export interface Control {
  /**
   * Actions are carried out one after another; gives why one was not. Whether a server started is told by `report`.
   */
  act(action: LabAction): Promise<LabActionProblem | undefined>;
  report(): Promise<LabState>;
}

export interface ControlOptions {
  readonly servers: Servers;
  readonly sessions: SessionTally;
  readonly crew: Crew;
}

export function createControl({ servers, sessions, crew }: ControlOptions): Control {
  const allIds = servers.states().map(({ id }) => id);
  const idsOf = (server: LabServerId | undefined): readonly LabServerId[] => server === undefined ? allIds : [server];
  const start = async (server: LabServerId | undefined, ports: LabPorts | undefined): Promise<void> => {
    if (ports) servers.setPorts(ports);
    for (const id of idsOf(server)) await servers.start(id);
  };
  const stop = async (server: LabServerId | undefined): Promise<void> => {
    // Those in front go first.
    for (const id of idsOf(server).toReversed()) await servers.stop(id);
  };
  const carryOut = async (action: LabAction): Promise<LabActionProblem | undefined> => {
    switch (action.do) {
      case 'start': return void await start(action.server, action.ports);
      case 'stop': return void await stop(action.server);
      case 'restart':
        await stop(action.server);
        return void await start(action.server, action.ports);
      case 'add-worker':
        if (crew.isClosed) return 'cluster-stopped';
        return crew.add() ? undefined : 'too-many-workers';
      case 'kill-worker': return await crew.kill(action.worker) ? undefined : 'no-such-worker';
      case 'clear-sessions':
        await crew.clearSessions();
        return await sessions.clear() ? undefined : 'store-away';
      case 'report': return undefined;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    act(action) {
      const done = last.then(() => carryOut(action));
      last = done.catch(() => {});
      return done;
    },
    async report() {
      const workers = crew.workers();
      const inCluster = await crew.sharedSessions();
      const [own, inRedis] = [sessions.own(), await sessions.inRedis()];
      const inAll = (count: number): number | undefined => inRedis === undefined ? undefined : count + inRedis;
      const kept = new Map<LabServerId, number | undefined>([
        ['http', inAll(own)], ['https', inAll(own)],
        ['cluster', inAll(workers.reduce((sum, worker) => sum + worker.sessions, inCluster ?? 0))],
      ]);
      const states = servers.states().map((server) => {
        const count = kept.get(server.id);
        return count === undefined ? server : { ...server, sessions: count };
      });
      return { servers: states, workers };
    },
  };
}
