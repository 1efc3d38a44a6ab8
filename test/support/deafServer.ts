// A server whose process stops for a while when it is told to: meanwhile nothing is accepted, and when its backlog is
// full the kernel drops SYNs. Answers HTTP otherwise. Ends when the channel closes.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((_request, response) => response.end('heard'));
const sleeper = new Int32Array(new SharedArrayBuffer(4));

server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  process.send!({ port: (server.address() as AddressInfo).port });
});
process.on('message', ({ deafFor }: { deafFor: number }) => {
  process.send!({ deaf: true }, undefined, undefined, () => Atomics.wait(sleeper, 0, 0, deafFor));
});
process.on('disconnect', () => process.exit(0));
