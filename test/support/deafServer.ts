// A server with a short backlog, for a process that is stopped: meanwhile nothing is accepted, and when its backlog is
// full the kernel drops SYNs. Answers HTTP otherwise. Ends when the channel closes.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((_request, response) => response.end('heard'));

server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  process.send!({ port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit(0));
