import type * as FileSystem from 'node:fs/promises';

/**
 * Writes a file that only its owner may read: beside its place, flushed, then renamed. A crash or a full disk leaves
 * the old file or the new one, never half of it. What is no file (a pipe, a link such as /dev/stdout) is written as it
 * is. Rejects as `node:fs` does, and leaves nothing behind then.
 */
export async function writeWhole(
  path: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const { lstat, open, rename, rm, writeFile } = files();
  const found = await lstat(path).catch(() => undefined);
  if (found && !found.isFile()) return writeFile(path, chunks);
  const partial = `${path}.${crypto.randomUUID().slice(0, 8)}.partial`;
  const file = await open(partial, 'wx', 0o600);
  try {
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Loaded on first use: at start it would cost a quarter of what the whole extension does. */
function files(): typeof FileSystem {
  return process.getBuiltinModule('node:fs/promises');
}
