import type { EngineEvents, FromEngine, ToEngine } from '../protocol.ts';
import { assertNever } from '../trace/assertNever.ts';
import type { ConnectionEvent, ExchangeEvent } from '../trace/event.ts';
import type { PhaseName } from '../trace/failure.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { RequestSpec } from '../trace/request.ts';
import type { CookieFileNotice, CookieFilter, StoredCookie } from '../trace/storedCookie.ts';
import type { WireRecord } from '../trace/wireRecord.ts';
import { monotonicNow } from '../wire/clock.ts';
import { startChild } from './childProcess.ts';
import type { Child, ChildExit } from './childProcess.ts';

/** Told of every event, in the order seen; the same shape as the client's own listener. */
export interface EngineListener {
  onExchange(event: {
    readonly exchangeId: string;
    readonly specId: string;
    readonly resendOf?: string;
    readonly spec: RequestSpec;
    readonly events: readonly ExchangeEvent[];
  }): void;
  onConnection(event: {
    readonly connectionId: string;
    readonly events: readonly ConnectionEvent[];
  }): void;
}

export interface EngineClientOptions {
  /** Absolute path of the bundled engine. */
  readonly modulePath: string;
  readonly args?: readonly string[];
  /** Asked at each start: the Node to run the engine with, if not the host's own. */
  readonly execPath?: () => string | undefined;
  /** Asked at each start: the file that cookies are kept in, if they are to outlive the engine. */
  readonly cookieFile?: () => string | undefined;
  /** That file is not used as it is. */
  readonly onCookieFile?: (notice: CookieFileNotice) => void;
  readonly listener: EngineListener;
  readonly newId: () => string;
  /** The engine is ready; `ms` since it was asked for. */
  readonly onReady?: (versions: Extract<FromEngine, { type: 'ready' }>, ms: number) => void;
  readonly onExit?: (exit: ChildExit) => void;
  readonly onOutput?: (text: string) => void;
}

/** The host's end of the engine: a child started on first use and again after it ended. */
export interface EngineClient {
  /**
   * Resolves with the exchanges of the send, in order, whatever became of it. When the engine ends
   * meanwhile, the
   * exchanges end with the failure `engine-ended`.
   */
  send(spec: RequestSpec): Promise<readonly string[]>;
  cancel(specId: string): void;
  /** On the WebSocket that an exchange has open; nothing happens where it has none any more. */
  sendMessage(exchangeId: string, content: string | Uint8Array): void;
  closeStream(exchangeId: string, code?: number, reason?: string): void;
  /** Answers `content-held`: whether that exchange's content may go on. */
  release(exchangeId: string, goOn: boolean): void;
  /**
   * Copies a decoded content to a file of this machine, without its passing through this process; gives its size in
   * bytes, undefined when the engine does not have it (any more). Rejects when the file cannot be written.
   */
  saveContent(exchangeId: string, path: string): Promise<number | undefined>;
  /** A window of a decoded content; undefined when the engine does not have it (any more). */
  readContent(exchangeId: string, offset: number, length: number): Promise<Content | undefined>;
  /** The bytes of a connection; undefined when the engine does not have them (any more). */
  readWire(connectionId: string): Promise<WireRecord | undefined>;
  /** When the child was started, epoch ms; undefined while there is none. What happened before died with another. */
  readonly startedAt: number | undefined;
  forget(exchangeIds: readonly string[], connectionIds?: readonly string[]): void;
  clearCookies(): void;
  /** What the jar holds; nothing when there is no engine and no file. */
  listCookies(): Promise<readonly StoredCookie[]>;
  removeCookies(filter: CookieFilter): void;
  /** Looks up the names of the peer's address; told to the listener as an event of the connection. */
  lookUpPeer(exchange: Exchange): void;
  closeConnections(): void;
  readonly pid: number | undefined;
  /** Ends the child; the next send starts another. */
  end(): Promise<void>;
}

export interface Content {
  readonly bytes: Uint8Array;
  /** Size of the whole content in bytes. */
  readonly total: number;
}

type Saved = Pick<Extract<FromEngine, { type: 'saved' }>, 'size' | 'error'>;

interface PendingSend {
  readonly spec: RequestSpec;
  readonly resolve: (exchangeIds: readonly string[]) => void;
  readonly exchanges: Map<
    string,
    {
      spec: RequestSpec;
      resendOf?: string;
      phase: PhaseName;
      connectionId?: string;
      queued: boolean;
      ended: boolean;
    }
  >;
  cancelTimer?: NodeJS.Timeout;
}

/**
 * An engine that has not ended a cancelled send after this many ms is stuck, and is ended itself.
 */
const cancelGrace = 5_000;

/** Nothing is started until the first `send`. */
export function createEngineClient(options: EngineClientOptions): EngineClient {
  const sends = new Map<string, PendingSend>();
  const reads = new Map<number, (content: Content | undefined) => void>();
  const saves = new Map<number, (outcome: Saved) => void>();
  const wireReads = new Map<number, (record: WireRecord | undefined) => void>();
  const cookieReads = new Map<number, (cookies: readonly StoredCookie[]) => void>();
  const connectionPhases = new Map<string, PhaseName>();
  let childStartedAt: number | undefined;
  let child: Child | undefined;
  let lastReadId = 0;
  /** What the engine said was wrong before it ended. */
  let lastWords: string | undefined;

  const start = (): Child => {
    const startedAt = monotonicNow();
    childStartedAt = Date.now();
    const started = startChild({
      modulePath: options.modulePath,
      ...withPath(options.execPath?.()),
      args: [...options.args ?? [], ...cookieArguments(options.cookieFile?.())],
      ...(options.onOutput ? { onOutput: options.onOutput } : {}),
      onMessage: (message) => receive(message as FromEngine, startedAt),
      onExit: ({ expected, message }) => {
        if (child === started) child = childStartedAt = undefined;
        const exit = { expected, message: lastWords ?? message };
        lastWords = undefined;
        abandon(exit);
        options.onExit?.(exit);
      },
    });
    return started;
  };

  const post = (message: ToEngine): boolean => child?.send(message) ?? false;

  /** Cookies in a file are there also before the engine is. */
  const postAboutCookies = (message: ToEngine): boolean => {
    if (options.cookieFile?.() !== undefined) child ??= start();
    return post(message);
  };

  const receive = (message: FromEngine, startedAt: number): void => {
    switch (message.type) {
      case 'ready':
        return options.onReady?.(message, monotonicNow() - startedAt);
      case 'events':
        return message.batch.forEach((entry) => pass(entry, message.specs));
      case 'sent':
        return finish(message.specId, message.exchangeIds);
      case 'content': {
        const { readId, bytes, total } = message;
        reads.get(readId)?.(bytes && { bytes, total });
        reads.delete(readId);
        return;
      }
      case 'saved':
        saves.get(message.readId)?.(message);
        saves.delete(message.readId);
        return;
      case 'wire':
        wireReads.get(message.readId)?.(message.record);
        wireReads.delete(message.readId);
        return;
      case 'cookies':
        cookieReads.get(message.readId)?.(message.cookies);
        cookieReads.delete(message.readId);
        return;
      case 'cookie-file':
        return options.onCookieFile?.(message.notice);
      case 'failed':
        lastWords = message.message.split('\n', 1)[0];
        return options.onOutput?.(message.message);
      default:
        assertNever(message);
    }
  };

  const pass = (
    entry: EngineEvents,
    specs: Readonly<Record<string, RequestSpec>> | undefined,
  ): void => {
    if ('connectionId' in entry) {
      for (const { type } of entry.events) notePhase(connectionPhases, entry.connectionId, type);
      return options.listener.onConnection(entry);
    }
    const send = sends.get(entry.specId);
    if (!send) return;
    const known = send.exchanges.get(entry.exchangeId) ?? {
      spec: specs?.[entry.exchangeId] ?? send.spec,
      phase: 'blocked' as PhaseName,
      queued: true,
      ended: false,
    };
    send.exchanges.set(entry.exchangeId, known);
    if (entry.resendOf !== undefined) known.resendOf = entry.resendOf;
    for (const event of entry.events) {
      known.phase = exchangePhases[event.type] ?? known.phase;
      if (event.type === 'connection-assigned') known.connectionId = event.connectionId;
      if (event.type === 'body-end' || event.type === 'failed') known.ended = true;
    }
    options.listener.onExchange({ ...entry, spec: known.spec });
  };

  const finish = (specId: string, exchangeIds: readonly string[]): void => {
    const send = sends.get(specId);
    if (!send) return;
    clearTimeout(send.cancelTimer);
    sends.delete(specId);
    send.resolve(exchangeIds);
  };

  /** The engine is gone: what was under way ends where it was seen last. */
  const abandon = (exit: ChildExit): void => {
    for (const send of sends.values()) {
      if (send.exchanges.size === 0)
        send.exchanges.set(options.newId(), {
          spec: send.spec,
          phase: 'blocked',
          queued: false,
          ended: false,
        });
      for (const [exchangeId, exchange] of send.exchanges) {
        if (exchange.ended) continue;
        const phase =
          exchange.phase === 'blocked'
            ? (connectionPhases.get(exchange.connectionId ?? '') ?? 'blocked')
            : exchange.phase;
        const at = monotonicNow();
        options.listener.onExchange({
          exchangeId,
          specId: send.spec.id,
          spec: exchange.spec,
          ...(exchange.resendOf === undefined ? {} : { resendOf: exchange.resendOf }),
          events: [
            ...(exchange.queued ? [] : [{ type: 'queued', at, startedAt: Date.now() } as const]),
            {
              type: 'failed',
              at,
              failure: {
                phase,
                code: 'engine-ended',
                confidence: 'certain',
                cause: { message: exit.message },
              },
            },
          ],
        });
      }
      finish(send.spec.id, [...send.exchanges.keys()]);
    }
    for (const resolve of cookieReads.values()) resolve([]);
    cookieReads.clear();
    for (const resolve of reads.values()) resolve(undefined);
    reads.clear();
    for (const resolve of wireReads.values()) resolve(undefined);
    wireReads.clear();
    connectionPhases.clear();
  };

  return {
    send: (spec) => {
      child ??= start();
      const { promise, resolve } = Promise.withResolvers<readonly string[]>();
      sends.set(spec.id, { spec, resolve, exchanges: new Map() });
      post({ type: 'send', spec });
      return promise;
    },
    cancel: (specId) => {
      const send = sends.get(specId);
      if (!send || send.cancelTimer) return;
      post({ type: 'cancel', specId });
      send.cancelTimer = setTimeout(() => void child?.end(0), cancelGrace);
    },
    sendMessage: (exchangeId, content) => void post({ type: 'stream-send', exchangeId, content }),
    closeStream: (exchangeId, code, reason) => void post({
      type: 'stream-close', exchangeId, ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }),
    }),
    readContent: (exchangeId, offset, length) => {
      const { promise, resolve } = Promise.withResolvers<Content | undefined>();
      const readId = ++lastReadId;
      reads.set(readId, resolve);
      if (!post({ type: 'read-content', readId, exchangeId, offset, length })) {
        reads.delete(readId);
        resolve(undefined);
      }
      return promise;
    },
    readWire: (connectionId) => {
      const { promise, resolve } = Promise.withResolvers<WireRecord | undefined>();
      const readId = ++lastReadId;
      wireReads.set(readId, resolve);
      if (!post({ type: 'read-wire', readId, connectionId })) {
        wireReads.delete(readId);
        resolve(undefined);
      }
      return promise;
    },
    get startedAt() {
      return childStartedAt;
    },
    saveContent: async (exchangeId, path) => {
      const { promise, resolve } = Promise.withResolvers<Saved>();
      const readId = ++lastReadId;
      saves.set(readId, resolve);
      if (!post({ type: 'save-content', readId, exchangeId, path })) {
        saves.delete(readId);
        return undefined;
      }
      const { size, error } = await promise;
      if (error !== undefined) throw new Error(error);
      return size;
    },
    release: (exchangeId, goOn) => void post({ type: 'release', exchangeId, goOn }),
    forget: (exchangeIds, connectionIds = []) => void post({ type: 'forget', exchangeIds, connectionIds }),
    clearCookies: () => void postAboutCookies({ type: 'clear-cookies' }),
    listCookies: () => {
      const { promise, resolve } = Promise.withResolvers<readonly StoredCookie[]>();
      const readId = ++lastReadId;
      cookieReads.set(readId, resolve);
      if (!postAboutCookies({ type: 'list-cookies', readId })) {
        cookieReads.delete(readId);
        resolve([]);
      }
      return promise;
    },
    removeCookies: (filter) => void postAboutCookies({ type: 'remove-cookies', filter }),
    lookUpPeer: ({ connection, spec }) => {
      if (connection?.peerAddress === undefined) return;
      child ??= start();
      const { dns, zoneServers, rootServers, trustAnchors } = spec.options;
      const options = {
        ...(dns === undefined ? {} : { dns }), ...(zoneServers && { zoneServers }),
        ...(rootServers && { rootServers }), ...(trustAnchors && { trustAnchors }),
      };
      post({ type: 'look-up-peer', connectionId: connection.id, address: connection.peerAddress, options });
    },
    closeConnections: () => void post({ type: 'close-connections' }),
    get pid() {
      return child?.pid;
    },
    end: async () => {
      await child?.end();
    },
  };
}

function cookieArguments(path: string | undefined): string[] {
  return path === undefined ? [] : [`--cookie-jar=${path}`];
}

function withPath(execPath: string | undefined): { execPath?: string } {
  return execPath ? { execPath } : {};
}

/** The phase an exchange is in after an event. */
const exchangePhases: { readonly [T in ExchangeEvent['type']]?: PhaseName } = {
  'request-start': 'send',
  'request-sent': 'wait',
  'first-byte': 'receive',
};

function notePhase(
  phases: Map<string, PhaseName>,
  id: string,
  type: ConnectionEvent['type'],
): void {
  switch (type) {
    case 'dns-start':
      phases.set(id, 'dns');
      return;
    case 'attempt-start':
      phases.set(id, 'tcp');
      return;
    case 'proxy-start':
      phases.set(id, 'proxy');
      return;
    case 'tls-start':
      phases.set(id, 'tls');
      return;
    case 'connected':
    case 'failed':
    case 'closed':
      phases.delete(id);
      return;
    default:
  }
}
