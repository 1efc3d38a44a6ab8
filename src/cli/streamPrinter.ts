import type { Language } from '../explain/text/language.ts';
import type { RequestSpec } from '../trace/request.ts';
import { createSecretMask } from '../trace/secretValues.ts';
import { nobody } from '../wire/listener.ts';
import type { Listener } from '../wire/listener.ts';
import { messageLine, streamLine } from './chart.ts';
import type { Terminal } from './terminal.ts';

/** Prints the events of a stream and the messages of a WebSocket as they pass, with the request's secrets masked. */
export function streamPrinter(
  spec: RequestSpec, includeSecrets: boolean, language: Language, terminal: Terminal,
): Listener {
  const masker = includeSecrets ? undefined : createSecretMask(spec.secrets ?? []);
  let startAt = 0;
  return {
    ...nobody,
    onExchange: ({ events }) => {
      for (const event of events) {
        if (event.type === 'queued') startAt = event.at;
        const ms = event.at - startAt;
        const line = event.type === 'stream-event' ? streamLine(event.event, ms, terminal)
          : event.type === 'web-socket-message' ? messageLine(event.message, ms, language, terminal) : undefined;
        if (line === undefined) continue;
        process.stdout.write(`${masker ? masker.text(line) : line}\n`);
      }
    },
  };
}
