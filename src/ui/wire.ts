import type { MissingWire } from '../protocol.ts';
import type { EngineClient } from '../run/engineClient.ts';
import type { Exchange } from '../trace/exchange.ts';
import { compactWire, maskWire, wireOfExchange } from '../trace/exchangeWire.ts';
import type { ShownWireRecord } from '../trace/wireRecord.ts';

export type WireReading =
  | { readonly record: ShownWireRecord }
  | { readonly missing: MissingWire };

/** The bytes of an exchange on its connection, or why there are none. Secret values of the request are masked. */
export type ReadWire = (exchange: Exchange) => Promise<WireReading>;

export function createWireReader(engine: EngineClient): ReadWire {
  return async (exchange) => {
    const { connection, spec, startedAt } = exchange;
    if (spec.options.capture === 'none') return { missing: 'not-kept' };
    if (!connection || startedAt < (engine.startedAt ?? Infinity)) return { missing: 'engine-ended' };
    const record = await engine.readWire(connection.id);
    if (!record) return { missing: engine.startedAt === undefined ? 'engine-ended' : 'forgotten' };
    return { record: compactWire(maskWire(wireOfExchange(record, exchange), exchange)) };
  };
}
