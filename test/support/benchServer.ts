// The other end of the benchmarks, in a process of its own: answers every request with a small body, or with
// as many bytes as `/bytes/N` asks for, in the clear, over TLS, and over HTTP/2. Prints its ports and the authority of its
// certificate, and ends with its standard input.
import { createServer as createHttp2Server } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { createAuthority } from './certificates.ts';

const small = '{"message":"hello"}';
const smallType = 'application/json';
const block = Buffer.alloc(256 * 1024, 'x');
const blockType = 'application/octet-stream';

/** How many bytes a path asks for; NaN: for the small answer. */
function sizeOf(path: string): number {
  return Number(/^\/bytes\/(\d+)$/.exec(path)?.[1] ?? Number.NaN);
}

/** What takes bytes, whatever is around them. */
interface Outlet {
  write(bytes: Buffer): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** `done` is called when all of them are handed down. */
function pour(size: number, outlet: Outlet, done: () => void): void {
  let left = size;
  const more = (): void => {
    while (left > 0) {
      const part = left < block.length ? block.subarray(0, left) : block;
      left -= part.length;
      if (!outlet.write(part)) return void outlet.once('drain', more);
    }
    done();
  };
  more();
}

/**
 * HTTP/1.1, for requests without content only. Node's own server takes longer for a request than the clients that are
 * compared here: they would wait for it, and all be as fast as it is.
 */
function talk(socket: Socket): void {
  let text = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
      const head = text.slice(0, end);
      text = text.slice(end + 4);
      answer(socket, head);
    }
  });
}

function answer(socket: Socket, head: string): void {
  const size = sizeOf(head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/')));
  const isLast = head.includes('onnection: close');
  const connection = isLast ? 'close' : 'keep-alive\r\nKeep-Alive: timeout=60';
  const common = `Date: ${dateNow()}\r\nConnection: ${connection}\r\n\r\n`;
  const finish = (): void => { if (isLast) socket.end(); };
  if (Number.isNaN(size)) {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${smallType}\r\ncontent-length: ${small.length}\r\n${common}${small}`, 'latin1');
    return finish();
  }
  socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${blockType}\r\ncontent-length: ${size}\r\n${common}`, 'latin1');
  pour(size, socket, finish);
}

let date = '';
let dateUntil = 0;

/** RFC 9110 §6.6.1: made anew with each second, as Node's server does. */
function dateNow(): string {
  const now = Date.now();
  if (now >= dateUntil) {
    date = new Date(now).toUTCString();
    dateUntil = now - now % 1000 + 1000;
  }
  return date;
}

function answerHttp2(request: Http2ServerRequest, response: Http2ServerResponse): void {
  const size = sizeOf(request.url);
  const isSmall = Number.isNaN(size);
  response.writeHead(200, {
    'content-type': isSmall ? smallType : blockType, 'content-length': isSmall ? small.length : size,
  });
  if (isSmall) response.end(small);
  else pour(size, response, () => response.end());
}

const authority = await createAuthority();
const { cert, key } = await authority.issue({ names: ['127.0.0.1'] });
const port = await listening(createServer(talk));
const securePort = await listening(createSecureServer({ cert, key, ALPNProtocols: ['http/1.1'] }, talk));
const http2Port = await listening(createHttp2Server(answerHttp2) as unknown as Server);
process.stdout.write(`${JSON.stringify({ port, securePort, http2Port, authority: authority.pem })}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
