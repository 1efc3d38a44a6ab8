import { appendEvents } from '../../trace/appendEvents.ts';
import type { ConnectionEvent, ExchangeEvent } from '../../trace/event.ts';
import type { Exchange } from '../../trace/exchange.ts';
import { addServerEvents, record } from '../../trace/record.ts';
import type { RequestSpec } from '../../trace/request.ts';
import type { EngineListener } from '../engineClient.ts';
import type { Origin, Send } from './history.ts';
import type { StoredExchange } from './historyFile.ts';

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

/** Sends and what was seen of their exchanges and connections, in memory. */
export class SeenSends {
  readonly #sends = new Map<string, MutableSend>();
  readonly #entries = new Map<string, Entry>();
  readonly #connections = new Map<string, ConnectionEvent[]>();
  /** The latest send of each origin. */
  readonly #latest = new Map<string, string>();

  begin(spec: RequestSpec, origin: Origin | undefined, unlogged: boolean): void {
    this.#keep({
      specId: spec.id,
      spec,
      exchangeIds: [],
      running: true,
      ...(origin ? { origin } : {}),
      ...(unlogged ? { unlogged: true } : {}),
    });
  }

  /** It is over; undefined when there is no such send. */
  finish(specId: string): Send | undefined {
    const send = this.#sends.get(specId);
    if (send) send.running = false;
    return send;
  }

  /** Whether it belongs to a send that is known. */
  seeExchange({ exchangeId, specId, resendOf, spec, events }: Parameters<EngineListener['onExchange']>[0]): boolean {
    const send = this.#sends.get(specId);
    if (!send) return false;
    const entry = this.#entries.get(exchangeId) ?? {
      specId,
      spec,
      events: [],
      ...(resendOf === undefined ? {} : { resendOf }),
    };
    if (!this.#entries.has(exchangeId)) send.exchangeIds.push(exchangeId);
    this.#entries.set(exchangeId, entry);
    appendEvents(entry.events, events);
    const assigned = events.findLast((event) => event.type === 'connection-assigned');
    if (assigned) entry.connectionId = assigned.connectionId;
    delete entry.recorded;
    return true;
  }

  /** Gives the exchanges that are seen in another way by that. */
  seeConnection({ connectionId, events }: Parameters<EngineListener['onConnection']>[0]): string[] {
    const seen = this.#connections.get(connectionId) ?? [];
    this.#connections.set(connectionId, [...seen, ...events]);
    // How a connection ended is not part of the exchanges that used it before.
    if (events.every(({ type }) => type === 'closed')) return [];
    // Nor are frames that come later.
    const isLate = events.every(({ type }) => type === 'closed' || type === 'http2-frames');
    const changed: string[] = [];
    for (const [id, entry] of this.#entries) {
      if (entry.connectionId !== connectionId || (isLate && !this.#sends.get(entry.specId)?.running)) continue;
      delete entry.recorded;
      changed.push(id);
    }
    return changed;
  }

  /** Adds `server` events, also to an exchange of an earlier session; false when there is no such exchange. */
  append(exchangeId: string, events: readonly ExchangeEvent[]): boolean {
    const entry = this.#entries.get(exchangeId);
    if (!entry) return false;
    entry.events.push(...events);
    if (entry.restored) {
      entry.restored = addServerEvents(entry.restored, events.filter((event) => event.type === 'server'));
    }
    delete entry.recorded;
    return true;
  }

  /** Takes in what earlier sessions left; the sends of this session stay the latest. */
  restore(stored: readonly StoredExchange[]): void {
    const current = [...this.#sends.values()];
    this.#sends.clear();
    for (const one of stored) this.#restoreOne(one);
    for (const send of current) this.#keep(send);
  }

  #restoreOne({ specId, origin, exchange }: StoredExchange): void {
    if (this.#entries.has(exchange.id)) return;
    const send = this.#sends.get(specId) ?? {
      specId, exchangeIds: [], running: false, ...(origin ? { origin } : {}),
    };
    send.exchangeIds.push(exchange.id);
    this.#entries.set(exchange.id, { specId, spec: exchange.spec, events: [], restored: exchange });
    this.#sends.set(specId, send);
    if (origin) this.#latest.set(keyOf(origin), specId);
  }

  #keep(send: MutableSend): void {
    this.#sends.set(send.specId, send);
    if (send.origin) this.#latest.set(keyOf(send.origin), send.specId);
  }

  /** Oldest first. */
  sends(): Send[] {
    return [...this.#sends.values()];
  }

  send(specId: string): Send | undefined {
    return this.#sends.get(specId);
  }

  latest(origin: Origin): Send | undefined {
    return this.#sends.get(this.#latest.get(keyOf(origin)) ?? '');
  }

  sendOf(exchangeId: string): Send | undefined {
    return this.#sends.get(this.#entries.get(exchangeId)?.specId ?? '');
  }

  specOf(exchangeId: string): RequestSpec | undefined {
    return this.#entries.get(exchangeId)?.spec;
  }

  exchange(exchangeId: string): Exchange | undefined {
    const entry = this.#entries.get(exchangeId);
    if (!entry) return undefined;
    return entry.restored ?? (entry.recorded ??= this.#record(exchangeId, entry));
  }

  /** What is to be on disk of an exchange; nothing of a send that is not to be logged. */
  stored(exchangeId: string): StoredExchange | undefined {
    const exchange = this.exchange(exchangeId);
    const send = this.sendOf(exchangeId);
    if (!exchange || !send || send.unlogged) return undefined;
    return { specId: send.specId, exchange, ...(send.origin ? { origin: send.origin } : {}) };
  }

  #record(id: string, { spec, events, resendOf, connectionId }: Entry): Exchange {
    const ofConnection = connectionId === undefined ? undefined : this.#connections.get(connectionId);
    return record({
      id,
      spec,
      events: [...events],
      ...(resendOf === undefined ? {} : { resendOf }),
      ...(connectionId !== undefined && ofConnection
        ? { connection: { id: connectionId, events: ofConnection } } : {}),
    });
  }

  /** Forgets the oldest sends that are over until at most so many are left; gives their exchanges. */
  forgetOldest(most: number): string[] {
    const forgotten: string[] = [];
    for (const send of this.#sends.values()) {
      if (this.#sends.size <= most) break;
      if (send.running) continue;
      forgotten.push(...send.exchangeIds);
      this.#forget(send);
    }
    return forgotten;
  }

  #forget(send: MutableSend): void {
    this.#sends.delete(send.specId);
    const key = send.origin && keyOf(send.origin);
    if (key !== undefined && this.#latest.get(key) === send.specId) this.#latest.delete(key);
    for (const id of send.exchangeIds) this.#entries.delete(id);
  }

  /** Forgets the connections that no exchange is left of; gives their ids. */
  forgetUnusedConnections(): string[] {
    const used = new Set([...this.#entries.values()].map(({ connectionId }) => connectionId));
    const unused = [...this.#connections.keys()].filter((id) => !used.has(id));
    for (const id of unused) this.#connections.delete(id);
    return unused;
  }
}

function keyOf(origin: Origin): string {
  return `${origin.uri}\n${origin.key}`;
}
