import type { ConnectionEvent, PoolWait } from '../trace/event.ts';
import type { Failure } from '../trace/failure.ts';
import {
  addEntry, closeIdleEntry, createBucket, hasRoom, idleUntil, isEmpty, isOpenSession, removeEntry, streamsAllowed,
} from './bucket.ts';
import type { Bucket, Emit, Entry, Opening } from './bucket.ts';
import { monotonicNow } from './clock.ts';
import type { Connected, ConnectOptions, ConnectTarget, Resolver } from './connection.ts';
import { tellPeerName } from './dns/peerName.ts';
import { newId } from './id.ts';
import type { Inquirer } from './link/inquirer.ts';
import { IdleTimer } from './idle.ts';
import type { ConnectionRecord, Wanted } from './pooled.ts';
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

/** Keeps connections and lends them: HTTP/1.1 to one exchange at a time, HTTP/2 to many. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #sessions = new SessionCache();
  readonly #buckets = new Map<string, Bucket>();
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
    bucket.limit = Math.max(bucket.limit, this.#limitFor(wanted));
    if (!wanted.forceNew && this.#lend(bucket, wanted)) return;
    if (wanted.forceNew || this.#mayOpen(bucket, wanted)) this.#open(bucket, wanted);
    else this.#queue(bucket, wanted);
  }

  #queue(bucket: Bucket, wanted: Wanted): void {
    wanted.waited = { since: monotonicNow(), ahead: bucket.waiting.length, ...this.#lackOf(bucket, wanted) };
    bucket.waiting.push(wanted);
  }

  /** What it waits for now. */
  #lackOf(bucket: Bucket, wanted: Wanted): Pick<PoolWait, 'for' | 'limit'> {
    const limit = this.#limitFor(wanted);
    if (this.#mayYetShare(bucket, wanted)) return { for: 'version', limit };
    if (!sharesSession(bucket)) return { for: 'connection', limit };
    const allowed = streamsAllowed(bucket);
    return allowed === undefined ? { for: 'version', limit } : { for: 'stream', limit: allowed };
  }

  /** Once the first connection has said how it can be shared, those who still wait do so for something else. */
  #renameWaits(bucket: Bucket): void {
    for (const wanted of bucket.waiting) {
      const { waited } = wanted;
      const lack = waited?.for === 'version' ? this.#lackOf(bucket, wanted) : undefined;
      if (!lack || lack.for === 'version') return;
      wanted.waited = { ...waited!, ...lack };
    }
  }

  #limitFor({ options }: Wanted): number {
    return options.maxConnections ?? this.#options.maxConnections;
  }

  /** The exchange does not want it any more; a connection being opened for it is given up. */
  cancel(wanted: Wanted): void {
    const bucket = this.#buckets.get(wanted.key);
    const index = bucket?.waiting.indexOf(wanted) ?? -1;
    if (index !== -1) bucket!.waiting.splice(index, 1);
    bucket?.opening.find((one) => one.wanted === wanted)?.controller.abort();
  }

  /** Forgets TLS sessions; closes the idle connections now, and those in use after their exchanges. */
  closeIdle(): void {
    this.#sessions.clear();
    for (const bucket of this.#buckets.values()) {
      for (const entry of [...bucket.entries]) {
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
      const { opening, entries } = bucket;
      const waiting = bucket.waiting.splice(0);
      for (const entry of [...entries]) entry.tap.destroy();
      for (const wanted of waiting) wanted.onFailed(closed);
      for (const { wanted, controller } of [...opening]) {
        controller.abort();
        wanted.onFailed(closed);
      }
    }
  }

  #bucketOf(key: string): Bucket {
    let bucket = this.#buckets.get(key);
    if (bucket) return bucket;
    bucket = createBucket(key);
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
    this.#options.inquirer?.used(entry);
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
    if (this.#mayYetShare(bucket, wanted)) return false;
    if (sharesSession(bucket)) return false;
    return bucket.entries.length + bucket.opening.length < this.#limitFor(wanted);
  }

  /** Until the first connection says which version the server speaks, the others may be able to share it. */
  #mayYetShare({ opening, version }: Bucket, { target }: Wanted): boolean {
    return opening.length > 0 && version !== '1.1' && target.alpn.includes('h2');
  }

  #open(bucket: Bucket, wanted: Wanted): void {
    const { target, timeouts, options } = wanted;
    const id = newId();
    const capture = options.capture === 'none' ? undefined : this.#options.captures.open(id);
    const record: ConnectionRecord = { id, events: [], capture, known: undefined };
    const controller = new AbortController();
    const opening: Opening = { wanted, controller };
    bucket.opening.push(opening);
    wanted.onAssigned(record, false, undefined);
    const emit: Emit = (event) => {
      record.events.push(event);
      if (capture && (event.type === 'closed' || event.type === 'failed')) capture.close();
      wanted.onConnectionEvent(record, event);
    };
    const { proxy, zoneServers, trustAnchors, dns, httpsRecords, rootServers, resolve } = options;
    const { verify = true, clientCertificate, noClientCertificate, tls } = options;
    const { proxyAuthorization, headLimits } = options;
    const { typedProxyAuthorization } = wanted;
    const { resolver, connect } = this.#options;
    connect(target, {
      resolver, timeouts, verify, emit, signal: controller.signal, sessions: this.#sessions, capture,
      proxy, zoneServers, trustAnchors, dns, httpsRecords, rootServers, resolve, clientCertificate,
      noClientCertificate, tls, proxyAuthorization, typedProxyAuthorization, headLimits,
    }).then(
      (connected) => connected,
      (error: Error): Connected => ({ ok: false, failure: internal(error) }),
    ).then((connected) => {
      if (connected.ok && capture) this.#options.inquirer?.connected(record, emit);
      if (connected.ok && options.peerName) this.#nameOf(record, wanted);
      this.#opened(bucket, opening, record, connected, emit);
    }
    );
  }

  #opened(
    bucket: Bucket, opening: Opening, record: ConnectionRecord, connected: Connected, emit: Emit,
  ): void {
    const { wanted, controller: { signal: { aborted: cancelled } } } = opening;
    bucket.opening.splice(bucket.opening.indexOf(opening), 1);
    if (!connected.ok) {
      // Nothing to share: the others try for themselves, at once.
      bucket.version ??= '1.1';
      if (!cancelled) wanted.onFailed(connected.failure);
      this.#pump(bucket);
      return this.#forgetEmpty(bucket);
    }
    bucket.version = connected.httpVersion;
    const entry = addEntry(bucket, wanted, record, connected, emit, this.#freed);
    entry.tap.onClose = () => this.#gone(entry);
    if (entry.tap.destroyed) this.#gone(entry);
    if (this.#closed) entry.tap.destroy();
    else if (cancelled) this.#freed(entry);
    else wanted.onReady(entry);
    this.#pump(bucket);
  }

  /** An exchange has ended on it, or its session's room has changed. */
  readonly #freed = (entry: Entry): void => {
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
      // Those that exchanges wanted for themselves do not count when they are opened. To close one would keep the next
      // exchange waiting, and its server.
      if (bucket.idle.length > bucket.limit) setImmediate(closeIdleEntry, bucket.idle.shift()!);
      this.#idleTimer.expect(idleUntil(entry));
    }
    this.#pump(bucket);
  };

  #gone(entry: Entry): void {
    const { bucket } = entry;
    if (!removeEntry(entry)) return;
    this.#options.inquirer?.gone(entry);
    this.#pump(bucket);
    this.#forgetEmpty(bucket);
  }

  #forgetEmpty(bucket: Bucket): void {
    if (isEmpty(bucket)) this.#buckets.delete(bucket.key);
  }

  #pump(bucket: Bucket): void {
    this.#serve(bucket);
    this.#renameWaits(bucket);
  }

  /** Serves those who wait, in their order. */
  #serve(bucket: Bucket): void {
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
      for (const entry of [...bucket.entries]) {
        const until = idleUntil(entry);
        if (until > now) next = Math.min(next, until);
        else closeIdleEntry(entry);
      }
    }
    return next;
  }
}

/** It has a connection that is meant for all who come. */
function sharesSession({ version, entries }: Bucket): boolean {
  return version === '2' && entries.some(isOpenSession);
}

const closed: Failure = { phase: 'blocked', code: 'cancelled', confidence: 'certain' };

function internal(error: Error): Failure {
  return { phase: 'blocked', code: 'internal', confidence: 'certain', cause: { message: error.message } };
}
