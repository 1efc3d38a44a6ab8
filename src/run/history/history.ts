import type { ExchangeEvent } from '../../trace/event.ts';
import type { Exchange } from '../../trace/exchange.ts';
import type { RequestSpec } from '../../trace/request.ts';
import { maskChunks } from '../../trace/secretValues.ts';
import type { Content, EngineListener } from '../engineClient.ts';
import { createHistoryFile } from './historyFile.ts';
import { createHistoryWriter } from './historyWriter.ts';
import { SeenSends } from './seenSends.ts';

/** Where a send comes from: `key` tells the requests of one file apart while it is edited. */
export interface Origin {
  readonly uri: string;
  readonly key: string;
}

/** One press of *Send*: the exchanges made for it in order, the last one being the outcome. */
export interface Send {
  readonly specId: string;
  /** Absent for a send of an earlier session: what is on disk has its credentials masked. */
  readonly spec?: RequestSpec;
  readonly origin?: Origin;
  readonly exchangeIds: readonly string[];
  readonly running: boolean;
  /** Asked for by `# @no-log`: nothing of it is written to the disk. */
  readonly unlogged?: true;
}

/** Every send and what was seen of it: in memory in full, on disk with credentials masked. */
export interface History extends EngineListener {
  /** Called after each change of a send, or of all of them. Gives the way to stop listening. */
  onChange(
    listener: (change: { readonly specId?: string; readonly outcome: boolean }) => void,
  ): () => void;
  begin(spec: RequestSpec, origin?: Origin, how?: { readonly unlogged?: boolean }): void;
  /** Adds `server` events, also to an exchange that is over. */
  append(exchangeId: string, events: readonly ExchangeEvent[]): void;
  finish(specId: string): void;
  /** Oldest first. */
  sends(): readonly Send[];
  send(specId: string): Send | undefined;
  latest(origin: Origin): Send | undefined;
  sendOf(exchangeId: string): Send | undefined;
  exchange(exchangeId: string): Exchange | undefined;
  exchangesOf(specId: string): readonly Exchange[];
  /** Reads what earlier sessions left, once. */
  load(): Promise<void>;
  /** Keeps the content of an exchange beside the history. */
  keepContent(exchangeId: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  readContent(exchangeId: string, offset: number, length: number): Promise<Content | undefined>;
  setLimit(limit: number): void;
  clear(): Promise<void>;
  /** Resolves when everything that is over is on disk. */
  flush(): Promise<void>;
}

interface HistoryOptions {
  /** Absent: nothing is written. */
  readonly directory?: string;
  /** Sends kept; the oldest go first. 0 writes nothing to disk, deletes what is there, and keeps {@link inMemory}. */
  readonly limit: number;
  /** Exchanges whose contents may be deleted, and connections that no exchange is left of. */
  readonly onForget?: (exchangeIds: readonly string[], connectionIds: readonly string[]) => void;
}

/** Sends kept until the window closes, when none are to be written. */
const inMemory = 200;

/** A history that knows only this session, until {@link History.load} is called. */
export function createHistory(options: HistoryOptions): History {
  const file = options.directory === undefined ? undefined : createHistoryFile(options.directory);
  const seen = new SeenSends();
  const listeners = new Set<Parameters<History['onChange']>[0]>();
  let limit = options.limit;
  let loading: Promise<void> | undefined;

  const tell = (specId: string | undefined, outcome = false): void => {
    const change = { ...(specId === undefined ? {} : { specId }), outcome };
    for (const listener of listeners) listener(change);
  };

  const tellOf = (exchangeId: string): void => {
    const send = seen.sendOf(exchangeId);
    if (!send?.running) writer?.soon(exchangeId);
    tell(send?.specId);
  };

  /** Forgets sends that are over until so many are left; gives their exchanges. */
  const forget = (most: number): string[] => {
    const forgotten = seen.forgetOldest(most);
    for (const id of forgotten) writer?.drop(id);
    return forgotten;
  };

  const prune = (): void => {
    const forgotten = forget(limit || inMemory);
    if (forgotten.length === 0) return;
    options.onForget?.(forgotten, seen.forgetUnusedConnections());
    writer?.compact(forgotten);
  };

  const readStored = async (): Promise<void> => {
    if (limit === 0) return file?.clear();
    const stored = (await file?.load()) ?? [];
    seen.restore(stored);
    prune();
    if (stored.length > 0) tell(undefined, true);
  };

  const load = (): Promise<void> => (loading ??= readStored());
  const storedOf = (exchangeId: string) => limit === 0 ? undefined : seen.stored(exchangeId);

  const writer = file && createHistoryWriter(file, {
    load,
    stored: storedOf,
    all: () => seen.sends().filter((send) => !send.running)
      .flatMap((send) => send.exchangeIds).flatMap((id) => storedOf(id) ?? []),
    lineLimit: () => 2 * limit + 16,
  });

  return {
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: (spec, origin, how = {}) => {
      seen.begin(spec, origin, how.unlogged === true);
      prune();
      tell(spec.id, true);
    },
    onExchange: (update) => {
      if (seen.seeExchange(update)) tellOf(update.exchangeId);
    },
    onConnection: (update) => {
      for (const id of seen.seeConnection(update)) tellOf(id);
    },
    append: (exchangeId, events) => {
      if (!seen.append(exchangeId, events)) return;
      tellOf(exchangeId);
      // A server tells later what became of the connection.
      if (seen.sendOf(exchangeId)?.running === false) writer?.soon(exchangeId);
    },
    finish: (specId) => {
      const send = seen.finish(specId);
      if (!send) return;
      for (const id of send.exchangeIds) writer?.soon(id);
      tell(specId, true);
    },
    sends: () => seen.sends(),
    send: (specId) => seen.send(specId),
    latest: (origin) => seen.latest(origin),
    sendOf: (exchangeId) => seen.sendOf(exchangeId),
    exchange: (exchangeId) => seen.exchange(exchangeId),
    exchangesOf: (specId) => (seen.send(specId)?.exchangeIds ?? []).flatMap((id) => seen.exchange(id) ?? []),
    load,
    keepContent: async (exchangeId, chunks) => {
      const send = seen.sendOf(exchangeId);
      if (!send || send.unlogged || limit === 0) return;
      await file?.writeContent(exchangeId, maskChunks(chunks, seen.specOf(exchangeId)?.secrets));
    },
    readContent: async (exchangeId, offset, length) =>
      seen.specOf(exchangeId) ? file?.readContent(exchangeId, offset, length) : undefined,
    setLimit: (wanted) => {
      limit = wanted;
      if (limit === 0) file?.clear().catch(() => {});
      prune();
    },
    clear: async () => {
      const forgotten = forget(0);
      options.onForget?.(forgotten, seen.forgetUnusedConnections());
      await file?.clear();
      tell(undefined, true);
    },
    flush: async () => writer?.flush(),
  };
}
