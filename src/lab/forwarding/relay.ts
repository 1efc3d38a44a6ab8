import type { House, Part } from '../parts.ts';
import { createForwarder } from './forward.ts';
import { openGate } from './gate.ts';
import type { GateKeeper } from './gate.ts';
import { accountOf } from './visit.ts';
import type { Teller } from './visit.ts';

/**
 * What a relay should be: it stands in front of the lab's server, understands HTTP, answers for its own connections,
 * and takes out what was said for this connection only (RFC 9110 §7.6.1).
 */
export const relay: Part = {
  id: 'relay',
  start: (house, port) => openGate(house, {
    id: 'relay', scheme: 'http', port, keeper: (teller) => createKeeper(house, teller),
  }),
};

function createKeeper({ ports }: House, teller: Teller): GateKeeper {
  const forwarder = createForwarder('relay.lab.test');
  const host = `lab.test:${ports.http}`;
  return {
    onRequest(request, response, visitor) {
      const next = {
        scheme: 'http', address: '127.0.0.1', port: ports.http, name: host, target: request.url ?? '/',
      } as const;
      forwarder.forward(request, response, next, accountOf(request, visitor, teller), { host });
    },
    close: () => forwarder.close(),
  };
}
