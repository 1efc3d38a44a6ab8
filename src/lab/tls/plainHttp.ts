import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isOwnHost } from '../http/ownNames.ts';
import { problemBytes } from '../http/unreadable.ts';

// HTTP in the clear where TLS is spoken. No record of TLS begins with a letter (RFC 8446 §5.1), so that it can be told
// from a mistake, and answered.

/** As much of the request as is told of. */
export type PlainRequest = Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'headers' | 'headersDistinct'>;

/** How long a client may take to notice the end, ms. */
const patience = 1000;
const maxHead = 65_536;

/** Reads the head at the start of `bytes`; `more` while it may become one, undefined when it is none. */
export function readPlainHead(bytes: Buffer): PlainRequest | 'more' | undefined {
  const text = bytes.toString('latin1', 0, maxHead);
  // RFC 9113 §3.4: HTTP/2 begins with a method, too, and would not read an answer of HTTP/1.1.
  if (!/^[A-Z]{1,20}(?: [!-~]|$)/.test(text) && !/^[A-Z]{1,20} $/.test(text)) return undefined;
  if (text.startsWith('PRI * ')) return undefined;
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return bytes.length < maxHead ? 'more' : undefined;
  const [line = '', ...fields] = text.slice(0, end).split('\r\n');
  const [, method, url, httpVersion = ''] = /^([A-Z]+) (\S+) HTTP\/(1\.[01])$/.exec(line) ?? [];
  if (method === undefined || url === undefined) return undefined;
  const all = (name: string): string[] => fields.flatMap((field) =>
    field.toLowerCase().startsWith(`${name}:`) ? [field.slice(name.length + 1).trim()] : []);
  const [host, via] = [all('host')[0], all('via')[0]];
  return {
    method, url, httpVersion, headersDistinct: { traceparent: all('traceparent') },
    headers: { ...(host === undefined ? {} : { host }), ...(via === undefined ? {} : { via }) },
  };
}

/** Answers that TLS is spoken here, and closes; gives the size of the answer's body, in bytes. */
export function refusePlain(socket: Socket, { method, headers: { host = '' } }: PlainRequest): number {
  const name = /^([\w.-]+)(?::\d+)?$/.exec(host)?.[1]?.toLowerCase() ?? '';
  const origin = `https://${isOwnHost(name) ? name : 'lab.test'}:${socket.localPort}`;
  const detail = `HTTP came in the clear, and this port speaks TLS: use ${origin}/ with https: in place of http:.`;
  const { head, body } = problemBytes(400, detail);
  socket.end(method === 'HEAD' ? head : Buffer.concat([Buffer.from(head, 'latin1'), body]));
  // Closed with bytes unread, TCP would reset the connection, and the answer could be lost (RFC 9112 §9.6).
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), patience).unref();
  socket.on('end', () => socket.destroy());
  socket.on('close', () => clearTimeout(timer));
  return method === 'HEAD' ? 0 : body.length;
}
