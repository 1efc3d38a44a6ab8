import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** What a handler gives to a client that asks for a WebSocket (RFC 6455 §4.2). */
export interface Conversation {
  /** The subprotocol, of those offered; undefined for none. */
  readonly choose: (offered: readonly string[]) => string | undefined;
  /** Called once it is open. */
  readonly begin: (socket: WebSocket, say: Say) => void;
}

/** Sends a message. */
export type Say = (content: Buffer | string, binary?: boolean) => void;

/** Told as a conversation goes. */
export interface Listener {
  onOpen(): void;
  /** `size`: bytes of the messages sent. */
  onClose(size: number): void;
}

/** Bytes of a message; a longer one is answered by closing with 1009 (RFC 6455 §7.4.1). */
const maxMessage = 1_048_576;

/**
 * Completes the handshake on a connection whose request has been read, and lets them talk; a wrong handshake gets 400.
 */
export async function converse(
  request: IncomingMessage, socket: Duplex, { choose, begin }: Conversation, listener: Listener,
): Promise<void> {
  // Only who talks needs it, and the lab is to be there quickly.
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({
    noServer: true, maxPayload: maxMessage, clientTracking: false, perMessageDeflate: true,
    handleProtocols: (offered) => choose([...offered]) ?? false,
  });
  if (socket.destroyed) return;
  server.handleUpgrade(request, socket, Buffer.alloc(0), (opened) => {
    let size = 0;
    opened.on('error', () => {});
    opened.on('close', () => listener.onClose(size));
    listener.onOpen();
    begin(opened, (content, binary = false) => {
      size += Buffer.byteLength(content);
      opened.send(content, { binary });
    });
  });
}
