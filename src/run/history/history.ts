import { appendEvents } from '../../trace/appendEvents.ts';
import type { ConnectionEvent, ExchangeEvent } from '../../trace/event.ts';
import type { Exchange } from '../../trace/exchange.ts';
import { addServerEvents, record } from '../../trace/record.ts';
import type { RequestSpec } from '../../trace/request.ts';
import { maskChunks } from '../../trace/secretValues.ts';
import type { Content, EngineListener } from '../engineClient.ts';
import { createHistoryFile } from './historyFile.ts';
import type { StoredExchange } from './historyFile.ts';
import { createHistoryWriter } from './historyWriter.ts';

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

interface Entry {
  readonly specId: string;
  readonly spec: RequestSpec;
  readonly resendOf?: string;
  readonly events: ExchangeEvent[];
  connectionId?: string;
  recorded?: Exchange;
  /** Of an earlier session: what was on disk. */
  restored?: Exchange;
}

type MutableSend = { -readonly [K in keyof Send]: Send[K] } & { exchangeIds: string[] };

/** Sends kept until the window closes, when none are to be written. */
const inMemory = 200;

/** A history that knows only this session, until {@link History.load} is called. */
export function createHistory(options: HistoryOptions): History {
  const file = options.directory === undefined ? undefined : createHistoryFile(options.directory);
  const sends = new Map<string, MutableSend>();
  const entries = new Map<string, Entry>();
  const connections = new Map<string, ConnectionEvent[]>();
  const latest = new Map<string, string>();
  const listeners = new Set<Parameters<History['onChange']>[0]>();
  let limit = options.limit;
  let loading: Promise<void> | undefined;

  const tell = (specId: string | undefined, outcome = false): void => {
    const change = { ...(specId === undefined ? {} : { specId }), outcome };
    for (const listener of listeners) listener(change);
  };

  const touch = (exchangeId: string, entry: Entry): void => {
    delete entry.recorded;
    if (!sends.get(entry.specId)?.running) writer?.soon(exchangeId);
    tell(entry.specId);
  };

  const storedOf = (exchangeId: string): StoredExchange | undefined => {
    const exchange = exchangeOf(exchangeId);
    const send = sends.get(entries.get(exchangeId)?.specId ?? '');
    if (!exchange || !send || send.unlogged || limit === 0) return undefined;
    return { specId: send.specId, exchange, ...(send.origin ? { origin: send.origin } : {}) };
  };

  const exchangeOf = (exchangeId: string): Exchange | undefined => {
    const entry = entries.get(exchangeId);
    if (!entry) return undefined;
    return entry.restored ?? (entry.recorded ??= recordOf(exchangeId, entry));
  };

  const recordOf = (id: string, entry: Entry): Exchange => {
    const { connectionId } = entry;
    const events = connectionId === undefined ? undefined : connections.get(connectionId);
    return record({
      id,
      spec: entry.spec,
      events: [...entry.events],
      ...(entry.resendOf === undefined ? {} : { resendOf: entry.resendOf }),
      ...(connectionId !== undefined && events ? { connection: { id: connectionId, events } } : {}),
    });
  };

  const prune = (): void => {
    const dropped: string[] = [];
    for (const send of sends.values()) {
      if (sends.size <= (limit || inMemory)) break;
      if (send.running) continue;
      dropped.push(...send.exchangeIds);
      drop(send);
    }
    if (dropped.length === 0) return;
    options.onForget?.(dropped, dropUnusedConnections());
    writer?.compact(dropped);
  };

  const drop = (send: MutableSend): void => {
    sends.delete(send.specId);
    const key = send.origin && keyOf(send.origin);
    if (key !== undefined && latest.get(key) === send.specId) latest.delete(key);
    for (const id of send.exchangeIds) {
      entries.delete(id);
      writer?.drop(id);
    }
  };

  const dropUnusedConnections = (): string[] => {
    const used = new Set([...entries.values()].map(({ connectionId }) => connectionId));
    const unused = [...connections.keys()].filter((id) => !used.has(id));
    for (const id of unused) connections.delete(id);
    return unused;
  };

  const restore = ({ specId, origin, exchange }: StoredExchange): void => {
    if (entries.has(exchange.id)) return;
    const send = sends.get(specId) ?? {
      specId,
      exchangeIds: [],
      running: false,
      ...(origin ? { origin } : {}),
    };
    sends.set(specId, send);
    send.exchangeIds.push(exchange.id);
    entries.set(exchange.id, { specId, spec: exchange.spec, events: [], restored: exchange });
    if (origin) latest.set(keyOf(origin), specId);
  };

  const readStored = async (): Promise<void> => {
    if (limit === 0) return file?.clear();
    const stored = (await file?.load()) ?? [];
    // Sends of this session stay the latest.
    const current = [...sends.values()];
    sends.clear();
    for (const one of stored) restore(one);
    for (const send of current) {
      sends.set(send.specId, send);
      if (send.origin) latest.set(keyOf(send.origin), send.specId);
    }
    prune();
    if (stored.length > 0) tell(undefined, true);
  };

  const load = (): Promise<void> => (loading ??= readStored());

  const writer = file && createHistoryWriter(file, {
    load,
    stored: storedOf,
    all: () => [...sends.values()].filter((send) => !send.running)
      .flatMap((send) => send.exchangeIds).flatMap((id) => storedOf(id) ?? []),
    lineLimit: () => 2 * limit + 16,
  });

  return {
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin: (spec, origin, how = {}) => {
      sends.set(spec.id, {
        specId: spec.id,
        spec,
        exchangeIds: [],
        running: true,
        ...(origin ? { origin } : {}),
        ...(how.unlogged ? { unlogged: true } : {}),
      });
      if (origin) latest.set(keyOf(origin), spec.id);
      prune();
      tell(spec.id, true);
    },
    onExchange: ({ exchangeId, specId, resendOf, spec, events }) => {
      const send = sends.get(specId);
      if (!send) return;
      const entry = entries.get(exchangeId) ?? {
        specId,
        spec,
        events: [],
        ...(resendOf === undefined ? {} : { resendOf }),
      };
      if (!entries.has(exchangeId)) send.exchangeIds.push(exchangeId);
      entries.set(exchangeId, entry);
      appendEvents(entry.events, events);
      const assigned = events.find((event) => event.type === 'connection-assigned');
      if (assigned) entry.connectionId = assigned.connectionId;
      touch(exchangeId, entry);
    },
    onConnection: ({ connectionId, events }) => {
      const seen = connections.get(connectionId) ?? [];
      connections.set(connectionId, [...seen, ...events]);
      // How a connection ended is not part of the exchanges that used it before.
      if (events.every(({ type }) => type === 'closed')) return;
      // Nor are frames that come later.
      const isLate = events.every(({ type }) => type === 'closed' || type === 'http2-frames');
      for (const [id, entry] of entries) {
        if (entry.connectionId === connectionId && !(isLate && !sends.get(entry.specId)?.running)) touch(id, entry);
      }
    },
    append: (exchangeId, events) => {
      const entry = entries.get(exchangeId);
      if (!entry) return;
      entry.events.push(...events);
      if (entry.restored) {
        const added = events.filter((event) => event.type === 'server');
        entry.restored = addServerEvents(entry.restored, added);
      }
      touch(exchangeId, entry);
    },
    finish: (specId) => {
      const send = sends.get(specId);
      if (!send) return;
      send.running = false;
      for (const id of send.exchangeIds) writer?.soon(id);
      tell(specId, true);
    },
    sends: () => [...sends.values()],
    send: (specId) => sends.get(specId),
    latest: (origin) => sends.get(latest.get(keyOf(origin)) ?? ''),
    sendOf: (exchangeId) => sends.get(entries.get(exchangeId)?.specId ?? ''),
    exchange: exchangeOf,
    exchangesOf: (specId) =>
      (sends.get(specId)?.exchangeIds ?? []).flatMap((id) => exchangeOf(id) ?? []),
    load,
    keepContent: async (exchangeId, chunks) => {
      const send = sends.get(entries.get(exchangeId)?.specId ?? '');
      if (send && !send.unlogged && limit > 0) await file?.writeContent(
        exchangeId, maskChunks(chunks, entries.get(exchangeId)?.spec.secrets),
      );
    },
    readContent: async (exchangeId, offset, length) =>
      entries.has(exchangeId) ? file?.readContent(exchangeId, offset, length) : undefined,
    setLimit: (wanted) => {
      limit = wanted;
      if (limit === 0) file?.clear().catch(() => {});
      prune();
    },
    clear: async () => {
      const ids = [...entries.keys()];
      for (const send of [...sends.values()]) if (!send.running) drop(send);
      options.onForget?.(ids.filter((id) => !entries.has(id)), dropUnusedConnections());
      await file?.clear();
      tell(undefined, true);
    },
    flush: async () => writer?.flush(),
  };
}

function keyOf(origin: Origin): string {
  return `${origin.uri}\n${origin.key}`;
}
