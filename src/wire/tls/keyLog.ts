import { appendFileSync } from 'node:fs';

/** A file that secrets cannot be added to. */
export class UnwritableKeyLog extends Error {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.path = path;
  }
}

/**
 * Adds secrets to a file, which only its owner may read, in the NSS key log format: Node gives whole lines. Made when
 * a connection is: from then on the file is there.
 *
 * @throws UnwritableKeyLog
 */
export function keyLogTo(path: string): (line: Uint8Array) => void {
  const add = (line: Uint8Array): void => appendFileSync(path, line, { mode: 0o600 });
  try {
    add(new Uint8Array());
  } catch (error) {
    throw new UnwritableKeyLog(path, error);
  }
  return (line) => {
    try {
      add(line);
    } catch {
      // The disk is full or the file's folder gone meanwhile: a connection is worth more than its log.
    }
  };
}
