import { createHash } from 'node:crypto';
import { json, problem } from '../http/answer.ts';
import type { Handler } from '../http/handler.ts';
import { wholeNumber } from '../routes/numbers.ts';

/** ms; a worker does nothing else meanwhile, and must still answer those who look after it. */
const longest = 200;

/** Hashes between two looks at the clock: some 50 µs. */
const batch = 50;

/**
 * Works without a break until the process has used so many ms of processor time, which is what workers are there to
 * share; a wait would cost nobody anything.
 */
export function computeHandler(worker: number): Handler {
  return ({ parameters }) => {
    const time = wholeNumber(parameters.ms, 0, longest);
    if (time === undefined) return problem(400, `The time is a number of ms up to ${longest}.`);
    return json(200, { worker, computed: time, hashes: hashFor(time) }, [['Cache-Control', 'no-store']]);
  };
}

/** A chain of hashes, each of the one before; gives how many there were time for. */
function hashFor(time: number): number {
  const startedAt = process.cpuUsage();
  let hashes = 0;
  let last = '';
  for (let used = 0; used < time * 1000;) {
    for (let index = 0; index < batch; index += 1) last = createHash('sha256').update(last).digest('hex');
    hashes += batch;
    const { user, system } = process.cpuUsage(startedAt);
    used = user + system;
  }
  return hashes;
}
