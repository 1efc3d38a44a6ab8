import type { Cluster, Worker } from 'node:cluster';
import type { Socket } from 'node:net';
import type { Doorway } from '../http/doorway.ts';
import { mostWorkers } from '../limits.ts';
import type { LabWorkerState } from '../messages.ts';
import type { House } from '../parts.ts';
import { createDoorways } from './doorways.ts';
import { createLedger } from './ledger.ts';
import type { Ledger, ProcessEnding } from './ledger.ts';
import { bookAnswers } from './sharedBooks.ts';
import { sessionAnswers } from './sharedSessions.ts';
import type { FromWorker, Question, ToWorker } from './talk.ts';

/** The workers of a cluster. They are started when they are first needed. */
export interface Crew {
  readonly size: number;
  readonly connections: number;
  /** How many there may be, with the workers that there are. */
  readonly mostConnections: number;
  /** Hands a connection that nobody has read from to the next worker in turn; false when none has room for it. */
  hand(socket: Socket, clientPort: number, doorway: Doorway): boolean;
  /** Where a worker listens now. */
  portNow(number: number): number | undefined;
  /** Where a worker, counted from 1, listens by itself; undefined while there is none in its place. */
  portOf(number: number): Promise<number | undefined>;
  workers(): readonly LabWorkerState[];
  /** Adds a place and starts a worker for it; false when there are as many as there may be. */
  add(): boolean;
  /** Ends a worker at once, as if it had crashed; false when there is none in its place. */
  kill(number: number): Promise<boolean>;
  /** Those that all workers know; undefined when nobody can tell. */
  sharedSessions(): Promise<number | undefined>;
  /** Of all workers, and the shared ones. */
  clearSessions(): Promise<void>;
  /** Tells the workers where the lab's servers listen now. */
  tellPorts(): void;
  readonly isClosed: boolean;
  /** From now on workers may be started (again). */
  open(): void;
  /** Ends all workers. */
  close(): Promise<void>;
}

/** A worker's place, which another one takes when it dies. */
interface Place {
  readonly number: number;
  worker: Worker | undefined;
  ledger: Ledger;
  ready: Promise<number | undefined>;
  port: number | undefined;
  open: number;
  requests: number;
  sessions: number;
}

function createPlace(number: number): Place {
  return {
    number, worker: undefined, ledger: createLedger(`worker ${number}`), ready: nobody, port: undefined, open: 0,
    requests: 0, sessions: 0,
  };
}

const nobody = Promise.resolve(undefined);

/** `entry` is the file whose `--worker=N` makes a worker; without one there is nobody to serve. */
export function createCrew(house: House, entry: string | undefined): Crew {
  const places = Array.from({ length: house.limits.workers }, (_, index) => createPlace(index + 1));
  const answer = createAnswers(house);
  const doorways = createDoorways();
  let turn = 0;
  let isClosed = false;
  const fill = (place: Place): void => {
    if (entry === undefined || place.worker || isClosed) return;
    const worker = fork(entry, place.number);
    const ready = Promise.withResolvers<number | undefined>();
    Object.assign(place, { ...createPlace(place.number), worker, ready: ready.promise });
    const { ledger } = place;
    let isReady = false;
    worker.on('message', (message: FromWorker) => {
      switch (message.type) {
        case 'ready':
          isReady = true;
          place.port = message.port;
          return ready.resolve(message.port);
        case 'closed':
          ledger.closed(message.clientPort);
          if (place.worker === worker) place.open -= 1;
          return;
        case 'served':
          if (place.worker === worker) Object.assign(place, { requests: message.requests, sessions: message.sessions });
          return;
        case 'account':
          ledger.told(message.account);
          return house.report(doorways.complete(message.account));
        case 'under-way': return ledger.underWay(message.accounts);
        case 'leaving': return;
        case 'ask':
          void answer(message.question, message.value).then((reply) =>
            send(worker, { type: 'reply', id: message.id, ...reply }));
      }
    });
    worker.on('error', () => {});
    worker.on('exit', (_, signal: string | null) => {
      ready.resolve(undefined);
      const how = isClosed ? { by: 'server', reason: 'stopped' } as const : diedOf(worker, signal);
      whenSilent(worker, () => ledger.end(how).forEach(house.report));
      Object.assign(place, createPlace(place.number));
      // One that never came so far would fail again: the next connection may try.
      if (isReady) fill(place);
    });
    send(worker, { type: 'start', limits: house.limits, ports: portsOf(house), keeping: house.keeping });
  };
  const fillAll = (): void => places.forEach(fill);
  const { maxConnections } = house.limits;
  const nextWithRoom = (): Place | undefined => {
    for (let tries = 0; tries < places.length; tries += 1) {
      const place = places[turn % places.length]!;
      turn += 1;
      if (place.open < maxConnections) return place;
    }
    return undefined;
  };
  return {
    get size() { return places.length; },
    get isClosed() { return isClosed; },
    get connections() { return places.reduce((sum, { open }) => sum + open, 0); },
    get mostConnections() { return places.length * maxConnections; },
    hand(socket, clientPort, doorway) {
      doorways.add(doorway);
      fillAll();
      const place = nextWithRoom();
      if (!place) return false;
      const { worker, ledger, ready } = place;
      const { listening } = doorway;
      place.open += 1;
      void ready.then((port) => {
        if (port !== undefined && worker?.isConnected() && !socket.destroyed) {
          ledger.handed(clientPort);
          return void worker.send({ type: 'connection', clientPort, listening } satisfies ToWorker, socket, () => {});
        }
        socket.destroy();
        if (place.worker === worker) place.open -= 1;
      });
      return true;
    },
    portNow: (number) => places[number - 1]?.port,
    portOf(number) {
      fillAll();
      return places[number - 1]?.ready ?? nobody;
    },
    workers: () => places.map(workerState),
    add() {
      if (places.length >= mostWorkers) return false;
      const place = createPlace(places.length + 1);
      places.push(place);
      fill(place);
      return true;
    },
    async kill(number) {
      const worker = places[number - 1]?.worker;
      if (worker) await end(worker);
      return worker !== undefined;
    },
    sharedSessions: async () => {
      const reply = await answer('size', '');
      return 'value' in reply && typeof reply.value === 'number' ? reply.value : undefined;
    },
    async clearSessions() {
      for (const { worker } of places) if (worker) send(worker, { type: 'clear-sessions' });
      await answer('clear', '');
    },
    tellPorts() {
      for (const { worker } of places) if (worker) send(worker, { type: 'ports', ports: portsOf(house) });
    },
    open() { isClosed = false; },
    async close() {
      isClosed = true;
      await Promise.all(places.map(({ worker }) => worker && end(worker)));
    },
  };
}

function workerState({ number, worker, port, requests, open, sessions }: Place): LabWorkerState {
  const state = !worker ? 'idle' : port === undefined ? 'starting' : 'running';
  const pid = worker?.process.pid;
  return { number, state, ...(pid === undefined ? {} : { pid }), requests, connections: open, sessions };
}

function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => {});
}

/** Loaded with the first worker: a lab whose cluster nobody asks has no use for it. */
function fork(entry: string, number: number): Worker {
  const cluster = process.getBuiltinModule('node:cluster') as unknown as Cluster;
  cluster.setupPrimary({ exec: entry, args: [`--worker=${number}`], execArgv: [] });
  return cluster.fork();
}

function end(worker: Worker): Promise<void> {
  const gone = new Promise<void>((resolve) => worker.on('exit', () => resolve()));
  worker.process.kill('SIGKILL');
  return gone;
}

function diedOf({ process: { pid } }: Worker, signal: string | null): ProcessEnding {
  return { by: 'server', reason: 'died', ...(pid === undefined ? {} : { pid }), ...(signal ? { code: signal } : {}) };
}

/** What a process said last may be read after its end has been noticed. */
function whenSilent(worker: Worker, listener: () => void): void {
  if (worker.isConnected()) worker.once('disconnect', listener);
  else listener();
}

function portsOf({ ports }: House): { https: number; front: number[] } {
  return { https: ports.https, front: [...ports.front ?? []] };
}

type Reply = { readonly value?: unknown } | { readonly error: string };

function createAnswers({ authority, sharedSessions, books }: House): (question: Question, value: string) => Promise<Reply> {
  const answers: Record<Question, (value: string) => unknown> = {
    ...sessionAnswers(sharedSessions),
    issue: (name) => authority.issueClient(name), books: bookAnswers(books),
  };
  return async (question, value) => {
    try {
      return { value: await answers[question](value) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
}
