import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';
import { sameFields } from './sender.ts';
import type { Origin, Sender, Setting } from './sender.ts';

/** The floor: a request written, bytes looked at for the last ones. */
export function raw({ port, authority }: Origin, { scheme, fresh }: Setting): Sender {
  const fields = Object.entries(sameFields).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const connection = fresh ? 'close' : 'keep-alive';
  const text = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: ${connection}\r\n${fields}\r\n`;
  const idle: Socket[] = [];
  const secureContext = createSecureContext({ ca: authority });
  const open = async (): Promise<Socket> => {
    const to = { port, host: '127.0.0.1' };
    const socket = scheme === 'https' ? connectTls({ ...to, secureContext }) : connect({ ...to, noDelay: true });
    const event = scheme === 'https' ? 'secureConnect' : 'connect';
    await new Promise<void>((resolve, reject) => socket.once(event, resolve).once('error', reject));
    return socket;
  };
  return {
    async send() {
      const socket = idle.pop() ?? await open();
      await new Promise<void>((resolve, reject) => {
        const read = (chunk: Buffer): void => {
          if (!chunk.includes('"hello"}')) return;
          socket.off('data', read).off('error', reject);
          resolve();
        };
        socket.on('data', read).on('error', reject);
        socket.write(text);
      });
      if (fresh) socket.destroy();
      else idle.push(socket);
    },
    async close() {
      for (const socket of idle) socket.destroy();
    },
  };
}
