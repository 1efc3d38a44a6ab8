import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { monotonicNow } from '../clock.ts';
import { parseTraceParent } from '../http/traceContext.ts';
import { openAccount } from '../http/account.ts';
import type { Account } from '../http/account.ts';
import { endConnection } from '../http/connection.ts';
import { tellOfConnection } from '../http/telling.ts';
import type { AccountKey } from '../messages.ts';
import type { House, Part, RunningPart } from '../parts.ts';
import { openDoor } from './door.ts';
import type { Visitor } from './visit.ts';

/**
 * A relay from before HTTP/1.1: it passes the first request on byte for byte, `Connection: keep-alive` too, and takes
 * the end of the connection behind it for the end of the response. The server keeps that connection open, as it was
 * asked to; the client has its response and sends the next request on the same connection; and nobody reads it (RFC
 * 9112 §C.2.2 tells the story). In the end the server's patience closes everything.
 */
const server = 'blindRelay';

export const blindRelay: Part = { id: server, start: startBlindRelay };

const limits = { silence: 30_000, head: 65_536 } as const;

async function startBlindRelay(house: House, port: number): Promise<RunningPart> {
  const door = await openDoor(house, port, { server, scheme: 'http' }, (client, visitor) => {
    // Blind as it is, it leads nowhere but to the lab.
    if (!house.isOwn('lab.test', house.ports.http)) return void client.resetAndDestroy();
    client.setTimeout(limits.silence, () => {
      endConnection(visitor, { by: 'server', reason: 'silent' });
      client.destroy();
    });
    relayOne(client, house, visitor, () => door.connections());
  });
  return { ...door, origin: `http://lab.test:${door.port}` };
}

function relayOne(client: Socket, { ports, report }: House, visitor: Visitor, openConnections: () => number): void {
  const upstream = connect({ host: '127.0.0.1', port: ports.http });
  const watched = watch(`lab.test:${ports.http}`, visitor, openConnections, report);
  upstream.on('error', () => client.destroy());
  upstream.on('data', (chunk) => watched.back(chunk.length));
  upstream.pipe(client);
  upstream.on('close', () => {
    watched.end();
    endConnection(visitor, { by: 'server', reason: 'behind' });
    client.end();
  });
  client.on('close', () => upstream.destroy());
  client.on('data', (chunk) => {
    if (watched.there(chunk)) upstream.write(chunk);
  });
}

/** What the relay itself would not know: which bytes belong to which request. For the account only. */
function watch(to: string, visitor: Visitor, openConnections: () => number, report: House['report']) {
  const { acceptedAt } = visitor;
  let head = '';
  let first: Account | undefined;
  let receivedSize = 0;
  let bodyLeft = 0;
  let sentSize = 0;
  const openAt = (bytes: string, at: number): Account => {
    const account = openAccount(keyOf(bytes, visitor.peerPort), { server }, report);
    visitor.requests += 1;
    tellOfConnection(visitor, account, server, openConnections(), at);
    return account;
  };

  const firstHead = (at: number): void => {
    const [method = '', target = '', version = ''] = head.split('\r\n')[0]!.split(' ');
    bodyLeft = Number(/^content-length: *(\d{1,15})\s*$/im.exec(head)?.[1] ?? 0);
    first = openAt(head, at);
    const startAt = visitor.firstByteAt ?? acceptedAt;
    first.add({ type: 'head-parsed', startAt, at, method, target, httpVersion: version.replace('HTTP/', '') });
    first.close();
  };

  return {
    /** Whether the relay passes a chunk of the client's on: those of the first request. */
    there(chunk: Buffer): boolean {
      const at = monotonicNow();
      if (!first) {
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
        const account = openAt(chunk.toString('latin1'), at);
        account.add({ type: 'ignored', at, size: chunk.length });
        account.close();
        return false;
      }
      sentSize += chunk.length;
      return true;
    },
    back(size: number): void {
      receivedSize += size;
    },
    end(): void {
      first?.addLate({ type: 'tunnelled', startAt: acceptedAt, at: monotonicNow(), to, sentSize, receivedSize });
    },
  };
}

function keyOf(head: string, clientPort: number): AccountKey {
  return parseTraceParent(/^traceparent: *(\S+)\s*$/im.exec(head)?.[1]) ?? { clientPort };
}
