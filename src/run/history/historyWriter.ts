import type { HistoryFile, StoredExchange } from './historyFile.ts';

/** Brings exchanges to the disk a moment after they changed, and keeps the file from growing. */
interface HistoryWriter {
  /** This exchange is over, or has changed since. */
  soon(exchangeId: string): void;
  /** This exchange is not to be written any more. */
  drop(exchangeId: string): void;
  /** Writes the file anew without what was dropped, and deletes the contents of these. */
  compact(dropped: readonly string[]): void;
  /** Resolves when everything is written. */
  flush(): Promise<void>;
}

interface HistorySource {
  /** Reads what is in the file, once. */
  load(): Promise<void>;
  stored(exchangeId: string): StoredExchange | undefined;
  /** Every exchange that is over, in order. */
  all(): StoredExchange[];
  /** Lines beyond which the file is written anew. */
  lineLimit(): number;
}

/** Changes that come together are written together: the server's account follows the last byte. */
const delay = 250;

/** Writes what `source` knows to `file`, a moment after it is over; failures to write are passed over. */
export function createHistoryWriter(file: HistoryFile, source: HistorySource): HistoryWriter {
  const waiting = new Set<string>();
  let lines = 0;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> = Promise.resolve();

  const follow = (work: readonly Promise<unknown>[]): void => {
    working = Promise.all([working, ...work.map((one) => one.catch(() => {}))]);
  };

  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const stored = [...waiting].flatMap((id) => source.stored(id) ?? []);
    waiting.clear();
    lines += stored.length;
    follow(stored.map((one) => file.append(one)));
    if (lines > source.lineLimit()) compact([]);
  };

  const compact = (dropped: readonly string[]): void => {
    lines = 0;
    follow([rewrite(dropped)]);
  };

  /** Only after what earlier sessions left was read: it would be lost. */
  const rewrite = async (dropped: readonly string[]): Promise<void> => {
    await source.load();
    const kept = source.all();
    lines += kept.length;
    await file.rewrite(kept, dropped);
  };

  return {
    compact,
    soon: (exchangeId) => {
      waiting.add(exchangeId);
      timer ??= setTimeout(write, delay);
    },
    drop: (exchangeId) => void waiting.delete(exchangeId),
    flush: async () => {
      if (waiting.size > 0) write();
      await working;
    },
  };
}
