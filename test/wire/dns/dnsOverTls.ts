import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';

// A name server over TLS (RFC 7858) that says what the test wants.

/** One that does not listen yet; `answer` says what is sent for each query. */
export function createDnsOverTls(
  keys: { readonly key: string; readonly cert: string }, answer: (query: Buffer, socket: TLSSocket) => void,
): Server {
  return createServer(keys, (socket) => {
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
        const end = received.readUInt16BE(0) + 2;
        answer(received.subarray(2, end), socket);
        received = received.subarray(end);
      }
    });
  });
}

/** A message with its length before it (RFC 1035 §4.2.2). */
export function prefixed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from([message.length >> 8, message.length & 0xff]), message]);
}
