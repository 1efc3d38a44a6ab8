import type { RequestSpec } from '../trace/request.ts';
import { createSecretMask } from '../trace/secretValues.ts';
import { nobody } from '../wire/listener.ts';
import type { Listener } from '../wire/listener.ts';
import { streamLine } from './chart.ts';
import type { Terminal } from './chart.ts';

/** Prints the events of a stream as they come, a line each, with the request's secrets masked. */
export function streamPrinter(spec: RequestSpec, includeSecrets: boolean, terminal: Terminal): Listener {
  const masker = includeSecrets ? undefined : createSecretMask(spec.secrets ?? []);
  let startAt = 0;
  return {
    ...nobody,
    onExchange: ({ events }) => {
      for (const event of events) {
        if (event.type === 'queued') startAt = event.at;
        if (event.type !== 'stream-event') continue;
        const line = streamLine(event.event, event.at - startAt, terminal);
        process.stdout.write(`${masker ? masker.text(line) : line}\n`);
      }
    },
  };
}
