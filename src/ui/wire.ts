import * as vscode from 'vscode';
import { languageFor } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { wireTexts } from '../explain/text/wire.ts';
import { framesText, wireText } from '../explain/wire.ts';
import type { MissingWire } from '../protocol.ts';
import type { EngineClient } from '../run/engineClient.ts';
import type { Exchange } from '../trace/exchange.ts';
import { compactWire, maskWire, wireOfExchange } from '../trace/exchangeWire.ts';
import { maskExchangeSecrets } from '../trace/secretValues.ts';
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

/** The same as a text, after the frames of HTTP/2; or why there is nothing. */
export function wireDocument(exchange: Exchange, reading: WireReading): Uint8Array {
  const language = languageFor(vscode.env.language);
  const shown = maskExchangeSecrets(exchange);
  const bytes = 'record' in reading
    ? wireText(shown, reading.record, language)
    : `${say(wireTexts, language, reading.missing)}\n`;
  const frames = framesText(shown, 'exchange', language);
  return new TextEncoder().encode([frames, bytes].filter((part) => part !== '').join('\n'));
}
