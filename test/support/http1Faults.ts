import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

// Servers of HTTP/1.1 that do one thing wrong, by name. Each gets a connection whose request's head has come.

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const gzipped = gzipSync(Buffer.alloc(100_000, 'text '));

/** Answers with these octets (latin1) and leaves the connection open, or ends it in order. */
function says(text: string | Buffer, then: 'open' | 'end' | 'reset' = 'open'): (socket: Socket) => void {
  return (socket) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
    if (then === 'end') socket.end(bytes);
    // A reset overtakes what has not been read.
    else socket.write(bytes, () => then === 'reset' && setTimeout(() => socket.resetAndDestroy(), 30));
  };
}

/** A piece again and again, as fast as it is taken, until the connection is gone. */
function floods(start: string, piece: string): (socket: Socket) => void {
  return (socket) => {
    // Large pieces: a loop of small ones would keep this process, which is the client's too, from reading.
    const bytes = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)), 'latin1');
    const more = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.write(Buffer.from(start, 'latin1'));
    socket.on('drain', more);
    more();
  };
}

/** One byte at a time, every 20 ms, then nothing more (or from the start again). */
function drips(text: string, first = ''): (socket: Socket) => void {
  return (socket) => {
    socket.write(first);
    let at = 0;
    const timer = setInterval(() => {
      if (socket.destroyed) return clearInterval(timer);
      socket.write(text[at % text.length]!);
      at += 1;
    }, 20);
    socket.on('close', () => clearInterval(timer));
  };
}

function body(headers: string, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`${ok}${headers}Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
}

/** A gzip member of a gigabyte of zeroes would be a megabyte; this one is 64 MiB in 64 KiB. */
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));

export const http1Faults = {
  'reset before the head': (socket) => socket.resetAndDestroy(),
  'reset within the head': says('HTTP/1.1 200 OK\r\nX: ', 'reset'),
  'reset within the body': says(`${ok}Content-Length: 10\r\n\r\nhalf`, 'reset'),
  'end before the head': says('', 'end'),
  'end within the status line': says('HTTP/1.1 2', 'end'),
  'end within the head': says('HTTP/1.1 200 OK\r\nX: ', 'end'),
  'end within the body': says(`${ok}Content-Length: 10\r\n\r\nhalf`, 'end'),
  'end within a chunk': says(`${chunked}10\r\nhalf`, 'end'),
  'no last chunk': says(`${chunked}4\r\nhalf\r\n`, 'end'),
  'end within the trailers': says(`${chunked}4\r\nhalf\r\n0\r\nX: 1\r\n`, 'end'),
  'a chunk size that is none': says(`${chunked}zz\r\nhalf\r\n`),
  'a chunk size beyond 64 bits': says(`${chunked}fffffffffffffffff\r\nhalf\r\n`),
  'a negative chunk size': says(`${chunked}-4\r\nhalf\r\n`),
  'a chunk longer than it says': says(`${chunked}2\r\nhalf\r\n0\r\n\r\n`),
  'a chunk extension without end': floods(`${chunked}4;`, 'x'.repeat(65_536)),
  'trailers without end': floods(`${chunked}4\r\nhalf\r\n0\r\n`, `X: ${'x'.repeat(1_000)}\r\n`),
  'two lengths': says(`${ok}Content-Length: 4\r\nContent-Length: 5\r\n\r\nhalf!`),
  'a length and chunks': says(`${ok}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n\r\n`),
  'a length that is none': says(`${ok}Content-Length: ten\r\n\r\n`),
  'a negative length': says(`${ok}Content-Length: -1\r\n\r\n`),
  'a length beyond 64 bits': says(`${ok}Content-Length: 99999999999999999999\r\n\r\n`),
  'a NUL in a field': says(`${ok}X: a\0b\r\nContent-Length: 0\r\n\r\n`),
  'a carriage return in a field': says(`${ok}X: a\rb\r\nContent-Length: 0\r\n\r\n`),
  'a field without a name': says(`${ok}: b\r\nContent-Length: 0\r\n\r\n`),
  'a space before the colon': says(`${ok}X : b\r\nContent-Length: 0\r\n\r\n`),
  'a line without a colon': says(`${ok}what\r\nContent-Length: 0\r\n\r\n`),
  'a head without end': floods(ok, `X: ${'x'.repeat(1_000)}\r\n`),
  'one field without end': floods(`${ok}X: `, 'x'.repeat(10_000)),
  'a reason phrase without end': floods('HTTP/1.1 200 ', 'x'.repeat(10_000)),
  'too many fields': says(`${ok}${'A: 1\r\n'.repeat(257)}Content-Length: 0\r\n\r\n`),
  'a head in drips': drips('X: 1\r\n', ok),
  'nothing at all': () => undefined,
  'a body that stops': says(`${ok}Content-Length: 10\r\n\r\nhalf`),
  'a status line that is none': says('HELLO THERE\r\n\r\n'),
  'a status of two digits': says('HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n'),
  'a status of four digits': says('HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'),
  'a status below 100': says('HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'),
  'a status of letters': says('HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n'),
  'HTTP/0.9': says('<html>hello</html>', 'end'),
  'HTTP/3.0 in words': says('HTTP/3.0 200 OK\r\nContent-Length: 0\r\n\r\n'),
  'TLS in answer to HTTP': says(Buffer.from([0x15, 3, 1, 0, 2, 2, 70]), 'end'),
  'HTTP/2 in answer to HTTP/1.1': says(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), 'end'),
  'mail in answer to HTTP': says('220 mail.test ESMTP\r\n', 'end'),
  'interim responses without end': floods('', 'HTTP/1.1 102 Processing\r\n\r\n'),
  'an upgrade unasked': says('HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n'),
  'a fold before the first field': says(`${ok} X: one\r\nContent-Length: 2\r\n\r\nok`),
  'lines that end in LF only': says('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'),
  'the same length twice': says(`${ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`),
  'a gzip that is cut': says(body('Content-Encoding: gzip\r\n', gzipped.subarray(0, 60))),
  'a gzip that is none': says(body('Content-Encoding: gzip\r\n', 'plain text')),
  'a gzip with more behind it': says(body('Content-Encoding: gzip\r\n', Buffer.concat([gzipped, Buffer.from('more')]))),
  'a gzip with a wrong sum': says(body('Content-Encoding: gzip\r\n', Buffer.concat([gzipped.subarray(0, -8), Buffer.alloc(8, 1)]))),
  'a gzip bomb': says(body('Content-Encoding: gzip\r\n', bomb)),
  'six codings': says(body('Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\r\n', gzipped)),
} satisfies Record<string, (socket: Socket) => void>;

/** Odd, but to be taken (RFC 9110, RFC 9112): the response is whole. */
export const http1Oddities = {
  'octets that are no UTF-8': says(`${ok}X: \xe9\xff\r\nContent-Length: 2\r\n\r\nok`),
  'a folded field': says(`${ok}X: one\r\n two\r\nContent-Length: 2\r\n\r\nok`),
  'no reason phrase': says('HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'),
  'a body until the end': says(`${ok}\r\nok`, 'end'),
  'more than was said': says(`${ok}Content-Length: 2\r\n\r\nokHTTP/1.1 500 Not yours\r\n\r\n`),
  'a 204 with a body': says('HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok'),
  'a 304 with a length': says('HTTP/1.1 304 Not Modified\r\nContent-Length: 200\r\n\r\n'),
  'interim responses, some': says(`${'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(5)}${ok}Content-Length: 2\r\n\r\nok`),
  'a chunk extension': says(`${chunked}2;a=b\r\nok\r\n0\r\n\r\n`),
  'gzip as a transfer coding': says(Buffer.concat([Buffer.from(`${ok}Transfer-Encoding: gzip\r\n\r\n`), gzipSync('ok')]), 'end'),
  'HTTP/1.0': says('HTTP/1.0 200 OK\r\n\r\nok', 'end'),
  'an empty line before the head': says(`\r\n${ok}Content-Length: 2\r\n\r\nok`),
} satisfies Record<string, (socket: Socket) => void>;
