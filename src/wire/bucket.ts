import type { ConnectionEvent } from '../trace/event.ts';
import { monotonicNow } from './clock.ts';
import type { Connected } from './connection.ts';
import type { TellFrames } from './http/frameTelling.ts';
import { headLimitsOf } from './http/head.ts';
import { Http1Client } from './http/http1Client.ts';
import { createKnownHeads } from './http/knownHead.ts';
import type { KnownHeads } from './http/knownHead.ts';
import { Http2Client } from './http/http2Client.ts';
import { idleLimitOf } from './idle.ts';
import type { ConnectionRecord, PooledConnection, Wanted } from './pooled.ts';
import { authorityOf } from './proxy/connectTunnel.ts';

/** Told of the events of one connection. */
export type Emit = (event: ConnectionEvent) => void;

/** A connection of the pool. */
export interface Entry extends PooledConnection {
  readonly bucket: Bucket;
  /** Among the entries of its bucket, or -1 once it is gone. */
  place: number;
  idleSince: number | undefined;
  /** To be closed after the exchange that uses it. */
  retired: boolean;
}

/** A connection that is being opened, for whom, and how to stop. */
export interface Opening {
  readonly wanted: Wanted;
  readonly controller: AbortController;
}

/** The connections that may be lent for the same key. Lists, which are short, and no sets: see `Watch`. */
export interface Bucket {
  readonly key: string;
  readonly entries: Entry[];
  /** The most recently used last. */
  readonly idle: Entry[];
  readonly waiting: Wanted[];
  readonly opening: Opening[];
  readonly knownHeads: KnownHeads;
  /** How many connections were allowed at the most: so many are kept while they are idle. */
  limit: number;
  /** What the server was seen to speak. */
  version: '1.1' | '2' | undefined;
}

/** An origin without connections; `key` is what tells it from others. */
export function createBucket(key: string): Bucket {
  return {
    key, entries: [], idle: [], waiting: [], opening: [], version: undefined, limit: 0, knownHeads: createKnownHeads(),
  };
}

/** Nothing is open, being opened or waiting. */
export function isEmpty({ entries, opening, waiting }: Bucket): boolean {
  return entries.length === 0 && opening.length === 0 && waiting.length === 0;
}

/** Adds a connection that was opened; `freed` is told when it may take the next request. */
export function addEntry(
  bucket: Bucket, wanted: Wanted, record: ConnectionRecord, connected: Extract<Connected, { ok: true }>,
  emit: Emit, freed: (entry: Entry) => void,
): Entry {
  const tap = connected.socket;
  const isFree = (): void => freed(entry);
  const http: Entry['http'] = connected.httpVersion === '2'
    ? { version: '2', client: createHttp2Client(tap, wanted, isFree, record, emit) }
    : { version: '1.1', client: new Http1Client(tap, bucket.knownHeads, isFree) };
  const entry: Entry = {
    ...record, tap, http, bucket, absoluteForm: connected.absoluteForm,
    proxyAuthorization: connected.proxyAuthorization, keepAliveHint: undefined,
    idleSince: undefined, retired: false, place: bucket.entries.length,
  };
  bucket.entries.push(entry);
  return entry;
}

function createHttp2Client(
  tap: Entry['tap'], { target: { host, port }, options }: Wanted, freed: () => void, { capture }: ConnectionRecord,
  emit: Emit,
): Http2Client {
  const tellFrames: TellFrames = (frames, omitted) =>
    emit({ type: 'http2-frames', at: frames.at(-1)?.endAt ?? monotonicNow(), frames, omitted });
  return new Http2Client(tap, authorityOf(host, port), headLimitsOf(options), freed, capture && tellFrames);
}

/** Takes a connection out that is gone; false when it was taken out before. */
export function removeEntry(entry: Entry): boolean {
  const { bucket: { entries, idle }, place } = entry;
  if (place === -1) return false;
  const last = entries.pop()!;
  if (last !== entry) {
    entries[place] = last;
    last.place = place;
  }
  entry.place = -1;
  const index = idle.indexOf(entry);
  if (index !== -1) idle.splice(index, 1);
  return true;
}

/** When it will have been idle long enough, ms; Infinity while it is in use. */
export function idleUntil({ http, idleSince, keepAliveHint }: Entry): number {
  return idleSince === undefined ? Infinity : idleSince + idleLimitOf(http.version, keepAliveHint);
}

/** Closes an idle connection. */
export function closeIdleEntry({ http, tap }: Entry): void {
  if (http.version === '2') http.client.close();
  else tap.destroy();
}

/** It speaks HTTP/2, and new streams may be opened on it. */
export function isOpenSession({ http }: Entry): boolean {
  return http.version === '2' && http.client.isOpen;
}

/** How many streams the servers of its HTTP/2 connections allow at once; undefined until all of them have said so. */
export function streamsAllowed({ entries }: Bucket): number | undefined {
  let sum = 0;
  for (const { http } of entries) {
    if (http.version !== '2' || !http.client.isOpen) continue;
    const { streamsAllowed: allowed } = http.client;
    if (allowed === undefined) return undefined;
    sum += allowed;
  }
  return sum;
}

/** An exchange may join one of its HTTP/2 connections. */
export function hasRoom(bucket: Bucket): boolean {
  return bucket.entries.some(({ http }) => http.version === '2' && http.client.hasRoom);
}
