import { createForwarder } from '../forwarding/forward.ts';
import type { Next } from '../forwarding/forward.ts';
import type { FieldLine } from '../messages.ts';
import type { House, Part } from '../parts.ts';
import { gateway, originForm, receivedFor } from './gateway.ts';
import type { Call, Gateway } from './gateway.ts';

// Gateways that speak HTTP on both sides.

/** What only those in front may say; what a client says of itself is not believed. */
export const claims: ReadonlySet<string> = new Set([
  'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip',
]);

/** HTTPS in front, plain HTTP behind: it takes TLS off the origin server's hands. */
export const accelerator: Part = gateway({
  id: 'accelerator', scheme: 'https', behind: 'http', create: createAccelerator,
});

/** Plain HTTP in front, HTTPS behind: it speaks TLS, and looks at certificates, for clients that do not. */
export const securityGateway: Part = gateway({
  id: 'securityGateway', scheme: 'http', behind: 'https', create: createSecurityGateway,
});

/**
 * As nginx stands in front of an application server: the application is asked under its own name, and hears in
 * X-Forwarded-* and Forwarded what the client wanted. Bodies pass as they come.
 */
export const reverseProxy: Part = gateway({
  id: 'reverseProxy', scheme: 'http', behind: 'http', create: createReverseProxy,
});

function createAccelerator(house: House, own: string): Gateway {
  const forwarder = createForwarder(house, own);
  return {
    close: () => forwarder.close(),
    attend(call) {
      const next = plainNext(call, house.ports.http);
      const options = { added: [receivedFor(call)], without: claims };
      forwarder.forward(call, next, options);
    },
  };
}

function plainNext(call: Call, port: number): Next {
  return { scheme: 'http', address: '127.0.0.1', port, name: `lab.test:${port}`, target: originForm(call) };
}

function createSecurityGateway(house: House, own: string): Gateway {
  const { ports, authority } = house;
  const forwarder = createForwarder(house, own);
  return {
    close: () => forwarder.close(),
    attend(call) {
      const serverName = nameBehind(call);
      const host = `${serverName}:${ports.https}`;
      const next = {
        scheme: 'https', address: '127.0.0.1', port: ports.https, name: host, target: originForm(call), serverName,
        authority: authority.rootPem,
      } as const;
      const options = { host, added: [receivedFor(call)], without: claims };
      forwarder.forward(call, next, options);
    },
  };
}

/** The name that the client asked for, so that the server behind shows the certificate of that name. */
function nameBehind({ head }: Call): string {
  const name = head.authority?.replace(/:\d*$/, '').toLowerCase() ?? '';
  return name.endsWith('.lab.test') ? name : 'lab.test';
}

/** ms without a byte from the application: shorter than the gateways' own patience, as an operator would set it. */
const applicationPatience = 3000;

function createReverseProxy(house: House, own: string): Gateway {
  const { ports } = house;
  const forwarder = createForwarder(house, own, applicationPatience);
  const host = `lab.test:${ports.http}`;
  return {
    close: () => forwarder.close(),
    attend(call) {
      const { head, visitor } = call;
      const asked: FieldLine[] = head.authority === undefined ? [] : [['X-Forwarded-Host', head.authority]];
      forwarder.forward(call, plainNext(call, ports.http), {
        host, without: claims,
        added: [...asked, ['X-Forwarded-Proto', head.scheme], ['X-Forwarded-For', visitor.peerAddress], receivedFor(call)],
        back: (line) => ownLocation(line, host, head.authority),
      });
    },
  };
}

/** A redirect within the application is one within the proxy: the client does not know the application's own name. */
function ownLocation([name, value]: FieldLine, behind: string, asked: string | undefined): FieldLine {
  const isWithin = name.toLowerCase() === 'location' && value.startsWith(`http://${behind}/`);
  return [name, isWithin && asked !== undefined ? `http://${asked}${value.slice(`http://${behind}`.length)}` : value];
}
