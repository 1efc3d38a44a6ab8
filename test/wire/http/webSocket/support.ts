import { createHash } from 'node:crypto';
import http from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { ServerOptions, WebSocket } from 'ws';
import type { Exchange } from '../../../../src/trace/exchange.ts';
import type { RequestSpec } from '../../../../src/trace/request.ts';
import type { WebSocketStep } from '../../../../src/trace/webSocket.ts';
import { bytes, onHead, specOf } from '../support.ts';
import type { Bench } from '../support.ts';

/** A WebSocket that takes these steps; texts are sent as messages. */
export function opening(
  url: string, steps: readonly (WebSocketStep | string)[] = [], more: Partial<RequestSpec> = {},
): RequestSpec {
  return specOf(url, {
    ...more,
    webSocket: { steps: steps.map((step) => typeof step === 'string' ? { do: 'send', parts: [bytes(step)] } : step) },
  });
}

export const wait = { do: 'wait' } as const;
export const close = { do: 'close' } as const;

/** Each message on a line: which way, what, and its text or code. */
export function told({ webSocket }: Exchange): string[] {
  return webSocket!.messages.map(({ direction, kind, text, code, compressed }) =>
    `${direction === 'sent' ? '>' : '<'} ${kind}${compressed ? ' deflated' : ''}${text === undefined ? '' : ` ${text.slice(0, 40)}`}${code === undefined ? '' : ` ${code}`}`);
}

/** An independent server, `ws`, that talks so; its connections end with the bench. */
export async function serve(
  bench: Bench, talk: (socket: WebSocket, request: http.IncomingMessage) => void, options: ServerOptions = {},
): Promise<string> {
  const server = http.createServer((_, response) => response.writeHead(404).end('no page'));
  const sockets = new WebSocketServer({ server, ...options });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => undefined);
    talk(socket, request);
  });
  return `ws://127.0.0.1:${await bench.serve(server)}/chat`;
}

export function echo(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/** Answers a handshake as it should be, then sends these bytes and keeps what comes. */
export async function serveRaw(
  bench: Bench, after: Buffer | ((socket: Socket) => void), fields: readonly string[] = [], came: Buffer[] = [],
): Promise<string> {
  const port = await bench.raw((socket) => onHead(socket, (head) => {
    const key = /sec-websocket-key: (.+)/i.exec(head)![1]!.trim();
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const lines = [
      'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${accept}`, ...fields,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.on('data', (chunk) => came.push(chunk));
    if (typeof after === 'function') after(socket);
    else socket.write(after);
  }));
  return `ws://127.0.0.1:${port}/`;
}
