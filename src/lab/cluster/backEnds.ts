import { get } from 'node:http';
import type { Crew } from './crew.ts';

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

export interface BackEnds {
  /** `kept` is what the client's cookie says; undefined when there is no server that answers. */
  choose(strategy: Strategy, kept?: number): Promise<Choice | undefined>;
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

/** ms between looks at a server that is left out, and how long it may take to answer. */
const checks = { interval: 1000, patience: 2000 };

/** The workers of a cluster, each asked on a port of its own. */
export function createBackEnds(crew: Crew): BackEnds {
  const states: State[] = [];
  const timers = new Map<State, NodeJS.Timeout>();
  let turn = 0;
  const look = (state: State): void => {
    timers.set(state, setTimeout(() => void isWell(crew, state.number).then((well) => {
      if (!timers.has(state)) return;
      timers.delete(state);
      if (well) state.isOut = false;
      else look(state);
    }), checks.interval).unref());
  };
  const leaveOut = (state: State): void => {
    state.isOut = true;
    if (!timers.has(state)) look(state);
  };
  const pick = (strategy: Strategy, kept: number | undefined): Omit<Choice, 'port'> | undefined => {
    const well = states.filter(({ isOut }) => !isOut);
    const backEnds = well.length;
    const bound = states.find(({ number }) => strategy === 'sticky' && number === kept);
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
    async choose(strategy, kept) {
      // Workers may have been added.
      while (states.length < crew.size) {
        states.push({ number: states.length + 1, requests: 0, isOut: false, wasUp: false });
      }
      for (const state of states) if (state.wasUp && crew.portNow(state.number) === undefined) leaveOut(state);
      const choice = pick(strategy, kept);
      if (!choice) return undefined;
      const port = await crew.portOf(choice.number);
      const state = states[choice.number - 1]!;
      if (port !== undefined) state.wasUp = true;
      else leaveOut(state);
      return port === undefined ? undefined : { ...choice, port };
    },
    enter({ number }) {
      const state = states[number - 1]!;
      state.requests += 1;
      return () => { state.requests -= 1; };
    },
    leaveOut: ({ number }) => leaveOut(states[number - 1]!),
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
      host: '127.0.0.1', port, path: '/worker', agent: false, timeout: checks.patience,
      headers: { Host: `lab.test:${port}` },
    }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(false));
  });
}
