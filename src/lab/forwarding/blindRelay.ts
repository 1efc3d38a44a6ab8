import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { parseTraceParent } from '../http/traceContext.ts';
import type { AccountKey, ServerEvent } from '../messages.ts';
import type { House, Part, RunningPart } from '../parts.ts';
import { openDoor } from './door.ts';

/**
 * A relay from before HTTP/1.1: it passes the first request on byte for byte, `Connection: keep-alive` too, and takes
 * the end of the connection behind it for the end of the response. The server keeps that connection open, as it was
 * asked to; the client has its response and sends the next request on the same connection; and nobody reads it (RFC
 * 9112 §C.2.2 tells the story). In the end the server's patience closes everything.
 */
export const blindRelay: Part = { id: 'blindRelay', start: startBlindRelay };

const limits = { connections: 64, silence: 30_000, head: 65_536 } as const;

async function startBlindRelay(house: House, port: number): Promise<RunningPart> {
  const door = await openDoor(port, limits.connections, (client, visitor) => {
    // Blind as it is, it leads nowhere but to the lab.
    if (!house.isOwn('lab.test', house.ports.http)) return void client.resetAndDestroy();
    client.setTimeout(limits.silence, () => client.destroy());
    relayOne(client, house, { number: visitor.number, open: door.connections(), port: visitor.port });
  });
  return { ...door, origin: `http://lab.test:${door.port}` };
}

interface Arrival {
  readonly number: number;
  readonly open: number;
  readonly port: number;
}

function relayOne(client: Socket, { ports, report }: House, arrival: Arrival): void {
  const upstream = connect({ host: '127.0.0.1', port: ports.http });
  const acceptedAt = monotonicNow();
  const watched = watch(acceptedAt, `lab.test:${ports.http}`, arrival, report);
  upstream.on('error', () => client.destroy());
  upstream.on('data', (chunk) => watched.back(chunk.length));
  upstream.pipe(client);
  upstream.on('close', () => {
    watched.end();
    client.end();
  });
  client.on('close', () => upstream.destroy());
  client.on('data', (chunk) => {
    if (watched.there(chunk)) upstream.write(chunk);
  });
}

/** What the relay itself would not know: which bytes belong to which request. For the account only. */
function watch(acceptedAt: number, to: string, { number, open, port }: Arrival, report: House['report']) {
  const server = 'blindRelay';
  let head = '';
  let key: AccountKey | undefined;
  let receivedSize = 0;
  let bodyLeft = 0;
  let sentSize = 0;
  const tell = (to: AccountKey, ...events: ServerEvent[]): void => report({ ...to, server, events });
  const tellOfEnd = (to: AccountKey, event: ServerEvent): void =>
    report({ ...to, server, visit: `${number}.1`, events: [event] });

  const firstHead = (at: number): void => {
    key = keyOf(head, port);
    const [method = '', target = '', version = ''] = head.split('\r\n')[0]!.split(' ');
    bodyLeft = Number(/^content-length: *(\d{1,15})\s*$/im.exec(head)?.[1] ?? 0);
    tell(key, {
      type: 'accepted', server, connection: number, openConnections: open, peerPort: port, request: 1, at: acceptedAt,
    }, { type: 'head-parsed', startAt: acceptedAt, at, method, target, httpVersion: version.replace('HTTP/', '') });
  };

  return {
    /** Whether the relay passes a chunk of the client's on: those of the first request. */
    there(chunk: Buffer): boolean {
      const at = monotonicNow();
      if (key === undefined) {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return head.length < limits.head;
        const rest = head.length - end - 4;
        head = head.slice(0, end);
        firstHead(at);
        bodyLeft -= rest;
      } else if (bodyLeft > 0) {
        bodyLeft -= chunk.length;
      } else {
        tell(keyOf(chunk.toString('latin1'), port), {
          type: 'accepted', server, connection: number, openConnections: open, peerPort: port, request: 2, at,
        }, { type: 'ignored', at, size: chunk.length });
        return false;
      }
      sentSize += chunk.length;
      return true;
    },
    back(size: number): void {
      receivedSize += size;
    },
    end(): void {
      if (key) tellOfEnd(key, { type: 'tunnelled', startAt: acceptedAt, at: monotonicNow(), to, sentSize, receivedSize });
    },
  };
}

function keyOf(head: string, clientPort: number): AccountKey {
  return parseTraceParent(/^traceparent: *(\S+)\s*$/im.exec(head)?.[1]) ?? { clientPort };
}
