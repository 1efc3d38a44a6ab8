import { explainHeld } from '../explain/held.ts';
import { formatProgress, progressOf } from '../explain/progress.ts';
import type { Language } from '../explain/text/language.ts';
import { appendEvents } from '../trace/appendEvents.ts';
import type { ExchangeEvent } from '../trace/event.ts';
import { record } from '../trace/record.ts';
import type { RequestSpec } from '../trace/request.ts';
import type { Client, ExchangeUpdate, Listener } from '../wire/client.ts';
import type { Terminal } from './ask.ts';

/** The line is drawn anew this often at most, ms. */
const interval = 200;

interface UnderWay {
  readonly listener: Listener;
  /** Takes the line away. */
  clear(): void;
}

interface UnderWayOptions {
  readonly spec: RequestSpec;
  readonly language: Language;
  readonly client: Pick<Client, 'release'>;
  /** Whoever can be asked beyond a limit. */
  readonly terminal: Terminal | undefined;
  /** Told the same. */
  readonly inner: Listener;
}

/**
 * While a body is under way, a line on standard error says how far it has got, if that is a terminal; beyond a limit it
 * becomes a question.
 */
export function createUnderWay({ spec, language, client, terminal, inner }: UnderWayOptions): UnderWay {
  const { stderr } = process;
  let id: string | undefined;
  let events: ExchangeEvent[] = [];
  let drawnAt = 0;
  let isDrawn = false;

  const clear = (): void => {
    if (isDrawn) stderr.write('\r\u001b[K');
    isDrawn = false;
  };

  const draw = (at: number): void => {
    if (stderr.isTTY !== true || at - drawnAt < interval) return;
    drawnAt = at;
    const progress = progressOf(record({ id: id!, spec, events }));
    if (!progress) return;
    const arrow = progress.direction === 'sent' ? '↑' : '↓';
    const line = `${arrow} ${formatProgress(progress, language)}`;
    stderr.write(`\r${line.slice(0, (stderr.columns || 80) - 1)}\u001b[K`);
    isDrawn = true;
  };

  const ask = async (event: Extract<ExchangeEvent, { type: 'content-held' }>, exchangeId: string): Promise<void> => {
    clear();
    const { question } = explainHeld(event, language);
    client.release(exchangeId, await terminal?.confirmed(question) ?? false);
  };

  const hear = ({ exchangeId, events: added }: ExchangeUpdate): void => {
    if (exchangeId !== id) {
      id = exchangeId;
      events = [];
    }
    appendEvents(events, added);
    for (const event of added) {
      if (event.type === 'content-held') void ask(event, exchangeId);
      if (event.type === 'body-progress' || event.type === 'request-progress') draw(event.at);
      if (event.type === 'body-end' || event.type === 'request-sent' || event.type === 'failed') clear();
    }
  };

  return {
    clear,
    listener: {
      onExchange: (update) => {
        hear(update);
        inner.onExchange(update);
      },
      onConnection: (update) => inner.onConnection(update),
    },
  };
}
