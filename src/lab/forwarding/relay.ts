import { gateway, originForm } from '../gateways/gateway.ts';
import type { Gateway } from '../gateways/gateway.ts';
import type { House, Part } from '../parts.ts';
import { createForwarder } from './forward.ts';

/**
 * What a relay should be: it stands in front of the lab's server, understands HTTP, answers for its own connections, and
 * takes out what was said for this connection only (RFC 9110 §7.6.1).
 */
export const relay: Part = gateway({ id: 'relay', scheme: 'http', behind: 'http', create: createRelay });

function createRelay(house: House, own: string): Gateway {
  const { ports } = house;
  const forwarder = createForwarder(house, own);
  const host = `lab.test:${ports.http}`;
  return {
    close: () => forwarder.close(),
    attend(call) {
      const next = {
        scheme: 'http', address: '127.0.0.1', port: ports.http, name: host, target: originForm(call),
      } as const;
      forwarder.forward(call, next, { host });
    },
  };
}
