import { get } from 'node:http';
import { monotonicNow } from '../clock.ts';
import type { Crew } from './crew.ts';
import { healthPath } from './workerRoutes.ts';

/** A server behind the balancer. */
export interface BackEnd {
  /** From 1. */
  readonly number: number;
  readonly port: number;
}

export type Strategy = 'round-robin' | 'least-connections' | 'sticky';

export interface Choice extends BackEnd {
  readonly strategy: Strategy;
  readonly reason: 'next' | 'fewest' | 'cookie' | 'no-cookie' | 'left-out';
  /** How many there were to choose from. */
  readonly backEnds: number;
}

/** A server that was chosen and was not ready yet, from `startAt` until it was, or could not be. */
export interface AwaitedStart {
  readonly number: number;
  readonly startAt: number;
  readonly ready: boolean;
}

export interface BackEnds {
  /**
   * `kept` is what the client's cookie says; undefined when there is no server that answers. `onAwaited` is told of
   * each one that had to be waited for.
   */
  choose(
    strategy: Strategy, kept: number | undefined, onAwaited: (start: AwaitedStart) => void,
  ): Promise<Choice | undefined>;
  /** A request goes there; call what it gives when it is over. */
  enter(backEnd: BackEnd): () => void;
  /** It gave no response: it is left out until it answers again. */
  leaveOut(backEnd: BackEnd): void;
  close(): void;
}

interface State {
  readonly number: number;
  requests: number;
  isOut: boolean;
  /** It has been started: from now on it answers, or something is wrong with it. */
  wasUp: boolean;
}

/** ms: between two looks at a server, until it must have answered, and after the last request until nobody looks. */
const checks = { interval: 1000, patience: 1000, use: 10_000 };

/** The workers of a cluster, each asked on a port of its own. */
export function createBackEnds(crew: Crew): BackEnds {
  const known: State[] = [];
  const timers = new Map<State, NodeJS.Timeout>();
  let turn = 0;
  let usedAt = -Infinity;
  const all = (): readonly State[] => {
    while (known.length < crew.size) known.push({ number: known.length + 1, requests: 0, isOut: false, wasUp: false });
    return known;
  };
  const watch = (state: State): void => {
    if (timers.has(state)) return;
    timers.set(state, setTimeout(() => void isWell(crew, state.number).then((well) => {
      if (!timers.delete(state)) return;
      state.isOut = !well;
      // One that is out must come back in; nobody looks at the others when nobody uses them.
      if (state.isOut || monotonicNow() - usedAt < checks.use) watch(state);
    }), checks.interval).unref());
  };
  const leaveOut = (state: State): void => {
    state.isOut = true;
    watch(state);
  };
  const pick = (strategy: Strategy, kept: number | undefined): Omit<Choice, 'port'> | undefined => {
    const well = all().filter(({ isOut }) => !isOut);
    const backEnds = well.length;
    const bound = all().find(({ number }) => strategy === 'sticky' && number === kept);
    if (bound && !bound.isOut) return { number: bound.number, strategy, reason: 'cookie', backEnds };
    const next = well.toSorted((a, b) => distance(a, turn, crew.size) - distance(b, turn, crew.size))[0];
    const fewest = well.toSorted((a, b) => a.requests - b.requests)[0];
    const chosen = strategy === 'least-connections' ? fewest : next;
    if (!chosen) return undefined;
    turn = chosen.number;
    const reason = strategy === 'round-robin' ? 'next' : strategy === 'least-connections' ? 'fewest'
      : bound ? 'left-out' : 'no-cookie';
    return { number: chosen.number, strategy, reason, backEnds };
  };
  return {
    async choose(strategy, kept, onAwaited) {
      usedAt = monotonicNow();
      for (const state of all()) if (state.wasUp && crew.portNow(state.number) === undefined) leaveOut(state);
      for (let choice = pick(strategy, kept); choice; choice = pick(strategy, kept)) {
        const startAt = monotonicNow();
        const isUp = crew.portNow(choice.number) !== undefined;
        const port = await crew.portOf(choice.number);
        if (!isUp) onAwaited({ number: choice.number, startAt, ready: port !== undefined });
        const state = known[choice.number - 1]!;
        if (port === undefined) {
          leaveOut(state);
          continue;
        }
        state.wasUp = true;
        watch(state);
        return { ...choice, port };
      }
      return undefined;
    },
    enter({ number }) {
      const state = known[number - 1]!;
      state.requests += 1;
      return () => { state.requests -= 1; };
    },
    leaveOut: ({ number }) => leaveOut(known[number - 1]!),
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** How many places after the one that was last; that one itself comes last. */
function distance({ number }: State, last: number, size: number): number {
  return (number - 1 - last + size) % size;
}

/** A server is well when it answers. */
async function isWell(crew: Crew, number: number): Promise<boolean> {
  const port = await crew.portOf(number);
  if (port === undefined) return false;
  return new Promise((resolve) => {
    const asked = get({
      host: '127.0.0.1', port, path: healthPath, agent: false, timeout: checks.patience,
      headers: { Host: `lab.test:${port}` },
    }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(false));
  });
}
