import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Where a process runs: a server has a core for itself, and who asks it another one. */
export type Place = 'server' | 'asking' | 'anywhere';

/**
 * Keeps a process where it is told to be. Left to itself, Linux has a server and who asks it take turns on one core,
 * and nobody could tell how many requests the server is able to answer. Where there is no `taskset`, or one core only,
 * nothing happens.
 */
export function pin(process: number, place: Place): void {
  const cores = availableCores;
  if (cores < 2) return;
  const list = { server: '0', asking: '1', anywhere: `0-${cores - 1}` }[place];
  spawnSync('taskset', ['--cpu-list', '--pid', list, String(process)], { stdio: 'ignore' });
}

/** Before any of them was taken away. */
const availableCores = availableParallelism();
