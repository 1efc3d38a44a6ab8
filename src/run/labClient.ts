import type {
  FromLab, LabAction, LabActionProblem, LabAddresses, LabPorts, LabServerId, LabServerProblem, LabState, ToLab,
} from '../protocol.ts';
import { accountsIn } from './labAccounts.ts';
import { labLimitNames, limitOption } from './labLimits.ts';
import type { LabLimits } from './labLimits.ts';
import { startChild } from './childProcess.ts';
import type { Child, ChildExit } from './childProcess.ts';

export type LabAccount = Extract<FromLab, { type: 'events' }>;

interface LabClientOptions {
  /** Absolute path of the bundled lab. */
  readonly modulePath: string;
  /** Ports to listen on, asked for at each start; 0 or absent takes free ones. */
  readonly ports?: () => LabPorts;
  /** Where sessions are kept, asked for at each start: see {@link isSessionStore}. */
  readonly sessionStore?: () => string;
  /** Asked for at each start. */
  readonly limits?: () => LabLimits;
  readonly execPath?: string;
  /** The server's account of one request, joined by `createServerSideJoin`. */
  readonly onEvents?: (account: LabAccount) => void;
  /** While it is watched, and after each action. */
  readonly onState?: (state: LabState) => void;
  /** A server listens elsewhere than before. */
  readonly onAddresses?: (addresses: LabAddresses) => void;
  /** It ended without having been asked to. */
  readonly onExit?: (exit: ChildExit) => void;
  readonly onOutput?: (text: string) => void;
}

/** What became of an action. */
export interface LabActionResult {
  readonly state: LabState;
  readonly problem?: LabActionProblem;
}

/** The host's end of the lab: at most one child at a time. */
export interface LabClient {
  /** Where the running lab listens; undefined while it is not running. */
  readonly addresses: LabAddresses | undefined;
  /** Starts the lab unless it runs. Rejects when that cannot be, for a server's sake with {@link LabStartFailure}. */
  start(): Promise<LabAddresses>;
  /** Resolves when the process has ended; at once when none runs. */
  stop(): Promise<void>;
  /** Does something to the running lab; undefined when it does not run, or ends before it has answered. */
  act(action: LabAction): Promise<LabActionResult | undefined>;
  /** Whether states are wanted, now and after each start. */
  watch(isWatched: boolean): void;
  dispose(): Promise<void>;
}

/** The lab was not started because one of its servers could not be. */
export class LabStartFailure extends Error {
  readonly server: LabServerId;
  readonly problem: LabServerProblem;

  constructor(server: LabServerId, problem: LabServerProblem) {
    super(problem.message);
    this.server = server;
    this.problem = problem;
  }
}

type Answer = PromiseWithResolvers<LabActionResult | undefined>;

/** Whether the lab can keep sessions there: `memory`, `shared`, or the URL of a Redis. */
export function isSessionStore(text: string): boolean {
  if (text === 'memory' || text === 'shared') return true;
  const url = /^rediss?:\/\/[^/]/.test(text) ? URL.parse(text) : undefined;
  // What follows the port is the number of a database.
  return url != null && url.hostname !== '' && /^(?:\/\d*)?$/.test(url.pathname);
}

/** A child, and what was asked of it. */
interface Running {
  readonly child: Child;
  readonly ready: Promise<LabAddresses>;
  readonly asked: Map<number, Answer>;
}

/** Nothing is started until `start`. */
export function createLabClient(options: LabClientOptions): LabClient {
  let running: Running | undefined;
  let addresses: LabAddresses | undefined;
  let isWatched = false;
  let actions = 0;

  const launch = (): Running => {
    const ready = Promise.withResolvers<LabAddresses>();
    const asked: Running['asked'] = new Map();
    const child = startChild({
      modulePath: options.modulePath,
      args: [
        ...portArguments(options.ports?.() ?? {}),
        ...limitArguments(options.limits?.() ?? {}),
      ],
      environment: { ROUNDTRIP_LAB_SESSION_STORE: options.sessionStore?.() ?? 'memory' },
      ...(options.execPath ? { execPath: options.execPath } : {}),
      ...(options.onOutput ? { onOutput: options.onOutput } : {}),
      onMessage: (value) => hear(value as FromLab, child, ready, asked),
      onExit: (exit) => {
        ready.reject(new Error(exit.message));
        for (const { resolve } of asked.values()) resolve(undefined);
        if (running?.child === child) running = addresses = undefined;
        if (!exit.expected) options.onExit?.(exit);
      },
    });
    return { child, ready: ready.promise, asked };
  };

  const hear = (
    message: FromLab, child: Child, ready: PromiseWithResolvers<LabAddresses>, asked: Running['asked'],
  ): void => {
    const isCurrent = running === undefined || running.child === child;
    switch (message.type) {
      case 'events': return options.onEvents?.(message);
      case 'accounts': return accountsIn(message).forEach((account) => options.onEvents?.(account));
      case 'failed': return ready.reject(message.server && message.problem
        ? new LabStartFailure(message.server, message.problem) : new Error(message.message));
      case 'ready':
        if (isCurrent) addresses = message.addresses;
        if (isWatched) child.send({ type: 'watch', isWatched } satisfies ToLab);
        return ready.resolve(message.addresses);
      case 'addresses':
        if (!isCurrent) return;
        addresses = message.addresses;
        return options.onAddresses?.(addresses);
      case 'state': return options.onState?.(message.state);
      case 'done': {
        const { id, state, problem } = message;
        options.onState?.(state);
        asked.get(id)?.resolve({ state, ...(problem ? { problem } : {}) });
        asked.delete(id);
      }
    }
  };

  const stop = async (): Promise<void> => {
    const { child, ready } = running ?? {};
    running = addresses = undefined;
    if (!child) return;
    ready?.catch(() => {});
    child.send({ type: 'stop' } satisfies ToLab);
    await child.end();
  };

  return {
    get addresses() {
      return addresses;
    },
    start: () =>
      (running ??= launch()).ready.catch(async (error: unknown) => {
        await stop();
        throw error;
      }),
    stop,
    act: async (action) => {
      if (!running || !addresses) return undefined;
      const answer: Answer = Promise.withResolvers();
      const id = actions += 1;
      running.asked.set(id, answer);
      if (!running.child.send({ type: 'control', id, action } satisfies ToLab)) return undefined;
      return answer.promise;
    },
    watch: (wanted) => {
      if (isWatched === wanted) return;
      isWatched = wanted;
      if (addresses) running?.child.send({ type: 'watch', isWatched } satisfies ToLab);
    },
    dispose: stop,
  };
}

function limitArguments(limits: LabLimits): string[] {
  return labLimitNames.flatMap((name) => limits[name] === undefined ? [] : [`${limitOption(name)}=${limits[name]}`]);
}

/** `--relay-port=…`, as the lab's own command line takes them. */
function portArguments(ports: LabPorts): string[] {
  return Object.entries(ports).flatMap(([id, port]) => (port ? [`--${id}-port=${port}`] : []));
}
