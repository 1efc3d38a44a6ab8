import type { Writable } from 'node:stream';
import type { FieldLine } from '../messages.ts';

/** Writes the head of a response that Node's own class would not write, as it is on the wire (RFC 9112 §4). */
export function writeHead(to: Writable, statusCode: number, reason: string, lines: readonly FieldLine[]): void {
  const fields = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  to.write(`HTTP/1.1 ${statusCode} ${reason}\r\n${fields}\r\n`, 'latin1');
}
