import { readFile, stat } from 'node:fs/promises';

/** A file's meaning as of now; `error` is the platform's code when it could not be read. */
export interface Current<Value> {
  readonly value: Value;
  readonly error?: string;
}

/**
 * Takes a path, what its text means and what to go by without it, and gives a function that reads
 * it again whenever it has changed. The function resolves in every case.
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
      const { mtimeMs, size, ino } = await stat(path);
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state !== seen) {
        value = parse(await readFile(path, 'utf8'));
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
