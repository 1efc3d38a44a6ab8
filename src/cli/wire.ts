import { lookupWireText } from '../explain/lookupWire.ts';
import type { Language } from '../explain/text/language.ts';
import { say } from '../explain/text/text.ts';
import { wireTexts } from '../explain/text/wire.ts';
import { framesText, wireText } from '../explain/wire.ts';
import type { Exchange } from '../trace/exchange.ts';
import { maskWire, wireOfExchange } from '../trace/exchangeWire.ts';
import { maskExchangeSecrets } from '../trace/secretValues.ts';
import type { Client } from '../wire/client.ts';

/** `--raw`: every byte of the exchange as it passed, after those of its lookups; its secret values masked. */
export function rawLines(client: Pick<Client, 'readWire'>, exchange: Exchange, language: Language): string[] {
  const lookups = lookupWireText(maskExchangeSecrets(exchange), language);
  return [...(lookups === '' ? [] : ['', lookups.trimEnd()]), ...connectionLines(client, exchange, language)];
}

function connectionLines(client: Pick<Client, 'readWire'>, exchange: Exchange, language: Language): string[] {
  const { connection } = exchange;
  if (!connection) return ['', say(wireTexts, language, 'no-connection')];
  const record = client.readWire(connection.id);
  const isOff = exchange.spec.options.capture === 'none';
  if (!record) return ['', say(wireTexts, language, isOff ? 'not-kept' : 'forgotten')];
  const shown = maskWire(wireOfExchange(record, exchange), exchange);
  return ['', wireText(exchange, shown, language).trimEnd()];
}

/** `--frames`: nothing for an exchange that did not speak HTTP/2. */
export function frameLines(exchange: Exchange, language: Language): string[] {
  const frames = framesText(exchange, 'exchange', language);
  return frames === '' ? [] : ['', frames.trimEnd()];
}
