import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { LingeringSocket } from '../../src/lab/tls/lingering.ts';
import { createOpened } from '../support/sockets.ts';

describe('a socket of the lab that lingers', () => {
  const opened = createOpened();
  after(() => opened.close());

  const pair = async (): Promise<readonly [LingeringSocket, Socket]> => {
    const server = createServer({ allowHalfOpen: true });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect(await opened.serve(server), '127.0.0.1');
    return [new LingeringSocket((await accepted)[0]), client];
  };

  it('tells its end in the turn in which it is ended', async () => {
    const [socket, client] = await pair();
    client.resume();
    let hasEnded = false;
    socket.end(() => { hasEnded = true; });
    // Nothing is read or written by the system between these.
    for (let ticks = 0; ticks < 10; ticks += 1) await new Promise<void>((resolve) => { process.nextTick(resolve); });
    assert.equal(hasEnded, true);
    await once(client, 'end');
  });

  it('reads on after it was destroyed, so that what was written arrives', async () => {
    const [socket, client] = await pair();
    let received = '';
    client.on('data', (chunk) => { received += chunk.toString(); });
    socket.write('last words');
    // More than is ever read: TCP would reset a connection that is closed with some of it unread.
    client.write(Buffer.alloc(4 * 1024 * 1024));
    socket.destroy();
    await once(client, 'end');
    assert.equal(received, 'last words');
  });
});
