import type * as FileSystem from 'node:fs/promises';
import { join } from 'node:path';
import type { Exchange } from '../../trace/exchange.ts';
import { maskExchange } from '../../trace/secrets.ts';
import type { Content } from '../engineClient.ts';
import { writeWhole } from '../wholeFile.ts';
import type { Origin } from './history.ts';

/** An exchange as kept on disk: credentials masked. */
export interface StoredExchange {
  readonly specId: string;
  readonly origin?: Origin;
  readonly exchange: Exchange;
}

/**
 * A folder with one line of JSON per exchange, the latest line of an exchange counting, and a file
 * per content.
 */
export interface HistoryFile {
  /** In the order first written. Lines that cannot be read (a crash in mid-write) are left out. */
  load(): Promise<StoredExchange[]>;
  append(stored: StoredExchange): Promise<void>;
  /** Replaces everything by these, and deletes the contents of all others. */
  rewrite(stored: readonly StoredExchange[], dropped: readonly string[]): Promise<void>;
  writeContent(exchangeId: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** A window of a kept content; undefined when none was kept. */
  readContent(exchangeId: string, offset: number, length: number): Promise<Content | undefined>;
  clear(): Promise<void>;
}

/** @param directory made on the first write. Operations run one after another. */
export function createHistoryFile(directory: string): HistoryFile {
  const lines = join(directory, 'exchanges.jsonl');
  const contents = join(directory, 'contents');
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
  // An id comes from a file too: it must not become a path.
  const contentPath = (exchangeId: string): string =>
    join(contents, `${encodeURIComponent(exchangeId)}.bin`);

  return {
    load: () =>
      inTurn(async () => {
        const text = await files()
          .readFile(lines, 'utf8')
          .catch(() => '');
        const byId = new Map<string, StoredExchange>();
        for (const line of text.split('\n')) {
          const stored = fromLine(line);
          if (stored) byId.set(stored.exchange.id, stored);
        }
        return [...byId.values()];
      }),
    append: (stored) =>
      inTurn(async () => {
        await files().mkdir(directory, { recursive: true, mode: 0o700 });
        await files().appendFile(lines, `${toLine(stored)}\n`, { mode: 0o600 });
      }),
    rewrite: (stored, dropped) =>
      inTurn(async () => {
        await files().mkdir(directory, { recursive: true, mode: 0o700 });
        await writeWhole(lines, [Buffer.from(stored.map((one) => `${toLine(one)}\n`).join(''))]);
        await Promise.all(dropped.map((id) => files().rm(contentPath(id), { force: true })));
      }),
    writeContent: (exchangeId, chunks) =>
      inTurn(async () => {
        await files().mkdir(contents, { recursive: true, mode: 0o700 });
        await writeWhole(contentPath(exchangeId), chunks);
      }),
    readContent: (exchangeId, offset, length) =>
      readWindow(contentPath(exchangeId), offset, length),
    clear: () => inTurn(() => files().rm(directory, { recursive: true, force: true })),
  };
}

async function readWindow(
  path: string,
  offset: number,
  length: number,
): Promise<Content | undefined> {
  const total = await files()
    .stat(path)
    .then(
      ({ size }) => size,
      () => undefined,
    );
  if (total === undefined) return undefined;
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, total - offset)));
  const file = await files().open(path, 'r');
  try {
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return { bytes: bytes.subarray(0, bytesRead), total };
  } finally {
    await file.close();
  }
}

/** Bytes become base64; `Infinity` (no limit) is left out, which means the same. */
function toLine(stored: StoredExchange): string {
  return JSON.stringify(
    { ...stored, exchange: maskExchange(stored.exchange) },
    (_key, value: unknown) => {
      if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
      return value === Infinity ? undefined : value;
    },
  );
}

function fromLine(line: string): StoredExchange | undefined {
  try {
    const value = JSON.parse(line, (_key, part: unknown) =>
      isBytes(part) ? new Uint8Array(Buffer.from(part.$bytes, 'base64')) : part,
    ) as StoredExchange;
    const { exchange } = value;
    const readable =
      typeof value.specId === 'string' &&
      typeof exchange.id === 'string' &&
      Array.isArray(exchange.events) &&
      typeof exchange.spec.url === 'string';
    return readable ? value : undefined;
  } catch {
    return undefined;
  }
}

function isBytes(value: unknown): value is { $bytes: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    '$bytes' in value &&
    typeof value.$bytes === 'string'
  );
}

/** Loaded when the history is first read or written. */
function files(): typeof FileSystem {
  return process.getBuiltinModule('node:fs/promises');
}
