import type { LabPorts, LabServerId, LabServerProblem, LabServerState } from '../messages.ts';

/** A server that listens. */
export interface OpenServer {
  /** How it is written in a URL: `http://lab.test:PORT`, or with its own scheme. */
  readonly origin: string;
  readonly address: string;
  readonly port: number;
  /** Open now. */
  readonly connections: () => number;
  /** Stops listening and closes its connections. */
  close(): Promise<void>;
}

/** A server that can be started, again and again. */
export interface LabServer {
  readonly id: LabServerId;
  /** Listens on `port` of loopback, 0: any that is free; rejects when it is taken. */
  start(port: number): Promise<OpenServer>;
}

/** The servers of a lab, each of which runs or does not. */
export interface Servers {
  /** Does nothing for one that runs. Gives why it does not run then, and never rejects. */
  start(id: LabServerId): Promise<LabServerProblem | undefined>;
  stop(id: LabServerId): Promise<void>;
  /** What is wanted from the next start on. */
  setPorts(ports: LabPorts): void;
  isOpen(id: LabServerId): boolean;
  /** Where it listens or listened last; undefined when it never did. */
  portOf(id: LabServerId): number | undefined;
  /** In the order in which they start. */
  states(): readonly LabServerState[];
  close(): Promise<void>;
}

/** Hears of each start and stop, before anybody else does. */
export interface ServerListener {
  onOpen(id: LabServerId, open: OpenServer): void;
  onClose(id: LabServerId, port: number): void;
}

type Where = Pick<OpenServer, 'origin' | 'address' | 'port'>;

interface Place {
  readonly server: LabServer;
  open: OpenServer | undefined;
  last: Where | undefined;
  problem: LabServerProblem | undefined;
}

/** None of them runs yet. */
export function createServers(list: readonly LabServer[], ports: LabPorts, listener: ServerListener): Servers {
  const places = new Map(list.map((server): [LabServerId, Place] =>
    [server.id, { server, open: undefined, last: undefined, problem: undefined }]));
  let wanted = ports;
  const stop = async (id: LabServerId): Promise<void> => {
    const place = places.get(id);
    if (!place) return;
    const { open } = place;
    Object.assign(place, { open: undefined, problem: undefined });
    if (!open) return;
    listener.onClose(id, open.port);
    await open.close();
  };
  return {
    async start(id) {
      const place = places.get(id);
      if (!place || place.open) return undefined;
      const port = wanted[id] ?? 0;
      try {
        const open = await startAt(place, port);
        const { origin, address, port: bound } = open;
        Object.assign(place, { open, last: { origin, address, port: bound }, problem: undefined });
        listener.onOpen(id, open);
        return undefined;
      } catch (error) {
        place.problem = problemOf(error, port);
        return place.problem;
      }
    },
    stop,
    setPorts(next) { wanted = next; },
    portOf: (id) => places.get(id)?.last?.port,
    isOpen: (id) => places.get(id)?.open !== undefined,
    states: () => [...places.values()].map(stateOf),
    // In the end nobody is told of anything: those in front go first.
    close: async () => { await Promise.all([...places.keys()].reverse().map(stop)); },
  };
}

/** Where it was before if nothing else is wanted, and elsewhere when that was taken in the meantime. */
async function startAt({ server, last }: Place, wanted: number): Promise<OpenServer> {
  if (wanted !== 0 || !last) return server.start(wanted);
  return server.start(last.port).catch(() => server.start(0));
}

function problemOf(error: unknown, port: number): LabServerProblem {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  return { code, message, ...(port === 0 ? {} : { port }) };
}

function stateOf({ server, open, last, problem }: Place): LabServerState {
  const { id } = server;
  // Whoever has the port of one that failed is not the one to send requests to.
  if (problem) return { id, state: 'failed', problem, connections: 0 };
  return { id, state: open ? 'running' : 'stopped', ...last, connections: open?.connections() ?? 0 };
}
