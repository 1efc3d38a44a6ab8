import type { Victim } from './fault.ts';

// Faults of HTTP/1.1: bytes that are written as they stand here, whatever Node thinks of them.

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';

/** More than a client should read of a head: 100 KiB. */
const hugeFields = Array.from({ length: 100 }, (_, number) => `X-Filler-${number}: ${'x'.repeat(1000)}\r\n`).join('');

/** More interim responses than any final one could need. */
export const interimCount = 200;

export const messages = {
  // RFC 9112 §8: complete is only what has as many bytes as were announced.
  'truncated': `${ok}Content-Length: 1000\r\n\r\n${'half. '.repeat(50)}`,
  'malformed': 'HTTP/1.1 2OO Fine\r\nthis is not a field line\r\n\r\n',
  'bad-chunk': `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnot-a-size\r\nworld\r\n0\r\n\r\n`,
  // RFC 9112 §6.3: the end of such a message cannot be known.
  'two-lengths': `${ok}Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello, `,
  // RFC 9112 §6.1: what one reader takes for the end of the message is not the end for another.
  'length-and-chunks': `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  // RFC 9110 §5.1, §5.5: no space in a name, no NUL in a value.
  'invalid-head': `${ok}Not a name: 1\r\nX-Nul: a\0b\r\nContent-Length: 5\r\n\r\nhello`,
  'huge-head': `${ok}${hugeFields}Content-Length: 5\r\n\r\nhello`,
  'interim-flood': `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(interimCount)}${ok}Content-Length: 5\r\n\r\nhello`,
} as const;

/** Writes the bytes past the HTTP server and ends the connection. */
export function writeMessage({ connection: { tap } }: Victim, message: string): void {
  tap?.write(Buffer.from(message, 'latin1'));
  tap?.destroySoon();
}
