// The other end of the benchmarks, in a process of its own: answers every request with a small body, or with
// as many bytes as `/bytes/N` asks for, in the clear, over TLS, and over HTTP/2. Prints its ports and the authority of its
// certificate, and ends with its standard input.
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createAuthority } from './certificates.ts';

const small = Buffer.from('{"message":"hello"}');
const block = Buffer.alloc(256 * 1024, 'x');

const answer: RequestListener = (request, response) => {
  const size = Number(/^\/bytes\/(\d+)$/.exec(request.url ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(size)) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': small.length });
    response.end(small);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
  let left = size;
  const more = (): void => {
    while (left > 0) {
      const part = left < block.length ? block.subarray(0, left) : block;
      left -= part.length;
      if (!response.write(part)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
};

const authority = await createAuthority();
const { cert, key } = await authority.issue({ names: ['127.0.0.1'] });
const options = { keepAliveTimeout: 60_000 };
const port = await listening(createServer(options, answer));
const securePort = await listening(createSecureServer({ ...options, cert, key }, answer));
const http2Port = await listening(createHttp2Server(answer as never) as unknown as Server);
process.stdout.write(`${JSON.stringify({ port, securePort, http2Port, authority: authority.pem })}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
