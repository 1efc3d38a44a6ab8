import { randomUUID } from 'node:crypto';
import type { ConnectionEvent, ExchangeEvent } from '../trace/event.ts';
import type { Connection, Exchange } from '../trace/exchange.ts';
import { record, recordConnection } from '../trace/record.ts';
import type { RequestSpec } from '../trace/request.ts';
import { connect as connectTo } from './connect.ts';
import type { Connected, ConnectOptions, ConnectTarget, Resolver } from './connection.ts';
import { defaultContentLimits } from './content/receiver.ts';
import { createContentStore } from './content/store.ts';
import { createCookieJar } from './cookies/jar.ts';
import type { CookieJar } from './cookies/jar.ts';
import { createResolver } from './dns/resolve.ts';
import { exchange } from './http/exchange.ts';
import type { Outcome } from './http/exchange.ts';
import { redirectOf } from './http/redirect.ts';
import { loadUndici } from './http/undiciClient.ts';
import { Pool } from './pool.ts';
import type { ConnectionRecord } from './pool.ts';

/** RFC 9110 §15.4: a client should notice loops; so many redirects are followed. */
const defaultMaxRedirects = 20;

/** Told of everything as it happens. */
export interface Listener {
  onExchange(e: ExchangeUpdate): void;
  onConnection(e: { readonly connectionId: string; readonly events: readonly ConnectionEvent[] }): void;
}

export interface ExchangeUpdate {
  readonly exchangeId: string;
  readonly specId: string;
  readonly resendOf?: string;
  /** Of a redirect's exchange it differs from the one sent. */
  readonly spec: RequestSpec;
  readonly events: readonly ExchangeEvent[];
}

export interface Client {
  /**
   * Sends a request, and those that redirects ask for. Resolves to one exchange per request really sent,
   * the last being the outcome, and never rejects for anything on the network. Abort `signal` to stop at once.
   */
  send(spec: RequestSpec, listener: Listener, signal?: AbortSignal): Promise<readonly Exchange[]>;
  /** `length` bytes of a decoded content from `offset`, and its size; undefined when there is none. */
  readContent(exchangeId: string, offset: number, length: number): Promise<{ bytes: Uint8Array; total: number } | undefined>;
  /** Deletes contents. */
  forget(exchangeIds: readonly string[]): Promise<void>;
  clearCookies(): void;
  /** Closes idle connections now, and those in use after their exchanges. */
  closeConnections(): void;
  /** Closes everything and deletes all contents. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** For contents beyond 1 MiB; by default a new directory for temporary files. */
  readonly contentDirectory?: string;
  readonly resolver?: Resolver;
  readonly connect?: (target: ConnectTarget, options: ConnectOptions) => Promise<Connected>;
  readonly cookies?: CookieJar;
  /** HTTP/1.1 connections to one origin at a time, default 6; further exchanges wait. */
  readonly maxConnections?: number;
  /** Largest decoded content, in bytes, default 1 GiB. */
  readonly maxContentSize?: number;
}

/** A client with its own connections, cookies and contents. It must be closed. */
export function createClient(options: ClientOptions = {}): Client {
  const pool = new Pool({
    resolver: options.resolver ?? createResolver(), connect: options.connect ?? connectTo,
    maxConnections: options.maxConnections ?? 6,
  });
  const store = createContentStore(options.contentDirectory);
  const cookies = options.cookies ?? createCookieJar();
  const contentLimits = { ...defaultContentLimits, ...(options.maxContentSize === undefined ? {} : { size: options.maxContentSize }) };
  // Loading takes tens of milliseconds, once: done before the first exchange begins, so that no phase of it is longer for that.
  const loaded = loadParts(cookies);

  async function sendOne(given: Sending): Promise<Sent> {
    const { id, spec, resendOf, listener, signal } = given;
    const events: ExchangeEvent[] = [];
    const told = { exchangeId: id, specId: spec.id, spec, ...(resendOf === undefined ? {} : { resendOf }) };
    const emit = (event: ExchangeEvent): void => {
      events.push(event);
      listener.onExchange({ ...told, events: [event] });
    };
    const outcome = await exchange({
      id, spec, pool, store, cookies, contentLimits, signal, emit,
      onConnection: (connection, event) => listener.onConnection({ connectionId: connection.id, events: [event] }),
    });
    return { given, events, outcome, emit };
  }

  async function send(spec: RequestSpec, listener: Listener, signal?: AbortSignal): Promise<readonly Exchange[]> {
    await loaded;
    const sent: Sent[] = [];
    let next: Sending | undefined = { id: randomUUID(), spec, listener, signal, resendOf: undefined };
    while (next) {
      const one: Sent = await sendOne(next);
      sent.push(one);
      next = followed(one, sent.length);
    }
    return sent.map(exchangeOf);
  }

  return {
    send,
    readContent: (exchangeId, offset, length) => store.read(exchangeId, offset, length),
    forget: (exchangeIds) => store.forget(exchangeIds),
    clearCookies: () => cookies.clear(),
    closeConnections: () => pool.closeIdle(),
    async close() {
      pool.close();
      await store.close();
    },
  };
}

async function loadParts(cookies: CookieJar): Promise<void> {
  await Promise.all([loadUndici(), cookies.load()]);
  process.getBuiltinModule('node:http');
  process.getBuiltinModule('node:http2');
}

interface Sending {
  readonly id: string;
  readonly spec: RequestSpec;
  readonly resendOf: string | undefined;
  readonly listener: Listener;
  readonly signal: AbortSignal | undefined;
}

interface Sent {
  readonly given: Sending;
  readonly events: ExchangeEvent[];
  readonly outcome: Outcome;
  readonly emit: (event: ExchangeEvent) => void;
}

/** The request that the response asks for, if it is to be followed; `count` exchanges were sent so far. */
function followed({ given, outcome, emit }: Sent, count: number): Sending | undefined {
  const { id, spec, listener, signal } = given;
  const { head, failure, at } = outcome;
  if (failure || !head || spec.options.followRedirects === false) return undefined;
  const redirect = redirectOf(spec, head.statusCode, head.headers);
  if (redirect.kind === 'none') return undefined;
  const { location } = redirect;
  const limit = spec.options.maxRedirects ?? defaultMaxRedirects;
  if (redirect.kind === 'invalid' || count > limit) {
    const code = redirect.kind === 'invalid' ? 'redirect-invalid' : 'too-many-redirects';
    emit({ type: 'failed', at, failure: { phase: 'receive', code, confidence: 'certain', detail: { location, limit } } });
    return undefined;
  }
  const nextId = randomUUID();
  emit({ type: 'redirected', at, location, exchangeId: nextId, changes: redirect.changes });
  return { id: nextId, spec: redirect.spec, resendOf: id, listener, signal };
}

function exchangeOf({ given, events, outcome }: Sent): Exchange {
  const { id, spec, resendOf } = given;
  const recorded = record({ id, spec, events, ...(resendOf === undefined ? {} : { resendOf }) });
  return outcome.connection ? { ...recorded, connection: connectionOf(outcome.connection) } : recorded;
}

/** Connections are used many times, and their events seldom grow: recorded again only when they have. */
const recorded = new WeakMap<readonly ConnectionEvent[], { count: number; connection: Connection }>();

function connectionOf({ id, events }: ConnectionRecord): Connection {
  const known = recorded.get(events);
  if (known && known.count === events.length) return known.connection;
  const connection = recordConnection(id, events);
  recorded.set(events, { count: events.length, connection });
  return connection;
}
