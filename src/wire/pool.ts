import type { ConnectionEvent } from '../trace/event.ts';
import type { Failure } from '../trace/failure.ts';
import { monotonicNow } from './clock.ts';
import type { Connected, ConnectOptions, ConnectTarget, Resolver } from './connection.ts';
import { Http1Client } from './http/http1Client.ts';
import { tellPeerName } from './dns/peerName.ts';
import { createKnownHeads } from './http/http1Observer.ts';
import type { KnownHeads } from './http/http1Observer.ts';
import type { TellFrames } from './http/frameTelling.ts';
import { Http2Client } from './http/http2Client.ts';
import { newId } from './id.ts';
import type { Inquirer } from './link/inquirer.ts';
import { IdleTimer, idleLimitOf } from './idle.ts';
import type { ConnectionRecord, PooledConnection, Wanted } from './pooled.ts';
import { authorityOf } from './proxy/connectTunnel.ts';
import type { Captures } from './tap/capture.ts';
import { SessionCache } from './tls/session.ts';

export interface PoolOptions {
  readonly resolver: Resolver;
  readonly connect: (target: ConnectTarget, options: ConnectOptions) => Promise<Connected>;
  /** HTTP/1.1 connections to one origin at a time; further exchanges wait. */
  readonly maxConnections: number;
  readonly captures: Captures;
  /** Told of connections whose bytes are kept; it asks the machine about them. */
  readonly inquirer?: Inquirer;
}

type Emit = (event: ConnectionEvent) => void;

interface Entry extends PooledConnection {
  readonly bucket: Bucket;
  idleSince: number | undefined;
  /** To be closed after the exchange that uses it. */
  retired: boolean;
}

interface Bucket {
  readonly key: string;
  readonly entries: Set<Entry>;
  /** The most recently used last. */
  readonly idle: Entry[];
  readonly waiting: Wanted[];
  readonly opening: Set<Wanted>;
  readonly knownHeads: KnownHeads;
  version: '1.1' | '2' | undefined;
}

/** Keeps connections and lends them: HTTP/1.1 to one exchange at a time, HTTP/2 to many. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #sessions = new SessionCache();
  readonly #buckets = new Map<string, Bucket>();
  readonly #aborts = new Map<Wanted, AbortController>();
  readonly #idleTimer = new IdleTimer(monotonicNow, (now) => this.#closeOld(now));
  readonly #ending = new AbortController();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Finds, opens or waits for a connection; `wanted` hears which, possibly before this returns. */
  acquire(wanted: Wanted): void {
    if (this.#closed) return wanted.onFailed(closed);
    const bucket = this.#bucketOf(wanted.key);
    if (!wanted.forceNew && this.#lend(bucket, wanted)) return;
    if (wanted.forceNew || this.#mayOpen(bucket, wanted)) this.#open(bucket, wanted);
    else bucket.waiting.push(wanted);
  }

  /** The exchange does not want it any more; a connection being opened for it is given up. */
  cancel(wanted: Wanted): void {
    const bucket = this.#buckets.get(wanted.key);
    const index = bucket?.waiting.indexOf(wanted) ?? -1;
    if (index !== -1) bucket!.waiting.splice(index, 1);
    this.#aborts.get(wanted)?.abort();
  }

  /** Forgets TLS sessions; closes the idle connections now, and those in use after their exchanges. */
  closeIdle(): void {
    this.#sessions.clear();
    for (const bucket of this.#buckets.values()) {
      for (const entry of bucket.entries) {
        if (entry.http.version === '2') entry.http.client.close();
        else if (entry.idleSince !== undefined) entry.tap.destroy();
        else entry.retired = true;
      }
    }
  }

  /** Closes everything at once; whoever waits for a connection hears of it, now and later. */
  close(): void {
    this.#closed = true;
    this.#ending.abort();
    this.#idleTimer.stop();
    for (const bucket of this.#buckets.values()) {
      const left = [...bucket.waiting, ...bucket.opening];
      bucket.waiting.length = 0;
      for (const entry of bucket.entries) entry.tap.destroy();
      for (const wanted of left) {
        this.#aborts.get(wanted)?.abort();
        wanted.onFailed(closed);
      }
    }
  }

  #bucketOf(key: string): Bucket {
    let bucket = this.#buckets.get(key);
    if (bucket) return bucket;
    bucket = {
      key, entries: new Set(), idle: [], waiting: [], opening: new Set(), version: undefined,
      knownHeads: createKnownHeads(),
    };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** Lends what is there: room on a session, or the connection used last. */
  #lend(bucket: Bucket, wanted: Wanted): boolean {
    const now = monotonicNow();
    for (let entry = bucket.idle.pop(); entry; entry = bucket.idle.pop()) {
      if (entry.tap.destroyed || entry.tap.readableEnded) continue;
      if (now >= idleUntil(entry)) {
        entry.tap.destroy();
        continue;
      }
      const idle = now - entry.idleSince!;
      entry.idleSince = undefined;
      this.#give(entry, wanted, idle);
      return true;
    }
    for (const entry of bucket.entries) {
      if (entry.http.version !== '2' || !entry.http.client.hasRoom) continue;
      const idle = entry.idleSince === undefined ? undefined : now - entry.idleSince;
      entry.idleSince = undefined;
      this.#give(entry, wanted, idle);
      return true;
    }
    return false;
  }

  #give(entry: Entry, wanted: Wanted, idle: number | undefined): void {
    entry.capture?.begin();
    wanted.onAssigned(entry, true, idle);
    if (wanted.options.peerName) this.#nameOf(entry, wanted);
    wanted.onReady(entry);
  }

  /** Beside the exchange. */
  #nameOf(record: ConnectionRecord, wanted: Wanted): void {
    const emit = (event: ConnectionEvent): void => {
      record.events.push(event);
      wanted.onConnectionEvent(record, event);
    };
    const { resolver, inquirer } = this.#options;
    const asked = tellPeerName(record, resolver, wanted.options, emit, this.#ending.signal);
    if (inquirer) inquirer.follow(asked);
    else void asked;
  }

  #mayOpen(bucket: Bucket, wanted: Wanted): boolean {
    // Until the first connection says which version the server speaks, the others may be able to
    // share it.
    const mayShare = wanted.target.alpn.includes('h2') && bucket.version !== '1.1';
    if (mayShare && bucket.opening.size > 0) return false;
    if (bucket.version === '2' && [...bucket.entries].some(isOpenSession)) return false;
    return bucket.entries.size + bucket.opening.size < this.#options.maxConnections;
  }

  #open(bucket: Bucket, wanted: Wanted): void {
    const { target, timeouts, options } = wanted;
    const id = newId();
    const capture = options.capture === 'none' ? undefined : this.#options.captures.open(id);
    const record: ConnectionRecord = { id, events: [], capture, known: undefined };
    const controller = new AbortController();
    bucket.opening.add(wanted);
    this.#aborts.set(wanted, controller);
    wanted.onAssigned(record, false, undefined);
    const { verify, proxy, zoneServers, trustAnchors, dns, httpsRecords, rootServers, resolve } = options;
    const { clientCertificate, noClientCertificate, tls } = options;
    const emit = (event: ConnectionEvent): void => {
      record.events.push(event);
      if (capture && (event.type === 'closed' || event.type === 'failed')) capture.isClosed = true;
      wanted.onConnectionEvent(record, event);
    };
    this.#options.connect(target, {
      resolver: this.#options.resolver, timeouts, verify: verify ?? true, emit, signal: controller.signal,
      ...(proxy === undefined ? {} : { proxy }),
      ...(zoneServers ? { zoneServers } : {}),
      ...(dns === undefined ? {} : { dns }),
      ...(httpsRecords === undefined ? {} : { httpsRecords }),
      ...(rootServers ? { rootServers } : {}),
      ...(resolve ? { resolve } : {}),
      ...(trustAnchors ? { trustAnchors } : {}),
      ...(clientCertificate ? { clientCertificate } : {}),
      ...(noClientCertificate ? { noClientCertificate } : {}),
      ...(tls ? { tls } : {}),
      sessions: this.#sessions,
      ...(capture ? { capture } : {}),
    }).then(
      (connected) => connected,
      (error: Error): Connected => ({ ok: false, failure: internal(error) }),
    ).then((connected) => {
      if (connected.ok && capture) this.#options.inquirer?.connected(record, emit);
      if (connected.ok && options.peerName) this.#nameOf(record, wanted);
      this.#opened(bucket, wanted, record, connected, controller.signal.aborted, emit);
    }
    );
  }

  #opened(
    bucket: Bucket, wanted: Wanted, record: ConnectionRecord, connected: Connected, cancelled: boolean, emit: Emit,
  ): void {
    bucket.opening.delete(wanted);
    this.#aborts.delete(wanted);
    if (!connected.ok) {
      // Nothing to share: the others try for themselves, at once.
      bucket.version ??= '1.1';
      if (!cancelled) wanted.onFailed(connected.failure);
      return this.#pump(bucket);
    }
    bucket.version = connected.httpVersion;
    const entry = this.#entryOf(bucket, wanted, record, connected, emit);
    if (this.#closed) entry.tap.destroy();
    else if (cancelled) this.#freed(entry);
    else wanted.onReady(entry);
    this.#pump(bucket);
  }

  #entryOf(
    bucket: Bucket, { target }: Wanted, record: ConnectionRecord,
    connected: Extract<Connected, { ok: true }>, emit: Emit,
  ): Entry {
    const tap = connected.socket;
    const freed = (): void => this.#freed(entry);
    const http: Entry['http'] = connected.httpVersion === '2'
      ? { version: '2', client: new Http2Client(tap, authorityOf(target.host, target.port), freed, record.capture && tellFrames(emit)) }
      : { version: '1.1', client: new Http1Client(tap, bucket.knownHeads, freed) };
    const entry: Entry = {
      ...record, tap, http, bucket, absoluteForm: connected.absoluteForm,
      proxyAuthorization: connected.proxyAuthorization, keepAliveHint: undefined,
      idleSince: undefined, retired: false,
    };
    bucket.entries.add(entry);
    tap.onClose = () => this.#gone(entry);
    if (tap.destroyed) this.#gone(entry);
    return entry;
  }

  /** An exchange has ended on it, or its session's room has changed. */
  #freed(entry: Entry): void {
    const { tap, http, bucket } = entry;
    this.#options.inquirer?.ended(entry);
    if (http.version === '2') {
      if (!http.client.isOpen && http.client.activeStreams === 0) http.client.close();
      entry.idleSince = http.client.activeStreams === 0 ? monotonicNow() : undefined;
      this.#idleTimer.expect(idleUntil(entry));
    } else if (!tap.destroyed) {
      if (entry.retired) return void tap.destroy();
      entry.idleSince = monotonicNow();
      bucket.idle.push(entry);
      this.#idleTimer.expect(idleUntil(entry));
    }
    this.#pump(bucket);
  }

  #gone(entry: Entry): void {
    const { bucket } = entry;
    if (!bucket.entries.delete(entry)) return;
    this.#options.inquirer?.gone(entry);
    const index = bucket.idle.indexOf(entry);
    if (index !== -1) bucket.idle.splice(index, 1);
    this.#pump(bucket);
    if (bucket.entries.size === 0 && bucket.opening.size === 0 && bucket.waiting.length === 0) {
      this.#buckets.delete(bucket.key);
    }
  }

  /** Serves those who wait, in their order. */
  #pump(bucket: Bucket): void {
    for (let wanted = bucket.waiting[0]; wanted; wanted = bucket.waiting[0]) {
      const mayOpen = this.#mayOpen(bucket, wanted);
      if (bucket.idle.length === 0 && !hasRoom(bucket) && !mayOpen) return;
      bucket.waiting.shift();
      if (this.#lend(bucket, wanted)) continue;
      if (!this.#mayOpen(bucket, wanted)) return void bucket.waiting.unshift(wanted);
      this.#open(bucket, wanted);
    }
  }

  /** Gives when the next will have been idle long enough. */
  #closeOld(now: number): number {
    let next = Infinity;
    for (const bucket of this.#buckets.values()) {
      for (const entry of bucket.entries) {
        const until = idleUntil(entry);
        if (until > now) next = Math.min(next, until);
        else if (entry.http.version === '2') entry.http.client.close();
        else entry.tap.destroy();
      }
    }
    return next;
  }
}

/** When it will have been idle long enough, ms; Infinity while it is in use. */
function idleUntil({ http, idleSince, keepAliveHint }: Entry): number {
  return idleSince === undefined ? Infinity : idleSince + idleLimitOf(http.version, keepAliveHint);
}

function tellFrames(emit: Emit): TellFrames {
  return (frames, omitted) => emit({ type: 'http2-frames', at: frames.at(-1)?.endAt ?? monotonicNow(), frames, omitted });
}

function isOpenSession(entry: Entry): boolean {
  return entry.http.version === '2' && entry.http.client.isOpen;
}

function hasRoom(bucket: Bucket): boolean {
  return [...bucket.entries].some(({ http }) => http.version === '2' && http.client.hasRoom);
}

const closed: Failure = { phase: 'blocked', code: 'cancelled', confidence: 'certain' };

function internal(error: Error): Failure {
  return { phase: 'blocked', code: 'internal', confidence: 'certain', cause: { message: error.message } };
}
