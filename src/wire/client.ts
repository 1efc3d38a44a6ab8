import type { ConnectionEvent } from '../trace/event.ts';
import type { Exchange } from '../trace/exchange.ts';
import { defaultContentLimits, defaultMaxConnections } from '../trace/request.ts';
import type { RequestSpec, SendOptions } from '../trace/request.ts';
import type { CookieFilter, OtherCookies, StoredCookie } from '../trace/storedCookie.ts';
import type { WireRecord } from '../trace/wireRecord.ts';
import { monotonicNow } from './clock.ts';
import { connect as connectTo } from './connect.ts';
import type { Connected, ConnectOptions, ConnectTarget, Resolver } from './connection.ts';
import { createContentStore } from './content/store.ts';
import type { ContentStore } from './content/store.ts';
import { createCookieJar } from './cookies/jar.ts';
import type { CookieJar } from './cookies/jar.ts';
import { peerNameOf } from './dns/peerName.ts';
import type { Peer } from './dns/peerName.ts';
import { createResolver } from './dns/resolve.ts';
import { Watch } from './http/deadline.ts';
import { createAuthenticator } from './http/authentication/authenticator.ts';
import type { Shared } from './http/sending.ts';
import { loadUndici } from './http/undiciClient.ts';
import { httpUrlOf } from './http/webSocket/url.ts';
import { Inquirer } from './link/inquirer.ts';
import type { Listener } from './listener.ts';
import { Pool } from './pool.ts';
import { SendRun } from './sendRun.ts';
import { Captures } from './tap/capture.ts';
import { warmUp } from './warmUp.ts';

export type { ExchangeUpdate, Listener } from './listener.ts';

export interface Client {
  /**
   * Sends a request, and those that redirects ask for. Resolves to one exchange per request really
   * sent, the last being the outcome, and never rejects for anything on the network. Abort `signal`
   * to stop at once.
   */
  send(spec: RequestSpec, listener: Listener, signal?: AbortSignal): Promise<readonly Exchange[]>;
  /**
   * `length` bytes of a decoded content from `offset`, and its size; undefined when there is none.
   */
  readContent(
    exchangeId: string, offset: number, length: number,
  ): Promise<{ bytes: Uint8Array; total: number } | undefined>;
  /**
   * The bytes of a connection, as far as they are kept: undefined when none were to be kept, and when they were
   * forgotten for those of later connections.
   */
  readWire(connectionId: string): WireRecord | undefined;
  /** Sends a message on the WebSocket that an exchange has open; false where it has none, or cannot take it. */
  sendMessage(exchangeId: string, content: string | Uint8Array): boolean;
  /** Says goodbye on it, by default with 1000 (RFC 6455 §7.4.1); false where there is none. */
  closeStream(exchangeId: string, code?: number, reason?: string): boolean;
  /**
   * Copies a decoded content to `path`; gives its size in bytes, undefined when there is none. Rejects when the file
   * cannot be written.
   */
  saveContent(exchangeId: string, path: string): Promise<number | undefined>;
  /**
   * Answers the question of a `content-held`: whether its content may go on. False where that exchange awaits no
   * answer.
   */
  release(exchangeId: string, goOn: boolean): boolean;
  /** Deletes contents, and lets go of connections' bytes. */
  forget(exchangeIds: readonly string[], connectionIds?: readonly string[]): Promise<void>;
  clearCookies(): void;
  /** What the jar holds, by domain, path and name. */
  listCookies(): Promise<readonly StoredCookie[]>;
  /** Those of other sites than that of `url`, stored before `before` (epoch ms). */
  otherCookies(url: string, before: number): Promise<OtherCookies>;
  /** Removes cookies of the jar; gives how many. */
  removeCookies(filter: CookieFilter): Promise<number>;
  /** Looks up the names of a peer's address (PTR), as a request with these options would. Resolves in every case. */
  lookUpPeer(peer: Peer, options: SendOptions): Promise<ConnectionEvent>;
  /**
   * Resolves when everything that is asked beside the exchanges so far (the kernel, the link, the peer's name) is
   * answered, and what was put off is read and told to the listeners; in a few seconds at the most.
   */
  settled(): Promise<void>;
  /** Closes idle connections now, and those in use after their exchanges. */
  closeConnections(): void;
  /** Closes everything and deletes all contents. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** For contents beyond 1 MiB; by default a new directory for temporary files. */
  readonly contentDirectory?: string;
  /** Where contents go instead. */
  readonly store?: ContentStore;
  readonly resolver?: Resolver;
  readonly connect?: (target: ConnectTarget, options: ConnectOptions) => Promise<Connected>;
  readonly cookies?: CookieJar;
  /** HTTP/1.1 connections to one origin at a time, default 6; further exchanges wait. */
  readonly maxConnections?: number;
  /** Largest decoded content, in bytes, default 1 GiB. */
  readonly maxContentSize?: number;
  /** Run everything once on loopback before the first exchange (see `warmUp`), default false. */
  readonly warmUp?: boolean;
  /** Ask the machine about connections whose bytes are kept (the link, the kernel's figures), default true. */
  readonly inquire?: boolean;
}

/** A client with its own connections, cookies and contents. It must be closed. */
export function createClient(options: ClientOptions = {}): Client {
  const captures = new Captures();
  const resolver = options.resolver ?? createResolver();
  const inquirer = options.inquire === false ? undefined : new Inquirer();
  const pool = new Pool({
    resolver, connect: options.connect ?? connectTo,
    maxConnections: options.maxConnections ?? defaultMaxConnections, captures, ...(inquirer ? { inquirer } : {}),
  });
  const store = options.store ?? createContentStore(options.contentDirectory);
  const cookies = options.cookies ?? createCookieJar();
  const watch = new Watch(monotonicNow);
  const { maxContentSize: size = defaultContentLimits.size } = options;
  const contentLimits = { ...defaultContentLimits, size };
  const authenticator = createAuthenticator();
  const shared: Shared = {
    pool, store, cookies, contentLimits, watch, authenticator, live: new Map(), held: new Map(),
  };
  // Loading takes tens of milliseconds, once: done before the first exchange begins, so that no
  // phase of it is longer for that.
  let isLoaded = false;
  if (options.warmUp) inquirer?.prepare();
  const loading = loadParts(cookies)
    .then(() => options.warmUp ? warmUp(createClient({ inquire: false })) : undefined)
    .then(() => { isLoaded = true; });

  const send: Client['send'] = (spec, listener, signal) => new Promise((resolve, reject) => {
    const run = new SendRun(shared, spec, listener, signal, resolve, reject);
    if (isLoaded) run.start();
    else loading.then(() => run.start()).catch(reject);
  });

  return {
    send,
    readContent: (exchangeId, offset, length) => store.read(exchangeId, offset, length),
    sendMessage: (exchangeId, content) => shared.live.get(exchangeId)?.send(
      typeof content === 'string' ? content : Buffer.from(content)) ?? false,
    closeStream: (exchangeId, code, reason) => {
      const session = shared.live.get(exchangeId);
      session?.close(code, reason);
      return session !== undefined;
    },
    saveContent: (exchangeId, path) => store.save(exchangeId, path),
    release: (exchangeId, goOn) => {
      const answer = shared.held.get(exchangeId);
      answer?.(goOn);
      return answer !== undefined;
    },
    readWire: (connectionId) => captures.read(connectionId),
    forget: (exchangeIds, connectionIds = []) => {
      captures.forget(connectionIds);
      return store.forget(exchangeIds);
    },
    clearCookies: () => cookies.isLoaded ? cookies.clear() : void cookies.load().then(() => cookies.clear()),
    listCookies: () => cookies.load().then(() => cookies.list()),
    otherCookies: async (url, before) => {
      await cookies.load();
      const parsed = URL.parse(httpUrlOf(url));
      return parsed ? cookies.others(parsed, before) : { cookies: [], total: 0 };
    },
    removeCookies: (filter) => cookies.load().then(() => cookies.remove(filter)),
    lookUpPeer: (peer, options) => peerNameOf(peer, resolver, options),
    settled: async () => void await Promise.all([captures.settled(), inquirer?.settled()]),
    closeConnections: () => pool.closeIdle(),
    async close() {
      pool.close();
      inquirer?.close();
      watch.stop();
      captures.clear();
      await Promise.all([store.close(), cookies.flush()]);
    },
  };
}

async function loadParts(cookies: CookieJar): Promise<void> {
  await Promise.all([loadUndici(), cookies.load()]);
  process.getBuiltinModule('node:http');
  process.getBuiltinModule('node:http2');
}
