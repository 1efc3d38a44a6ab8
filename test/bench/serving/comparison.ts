import { median, spread } from '../row.ts';
import type { Row } from '../row.ts';
import type { Load } from './load.ts';
import { pin } from './pinning.ts';
import { startLoad } from './turns.ts';
import type { LoadProcess, ServerProcess, Turn } from './turns.ts';

/** A turn takes about so long, ms: short ones meet the same weather. */
const turnTime = 150;
/** The code is compiled in the background, for which it takes thousands of requests, ms. */
const warmUpTime = 1500;

/** One that takes part: a server, what it is asked, and how it did in each round. */
export interface Side {
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: Load;
  /** The first answer, head and all. */
  readonly answer: string;
  readonly process: LoadProcess;
  readonly requests: number;
  readonly turns: Turn[];
}

/**
 * Starts to ask a server, and finds out how many requests a turn takes. The server has one core, unless it is said to
 * be wide.
 */
export async function startSide(name: string, server: ServerProcess, load: Load, isWide = false): Promise<Side> {
  const process = startLoad();
  if (!isWide) {
    pin(server.pid, 'server');
    pin(process.pid, 'asking');
  }
  const answer = await process.open(load);
  let requests = load.connections * 2;
  for (const until = performance.now() + warmUpTime; performance.now() < until;) {
    const { rate } = await process.turn(server, requests);
    requests = Math.max(load.connections, Math.ceil(rate * turnTime / 1000));
  }
  await process.close();
  return { name, server, load, answer, process, requests, turns: [] };
}

/**
 * In each round all take turns, so that a slow moment of the machine hits all, and nobody always comes after the same
 * one. Connections are opened for each turn: a server closes those that are idle meanwhile.
 */
export async function inTurns(sides: readonly Side[], rounds: number): Promise<void> {
  pin(process.pid, 'asking');
  for (let round = 0; round < rounds; round += 1) {
    const start = round % sides.length;
    for (const side of [...sides.slice(start), ...sides.slice(0, start)]) {
      const { server, load, process: asking, requests, turns } = side;
      await asking.open(load);
      turns.push(await asking.turn(server, requests));
      await asking.close();
    }
  }
  pin(process.pid, 'anywhere');
}

export function endSides(sides: readonly Side[]): void {
  for (const { server, process } of sides) {
    process.end();
    server.end();
  }
}

/** Requests per second, and what one costs the server. */
export function rates({ name, turns }: Side): Row[] {
  const row = (figure: keyof Turn, title: string, unit: string): Row => {
    const values = turns.map((turn) => turn[figure]);
    return { name: title, value: median(values), unit, spread: spread(values) };
  };
  return [row('rate', name, 'requests/s'), row('cost', `${name}: processor time`, 'µs')];
}

/** Of one to the other in each round. */
export function ratio(name: string, figure: keyof Turn, above: Side, below: Side, bound: Partial<Row> = {}): Row {
  const ratios = above.turns.map((turn, round) => turn[figure] / below.turns[round]![figure]);
  return { name, value: median(ratios), unit: '×', spread: spread(ratios), ...bound };
}
