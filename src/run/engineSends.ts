import type { EngineEvents } from '../protocol.ts';
import type { ConnectionEvent, ExchangeEvent } from '../trace/event.ts';
import type { PhaseName } from '../trace/failure.ts';
import type { RequestSpec } from '../trace/request.ts';
import { monotonicNow } from '../wire/clock.ts';
import type { EngineClientOptions } from './engineClient.ts';

/** The sends that an engine has under way, as far as their events have told. */
interface EngineSends {
  /** Resolves with the exchanges of the send, in order. */
  begin(spec: RequestSpec): Promise<readonly string[]>;
  /** Notes where the exchange or the connection is, and tells the listener. */
  pass(entry: EngineEvents, specs: Readonly<Record<string, RequestSpec>> | undefined): void;
  finish(specId: string, exchangeIds: readonly string[]): void;
  /** True where the send is under way and was not cancelled before; `giveUp` is called when the engine is stuck. */
  cancel(specId: string, giveUp: () => void): boolean;
  /** The engine is gone, `message` says why: what was under way ends where it was seen last. */
  abandon(message: string): void;
}

interface SeenExchange {
  readonly spec: RequestSpec;
  resendOf?: string;
  phase: PhaseName;
  connectionId?: string;
  readonly queued: boolean;
  ended: boolean;
}

interface PendingSend {
  readonly spec: RequestSpec;
  readonly resolve: (exchangeIds: readonly string[]) => void;
  readonly exchanges: Map<string, SeenExchange>;
  cancelTimer?: NodeJS.Timeout;
}

/** An engine that has not ended a cancelled send after this many ms is stuck, and is ended itself. */
const cancelGrace = 5_000;

/** No send yet. `newId` names the exchange of a send that ends with its engine before any was told of. */
export function createEngineSends({ listener, newId }: Pick<EngineClientOptions, 'listener' | 'newId'>): EngineSends {
  const sends = new Map<string, PendingSend>();
  const connectionPhases = new Map<string, PhaseName>();

  const finish = (specId: string, exchangeIds: readonly string[]): void => {
    const send = sends.get(specId);
    if (!send) return;
    clearTimeout(send.cancelTimer);
    sends.delete(specId);
    send.resolve(exchangeIds);
  };

  const abandonExchange = (exchangeId: string, specId: string, exchange: SeenExchange, message: string): void => {
    const { spec, resendOf, queued, connectionId = '' } = exchange;
    const phase = exchange.phase === 'blocked' ? connectionPhases.get(connectionId) ?? 'blocked' : exchange.phase;
    const at = monotonicNow();
    const failure = { phase, code: 'engine-ended', confidence: 'certain', cause: { message } } as const;
    listener.onExchange({
      exchangeId, specId, spec, ...(resendOf === undefined ? {} : { resendOf }),
      events: [
        ...(queued ? [] : [{ type: 'queued', at, startedAt: Date.now() } as const]), { type: 'failed', at, failure },
      ],
    });
  };

  return {
    begin: (spec) => {
      const { promise, resolve } = Promise.withResolvers<readonly string[]>();
      sends.set(spec.id, { spec, resolve, exchanges: new Map() });
      return promise;
    },
    pass: (entry, specs) => {
      if ('connectionId' in entry) {
        for (const { type } of entry.events) notePhase(connectionPhases, entry.connectionId, type);
        return listener.onConnection(entry);
      }
      const send = sends.get(entry.specId);
      if (!send) return;
      const { exchangeId, resendOf, events } = entry;
      const known: SeenExchange = send.exchanges.get(exchangeId)
        ?? { spec: specs?.[exchangeId] ?? send.spec, phase: 'blocked', queued: true, ended: false };
      send.exchanges.set(exchangeId, known);
      if (resendOf !== undefined) known.resendOf = resendOf;
      for (const event of events) noteEvent(known, event);
      listener.onExchange({ ...entry, spec: known.spec });
    },
    finish,
    cancel: (specId, giveUp) => {
      const send = sends.get(specId);
      if (!send || send.cancelTimer) return false;
      send.cancelTimer = setTimeout(giveUp, cancelGrace);
      return true;
    },
    abandon: (message) => {
      for (const { spec, exchanges } of sends.values()) {
        if (exchanges.size === 0) exchanges.set(newId(), { spec, phase: 'blocked', queued: false, ended: false });
        for (const [id, exchange] of exchanges) if (!exchange.ended) abandonExchange(id, spec.id, exchange, message);
        finish(spec.id, [...exchanges.keys()]);
      }
      connectionPhases.clear();
    },
  };
}

function noteEvent(exchange: SeenExchange, event: ExchangeEvent): void {
  exchange.phase = exchangePhases[event.type] ?? exchange.phase;
  if (event.type === 'connection-assigned') exchange.connectionId = event.connectionId;
  if (event.type === 'body-end' || event.type === 'failed') exchange.ended = true;
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
