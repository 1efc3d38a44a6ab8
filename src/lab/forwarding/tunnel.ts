import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { monotonicNow } from '../clock.ts';
import { endConnection } from '../http/connection.ts';
import type { ToldConnection } from '../http/connection.ts';
import type { ServerEvent } from '../messages.ts';

/** ms without a byte in either direction. */
const silence = 60_000;
const patience = 10_000;

/** Connects to a place of the lab; rejects when nobody listens there. */
export function dialOwn(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: patience, allowHalfOpen: true });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.once('error', fail);
    socket.once('timeout', () => fail(new Error('timeout')));
    socket.once('connect', () => {
      socket.off('error', fail);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/**
 * Lets bytes through, both ways, until both ends have closed; `done` hears how many, once. Where the client was not the
 * first to end it, `told` knows.
 */
export function joinSockets(
  client: Duplex, upstream: Socket, to: string, told: Pick<ToldConnection, 'ending'>,
  done: (event: Extract<ServerEvent, { type: 'tunnelled' }>) => void,
): void {
  const startAt = monotonicNow();
  let [sentSize, receivedSize, open] = [0, 0, 2];
  client.on('data', (chunk: Buffer) => { sentSize += chunk.length; });
  upstream.on('data', (chunk: Buffer) => { receivedSize += chunk.length; });
  let endAt = startAt;
  const touch = (): void => { endAt = monotonicNow(); };
  const cut = (): void => {
    touch();
    client.destroy();
    upstream.destroy();
  };
  for (const one of [client, upstream]) {
    one.on('end', touch);
    one.on('error', cut);
    one.on('close', () => {
      // Who has ended in good order, both ways, has said all: the other one may still have to read it.
      if (!one.readableEnded || !one.writableFinished) cut();
      open -= 1;
      if (open === 0) done({ type: 'tunnelled', startAt, at: endAt, to, sentSize, receivedSize });
    });
  }
  const endBehind = (): void => endConnection(told, { by: 'server', reason: 'behind' });
  upstream.on('end', endBehind).on('error', endBehind);
  upstream.setTimeout(silence, () => {
    endConnection(told, { by: 'server', reason: 'silent' });
    cut();
  });
  client.pipe(upstream);
  upstream.pipe(client);
}
