import * as vscode from 'vscode';
import { languageFor } from '../explain/text/language.ts';
import type { MissingWire } from '../protocol.ts';
import type { EngineClient } from '../run/engineClient.ts';
import type { Exchange } from '../trace/exchange.ts';
import type { ShownWireRecord } from '../trace/wireRecord.ts';

export type WireReading =
  | { readonly record: ShownWireRecord }
  | { readonly missing: MissingWire };

/** The bytes of an exchange on its connection, or why there are none. Secret values of the request are masked. */
export type ReadWire = (exchange: Exchange) => Promise<WireReading>;

/** Reads from the engine, which keeps the bytes of the latest connections for as long as it runs. */
export function createWireReader(engine: EngineClient): ReadWire {
  return async (exchange) => {
    const { connection, spec, startedAt } = exchange;
    if (spec.options.capture === 'none') return { missing: 'not-kept' };
    if (!connection || startedAt < (engine.startedAt ?? Infinity)) return { missing: 'engine-ended' };
    const record = await engine.readWire(connection.id);
    if (!record) return { missing: engine.startedAt === undefined ? 'engine-ended' : 'forgotten' };
    const { shownWire } = await import('../explain/wireDocument.ts');
    return { record: shownWire(record, exchange) };
  };
}

/** The same as a text, after the frames of HTTP/2; or why there is nothing. */
export async function wireDocumentOf(exchange: Exchange, reading: WireReading): Promise<Uint8Array> {
  const { wireDocument } = await import('../explain/wireDocument.ts');
  const wire = 'record' in reading ? reading.record : reading.missing;
  return new TextEncoder().encode(wireDocument(exchange, wire, languageFor(vscode.env.language)));
}
