import { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Tap } from './tap.ts';

/**
 * RFC 9110 §7.8: an upgrade that is not wanted is ignored. Node knows the option from 24.9 on; before, it hands every
 * such request over, and has not read its body.
 */
export const upgradeOptions: object = {
  shouldUpgradeCallback: (request: IncomingMessage) =>
    request.headers.upgrade?.toLowerCase() === 'websocket' && !hasBody(request),
};

/** RFC 9112 §6.3: whether a request says that it has one. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Node has let go of the connection: a response is made for it, which ends it unless it goes over to another protocol. */
export function responseOn(socket: Duplex, request: IncomingMessage, head: Buffer): ServerResponse {
  if (head.length > 0) socket.unshift(head);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  socket.on('error', () => socket.destroy());
  response.assignSocket(socket as Socket);
  response.on('finish', () => (socket as Tap).destroySoon());
  return response;
}
