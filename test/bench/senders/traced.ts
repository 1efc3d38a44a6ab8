import type { RequestSpec } from '../../../src/trace/request.ts';
import { createClient } from '../../../src/wire/client.ts';
import type { Client } from '../../../src/wire/client.ts';
import { contentSize } from './sender.ts';
import type { Origin, Sender, Setting } from './sender.ts';

/** Our own send, with every event told, and everything kept that is kept when nobody says otherwise. */
export function tracedFull(origin: Origin, setting: Setting): Sender {
  return traced(origin, setting, 'full');
}

/** The same with no bytes of its connections kept. */
export function tracedBare(origin: Origin, setting: Setting): Sender {
  return traced(origin, setting, 'none');
}

function traced({ url, authority }: Origin, { fresh, atOnce }: Setting, capture: 'full' | 'none'): Sender {
  // The machine is asked about two connections a second at most, however many there are: no cost of a request, and in a
  // turn of some milliseconds it would be that of whoever has the turn.
  const client: Client = createClient({ maxConnections: Math.max(atOnce, 6), inquire: false });
  // What a listener has to do at least: keep the events.
  let events = 0;
  const listener = {
    onExchange: (update: { events: readonly unknown[] }): void => { events += update.events.length; },
    onConnection: (update: { events: readonly unknown[] }): void => { events += update.events.length; },
  };
  const trustAnchors = [{ pem: authority, label: 'the benchmark' }];
  const spec: RequestSpec = {
    id: 'bench', method: 'GET', url, headers: [], options: { forceNewConnection: fresh, capture, trustAnchors },
  };
  const done: string[] = [];
  const connections: string[] = [];
  return {
    async send() {
      const [exchange] = await client.send(spec, listener);
      if (exchange?.response?.contentSize !== contentSize) throw new Error(JSON.stringify(exchange?.failure));
      done.push(exchange.id);
      if (!exchange.reused) connections.push(exchange.connection!.id);
      if (done.length >= 500) await client.forget(done.splice(0), connections.splice(0));
    },
    async close() {
      if (events === 0) throw new Error('nothing was traced');
      await client.close();
    },
  };
}
