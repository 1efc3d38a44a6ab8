import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A file's meaning as of now; `error` is the platform's code when it could not be read. */
export interface Current<Value> {
  readonly value: Value;
  readonly error?: string;
}

/** Files up to this many bytes are read on the spot: a turn of the thread pool costs more than they do. */
const readAtOnce = 65_536;

/**
 * Takes a path, what its text means and what to go by without it, and gives a function that reads
 * it again whenever it has changed. The function resolves in every case, and while the file is as
 * it was, without waiting for anything: the state of a local file is known within microseconds, but
 * asked of the thread pool it waits for whatever else is there.
 */
export function createCurrentFile<Value>(
  path: string,
  parse: (text: string) => Value,
  absent: Value,
): () => Promise<Current<Value>> {
  let seen: string | undefined;
  let value = absent;
  return async () => {
    try {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined) {
        seen = undefined;
        return { value: absent, error: 'ENOENT' };
      }
      const state = `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
      if (state !== seen) {
        const isSmall = stats.isFile() && stats.size <= readAtOnce;
        value = parse(isSmall ? readFileSync(path, 'utf8') : await readFile(path, 'utf8'));
        seen = state;
      }
      return { value };
    } catch (error) {
      seen = undefined;
      return { value: absent, error: errorCode(error) };
    }
  };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
