import type { FromInspector, ToInspector } from '../../src/protocol.ts';
import type { Exchange } from '../../src/trace/exchange.ts';

export type Wire = Pick<Extract<ToInspector, { type: 'wire' }>, 'record' | 'missing'>;

/** Reads the bytes of exchanges and remembers those of the one on the screen. */
export interface Wires {
  /** Undefined until they are here. While the exchange goes on they are read again now and then. */
  of(exchange: Exchange): Wire | undefined;
  receive(message: Extract<ToInspector, { type: 'wire' }>): void;
}

interface Known {
  readonly exchangeId: string;
  /** Events of the exchange when it was asked: more have come since, if it has more now. */
  events: number;
  askedAt: number;
  readId: number;
  wire?: Wire;
}

/** While an exchange goes on, its bytes are read again after so many ms at the earliest. */
const rereadAfter = 1000;

/** `changed` is called when something arrived that was waited for. */
export function createWires(post: (message: FromInspector) => void, changed: () => void): Wires {
  let known: Known | undefined;
  let lastReadId = 0;

  const ask = (exchange: Exchange): Known => {
    lastReadId += 1;
    post({ type: 'read-wire', readId: lastReadId, exchangeId: exchange.id });
    return { exchangeId: exchange.id, events: exchange.events.length, askedAt: performance.now(), readId: lastReadId };
  };

  return {
    of: (exchange) => {
      if (known?.exchangeId !== exchange.id) known = ask(exchange);
      const isOld = known.wire && known.events !== exchange.events.length;
      const isOver = exchange.endAt !== undefined;
      if (isOld && (isOver || performance.now() - known.askedAt > rereadAfter)) {
        const { wire } = known;
        known = { ...ask(exchange), ...(wire ? { wire } : {}) };
      }
      return known.wire;
    },
    receive: ({ readId, record, missing }) => {
      if (known?.readId !== readId) return;
      known.wire = { ...(record ? { record } : {}), ...(missing ? { missing } : {}) };
      changed();
    },
  };
}
