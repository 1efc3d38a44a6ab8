import { compactWire, maskWire, wireOfExchange } from '../trace/exchangeWire.ts';
import type { Exchange } from '../trace/exchange.ts';
import { maskExchangeSecrets } from '../trace/secretValues.ts';
import type { ShownWireRecord, WireRecord } from '../trace/wireRecord.ts';
import { lookupWireText } from './lookupWire.ts';
import type { Language } from './text/language.ts';
import { say } from './text/text.ts';
import { wireTexts } from './text/wire.ts';
import { framesText, wireText } from './wire.ts';

/** The part of a connection's bytes that an exchange shows: secret values masked, empty pieces left out. */
export function shownWire(record: Omit<WireRecord, 'keyLog'>, exchange: Exchange): ShownWireRecord {
  return compactWire(maskWire(wireOfExchange(record, exchange), exchange));
}

/** The bytes as a text, after those of the lookups and the frames of HTTP/2; without a record, why there is none. */
export function wireDocument(
  exchange: Exchange, record: ShownWireRecord | 'not-kept' | 'engine-ended' | 'forgotten', language: Language,
): string {
  const shown = maskExchangeSecrets(exchange);
  const bytes = typeof record === 'string'
    ? `${say(wireTexts, language, record)}\n` : wireText(shown, record, language);
  const lookups = lookupWireText(shown, language);
  return [lookups, framesText(shown, 'exchange', language), bytes].filter((part) => part !== '').join('\n');
}
