import type { FromEngine, ToEngine } from '../protocol.ts';
import { assertNever } from '../trace/assertNever.ts';
import type { ConnectionEvent, ExchangeEvent } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { RequestSpec } from '../trace/request.ts';
import type { CookieFileNotice, CookieFilter, OtherCookies, StoredCookie } from '../trace/storedCookie.ts';
import type { WireRecord } from '../trace/wireRecord.ts';
import { monotonicNow } from '../wire/clock.ts';
import { createAnswers } from './answers.ts';
import { startChild } from './childProcess.ts';
import type { Child, ChildExit } from './childProcess.ts';
import { createEngineSends } from './engineSends.ts';

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
   * Resolves with the exchanges of the send, in order, whatever became of it. When the engine ends meanwhile, the
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
  /** Those of other sites than the exchange's, stored before it; undefined when there is no engine and no file. */
  otherCookies(exchange: Exchange): Promise<OtherCookies | undefined>;
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

/** Nothing is started until the first `send`. */
export function createEngineClient(options: EngineClientOptions): EngineClient {
  const sends = createEngineSends(options);
  const answers = createAnswers();
  let childStartedAt: number | undefined;
  let child: Child | undefined;
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
        sends.abandon(exit.message);
        answers.abandon();
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
        return message.batch.forEach((entry) => sends.pass(entry, message.specs));
      case 'sent':
        return sends.finish(message.specId, message.exchangeIds);
      case 'content':
      case 'saved':
      case 'wire':
      case 'cookies':
      case 'other-cookies':
        return answers.give(message);
      case 'cookie-file':
        return options.onCookieFile?.(message.notice);
      case 'failed':
        lastWords = message.message.split('\n', 1)[0];
        return options.onOutput?.(message.message);
      default:
        assertNever(message);
    }
  };

  return {
    send: (spec) => {
      child ??= start();
      const outcome = sends.begin(spec);
      post({ type: 'send', spec });
      return outcome;
    },
    cancel: (specId) => {
      const isFirst = sends.cancel(specId, () => void child?.end(0));
      if (isFirst) post({ type: 'cancel', specId });
    },
    sendMessage: (exchangeId, content) => void post({ type: 'stream-send', exchangeId, content }),
    closeStream: (exchangeId, code, reason) => void post({
      type: 'stream-close', exchangeId,
      ...(code === undefined ? {} : { code }), ...(reason === undefined ? {} : { reason }),
    }),
    readContent: async (exchangeId, offset, length) => {
      const answer = await answers.ask('content', (readId) =>
        post({ type: 'read-content', readId, exchangeId, offset, length }));
      return answer?.bytes && { bytes: answer.bytes, total: answer.total };
    },
    readWire: async (connectionId) => {
      const answer = await answers.ask('wire', (readId) => post({ type: 'read-wire', readId, connectionId }));
      return answer?.record;
    },
    get startedAt() {
      return childStartedAt;
    },
    saveContent: async (exchangeId, path) => {
      const answer = await answers.ask('saved', (readId) => post({ type: 'save-content', readId, exchangeId, path }));
      if (answer?.error !== undefined) throw new Error(answer.error);
      return answer?.size;
    },
    release: (exchangeId, goOn) => void post({ type: 'release', exchangeId, goOn }),
    forget: (exchangeIds, connectionIds = []) => void post({ type: 'forget', exchangeIds, connectionIds }),
    clearCookies: () => void postAboutCookies({ type: 'clear-cookies' }),
    listCookies: async () => {
      const answer = await answers.ask('cookies', (readId) => postAboutCookies({ type: 'list-cookies', readId }));
      return answer?.cookies ?? [];
    },
    otherCookies: async ({ spec: { url }, startedAt: before }) => {
      const answer = await answers.ask('other-cookies', (readId) =>
        postAboutCookies({ type: 'list-other-cookies', readId, url, before }));
      return answer?.others;
    },
    removeCookies: (filter) => void postAboutCookies({ type: 'remove-cookies', filter }),
    lookUpPeer: ({ connection, spec }) => {
      if (connection?.peerAddress === undefined) return;
      child ??= start();
      const { dns, zoneServers, rootServers, trustAnchors, capture } = spec.options;
      const options = {
        ...(dns === undefined ? {} : { dns }), ...(zoneServers && { zoneServers }),
        ...(rootServers && { rootServers }), ...(trustAnchors && { trustAnchors }), ...(capture && { capture }),
      };
      const { id: connectionId, peerAddress: address, lookup } = connection;
      post({ type: 'look-up-peer', connectionId, address, ...(lookup && { host: lookup.name }), options });
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
