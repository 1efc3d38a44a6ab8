// The other end of the benchmarks, in a process of its own: answers every request with a small body, or with
// as many bytes as `/bytes/N` asks for. Prints its port, and ends with its standard input.
import { createServer } from 'node:http';

const small = Buffer.from('{"message":"hello"}');
const block = Buffer.alloc(256 * 1024, 'x');

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
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
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
